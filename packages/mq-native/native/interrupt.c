#include "interrupt.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* Signal dispositions belong to the process: workers use those that the first environment found. */
static pthread_mutex_t signal_lock = PTHREAD_MUTEX_INITIALIZER;
static int signal_users;
/* The signal that is sent, and the one for when no more can be queued; 0: not claimed. */
static int first_signal, spare_signal;

/* Rarely used signals, which need no entry in the kernel's queue (RLIMIT_SIGPENDING) to be sent. */
static const int standard_signals[] = {
    SIGURG,
#ifdef SIGSTKFLT
    SIGSTKFLT,
#endif
    SIGIO,
};
enum { STANDARD_SIGNALS = sizeof standard_signals / sizeof standard_signals[0] };

/* It only has to run: the blocked system call then returns EINTR. */
static void on_interrupt(int number) {
  (void)number;
}

static bool is_ours(int number) {
  struct sigaction current;
  return number != 0 && sigaction(number, NULL, &current) == 0 && current.sa_handler == on_interrupt;
}

/* Emulators of other machines (qemu) reserve some signals: they accept a handler and are never sent.
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

/* Claims a signal if it has no handler. */
static bool claim(int number) {
  struct sigaction current;
  if (sigaction(number, NULL, &current) != 0 || (current.sa_flags & SA_SIGINFO) != 0 ||
      current.sa_handler != SIG_DFL) {
    return false;
  }
  struct sigaction ours;
  memset(&ours, 0, sizeof ours);
  sigfillset(&ours.sa_mask);
  ours.sa_handler = on_interrupt;
  if (sigaction(number, &ours, NULL) != 0) return false;
  if (can_be_sent(number)) return true;
  sigaction(number, &current, NULL);
  return false;
}

static int claim_standard(void) {
  for (int i = 0; i < STANDARD_SIGNALS; i++) {
    int number = standard_signals[i];
    if (number != first_signal && claim(number)) return number;
  }
  return 0;
}

/* Real-time signals from the highest down, since programs that use any start from the lowest. macOS has none.
 */
static int claim_first(void) {
#ifdef SIGRTMAX
  for (int number = SIGRTMAX; number >= SIGRTMIN; number--) {
    if (claim(number)) return number;
  }
#endif
  return claim_standard();
}

int interrupt_acquire(void) {
  pthread_mutex_lock(&signal_lock);
  if (first_signal == 0) first_signal = claim_first();
  int result = first_signal == 0 ? -ENOSYS : 0;
  if (result == 0) signal_users++;
  pthread_mutex_unlock(&signal_lock);
  return result;
}

static void give_back(int *number) {
  if (is_ours(*number)) signal(*number, SIG_DFL);
  *number = 0;
}

/* The handler must not outlive the addon's code, which is unloaded with the last environment that used it. */
void interrupt_release(void) {
  pthread_mutex_lock(&signal_lock);
  assert(signal_users > 0);
  if (--signal_users == 0) {
    give_back(&first_signal);
    give_back(&spare_signal);
  }
  pthread_mutex_unlock(&signal_lock);
}

/* A claimed signal, or another one if a library has taken that over since; 0 if there is none left. */
static int usable(int *claimed, int claim_another(void)) {
  pthread_mutex_lock(&signal_lock);
  if (!is_ours(*claimed)) *claimed = claim_another();
  int number = *claimed;
  pthread_mutex_unlock(&signal_lock);
  return number;
}

static void let_interrupts_in(sigset_t *blocked) {
  sigfillset(blocked);
#ifdef SIGRTMAX
  /* All of the range, because the signal can change while a thread lives. */
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
    sigdelset(blocked, number);
#endif
  for (int i = 0; i < STANDARD_SIGNALS; i++)
    sigdelset(blocked, standard_signals[i]);
}

int interrupt_let_in(bool spare) {
  sigset_t ours;
  sigemptyset(&ours);
  int number = usable(&first_signal, claim_first);
  if (number != 0) sigaddset(&ours, number);
  int other = spare ? usable(&spare_signal, claim_standard) : 0;
  if (other != 0) sigaddset(&ours, other);
  pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
  return number;
}

int interrupt_start_thread(pthread_t *thread, const pthread_attr_t *attributes, void *run(void *),
                           void *argument) {
  sigset_t theirs, ours;
  let_interrupts_in(&theirs);
  /* A thread begins with the signal mask of its creator. */
  pthread_sigmask(SIG_SETMASK, &theirs, &ours);
  int error = pthread_create(thread, attributes, run, argument);
  pthread_sigmask(SIG_SETMASK, &ours, NULL);
  return error;
}

int interrupt_thread(pthread_t thread) {
  int number = usable(&first_signal, claim_first);
  int error = number == 0 ? ENOSYS : pthread_kill(thread, number);
  /* All processes of a user share the queue entries that real-time signals need. */
  if (error != EAGAIN) return error;
  number = usable(&spare_signal, claim_standard);
  return number == 0 ? EAGAIN : pthread_kill(thread, number);
}
