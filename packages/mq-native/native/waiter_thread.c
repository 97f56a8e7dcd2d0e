#include "waiter_thread.h"

#include "clock.h"
#include "clock_sleep.h"
#include "interrupt.h"
#include "put_back.h"
#include "semaphore.h"
#include "steady_condition.h"

#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <sys/msg.h>

enum {
  STACK_BYTES = 256 * 1024, /* of address space; a thread touches a few KiB of it */
  INTERRUPT_AGAIN_NANOSECONDS = 50000,
  INTERRUPT_FAILS_MOST = 200, /* some ten milliseconds */
  INTERRUPT_TRIES = 100000,   /* five seconds and more, in which the thread did not run */
  YIELDS_MOST = 64,
  SOON_NANOSECONDS = 100000,
};

/* ---- the waiter's thread ---- */

static int make_call(struct waiter *waiter) {
  long result = -1;
  errno = EINVAL;
  switch (waiter->kind) {
  case WAIT_RECEIVE:
    /* Never with MSG_NOERROR: a message would be taken, and cut. */
    result = msgrcv(waiter->id, waiter->payload, waiter->size, waiter->type, waiter->flags);
    break;
  case WAIT_SEND:
    result = msgsnd(waiter->id, waiter->payload, waiter->size, 0);
    break;
  case WAIT_SLOT:
    result = msgrcv(waiter->id, waiter->slot, 0, waiter->type, 0);
    break;
  case WAIT_OPERATE:
    return semaphore_operate(waiter->id, (struct sembuf *)waiter->payload, waiter->size);
  case WAIT_CLOCK:
    return clock_sleep_until(waiter->clock, waiter->moment);
  }
  return result == -1 ? -errno : (int)result;
}

/*
 * Returns when the thread has to wait again, or to end; with the lock held, before and after. Script often
 * wants the next message as soon as it has this one. Going to sleep and waking up takes longer than that, so
 * the thread first yields its CPU for a while, if the last call came soon.
 */
static void await_call(struct waiter *waiter) {
  int64_t since = monotonic_nanoseconds();
  if (waiter->yields > 0) {
    pthread_mutex_unlock(&waiter->done->lock);
    for (int left = waiter->yields; left > 0 && !atomic_load(&waiter->called); left--)
      sched_yield();
    pthread_mutex_lock(&waiter->done->lock);
  }
  while (waiter->state != WAITING && !waiter->quit)
    pthread_cond_wait(&waiter->changed, &waiter->done->lock);
  atomic_store(&waiter->called, false);
  waiter->yields = monotonic_nanoseconds() - since < SOON_NANOSECONDS ? YIELDS_MOST : waiter->yields / 2;
}

static void call_thread(struct waiter *waiter) {
  atomic_store(&waiter->called, true);
  pthread_cond_signal(&waiter->changed);
}

static void add_done(struct waiter *waiter) {
  struct done_list *done = waiter->done;
  waiter->next_done = NULL;
  *done->end = waiter;
  done->end = &waiter->next_done;
  done->count++;
}

/* Undoes a call whose wait is over. A message that was sent can't be taken back. */
static void take_back(struct waiter *waiter, int result) {
  if (result < 0) return;
  if (waiter->kind == WAIT_RECEIVE) put_back(waiter->id, waiter->payload, (size_t)result);
  if (waiter->kind == WAIT_OPERATE)
    semaphore_take_back(waiter->id, (struct sembuf *)waiter->payload, waiter->size);
}

/* Whether the thread was abandoned while it was in the call. Returns with the lock held, as it was called. */
static bool end_abandoned(struct waiter *waiter, int result) {
  if (!waiter->abandoned) return false;
  pthread_mutex_unlock(&waiter->done->lock);
  take_back(waiter, result);
  pthread_mutex_lock(&waiter->done->lock);
  return true;
}

static void *run_waiter(void *argument) {
  struct waiter *waiter = argument;
  pthread_mutex_lock(&waiter->done->lock);
  for (;;) {
    await_call(waiter);
    if (waiter->quit) break;
    pthread_mutex_unlock(&waiter->done->lock);

    int result = -EINTR;
    while (result == -EINTR && !atomic_load(&waiter->cancelled))
      result = make_call(waiter);

    pthread_mutex_lock(&waiter->done->lock);
    bool abandoned = end_abandoned(waiter, result);
    /* Neither the waiter nor the list has an owner then, and both stay as they are. */
    if (abandoned && waiter->done->ended) break;
    waiter->result = result;
    waiter->state = DONE;
    bool cancelled = atomic_load(&waiter->cancelled) && !abandoned;
    if (cancelled)
      pthread_cond_signal(&waiter->changed);
    else
      add_done(waiter);
    pthread_mutex_unlock(&waiter->done->lock);
    if (!cancelled) loop_call_wake(waiter->done->report);
    pthread_mutex_lock(&waiter->done->lock);
  }
  pthread_mutex_unlock(&waiter->done->lock);
  return NULL;
}

/* ---- the loop's thread ---- */

bool done_list_init(struct done_list *done) {
  done->end = &done->first;
  return pthread_mutex_init(&done->lock, NULL) == 0;
}

void done_list_destroy(struct done_list *done) {
  pthread_mutex_destroy(&done->lock);
}

struct waiter *done_list_first(struct done_list *done) {
  pthread_mutex_lock(&done->lock);
  struct waiter *first = done->first;
  pthread_mutex_unlock(&done->lock);
  return first;
}

int done_list_count(struct done_list *done) {
  pthread_mutex_lock(&done->lock);
  int count = done->count;
  pthread_mutex_unlock(&done->lock);
  return count;
}

static int start_thread(struct waiter *waiter) {
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error != 0) return -error;
  error = pthread_attr_setstacksize(&attributes, STACK_BYTES);
  if (error == 0) error = interrupt_start_thread(&waiter->thread, &attributes, run_waiter, waiter);
  pthread_attr_destroy(&attributes);
  return -error;
}

int waiter_start(struct waiter *waiter) {
  int error = steady_condition_init(&waiter->changed);
  if (error != 0) return error;
  error = start_thread(waiter);
  if (error != 0) pthread_cond_destroy(&waiter->changed);
  return error;
}

int waiter_call(struct waiter *waiter, enum wait_kind kind, int id) {
  /* As soon as the thread is called, the waiter can end and be taken again. */
  int index = waiter->index;
  pthread_mutex_lock(&waiter->done->lock);
  assert(waiter->state == PARKED && !waiter->abandoned && !waiter->quit);
  waiter->kind = kind;
  waiter->id = id;
  atomic_store(&waiter->cancelled, false);
  waiter->state = WAITING;
  pthread_mutex_unlock(&waiter->done->lock);
  call_thread(waiter);
  return index;
}

bool waiter_is_busy(const struct waiter *waiter) {
  pthread_mutex_lock(&waiter->done->lock);
  bool busy = waiter->state != PARKED && !waiter->abandoned;
  pthread_mutex_unlock(&waiter->done->lock);
  return busy;
}

bool waiter_stop(struct waiter *waiter) {
  pthread_mutex_lock(&waiter->done->lock);
  atomic_store(&waiter->cancelled, true);
  int fails = 0, tries = 0;
  while (waiter->state == WAITING && fails < INTERRUPT_FAILS_MOST && tries < INTERRUPT_TRIES) {
    if (interrupt_thread(waiter->thread) != 0) fails++;
    tries++;
    steady_condition_wait(&waiter->changed, &waiter->done->lock, INTERRUPT_AGAIN_NANOSECONDS);
  }
  bool stopped = waiter->state != WAITING;
  if (!stopped) waiter->abandoned = true;
  pthread_mutex_unlock(&waiter->done->lock);
  return stopped;
}

static void remove_done(struct waiter *waiter) {
  struct done_list *done = waiter->done;
  struct waiter **link = &done->first;
  while (*link != NULL && *link != waiter)
    link = &(*link)->next_done;
  if (*link == NULL) return;
  *link = waiter->next_done;
  if (waiter->next_done == NULL) done->end = link;
  done->count--;
}

void waiter_collect(struct waiter *waiter) {
  /* The thread may read its state at any time: a wait on a condition can wake up spuriously. */
  pthread_mutex_lock(&waiter->done->lock);
  assert(waiter->state == DONE);
  remove_done(waiter);
  waiter->state = PARKED;
  pthread_mutex_unlock(&waiter->done->lock);
}

void waiter_end(struct waiter *waiter) {
  pthread_mutex_lock(&waiter->done->lock);
  assert(waiter->state != WAITING);
  waiter->quit = true;
  pthread_mutex_unlock(&waiter->done->lock);
  call_thread(waiter);
  pthread_join(waiter->thread, NULL);
  pthread_cond_destroy(&waiter->changed);
}

bool waiter_leave(struct waiter *waiter) {
  pthread_mutex_lock(&waiter->done->lock);
  bool left = waiter->state == WAITING;
  if (left) {
    waiter->done->ended = true;
    pthread_detach(waiter->thread);
  }
  pthread_mutex_unlock(&waiter->done->lock);
  return left;
}
