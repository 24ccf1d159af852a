/* SPDX-License-Identifier: MIT */
/*
 * Finds positions in the middle of a gzip file at which a block of DEFLATE, or
 * a member, could begin.
 *
 * Only blocks with dynamic codes are found, and not the last one of a member:
 * their headers are so long and redundant that hardly one position in 10^9
 * looks like one by chance. A member is found by its first bytes. Whether a
 * block truly begins there, the bytes alone cannot tell.
 *
 * Threads: a finder belongs to one thread at a time.
 */
#ifndef NG_INFLATE_BLOCK_FINDER_H
#define NG_INFLATE_BLOCK_FINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ng_block_finder;

/* Returns NULL if there is no memory. The caller frees the finder; NULL is
   allowed there. */
struct ng_block_finder *ng_block_finder_new(void);
void ng_block_finder_free(struct ng_block_finder *finder);

/* No header of a block takes more bytes than this. */
#define NG_BLOCK_HEADER_BYTES ((size_t)320)

/*
 * Find the first bit, from `from` to `to`, not included, of `bytes`, at which a
 * block or a member could begin. `size` counts all bytes there are, also those
 * after `to`: with NG_BLOCK_HEADER_BYTES of them each block is found. Returns
 * false if there is none.
 */
bool ng_block_finder_find(struct ng_block_finder *finder,
                          const unsigned char *bytes, size_t size, size_t from,
                          size_t to, size_t *found);

/* Whether a member could begin at the first of these bytes. */
bool ng_block_finder_is_member(const unsigned char *bytes, size_t size);

/* Whether a block could begin at this bit, by reading all of its header: the
   slow definition of what ng_block_finder_find() finds. */
bool ng_block_finder_is_block(struct ng_block_finder *finder,
                              const unsigned char *bytes, size_t size,
                              size_t bit);

#endif
