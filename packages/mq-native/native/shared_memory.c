/* shmget and shmctl. */
#include "addon.h"
#include "namespace.h"
#include "system_v.h"

#include <errno.h>
#include <string.h>
#include <sys/shm.h>

/* shmget(key, bytes, flags): the segment's id. */
static napi_value segment_get(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  return call_result(env, namespace_shmget((key_t)int_argument(env, arguments[0]),
                                           (size_t)double_argument(env, arguments[1]),
                                           int_argument(env, arguments[2])));
}

/* The order of the fields is repeated in src/shared-memory/segment-fields.ts. */
static void put_segment(double *fields, int id, const struct shmid_ds *segment) {
  fields[0] = id;
  fields[1] = (double)(uint32_t)PERM_KEY(segment->shm_perm);
  fields[2] = segment->shm_perm.mode; /* with SHM_DEST and SHM_LOCKED where the platform has them */
  fields[3] = segment->shm_perm.uid;
  fields[4] = segment->shm_perm.gid;
  fields[5] = segment->shm_perm.cuid;
  fields[6] = segment->shm_perm.cgid;
  fields[7] = (double)segment->shm_segsz;
  fields[8] = (double)segment->shm_nattch;
  fields[9] = segment->shm_cpid;
  fields[10] = segment->shm_lpid;
  fields[11] = (double)segment->shm_atime;
  fields[12] = (double)segment->shm_dtime;
  fields[13] = (double)segment->shm_ctime;
}
enum { SEGMENT_FIELDS = 14 };

/* shmctlStat(id, any): 0, with the segment in the fields. `any`: also where there is no permission to read
 * it. */
static napi_value segment_stat(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  int id = int_argument(env, arguments[0]);
  struct shmid_ds segment;
  if (int_argument(env, arguments[1]) == 0) {
    int result = namespace_shmctl(id, IPC_STAT, &segment);
    if (result != -1) put_segment(addon->fields, id, &segment);
    return call_result(env, result);
  }
#ifdef __linux__
  int found = namespace_shmctl(id, SHM_STAT_ANY, &segment);
  if (found == -1) return int_result(env, -errno);
  if (found != id) return int_result(env, -EINVAL);
  put_segment(addon->fields, id, &segment);
  return int_result(env, 0);
#else
  return int_result(env, -ENOSYS);
#endif
}

/* shmctlSet(id): 0. Fields: uid, gid, mode. */
static napi_value segment_set(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  struct shmid_ds segment;
  memset(&segment, 0, sizeof segment);
  segment.shm_perm.uid = (uid_t)addon->fields[0];
  segment.shm_perm.gid = (gid_t)addon->fields[1];
  segment.shm_perm.mode = (unsigned short)addon->fields[2];
  return call_result(env, namespace_shmctl(int_argument(env, argument), IPC_SET, &segment));
}

/* shmctlRemove(id): 0. The kernel destroys the segment when the last process has detached it. */
static napi_value segment_remove(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  return call_result(env, namespace_shmctl(int_argument(env, argument), IPC_RMID, NULL));
}

/*
 * shmctlInfo(): 0. Fields: shmmni, then in use: segments, pages, resident pages, swapped pages. shmmax and
 * shmall have 64 bits, which a double does not, and are read from /proc/sys by script.
 */
static napi_value segment_info(napi_env env, napi_callback_info info) {
  (void)info;
#ifdef __linux__
  double *fields = addon_of(env)->fields;
  struct shminfo limits;
  struct shm_info used;
  if (namespace_shmctl(0, IPC_INFO, (struct shmid_ds *)&limits) == -1) return int_result(env, -errno);
  if (namespace_shmctl(0, SHM_INFO, (struct shmid_ds *)&used) == -1) return int_result(env, -errno);
  fields[0] = (double)limits.shmmni;
  fields[1] = used.used_ids;
  fields[2] = (double)used.shm_tot;
  fields[3] = (double)used.shm_rss;
  fields[4] = (double)used.shm_swp;
  return int_result(env, 0);
#else
  return int_result(env, -ENOSYS);
#endif
}

/* shmctlTable(rows): as msgctlTable. */
static napi_value segment_table(napi_env env, napi_callback_info info) {
#ifdef __linux__
  napi_value argument;
  void *rows = NULL;
  size_t length = 0;
  addon_arguments(env, info, 1, &argument);
  napi_get_typedarray_info(env, argument, NULL, &length, &rows, NULL, NULL);
  struct shm_info used;
  int highest = namespace_shmctl(0, SHM_INFO, (struct shmid_ds *)&used);
  if (highest == -1) return int_result(env, -errno);
  if (highest > TABLE_HIGHEST_INDEX) return int_result(env, -ENOSYS);
  if ((size_t)used.used_ids * SEGMENT_FIELDS > length) return int_result(env, used.used_ids);
  int count = 0;
  for (int index = 0; index <= highest; index++) {
    struct shmid_ds segment;
    int id = namespace_shmctl(index, SHM_STAT_ANY, &segment);
    if (id == -1) {
      if (errno == EINVAL || errno == EIDRM) continue;
      return int_result(env, -ENOSYS);
    }
    if ((size_t)(count + 1) * SEGMENT_FIELDS <= length) {
      put_segment((double *)rows + count * SEGMENT_FIELDS, id, &segment);
    }
    count++;
  }
  if (count == 0 && used.used_ids > 0) return int_result(env, -ENOSYS);
  return int_result(env, count);
#else
  (void)info;
  return int_result(env, -ENOSYS);
#endif
}

void shared_memory_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "shmget", segment_get);
  addon_export(env, exports, "shmctlStat", segment_stat);
  addon_export(env, exports, "shmctlSet", segment_set);
  addon_export(env, exports, "shmctlRemove", segment_remove);
  addon_export(env, exports, "shmctlInfo", segment_info);
  addon_export(env, exports, "shmctlTable", segment_table);
}
