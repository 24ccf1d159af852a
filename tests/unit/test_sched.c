/* SPDX-License-Identifier: MIT */
/* The room sched: the reorder buffer, teams of threads, notices. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sched/monitor.h"
#include "sched/reorder.h"
#include "sched/team.h"
#include "unit/test.h"

/* ---------------------------------------------------------------- reorder --
 */

#define ITEMS 3000

static int items[ITEMS];

static void shuffle(uint64_t *numbers, size_t count)
{
  for (size_t i = count; i > 1; i--) {
    size_t other = random_below(i);
    uint64_t number = numbers[i - 1];

    numbers[i - 1] = numbers[other];
    numbers[other] = number;
  }
}

/* Numbers 0 to count - 1, none more than about `distance` from its place. */
static void shuffle_near(uint64_t *numbers, size_t count, size_t distance)
{
  for (size_t i = 0; i < count; i++)
    numbers[i] = i;
  for (size_t i = 0; i < count; i += distance)
    shuffle(numbers + i, count - i < distance ? count - i : distance);
}

/* Take what can be taken; `next` is the number expected. */
static void take_all(struct ng_reorder *buffer, uint64_t *next)
{
  int *item;

  while ((item = ng_reorder_take(buffer))) {
    CHECK_EQ(item - items, *next);
    ++*next;
  }
}

static void reorder_gives_any_permutation_in_order(void)
{
  static const size_t distances[] = {1, 2, 7, 63, 64, 65, 500, ITEMS};
  uint64_t numbers[ITEMS];

  for (size_t d = 0; d < COUNT(distances); d++) {
    struct ng_reorder buffer;
    uint64_t next = 0;

    NOTE("distance %zu", distances[d]);
    ng_reorder_init(&buffer);
    shuffle_near(numbers, ITEMS, distances[d]);
    for (size_t i = 0; i < ITEMS; i++) {
      CHECK(ng_reorder_put(&buffer, numbers[i], &items[numbers[i]]));
      if (random_once_in(3))
        take_all(&buffer, &next);
    }
    take_all(&buffer, &next);
    CHECK_EQ(next, ITEMS);
    CHECK(ng_reorder_drain(&buffer) == NULL);
    ng_reorder_free(&buffer);
  }
}

/* One pass takes all that are left. */
static void reorder_drains_many_items_in_100_ms(void)
{
  enum {
    WAITING = 200000
  };
  static char waiting[WAITING];
  struct ng_reorder buffer;
  double began;
  size_t left = 0;

  ng_reorder_init(&buffer);
  for (size_t n = 1; n < WAITING; n++)
    CHECK(ng_reorder_put(&buffer, n, &waiting[n]));
  began = test_seconds();
  while (ng_reorder_drain(&buffer))
    left++;
  CHECK(test_seconds() - began < TEST_QUICK_SECONDS);
  CHECK_EQ(left, WAITING - 1);
  ng_reorder_free(&buffer);
}

static void reorder_waits_for_the_one_that_is_missing(void)
{
  struct ng_reorder buffer;
  uint64_t next = 0;

  ng_reorder_init(&buffer);
  CHECK(ng_reorder_take(&buffer) == NULL);
  for (uint64_t n = ITEMS - 1; n > 0; n--) {
    CHECK(ng_reorder_put(&buffer, n, &items[n]));
    CHECK(ng_reorder_take(&buffer) == NULL);
  }
  CHECK(ng_reorder_put(&buffer, 0, &items[0]));
  take_all(&buffer, &next);
  CHECK_EQ(next, ITEMS);
  ng_reorder_free(&buffer);
}

/* The ring has gone round some times when it has to grow. */
static void reorder_grows_in_the_middle_of_its_ring(void)
{
  for (uint64_t first = 0; first < 130; first++) {
    struct ng_reorder buffer;
    uint64_t next = 0;
    uint64_t end = first + 500;

    NOTE("first %" PRIu64, first);
    ng_reorder_init(&buffer);
    for (uint64_t n = 0; n < first; n++) {
      CHECK(ng_reorder_put(&buffer, n, &items[n]));
      take_all(&buffer, &next);
    }
    for (uint64_t n = first + 1; n < end; n += 2)
      CHECK(ng_reorder_put(&buffer, n, &items[n]));
    for (uint64_t n = first; n < end; n += 2)
      CHECK(ng_reorder_put(&buffer, n, &items[n]));
    take_all(&buffer, &next);
    CHECK_EQ(next, end);
    ng_reorder_free(&buffer);
  }
}

static void reorder_does_not_wait_for_numbers_that_are_left_out(void)
{
  static const uint64_t numbers[] = {2, 3, 40, 41, 1000};
  struct ng_reorder buffer;

  ng_reorder_init(&buffer);
  for (size_t i = COUNT(numbers); i-- > 0;)
    CHECK(ng_reorder_put(&buffer, numbers[i], &items[i]));
  for (size_t i = 0; i < COUNT(numbers); i++) {
    NOTE("number %" PRIu64, numbers[i]);
    CHECK(i == 1 || i == 3 || ng_reorder_take(&buffer) == NULL);
    ng_reorder_skip(&buffer, numbers[i]);
    CHECK(ng_reorder_take(&buffer) == &items[i]);
  }
  CHECK(ng_reorder_take(&buffer) == NULL);
  ng_reorder_free(&buffer);
}

static void reorder_takes_a_number_far_ahead(void)
{
  struct ng_reorder buffer;

  ng_reorder_init(&buffer);
  CHECK(ng_reorder_put(&buffer, 100000, &items[7]));
  CHECK(ng_reorder_take(&buffer) == NULL);
  CHECK(ng_reorder_put(&buffer, 0, &items[0]));
  CHECK(ng_reorder_take(&buffer) == &items[0]);
  CHECK(ng_reorder_take(&buffer) == NULL);
  CHECK(ng_reorder_drain(&buffer) == &items[7]);
  CHECK(ng_reorder_drain(&buffer) == NULL);
  ng_reorder_free(&buffer);
}

static void reorder_drains_every_item_once(void)
{
  unsigned seen[ITEMS] = {0};
  uint64_t numbers[ITEMS];
  struct ng_reorder buffer;
  size_t left = 0;
  int *item;

  ng_reorder_init(&buffer);
  shuffle_near(numbers, ITEMS, ITEMS);
  for (size_t i = 0; i < ITEMS; i++)
    if (numbers[i] != 500)
      ng_reorder_put(&buffer, numbers[i], &items[numbers[i]]);
  while ((item = ng_reorder_take(&buffer)))
    seen[item - items]++;
  while ((item = ng_reorder_drain(&buffer))) {
    seen[item - items]++;
    left++;
  }
  CHECK_EQ(left, ITEMS - 501);
  for (size_t i = 0; i < ITEMS; i++)
    CHECK_EQ(seen[i], i != 500);
  ng_reorder_free(&buffer);
}

/* ------------------------------------------------------------------ team -- */

struct member {
  char pad[24];
  unsigned index;
  unsigned runs;
  sigset_t blocked;
};

static void *work(void *memory)
{
  struct member *member = memory;

  member->runs++;
  pthread_sigmask(SIG_SETMASK, NULL, &member->blocked);
  return member;
}

static void team_runs_every_member_once(void)
{
  struct member members[20] = {{.index = 0}};
  struct ng_team team;

  for (unsigned count = 1; count <= COUNT(members); count += 6) {
    memset(members, 0, sizeof members);
    CHECK_EQ(ng_team_start(&team, count, work, members, sizeof *members),
             count);
    ng_team_join(&team);
    for (unsigned i = 0; i < COUNT(members); i++)
      CHECK_EQ(members[i].runs, i < count);
  }
}

static void team_is_gone_after_join(void)
{
  struct member members[8] = {{.index = 0}};
  unsigned threads = test_threads();
  struct ng_team team;

  for (int round = 0; round < 20; round++) {
    ng_team_start(&team, COUNT(members), work, members, sizeof *members);
    ng_team_join(&team);
  }
  CHECK(test_threads_are(threads));
  CHECK_EQ(team.count, 0);
  CHECK(team.threads == NULL);
}

static void team_members_block_all_signals(void)
{
  static const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGUSR1,
                                SIGUSR2, SIGPIPE, SIGALRM, SIGTERM,
                                SIGCHLD, SIGCONT, SIGPROF, SIGIO};
  struct member members[3] = {{.index = 0}};
  struct ng_team team;
  sigset_t before;
  sigset_t after;

  pthread_sigmask(SIG_SETMASK, NULL, &before);
  ng_team_start(&team, COUNT(members), work, members, sizeof *members);
  pthread_sigmask(SIG_SETMASK, NULL, &after);
  ng_team_join(&team);
  for (size_t i = 0; i < COUNT(signals); i++) {
    NOTE("signal %d", signals[i]);
    for (size_t m = 0; m < COUNT(members); m++)
      CHECK(sigismember(&members[m].blocked, signals[i]));
    CHECK_EQ(sigismember(&after, signals[i]), sigismember(&before, signals[i]));
  }
}

static pthread_t main_thread;
static atomic_uint taken_by_main;
static atomic_uint taken_by_others;
static atomic_bool released;

static void on_signal(int number)
{
  (void)number;
  if (pthread_equal(pthread_self(), main_thread))
    atomic_fetch_add(&taken_by_main, 1);
  else
    atomic_fetch_add(&taken_by_others, 1);
}

static void *wait_for_release(void *memory)
{
  (void)memory;
  while (!atomic_load(&released))
    test_sleep_ms(1);
  return NULL;
}

static void signals_of_the_process_reach_the_host_thread(void)
{
  struct sigaction action = {.sa_handler = on_signal};
  struct sigaction before;
  struct ng_team team;
  char members[8];

  main_thread = pthread_self();
  sigaction(SIGUSR1, &action, &before);
  ng_team_start(&team, COUNT(members), wait_for_release, members, 1);
  for (int i = 0; i < 20; i++)
    kill(getpid(), SIGUSR1);
  test_sleep_ms(5);
  atomic_store(&released, true);
  ng_team_join(&team);
  sigaction(SIGUSR1, &before, NULL);
  CHECK(atomic_load(&taken_by_main) > 0);
  CHECK_EQ(atomic_load(&taken_by_others), 0);
}

/* Stacks take address space: with some 100 MiB of it the system gives only
   some threads. */
static void team_is_smaller_when_the_system_gives_fewer(void)
{
  static struct member members[1000];
  struct rlimit before;
  struct rlimit limit;
  struct ng_team team;
  unsigned started;
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");

  if (file && fscanf(file, "%ld", &pages) != 1) /* NOLINT(cert-err34-c) */
    pages = 0;
  if (file)
    fclose(file);
  if (TEST_SANITIZED || pages == 0) {
    test_skip("needs a limit on address space");
    return;
  }
  getrlimit(RLIMIT_AS, &before);
  limit = before;
  limit.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (100 << 20);
  setrlimit(RLIMIT_AS, &limit);
  atomic_store(&released, false);
  started = ng_team_start(&team, COUNT(members), wait_for_release, members,
                          sizeof *members);
  atomic_store(&released, true);
  ng_team_join(&team);
  setrlimit(RLIMIT_AS, &before);
  CHECK(started >= 1);
  CHECK(started < COUNT(members));
}

/* --------------------------------------------------------------- monitor -- */

/* Tokens that workers take, one by one. */
struct tokens {
  struct ng_monitor monitor;
  unsigned left;  /* under the monitor's lock, as `ended` */
  unsigned taken; /* of all workers */
  bool ended;
};

static void *take_tokens(void *memory)
{
  struct tokens *tokens = *(struct tokens **)memory;

  ng_monitor_lock(&tokens->monitor);
  for (;;) {
    if (tokens->left > 0) {
      tokens->left--;
      tokens->taken++;
    } else if (tokens->ended) {
      break;
    } else {
      ng_monitor_wait(&tokens->monitor);
    }
  }
  ng_monitor_unlock(&tokens->monitor);
  return NULL;
}

/* Whether so many tokens have been taken, within some seconds. */
static bool are_taken(struct tokens *tokens, unsigned wanted)
{
  double began = test_seconds();
  unsigned taken;

  do {
    sched_yield();
    ng_monitor_lock(&tokens->monitor);
    taken = tokens->taken;
    ng_monitor_unlock(&tokens->monitor);
  } while (taken < wanted && test_seconds() - began < 20);
  return CHECK_EQ(taken, wanted);
}

/* The pause before a notice, so that it meets workers that watch, that begin
   to sleep and that sleep. */
static void pause_for_any_time(void)
{
  struct timespec time = {0, (long)random_below(900) * 1000};

  if (!random_once_in(3))
    nanosleep(&time, NULL);
}

static void give_tokens(struct tokens *tokens, unsigned count)
{
  ng_monitor_lock(&tokens->monitor);
  tokens->left += count;
  if (count == 1)
    ng_monitor_notify_one(&tokens->monitor);
  else
    ng_monitor_notify_all(&tokens->monitor);
  ng_monitor_unlock(&tokens->monitor);
}

/* Every notice is followed, whether workers watch or sleep: else the next
   token would never come. */
static void no_notice_is_lost(void)
{
  struct tokens tokens = {.left = 0};
  struct tokens *members[4] = {&tokens, &tokens, &tokens, &tokens};
  struct ng_team team;
  unsigned given = 0;

  for (unsigned workers = 1; workers <= COUNT(members); workers++) {
    CHECK_EQ(ng_monitor_init(&tokens.monitor), 0);
    tokens.ended = false;
    ng_team_start(&team, workers, take_tokens, members, sizeof *members);
    for (unsigned round = 0; round < test_rounds(400); round++) {
      unsigned count = 1 + (unsigned)(random_once_in(4) ? random_below(4) : 0);

      pause_for_any_time();
      give_tokens(&tokens, count);
      given += count;
      if (!are_taken(&tokens, given))
        break;
    }
    ng_monitor_lock(&tokens.monitor);
    tokens.ended = true;
    ng_monitor_notify_all(&tokens.monitor);
    ng_monitor_unlock(&tokens.monitor);
    ng_team_join(&team);
    CHECK_EQ(tokens.monitor.waiting, 0);
    ng_monitor_free(&tokens.monitor);
  }
}

/* Many notices at once go to as many workers: two that watch and sleep both
   come, though no notice names either. */
static void notices_one_by_one_wake_one_worker_each(void)
{
  struct tokens tokens = {.left = 0};
  struct tokens *members[4] = {&tokens, &tokens, &tokens, &tokens};
  struct ng_team team;
  unsigned waiting;

  CHECK_EQ(ng_monitor_init(&tokens.monitor), 0);
  ng_team_start(&team, COUNT(members), take_tokens, members, sizeof *members);
  do { /* until all sleep */
    test_sleep_ms(2);
    ng_monitor_lock(&tokens.monitor);
    waiting = tokens.monitor.waiting;
    ng_monitor_unlock(&tokens.monitor);
  } while (waiting < COUNT(members));
  for (unsigned i = 0; i < COUNT(members); i++)
    give_tokens(&tokens, 1);
  are_taken(&tokens, COUNT(members));
  ng_monitor_lock(&tokens.monitor);
  tokens.ended = true;
  ng_monitor_notify_all(&tokens.monitor);
  ng_monitor_unlock(&tokens.monitor);
  ng_team_join(&team);
  ng_monitor_free(&tokens.monitor);
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(reorder_gives_any_permutation_in_order),
      TEST(reorder_drains_many_items_in_100_ms),
      TEST(reorder_waits_for_the_one_that_is_missing),
      TEST(reorder_grows_in_the_middle_of_its_ring),
      TEST(reorder_does_not_wait_for_numbers_that_are_left_out),
      TEST(reorder_takes_a_number_far_ahead),
      TEST(reorder_drains_every_item_once),
      TEST(team_runs_every_member_once),
      TEST(team_is_gone_after_join),
      TEST(team_members_block_all_signals),
      TEST(signals_of_the_process_reach_the_host_thread),
      TEST(team_is_smaller_when_the_system_gives_fewer),
      TEST(no_notice_is_lost),
      TEST(notices_one_by_one_wake_one_worker_each),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
