#ifndef TIMEQ_SEMAPHORE_H
#define TIMEQ_SEMAPHORE_H

#include "addon.h"

#include <sys/sem.h>

/* Reads `count` operations from the fields: number, delta and flags of each. */
void semaphore_operations(const struct addon *addon, struct sembuf *operations, size_t count);

#endif
