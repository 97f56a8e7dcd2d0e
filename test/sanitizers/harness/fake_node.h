/*
 * As much of Node.js and its libuv as the addon needs: environments with a value stack, an event loop that is
 * only woken by threads, and cleanup hooks. A checker of threads or memory that watches this sees nothing but
 * the addon.
 */
#ifndef TIMEQ_FAKE_NODE_H
#define TIMEQ_FAKE_NODE_H

#include <node_api.h>
#include <stddef.h>
#include <stdint.h>

/* An environment with the addon loaded, on this thread. */
napi_env fake_environment_create(void);
/* Runs the cleanup hooks in reverse order, then the finalizers. */
void fake_environment_destroy(napi_env env);

/* Calls an export with numbers. Returns its number, or 0 if it returned nothing. */
double fake_call(napi_env env, const char *name, size_t count, const double *arguments);

/* Gives the addon a listener, as script does with waitListen. */
typedef void fake_listener(void *context, int waiter, int result);
void fake_listen(napi_env env, fake_listener *listener, void *context);

/* The buffers that script shares with the addon. */
unsigned char *fake_message_buffer(napi_env env, size_t bytes);
unsigned char *fake_slab(napi_env env, size_t bytes);
int32_t *fake_registers(napi_env env);
double *fake_fields(napi_env env);

/* Memory in place of a segment: an argument of -1 is the ArrayBuffer on it. */
void fake_segment(napi_env env, unsigned char *memory, size_t bytes);

/* Runs what other threads have woken the loop for, and waits for that for so many milliseconds at most. */
void fake_turn(napi_env env, int milliseconds);

/* From now on script can't run, as in a worker that is being terminated, but its loop still runs. */
void fake_terminate(napi_env env);

#endif
