# SPDX-License-Identifier: MIT
"""How long a statement goes on when its connection is told to stop."""

import sqlite3
import threading
import time

SQLITE_INTERRUPT = 9
# The contract: a scan stops within 100 ms. A busy machine may hold us up for
# longer than that, so the best of some attempts counts.
STOP_SECONDS = 0.1
ATTEMPTS = 5


def run_till_stopped(test, connection, sql, parameter):
    """When the statement ended, which is to be interrupted."""
    with test.assertRaises(sqlite3.Error) as caught:
        connection.execute(sql, (parameter,)).fetchall()
    ended_at = time.monotonic()
    test.assertEqual(str(caught.exception), "interrupted")
    if hasattr(caught.exception, "sqlite_errorcode"):
        test.assertEqual(caught.exception.sqlite_errorcode, SQLITE_INTERRUPT)
    return ended_at


def interrupt(test, connection, sql, parameter, after):
    stopped_at = []

    def stop():
        time.sleep(after)
        stopped_at.append(time.monotonic())
        connection.interrupt()

    stopper = threading.Thread(target=stop)
    stopper.start()
    ended_at = run_till_stopped(test, connection, sql, parameter)
    stopper.join()
    return ended_at - stopped_at[0]


def stop_by_handler(test, connection, sql, parameter, steps):
    """From when the handler would say stop; or between two questions, which are to
    come all along."""
    asked = [time.monotonic()]

    def handler():
        asked.append(time.monotonic())
        return asked[-1] - asked[0] > 0.3

    connection.set_progress_handler(handler, steps)
    try:
        ended_at = run_till_stopped(test, connection, sql, parameter)
    finally:
        connection.set_progress_handler(None, 0)
    gaps = [b - a for a, b in zip(asked, asked[1:])]
    return max(ended_at - (asked[0] + 0.3), *gaps)


def check_quick(test, attempt):
    """Of some attempts, one takes less than STOP_SECONDS."""
    took = []
    while len(took) < ATTEMPTS:
        took.append(attempt())
        if took[-1] < STOP_SECONDS:
            break
    test.assertLess(min(took), STOP_SECONDS, took)


def check_stops(test, connection, sql, parameter, after=0.25):
    """The statement, which takes longer than so many seconds, is interrupted
    then and ends at once."""
    check_quick(test, lambda: interrupt(test, connection, sql, parameter, after))


def check_handler_stops(test, connection, sql, parameter, steps):
    """The same by a progress handler that is asked after so many steps."""
    check_quick(test, lambda: stop_by_handler(test, connection, sql, parameter,
                                              steps))
