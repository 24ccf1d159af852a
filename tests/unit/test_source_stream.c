/* SPDX-License-Identifier: MIT */
/* Tests of sources that are read once, forward. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "source/source.h"
#include "unit/content.h"
#include "unit/files.h"
#include "unit/test.h"

/* --------------------------------------------------------------- streams -- */

/* Writes `content` to the stream, in pieces of any size, with pauses. */
struct writer {
  const char *path; /* of a FIFO; NULL: fd */
  int fd;
  pthread_t thread;
};

static void *write_slowly(void *memory)
{
  struct writer *writer = memory;
  size_t at = 0;
  size_t piece = 1;

  if (writer->path)
    writer->fd = open(writer->path, O_WRONLY);
  while (at < sizeof content) {
    size_t size = sizeof content - at < piece ? sizeof content - at : piece;
    ssize_t written = write(writer->fd, content + at, size);

    at += written > 0 ? (size_t)written : 0;
    piece = piece * 5 % 9973 + 1;
    if (piece % 3 == 0)
      test_sleep_ms(1);
  }
  close(writer->fd);
  return NULL;
}

/* Read the whole stream in pieces, as given: no piece is short but the last. */
static void check_stream(struct ng_source *source)
{
  static char got[CONTENT_BYTES + 1];
  size_t at = 0;

  CHECK(ng_source_is_forward_only(source));
  CHECK_EQ(ng_source_size(source), 0);
  for (;;) {
    size_t size = 1 + random_below(20000);
    size_t read_bytes;

    if (size > sizeof got - at)
      size = sizeof got - at;
    CHECK_EQ(ng_source_read(source, got + at, size, at, &read_bytes), 0);
    at += read_bytes;
    if (read_bytes < size)
      break;
  }
  CHECK_BYTES(got, at, content, sizeof content);
  CHECK(!ng_source_has_changed(source));
}

static void fifo_is_read_from_a_slow_writer(void)
{
  struct writer writer = {.path = file_make_fifo("fifo")};
  struct ng_source *source;

  fill_content();
  source = open_source(writer.path); /* does not wait for the writer */
  pthread_create(&writer.thread, NULL, write_slowly, &writer);
  check_stream(source);
  pthread_join(writer.thread, NULL);
  ng_source_close(source);
}

static void on_alarm(int number)
{
  (void)number;
}

/* A host's timer must not cut a read short. */
/* After a rewind the stream gives the bytes read before, then the rest. */
static void stream_can_be_rewound_once(void)
{
  struct writer writer = {.path = NULL};
  static char got[CONTENT_BYTES + 1];
  struct ng_source *source;
  size_t first;
  size_t size;

  fill_content();
  for (unsigned round = 0; round < 5; round++) {
    size_t peeked = random_below(sizeof content + 1);

    writer.path = file_make_fifo("rewound");
    source = open_source(writer.path);
    pthread_create(&writer.thread, NULL, write_slowly, &writer);
    ng_source_keep(source);
    for (size_t at = 0; at < peeked; at += size)
      CHECK_EQ(
          ng_source_read(source, got, 1 + random_below(peeked - at), at, &size),
          0);
    ng_source_rewind(source);
    CHECK_EQ(ng_source_bytes_read(source), 0);
    first = random_below(sizeof content);
    CHECK_EQ(ng_source_read(source, got, first, 0, &size), 0);
    CHECK_BYTES(got, size, content, first);
    CHECK_EQ(ng_source_read(source, got, sizeof got, first, &size), 0);
    CHECK_BYTES(got, size, content + first, sizeof content - first);
    CHECK_EQ(ng_source_bytes_read(source), sizeof content);
    ng_source_close(source);
    pthread_join(writer.thread, NULL);
  }
}

static void signals_do_not_disturb_a_read(void)
{
  struct sigaction action = {.sa_handler = on_alarm};
  struct itimerval timer = {{0, 700}, {0, 700}};
  struct itimerval off = {{0, 0}, {0, 0}};
  struct writer writer = {.path = file_make_fifo("fifo")};
  struct ng_source *source;
  struct sigaction before;
  sigset_t alarms;

  fill_content();
  source = open_source(writer.path);
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &alarms, NULL); /* for the writer */
  pthread_create(&writer.thread, NULL, write_slowly, &writer);
  pthread_sigmask(SIG_UNBLOCK, &alarms, NULL);
  sigaction(SIGALRM, &action, &before);
  setitimer(ITIMER_REAL, &timer, NULL);
  check_stream(source);
  setitimer(ITIMER_REAL, &off, NULL);
  sigaction(SIGALRM, &before, NULL);
  pthread_join(writer.thread, NULL);
  ng_source_close(source);
}

/* Run `check` with fd `input` as standard input, which stays open. */
static void with_stdin(int input, void (*check)(struct ng_source *source))
{
  int before = dup(STDIN_FILENO);
  struct ng_source *source;

  dup2(input, STDIN_FILENO);
  close(input);
  source = open_source("-");
  check(source);
  ng_source_close(source);
  CHECK(fcntl(STDIN_FILENO, F_GETFD) >= 0);
  dup2(before, STDIN_FILENO);
  close(before);
}

static void standard_input_is_a_stream(void)
{
  struct writer writer = {.path = NULL};
  int ends[2];

  fill_content();
  CHECK_EQ(pipe(ends), 0);
  writer.fd = ends[1];
  pthread_create(&writer.thread, NULL, write_slowly, &writer);
  with_stdin(ends[0], check_stream);
  pthread_join(writer.thread, NULL);
}

static void standard_input_may_be_a_file(void)
{
  fill_content();
  with_stdin(open(file_make("plain", content, sizeof content), O_RDONLY),
             check_stream);
}

static void check_empty(struct ng_source *source)
{
  size_t got = 1;
  char byte;

  CHECK(ng_source_is_forward_only(source));
  CHECK_EQ(ng_source_read(source, &byte, 1, 0, &got), 0);
  CHECK_EQ(got, 0);
}

static void device_is_a_stream(void)
{
  struct ng_source *source = open_source("/dev/null");

  check_empty(source);
  ng_source_close(source);
  with_stdin(open("/dev/null", O_RDONLY), check_empty);
}

/* ------------------------------------------------------------------ stop -- */

/* Says stop after so much time, and how it was asked. */
struct stopper {
  double stop_at;
  double last;
  double longest; /* between two questions */
  unsigned calls;
};

static bool stop_in_time(void *context)
{
  struct stopper *stopper = context;
  double now = test_seconds();

  if (now - stopper->last > stopper->longest)
    stopper->longest = now - stopper->last;
  stopper->last = now;
  stopper->calls++;
  return now >= stopper->stop_at;
}

/* The wait must end within 100 ms, as an interrupt must, and has asked every
   20 ms or so till then. True: it was quick enough. */
static bool try_stop(struct ng_source *source, uint64_t offset, size_t wanted)
{
  double began = test_seconds();
  struct stopper stopper = {.stop_at = began + 0.07, .last = began};
  const struct ng_stop stop = {stop_in_time, &stopper};
  char got[1000];
  size_t read_bytes;

  ng_source_stop_by(source, &stop);
  CHECK_EQ(ng_source_read(source, got, sizeof got, offset, &read_bytes),
           ECANCELED);
  CHECK_EQ(read_bytes, wanted);
  NOTE("%.0f ms after it, %u calls, %.0f ms apart",
       1000 * (test_seconds() - stopper.stop_at), stopper.calls,
       1000 * stopper.longest);
  ng_source_stop_by(source, NULL);
  return test_seconds() - stopper.stop_at < TEST_QUICK_SECONDS &&
         stopper.longest < TEST_QUICK_SECONDS && stopper.calls >= 3;
}

/* `wanted` bytes come before the silence. */
static void check_stop(struct ng_source *source, size_t wanted)
{
  bool quick = try_stop(source, 0, wanted);

  for (int i = 1; i < TEST_TRIES && !quick; i++)
    quick = try_stop(source, wanted, 0);
  CHECK(quick);
}

static void fifo_without_a_writer_is_given_up_in_100_ms(void)
{
  struct ng_source *source = open_source(file_make_fifo("fifo"));

  check_stop(source, 0);
  ng_source_close(source);
}

static void silent_fifo_is_given_up_in_100_ms(void)
{
  const char *path = file_make_fifo("fifo");
  struct ng_source *source = open_source(path);
  int fd = open(path, O_WRONLY);

  CHECK_EQ(write(fd, "some bytes", 10), 10);
  check_stop(source, 10);
  close(fd);
  ng_source_close(source);
}

static void check_silent_stdin(struct ng_source *source)
{
  check_stop(source, 0);
}

static void silent_standard_input_is_given_up_in_100_ms(void)
{
  int ends[2];

  CHECK_EQ(pipe(ends), 0);
  with_stdin(ends[0], check_silent_stdin);
  close(ends[1]);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(fifo_is_read_from_a_slow_writer),
      TEST(stream_can_be_rewound_once),
      TEST(signals_do_not_disturb_a_read),
      TEST(standard_input_is_a_stream),
      TEST(standard_input_may_be_a_file),
      TEST(device_is_a_stream),
      TEST(fifo_without_a_writer_is_given_up_in_100_ms),
      TEST(silent_fifo_is_given_up_in_100_ms),
      TEST(silent_standard_input_is_given_up_in_100_ms),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
