/*
 * A function that other threads call to run on the event loop's thread. It is a libuv handle and not
 * Node-API's thread-safe function, which holds a lock while it wakes the loop: see
 * docs/adr/008-threads-wake-the-loop-through-libuv.md.
 */
#ifndef TIMEQ_LOOP_CALL_H
#define TIMEQ_LOOP_CALL_H

#include <node_api.h>
#include <stdbool.h>

struct loop_call;

/* Runs on the loop's thread after one or more calls of loop_call_wake. */
typedef void loop_callback(void *context);

/* NULL if it can't be made. It does not keep the loop alive. */
struct loop_call *loop_call_create(napi_env env, loop_callback *run, void *context);

/* From any thread, until it is closed. */
void loop_call_wake(struct loop_call *call);

void loop_call_keep_alive(struct loop_call *call, bool keep);

/* `closed` runs with the context in a later turn, when the loop has let go of everything; `run` never again.
 */
void loop_call_close(struct loop_call *call, loop_callback *closed);

#endif
