/*
 * A waiter is a thread that makes one blocking call at a time and is parked in between.
 *
 *   PARKED --wait--> WAITING --the call returned--> DONE --script was told, or cancelled--> PARKED
 *
 * A thread that can't be interrupted, for want of a signal, is abandoned: script is told at once that its
 * wait has ended, and the thread undoes whatever the call still does. Then the waiter is PARKED as well.
 *
 * A receive waits with a buffer of the size that script gives. The kernel hands the thread a message that
 * fits, in the order in which all receivers came, and wakes no other. A longer message wakes the thread with
 * E2BIG and stays in the queue: with a zero-length buffer, that is every message but the empty ones.
 */
#ifndef TIMEQ_WAITER_THREAD_H
#define TIMEQ_WAITER_THREAD_H

#include "loop_call.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum waiter_state { PARKED, WAITING, DONE };
enum wait_kind { WAIT_RECEIVE, WAIT_SEND, WAIT_OPERATE, WAIT_SLOT, WAIT_CLOCK };

/*
 * The waiters whose calls have returned and were not reported yet, and the lock of a pool's waiters, which
 * guards their states. The lock is free while a thread is woken, because the thread takes it at once.
 */
struct done_list {
  pthread_mutex_t lock;
  struct loop_call *report; /* runs on the loop's thread after a waiter was added */
  struct waiter *first;
  struct waiter **end;
  int count;
  bool ended; /* its environment has; only abandoned threads are left */
};

struct waiter {
  struct done_list *done;
  int index; /* in its pool */
  int next_parked;
  pthread_t thread;
  pthread_cond_t changed;
  enum waiter_state state;
  struct waiter *next_done;
  bool quit;
  atomic_bool called; /* there may be something to do: a hint for a thread that has not gone to sleep */
  int yields;         /* before it does */
  atomic_bool cancelled;
  bool abandoned;

  enum wait_kind kind;
  int id;
  int flags;
  long type;              /* to select by */
  size_t size;            /* bytes of the body to send or that there is room for, or number of operations */
  unsigned char *payload; /* a struct msgbuf or an array of struct sembuf */
  size_t capacity;
  unsigned char *slot; /* of script, into which an empty message is taken (WAIT_SLOT) */
  clockid_t clock;     /* to sleep by (WAIT_CLOCK), until it shows this moment */
  int64_t moment;
  int result; /* -errno; otherwise the size of the body that was taken, or 0 */
};

bool done_list_init(struct done_list *done);
void done_list_destroy(struct done_list *done);
struct waiter *done_list_first(struct done_list *done);
int done_list_count(struct done_list *done);

/* Starts the thread, parked. 0 or -errno. */
int waiter_start(struct waiter *waiter);

/* Makes a parked thread run a call, which the other members describe. Returns the index of the waiter. */
int waiter_call(struct waiter *waiter, enum wait_kind kind, int id);

/* Whether it is in a call, or its result has not been collected yet. */
bool waiter_is_busy(const struct waiter *waiter);

/* Interrupts the thread's call. False if it can't be interrupted: then it is abandoned. */
bool waiter_stop(struct waiter *waiter);

/* DONE becomes PARKED: from now on only the pool uses the waiter. */
void waiter_collect(struct waiter *waiter);

/* Ends the thread, which is not in a call. */
void waiter_end(struct waiter *waiter);

/*
 * At the end of the environment: a thread that is still in its call goes on by itself, with the waiter and
 * the list, neither of which may be freed. False if it is not in a call.
 */
bool waiter_leave(struct waiter *waiter);

#endif
