#include "fake_node.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The addon's entry point, which is linked in here instead of loaded. */
napi_value napi_register_module_v1(napi_env env, napi_value exports);

enum { EXPORTS_MAX = 128, HOOKS_MAX = 16, ARGUMENTS_MAX = 8 };

struct napi_value__ {
  struct napi_value__ *next; /* of the values of one call */
  double number;
  napi_callback function;
  void *data;
  size_t bytes; /* of an ArrayBuffer at `data`, which is the value's own */
  int references;
};

struct napi_ref__ {
  struct napi_ref__ *next;
  napi_value value;
};

struct napi_callback_info__ {
  size_t count;
  napi_value arguments[ARGUMENTS_MAX];
  void *data;
};

/* The only kind of handle: uv_async_t, with which other threads wake up the loop. */
struct uv_handle_s {
  struct uv_loop_s *loop;
  void *data;
  void (*run)(struct uv_handle_s *);
  void (*closed)(struct uv_handle_s *);
};

struct uv_loop_s {
  struct uv_handle_s *async;
  pthread_mutex_t lock;
  pthread_cond_t came;
  bool woken;
};

struct napi_async_cleanup_hook_handle__ {
  napi_async_cleanup_hook run;
  void *argument;
};

struct hook {
  void (*run)(void *);
  void *argument;
};

struct napi_env__ {
  napi_value values;
  napi_ref references;
  struct {
    const char *name;
    napi_callback function;
    void *data;
  } exports[EXPORTS_MAX];
  int export_count;
  struct hook hooks[HOOKS_MAX];
  int hook_count;
  void *instance;
  napi_finalize free_instance;
  struct uv_loop_s loop;
  fake_listener *listener;
  void *listener_context;
  bool terminated;
  unsigned char *segment;
  size_t segment_bytes;
};

static napi_value new_value(napi_env env) {
  napi_value value = calloc(1, sizeof *value);
  assert(value != NULL);
  value->next = env->values;
  env->values = value;
  return value;
}

/* At the end of a call, values without a reference are collected at once. */
static void collect_garbage(napi_env env) {
  for (napi_value *link = &env->values; *link != NULL;) {
    napi_value value = *link;
    if (value->references > 0) {
      link = &value->next;
      continue;
    }
    *link = value->next;
    if (value->bytes > 0) free(value->data);
    free(value);
  }
}

static napi_value call(napi_env env, napi_callback function, void *data, size_t count,
                       const double *arguments) {
  struct napi_callback_info__ info = {.count = count, .data = data};
  for (size_t i = 0; i < count; i++) {
    info.arguments[i] = new_value(env);
    info.arguments[i]->number = arguments[i];
  }
  return function(env, &info);
}

static int export_index(napi_env env, const char *name) {
  for (int i = 0; i < env->export_count; i++) {
    if (strcmp(env->exports[i].name, name) == 0) return i;
  }
  assert(!"no such export");
  return -1;
}

double fake_call(napi_env env, const char *name, size_t count, const double *arguments) {
  int index = export_index(env, name);
  napi_value result = call(env, env->exports[index].function, env->exports[index].data, count, arguments);
  double number = result == NULL ? 0 : result->number;
  collect_garbage(env);
  return number;
}

static napi_value run_listener(napi_env env, napi_callback_info info) {
  env->listener(env->listener_context, (int)info->arguments[0]->number, (int)info->arguments[1]->number);
  return NULL;
}

void fake_listen(napi_env env, fake_listener *listener, void *context) {
  env->listener = listener;
  env->listener_context = context;
  napi_value function = new_value(env);
  function->function = run_listener;
  struct napi_callback_info__ info = {.count = 1, .arguments = {function}};
  int index = export_index(env, "waitListen");
  info.data = env->exports[index].data;
  env->exports[index].function(env, &info);
  collect_garbage(env);
}

/* The memory of an ArrayBuffer that an export with one numeric argument creates. */
static unsigned char *made_buffer(napi_env env, const char *name, size_t bytes) {
  int index = export_index(env, name);
  double argument = (double)bytes;
  napi_value buffer = call(env, env->exports[index].function, env->exports[index].data, 1, &argument);
  unsigned char *data = buffer->data;
  collect_garbage(env);
  return data;
}

unsigned char *fake_message_buffer(napi_env env, size_t bytes) {
  return made_buffer(env, "messageBuffer", bytes);
}

unsigned char *fake_slab(napi_env env, size_t bytes) {
  return made_buffer(env, "slab", bytes);
}

int32_t *fake_registers(napi_env env) {
  int index = export_index(env, "registersBuffer");
  return call(env, env->exports[index].function, env->exports[index].data, 0, NULL)->data;
}

double *fake_fields(napi_env env) {
  int index = export_index(env, "fieldsBuffer");
  return call(env, env->exports[index].function, env->exports[index].data, 0, NULL)->data;
}

void fake_segment(napi_env env, unsigned char *memory, size_t bytes) {
  env->segment = memory;
  env->segment_bytes = bytes;
}

/* Whether a thread has woken up the loop since the last call. */
static bool was_woken(struct uv_loop_s *loop, int milliseconds) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += (long)milliseconds * 1000000;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_mutex_lock(&loop->lock);
  while (!loop->woken && milliseconds > 0) {
    if (pthread_cond_timedwait(&loop->came, &loop->lock, &until) != 0) break;
  }
  bool woken = loop->woken;
  loop->woken = false;
  pthread_mutex_unlock(&loop->lock);
  return woken;
}

void fake_terminate(napi_env env) {
  env->terminated = true;
}

void fake_turn(napi_env env, int milliseconds) {
  for (; was_woken(&env->loop, milliseconds); milliseconds = 0)
    env->loop.async->run(env->loop.async);
}

napi_env fake_environment_create(void) {
  napi_env env = calloc(1, sizeof *env);
  assert(env != NULL);
  pthread_mutex_init(&env->loop.lock, NULL);
  pthread_cond_init(&env->loop.came, NULL);
  napi_value exports = new_value(env);
  napi_value result = napi_register_module_v1(env, exports);
  assert(result == exports);
  (void)result;
  collect_garbage(env);
  return env;
}

void fake_environment_destroy(napi_env env) {
  while (env->hook_count > 0) {
    struct hook *last = &env->hooks[--env->hook_count];
    last->run(last->argument);
  }
  struct uv_handle_s *async = env->loop.async;
  assert(async->closed != NULL);
  async->closed(async);
  if (env->free_instance != NULL) env->free_instance(env, env->instance, NULL);
  while (env->references != NULL)
    napi_delete_reference(env, env->references);
  collect_garbage(env);
  pthread_cond_destroy(&env->loop.came);
  pthread_mutex_destroy(&env->loop.lock);
  free(env);
}

/* ---- the functions that the addon calls ---- */

napi_status napi_create_int32(napi_env env, int32_t number, napi_value *result) {
  return napi_create_double(env, number, result);
}

napi_status napi_create_double(napi_env env, double number, napi_value *result) {
  *result = new_value(env);
  (*result)->number = number;
  return napi_ok;
}

napi_status napi_create_bigint_int64(napi_env env, int64_t number, napi_value *result) {
  return napi_create_double(env, (double)number, result);
}

napi_status napi_get_undefined(napi_env env, napi_value *result) {
  *result = new_value(env);
  return napi_ok;
}

/* No program of the harness reads a string. */
napi_status napi_create_string_utf8(napi_env env, const char *text, size_t length, napi_value *result) {
  (void)text;
  (void)length;
  *result = new_value(env);
  return napi_ok;
}

napi_status napi_create_function(napi_env env, const char *name, size_t length, napi_callback function,
                                 void *data, napi_value *result) {
  (void)name;
  (void)length;
  *result = new_value(env);
  (*result)->function = function;
  (*result)->data = data;
  return napi_ok;
}

napi_status napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value) {
  (void)object;
  assert(env->export_count < EXPORTS_MAX);
  int index = env->export_count++;
  env->exports[index].name = name;
  env->exports[index].function = value->function;
  env->exports[index].data = value->data;
  return napi_ok;
}

napi_status napi_create_arraybuffer(napi_env env, size_t bytes, void **data, napi_value *result) {
  *result = new_value(env);
  (*result)->data = *data = calloc(1, bytes);
  (*result)->bytes = bytes;
  return *data == NULL ? napi_generic_failure : napi_ok;
}

napi_status napi_create_reference(napi_env env, napi_value value, uint32_t count, napi_ref *result) {
  (void)count;
  napi_ref reference = calloc(1, sizeof *reference);
  assert(reference != NULL);
  reference->value = value;
  reference->next = env->references;
  env->references = reference;
  value->references++;
  *result = reference;
  return napi_ok;
}

napi_status napi_delete_reference(napi_env env, napi_ref reference) {
  napi_ref *link = &env->references;
  while (*link != reference)
    link = &(*link)->next;
  *link = reference->next;
  reference->value->references--;
  free(reference);
  return napi_ok;
}

napi_status napi_get_reference_value(napi_env env, napi_ref reference, napi_value *result) {
  (void)env;
  *result = reference->value;
  return napi_ok;
}

napi_status napi_get_global(napi_env env, napi_value *result) {
  *result = new_value(env);
  return napi_ok;
}

napi_status napi_strict_equals(napi_env env, napi_value one, napi_value other, bool *result) {
  if (env->terminated) return napi_pending_exception;
  *result = one == other;
  return napi_ok;
}

napi_status napi_get_value_int32(napi_env env, napi_value value, int32_t *result) {
  (void)env;
  *result = (int32_t)value->number;
  return napi_ok;
}

napi_status napi_get_value_double(napi_env env, napi_value value, double *result) {
  (void)env;
  *result = value->number;
  return napi_ok;
}

napi_status napi_get_value_bigint_int64(napi_env env, napi_value value, int64_t *result, bool *lossless) {
  (void)env;
  *result = (int64_t)value->number;
  *lossless = true;
  return napi_ok;
}

napi_status napi_get_cb_info(napi_env env, napi_callback_info info, size_t *count, napi_value *arguments,
                             napi_value *receiver, void **data) {
  (void)receiver;
  size_t room = count == NULL ? 0 : *count;
  for (size_t i = 0; i < room; i++)
    arguments[i] = i < info->count ? info->arguments[i] : new_value(env);
  if (count != NULL) *count = info->count;
  if (data != NULL) *data = info->data;
  return napi_ok;
}

napi_status napi_make_callback(napi_env env, napi_async_context context, napi_value receiver,
                               napi_value function, size_t count, const napi_value *arguments,
                               napi_value *result) {
  (void)context;
  (void)receiver;
  (void)result;
  if (env->terminated) return napi_pending_exception;
  struct napi_callback_info__ info = {.count = count, .data = function->data};
  memcpy(info.arguments, arguments, count * sizeof *arguments);
  function->function(env, &info);
  return napi_ok;
}

napi_status napi_set_instance_data(napi_env env, void *data, napi_finalize finalize, void *hint) {
  (void)hint;
  env->instance = data;
  env->free_instance = finalize;
  return napi_ok;
}

napi_status napi_get_instance_data(napi_env env, void **data) {
  *data = env->instance;
  return napi_ok;
}

napi_status napi_add_env_cleanup_hook(napi_env env, void (*run)(void *), void *argument) {
  assert(env->hook_count < HOOKS_MAX);
  env->hooks[env->hook_count++] = (struct hook){run, argument};
  return napi_ok;
}

napi_status napi_remove_env_cleanup_hook(napi_env env, void (*run)(void *), void *argument) {
  for (int i = 0; i < env->hook_count; i++) {
    if (env->hooks[i].run != run || env->hooks[i].argument != argument) continue;
    memmove(&env->hooks[i], &env->hooks[i + 1], (size_t)(env->hook_count - i - 1) * sizeof env->hooks[0]);
    env->hook_count--;
    return napi_ok;
  }
  return napi_invalid_arg;
}

static void run_async_hook(void *argument) {
  napi_async_cleanup_hook_handle hook = argument;
  hook->run(hook, hook->argument);
}

napi_status napi_add_async_cleanup_hook(napi_env env, napi_async_cleanup_hook run, void *argument,
                                        napi_async_cleanup_hook_handle *result) {
  napi_async_cleanup_hook_handle hook = calloc(1, sizeof *hook);
  assert(hook != NULL);
  hook->run = run;
  hook->argument = argument;
  if (result != NULL) *result = hook;
  return napi_add_env_cleanup_hook(env, run_async_hook, hook);
}

napi_status napi_remove_async_cleanup_hook(napi_async_cleanup_hook_handle hook) {
  free(hook);
  return napi_ok;
}

napi_status napi_open_handle_scope(napi_env env, napi_handle_scope *result) {
  (void)env;
  *result = NULL;
  return napi_ok;
}

napi_status napi_close_handle_scope(napi_env env, napi_handle_scope scope) {
  (void)scope;
  collect_garbage(env);
  return napi_ok;
}

napi_status napi_is_exception_pending(napi_env env, bool *result) {
  (void)env;
  *result = false;
  return napi_ok;
}

napi_status napi_get_uv_event_loop(napi_env env, struct uv_loop_s **result) {
  *result = &env->loop;
  return napi_ok;
}

/* ---- the functions of libuv that the addon calls ---- */

size_t uv_handle_size(int type) {
  (void)type;
  return sizeof(struct uv_handle_s);
}

void *uv_handle_get_data(const struct uv_handle_s *handle) {
  return handle->data;
}

void uv_handle_set_data(struct uv_handle_s *handle, void *data) {
  handle->data = data;
}

int uv_async_init(struct uv_loop_s *loop, struct uv_handle_s *async, void (*run)(struct uv_handle_s *)) {
  *async = (struct uv_handle_s){.loop = loop, .run = run};
  loop->async = async;
  return 0;
}

int uv_async_send(struct uv_handle_s *async) {
  struct uv_loop_s *loop = async->loop;
  pthread_mutex_lock(&loop->lock);
  assert(async->closed == NULL);
  loop->woken = true;
  pthread_cond_signal(&loop->came);
  pthread_mutex_unlock(&loop->lock);
  return 0;
}

void uv_ref(struct uv_handle_s *handle) {
  (void)handle;
}

void uv_unref(struct uv_handle_s *handle) {
  (void)handle;
}

void uv_close(struct uv_handle_s *handle, void (*closed)(struct uv_handle_s *)) {
  handle->closed = closed;
}

/* ---- functions that the scenarios never call ---- */

napi_status napi_get_value_string_utf8(napi_env env, napi_value value, char *text, size_t bytes,
                                       size_t *result) {
  (void)env, (void)value, (void)text, (void)bytes, (void)result;
  return napi_string_expected;
}

napi_status napi_get_typedarray_info(napi_env env, napi_value array, napi_typedarray_type *type,
                                     size_t *length, void **data, napi_value *buffer, size_t *offset) {
  (void)env, (void)array, (void)type, (void)length, (void)data, (void)buffer, (void)offset;
  return napi_invalid_arg;
}

napi_status napi_get_arraybuffer_info(napi_env env, napi_value buffer, void **data, size_t *bytes) {
  if (buffer->number != -1) return napi_arraybuffer_expected;
  *data = env->segment;
  *bytes = env->segment_bytes;
  return napi_ok;
}

napi_status napi_create_external_arraybuffer(napi_env env, void *data, size_t bytes, napi_finalize finalize,
                                             void *hint, napi_value *result) {
  (void)env, (void)data, (void)bytes, (void)finalize, (void)hint, (void)result;
  return napi_no_external_buffers_allowed;
}

napi_status napi_detach_arraybuffer(napi_env env, napi_value buffer) {
  (void)env, (void)buffer;
  return napi_detachable_arraybuffer_expected;
}

napi_status napi_type_tag_object(napi_env env, napi_value object, const napi_type_tag *tag) {
  (void)env, (void)object, (void)tag;
  return napi_object_expected;
}

napi_status napi_check_object_type_tag(napi_env env, napi_value object, const napi_type_tag *tag,
                                       bool *result) {
  (void)env, (void)object, (void)tag, (void)result;
  return napi_object_expected;
}

napi_status napi_wrap(napi_env env, napi_value object, void *data, napi_finalize finalize, void *hint,
                      napi_ref *result) {
  (void)env, (void)object, (void)data, (void)finalize, (void)hint, (void)result;
  return napi_object_expected;
}

napi_status napi_unwrap(napi_env env, napi_value object, void **data) {
  (void)env, (void)object, (void)data;
  return napi_object_expected;
}

napi_status napi_get_and_clear_last_exception(napi_env env, napi_value *result) {
  (void)env, (void)result;
  abort();
}

napi_status napi_fatal_exception(napi_env env, napi_value exception) {
  (void)env, (void)exception;
  abort();
}

napi_status napi_throw_error(napi_env env, const char *code, const char *message) {
  (void)env, (void)code, (void)message;
  abort();
}
