/* The module: the state of each environment, the buffers that it shares with script, and what it exports. */
#include "addon.h"
#include "semaphore_undo.h"
#include "sending_child.h"
#include "waiter_pool.h"

#include <errno.h>
#include <stdlib.h>

/* A body has at most INT_MAX bytes on any machine (msgmax is an int); a larger size is a mistake. */
static const size_t LARGEST_BUFFER = (size_t)INT_MAX + 4096;

/* A new buffer at `*data` that replaces the previous one, or -errno. */
static napi_value shared_buffer(napi_env env, size_t bytes, unsigned char **data, size_t *size,
                                napi_ref *held) {
  void *memory = NULL;
  napi_value buffer = NULL;
  napi_ref reference = NULL;
  if (napi_create_arraybuffer(env, bytes, &memory, &buffer) != napi_ok ||
      napi_create_reference(env, buffer, 1, &reference) != napi_ok) {
    return int_result(env, -ENOMEM);
  }
  if (*held != NULL) napi_delete_reference(env, *held);
  *data = memory;
  *size = bytes;
  *held = reference;
  return buffer;
}

/* messageBuffer(bytes): a new buffer for the type and `bytes` of body to send. */
static napi_value message_buffer(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  size_t bytes;
  if (!size_argument(env, argument, LARGEST_BUFFER, &bytes)) return int_result(env, -EINVAL);
  return shared_buffer(env, TYPE_BYTES + bytes, &addon->message, &addon->message_size, &addon->message_ref);
}

/* slab(bytes): a new slab. The previous one lives as long as script has views of it. */
static napi_value slab(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  size_t bytes;
  if (!size_argument(env, argument, LARGEST_BUFFER, &bytes)) return int_result(env, -EINVAL);
  return shared_buffer(env, bytes, &addon->slab, &addon->slab_size, &addon->slab_ref);
}

/* registersBuffer(): the registers. */
static napi_value registers_buffer(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value buffer = NULL;
  napi_get_reference_value(env, addon_of(env)->registers_ref, &buffer);
  return buffer;
}

/* fieldsBuffer(): the doubles. */
static napi_value fields_buffer(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value buffer = NULL;
  napi_get_reference_value(env, addon_of(env)->fields_ref, &buffer);
  return buffer;
}

/* Node does not free references at an environment's end: without this each worker would leave some behind. */
static void free_addon(napi_env env, void *data, void *hint) {
  (void)hint;
  struct addon *addon = data;
  napi_ref references[] = {addon->message_ref, addon->slab_ref, addon->registers_ref, addon->fields_ref};
  for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
    if (references[i] != NULL) napi_delete_reference(env, references[i]);
  }
  sending_child_end(addon->child);
  free(addon);
}

static bool make_addon(napi_env env) {
  struct addon *addon = calloc(1, sizeof *addon);
  napi_value fields, registers;
  void *data = NULL, *numbers = NULL;
  if (addon == NULL) return false;
  if (napi_create_arraybuffer(env, FIELD_COUNT * sizeof(double), &data, &fields) != napi_ok ||
      napi_create_reference(env, fields, 1, &addon->fields_ref) != napi_ok ||
      napi_create_arraybuffer(env, REGISTER_COUNT_OF_ALL * sizeof(int32_t), &numbers, &registers) !=
          napi_ok ||
      napi_create_reference(env, registers, 1, &addon->registers_ref) != napi_ok ||
      napi_set_instance_data(env, addon, free_addon, NULL) != napi_ok) {
    free_addon(env, addon, NULL);
    return false;
  }
  addon->fields = data;
  addon->registers = numbers;
  /* First, so that it ends last: the end of a wait can still be recorded. */
  addon->undo = semaphore_undo_create(env);
  addon->waiters = addon->undo == NULL ? NULL : waiter_pool_create(env);
  return addon->waiters != NULL; /* if not, the environment frees the rest at its end */
}

NAPI_MODULE_INIT() {
  if (!make_addon(env)) {
    addon_throw_no_memory(env);
    return NULL;
  }
  addon_export(env, exports, "messageBuffer", message_buffer);
  addon_export(env, exports, "slab", slab);
  addon_export(env, exports, "fieldsBuffer", fields_buffer);
  addon_export(env, exports, "registersBuffer", registers_buffer);
  constant_exports(env, exports);
  message_queue_exports(env, exports);
  object_exports(env, exports);
  semaphore_exports(env, exports);
  shared_memory_exports(env, exports);
  slot_exports(env, exports);
  wait_exports(env, exports);
  clock_exports(env, exports);
  libc_exports(env, exports);
  unix_datagram_exports(env, exports);
  key_exports(env, exports);
  namespace_exports(env, exports);
  posix_queue_exports(env, exports);
  return exports;
}
