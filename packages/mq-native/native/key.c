/* ftok(3): the key that a path and a project id stand for. */
#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ipc.h>

/* ftok(path, projectId): the key as an unsigned number, or -errno. */
static napi_value key_ftok(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t length = 0;
  addon_arguments(env, info, 2, arguments);
  if (napi_get_value_string_utf8(env, arguments[0], NULL, 0, &length) != napi_ok) {
    return double_result(env, -EINVAL);
  }
  char *path = malloc(length + 1);
  if (path == NULL) return double_result(env, -ENOMEM);
  napi_get_value_string_utf8(env, arguments[0], path, length + 1, &length);
  errno = 0;
  key_t key = ftok(path, int_argument(env, arguments[1]));
  int error = errno;
  free(path);
  /* -1 is a key like any other when no error came with it. */
  return double_result(env, key == (key_t)-1 && error != 0 ? -error : (double)(uint32_t)key);
}

void key_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "ftok", key_ftok);
}
