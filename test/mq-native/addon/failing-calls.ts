import type { TestContext } from 'node:test';
import { compileLibrary } from '../../helpers/compiled.js';

/**
 * An addon that makes calls of another addon fail: those of the thread that it is loaded in.
 *
 * - `watch(file)` loads the other one and changes its table of addresses, before Node loads it and runs its code;
 *   `release()` leaves it to Node alone;
 * - `fail(n)` makes the n-th call from now on fail; `fail(n, name)` also each call of that function;
 * - `failed()` ends that, and says which function failed: undefined if it was not called n times.
 */
const source = String.raw`
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <node_api.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static _Thread_local void *library;
static _Thread_local int left;
static _Thread_local char always[64];
static _Thread_local const char *failed;

static int fails(const char *name) {
  if (strcmp(name, always) == 0) return 1;
  if (left == 0 || --left > 0) return 0;
  failed = name;
  return 1;
}

#define NAPI_CALLS(CALL) \
  CALL(napi_status, napi_create_function, napi_generic_failure, \
       (napi_env env, const char *name, size_t length, napi_callback call, void *data, napi_value *result), \
       (env, name, length, call, data, result)) \
  CALL(napi_status, napi_set_instance_data, napi_generic_failure, \
       (napi_env env, void *data, napi_finalize finalize, void *hint), (env, data, finalize, hint)) \
  CALL(napi_status, napi_create_reference, napi_generic_failure, \
       (napi_env env, napi_value value, uint32_t count, napi_ref *result), (env, value, count, result)) \
  CALL(napi_status, napi_create_arraybuffer, napi_generic_failure, \
       (napi_env env, size_t bytes, void **data, napi_value *result), (env, bytes, data, result)) \
  CALL(napi_status, napi_create_external_arraybuffer, napi_generic_failure, \
       (napi_env env, void *data, size_t bytes, napi_finalize finalize, void *hint, napi_value *result), \
       (env, data, bytes, finalize, hint, result)) \
  CALL(napi_status, napi_type_tag_object, napi_generic_failure, \
       (napi_env env, napi_value object, const napi_type_tag *tag), (env, object, tag)) \
  CALL(napi_status, napi_wrap, napi_generic_failure, \
       (napi_env env, napi_value object, void *data, napi_finalize finalize, void *hint, napi_ref *result), \
       (env, object, data, finalize, hint, result)) \
  CALL(napi_status, napi_detach_arraybuffer, napi_generic_failure, (napi_env env, napi_value buffer), (env, buffer)) \
  CALL(napi_status, napi_add_env_cleanup_hook, napi_generic_failure, \
       (napi_env env, void (*hook)(void *), void *data), (env, hook, data)) \
  CALL(napi_status, napi_add_async_cleanup_hook, napi_generic_failure, \
       (napi_env env, napi_async_cleanup_hook hook, void *data, napi_async_cleanup_hook_handle *handle), \
       (env, hook, data, handle)) \
  CALL(napi_status, napi_get_uv_event_loop, napi_generic_failure, (napi_env env, struct uv_loop_s **loop), (env, loop)) \
  CALL(int, uv_async_init, -ENOMEM, (struct uv_loop_s *loop, void *async, void *run), (loop, async, run))

#define LIBC_CALLS(CALL) \
  CALL(void *, malloc, (errno = ENOMEM, NULL), (size_t bytes), (bytes)) \
  CALL(void *, calloc, (errno = ENOMEM, NULL), (size_t count, size_t bytes), (count, bytes)) \
  CALL(void *, realloc, (errno = ENOMEM, NULL), (void *memory, size_t bytes), (memory, bytes)) \
  CALL(void *, mmap, (errno = ENOMEM, MAP_FAILED), \
       (void *address, size_t bytes, int protection, int flags, int fd, off_t at), \
       (address, bytes, protection, flags, fd, at)) \
  CALL(int, timer_create, (errno = EAGAIN, -1), \
       (clockid_t clock, struct sigevent *event, timer_t *timer), (clock, event, timer)) \
  CALL(int, pthread_mutex_init, ENOMEM, \
       (pthread_mutex_t *lock, const pthread_mutexattr_t *attributes), (lock, attributes)) \
  CALL(int, pthread_condattr_init, ENOMEM, (pthread_condattr_t *attributes), (attributes)) \
  CALL(int, pthread_cond_init, ENOMEM, \
       (pthread_cond_t *condition, const pthread_condattr_t *attributes), (condition, attributes)) \
  CALL(int, pthread_attr_init, ENOMEM, (pthread_attr_t *attributes), (attributes)) \
  CALL(int, pthread_create, EAGAIN, \
       (pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *data), \
       (thread, attributes, run, data))

#define STAND_IN(result, name, failure, parameters, arguments) \
  static result (*real_##name) parameters; \
  static result stand_in_##name parameters { return fails(#name) ? failure : real_##name arguments; }
NAPI_CALLS(STAND_IN)
LIBC_CALLS(STAND_IN)

#define ENTRY(result, name, failure, parameters, arguments) {#name, (void *)stand_in_##name, (void **)&real_##name},
static const struct entry {
  const char *name;
  void *stand_in;
  void **real;
} entries[] = {NAPI_CALLS(ENTRY) LIBC_CALLS(ENTRY)};

static void stand_in(const char *name, void **slot) {
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
    if (strcmp(name, entries[i].name) != 0 || *slot == entries[i].stand_in) continue;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    *entries[i].real = *slot;
    mprotect((void *)((uintptr_t)slot & ~(page - 1)), page, PROT_READ | PROT_WRITE);
    *slot = entries[i].stand_in;
  }
}

static napi_value watch(napi_env env, napi_callback_info info) {
  char file[4096];
  size_t count = 1, length;
  napi_value argument;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_string_utf8(env, argument, file, sizeof file, &length);
  library = dlopen(file, RTLD_LAZY);
  struct link_map *map = library;
  if (library == NULL) return napi_throw_error(env, NULL, dlerror()), NULL;
  ElfW(Addr) found[64] = {0};
  for (const ElfW(Dyn) *each = map->l_ld; each->d_tag != DT_NULL; each++) {
    /* glibc has added the address of the library, musl has not. */
    if (each->d_tag >= 64) continue;
    found[each->d_tag] = each->d_un.d_ptr < map->l_addr ? each->d_un.d_ptr + map->l_addr : each->d_un.d_ptr;
    if (each->d_tag == DT_RELASZ) found[DT_RELASZ] = each->d_un.d_val;
  }
  const ElfW(Sym) *symbols = (void *)found[DT_SYMTAB];
  const ElfW(Rela) *relocation = (void *)found[DT_RELA];
  for (size_t left = found[DT_RELASZ] / sizeof *relocation; left > 0; left--, relocation++) {
    /* What the compiler does with -fno-plt; the symbol's number is in the upper half. */
    uint32_t symbol = (uint32_t)(relocation->r_info >> 32);
    if (symbol == 0 || relocation->r_addend != 0) continue;
    stand_in((const char *)found[DT_STRTAB] + symbols[symbol].st_name, (void *)(map->l_addr + relocation->r_offset));
  }
  return NULL;
}

static napi_value release(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  dlclose(library);
  return NULL;
}

static napi_value fail(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2, length;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_value_int32(env, arguments[0], &left);
  napi_get_value_string_utf8(env, arguments[1], always, sizeof always, &length);
  failed = NULL;
  return NULL;
}

static napi_value name_of_failed(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value name = NULL;
  left = 0;
  always[0] = 0;
  if (failed != NULL) napi_create_string_utf8(env, failed, NAPI_AUTO_LENGTH, &name);
  return name;
}

static void export(napi_env env, napi_value exports, const char *name, napi_callback call) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, call, NULL, &function);
  napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT() {
  export(env, exports, "watch", watch);
  export(env, exports, "release", release);
  export(env, exports, "fail", fail);
  export(env, exports, "failed", name_of_failed);
  return exports;
}`;

/** @returns the addon's file */
export function failingCalls(t: TestContext): string {
  return compileLibrary(t, source);
}
