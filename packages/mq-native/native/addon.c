#include "addon.h"

#include <errno.h>
#include <stdlib.h>

struct addon *addon_of(napi_env env) {
  void *addon = NULL;
  napi_get_instance_data(env, &addon);
  return addon;
}

struct addon *addon_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  void *addon = NULL;
  napi_get_cb_info(env, info, &count, arguments, NULL, &addon);
  return addon;
}

int32_t int_argument(napi_env env, napi_value value) {
  int32_t number = 0;
  napi_get_value_int32(env, value, &number);
  return number;
}

double double_argument(napi_env env, napi_value value) {
  double number = 0;
  napi_get_value_double(env, value, &number);
  return number;
}

bool size_argument(napi_env env, napi_value value, size_t most, size_t *size) {
  double number = -1;
  napi_get_value_double(env, value, &number);
  if (!(number >= 0 && number <= (double)most)) return false;
  *size = (size_t)number;
  return true;
}

int text_argument(napi_env env, napi_value value, char **text) {
  size_t length = 0;
  *text = NULL;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return -EINVAL;
  *text = malloc(length + 1);
  if (*text == NULL) return -ENOMEM;
  napi_get_value_string_utf8(env, value, *text, length + 1, &length);
  return 0;
}

bool array_argument(napi_env env, napi_value value, napi_typedarray_type type, void **elements,
                    size_t *length) {
  napi_typedarray_type found;
  return napi_get_typedarray_info(env, value, &found, length, elements, NULL, NULL) == napi_ok &&
         found == type;
}

napi_value int_result(napi_env env, int result) {
  napi_value value = NULL;
  napi_create_int32(env, result, &value);
  return value;
}

napi_value double_result(napi_env env, double result) {
  napi_value value = NULL;
  napi_create_double(env, result, &value);
  return value;
}

napi_value call_result(napi_env env, long result) {
  return int_result(env, result == -1 ? -errno : (int)result);
}

napi_value addon_unsupported(napi_env env, napi_callback_info info) {
  (void)info;
  return int_result(env, -ENOSYS);
}

bool script_can_run(napi_env env) {
  napi_value value;
  bool same;
  /* Any call that could run script fails where script can't run. This one runs none. */
  return napi_get_global(env, &value) == napi_ok && napi_strict_equals(env, value, value, &same) == napi_ok;
}

void addon_throw_no_memory(napi_env env) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, "ENOMEM", "mq-native: no memory or no threads for the addon");
}

void addon_export(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, addon_of(env), &value) != napi_ok ||
      napi_set_named_property(env, exports, name, value) != napi_ok) {
    addon_throw_no_memory(env);
  }
}

void addon_export_constant(napi_env env, napi_value exports, const char *name, int value) {
  if (napi_set_named_property(env, exports, name, int_result(env, value)) != napi_ok) {
    addon_throw_no_memory(env);
  }
}
