#include "interrupt.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif
#endif

/* Signal dispositions belong to the process: workers share what the first environment found. */
static pthread_mutex_t signal_lock = PTHREAD_MUTEX_INITIALIZER;
static int signal_users;
static int signal_number;

/* To run is all it has to do: the blocked system call then returns EINTR. */
static void on_interrupt(int number) {
  (void)number;
}

static bool is_ours(int number) {
  struct sigaction current;
  return number != 0 && sigaction(number, NULL, &current) == 0 && current.sa_handler == on_interrupt;
}

/* Emulators of other machines (qemu) keep some signals for themselves: handled like all others, never sent.
 */
static bool can_be_sent(int number) {
  sigset_t only, before;
  sigemptyset(&only);
  sigaddset(&only, number);
  pthread_sigmask(SIG_BLOCK, &only, &before);
  int received = 0;
  bool sent = pthread_kill(pthread_self(), number) == 0 && sigwait(&only, &received) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return sent;
}

/* Takes a signal that nobody handles: real-time ones from the top, where programs that use any start from
 * below. */
static int claim_signal(void) {
#ifdef SIGRTMAX
  int highest = SIGRTMAX, lowest = SIGRTMIN;
#else
  int highest = SIGURG, lowest = SIGURG; /* macOS has no real-time signals; SIGURG is ignored by default */
#endif
  for (int number = highest; number >= lowest; number--) {
    struct sigaction current;
    if (sigaction(number, NULL, &current) != 0 || (current.sa_flags & SA_SIGINFO) != 0 ||
        current.sa_handler != SIG_DFL) {
      continue;
    }
    struct sigaction ours;
    memset(&ours, 0, sizeof ours);
    sigfillset(&ours.sa_mask);
    ours.sa_handler = on_interrupt;
    if (sigaction(number, &ours, NULL) != 0) continue;
    if (can_be_sent(number)) return number;
    sigaction(number, &current, NULL);
  }
  return 0;
}

int interrupt_acquire(void) {
  pthread_mutex_lock(&signal_lock);
  if (signal_number == 0) signal_number = claim_signal();
  int result = signal_number == 0 ? -ENOSYS : 0;
  if (result == 0) signal_users++;
  pthread_mutex_unlock(&signal_lock);
  return result;
}

/* The handler must not outlive the addon's code, which is unloaded with the last environment that used it. */
void interrupt_release(void) {
  pthread_mutex_lock(&signal_lock);
  if (--signal_users == 0) {
    if (is_ours(signal_number)) signal(signal_number, SIG_DFL);
    signal_number = 0;
  }
  pthread_mutex_unlock(&signal_lock);
}

/* The signal to send now: somebody else may have taken ours over since. */
static int usable_signal(void) {
  pthread_mutex_lock(&signal_lock);
  if (!is_ours(signal_number)) {
    int other = claim_signal();
    if (other != 0) signal_number = other;
  }
  int number = is_ours(signal_number) ? signal_number : 0;
  pthread_mutex_unlock(&signal_lock);
  return number;
}

void interrupt_mask_thread(void) {
  sigset_t blocked;
  sigfillset(&blocked);
#ifdef SIGRTMAX
  /* All of the range, because the signal can change in the life of a thread. */
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
    sigdelset(&blocked, number);
#else
  sigdelset(&blocked, SIGURG);
#endif
  pthread_sigmask(SIG_SETMASK, &blocked, NULL);
}

void interrupt_thread(pthread_t thread) {
  int number = usable_signal();
  if (number != 0) pthread_kill(thread, number);
}

double monotonic_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

bool deadline_passed(const struct deadline *deadline) {
  return monotonic_milliseconds() >= deadline->at;
}

#ifdef __linux__

enum { REPEAT_NANOSECONDS = 1000000 };

int deadline_arm(struct deadline *deadline, double milliseconds) {
  deadline->armed = false;
  deadline->at = INFINITY;
  if (!isfinite(milliseconds)) return 0;
  int number = usable_signal();
  if (number == 0) return -ENOSYS;
  sigset_t unblocked;
  sigemptyset(&unblocked);
  sigaddset(&unblocked, number);
  pthread_sigmask(SIG_UNBLOCK, &unblocked, NULL);

  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = number;
  event.sigev_notify_thread_id = (int)syscall(SYS_gettid);
  if (timer_create(CLOCK_MONOTONIC, &event, &deadline->timer) != 0) return -errno;

  double seconds = floor(milliseconds / 1e3);
  struct itimerspec when;
  when.it_value.tv_sec = (time_t)seconds;
  when.it_value.tv_nsec = (long)((milliseconds - seconds * 1e3) * 1e6);
  if (when.it_value.tv_sec == 0 && when.it_value.tv_nsec == 0) when.it_value.tv_nsec = 1; /* 0 would disarm */
  when.it_interval.tv_sec = 0;
  when.it_interval.tv_nsec = REPEAT_NANOSECONDS;
  deadline->at = monotonic_milliseconds() + milliseconds;
  if (timer_settime(deadline->timer, 0, &when, NULL) != 0) {
    int error = errno;
    timer_delete(deadline->timer);
    return -error;
  }
  deadline->armed = true;
  return 0;
}

void deadline_disarm(struct deadline *deadline) {
  if (deadline->armed) timer_delete(deadline->timer);
  deadline->armed = false;
}

#else

/* No timer can be sent to one thread here: only calls without a deadline may block. */
int deadline_arm(struct deadline *deadline, double milliseconds) {
  deadline->armed = false;
  deadline->at = INFINITY;
  return isfinite(milliseconds) ? -ENOSYS : 0;
}

void deadline_disarm(struct deadline *deadline) {
  (void)deadline;
}

#endif
