/*
 * Calls in another IPC namespace. A namespace belongs to a thread (setns(2)), so a thread of the addon enters
 * it and makes the calls there while the environment's own thread waits. So that thread keeps what it holds,
 * above all semaphores raised with SEM_UNDO.
 *
 * These functions replace the calls of the same names: they run in the namespace that this thread's
 * environment has entered, and on this very thread if it has entered none.
 */
#ifndef TIMEQ_NAMESPACE_H
#define TIMEQ_NAMESPACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* semctl's fourth argument; POSIX leaves it to the caller to define. */
union semaphore_argument {
  int value;
  struct semid_ds *set;
  unsigned short *values;
  void *info;
};

int namespace_msgget(key_t key, int flags);
int namespace_msgctl(int id, int command, struct msqid_ds *queue);
int namespace_semget(key_t key, int count, int flags);
int namespace_semctl(int id, int number, int command, union semaphore_argument argument);
int namespace_shmget(key_t key, size_t bytes, int flags);
int namespace_shmctl(int id, int command, struct shmid_ds *segment);

/* Whether this thread's environment has entered one, whose ids are not the process's own. */
bool namespace_is_entered(void);

/* How many threads have entered a namespace. */
extern atomic_int namespace_visitors;

typedef long receive_call(int id, void *message, size_t bytes, long type, int flags);
long namespace_receive_there(receive_call *receive, int id, void *message, size_t bytes, long type,
                             int flags);

/*
 * msgrcv(2) as `receive` makes it, which must not wait: nothing could end that wait. It is called for each
 * message, so it looks up the thread's namespace only if any thread has entered one.
 */
static inline long namespace_receive(receive_call *receive, int id, void *message, size_t bytes, long type,
                                     int flags) {
  if (atomic_load_explicit(&namespace_visitors, memory_order_relaxed) == 0)
    return receive(id, message, bytes, type, flags);
  return namespace_receive_there(receive, id, message, bytes, type, flags);
}

#endif
