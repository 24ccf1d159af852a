/* SPDX-License-Identifier: MIT */
/*
 * measure.c - run a command and say what it cost.
 *
 *     ngram_measure REPORT COMMAND [ARGUMENT...]
 *
 * writes one line to the file REPORT: wall seconds, user seconds, system
 * seconds, peak resident bytes of the largest process, and exit status.
 *
 * A small program of its own because Linux counts the memory of the process
 * that forks against the one it becomes: started from Python, nothing would
 * ever seem to take less than Python does.
 */
#define _XOPEN_SOURCE 700
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE
#endif
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__APPLE__)
#define RSS_UNIT_BYTES 1
#else
#define RSS_UNIT_BYTES 1024
#endif

static double seconds_now(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds_of(struct timeval time)
{
  return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* As a shell says it: 128 and the signal for a process that was killed. */
static int exit_status(int wait_status)
{
  if (WIFSIGNALED(wait_status))
    return 128 + WTERMSIG(wait_status);
  return WEXITSTATUS(wait_status);
}

static int write_report(const char *path, double wall, int status)
{
  struct rusage usage; /* of the command and all that it waited for */
  FILE *file = fopen(path, "w");

  if (!file || getrusage(RUSAGE_CHILDREN, &usage) != 0) {
    perror(path);
    return 1;
  }
  fprintf(file, "%.6f %.6f %.6f %.0f %d\n", wall, seconds_of(usage.ru_utime),
          seconds_of(usage.ru_stime), (double)usage.ru_maxrss * RSS_UNIT_BYTES,
          status);
  return fclose(file) != 0;
}

int main(int argc, char **argv)
{
  double start;
  pid_t child;
  int status;

  if (argc < 3) {
    fprintf(stderr, "usage: ngram_measure REPORT COMMAND [ARGUMENT...]\n");
    return 2;
  }
  start = seconds_now();
  child = fork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    _exit(127);
  }
  if (child < 0 || waitpid(child, &status, 0) != child) {
    perror("ngram_measure");
    return 1;
  }
  return write_report(argv[1], seconds_now() - start, exit_status(status));
}
