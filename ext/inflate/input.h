/* SPDX-License-Identifier: MIT */
/*
 * The packed bytes of a file, read through one buffer, and the fault that ends
 * the reading.
 *
 * Functions that return bool return false after a fault, which they keep in
 * `fault`, unless they say otherwise.
 *
 * Threads: an input belongs to one thread at a time.
 */
#ifndef NG_INFLATE_INPUT_H
#define NG_INFLATE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "inflate/member.h"
#include "source/source.h"

/* The limit of an input that has none. */
#define NG_INPUT_NO_LIMIT UINT64_MAX

struct ng_input {
  struct ng_source *source; /* borrowed */
  struct ng_budget *budget; /* borrowed */
  unsigned char *buffer;    /* owned; before `in` it holds NG_INFLATE_PUT_BACK
                               bytes that a decoder may put back */
  const unsigned char *in;  /* the next byte, in the buffer */
  size_t in_size;           /* bytes from there on */
  uint64_t file_end;        /* offset in the file of the end of these bytes */
  uint64_t limit; /* offset in the file at which the input ends, if not before;
                     the user sets it */
  struct ng_gzip_fault fault; /* the last one, or NG_GZIP_OK */
};

/* Begin at the start of `source`, without a limit. Returns false if there is no
   memory; ng_input_free() is allowed then, too. */
bool ng_input_init(struct ng_input *input, struct ng_source *source,
                   struct ng_budget *budget);
void ng_input_free(struct ng_input *input);

/* The offset in the file of the next byte. */
static inline uint64_t ng_input_offset(const struct ng_input *input)
{
  return input->file_end - input->in_size;
}

/* Skip `size` bytes, at most in_size. */
static inline void ng_input_skip(struct ng_input *input, size_t size)
{
  input->in += size;
  input->in_size -= size;
}

/* Go on at byte `offset` of the file; a fault is forgotten. The source is not
   forward-only, or the byte is in the buffer. */
void ng_input_jump(struct ng_input *input, uint64_t offset);

/* Read more if no byte is left. Returns false at the end of the file and at the
   limit, which are no fault, and after a fault. */
bool ng_input_refill(struct ng_input *input);

/* Fill the buffer although bytes are left; the input has no limit. Returns
   false if reading failed, which is no fault yet: ng_input_refill() meets it
   again when these bytes are used up. */
bool ng_input_fill(struct ng_input *input);

/* Keep a fault at byte `offset` of the file; returns false. */
bool ng_input_fail_at(struct ng_input *input, enum ng_gzip_fault_kind kind,
                      uint64_t offset, int system_error);

/* The same at the next byte. */
static inline bool ng_input_fail(struct ng_input *input,
                                 enum ng_gzip_fault_kind kind)
{
  return ng_input_fail_at(input, kind, ng_input_offset(input), 0);
}

#endif
