/* SPDX-License-Identifier: MIT */
/*
 * Tags are not sorted: a few MiB of them are looked through in about the time
 * that it takes to decode a part, and they come in the order of the parts.
 */
#include "engine/postings.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/crc32.h"
#include "base/hash.h"

/* Tags looked through between two questions whether to stop. */
#define ASK_FINGERPRINTS ((size_t)1 << 20)

/* ----------------------------------------------------------------- tags -- */

static bool reserve_fingerprints(struct ng_fingerprints *tags, size_t more)
{
  bool ok = NG_ARRAY_RESERVE(tags->tags, tags->capacity, tags->count + more);

  tags->failed |= !ok;
  return ok;
}

void ng_fingerprints_add(struct ng_fingerprints *tags, uint32_t tag)
{
  if (tags->count > tags->first && tags->tags[tags->count - 1] == tag)
    return;
  if (reserve_fingerprints(tags, 1))
    tags->tags[tags->count++] = tag;
}

void ng_fingerprints_free(struct ng_fingerprints *tags)
{
  free(tags->tags);
  *tags = (struct ng_fingerprints){.tags = NULL};
}

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
  ng_fingerprints_free(&postings->tags);
  free(postings->parts);
  free(postings);
}

uint64_t ng_postings_bytes(const struct ng_postings *postings)
{
  return sizeof *postings + postings->part_capacity * sizeof *postings->parts +
         postings->tags.capacity * sizeof *postings->tags.tags;
}

/* Past the limit, or already incomplete: nothing more is kept. */
static bool is_lost(struct ng_postings *postings)
{
  uint64_t bytes = sizeof *postings +
                   postings->part_count * sizeof *postings->parts +
                   postings->tags.count * sizeof *postings->tags.tags;

  postings->failed |= postings->tags.failed || bytes > postings->limit_bytes;
  return postings->failed;
}

/* The part before, if any, ends here. */
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
  postings->tags.first = postings->tags.count;
  if (!postings->failed)
    postings->parts[postings->part_count++] =
        (struct ng_part){.text = text,
                         .rows = rows,
                         .member = postings->member,
                         .member_text = postings->member_text,
                         .first_fingerprint = postings->tags.count};
}

void ng_postings_add(struct ng_postings *postings,
                     const struct ng_fingerprints *tags, uint32_t crc,
                     uint64_t size)
{
  postings->failed |= tags->failed;
  postings->crc = ng_crc32_combine(postings->crc, crc, size);
  if (tags->count == 0 || is_lost(postings) ||
      !reserve_fingerprints(&postings->tags, tags->count))
    return;
  memcpy(postings->tags.tags + postings->tags.count, tags->tags,
         tags->count * sizeof *tags->tags);
  postings->tags.count += tags->count;
}

void ng_postings_begin_member(struct ng_postings *postings, uint64_t text,
                              uint64_t member)
{
  postings->member = member;
  postings->member_text = text;
}

/* Give back what was taken in advance. */
static void trim(struct ng_postings *postings)
{
  size_t count = postings->tags.count;
  uint32_t *tags =
      count ? realloc(postings->tags.tags, count * sizeof *tags) : NULL;

  if (!tags)
    return;
  postings->tags.tags = tags;
  postings->tags.capacity = count;
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

/* Among those from `first` up to `end`. */
static bool has_fingerprint(const struct ng_fingerprints *tags, size_t first,
                            size_t end, uint32_t wanted)
{
  while (first < end && tags->tags[first] != wanted)
    first++;
  return first < end;
}

/* Whether part `i` has a word with one of these tags. */
static bool may_have(const struct ng_postings *postings, size_t i,
                     const struct ng_fingerprints *wanted)
{
  size_t first = postings->parts[i].first_fingerprint;
  size_t end = i + 1 < postings->part_count
                   ? postings->parts[i + 1].first_fingerprint
                   : postings->tags.count;

  for (size_t k = 0; k < wanted->count; k++)
    if (has_fingerprint(&postings->tags, first, end, wanted->tags[k]))
      return true;
  return false;
}

bool ng_postings_find(const struct ng_postings *postings,
                      const struct ngram_word *words, size_t word_count,
                      const struct ng_stop *stop, struct ng_part **parts,
                      size_t *part_count)
{
  size_t looked_at = 0;
  struct ng_fingerprints wanted = {.tags = NULL};
  bool ok;

  *part_count = 0;
  *parts = malloc((postings->part_count + 1) * sizeof **parts);
  for (size_t i = 0; i < word_count; i++)
    ng_fingerprints_add(&wanted, ng_hash_word(words[i].bytes, words[i].length));
  ok = *parts && !wanted.failed;
  for (size_t i = 0; ok && i < postings->part_count; i++) {
    size_t tags = postings->parts[i].first_fingerprint * wanted.count;

    if (tags - looked_at > ASK_FINGERPRINTS) {
      looked_at = tags;
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
