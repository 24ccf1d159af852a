/* SPDX-License-Identifier: MIT */
/*
 * Where in the middle of a gzip file could a block of DEFLATE begin?
 *
 * Only blocks with codes of their own are looked for, and not a member's last
 * one: their headers are so long and so full of redundancy that hardly one
 * place in 10^9 only looks like one. And members, whose header is three known
 * bytes. Still, what is found is a guess.
 *
 * Threads: a finder belongs to one thread at a time.
 */
#ifndef NG_INFLATE_BLOCK_FINDER_H
#define NG_INFLATE_BLOCK_FINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ng_block_finder;

/* NULL: no memory. */
struct ng_block_finder *ng_block_finder_new(void);
/* NULL is allowed. */
void ng_block_finder_free(struct ng_block_finder *finder);

/* So many bytes behind a place tell whether a block begins there. */
#define NG_BLOCK_HEADER_BYTES ((size_t)320)

/*
 * Find the first place in bit `from` to `to`, not included, of `bytes`, at
 * which a block or a member could begin. `size` is all bytes there are, those
 * behind `to` included. False: there is none.
 */
bool ng_block_finder_find(struct ng_block_finder *finder,
                          const unsigned char *bytes, size_t size, size_t from,
                          size_t to, size_t *found);

/* Whether it is a member that could begin at this byte. */
bool ng_block_finder_is_member(const unsigned char *bytes, size_t size);

/* Whether it is a block that could begin at this bit: all of its header is
   read. What ng_block_finder_find() finds faster. */
bool ng_block_finder_is_block(struct ng_block_finder *finder,
                              const unsigned char *bytes, size_t size,
                              size_t bit);

#endif
