#include "table.h"

#include <errno.h>

/*
 * Above this index a table is not walked index by index: with ipcmni_extend the kernel hands out indices up
 * to 2^24 in a circle, and /proc/sysvipc, which skips what is empty, is faster.
 */
enum { HIGHEST_INDEX = 1 << 16 };

napi_value table_read(napi_env env, napi_callback_info info, size_t width, table_in_use *in_use,
                      table_entry *entry) {
  napi_value argument;
  void *rows = NULL;
  size_t length = 0;
  napi_typedarray_type type;
  addon_arguments(env, info, 1, &argument);
  if (napi_get_typedarray_info(env, argument, &type, &length, &rows, NULL, NULL) != napi_ok ||
      type != napi_float64_array) {
    return int_result(env, -EFAULT);
  }
  int used = 0;
  int highest = in_use(&used);
  if (highest == -1) return int_result(env, -errno);
  if (highest > HIGHEST_INDEX) return int_result(env, -ENOSYS);
  /* So many do not fit: the caller comes again, and needs none of them now. */
  if (used > 0 && (size_t)used * width > length) return int_result(env, used);
  size_t count = 0;
  for (int index = 0; index <= highest; index++) {
    double *row = (count + 1) * width <= length ? (double *)rows + count * width : NULL;
    if (entry(index, row) == -1) {
      if (errno == EINVAL || errno == EIDRM) continue; /* nothing is there, or no longer */
      return int_result(env, -ENOSYS);
    }
    count++;
  }
  /* A kernel that does not know *_STAT_ANY says EINVAL for every index. */
  if (count == 0 && used > 0) return int_result(env, -ENOSYS);
  return int_result(env, (int)count);
}
