/*
 * A deadline for a blocking call on this thread: once it has passed, the call is interrupted again and again
 * until the deadline is disarmed.
 */
#ifndef TIMEQ_DEADLINE_H
#define TIMEQ_DEADLINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* What sends the signals that interrupt the call. */
enum interrupter { NOTHING, TIMER, WATCHDOG };

struct deadline {
  int64_t at; /* monotonic nanoseconds; INT64_MAX: none */
  enum interrupter interrupter;
#ifdef __linux__
  timer_t timer;
#endif
  /* The watchdog, a thread, and its target. */
  pthread_t watchdog, watched;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool disarmed; /* guarded by lock */
};

/* 0 or -errno; disarm it even if it failed. Milliseconds may be infinite. */
int deadline_arm(struct deadline *deadline, double milliseconds);
bool deadline_passed(const struct deadline *deadline);
void deadline_disarm(struct deadline *deadline);

#endif
