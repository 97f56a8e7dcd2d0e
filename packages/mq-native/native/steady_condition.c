#include "steady_condition.h"

#include "clock.h"

#include <time.h>

static struct timespec timespec_of(int64_t nanoseconds) {
  struct timespec time = {(time_t)(nanoseconds / NANOSECONDS_PER_SECOND),
                          (long)(nanoseconds % NANOSECONDS_PER_SECOND)};
  return time;
}

#ifdef __APPLE__

int steady_condition_init(pthread_cond_t *condition) {
  return -pthread_cond_init(condition, NULL);
}

void steady_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t nanoseconds) {
  struct timespec moment = timespec_of(nanoseconds);
  pthread_cond_timedwait_relative_np(condition, lock, &moment);
}

#else

int steady_condition_init(pthread_cond_t *condition) {
  pthread_condattr_t attributes;
  int error = pthread_condattr_init(&attributes);
  if (error != 0) return -error;
  error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  if (error == 0) error = pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
  return -error;
}

void steady_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t nanoseconds) {
  struct timespec until = timespec_of(monotonic_nanoseconds() + nanoseconds);
  pthread_cond_timedwait(condition, lock, &until);
}

#endif
