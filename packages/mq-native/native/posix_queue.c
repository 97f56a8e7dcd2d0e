/*
 * POSIX message queues, by descriptor (mq_overview(7)). A file that was opened in a mount of mqueue is such a
 * descriptor, of the mount's own IPC namespace. The system calls themselves: mq_open(3) of older C libraries
 * is in librt.
 */
#include "addon.h"

#include <errno.h>

#ifdef __linux__
#include <fcntl.h>
#include <mqueue.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* mqAttributes(fd): 0. The fields are the most messages, the most bytes in one, and how many there are. */
static napi_value posix_queue_attributes(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  struct mq_attr now;
  long result = syscall(SYS_mq_getsetattr, int_argument(env, argument), NULL, &now);
  if (result == 0) {
    addon->fields[0] = (double)now.mq_maxmsg;
    addon->fields[1] = (double)now.mq_msgsize;
    addon->fields[2] = (double)now.mq_curmsgs;
  }
  return call_result(env, result);
}

/* mqCreate(name, mode, mostMessages, mostBytes): a descriptor. The name has no slash. 0 messages: the
 * kernel's default. */
static napi_value posix_queue_create(napi_env env, napi_callback_info info) {
  napi_value arguments[4];
  addon_arguments(env, info, 4, arguments);
  char *name;
  int error = text_argument(env, arguments[0], &name);
  if (error != 0) return int_result(env, error);
  struct mq_attr wanted = {.mq_maxmsg = (long)double_argument(env, arguments[2]),
                           .mq_msgsize = (long)double_argument(env, arguments[3])};
  int flags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC;
  long result = syscall(SYS_mq_open, name, flags, (mode_t)int_argument(env, arguments[1]),
                        wanted.mq_maxmsg == 0 ? NULL : &wanted);
  error = errno;
  free(name);
  return int_result(env, result == -1 ? -error : (int)result);
}

/* mqUnlink(name): 0. The name has no slash. */
static napi_value posix_queue_unlink(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  char *name;
  int error = text_argument(env, argument, &name);
  if (error != 0) return int_result(env, error);
  long result = syscall(SYS_mq_unlink, name);
  error = errno;
  free(name);
  return int_result(env, result == -1 ? -error : 0);
}

/* mqReceive(fd, bytes): the length of the message; its priority is the first field. */
static napi_value posix_queue_receive(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  void *bytes;
  size_t length;
  if (!array_argument(env, arguments[1], napi_uint8_array, &bytes, &length)) return int_result(env, -EFAULT);
  unsigned int priority = 0;
  long result = syscall(SYS_mq_timedreceive, int_argument(env, arguments[0]), bytes, length, &priority, NULL);
  addon->fields[0] = priority;
  return call_result(env, result);
}

/* mqSend(fd, bytes, priority): 0. */
static napi_value posix_queue_send(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  void *bytes;
  size_t length;
  if (!array_argument(env, arguments[1], napi_uint8_array, &bytes, &length)) return int_result(env, -EFAULT);
  unsigned int priority = (unsigned int)int_argument(env, arguments[2]);
  return call_result(
      env, syscall(SYS_mq_timedsend, int_argument(env, arguments[0]), bytes, length, priority, NULL));
}
#else
#define posix_queue_attributes addon_unsupported
#define posix_queue_create addon_unsupported
#define posix_queue_receive addon_unsupported
#define posix_queue_send addon_unsupported
#define posix_queue_unlink addon_unsupported
#endif

void posix_queue_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "mqAttributes", posix_queue_attributes);
  addon_export(env, exports, "mqCreate", posix_queue_create);
  addon_export(env, exports, "mqReceive", posix_queue_receive);
  addon_export(env, exports, "mqSend", posix_queue_send);
  addon_export(env, exports, "mqUnlink", posix_queue_unlink);
}
