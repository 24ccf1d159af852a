/* SPDX-License-Identifier: MIT */
/* ngram_version() and ngram_debug(): what a bug report says about this binary
   and this machine. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cpu.h"
#include "base/crc32.h"
#include "inflate/decoder.h"
#include "ngram.h"
#include "ngram_build.h"
#include "text/case_folding.h"
#include "text/text_kernel.h"

const char *ngram_version(void)
{
  return NGRAM_VERSION_STRING;
}

/* A text that is cut to its buffer, as by snprintf(). */
struct text {
  char *start;   /* borrowed; NULL if `size` is 0 */
  size_t size;   /* of the buffer */
  size_t length; /* of the whole text, which may be more than `size` */
};

static void say(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct text *text, const char *format, ...)
{
  size_t used = text->length < text->size ? text->length : text->size;
  va_list arguments;
  int length;

  va_start(arguments, format);
  length = vsnprintf(used < text->size ? text->start + used : NULL,
                     text->size - used, format, arguments);
  va_end(arguments);
  if (length > 0)
    text->length += (size_t)length;
}

static void say_decoders(struct text *text)
{
  const struct ng_decoder *decoder;

  say(text, "decoders:");
  for (size_t i = 0; (decoder = ng_decoder_at(i)); i++)
    say(text, " %s%s", decoder->name,
        decoder->is_available() ? "" : " (not on this machine)");
#ifndef HAVE_ISAL
  say(text, " (built without isal)");
#endif
  if (getenv("NGRAM_DECODER"))
    say(text, "; NGRAM_DECODER=%s", getenv("NGRAM_DECODER"));
  say(text, "\n");
}

static void say_kernels(struct text *text)
{
  unsigned features = ng_cpu_features();
  const struct ng_text_kernel *kernel;

  say(text, "kernels:");
  for (size_t i = 0; (kernel = ng_text_kernel_at(i)); i++)
    say(text, " %s%s", kernel->name,
        (kernel->features & features) == kernel->features
            ? ""
            : " (not on this machine)");
  if (getenv("NGRAM_KERNEL"))
    say(text, "; NGRAM_KERNEL=%s", getenv("NGRAM_KERNEL"));
  say(text, "; crc32 %s\n", ng_crc32_kernel()->name);
}

size_t ngram_debug(char *buffer, size_t size)
{
  struct text text = {buffer, size, 0};

  say(&text, "version: %s\n", NGRAM_VERSION_STRING);
  say(&text, "commit: %s\n", NGRAM_COMMIT);
  say(&text, "build: %s\n", NGRAM_BUILD_FLAGS);
  say(&text, "cpus: %u\n", ng_cpu_count());
  say_decoders(&text);
  say_kernels(&text);
  say(&text, "unicode: %s\n", ng_case_folding_unicode());
  return text.length;
}
