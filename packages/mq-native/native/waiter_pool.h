/*
 * Threads that block in System V calls in place of the event loop. Each environment has its own pool; it
 * never uses libuv's pool, which files and DNS need.
 *
 * Script, and C on the loop's thread, know a waiter by its index only. An index is reused only after the end
 * of its wait was reported, or its cancellation has returned.
 */
#ifndef TIMEQ_WAITER_POOL_H
#define TIMEQ_WAITER_POOL_H

#include "addon.h"
#include "waiter_thread.h"

/* A message that a waiter took and script has not fetched yet. */
struct taken {
  bool held; /* script has not fetched it yet */
  int id;
  size_t size;
  unsigned char *message; /* a struct msgbuf */
  size_t capacity;
};

struct waiter_pool {
  napi_env env;
  napi_async_cleanup_hook_handle end;
  napi_ref listener;
  int references; /* of script to the event loop: while there are any, waits keep the process alive */
  struct done_list done;
  struct waiter **waiters;
  int count;
  int first_parked; /* -1: none */
  int parked;
  struct taken taken;
};

struct waiter_pool *waiter_pool_create(napi_env env);

/* A parked waiter, off the list, with room for `bytes` of payload. 0 or -errno. */
int waiter_pool_take(struct waiter_pool *pool, size_t bytes, struct waiter **taken);

/* Parks a waiter that was taken and makes no call. */
void waiter_pool_give_back(struct waiter_pool *pool, struct waiter *waiter);

/* The waiter of an index whose wait was not reported yet; NULL if there is none. */
struct waiter *waiter_pool_busy(struct waiter_pool *pool, int index);

/* Takes the result of a finished wait, and parks the waiter. A message that it took is now `taken`. */
int waiter_pool_finish(struct waiter_pool *pool, struct waiter *waiter);

/* Returns the message in `taken`, if any, to its queue. */
void waiter_pool_return_taken(struct waiter_pool *pool);

#endif
