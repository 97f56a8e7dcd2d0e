/*
 * msgget, msgsnd and msgrcv. Script puts the message type, or the type to select by, into the first eight
 * bytes of the message buffer, so a long passes whole in both directions. The calls that are made for each
 * message take their arguments from the registers.
 */
#include "addon.h"
#include "deadline.h"
#include "namespace.h"
#include "put_back.h"
#include "system_v.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/msg.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

/*
 * The two calls that everything hangs on go to the kernel directly where they are system calls of their own.
 * glibc's wrappers are cancellation points, which in a program with threads costs two atomic operations a
 * call.
 */
#if defined(__linux__) && defined(SYS_msgsnd) && defined(SYS_msgrcv)
static long send_message(int id, const void *message, size_t bytes, int flags) {
  return syscall(SYS_msgsnd, id, message, bytes, flags);
}

static long receive_message(int id, void *message, size_t bytes, long type, int flags) {
  return syscall(SYS_msgrcv, id, message, bytes, type, flags);
}
#else
#define send_message msgsnd
#define receive_message msgrcv
#endif

/* Whether the message buffer holds a body of this many bytes. */
static bool has_body(const struct addon *addon, int32_t bytes) {
  return bytes >= 0 && is_within(addon->message_size, 0, TYPE_BYTES, (size_t)bytes);
}

/* Whether the registers name a place in the slab with room for the body that they name. */
static bool has_place(const struct addon *addon) {
  int32_t at = addon->registers[REGISTER_AT], bytes = addon->registers[REGISTER_BYTES];
  assert(at % 8 == 0);
  return at >= 0 && bytes >= 0 && is_within(addon->slab_size, (size_t)at, TYPE_BYTES, (size_t)bytes) &&
         addon->message_size >= TYPE_BYTES;
}

static long selected_type(const struct addon *addon) {
  long type;
  memcpy(&type, addon->message, sizeof type);
  return type;
}

/* msgget(key, flags): the queue's id. */
static napi_value queue_get(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  addon_arguments(env, info, 2, arguments);
  return call_result(
      env, namespace_msgget((key_t)int_argument(env, arguments[0]), int_argument(env, arguments[1])));
}

static struct addon *addon_of_call(napi_env env, napi_callback_info info) {
  void *addon = NULL;
  napi_get_cb_info(env, info, NULL, NULL, NULL, &addon);
  return addon;
}

static void finish(struct addon *addon, long result) {
  addon->registers[REGISTER_RESULT] = result == -1 ? -errno : (int)result;
}

static napi_value refuse(struct addon *addon, int error) {
  addon->registers[REGISTER_RESULT] = -error;
  return NULL;
}

/* msgsnd(): registers id, bytes, flags. Sends the type and body in the message buffer. */
static napi_value queue_send(napi_env env, napi_callback_info info) {
  struct addon *addon = addon_of_call(env, info);
  const int32_t *registers = addon->registers;
  if (!has_body(addon, registers[REGISTER_BYTES])) return refuse(addon, EFAULT);
  finish(addon, send_message(registers[REGISTER_ID], addon->message, (size_t)registers[REGISTER_BYTES],
                             registers[REGISTER_FLAGS]));
  return NULL;
}

/* The start of the record after one with a body of this many bytes: on an eight-byte boundary. */
static size_t next_record(size_t at, size_t bytes) {
  assert(at % 8 == 0);
  return at + RECORD_BYTES + TYPE_BYTES + ((bytes + 7) & ~(size_t)7);
}

/*
 * msgsndBatch(): registers id, flags, count. Sends the `count` messages in the message buffer, in order,
 * until one can't be sent; returns how many were. They are laid out as msgrcvBatch lays out its own: the size
 * of the body (64 bits), the type, the body, and the next one on an eight-byte boundary. The next call
 * reports an error after the first message.
 */
static napi_value queue_send_batch(napi_env env, napi_callback_info info) {
  struct addon *addon = addon_of_call(env, info);
  const int32_t *registers = addon->registers;
  int flags = registers[REGISTER_FLAGS], sent = 0;
  size_t at = 0;
  long result = 0;
  while (sent < registers[REGISTER_COUNT]) {
    uint64_t bytes = UINT64_MAX;
    if (is_within(addon->message_size, at, RECORD_BYTES, 0))
      memcpy(&bytes, addon->message + at, sizeof bytes);
    errno = EFAULT;
    result = -1;
    if (is_within(addon->message_size, at, RECORD_BYTES + TYPE_BYTES, bytes))
      result = send_message(registers[REGISTER_ID], addon->message + at + RECORD_BYTES, bytes, flags);
    if (result == -1) break;
    at = next_record(at, bytes);
    sent++;
  }
  finish(addon, sent > 0 ? sent : result);
  return NULL;
}

/* Only a peek crosses into an entered namespace: a receive takes from the process's own queues. */
static long receive_here(int id, void *message, size_t bytes, long type, int flags) {
#ifdef __linux__
  if ((flags & MSG_COPY) != 0) return namespace_receive(receive_message, id, message, bytes, type, flags);
#endif
  return receive_message(id, message, bytes, type, flags);
}

/*
 * msgrcv(): registers id, bytes, flags, at; tries up to count times while there is nothing. Returns the size
 * of the body. The message, its type and its body, is in the slab.
 */
static napi_value queue_receive(napi_env env, napi_callback_info info) {
  struct addon *addon = addon_of_call(env, info);
  const int32_t *registers = addon->registers;
  int flags = registers[REGISTER_FLAGS];
  if ((flags & UNKNOWN_FLAGS) != 0) return refuse(addon, ENOSYS);
  if (!has_place(addon)) return refuse(addon, EFAULT);
  long type = selected_type(addon), result;
  int tries = registers[REGISTER_COUNT];
  do {
    result = receive_here(registers[REGISTER_ID], addon->slab + registers[REGISTER_AT],
                          (size_t)registers[REGISTER_BYTES], type, flags);
  } while (result == -1 && errno == ENOMSG && --tries > 0);
  finish(addon, result);
  return NULL;
}

/* An EINTR before the deadline came from another signal, whose handler in script has to run. */
static int timed_result(const struct deadline *deadline, long result) {
  if (result != -1) return (int)result;
  return errno == EINTR && deadline_passed(deadline) ? -ETIMEDOUT : -errno;
}

/* msgsndUntil(milliseconds): as msgsnd, but blocks this thread; -ETIMEDOUT; -EINTR after another signal. */
static napi_value queue_send_until(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  const int32_t *registers = addon->registers;
  struct deadline deadline;
  if (!has_body(addon, registers[REGISTER_BYTES])) return refuse(addon, EFAULT);
  int result = deadline_arm(&deadline, double_argument(env, argument));
  if (result == 0) {
    result = timed_result(
        &deadline, msgsnd(registers[REGISTER_ID], addon->message, (size_t)registers[REGISTER_BYTES], 0));
  }
  deadline_disarm(&deadline);
  addon->registers[REGISTER_RESULT] = result;
  return NULL;
}

/*
 * msgrcvUntil(milliseconds): as msgrcv, but blocks this thread; -ETIMEDOUT; -EINTR after another signal. A
 * worker that was terminated meanwhile can't deliver the message, so it goes back.
 */
static napi_value queue_receive_until(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  const int32_t *registers = addon->registers;
  int flags = registers[REGISTER_FLAGS];
  struct deadline deadline;
  if ((flags & UNKNOWN_FLAGS) != 0) return refuse(addon, ENOSYS);
  if (!has_place(addon)) return refuse(addon, EFAULT);
  int result = deadline_arm(&deadline, double_argument(env, argument));
  if (result == 0) {
    result = timed_result(&deadline, msgrcv(registers[REGISTER_ID], addon->slab + registers[REGISTER_AT],
                                            (size_t)registers[REGISTER_BYTES], selected_type(addon), flags));
  }
  deadline_disarm(&deadline);
  if (result >= 0 && !script_can_run(env)) {
    put_back(registers[REGISTER_ID], addon->slab + registers[REGISTER_AT], (size_t)result);
  }
  addon->registers[REGISTER_RESULT] = result;
  return NULL;
}

/*
 * msgrcvBatch(): registers id, bytes (the largest body to take), flags, at, count. Takes up to `count`
 * messages that are there now; returns how many. They follow one another in the slab, each on an eight-byte
 * boundary: the size of the body (64 bits), the type, the body. A record starts only where the largest body
 * would fit. The next call reports an error after the first message.
 */
static napi_value queue_receive_batch(napi_env env, napi_callback_info info) {
  struct addon *addon = addon_of_call(env, info);
  const int32_t *registers = addon->registers;
  int flags = registers[REGISTER_FLAGS] | IPC_NOWAIT;
  if ((flags & UNKNOWN_FLAGS) != 0) return refuse(addon, ENOSYS);
  if (!has_place(addon)) return refuse(addon, EFAULT);
  size_t largest = (size_t)registers[REGISTER_BYTES], at = (size_t)registers[REGISTER_AT];
  long type = selected_type(addon), bytes = 0;
  int taken = 0;
  while (taken < registers[REGISTER_COUNT] &&
         is_within(addon->slab_size, at, RECORD_BYTES + TYPE_BYTES, largest)) {
    unsigned char *record = addon->slab + at;
    bytes = receive_message(registers[REGISTER_ID], record + RECORD_BYTES, largest, type, flags);
    if (bytes == -1) break;
    int64_t size = bytes;
    memcpy(record, &size, sizeof size);
    at = next_record(at, (size_t)bytes);
    taken++;
  }
  finish(addon, taken > 0 ? taken : bytes);
  return NULL;
}

void message_queue_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "msgget", queue_get);
  addon_export(env, exports, "msgsnd", queue_send);
  addon_export(env, exports, "msgrcv", queue_receive);
  addon_export(env, exports, "msgsndUntil", queue_send_until);
  addon_export(env, exports, "msgrcvUntil", queue_receive_until);
  addon_export(env, exports, "msgsndBatch", queue_send_batch);
  addon_export(env, exports, "msgrcvBatch", queue_receive_batch);
}
