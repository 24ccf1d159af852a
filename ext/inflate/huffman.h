/* SPDX-License-Identifier: MIT */
/*
 * Decoding tables for the prefix codes of DEFLATE (RFC 1951, section 3.2).
 *
 * The next bits of the stream are the index into a table. An entry says how
 * many of them to drop and what they mean:
 *
 *   bits 0-7    bits to drop, those of the code and its extra bits together
 *   bits 8-12   bits of the code alone: the extra bits begin there
 *   bits 13-15  kind
 *   bits 16-31  a literal, the base of a length or distance, a symbol, or the
 *               index of a subtable
 *
 * Codes longer than the table's index go on in a subtable. The entry that
 * leads to it drops the bits of the index; its bits 8-12 are the number of bits
 * that index the subtable.
 */
#ifndef NG_INFLATE_HUFFMAN_H
#define NG_INFLATE_HUFFMAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NG_CODE_BITS_MAX 15

/* Bits of the index. Measured: 9 and 12 are slower on one large member; 11 are
   as fast there, but slower on BGZF, where a table serves for 64 KiB of text.
   */
#define NG_LITERAL_BITS 10
#define NG_DISTANCE_BITS 8
#define NG_PRECODE_BITS 7

/*
 * Room for any code. A subtable of 2^k entries holds a complete code with one
 * of k bits, so at least k + 1 symbols: 288 symbols make at most 48 subtables
 * of 2^5 entries, and 32 symbols 4 of 2^7. None is larger.
 */
#define NG_LITERAL_ENTRIES ((1 << NG_LITERAL_BITS) + 48 * 32)
#define NG_DISTANCE_ENTRIES ((1 << NG_DISTANCE_BITS) + 4 * 128)
#define NG_PRECODE_ENTRIES (1 << NG_PRECODE_BITS)

enum ng_huffman_kind {
  NG_HUFFMAN_LITERAL = 0 << 13, /* or a symbol of the precode */
  NG_HUFFMAN_BASE = 1 << 13,
  NG_HUFFMAN_SUBTABLE = 2 << 13,
  NG_HUFFMAN_END = 3 << 13, /* of the block */
  NG_HUFFMAN_INVALID = 4 << 13,
};

#define NG_HUFFMAN_KIND(entry) ((entry) & (7u << 13))
#define NG_HUFFMAN_DROP(entry) ((entry)&255)
#define NG_HUFFMAN_CODE_BITS(entry) ((entry) >> 8 & 31)
#define NG_HUFFMAN_VALUE(entry) ((entry) >> 16)

/*
 * An entry of a packed table stands for up to three literals and the length
 * after them, as far as their codes fit the index. Its lower half is an entry
 * as above, of the last symbol, but its numbers of bits are those of all
 * symbols together; a subtable, an end or an invalid code stands alone. The
 * upper half has the literals, the first one lowest, and their number in its
 * highest byte.
 */
#define NG_PACKED_ENTRIES (1 << NG_LITERAL_BITS)
#define NG_PACKED_LITERALS(entry) ((uint32_t)((entry) >> 32))
#define NG_PACKED_LITERAL_COUNT(entry) ((entry) >> 56)

/*
 * Build a table; lengths[i] is the number of bits of symbol i's code, 0 if it
 * has none. Returns false if these are no prefix code, or an incomplete one. As
 * in zlib two incomplete ones are allowed: no code at all, and, of literals and
 * distances, a single code of one bit.
 */
bool ng_huffman_literals(uint32_t table[NG_LITERAL_ENTRIES],
                         uint64_t packed[NG_PACKED_ENTRIES],
                         const unsigned char *lengths, size_t symbols);
bool ng_huffman_distances(uint32_t table[NG_DISTANCE_ENTRIES],
                          const unsigned char *lengths, size_t symbols);
bool ng_huffman_precode(uint32_t table[NG_PRECODE_ENTRIES],
                        const unsigned char *lengths, size_t symbols);

#endif
