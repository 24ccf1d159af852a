/* SPDX-License-Identifier: MIT */
/*
 * Delimiter kernels, and the count of newlines. scan/plan.c chooses a kernel
 * for a pass, and scanner.c calls it once for each tile of 16 KiB.
 *
 * A kernel turns a window of 64 bytes into a 64-bit mask with a bit for every
 * TAB or newline, and the mask into positions (Langdale and Lemire, "Parsing
 * gigabytes of JSON per second", 2019, section 3.2). Sixteen positions are
 * written without a test of how many there are: a row has four delimiters in
 * some 20 bytes, so a window has about 12, and a loop that ends at the right
 * one would be mispredicted at nearly every window. AVX-512 needs no loop: it
 * compresses the numbers 0 to 63 under the mask.
 *
 * The same windows give a second mask, of odd bytes: those that are neither a
 * digit nor a TAB. It is stored as it is, and the scanner tests the numbers of
 * a row by some bits of it. After the word of a plainly good row, only its end
 * is odd, and in the layout of 2020 also its two commas.
 *
 * All memory is the caller's.
 *
 * Refused: memchr from delimiter to delimiter (a call for every 5 bytes).
 */
#include "text/delimiters.h"

#include "base/hints.h"
#include "base/le.h"
#include "text/positions.h"

/* The masks of a window, bit i for its byte i. */
struct window {
  uint64_t tabs;
  uint64_t ends; /* newlines */
  uint64_t digits;
};

size_t ng_delimiters_find_scalar(const char *text, size_t size, uint32_t base,
                                 uint32_t *positions, unsigned char *odd)
{
  size_t count = 0;

  for (size_t at = 0; at < size; at += 64) {
    struct window window = {0, 0, 0};

    for (size_t i = at; i < at + 64 && i < size; i++) {
      uint64_t bit = (uint64_t)1 << (i - at);
      char byte = text[i];

      positions[count] = base + (uint32_t)i;
      count += byte == '\t' || byte == '\n';
      window.tabs |= byte == '\t' ? bit : 0;
      window.ends |= byte == '\n' ? bit : 0;
      window.digits |= byte >= '0' && byte <= '9' ? bit : 0;
    }
    ng_le_store64((char *)odd + at / 8, ~(window.tabs | window.digits));
  }
  return count;
}

#if defined(__x86_64__)
#include "text/delimiters_x86.h"
#elif defined(__aarch64__)
#include "text/delimiters_arm64.h"
#endif

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* Eight bytes at a time, a counter in each byte of `lanes`; `words` of them,
   at most 255, so that no lane overflows. */
static size_t count_in_words(const char *text, size_t words)
{
  uint64_t lanes = 0;
  uint64_t even;

  for (size_t i = 0; i < words; i++) {
    uint64_t x = ng_le_load64(text + 8 * i) ^ EACH_BYTE * '\n';

    /* The top bit of every byte of x that is 0. */
    x = ~(((x & EACH_BYTE * 0x7F) + EACH_BYTE * 0x7F) | x | EACH_BYTE * 0x7F);
    lanes += x >> 7;
  }
  even = (lanes & UINT64_C(0x00FF00FF00FF00FF)) +
         (lanes >> 8 & UINT64_C(0x00FF00FF00FF00FF));
  return (size_t)(even * UINT64_C(0x0001000100010001) >> 48);
}

size_t ng_delimiters_count_newlines(const char *text, size_t size)
{
  size_t count = 0;

  while (size >= 8) {
    size_t words = size / 8 < 255 ? size / 8 : 255;

    count += count_in_words(text, words);
    text += 8 * words;
    size -= 8 * words;
  }
  for (; size > 0; text++, size--)
    count += *text == '\n';
  return count;
}
