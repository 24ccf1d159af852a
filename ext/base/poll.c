/* SPDX-License-Identifier: MIT */
#include "base/poll.h"

#include "base/clock.h"

struct ng_poll ng_poll_begin(int (*ask)(void *context), void *context)
{
  return (struct ng_poll){ask, context, ng_clock_seconds(), false};
}

bool ng_poll_now(struct ng_poll *poll)
{
  if (poll->told)
    return true;
  poll->asked = ng_clock_seconds();
  poll->told = poll->ask && poll->ask(poll->context) != 0;
  return poll->told;
}

bool ng_poll_asked(struct ng_poll *poll)
{
  bool is_due = ng_clock_seconds() - poll->asked >= NG_POLL_MS / 1000.0;

  return poll->told || (is_due && ng_poll_now(poll));
}

static bool ask(void *poll)
{
  return ng_poll_asked(poll);
}

struct ng_stop ng_poll_stop(struct ng_poll *poll)
{
  return (struct ng_stop){ask, poll};
}
