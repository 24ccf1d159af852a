/* SPDX-License-Identifier: MIT */
/*
 * Reads a small file whole, for ngram_totals_read() (api/totals.c).
 *
 * One buffer of `limit` + 1 bytes takes the text. It never grows, and the last
 * byte shows that a text is too long. Its pages take no memory until they are
 * written to.
 *
 * The format is found first, then the decoder is chosen, as for a pass. Blocks
 * are read until the last one, or until the buffer is full. As soon as the last
 * block of a member is in the buffer, the member's CRC-32 and length are
 * verified. The reader and the directory of a zip archive live as long as the
 * read. At its end the file must not have changed.
 */
#include "api/small_file.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/cpu.h"
#include "base/crc32.h"
#include "fault/fail.h"
#include "inflate/zip.h"

static size_t room(const struct ng_small_file *file)
{
  return file->limit + 1;
}

/* Verify the members that end in a block, which was just added to the text. The
   member that is being read begins at *start of the text. */
static enum ngram_status check_members(const struct ng_small_file *file,
                                       const struct ng_gzip_block *block,
                                       size_t *start, struct ngram_error *error)
{
  size_t block_start = file->size - block->size;

  for (size_t i = 0; i < block->end_count; i++) {
    const struct ng_member_end *end = &block->ends[i];
    size_t size = block_start + end->text_end - *start;
    uint32_t crc = ng_crc32(0, file->text + *start, size);
    struct ng_gzip_fault fault;

    if (!ng_member_is_good(end, crc, size, &fault))
      return ng_fail_gzip(error, file->path, &fault);
    *start += size;
  }
  return NGRAM_OK;
}

static enum ngram_status read_blocks(struct ng_small_file *file,
                                     struct ng_reader *reader,
                                     struct ngram_error *error)
{
  struct ng_gzip_block block = {.last = false};
  enum ngram_status status = NGRAM_OK;
  size_t start = 0;

  while (status == NGRAM_OK && !block.last && file->size < room(file)) {
    ng_reader_read(reader, file->text + file->size, room(file) - file->size,
                   &block);
    file->size += block.size;
    status = check_members(file, &block, &start, error);
  }
  if (status == NGRAM_OK && block.fault.kind != NG_GZIP_OK)
    status = ng_fail_gzip(error, file->path, &block.fault);
  return status;
}

/* Choose the decoder that a pass would use: NGRAM_DECODER holds here too. */
static enum ngram_status choose_decoder(const struct ng_decoder **decoder,
                                        enum ng_format format,
                                        struct ngram_error *error)
{
  struct ngram_count_options options;
  struct ng_plan_facts facts = {
      .format = format,
      .is_tiny = true,
      .cpus = 1,
      .cpu_features = ng_cpu_features(),
      .decoder_override = getenv("NGRAM_DECODER"),
  };
  struct ng_plan plan;
  enum ngram_status status;

  ngram_count_options_init(&options);
  status = ng_plan_make(&plan, &options, &facts, error);
  *decoder = plan.decoder;
  return status;
}

static enum ngram_status find_format(struct ng_small_file *file,
                                     struct ngram_error *error)
{
  struct ng_gzip_block block;

  ng_source_keep(file->source);
  file->format = ng_reader_find_format(file->source, &block);
  ng_source_rewind(file->source);
  return block.fault.kind == NG_GZIP_OK
             ? NGRAM_OK
             : ng_fail_gzip(error, file->path, &block.fault);
}

static enum ngram_status read_text(struct ng_small_file *file,
                                   struct ngram_error *error)
{
  const struct ng_decoder *decoder;
  enum ngram_status status;
  struct ng_gzip_fault fault;
  struct ng_zip *zip = NULL;
  struct ng_reader *reader;

  status = find_format(file, error);
  if (status == NGRAM_OK)
    status = choose_decoder(&decoder, file->format, error);
  if (status != NGRAM_OK)
    return status;
  if (file->format == NG_ZIP) {
    zip = ng_zip_open(file->source, &file->budget, NULL, &fault);
    if (!zip)
      return ng_fail_gzip(error, file->path, &fault);
  }
  reader = ng_reader_open(file->source, decoder, zip, &file->budget);
  status = reader ? read_blocks(file, reader, error) : ng_fail_memory(error);
  ng_reader_close(reader);
  ng_zip_close(zip);
  return status;
}

enum ngram_status ng_small_file_read(struct ng_small_file *file,
                                     struct ngram_error *error)
{
  enum ngram_status status;

  ng_budget_init(&file->budget);
  file->text = ng_budget_take(&file->budget, room(file));
  if (!file->text)
    return ng_fail_memory(error);
  status = read_text(file, error);
  if ((status == NGRAM_OK || status == NGRAM_BAD_INPUT) &&
      ng_source_has_changed(file->source))
    return ng_fail_changed(error, file->path);
  if (status == NGRAM_OK && file->size > file->limit)
    return ng_fail(error, NGRAM_BAD_INPUT, "%s: more than %zu bytes of text",
                   file->path, file->limit);
  return status;
}

void ng_small_file_free(struct ng_small_file *file)
{
  ng_budget_give(&file->budget, file->text, room(file));
  file->text = NULL;
}
