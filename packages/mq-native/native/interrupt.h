/*
 * Interrupting a thread that is blocked in a system call. System V calls have no file descriptor and no other
 * way to be cancelled, but signal(7) says that msgrcv, msgsnd and semop return EINTR after any handler ran,
 * whatever SA_RESTART says.
 *
 * A signal that lands just before the system call is lost, so the caller sends it again until the thread has
 * acknowledged.
 */
#ifndef TIMEQ_INTERRUPT_H
#define TIMEQ_INTERRUPT_H

#include <pthread.h>
#include <stdbool.h>

/* Each environment acquires and releases once; the last release frees the signal. 0 or -errno. */
int interrupt_acquire(void);
void interrupt_release(void);

/*
 * pthread_create(3) of a thread that unblocks the interrupting signals from its first instruction on, and
 * blocks all others.
 */
int interrupt_start_thread(pthread_t *thread, const pthread_attr_t *attributes, void *run(void *),
                           void *argument);

/* 0, or the error for which no signal could be sent. */
int interrupt_thread(pthread_t thread);

/*
 * Unblocks the signal that interrupt_thread sends in this thread, and also the `spare` one that it sends when
 * no more can be queued. Returns the first one, or 0 if there is none.
 */
int interrupt_let_in(bool spare);

#endif
