#include "sending_child.h"

#include <errno.h>

#ifdef __linux__
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STACK_BYTES = 16 * 1024, STACK_ALIGNMENT = 16 };

/* How long to wait for the child before a look whether it was killed, in nanoseconds. */
enum { LOOK_AFTER = 50 * 1000 * 1000 };

struct sending_child {
  _Alignas(STACK_ALIGNMENT) unsigned char stack[STACK_BYTES];
  pid_t pid;
  pid_t parent;
  /* The CPU that it may use; -1: any. */
  int cpu;
  /* The message to send. */
  int id;
  const void *message;
  size_t bytes;
  int error;
  /* Numbers of sends, on which each side waits for the other one. */
  atomic_int asked;
  atomic_int answered;
};

#ifdef SYS_msgsnd
static long send_now(const struct sending_child *child) {
  return syscall(SYS_msgsnd, child->id, child->message, child->bytes, IPC_NOWAIT);
}
#else
static long send_now(const struct sending_child *child) {
  return msgsnd(child->id, child->message, child->bytes, IPC_NOWAIT);
}
#endif

static void wait_while(atomic_int *word, int value, const struct timespec *longest) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, longest, NULL, 0);
}

static void tell(atomic_int *word, int value) {
  atomic_store(word, value);
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/*
 * Runs in the memory of the parent and on the storage of its thread, so errno is that thread's: a call here
 * may fail only while that thread waits for the answer. A futex wait fails only if the number has changed,
 * which is once the parent waits. The sanitizers must not write to the thread's storage either. The kernel
 * kills the child when the thread ends, which may have happened before it was asked to.
 */
__attribute__((no_sanitize("address", "undefined"))) static int serve(void *argument) {
  struct sending_child *child = argument;
  syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  for (int done = 0; syscall(SYS_getppid) == child->parent;) {
    while (atomic_load(&child->asked) == done)
      wait_while(&child->asked, done, NULL);
    child->error = send_now(child) == -1 ? errno : 0;
    done += 1;
    tell(&child->answered, done);
  }
  syscall(SYS_exit_group, 0);
  return 0;
}

/* With all signals blocked: a handler of the parent's in the child, as by Ctrl-C, would work on the parent's
 * memory. Its end sends no SIGCHLD, for which others may listen. */
static struct sending_child *start(void) {
  sigset_t all, before;
  struct sending_child *child = NULL;
  if (posix_memalign((void **)&child, STACK_ALIGNMENT, sizeof *child) != 0) return NULL;
  child->parent = getpid();
  child->cpu = -1;
  atomic_init(&child->asked, 0);
  atomic_init(&child->answered, 0);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  child->pid = clone(serve, child->stack + STACK_BYTES, CLONE_VM | CLONE_FS | CLONE_FILES, child);
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (child->pid != -1) return child;
  free(child);
  errno = error;
  return NULL;
}

static bool has_ended(const struct sending_child *child, int options) {
  pid_t ended;
  do {
    ended = waitpid(child->pid, NULL, __WCLONE | options);
  } while (ended == -1 && errno == EINTR);
  return ended != 0;
}

/*
 * Keeps this thread and the child on one CPU while one of them waits for the other: to wake another CPU takes
 * longer than to send. Failures cost only time. @returns whether to undo it
 */
static bool stay_on_cpu(struct sending_child *child, cpu_set_t *before) {
  cpu_set_t here;
  int cpu = sched_getcpu();
  if (cpu < 0 || sched_getaffinity(0, sizeof *before, before) != 0) return false;
  CPU_ZERO(&here);
  CPU_SET((size_t)cpu, &here);
  if (sched_setaffinity(0, sizeof here, &here) != 0) return false;
  if (child->cpu != cpu && sched_setaffinity(child->pid, sizeof here, &here) == 0) child->cpu = cpu;
  return true;
}

/* @returns whether the child is there still, and has sent what it was asked to, or failed to. */
static bool ask(struct sending_child *child) {
  const struct timespec longest = {0, LOOK_AFTER};
  int number = atomic_load(&child->asked) + 1;
  tell(&child->asked, number);
  while (atomic_load(&child->answered) != number) {
    wait_while(&child->answered, number - 1, &longest);
    if (atomic_load(&child->answered) != number && has_ended(child, WNOHANG)) return false;
  }
  return true;
}

int sending_child(struct sending_child **place, int id, const void *message, size_t bytes, int *pid) {
  struct sending_child *child = *place;
  /* One that was killed before it was asked has not sent. */
  if (child != NULL && has_ended(child, WNOHANG)) {
    free(child);
    child = NULL;
  }
  if (child == NULL) child = start();
  *place = child;
  if (child == NULL) return -errno;
  child->id = id;
  child->message = message;
  child->bytes = bytes;
  *pid = child->pid;
  cpu_set_t cpus;
  bool stays = stay_on_cpu(child, &cpus);
  bool answered = ask(child);
  if (stays) sched_setaffinity(0, sizeof cpus, &cpus);
  if (answered) return -child->error;
  free(child);
  *place = NULL;
  return -ECHILD;
}

void sending_child_end(struct sending_child *child) {
  if (child == NULL) return;
  kill(child->pid, SIGKILL);
  has_ended(child, 0);
  free(child);
}

#else

int sending_child(struct sending_child **child, int id, const void *message, size_t bytes, int *pid) {
  (void)child;
  (void)id;
  (void)message;
  (void)bytes;
  (void)pid;
  return -ENOSYS;
}

void sending_child_end(struct sending_child *child) {
  (void)child;
}

#endif
