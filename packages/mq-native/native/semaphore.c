/* semget, semop and semctl. */
#include "semaphore.h"

#include "interrupt.h"
#include "namespace.h"
#include "semaphore_undo.h"
#include "system_v.h"
#include "table.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

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
  if (result == 0) semaphore_undo_record(addon->undo, id, operations, count);
  if (result == -EIDRM || result == -EINVAL) semaphore_undo_forget(id, ALL_SEMAPHORES);
  return result;
}

/* semget(key, count, flags): the set's id. */
static napi_value set_get(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  return call_result(env, namespace_semget((key_t)int_argument(env, arguments[0]),
                                           int_argument(env, arguments[1]), int_argument(env, arguments[2])));
}

/* semop(id, count): 0. Blocks this thread unless every operation has IPC_NOWAIT. */
static napi_value set_operate(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  size_t count;
  struct sembuf operations[OPERATIONS_MAX];
  if (!size_argument(env, arguments[1], OPERATIONS_MAX, &count)) return int_result(env, -E2BIG);
  semaphore_operations(addon, operations, count);
  int id = int_argument(env, arguments[0]);
  int result = semaphore_operate(id, operations, count);
  return int_result(env, semaphore_operated(addon, id, operations, count, result));
}

/* semopUntil(id, count, milliseconds): as semop; -ETIMEDOUT; -EINTR after a signal. */
static napi_value set_operate_until(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  struct addon *addon = addon_arguments(env, info, 3, arguments);
  size_t count;
  struct sembuf operations[OPERATIONS_MAX];
  struct deadline deadline;
  if (!size_argument(env, arguments[1], OPERATIONS_MAX, &count)) return int_result(env, -E2BIG);
  semaphore_operations(addon, operations, count);
  int id = int_argument(env, arguments[0]);
  int result = deadline_arm(&deadline, double_argument(env, arguments[2]));
  if (result == 0) result = semaphore_operate(id, operations, count);
  if (result == -EINTR && deadline_passed(&deadline)) result = -ETIMEDOUT;
  deadline_disarm(&deadline);
  return int_result(env, semaphore_operated(addon, id, operations, count, result));
}

/* semctlRead(id, number, what): what is 0 for the value, 1 the last pid, 2 waiters for increase, 3 for zero.
 */
static napi_value set_read(napi_env env, napi_callback_info info) {
  static const int commands[] = {GETVAL, GETPID, GETNCNT, GETZCNT};
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  int command = commands[int_argument(env, arguments[2]) & 3];
  union semaphore_argument none = {0};
  return call_result(
      env, namespace_semctl(int_argument(env, arguments[0]), int_argument(env, arguments[1]), command, none));
}

/* semctlSetValue(id, number, value): 0. */
static napi_value set_write(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  int id = int_argument(env, arguments[0]), number = int_argument(env, arguments[1]);
  union semaphore_argument argument = {.value = int_argument(env, arguments[2])};
  int result = namespace_semctl(id, number, SETVAL, argument);
  if (result != -1 && !namespace_is_entered()) semaphore_undo_forget(id, number);
  return call_result(env, result);
}

/* The kernel reads or writes as many values as the set has, so the array has to be known to be that long. */
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
  napi_typedarray_type type;
  addon_arguments(env, info, 2, arguments);
  int id = int_argument(env, arguments[0]);
  if (napi_get_typedarray_info(env, arguments[1], &type, &length, &values, NULL, NULL) != napi_ok ||
      type != napi_uint16_array) {
    return int_result(env, -EFAULT);
  }
  int result = count_matches(id, length);
  if (result != 0) return int_result(env, result);
  union semaphore_argument argument = {.values = values};
  result = namespace_semctl(id, 0, command, argument);
  if (result != -1 && command == SETALL && !namespace_is_entered()) semaphore_undo_forget(id, ALL_SEMAPHORES);
  return call_result(env, result);
}

/* semctlValues(id, values), semctlSetValues(id, values): 0. A Uint16Array as long as the set. */
static napi_value set_values(napi_env env, napi_callback_info info) {
  return all_values(env, info, GETALL);
}

static napi_value set_set_values(napi_env env, napi_callback_info info) {
  return all_values(env, info, SETALL);
}

/* The order of the fields is repeated in src/semaphore/semaphore-fields.ts. */
static void put_set(double *fields, int id, const struct semid_ds *set) {
  fields[0] = id;
  fields[1] = (double)(uint32_t)PERM_KEY(set->sem_perm);
  fields[2] = set->sem_perm.mode & 0777;
  fields[3] = set->sem_perm.uid;
  fields[4] = set->sem_perm.gid;
  fields[5] = set->sem_perm.cuid;
  fields[6] = set->sem_perm.cgid;
  fields[7] = (double)set->sem_nsems;
  fields[8] = (double)set->sem_otime;
  fields[9] = (double)set->sem_ctime;
}
enum { SET_FIELDS = 10 };

#ifdef __linux__
/* The call takes an index, which is the low bits of an id, and answers with the id that is there now. */
static int set_at(int index, double *row) {
  struct semid_ds set = {0};
  int id = namespace_semctl(index, 0, SEM_STAT_ANY, (union semaphore_argument){.set = &set});
  if (id != -1 && row != NULL) put_set(row, id, &set);
  return id;
}
#endif

/* semctlStat(id, any): 0, with the set in the fields. `any`: also where there is no permission to read it. */
static napi_value set_stat(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  int id = int_argument(env, arguments[0]);
  struct semid_ds set = {0};
  union semaphore_argument argument = {.set = &set};
  if (int_argument(env, arguments[1]) == 0) {
    int result = namespace_semctl(id, 0, IPC_STAT, argument);
    if (result != -1) put_set(addon->fields, id, &set);
    return call_result(env, result);
  }
#ifdef __linux__
  int found = set_at(id, addon->fields);
  if (found == -1) return int_result(env, -errno);
  return int_result(env, found == id ? 0 : -EINVAL);
#else
  return int_result(env, -ENOSYS);
#endif
}

/* semctlSet(id): 0. Fields: uid, gid, mode. */
static napi_value set_set(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  struct semid_ds set;
  memset(&set, 0, sizeof set);
  set.sem_perm.uid = (uid_t)addon->fields[0];
  set.sem_perm.gid = (gid_t)addon->fields[1];
  set.sem_perm.mode = (unsigned short)addon->fields[2];
  union semaphore_argument value = {.set = &set};
  return call_result(env, namespace_semctl(int_argument(env, argument), 0, IPC_SET, value));
}

/* semctlRemove(id): 0. */
static napi_value set_remove(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  union semaphore_argument none = {0};
  return call_result(env, namespace_semctl(int_argument(env, argument), 0, IPC_RMID, none));
}

/* semctlInfo(): 0. Fields: semmni, semmsl, semmns, semopm, semvmx, then in use: sets, semaphores. */
static napi_value set_info(napi_env env, napi_callback_info info) {
  (void)info;
#ifdef __linux__
  double *fields = addon_of(env)->fields;
  struct seminfo limits = {0}, used = {0};
  union semaphore_argument argument = {.info = &limits};
  if (namespace_semctl(0, 0, IPC_INFO, argument) == -1) return int_result(env, -errno);
  argument.info = &used;
  if (namespace_semctl(0, 0, SEM_INFO, argument) == -1) return int_result(env, -errno);
  fields[0] = limits.semmni;
  fields[1] = limits.semmsl;
  fields[2] = limits.semmns;
  fields[3] = limits.semopm;
  fields[4] = limits.semvmx;
  fields[5] = used.semusz;
  fields[6] = used.semaem;
  return int_result(env, 0);
#else
  return int_result(env, -ENOSYS);
#endif
}

#ifdef __linux__
static int sets_in_use(int *count) {
  struct seminfo used = {0};
  int highest = namespace_semctl(0, 0, SEM_INFO, (union semaphore_argument){.info = &used});
  *count = used.semusz;
  return highest;
}
#endif

/* semctlTable(rows): how many sets there are; as many of them as fit are now in `rows`, see table.h. */
static napi_value set_table(napi_env env, napi_callback_info info) {
#ifdef __linux__
  return table_read(env, info, SET_FIELDS, sets_in_use, set_at);
#else
  (void)info;
  return int_result(env, -ENOSYS);
#endif
}

void semaphore_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "semget", set_get);
  addon_export(env, exports, "semop", set_operate);
  addon_export(env, exports, "semopUntil", set_operate_until);
  addon_export(env, exports, "semctlRead", set_read);
  addon_export(env, exports, "semctlSetValue", set_write);
  addon_export(env, exports, "semctlValues", set_values);
  addon_export(env, exports, "semctlSetValues", set_set_values);
  addon_export(env, exports, "semctlStat", set_stat);
  addon_export(env, exports, "semctlSet", set_set);
  addon_export(env, exports, "semctlRemove", set_remove);
  addon_export(env, exports, "semctlInfo", set_info);
  addon_export(env, exports, "semctlTable", set_table);
}
