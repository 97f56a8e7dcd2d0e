/*
 * The common part of the three kinds of System V objects: msgctl, semctl and shmctl of whole objects, and the
 * kernel's tables of them. Script names a kind by its place in `enum object_kind` (src/native.ts).
 */
#include "addon.h"
#include "namespace.h"
#include "system_v.h"

#include <errno.h>

enum object_kind { QUEUE, SEMAPHORE, SEGMENT, KINDS };

/* The last argument of the calls. */
union record {
  struct msqid_ds queue;
  struct semid_ds semaphore;
  struct shmid_ds segment;
#ifdef __linux__
  struct msginfo queue_info;
  struct seminfo semaphore_info;
  struct shminfo segment_limits;
  struct shm_info segment_usage;
#endif
};

/* Fields that a kernel or a library leaves out are zero. */
static const union record blank;

static int control(enum object_kind kind, int id, int command, union record *record) {
  switch (kind) {
  case QUEUE:
    return namespace_msgctl(id, command, &record->queue);
  case SEMAPHORE:
    return namespace_semctl(id, 0, command, (union semaphore_argument){.set = &record->semaphore});
  case SEGMENT:
    return namespace_shmctl(id, command, &record->segment);
  case KINDS:
    break;
  }
  errno = EINVAL;
  return -1;
}

/* control() refuses an unknown kind. */
static enum object_kind kind_argument(napi_env env, napi_value value) {
  int kind = int_argument(env, value);
  return kind >= 0 && kind < KINDS ? (enum object_kind)kind : KINDS;
}

static void put_permissions(double *fields, int id, const struct ipc_perm *permissions) {
  fields[0] = id;
  fields[1] = (double)(uint32_t)PERM_KEY(*permissions);
  fields[2] = permissions->mode & 0777;
  fields[3] = permissions->uid;
  fields[4] = permissions->gid;
  fields[5] = permissions->cuid;
  fields[6] = permissions->cgid;
}

/* The order of the fields is repeated in src: queue-fields.ts, semaphore-fields.ts and segment-fields.ts. */
static void put_object(enum object_kind kind, double *fields, int id, const union record *record) {
  switch (kind) {
  case QUEUE:
    put_permissions(fields, id, &record->queue.msg_perm);
    fields[7] = (double)record->queue.msg_cbytes;
    fields[8] = (double)record->queue.msg_qnum;
    fields[9] = (double)record->queue.msg_qbytes;
    fields[10] = record->queue.msg_lspid;
    fields[11] = record->queue.msg_lrpid;
    fields[12] = (double)record->queue.msg_stime;
    fields[13] = (double)record->queue.msg_rtime;
    fields[14] = (double)record->queue.msg_ctime;
    break;
  case SEMAPHORE:
    put_permissions(fields, id, &record->semaphore.sem_perm);
    fields[7] = (double)record->semaphore.sem_nsems;
    fields[8] = (double)record->semaphore.sem_otime;
    fields[9] = (double)record->semaphore.sem_ctime;
    break;
  case SEGMENT:
    put_permissions(fields, id, &record->segment.shm_perm);
    fields[2] = record->segment.shm_perm.mode; /* with SHM_DEST and SHM_LOCKED where the platform has them */
    fields[7] = (double)record->segment.shm_segsz;
    fields[8] = (double)record->segment.shm_nattch;
    fields[9] = record->segment.shm_cpid;
    fields[10] = record->segment.shm_lpid;
    fields[11] = (double)record->segment.shm_atime;
    fields[12] = (double)record->segment.shm_dtime;
    fields[13] = (double)record->segment.shm_ctime;
    break;
  case KINDS:
    break;
  }
}

#ifdef __linux__
/* Doubles of an object. */
static const size_t field_counts[KINDS] = {15, 10, 14};

/*
 * The id of the object at an index, which is written to `row` unless that is NULL; -1 with errno. The calls
 * use the low bits of an id as the index, and return the id that is there now.
 */
static int object_at(enum object_kind kind, int index, double *row) {
  static const int stat_any[KINDS + 1] = {MSG_STAT_ANY, SEM_STAT_ANY, SHM_STAT_ANY};
  union record record = blank;
  int id = control(kind, index, stat_any[kind], &record);
  if (id != -1 && row != NULL) put_object(kind, row, id, &record);
  return id;
}
#endif

/* objectStat(kind, id, any): 0, with the object in the fields. `any`: even without permission to read it. */
static napi_value object_stat(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  struct addon *addon = addon_arguments(env, info, 3, arguments);
  enum object_kind kind = kind_argument(env, arguments[0]);
  int id = int_argument(env, arguments[1]);
  if (int_argument(env, arguments[2]) == 0) {
    union record record = blank;
    int result = control(kind, id, IPC_STAT, &record);
    if (result != -1) put_object(kind, addon->fields, id, &record);
    return call_result(env, result);
  }
#ifdef __linux__
  int found = object_at(kind, id, addon->fields);
  if (found == -1) return int_result(env, -errno);
  return int_result(env, found == id ? 0 : -EINVAL);
#else
  return int_result(env, -ENOSYS);
#endif
}

static void take_permissions(struct ipc_perm *permissions, const double *fields) {
  permissions->uid = (uid_t)fields[0];
  permissions->gid = (gid_t)fields[1];
  permissions->mode = (unsigned short)fields[2];
}

/* objectSet(kind, id): 0. Fields: uid, gid, mode; of a queue also the bytes that it may hold. */
static napi_value object_set(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  enum object_kind kind = kind_argument(env, arguments[0]);
  union record record = blank;
  switch (kind) {
  case QUEUE:
    take_permissions(&record.queue.msg_perm, addon->fields);
    record.queue.msg_qbytes = (msglen_t)addon->fields[3];
    break;
  case SEMAPHORE:
    take_permissions(&record.semaphore.sem_perm, addon->fields);
    break;
  case SEGMENT:
    take_permissions(&record.segment.shm_perm, addon->fields);
    break;
  case KINDS:
    break;
  }
  return call_result(env, control(kind, int_argument(env, arguments[1]), IPC_SET, &record));
}

/* objectRemove(kind, id): 0. A segment is destroyed at its last detach. */
static napi_value object_remove(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  union record unused = blank;
  addon_arguments(env, info, 2, arguments);
  return call_result(
      env, control(kind_argument(env, arguments[0]), int_argument(env, arguments[1]), IPC_RMID, &unused));
}

#ifdef __linux__
/* The usage of a kind; returns its highest index, or -1 with errno. */
static int read_usage(enum object_kind kind, union record *usage) {
  static const int commands[KINDS + 1] = {MSG_INFO, SEM_INFO, SHM_INFO};
  *usage = blank;
  return control(kind, 0, commands[kind], usage);
}

static int count_in_use(enum object_kind kind, const union record *usage) {
  if (kind == QUEUE) return usage->queue_info.msgpool;
  return kind == SEMAPHORE ? usage->semaphore_info.semusz : usage->segment_usage.used_ids;
}

static void put_info(enum object_kind kind, double *fields, const union record *limits,
                     const union record *usage) {
  switch (kind) {
  case QUEUE:
    fields[0] = limits->queue_info.msgmax;
    fields[1] = limits->queue_info.msgmnb;
    fields[2] = limits->queue_info.msgmni;
    fields[3] = usage->queue_info.msgpool;
    fields[4] = usage->queue_info.msgmap;
    fields[5] = usage->queue_info.msgtql;
    break;
  case SEMAPHORE:
    fields[0] = limits->semaphore_info.semmni;
    fields[1] = limits->semaphore_info.semmsl;
    fields[2] = limits->semaphore_info.semmns;
    fields[3] = limits->semaphore_info.semopm;
    fields[4] = limits->semaphore_info.semvmx;
    fields[5] = usage->semaphore_info.semusz;
    fields[6] = usage->semaphore_info.semaem;
    break;
  case SEGMENT:
    fields[0] = (double)limits->segment_limits.shmmni;
    fields[1] = usage->segment_usage.used_ids;
    fields[2] = (double)usage->segment_usage.shm_tot;
    fields[3] = (double)usage->segment_usage.shm_rss;
    fields[4] = (double)usage->segment_usage.shm_swp;
    break;
  case KINDS:
    break;
  }
}

/*
 * objectInfo(kind): 0. Fields of queues: msgmax, msgmnb, msgmni, then in use: queues, messages, bytes. Of
 * semaphores: semmni, semmsl, semmns, semopm, semvmx, in use: sets, semaphores. Of segments: shmmni, in use:
 * segments, pages, resident pages, swapped pages; shmmax and shmall have 64 bits, which a double does not,
 * and are read from /proc/sys by script.
 */
static napi_value object_info(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  enum object_kind kind = kind_argument(env, argument);
  union record limits = blank, usage;
  if (control(kind, 0, IPC_INFO, &limits) == -1) return int_result(env, -errno);
  if (read_usage(kind, &usage) == -1) return int_result(env, -errno);
  put_info(kind, addon->fields, &limits, &usage);
  return int_result(env, 0);
}

/*
 * Above this index a table is not walked index by index: with ipcmni_extend the kernel hands out indices up
 * to 2^24 in a circle, and /proc/sysvipc, which skips empty ones, is faster.
 */
enum { HIGHEST_INDEX = 1 << 16 };

/* How many objects there are, or -errno. As many as fit are now in `rows`, which has room for `length`
 * doubles. */
static int read_table(enum object_kind kind, double *rows, size_t length) {
  union record usage;
  int highest = read_usage(kind, &usage);
  if (highest == -1) return -errno;
  if (highest > HIGHEST_INDEX) return -ENOSYS;
  size_t width = field_counts[kind];
  int used = count_in_use(kind, &usage);
  /* Too many to fit: the caller comes again, and needs none of them now. */
  if (used > 0 && (size_t)used * width > length) return used;
  size_t count = 0;
  for (int index = 0; index <= highest; index++) {
    double *row = (count + 1) * width <= length ? rows + count * width : NULL;
    if (object_at(kind, index, row) == -1) {
      if (errno == EINVAL || errno == EIDRM) continue; /* no object, or no longer */
      return -ENOSYS;
    }
    count++;
  }
  /* A kernel without *_STAT_ANY returns EINVAL for every index. */
  return count == 0 && used > 0 ? -ENOSYS : (int)count;
}

/*
 * objectTable(kind, rows): the number of objects. As many as fit are now in the Float64Array. -ENOSYS where
 * the table has to be read through /proc instead.
 */
static napi_value object_table(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  void *rows = NULL;
  size_t length = 0;
  addon_arguments(env, info, 2, arguments);
  enum object_kind kind = kind_argument(env, arguments[0]);
  if (!array_argument(env, arguments[1], napi_float64_array, &rows, &length)) return int_result(env, -EFAULT);
  return int_result(env, read_table(kind, rows, length));
}
#else
#define object_info addon_unsupported
#define object_table addon_unsupported
#endif

void object_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "objectStat", object_stat);
  addon_export(env, exports, "objectSet", object_set);
  addon_export(env, exports, "objectRemove", object_remove);
  addon_export(env, exports, "objectInfo", object_info);
  addon_export(env, exports, "objectTable", object_table);
}
