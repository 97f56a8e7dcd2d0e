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
 * Lets the signal that interrupt_thread sends into this very thread, and also the `spare` one that it sends
 * where no more can be queued. The first one, or 0 if there is none.
 */
int interrupt_let_in(bool spare);

#endif
