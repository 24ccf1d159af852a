/* SPDX-License-Identifier: MIT */
/*
 * A worker with a file of its own shares nothing, so two workers read two files
 * in the time of one. Two workers that share a file are slower, because
 * speculative decoding costs more than decoding in order. But when each worker
 * has a file of its own, workers stand idle at the end of the list, and the
 * larger the last files are, the longer.
 *
 * So ng_schedule_shared() computes the total time for each number of shared
 * files and returns the number with the shortest. The shared files come first.
 * The others follow a list schedule: a worker that is free takes the largest
 * file that is left (R. L. Graham, "Bounds on multiprocessing timing
 * anomalies", 1969). Time is measured in bytes that one worker reads.
 *
 * Called once by count_files.c, before the first file is read.
 */
#include "tally/schedule.h"

#include <stdlib.h>

/* Speed of a worker that shares a file, relative to one that has a file of its
   own: 0.76 with two workers on a gzip file (1.89 s by one, 1.24 s by two:
   bench/README.md). */
#define SHARED_EFFICIENCY 0.75
/* The largest number of shared files that is tried. */
#define SHARED_MAX 64
/* Files whose schedule is simulated. The rest, which are smaller, are taken to
   divide evenly among the workers. */
#define SIMULATED_MAX 4096

/* `loads` is a heap with the smallest load first, and that load has grown:
   restore the heap. */
static void sift_down(double *loads, unsigned count)
{
  unsigned at = 0;

  for (;;) {
    unsigned child = 2 * at + 1;
    double load = loads[at];

    if (child >= count)
      return;
    if (child + 1 < count && loads[child + 1] < loads[child])
      child++;
    if (loads[child] >= load)
      return;
    loads[at] = loads[child];
    loads[child] = load;
    at = child;
  }
}

/* Returns the time at which the last worker ends if each file, `bytes` in all,
   is read by one worker. `loads` is working space for `workers` numbers. */
static double list_seconds(const uint64_t *sizes, size_t count, uint64_t bytes,
                           double *loads, unsigned workers)
{
  double share = (double)bytes / workers;
  size_t simulated = count < SIMULATED_MAX ? count : SIMULATED_MAX;
  double last = 0;

  for (unsigned i = 0; i < workers; i++)
    loads[i] = 0;
  for (size_t i = 0; i < simulated; i++) {
    loads[0] += (double)sizes[i];
    if (loads[0] > last)
      last = loads[0];
    sift_down(loads, workers);
  }
  return share > last ? share : last;
}

size_t ng_schedule_shared(const uint64_t *sizes, size_t count, unsigned workers)
{
  size_t most = count < SHARED_MAX ? count : SHARED_MAX;
  double *loads = malloc(workers * sizeof *loads);
  double shared_seconds = 0;
  double best_seconds;
  uint64_t left = 0; /* bytes that are not shared */
  size_t best = 0;

  if (!loads)
    return 0;
  for (size_t i = 0; i < count; i++)
    left += sizes[i];
  best_seconds = list_seconds(sizes, count, left, loads, workers);
  for (size_t shared = 1; shared <= most; shared++) {
    double seconds;

    left -= sizes[shared - 1];
    shared_seconds += (double)sizes[shared - 1] / (workers * SHARED_EFFICIENCY);
    seconds = shared_seconds + list_seconds(sizes + shared, count - shared,
                                            left, loads, workers);
    if (seconds < best_seconds) {
      best_seconds = seconds;
      best = shared;
    }
  }
  free(loads);
  return best;
}
