/* SPDX-License-Identifier: MIT */
/*
 * Keeping our descriptors off the standard streams. A host may have closed 0, 1
 * or 2; the next open() would get that number, and code of the host that prints
 * or reads by it would then use our file.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_DESCRIPTOR_H
#define NG_BASE_DESCRIPTOR_H

/*
 * Put this around every call that returns a new descriptor. If fd is 0, 1 or 2,
 * it is closed and a duplicate with a higher number, close-on-exec, takes its
 * place. Returns the descriptor to use, or -1 with errno set if fd is -1 or if
 * no other descriptor is free.
 */
int ng_descriptor_lift(int fd);

#endif
