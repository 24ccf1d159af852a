/* SPDX-License-Identifier: MIT */
/* Tests of the plan. */
#include <string.h>

#include "base/cpu.h"
#include "ngram.h"
#include "scan/plan.h"
#include "text/text_kernel.h"
#include "unit/test.h"

#define MIB ((uint64_t)1 << 20)

/* ------------------------------------------------------------------ plan -- */

static const struct plan_case {
  const char *name;
  enum ng_format format;
  bool forward_only;
  uint64_t file_bytes;
  unsigned threads;
  uint64_t chunk_size;
  enum ng_strategy strategy;
  unsigned workers;
} plan_cases[] = {
    {"plain", NG_PLAIN, false, 100 * MIB, 4, 0, NG_STRATEGY_EXTENTS, 4},
    {"plain, all CPUs", NG_PLAIN, false, 100 * MIB, 0, 0, NG_STRATEGY_EXTENTS,
     6},
    {"plain, one", NG_PLAIN, false, 100 * MIB, 1, 0, NG_STRATEGY_EXTENTS, 1},
    {"small plain", NG_PLAIN, false, 10000, 0, 0, NG_STRATEGY_EXTENTS, 1},
    {"plain MiB", NG_PLAIN, false, MIB, 1024, 0, NG_STRATEGY_EXTENTS, 3},
    {"plain in chunks", NG_PLAIN, false, 100 * MIB, 4, 9, NG_STRATEGY_STREAM,
     4},
    {"pipe", NG_PLAIN, true, 0, 4, 0, NG_STRATEGY_STREAM, 4},
    {"pipe, all CPUs", NG_PLAIN, true, 0, 0, 0, NG_STRATEGY_STREAM, 6},
    {"gzip", NG_GZIP, false, 100 * MIB, 4, 0, NG_STRATEGY_STREAM, 4},
    {"gzip pipe", NG_GZIP, true, 0, 3, 0, NG_STRATEGY_STREAM, 3},
    {"small gzip", NG_GZIP, false, 10000, 0, 0, NG_STRATEGY_STREAM, 1},
    {"bgzf", NG_BGZF, false, 100 * MIB, 4, 0, NG_STRATEGY_STREAM, 4},
    {"gzip, chunks", NG_GZIP, false, 100 * MIB, 2, 1, NG_STRATEGY_STREAM, 2},
};

static void plan_follows_the_facts(void)
{
  for (size_t i = 0; i < COUNT(plan_cases); i++) {
    const struct plan_case *c = &plan_cases[i];
    struct ng_plan_facts facts = {.format = c->format,
                                  .forward_only = c->forward_only,
                                  .file_bytes = c->file_bytes,
                                  .cpus = 6};
    struct ngram_count_options options;
    struct ng_plan plan;

    NOTE("%s", c->name);
    ngram_count_options_init(&options);
    options.threads = c->threads;
    options.chunk_size = c->chunk_size;
    CHECK_EQ(ng_plan_make(&plan, &options, &facts, NULL), NGRAM_OK);
    CHECK_EQ(plan.format, c->format);
    CHECK_EQ(plan.strategy, c->strategy);
    CHECK_EQ(plan.workers, c->workers);
    CHECK(plan.blocks >= plan.workers);
    CHECK(plan.block_bytes >= 4096);
    CHECK_EQ(plan.decoder == NULL, c->format == NG_PLAIN);
    CHECK_STR(plan.kernel->name, "scalar"); /* needs no CPU features */
  }
}

static void plan_takes_the_best_kernel_there_is(void)
{
  struct ng_plan_facts facts = {.cpus = 1};
  struct ngram_count_options options;
  const struct ng_text_kernel *kernel;
  const char *best = "scalar";
  struct ng_plan plan;

  ngram_count_options_init(&options);
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++) {
    facts.cpu_features |= kernel->features;
    best = kernel->name;
    CHECK_EQ(ng_plan_make(&plan, &options, &facts, NULL), NGRAM_OK);
    CHECK_STR(plan.kernel->name, best);
  }
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++) {
    facts.kernel_override = kernel->name;
    CHECK_EQ(ng_plan_make(&plan, &options, &facts, NULL), NGRAM_OK);
    CHECK_STR(plan.kernel->name, kernel->name);
  }
}

static void check_refusal(const struct ng_plan_facts *facts, const char *name,
                          const char *override)
{
  struct ngram_count_options options;
  struct ngram_error error;
  struct ng_plan plan;

  NOTE("%s=%s", name, override);
  ngram_count_options_init(&options);
  CHECK_EQ(ng_plan_make(&plan, &options, facts, &error), NGRAM_BAD_ARGUMENT);
  CHECK_EQ(error.status, NGRAM_BAD_ARGUMENT);
  CHECK_HAS(error.message, name);
  CHECK_HAS(error.message, override);
  CHECK_EQ(ng_plan_make(&plan, &options, facts, NULL), NGRAM_BAD_ARGUMENT);
}

static void plan_refuses_overrides_that_it_cannot_meet(void)
{
  static const char *const overrides[] = {"", "fast", "ZLIB", "zlib ",
                                          "scalar2"};
  const struct ng_text_kernel *kernel;

  for (size_t i = 0; i < COUNT(overrides); i++) {
    struct ng_plan_facts facts = {.format = NG_GZIP, .cpus = 1};

    facts.decoder_override = overrides[i];
    check_refusal(&facts, "NGRAM_DECODER", overrides[i]);
    facts.decoder_override = "zlib";
    facts.kernel_override = overrides[i];
    check_refusal(&facts, "NGRAM_KERNEL", overrides[i]);
  }
  for (size_t i = 1; (kernel = ng_text_kernel_at(i)); i++) {
    struct ng_plan_facts facts = {.kernel_override = kernel->name, .cpus = 1};

    facts.cpu_features = ~kernel->features;
    check_refusal(&facts, "NGRAM_KERNEL", kernel->name);
  }
}

static void formats_have_names(void)
{
  CHECK_STR(ng_plan_format_name(NG_PLAIN), "plain");
  CHECK_STR(ng_plan_format_name(NG_GZIP), "gzip");
  CHECK_STR(ng_plan_format_name(NG_BGZF), "bgzf");
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(plan_follows_the_facts),
      TEST(plan_takes_the_best_kernel_there_is),
      TEST(plan_refuses_overrides_that_it_cannot_meet),
      TEST(formats_have_names),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
