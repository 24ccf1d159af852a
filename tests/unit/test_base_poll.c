/* SPDX-License-Identifier: MIT */
/* A host is asked when it is time to, and not again once it has said stop. */
#include "base/poll.h"

#include "base/clock.h"
#include "test.h"

/* Long enough for any test to be over. */
#define FAR_SECONDS 100000

struct host {
  unsigned asked;
  int answer;
};

static int ask(void *context)
{
  struct host *host = context;

  host->asked++;
  return host->answer;
}

static void a_host_just_heard_is_not_asked(void)
{
  struct host host = {.answer = 1};
  double before = ng_clock_seconds();
  struct ng_poll poll = ng_poll_begin(ask, &host);

  CHECK(poll.asked >= before && poll.asked <= ng_clock_seconds());
  poll.asked += FAR_SECONDS;
  for (int i = 0; i < 1000; i++)
    CHECK(!ng_poll_asked(&poll));
  CHECK_EQ(host.asked, 0);
}

static void a_host_is_asked_when_it_is_time_to(void)
{
  struct host host = {.answer = 0};
  struct ng_poll poll = ng_poll_begin(ask, &host);

  test_sleep_ms(NG_POLL_MS + 1);
  CHECK(!ng_poll_asked(&poll));
  CHECK_EQ(host.asked, 1);
}

static void a_host_is_asked_once_in_a_while(void)
{
  struct host host = {.answer = 0};
  struct ng_poll poll = {.ask = ask, .context = &host};
  double began = ng_clock_seconds();
  unsigned most;

  for (int i = 0; i < 100000; i++)
    CHECK(!ng_poll_asked(&poll));
  most = 1 + (unsigned)((ng_clock_seconds() - began) * 1000 / NG_POLL_MS);
  CHECK(host.asked >= 1 && host.asked <= most);
}

static void a_zeroed_poll_asks_at_once(void)
{
  struct host host = {.answer = 1};
  struct ng_poll poll = {.ask = ask, .context = &host};

  CHECK(ng_poll_asked(&poll));
  CHECK_EQ(host.asked, 1);
}

static void stop_is_heard_once_and_for_all(void)
{
  struct host host = {.answer = 1};
  struct ng_poll poll = ng_poll_begin(ask, &host);
  struct ng_stop stop = ng_poll_stop(&poll);

  poll.asked += FAR_SECONDS;
  CHECK(!ng_stop_asked(&stop));
  CHECK(ng_poll_now(&poll));
  host.answer = 0;
  poll.asked += FAR_SECONDS;
  CHECK(ng_poll_now(&poll));
  CHECK(ng_poll_asked(&poll));
  CHECK(ng_stop_asked(&stop));
  CHECK_EQ(host.asked, 1);
}

static void asking_now_waits_for_nothing_and_counts(void)
{
  struct host host = {.answer = 0};
  struct ng_poll poll = ng_poll_begin(ask, &host);

  poll.asked = 0;
  CHECK(!ng_poll_now(&poll));
  CHECK(!ng_poll_now(&poll));
  CHECK_EQ(host.asked, 2);
  CHECK(poll.asked > 0);
}

static void without_a_host_nothing_says_stop(void)
{
  struct ng_poll poll = {.ask = NULL};
  struct ng_stop stop = ng_poll_stop(&poll);

  CHECK(!ng_poll_now(&poll));
  poll.asked = 0;
  CHECK(!ng_stop_asked(&stop));
}

static void a_loop_over_items_asks_now_and_then(void)
{
  struct host host = {.answer = 0};
  struct ng_poll poll = {.ask = ask, .context = &host};
  struct ng_stop stop = ng_poll_stop(&poll);
  size_t item = 0;

  for (; item < 4095; item++)
    CHECK(!ng_stop_asked_at(&stop, item));
  CHECK_EQ(host.asked, 0);
  CHECK(!ng_stop_asked_at(&stop, item));
  CHECK_EQ(host.asked, 1);
  host.answer = 1;
  poll.asked = 0;
  for (item++; item < 8191; item++)
    CHECK(!ng_stop_asked_at(&stop, item));
  CHECK(ng_stop_asked_at(&stop, item));
  CHECK(!ng_stop_asked_at(NULL, item));
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(a_host_just_heard_is_not_asked),
      TEST(a_host_is_asked_when_it_is_time_to),
      TEST(a_host_is_asked_once_in_a_while),
      TEST(a_zeroed_poll_asks_at_once),
      TEST(stop_is_heard_once_and_for_all),
      TEST(asking_now_waits_for_nothing_and_counts),
      TEST(without_a_host_nothing_says_stop),
      TEST(a_loop_over_items_asks_now_and_then),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
