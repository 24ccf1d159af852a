/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that are opened in a process of somebody else. A host may have
 * closed 0, 1 or 2; the next open() would get that number, and whatever prints
 * or reads by it would then use our file.
 *
 * Threads: any number at once.
 */
#ifndef NG_BASE_DESCRIPTOR_H
#define NG_BASE_DESCRIPTOR_H

/*
 * What an open() has returned, moved behind the standard streams, and closed on
 * exec. To be put around every call that opens something. -1 for -1 and where
 * no descriptor is left, with errno set; the given one is closed then.
 */
int ng_descriptor_lift(int fd);

#endif
