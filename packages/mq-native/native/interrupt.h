/*
 * Getting a thread out of a system call that blocks. System V calls have no file descriptor and no other way
 * to be cancelled, but signal(7) says that msgrcv, msgsnd and semop return EINTR after any handler ran,
 * whatever SA_RESTART says.
 *
 * A signal can land just before the system call and is then lost, so whoever interrupts goes on until the
 * other side has acknowledged.
 */
#ifndef TIMEQ_INTERRUPT_H
#define TIMEQ_INTERRUPT_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

/* Each environment acquires and releases once; the last release gives the signal back. 0 or -errno. */
int interrupt_acquire(void);
void interrupt_release(void);

/*
 * pthread_create(3) of a thread that lets the interrupting signals in, from its first instruction on, and
 * leaves all others to the threads that want them.
 */
int interrupt_start_thread(pthread_t *thread, const pthread_attr_t *attributes, void *run(void *),
                           void *argument);

/* 0, or the error for which no signal could be sent. */
int interrupt_thread(pthread_t thread);

/*
 * A deadline for a blocking call on this very thread: from `milliseconds` on, the call is interrupted again
 * and again until the deadline is disarmed.
 */
struct deadline {
  double at; /* monotonic milliseconds; infinity: none */
  bool armed;
#ifdef __linux__
  timer_t timer;
#endif
};
int deadline_arm(struct deadline *deadline, double milliseconds);
bool deadline_passed(const struct deadline *deadline);
void deadline_disarm(struct deadline *deadline);

double monotonic_milliseconds(void);

#endif
