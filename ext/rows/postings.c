/* SPDX-License-Identifier: MIT */
/*
 * The list of parts and their fingerprints.
 *
 * postings_sink.c appends to it in the order of the text while a pass reads the
 * file. ng_postings_find() compares the wanted fingerprints with all that are
 * there, part by part. They are not sorted: a few MiB of them are compared in
 * about the time that it takes to decode a part, and so the parts are found in
 * the order of the text.
 *
 * rows_file.c makes postings, lookups.c owns them after that, lookup.c searches
 * them.
 */
#include "rows/postings.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/crc32.h"
#include "base/hash.h"

/* Fingerprints compared between two questions whether to stop. */
#define ASK_FINGERPRINTS ((size_t)1 << 20)

/* ----------------------------------------------------------------- make -- */

struct ng_postings *ng_postings_new(uint64_t limit_bytes)
{
  struct ng_postings *postings = calloc(1, sizeof *postings);

  if (!postings)
    return NULL;
  postings->limit_bytes = limit_bytes;
  ng_postings_begin_part(postings, 0, 0);
  return postings;
}

void ng_postings_free(struct ng_postings *postings)
{
  if (!postings)
    return;
  ng_fingerprints_free(&postings->fingerprints);
  free(postings->parts);
  free(postings);
}

uint64_t ng_postings_bytes(const struct ng_postings *postings)
{
  return sizeof *postings + postings->part_capacity * sizeof *postings->parts +
         postings->fingerprints.capacity * sizeof *postings->fingerprints.array;
}

/* Whether the postings have failed, now also by passing their limit. Nothing is
   added then. */
static bool is_lost(struct ng_postings *postings)
{
  uint64_t bytes =
      sizeof *postings + postings->part_count * sizeof *postings->parts +
      postings->fingerprints.count * sizeof *postings->fingerprints.array;

  postings->failed |=
      postings->fingerprints.failed || bytes > postings->limit_bytes;
  return postings->failed;
}

/* End the last part, if there is one, after `text` bytes of text. */
static void end_part(struct ng_postings *postings, uint64_t text)
{
  struct ng_part *part;

  if (postings->part_count == 0)
    return;
  part = &postings->parts[postings->part_count - 1];
  part->size = text - part->text;
  part->crc = postings->crc;
  postings->crc = 0;
  postings->failed |= part->size > NG_PART_BYTES_MAX;
}

void ng_postings_add_text(struct ng_postings *postings, const char *text,
                          size_t size)
{
  postings->crc = ng_crc32(postings->crc, text, size);
}

void ng_postings_begin_part(struct ng_postings *postings, uint64_t text,
                            uint64_t rows)
{
  if (is_lost(postings))
    return;
  end_part(postings, text);
  postings->failed |= !NG_ARRAY_RESERVE(
      postings->parts, postings->part_capacity, postings->part_count + 1);
  postings->fingerprints.first = postings->fingerprints.count;
  if (!postings->failed)
    postings->parts[postings->part_count++] =
        (struct ng_part){.text = text,
                         .rows = rows,
                         .member = postings->member,
                         .member_text = postings->member_text,
                         .first_fingerprint = postings->fingerprints.count};
}

void ng_postings_add(struct ng_postings *postings,
                     const struct ng_fingerprints *fingerprints, uint32_t crc,
                     uint64_t size)
{
  postings->failed |= fingerprints->failed;
  postings->crc = ng_crc32_combine(postings->crc, crc, size);
  if (fingerprints->count == 0 || is_lost(postings) ||
      !ng_fingerprints_reserve(&postings->fingerprints, fingerprints->count))
    return;
  memcpy(postings->fingerprints.array + postings->fingerprints.count,
         fingerprints->array,
         fingerprints->count * sizeof *fingerprints->array);
  postings->fingerprints.count += fingerprints->count;
}

void ng_postings_begin_member(struct ng_postings *postings, uint64_t text,
                              uint64_t member)
{
  postings->member = member;
  postings->member_text = text;
}

/* Free the unused capacity of the fingerprints. */
static void trim(struct ng_postings *postings)
{
  size_t count = postings->fingerprints.count;
  uint32_t *fingerprints = count ? realloc(postings->fingerprints.array,
                                           count * sizeof *fingerprints)
                                 : NULL;

  if (!fingerprints)
    return;
  postings->fingerprints.array = fingerprints;
  postings->fingerprints.capacity = count;
}

bool ng_postings_end(struct ng_postings *postings, uint64_t text_bytes,
                     uint64_t rows, enum ng_layout layout)
{
  end_part(postings, text_bytes);
  postings->text_bytes = text_bytes;
  postings->rows = rows;
  postings->layout = layout;
  trim(postings);
  return !is_lost(postings);
}

/* ----------------------------------------------------------------- find -- */

/* Whether `wanted` is among the fingerprints with indexes [first, end). */
static bool has_fingerprint(const struct ng_fingerprints *fingerprints,
                            size_t first, size_t end, uint32_t wanted)
{
  while (first < end && fingerprints->array[first] != wanted)
    first++;
  return first < end;
}

/* Whether part `i` has one of the wanted fingerprints. */
static bool may_have(const struct ng_postings *postings, size_t i,
                     const struct ng_fingerprints *wanted)
{
  size_t first = postings->parts[i].first_fingerprint;
  size_t end = i + 1 < postings->part_count
                   ? postings->parts[i + 1].first_fingerprint
                   : postings->fingerprints.count;

  for (size_t k = 0; k < wanted->count; k++)
    if (has_fingerprint(&postings->fingerprints, first, end, wanted->array[k]))
      return true;
  return false;
}

bool ng_postings_find(const struct ng_postings *postings,
                      const struct ngram_word *words, size_t word_count,
                      const struct ng_stop *stop, struct ng_part **parts,
                      size_t *part_count)
{
  size_t looked_at = 0;
  struct ng_fingerprints wanted = {.array = NULL};
  bool ok;

  *part_count = 0;
  *parts = malloc((postings->part_count + 1) * sizeof **parts);
  for (size_t i = 0; i < word_count; i++)
    ng_fingerprints_add(&wanted, ng_hash_word(words[i].bytes, words[i].length));
  ok = *parts && !wanted.failed;
  for (size_t i = 0; ok && i < postings->part_count; i++) {
    size_t fingerprints = postings->parts[i].first_fingerprint * wanted.count;

    if (fingerprints - looked_at > ASK_FINGERPRINTS) {
      looked_at = fingerprints;
      ok = !ng_stop_asked(stop);
    }
    if (may_have(postings, i, &wanted))
      (*parts)[(*part_count)++] = postings->parts[i];
  }
  ng_fingerprints_free(&wanted);
  if (ok)
    return true;
  free(*parts);
  *parts = NULL;
  return false;
}
