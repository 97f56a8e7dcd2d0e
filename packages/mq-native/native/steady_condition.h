/* Conditions whose timed waits go by the clock that nobody can set: a wall clock that is set back must not
 * make them long. */
#ifndef TIMEQ_STEADY_CONDITION_H
#define TIMEQ_STEADY_CONDITION_H

#include <pthread.h>
#include <stdint.h>

/* 0 or -errno. */
int steady_condition_init(pthread_cond_t *condition);

/* pthread_cond_timedwait(3) for so many nanoseconds; it can end sooner for no reason. */
void steady_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t nanoseconds);

#endif
