/* semget, semop, and semctl of single semaphores. */
#include "semaphore.h"

#include "deadline.h"
#include "namespace.h"
#include "semaphore_undo.h"

#include <assert.h>
#include <errno.h>

void semaphore_operations(const struct addon *addon, struct sembuf *operations, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const double *fields = addon->fields + 3 * i;
    operations[i].sem_num = (unsigned short)fields[0];
    operations[i].sem_op = (short)fields[1];
    operations[i].sem_flg = (short)fields[2];
  }
}

int semaphore_operate(int id, const struct sembuf *operations, size_t count) {
  struct sembuf known[OPERATIONS_MAX];
  assert(count <= OPERATIONS_MAX);
  for (size_t i = 0; i < count; i++) {
    known[i] = operations[i];
    known[i].sem_flg &= IPC_NOWAIT | SEM_UNDO;
  }
  return semop(id, known, count) == -1 ? -errno : 0;
}

void semaphore_take_back(int id, const struct sembuf *operations, size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct sembuf reverse = operations[i];
    reverse.sem_op = (short)-reverse.sem_op;
    reverse.sem_flg |= IPC_NOWAIT;
    if (reverse.sem_op != 0) semaphore_operate(id, &reverse, 1);
  }
}

int semaphore_operated(const struct addon *addon, int id, const struct sembuf *operations, size_t count,
                       int result) {
  semaphore_undo_settle(addon->undo, id, operations, count, result == 0);
  if (result == -EIDRM || result == -EINVAL) semaphore_undo_forget(id, ALL_SEMAPHORES);
  return result;
}

/* semget(key, count, flags): the set's id. */
static napi_value semaphore_get(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  return call_result(env, namespace_semget((key_t)int_argument(env, arguments[0]),
                                           int_argument(env, arguments[1]), int_argument(env, arguments[2])));
}

/* semop(id, count): 0. Blocks this thread unless every operation has IPC_NOWAIT. */
static napi_value semaphore_semop(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  size_t count;
  struct sembuf operations[OPERATIONS_MAX];
  if (!size_argument(env, arguments[1], OPERATIONS_MAX, &count)) return int_result(env, -E2BIG);
  semaphore_operations(addon, operations, count);
  if (!semaphore_undo_reserve(addon->undo, operations, count)) return int_result(env, -ENOMEM);
  int id = int_argument(env, arguments[0]);
  int result = semaphore_operate(id, operations, count);
  return int_result(env, semaphore_operated(addon, id, operations, count, result));
}

/* semopUntil(id, count, milliseconds): as semop; -ETIMEDOUT; -EINTR after a signal. */
static napi_value semaphore_semop_until(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  struct addon *addon = addon_arguments(env, info, 3, arguments);
  size_t count;
  struct sembuf operations[OPERATIONS_MAX];
  struct deadline deadline;
  if (!size_argument(env, arguments[1], OPERATIONS_MAX, &count)) return int_result(env, -E2BIG);
  semaphore_operations(addon, operations, count);
  if (!semaphore_undo_reserve(addon->undo, operations, count)) return int_result(env, -ENOMEM);
  int id = int_argument(env, arguments[0]);
  int result = deadline_arm(&deadline, double_argument(env, arguments[2]));
  if (result == 0) result = semaphore_operate(id, operations, count);
  if (result == -EINTR && deadline_passed(&deadline)) result = -ETIMEDOUT;
  deadline_disarm(&deadline);
  return int_result(env, semaphore_operated(addon, id, operations, count, result));
}

/* semctlRead(id, number, what): what is 0 for the value, 1 the last pid, 2 waiters for increase, 3 for zero.
 */
static napi_value semaphore_read(napi_env env, napi_callback_info info) {
  static const int commands[] = {GETVAL, GETPID, GETNCNT, GETZCNT};
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  int command = commands[int_argument(env, arguments[2]) & 3];
  union semaphore_argument none = {0};
  return call_result(
      env, namespace_semctl(int_argument(env, arguments[0]), int_argument(env, arguments[1]), command, none));
}

/* semctlSetValue(id, number, value): 0. */
static napi_value semaphore_set_value(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  int id = int_argument(env, arguments[0]), number = int_argument(env, arguments[1]);
  union semaphore_argument argument = {.value = int_argument(env, arguments[2])};
  int result = namespace_semctl(id, number, SETVAL, argument);
  if (result != -1 && !namespace_is_entered()) semaphore_undo_forget(id, number);
  return call_result(env, result);
}

/* The kernel reads or writes as many values as the set has, so the array has to be that long. */
static int count_matches(int id, size_t length) {
  struct semid_ds set = {0};
  union semaphore_argument argument = {.set = &set};
  int result = namespace_semctl(id, 0, IPC_STAT, argument);
  if (result == -1) return -errno;
  return (size_t)set.sem_nsems == length ? 0 : -EINVAL;
}

static napi_value all_values(napi_env env, napi_callback_info info, int command) {
  napi_value arguments[2];
  void *values = NULL;
  size_t length = 0;
  addon_arguments(env, info, 2, arguments);
  int id = int_argument(env, arguments[0]);
  if (!array_argument(env, arguments[1], napi_uint16_array, &values, &length))
    return int_result(env, -EFAULT);
  int result = count_matches(id, length);
  if (result != 0) return int_result(env, result);
  union semaphore_argument argument = {.values = values};
  result = namespace_semctl(id, 0, command, argument);
  if (result != -1 && command == SETALL && !namespace_is_entered()) semaphore_undo_forget(id, ALL_SEMAPHORES);
  return call_result(env, result);
}

/* semctlValues(id, values), semctlSetValues(id, values): 0. A Uint16Array as long as the set. */
static napi_value semaphore_values(napi_env env, napi_callback_info info) {
  return all_values(env, info, GETALL);
}

static napi_value semaphore_set_values(napi_env env, napi_callback_info info) {
  return all_values(env, info, SETALL);
}

void semaphore_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "semget", semaphore_get);
  addon_export(env, exports, "semop", semaphore_semop);
  addon_export(env, exports, "semopUntil", semaphore_semop_until);
  addon_export(env, exports, "semctlRead", semaphore_read);
  addon_export(env, exports, "semctlSetValue", semaphore_set_value);
  addon_export(env, exports, "semctlValues", semaphore_values);
  addon_export(env, exports, "semctlSetValues", semaphore_set_values);
}
