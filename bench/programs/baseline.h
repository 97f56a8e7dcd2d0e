/* Shared code of the suite's C programs. */
#ifndef TIMEQ_BASELINE_H
#define TIMEQ_BASELINE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Returns the result of a call, or exits if it failed. */
static inline long check(long result, const char *what) {
  if (result == -1) {
    perror(what);
    exit(1);
  }
  return result;
}

static inline double microseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

#endif
