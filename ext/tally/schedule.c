/* SPDX-License-Identifier: MIT */
/*
 * One worker alone decodes and maps a file without a word to anybody, and two
 * workers on two files get twice as far. Together on one file they get less
 * far: what is decoded ahead is decoded at a higher price. But at the end of a
 * list workers stand idle, all the longer the larger the last files are.
 *
 * So each number of shared files is tried, and the one with the shortest time
 * is taken. The time of the others is that of the list schedule that the
 * workers follow: whoever is free takes the largest file that is left (R. L.
 * Graham, "Bounds on multiprocessing timing anomalies", 1969).
 */
#include "tally/schedule.h"

#include <stdlib.h>

/* What workers that share a file get done, of what each alone would: 0.76 with
   two on a gzip file (1.89 s by one, 1.24 s by two: bench/README.md). */
#define SHARED_EFFICIENCY 0.75
/* More shared files than this are not tried; of more files than that, the rest
   is taken to be as fine as sand. */
#define SHARED_MAX 64
#define SIMULATED_MAX 4096

/* Put the smallest load, which has grown, back to its place in the heap. */
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

/* When the last worker is done, if each takes a file after the other, `bytes`
   in all. */
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
