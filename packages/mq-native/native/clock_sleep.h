/* Sleeping until a clock shows a moment. */
#ifndef TIMEQ_CLOCK_SLEEP_H
#define TIMEQ_CLOCK_SLEEP_H

#include <stdint.h>
#include <time.h>

/*
 * Blocks this thread until the clock shows so many nanoseconds, or more. The kernel ends the sleep when the
 * wall clock is set forward past the moment, and when the machine wakes up after it; it goes on when the
 * clock is set back. 0, or -EINTR after a signal.
 */
int clock_sleep_until(clockid_t clock, int64_t moment);

#endif
