/* Reading one of the kernel's three tables: of queues, of semaphore sets, of shared memory segments. */
#ifndef TIMEQ_TABLE_H
#define TIMEQ_TABLE_H

#include "addon.h"

/* The highest index in use, and how many objects there are; -1 with errno. */
typedef int table_in_use(int *count);

/* The id of what is at an index, which is written to `row` unless that is NULL; -1 with errno. */
typedef int table_entry(int index, double *row);

/*
 * The end of a function that is called with a Float64Array `rows`: how many objects there are. As many of
 * them as fit are now in the array, `width` doubles each. -ENOSYS where the kernel has to be asked through
 * /proc instead.
 */
napi_value table_read(napi_env env, napi_callback_info info, size_t width, table_in_use *in_use,
                      table_entry *entry);

#endif
