/*
 * Threads that block in System V calls so that the event loop does not have to. Each environment has its own
 * pool; libuv's pool, which files and DNS need, is never used.
 */
#ifndef TIMEQ_WAITER_H
#define TIMEQ_WAITER_H

#include "addon.h"

struct waiter_pool *waiter_pool_create(napi_env env);

#endif
