/* The waiter functions for script: start, cancel and collect the waits of its environment. */
#include "semaphore.h"
#include "semaphore_undo.h"
#include "waiter_pool.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/*
 * waitReceive(id, flags, room): the waiter's index. It takes a message with a body of up to `room` bytes, and
 * reports a larger one. The type to select by is in the message buffer.
 */
static napi_value wait_receive(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  struct addon *addon = addon_arguments(env, info, 3, arguments);
  size_t room;
  struct waiter *waiter;
  if (!size_argument(env, arguments[2], INT_MAX, &room) || addon->message_size < TYPE_BYTES)
    return int_result(env, -EFAULT);
  int error = waiter_pool_take(addon->waiters, TYPE_BYTES + room, &waiter);
  if (error != 0) return int_result(env, error);
  memcpy(&waiter->type, addon->message, sizeof waiter->type);
  waiter->flags = int_argument(env, arguments[1]);
  waiter->size = room;
  return int_result(env, waiter_call(waiter, WAIT_RECEIVE, int_argument(env, arguments[0])));
}

/* waitSend(id, bytes): the waiter's index. Sends a copy of the message buffer's present content. */
static napi_value wait_send(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  size_t bytes;
  struct waiter *waiter;
  if (!size_argument(env, arguments[1], INT_MAX, &bytes) ||
      !is_within(addon->message_size, 0, TYPE_BYTES, bytes)) {
    return int_result(env, -EFAULT);
  }
  int error = waiter_pool_take(addon->waiters, TYPE_BYTES + bytes, &waiter);
  if (error != 0) return int_result(env, error);
  memcpy(waiter->payload, addon->message, TYPE_BYTES + bytes);
  waiter->size = bytes;
  return int_result(env, waiter_call(waiter, WAIT_SEND, int_argument(env, arguments[0])));
}

/* waitOperate(id, count): the waiter's index. The operations are in the fields, three numbers each. */
static napi_value wait_operate(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  size_t count;
  struct waiter *waiter;
  if (!size_argument(env, arguments[1], OPERATIONS_MAX, &count)) return int_result(env, -E2BIG);
  int error = waiter_pool_take(addon->waiters, count * sizeof(struct sembuf), &waiter);
  if (error != 0) return int_result(env, error);
  semaphore_operations(addon, (struct sembuf *)waiter->payload, count);
  waiter->size = count;
  if (!semaphore_undo_reserve(addon->undo, (struct sembuf *)waiter->payload, count)) {
    waiter_pool_give_back(addon->waiters, waiter);
    return int_result(env, -ENOMEM);
  }
  return int_result(env, waiter_call(waiter, WAIT_OPERATE, int_argument(env, arguments[0])));
}

/* waitClock(wall, moment): the waiter's index. The wall clock, or the one that can't be set; nanoseconds as a
 * bigint.
 */
static napi_value wait_clock(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  int64_t moment;
  bool whole;
  if (napi_get_value_bigint_int64(env, arguments[1], &moment, &whole) != napi_ok || !whole)
    return int_result(env, -EINVAL);
  struct waiter *waiter;
  int error = waiter_pool_take(addon->waiters, 0, &waiter);
  if (error != 0) return int_result(env, error);
  waiter->clock = int_argument(env, arguments[0]) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  waiter->moment = moment;
  return int_result(env, waiter_call(waiter, WAIT_CLOCK, -1));
}

/*
 * waitCancel(index): how the wait ended: -EINTR if nothing happened, otherwise what the call had returned
 * when the interruption came, -EALREADY if the thread can't be interrupted and was abandoned. A receive that
 * succeeded has taken a message, which waitTaken fetches.
 */
static napi_value wait_cancel(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  struct waiter *waiter = waiter_pool_busy(addon->waiters, int_argument(env, argument));
  if (waiter == NULL) return int_result(env, -EINVAL);
  if (!waiter_stop(waiter)) return int_result(env, -EALREADY);
  return int_result(env, waiter_pool_finish(addon->waiters, waiter));
}

/*
 * waitTaken(at): 0. Puts the message of the wait that just ended into the slab, type and body. -EFAULT if it
 * has no room there: then the message goes back into its queue.
 */
static napi_value wait_taken(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  struct taken *taken = &addon->waiters->taken;
  size_t at;
  if (!taken->held) return int_result(env, -EINVAL);
  if (!size_argument(env, argument, addon->slab_size, &at) ||
      !is_within(addon->slab_size, at, TYPE_BYTES, taken->size)) {
    waiter_pool_return_taken(addon->waiters);
    return int_result(env, -EFAULT);
  }
  memcpy(addon->slab + at, taken->message, TYPE_BYTES + taken->size);
  taken->held = false;
  return int_result(env, 0);
}

/* waitListen(listener): 0, once. listener(index, result) is called for every wait that ended without being
 * cancelled.
 */
static napi_value wait_listen(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct waiter_pool *pool = addon_arguments(env, info, 1, &argument)->waiters;
  if (pool->listener != NULL) return int_result(env, -EALREADY);
  bool made = napi_create_reference(env, argument, 1, &pool->listener) == napi_ok;
  return int_result(env, made ? 0 : -ENOMEM);
}

/* waitRef(delta): adds to the number of waits that keep the event loop alive. */
static napi_value wait_ref(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct waiter_pool *pool = addon_arguments(env, info, 1, &argument)->waiters;
  int before = pool->references;
  pool->references += int_argument(env, argument);
  assert(pool->references >= 0);
  if ((before > 0) != (pool->references > 0)) loop_call_keep_alive(pool->done.report, before == 0);
  return NULL;
}

void wait_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "waitReceive", wait_receive);
  addon_export(env, exports, "waitSend", wait_send);
  addon_export(env, exports, "waitOperate", wait_operate);
  addon_export(env, exports, "waitClock", wait_clock);
  addon_export(env, exports, "waitCancel", wait_cancel);
  addon_export(env, exports, "waitTaken", wait_taken);
  addon_export(env, exports, "waitListen", wait_listen);
  addon_export(env, exports, "waitRef", wait_ref);
}
