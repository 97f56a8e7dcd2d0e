#include "deadline.h"

#include "clock.h"
#include "interrupt.h"
#include "steady_condition.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#ifdef __linux__
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif
#endif

enum { REPEAT_NANOSECONDS = 1000000 };

#ifdef __linux__

static int start_timer(struct deadline *deadline, int64_t nanoseconds) {
  int number = interrupt_let_in(false);
  if (number == 0) return -ENOSYS;
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = number;
  event.sigev_notify_thread_id = (int)syscall(SYS_gettid);
  if (timer_create(CLOCK_MONOTONIC, &event, &deadline->timer) != 0) return -errno;
  deadline->interrupter = TIMER;

  struct itimerspec when = {{0, REPEAT_NANOSECONDS}, {0, 0}};
  if (nanoseconds == 0) nanoseconds = 1; /* 0 would disarm it */
  when.it_value.tv_sec = (time_t)(nanoseconds / NANOSECONDS_PER_SECOND);
  when.it_value.tv_nsec = (long)(nanoseconds % NANOSECONDS_PER_SECOND);
  return timer_settime(deadline->timer, 0, &when, NULL) == 0 ? 0 : -errno;
}

static void end_timer(struct deadline *deadline) {
  timer_delete(deadline->timer);
}

#else

/* This platform can't send a timer's signal to one thread. */
static int start_timer(struct deadline *deadline, int64_t nanoseconds) {
  (void)deadline;
  (void)nanoseconds;
  return -EAGAIN;
}

static void end_timer(struct deadline *deadline) {
  (void)deadline;
}

#endif

static void *watch(void *argument) {
  struct deadline *deadline = argument;
  pthread_mutex_lock(&deadline->lock);
  while (!deadline->disarmed) {
    int64_t left = deadline->at - monotonic_nanoseconds();
    if (left <= 0) interrupt_thread(deadline->watched);
    steady_condition_wait(&deadline->changed, &deadline->lock, left > 0 ? left : REPEAT_NANOSECONDS);
  }
  pthread_mutex_unlock(&deadline->lock);
  return NULL;
}

/* Costs a thread, and needs neither timers nor room in the kernel's queue of signals. */
static int start_watchdog(struct deadline *deadline) {
  deadline->watched = pthread_self();
  deadline->disarmed = false;
  interrupt_let_in(true);
  int error = pthread_mutex_init(&deadline->lock, NULL);
  if (error != 0) return -error;
  error = -steady_condition_init(&deadline->changed);
  if (error == 0) {
    error = interrupt_start_thread(&deadline->watchdog, NULL, watch, deadline);
    if (error == 0) {
      deadline->interrupter = WATCHDOG;
      return 0;
    }
    pthread_cond_destroy(&deadline->changed);
  }
  pthread_mutex_destroy(&deadline->lock);
  return -error;
}

static void end_watchdog(struct deadline *deadline) {
  pthread_mutex_lock(&deadline->lock);
  deadline->disarmed = true;
  pthread_cond_signal(&deadline->changed);
  pthread_mutex_unlock(&deadline->lock);
  pthread_join(deadline->watchdog, NULL);
  pthread_cond_destroy(&deadline->changed);
  pthread_mutex_destroy(&deadline->lock);
}

int deadline_arm(struct deadline *deadline, double milliseconds) {
  deadline->interrupter = NOTHING;
  deadline->at = INT64_MAX;
  int64_t now = monotonic_nanoseconds();
  /* Includes infinity, and times that the clock will never show. */
  if (!(milliseconds * 1e6 < (double)(INT64_MAX - now))) return 0;
  int64_t nanoseconds = (int64_t)(milliseconds * 1e6);
  deadline->at = now + nanoseconds;
  int result = start_timer(deadline, nanoseconds);
  /* A timer takes an entry in the signal queue, which all processes of a user share. */
  return result == -EAGAIN ? start_watchdog(deadline) : result;
}

bool deadline_passed(const struct deadline *deadline) {
  return monotonic_nanoseconds() >= deadline->at;
}

void deadline_disarm(struct deadline *deadline) {
  if (deadline->interrupter == TIMER) end_timer(deadline);
  if (deadline->interrupter == WATCHDOG) end_watchdog(deadline);
  deadline->interrupter = NOTHING;
}
