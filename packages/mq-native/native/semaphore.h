#ifndef TIMEQ_SEMAPHORE_H
#define TIMEQ_SEMAPHORE_H

#include "addon.h"

#include <sys/sem.h>

/* Reads `count` operations from the fields: number, delta and flags of each. */
void semaphore_operations(const struct addon *addon, struct sembuf *operations, size_t count);

/*
 * To be called on the loop's thread with the result of every semop, 0 or -errno, which it returns: it keeps
 * what the thread of script gives back when it ends.
 */
int semaphore_operated(const struct addon *addon, int id, const struct sembuf *operations, size_t count,
                       int result);

#endif
