/*
 * Undo for a thread of script that ends. The kernel's SEM_UNDO works per process: its threads share one list
 * of undo records, so a worker that is terminated while it holds a lock would keep it until the process ends.
 */
#ifndef TIMEQ_SEMAPHORE_UNDO_H
#define TIMEQ_SEMAPHORE_UNDO_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/sem.h>

/* In sem_flg, beside SEM_UNDO: also undone when the thread ends. Our own flag, which the kernel must not see.
 */
enum { SEM_UNDO_THREAD = 040000 };

struct semaphore_undo *semaphore_undo_create(napi_env env);

/*
 * Before a call: reserves memory to record what it does. False if there is none: then the call must not be
 * made, because what it takes would stay taken until the process ends.
 */
bool semaphore_undo_reserve(struct semaphore_undo *undo, const struct sembuf *operations, size_t count);

/* After that call: records it, if it was done. */
void semaphore_undo_settle(struct semaphore_undo *undo, int id, const struct sembuf *operations, size_t count,
                           bool done);

enum { ALL_SEMAPHORES = -1 };

/* In all environments: the set is gone, or the value was set, for which the kernel drops its records as well.
 */
void semaphore_undo_forget(int id, int number);

#endif
