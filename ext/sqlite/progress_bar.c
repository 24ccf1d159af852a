/* SPDX-License-Identifier: MIT */
/*
 * The progress bar. A scan of ngram_counts or word_counts calls
 * ng_progress_bar_show() at each poll, in the thread that runs the query.
 *
 * The bar is drawn with printing characters, blanks and CR only, which every
 * terminal has: CR, the new line, blanks over the rest of the old line, CR. The
 * last column stays blank, because a terminal wraps there. If the line is too
 * long it loses the picture first, then the time left, then the speed.
 *
 * Writing to a terminal can block. One that is stopped (Ctrl-S) takes nothing,
 * and the thread would hang and not see interrupts; so the bar polls the
 * terminal first, and draws nothing if it is not ready. A process in the
 * background may be stopped for writing to a terminal, so it does not write.
 *
 * Refused: a thread that draws, which would outlive an error or have to be
 * joined; stdio, whose buffer belongs to the host.
 */
#include "sqlite/progress_bar.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A shorter scan shows nothing. */
#define QUIET_SECONDS 0.5
/* People read no faster. */
#define REDRAW_SECONDS 0.1
#define COLUMNS_DEFAULT 80
/* The picture: "[====    ] ". */
#define PICTURE_COLUMNS_MIN 8
#define PICTURE_COLUMNS_MAX 40

/* ----------------------------------------------------------------- text -- */

/* Append a piece, after two blanks if the line is not empty, unless it does not
   fit. Returns the new length. */
static size_t add_piece(char *line, size_t length, size_t columns,
                        const char *piece)
{
  size_t size = strlen(piece);
  size_t gap = length > 0 ? 2 : 0;

  if (length + gap + size > columns)
    return length;
  memset(line + length, ' ', gap);
  memcpy(line + length + gap, piece, size + 1);
  return length + gap + size;
}

/* Insert a picture of the share before the line, if there is room. */
static size_t add_picture(char *line, size_t length, size_t columns,
                          double share)
{
  size_t room = columns - length;
  size_t inside;
  size_t full;

  if (room < PICTURE_COLUMNS_MIN)
    return length;
  if (room > PICTURE_COLUMNS_MAX)
    room = PICTURE_COLUMNS_MAX;
  inside = room - 3; /* brackets, and a blank after them */
  full = (size_t)(share * (double)inside);
  memmove(line + room, line, length + 1);
  memset(line, ' ', room);
  memset(line + 1, '=', full);
  line[0] = '[';
  line[1 + inside] = ']';
  return length + room;
}

static double share_done(const struct ngram_progress *progress)
{
  double share = (double)progress->read_bytes / (double)progress->size_bytes;

  return share < 1 ? share : 1;
}

/* "0:07 left", "1:23:45 left", or empty if it is not known. */
static void format_left(char *text, size_t size,
                        const struct ngram_progress *progress)
{
  const double too_long = 360000; /* seconds: 100 hours */
  double share = share_done(progress);
  double left = share > 0 ? progress->seconds * (1 - share) / share : too_long;
  unsigned seconds;

  text[0] = '\0';
  if (!(left < too_long))
    return;
  seconds = (unsigned)(left + 0.5);
  if (seconds < 3600)
    snprintf(text, size, "%u:%02u left", seconds / 60, seconds % 60);
  else
    snprintf(text, size, "%u:%02u:%02u left", seconds / 3600, seconds / 60 % 60,
             seconds % 60);
}

/* A number with one or two decimals after a point, whatever the locale. */
static void format_number(char *piece, size_t size, double number,
                          unsigned decimals, const char *unit)
{
  uint64_t scale = decimals == 1 ? 10 : 100;
  uint64_t scaled = (uint64_t)(number * (double)scale + 0.5);

  snprintf(piece, size, "%" PRIu64 ".%0*" PRIu64 " %s", scaled / scale,
           (int)decimals, scaled % scale, unit);
}

size_t ng_progress_bar_format(char *line, const struct ngram_progress *progress,
                              size_t columns)
{
  double seconds = progress->seconds > 0 ? progress->seconds : 1;
  bool sized = progress->size_bytes > 0;
  char piece[64];
  size_t length;

  columns = columns > NG_PROGRESS_BAR_COLUMNS_MAX ? NG_PROGRESS_BAR_COLUMNS_MAX
                                                  : columns;
  columns = columns > 0 ? columns - 1 : 0;
  line[0] = '\0';
  if (sized)
    snprintf(piece, sizeof piece, "%3u %%",
             (unsigned)(100 * share_done(progress)));
  else
    format_number(piece, sizeof piece, (double)progress->read_bytes / 1e6, 1,
                  "MB");
  length = add_piece(line, 0, columns, piece);
  format_number(piece, sizeof piece,
                (double)progress->text_bytes / seconds / 1e9, 2, "GB/s");
  length = add_piece(line, length, columns, piece);
  if (!sized)
    return length;
  format_left(piece, sizeof piece, progress);
  if (piece[0])
    length = add_piece(line, length, columns, piece);
  return add_picture(line, length, columns, share_done(progress));
}

/* ------------------------------------------------------------- terminal -- */

static size_t terminal_columns(void)
{
  struct winsize size;

  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return COLUMNS_DEFAULT;
  return size.ws_col;
}

/* Whether a write to the terminal returns at once. */
static bool is_ready(void)
{
  struct pollfd terminal = {.fd = STDERR_FILENO, .events = POLLOUT};
  pid_t group = tcgetpgrp(STDERR_FILENO);

  return (group < 0 || group == getpgrp()) && poll(&terminal, 1, 0) == 1 &&
         terminal.revents == POLLOUT;
}

/* Replace the line on the terminal, which may have fewer columns than before.
   The terminal's cursor stays at the front, so that other output overwrites the
   line, and so does the "^C" of a terminal. */
static void draw(struct ng_progress_bar *bar, const char *line, size_t length,
                 size_t columns)
{
  char text[NG_PROGRESS_BAR_COLUMNS_MAX + 2];
  size_t size = 0;

  if (!is_ready())
    return;
  text[size++] = '\r';
  memcpy(text + size, line, length);
  size += length;
  while (size <= bar->drawn && size < columns)
    text[size++] = ' ';
  text[size++] = '\r';
  /* A line that was cut short is drawn again soon. */
  if (write(STDERR_FILENO, text, size) > 0)
    bar->drawn = length;
}

void ng_progress_bar_begin(struct ng_progress_bar *bar, bool wanted)
{
  *bar = (struct ng_progress_bar){.enabled = wanted && isatty(STDERR_FILENO)};
}

void ng_progress_bar_show(void *context, const struct ngram_progress *progress)
{
  struct ng_progress_bar *bar = context;
  char line[NG_PROGRESS_BAR_COLUMNS_MAX + 1];
  size_t columns;
  size_t length;

  if (!bar->enabled || progress->seconds < QUIET_SECONDS ||
      progress->seconds - bar->drawn_at < REDRAW_SECONDS)
    return;
  bar->drawn_at = progress->seconds;
  columns = terminal_columns();
  length = ng_progress_bar_format(line, progress, columns);
  draw(bar, line, length, columns);
}

void ng_progress_bar_end(struct ng_progress_bar *bar)
{
  if (bar->drawn > 0)
    draw(bar, "", 0, terminal_columns());
  bar->enabled = false;
}
