#include "sending_child.h"

#include <errno.h>

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK_BYTES = 16 * 1024, STACK_ALIGNMENT = 16 };

struct sending {
  int id;
  const void *message;
  size_t bytes;
};

#ifdef SYS_msgsnd
static long send_now(const struct sending *sending) {
  return syscall(SYS_msgsnd, sending->id, sending->message, sending->bytes, IPC_NOWAIT);
}
#else
static long send_now(const struct sending *sending) {
  return msgsnd(sending->id, sending->message, sending->bytes, IPC_NOWAIT);
}
#endif

/*
 * Runs in the memory of the parent and on its thread's storage, while that thread waits: errno is the
 * parent's own. Two system calls, and no library function that could keep something; what is to be told fits
 * into the exit code, as every errno of msgsnd(2) is below 256.
 */
static int send_and_end(void *argument) {
  int error = send_now(argument) == -1 ? errno : 0;
  syscall(SYS_exit_group, error);
  return error;
}

static int wait_for(pid_t child) {
  int status = 0;
  pid_t ended;
  /* __WCLONE: its end sends no SIGCHLD, for which others may listen. */
  do {
    ended = waitpid(child, &status, __WCLONE);
  } while (ended == -1 && errno == EINTR);
  if (ended == -1) return -errno;
  return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}

/*
 * Keeps this thread on the CPU where it is, and so the child that it starts: to wake another CPU takes longer
 * than the child lives, and the thread waits for it anyway. Failures cost only time. @returns whether to undo
 * it
 */
static bool stay_on_cpu(cpu_set_t *before) {
  cpu_set_t here;
  int cpu = sched_getcpu();
  if (cpu < 0 || sched_getaffinity(0, sizeof *before, before) != 0) return false;
  CPU_ZERO(&here);
  CPU_SET((size_t)cpu, &here);
  return sched_setaffinity(0, sizeof here, &here) == 0;
}

int sending_child(int id, const void *message, size_t bytes, int *pid) {
  /* The thread waits until the child has ended (CLONE_VFORK), so that its own stack can lend the child one.
   */
  _Alignas(STACK_ALIGNMENT) unsigned char stack[STACK_BYTES];
  struct sending sending = {id, message, bytes};
  sigset_t all, before;
  /* A handler of the parent's that ran in the child, as by Ctrl-C, would work on the parent's memory. */
  sigfillset(&all);
  int error = pthread_sigmask(SIG_SETMASK, &all, &before);
  if (error != 0) return -error;
  cpu_set_t cpus;
  bool stays = stay_on_cpu(&cpus);
  pid_t child =
      clone(send_and_end, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID, &sending, pid);
  int result = child == -1 ? -errno : wait_for(child);
  if (stays) sched_setaffinity(0, sizeof cpus, &cpus);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return result;
}

#else

int sending_child(int id, const void *message, size_t bytes, int *pid) {
  (void)id;
  (void)message;
  (void)bytes;
  (void)pid;
  return -ENOSYS;
}

#endif
