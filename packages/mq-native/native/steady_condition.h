/* Conditions whose timed waits use the clock that can't be set: setting the wall clock back must not make
 * them longer. */
#ifndef TIMEQ_STEADY_CONDITION_H
#define TIMEQ_STEADY_CONDITION_H

#include <pthread.h>
#include <stdint.h>

/* 0 or -errno. */
int steady_condition_init(pthread_cond_t *condition);

/* pthread_cond_timedwait(3) for this many nanoseconds; spurious wake-ups are possible. */
void steady_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t nanoseconds);

#endif
