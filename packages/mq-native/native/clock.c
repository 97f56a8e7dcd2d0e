/* The wall clock in nanoseconds. Script has it in milliseconds only. */
#include "addon.h"

#include <time.h>

/* clockRealtime(): nanoseconds since the epoch, as a bigint. */
static napi_value clock_realtime(napi_env env, napi_callback_info info) {
  (void)info;
  struct timespec now;
  napi_value value = NULL;
  clock_gettime(CLOCK_REALTIME, &now);
  napi_create_bigint_int64(env, (int64_t)now.tv_sec * 1000000000 + now.tv_nsec, &value);
  return value;
}

void clock_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "clockRealtime", clock_realtime);
}
