/* SPDX-License-Identifier: MIT */
#include "inflate/input.h"

#include <string.h>

#include "inflate/decoder.h"

/* Large enough that reading it costs nothing beside decoding it. */
#define INPUT_BYTES ((size_t)256 << 10)
#define BUFFER_BYTES (NG_INFLATE_PUT_BACK + INPUT_BYTES)

static unsigned char *start_of(const struct ng_input *input)
{
  return input->buffer + NG_INFLATE_PUT_BACK;
}

bool ng_input_init(struct ng_input *input, struct ng_source *source,
                   struct ng_budget *budget)
{
  *input = (struct ng_input){.source = source,
                             .budget = budget,
                             .buffer = ng_budget_take(budget, BUFFER_BYTES),
                             .limit = NG_INPUT_NO_LIMIT};
  if (input->buffer)
    input->in = start_of(input);
  return input->buffer != NULL;
}

void ng_input_free(struct ng_input *input)
{
  ng_budget_give(input->budget, input->buffer, BUFFER_BYTES);
}

bool ng_input_fail_at(struct ng_input *input, enum ng_gzip_fault_kind kind,
                      uint64_t offset, int system_error)
{
  input->fault = (struct ng_gzip_fault){kind, offset, system_error};
  return false;
}

void ng_input_jump(struct ng_input *input, uint64_t offset)
{
  uint64_t next = ng_input_offset(input);

  input->fault = (struct ng_gzip_fault){.kind = NG_GZIP_OK};
  if (offset >= next && offset <= input->file_end) {
    ng_input_skip(input, (size_t)(offset - next));
    return;
  }
  input->in = start_of(input);
  input->in_size = 0;
  input->file_end = offset;
}

/* Move the bytes that are left, and those that may be put back, to the start of
   the buffer, and read up to `room` bytes after them. Returns an errno. */
static int read_more(struct ng_input *input, size_t room)
{
  unsigned char *start = start_of(input);
  size_t got;
  int error;

  memmove(input->buffer, input->in - NG_INFLATE_PUT_BACK,
          NG_INFLATE_PUT_BACK + input->in_size);
  input->in = start;
  error = ng_source_read(input->source, start + input->in_size, room,
                         input->file_end, &got);
  input->in_size += got;
  input->file_end += got;
  return error;
}

bool ng_input_refill(struct ng_input *input)
{
  uint64_t left = input->limit - input->file_end;
  int error;

  if (input->in_size > 0)
    return true;
  if (left == 0)
    return false;
  error = read_more(input, left < INPUT_BYTES ? (size_t)left : INPUT_BYTES);
  if (error)
    return ng_input_fail_at(input, NG_GZIP_READ_FAILED, input->file_end, error);
  return input->in_size > 0;
}

bool ng_input_fill(struct ng_input *input)
{
  return read_more(input, INPUT_BYTES - input->in_size) == 0;
}
