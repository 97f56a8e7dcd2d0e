/* ftok(3): the key that a path and a project id stand for. */
#include "addon.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ipc.h>

/* ftok(path, projectId): the key as an unsigned number, or -errno. */
static napi_value key_ftok(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  addon_arguments(env, info, 2, arguments);
  char *path;
  int error = text_argument(env, arguments[0], &path);
  if (error != 0) return double_result(env, error);
  errno = 0;
  key_t key = ftok(path, int_argument(env, arguments[1]));
  error = errno;
  free(path);
  /* -1 is a key like any other when no error came with it. */
  return double_result(env, key == (key_t)-1 && error != 0 ? -error : (double)(uint32_t)key);
}

void key_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "ftok", key_ftok);
}
