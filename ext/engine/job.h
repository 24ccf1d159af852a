/* SPDX-License-Identifier: MIT */
/*
 * One count, from a path to a result, or one reading of all rows: what its
 * workers share.
 *
 * Invariants:
 *   - No thread outlives the job that made it.
 *   - No result exists before every byte was read and every member's CRC-32
 *     and length agree.
 *   - The result is the same for every number of workers, chunk size, way,
 *     decoder and kernel.
 *   - The error reported is the one at the earliest offset, on any schedule.
 *   - Memory held: the tables, each within its share of a limit, one block for
 * each place in the pool, with its rows where they are wanted, some 4 MiB for
 * each slot of a guess, at most 32, what the fold waits for, and one line that
 * it joins.
 *   - At most one lock is held at a time. Every loop over input looks at the
 *     stop flag once a block.
 */
#ifndef NG_ENGINE_JOB_H
#define NG_ENGINE_JOB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/budget.h"
#include "base/poll.h"
#include "count/hot_words.h"
#include "count/reduce.h"
#include "count/table.h"
#include "count/word_set.h"
#include "engine/block.h"
#include "engine/feed.h"
#include "engine/fold.h"
#include "engine/plan.h"
#include "engine/stream.h"
#include "inflate/bgzf.h"
#include "inflate/guess.h"
#include "inflate/reader.h"
#include "inflate/seek_points.h"
#include "inflate/zip.h"
#include "ngram.h"
#include "source/source.h"
#include "text/scanner.h"

struct ng_job;

/* What the jobs of one count share, one job for each file. */
struct ng_count {
  const struct ngram_count_options *options; /* borrowed */
  struct ng_budget *budget;                  /* borrowed */
  struct ng_word_set words;                  /* slots NULL: all words */
  uint64_t total_bytes;                      /* of many files; 0: it is one */
  _Atomic uint64_t done_bytes;               /* of those that were counted */
  _Atomic uint64_t part_bytes; /* of files that one worker is at */
  _Atomic uint64_t text_bytes; /* that were mapped */
  bool stays; /* relative paths begin where the process was: at */
  int folder; /* owned */
  double began;
  struct ng_poll poll;  /* of the thread that called, between two files: none of
                           many small ones takes long enough to be due */
  struct ng_feed *feed; /* borrowed: rows are wanted one by one; NULL: they are
                           counted */
};

/* A run on its way to the table: its slot is being fetched. */
struct ng_pending_run {
  struct ng_word_group run;
  uint32_t tag;
};

#define NG_PENDING_RUNS 16

/* Asks which rows are wanted by their word, where they are wanted one by one.
 */
struct ng_word_filter {
  const struct ng_job *job;
  struct ng_tags *tags; /* not NULL: none are, and their words go here */
};

/* A map worker. All but `job` is its own until it has ended. */
struct ng_worker {
  struct ng_job *job;
  struct ng_table table;
  struct ng_hot_words hot; /* in front of it, for free text */
  struct ng_pending_run pending[NG_PENDING_RUNS]; /* a ring */
  unsigned pending_first;
  unsigned pending_count;
  struct ng_scanner scanner;
  struct ng_scanner seam_scanner; /* for the fold; shares its positions */
  struct ng_word_filter filter;
  struct ng_word_filter seam_filter;
  struct ng_bgzf bgzf;       /* what it decodes by itself */
  struct ng_guesser guesser; /* what it decodes ahead with */
  double decode_seconds;
  double map_seconds;
};

struct ng_job {
  /* Set before the workers start, and only read by them. */
  const char *path; /* as the caller has it */
  char *full_path;  /* owned; as the index knows it */
  const struct ngram_count_options *options;
  struct ng_plan plan;
  struct ng_source *source;
  enum ng_layout layout;
  struct ng_count *count; /* borrowed */
  struct ng_feed *feed;   /* that of the count */
  bool maps_only;         /* the tables are reduced by another job */
  bool in_caller;         /* no thread is there: the caller works and polls */
  struct ng_stop stopper; /* asks ng_job_must_stop(), for lower rooms */
  bool wide;              /* tables keep more than totals */
  enum ng_format format;
  bool is_tiny;       /* the bytes that tell the format are all of the file */
  struct ng_zip *zip; /* owned; NULL: the file is none */
  const struct ng_seek_points *points; /* borrowed; NULL: none are used */
  struct ng_seek_points taken;         /* out of the index, to be put back */
  uint64_t *stretch_numbers; /* of the first block behind each point */

  /* Shared, each with its own rule. */
  struct ng_budget *budget;
  atomic_bool stop; /* set once, by anyone */
  struct ng_fold fold;
  struct ng_stream stream;
  _Atomic uint64_t next_extent;  /* or stretch, to be drawn */
  _Atomic uint64_t points_bytes; /* of the file, in stretches that are done */

  /* Guarded by `lock`. */
  pthread_mutex_t lock;
  pthread_cond_t changed;   /* a worker has arrived or ended */
  enum ngram_status status; /* of the first failure that has no place in the
                               file: memory, interrupt */
  unsigned arrived;         /* workers that have nothing left to map */
  unsigned ended;
  bool reducing; /* `reduce` is ready */

  struct ng_reduce reduce;
  struct ng_worker *workers;
  struct ng_table **tables; /* those of the workers */
  unsigned worker_count;    /* that were started */
  struct ng_poll poll;
  uint64_t noted_bytes; /* of the file, in count->part_bytes; one worker */
  double reduce_started;
};

/* The job fails for a reason that has no place in the file; the first one
   counts. Stops all workers. */
void ng_job_fail(struct ng_job *job, enum ngram_status status);

/* Stop all workers; why is known elsewhere. */
void ng_job_stop(struct ng_job *job);

/* Whether to stop. In a job that runs in the caller, also polls the host. */
bool ng_job_must_stop(struct ng_job *job);

/* Whether to stop, or, in a job that runs in the caller, to come back to it,
   for there are rows to be taken. */
bool ng_job_must_pause(struct ng_job *job);

/* Ready job->stopper and job->poll. */
void ng_job_init_stops(struct ng_job *job);

/* A block of so much text is mapped. */
void ng_job_note(struct ng_job *job, size_t text_bytes);

/* What the count's poll asks: tell the host how far it is, and whether to stop.
   The context is the count. */
int ng_count_ask(void *count);

/* Tell the host how far the job is and ask whether to stop, unless that was
   done just now. To be called in the calling thread only. */
void ng_job_poll(struct ng_job *job);

#endif
