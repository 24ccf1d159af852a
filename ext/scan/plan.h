/* SPDX-License-Identifier: MIT */
/*
 * The plan of a pass: its strategy, number of workers and blocks, decoder and
 * kernel. It is a pure function of the caller's options, the facts about file
 * and machine, and the environment overrides.
 *
 * Threads: any.
 */
#ifndef NG_SCAN_PLAN_H
#define NG_SCAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inflate/decoder.h"
#include "inflate/reader.h"
#include "ngram.h"
#include "text/foreign.h"
#include "text/text_kernel.h"
#include "text/tokenizer.h"

enum ng_strategy {
  NG_STRATEGY_EXTENTS, /* each worker reads extents of a plain file
                          (scan/map.h) */
  NG_STRATEGY_STREAM,  /* one worker at a time reads and decodes, all map
                          (scan/stream.h) */
  NG_STRATEGY_POINTS,  /* each worker decodes from one seek point to the next
                          (scan/points.h) */
};

/* What is known before the pass runs. */
struct ng_plan_facts {
  enum ng_format format;
  bool forward_only;     /* a pipe: bytes can be read once, in order */
  uint64_t file_bytes;   /* 0: not known, or empty */
  bool is_tiny;          /* the bytes that tell the format are the whole file */
  unsigned cpus;         /* that the process may use */
  bool has_points;       /* seek points of the file are known */
  bool gives_rows;       /* the sink keeps blocks, with their rows */
  unsigned cpu_features; /* as ng_cpu_features() */
  /* Environment overrides; NULL: not set. */
  const char *decoder_override; /* NGRAM_DECODER */
  const char *kernel_override;  /* NGRAM_KERNEL */
  const char *ahead_override;   /* NGRAM_AHEAD: on, off, refuse */
  const char *stretch_override; /* NGRAM_STRETCH: bytes */
};

struct ng_plan {
  enum ng_format format;
  enum ng_strategy strategy;
  unsigned workers;         /* at least 1 */
  size_t block_bytes;       /* of text in a block; also of an extent */
  unsigned blocks;          /* in the pool */
  bool cuts_members;        /* BGZF: members are cut off the stream undecoded,
                               and each worker decodes what it has cut */
  bool salvages;            /* damage ends the input without error: there is one
                               worker, and a block ends where a member does, so
                               nothing after a damaged member is mapped */
  bool speculates;          /* workers decode ahead of the front of the stream
                               (scan/speculation.h) */
  bool refuses_speculation; /* for tests: no speculative chunk is accepted */
  size_t stretch_bytes;     /* of the file, for a speculative chunk */
  size_t point_bytes;       /* of text, from one seek point to the next */
  const struct ng_decoder *decoder;    /* NULL for plain text */
  const struct ng_text_kernel *kernel; /* static */
  enum ng_tokens tokens;               /* NG_TOKENS_NONE: the text is rows */
  uint64_t table_bytes; /* that the table of each worker may hold; 0: any */
};

/* Returns how many of `workers` workers a memory limit in bytes is enough for,
   at least 1. A limit of 0 is none. */
unsigned ng_plan_afford(uint64_t memory_limit, unsigned workers);

/* Returns the bytes of a memory limit that are for the table of each worker; 0
   if there is no limit. */
uint64_t ng_plan_table_bytes(uint64_t memory_limit, unsigned workers);

/* Make a plan. Returns NGRAM_BAD_ARGUMENT if an override cannot be met. */
enum ngram_status ng_plan_make(struct ng_plan *plan,
                               const struct ngram_count_options *options,
                               const struct ng_plan_facts *facts,
                               struct ngram_error *error);

/* The parts of a plan that need no file. *chosen is the kernel that `override`
   names or, if it is NULL, the best one for the CPU features. */
enum ngram_status ng_plan_kernel(const struct ng_text_kernel **chosen,
                                 unsigned cpu_features, const char *override,
                                 struct ngram_error *error);
enum ng_tokens ng_plan_tokens(enum ngram_tokenizer tokenizer);

/* Returns the strategy as users see it: "extents", "members", "points", "ahead"
   or "serial". Static. */
const char *ng_plan_strategy_name(const struct ng_plan *plan);

/* Returns whether decoding of such a file can begin within it: seek points of
   it are kept, and it can be decoded speculatively. */
bool ng_plan_format_has_points(enum ng_format format);

enum ng_packing ng_plan_format_packing(enum ng_format format);

/* Returns "plain", "gzip", "bgzf" or "zip". Static. */
const char *ng_plan_format_name(enum ng_format format);

#endif
