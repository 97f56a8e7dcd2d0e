/* The clocks in nanoseconds, which script has in milliseconds. */
#include "clock.h"
#include "addon.h"

#include <sched.h>

#ifdef CLOCK_BOOTTIME
enum { SINCE_BOOT = CLOCK_BOOTTIME };
#else
enum { SINCE_BOOT = CLOCK_MONOTONIC };
#endif

static napi_value read_clock(napi_env env, clockid_t clock) {
  napi_value value = NULL;
  napi_create_bigint_int64(env, clock_nanoseconds(clock), &value);
  return value;
}

/* clockRealtime(): nanoseconds since the epoch, as a bigint. */
static napi_value clock_realtime(napi_env env, napi_callback_info info) {
  (void)info;
  return read_clock(env, CLOCK_REALTIME);
}

/* clockBoottime(): nanoseconds since the machine booted, as a bigint; the clock by which /proc/PID/stat tells
 * when a process started. */
static napi_value clock_boottime(napi_env env, napi_callback_info info) {
  (void)info;
  return read_clock(env, SINCE_BOOT);
}

/* yieldCpu(): sched_yield(2), which lets another ready thread of this CPU run first. Returns how many
 * nanoseconds that took, next to nothing if there was no such thread. */
static napi_value yield_cpu(napi_env env, napi_callback_info info) {
  (void)info;
  int64_t before = monotonic_nanoseconds();
  sched_yield();
  int64_t took = monotonic_nanoseconds() - before;
  return int_result(env, took > INT32_MAX ? INT32_MAX : (int)took);
}

void clock_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "clockRealtime", clock_realtime);
  addon_export(env, exports, "clockBoottime", clock_boottime);
  addon_export(env, exports, "yieldCpu", yield_cpu);
}
