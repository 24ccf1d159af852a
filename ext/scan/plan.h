/* SPDX-License-Identifier: MIT */
/*
 * The plan of a scan: which way, how many workers, which decoder and kernel.
 * A pure function of what is asked and what is known.
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
  NG_STRATEGY_EXTENTS, /* workers read stretches of a plain file by themselves
                        */
  NG_STRATEGY_STREAM,  /* one worker at a time reads and decodes; all map */
  NG_STRATEGY_POINTS,  /* workers decode from one seek point to the next */
};

/* What is known before the scan. */
struct ng_plan_facts {
  enum ng_format format;
  bool forward_only;
  uint64_t file_bytes; /* 0: not known, or empty */
  bool is_tiny;        /* the bytes that tell the format are all there are */
  unsigned cpus;       /* that the process may use */
  bool has_points;     /* seek points of the file are known */
  bool gives_rows;     /* one by one, to the caller */
  unsigned cpu_features;
  const char *decoder_override; /* NGRAM_DECODER, NULL: none */
  const char *kernel_override;  /* NGRAM_KERNEL, NULL: none */
  const char *ahead_override;   /* NGRAM_AHEAD, NULL: none */
  const char *stretch_override; /* NGRAM_STRETCH, NULL: none */
};

struct ng_plan {
  enum ng_format format;
  enum ng_strategy strategy;
  unsigned workers;
  size_t block_bytes; /* of text, worked on at once */
  unsigned blocks;
  bool cuts_members; /* BGZF: the stream is cut, and workers decode the cuts */
  bool salvages;     /* a member's text is mapped only after those before it
                        were verified: by one worker, in order */
  bool speculates;   /* workers decode ahead of the stream, by guessing */
  bool refuses_speculation;         /* for tests: none is taken */
  size_t stretch_bytes;             /* of the file, for a guess */
  size_t point_bytes;               /* of text, for a seek point */
  const struct ng_decoder *decoder; /* NULL for plain text */
  const struct ng_text_kernel *kernel;
  enum ng_tokens tokens; /* of free text */
  uint64_t table_bytes;  /* that each worker's table may hold; 0: any */
};

/* How many workers a memory limit is enough for, of so many and at least one.
 */
unsigned ng_plan_afford(uint64_t memory_limit, unsigned workers);

/* A worker's share of a memory limit for its table; 0: there is no limit. */
uint64_t ng_plan_table_bytes(uint64_t memory_limit, unsigned workers);

/* NGRAM_BAD_ARGUMENT when a wish cannot be met. */
enum ngram_status ng_plan_make(struct ng_plan *plan,
                               const struct ngram_count_options *options,
                               const struct ng_plan_facts *facts,
                               struct ngram_error *error);

/* The parts of a plan that need no file: the best kernel or the one wished for,
   and the words of free text. */
enum ngram_status ng_plan_kernel(const struct ng_text_kernel **chosen,
                                 unsigned cpu_features, const char *wish,
                                 struct ngram_error *error);
enum ng_tokens ng_plan_tokens(enum ngram_tokenizer tokenizer);

/* "extents", "members", "points", "ahead", "serial": static. */
const char *ng_plan_strategy_name(const struct ng_plan *plan);

/* Whether decoding such a file can be taken up inside it, or guessed ahead:
   seek points of it are worth keeping. */
bool ng_plan_format_has_points(enum ng_format format);

enum ng_packing ng_plan_format_packing(enum ng_format format);

/* "plain", "gzip", "bgzf" or "zip", static. */
const char *ng_plan_format_name(enum ng_format format);

#endif
