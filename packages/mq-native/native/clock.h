#ifndef TIMEQ_CLOCK_H
#define TIMEQ_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { NANOSECONDS_PER_SECOND = 1000000000 };

static inline int64_t clock_nanoseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

/* By the clock that can't be set: for durations and deadlines. */
static inline int64_t monotonic_nanoseconds(void) {
  return clock_nanoseconds(CLOCK_MONOTONIC);
}

#endif
