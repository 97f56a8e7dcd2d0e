#ifndef TIMEQ_SEMAPHORE_H
#define TIMEQ_SEMAPHORE_H

#include "addon.h"

#include <sys/sem.h>

enum { OPERATIONS_MAX = FIELD_COUNT / 3 };

/* Reads `count` operations from the fields, OPERATIONS_MAX at the most: number, delta and flags of each. */
void semaphore_operations(const struct addon *addon, struct sembuf *operations, size_t count);

/* semop(2), which sees the kernel's own flags only: 0 or -errno. */
int semaphore_operate(int id, const struct sembuf *operations, size_t count);

/* Reverses operations, each of them by itself, as far as that is possible now. */
void semaphore_take_back(int id, const struct sembuf *operations, size_t count);

/*
 * Call it on the loop's thread with the result of every semop, 0 or -errno, which it returns: it records what
 * script's thread has to undo when it ends.
 */
int semaphore_operated(const struct addon *addon, int id, const struct sembuf *operations, size_t count,
                       int result);

#endif
