/*
 * Messages in memory that outlives the process: a slot of an attached segment, into which msgrcv(2) writes
 * type and body in one step with taking them, and out of which a child sends. A slot is a struct msgbuf at a
 * place of an ArrayBuffer, on an eight-byte boundary. A message in a slot has been taken, whichever process
 * is killed then.
 */
#include "addon.h"
#include "namespace.h"
#include "sending_child.h"
#include "system_v.h"
#include "waiter_pool.h"

#include <errno.h>
#include <string.h>
#include <sys/msg.h>
#include <unistd.h>

/* What is at `at` in an ArrayBuffer, with room for a head and so many bytes; NULL if it has not. */
static unsigned char *place_in(napi_env env, napi_value buffer, napi_value at, size_t head, size_t bytes) {
  void *memory = NULL;
  size_t size = 0, offset;
  if (napi_get_arraybuffer_info(env, buffer, &memory, &size) != napi_ok || memory == NULL) return NULL;
  if (!size_argument(env, at, size, &offset) || offset % head != 0 || !is_within(size, offset, head, bytes))
    return NULL;
  return (unsigned char *)memory + offset;
}

static bool selected(const struct addon *addon, long *type) {
  if (addon->message_size < TYPE_BYTES) return false;
  memcpy(type, addon->message, sizeof *type);
  return true;
}

/*
 * slotReceive(id, buffer, at, bytes, flags): the size of the body. Never waits. The type to select by, or the
 * index of a copy, stands in the message buffer.
 */
static napi_value slot_receive(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  struct addon *addon = addon_arguments(env, info, 5, arguments);
  size_t bytes;
  long type;
  int id = int_argument(env, arguments[0]), flags = int_argument(env, arguments[4]) | IPC_NOWAIT;
  if ((flags & UNKNOWN_FLAGS) != 0) return int_result(env, -ENOSYS);
  if (!size_argument(env, arguments[3], INT_MAX, &bytes) || !selected(addon, &type))
    return int_result(env, -EFAULT);
  unsigned char *slot = place_in(env, arguments[1], arguments[2], TYPE_BYTES, bytes);
  if (slot == NULL) return int_result(env, -EFAULT);
  return call_result(env, msgrcv(id, slot, bytes, type, flags));
}

/* The pid is in the slot before the kernel is asked: a kill in between leaves a queue whose last sender is
 * another one. */
static int send_here(int id, const void *slot, size_t bytes, int *pid) {
  *pid = getpid();
  return msgsnd(id, slot, bytes, IPC_NOWAIT) == -1 ? -errno : 0;
}

/*
 * slotSend(id, buffer, at, bytes, pidAt, child): 0. Sends from a child, or from this process, and puts the
 * sender's pid at `pidAt`, 32 bits.
 */
static napi_value slot_send(napi_env env, napi_callback_info info) {
  napi_value arguments[6];
  struct addon *addon = addon_arguments(env, info, 6, arguments);
  size_t bytes;
  if (!size_argument(env, arguments[3], INT_MAX, &bytes)) return int_result(env, -EFAULT);
  unsigned char *slot = place_in(env, arguments[1], arguments[2], TYPE_BYTES, bytes);
  unsigned char *pid = place_in(env, arguments[1], arguments[4], sizeof(int32_t), 0);
  if (slot == NULL || pid == NULL) return int_result(env, -EFAULT);
  int id = int_argument(env, arguments[0]);
  bool from_child = int_argument(env, arguments[5]) != 0;
  return int_result(env, from_child ? sending_child(&addon->child, id, slot, bytes, (int *)pid)
                                    : send_here(id, slot, bytes, (int *)pid));
}

/*
 * slotWait(id, buffer, at): the waiter's index. Waits with room for no bytes: -E2BIG says that a message is
 * there, and only an empty one is taken, into the slot. The ArrayBuffer has to live for as long as the wait.
 */
static napi_value slot_wait(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  struct addon *addon = addon_arguments(env, info, 3, arguments);
  struct waiter *waiter;
  long type;
  unsigned char *slot = place_in(env, arguments[1], arguments[2], TYPE_BYTES, 0);
  if (slot == NULL || !selected(addon, &type)) return int_result(env, -EFAULT);
  int error = waiter_pool_take(addon->waiters, 0, &waiter);
  if (error != 0) return int_result(env, error);
  waiter->type = type;
  waiter->slot = slot;
  return int_result(env, waiter_call(waiter, WAIT_SLOT, int_argument(env, arguments[0])));
}

void slot_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "slotReceive", slot_receive);
  addon_export(env, exports, "slotSend", slot_send);
  addon_export(env, exports, "slotWait", slot_wait);
}
