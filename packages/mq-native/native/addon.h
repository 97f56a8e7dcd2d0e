/*
 * What the files of the addon share: the state of one environment (the main thread's or a worker's) and the
 * way in which flat functions exchange data with script.
 *
 * Every exported function takes numbers and returns a number: a result of zero or more, or -errno. Bytes and
 * records pass through memory that script and C share, so a call allocates nothing:
 *
 *   message    a struct msgbuf to send: the type in the first eight bytes, the body after it;
 *              the type to select by stands in the same place; or several messages to send, each
 *              after the size of its body
 *
 *   slab       where received messages are put; script makes views of it, and takes a new one when
 *              it is full
 *
 *   fields     an array of doubles for everything with more than one number in it (stat, limits,
 *              semops)
 *
 *   registers  the arguments and the result of the calls that are made for each message: making
 *              JavaScript numbers of them would take a tenth of the time of such a call
 */
#ifndef TIMEQ_ADDON_H
#define TIMEQ_ADDON_H

#include <limits.h>
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

_Static_assert(sizeof(long) == 8, "a message type is a 64-bit long: 32-bit platforms are not supported");

enum {
  TYPE_BYTES = sizeof(long),
  /* In front of a message in a batch: the size of its body, in 64 bits. */
  RECORD_BYTES = sizeof(int64_t),
  FIELD_COUNT = 2048,
};

/* The registers, in the order of src/message-queue/message-calls.ts. */
enum register_name {
  REGISTER_RESULT, /* of the call: zero or more, or -errno */
  REGISTER_ID,
  REGISTER_BYTES, /* of the body to send, or that there is room for */
  REGISTER_FLAGS,
  REGISTER_AT,    /* where in the slab a received message is put, in bytes; a multiple of eight */
  REGISTER_COUNT, /* how many messages to take, or how often to try */
  REGISTER_COUNT_OF_ALL,
};

struct waiter_pool;
struct semaphore_undo;
struct sending_child;

struct addon {
  unsigned char *message;
  size_t message_size;
  napi_ref message_ref;
  unsigned char *slab;
  size_t slab_size;
  napi_ref slab_ref;
  int32_t *registers;
  napi_ref registers_ref;
  double *fields;
  napi_ref fields_ref;
  struct waiter_pool *waiters;
  struct semaphore_undo *undo;
  struct sending_child *child; /* NULL until it is needed */
};

struct addon *addon_of(napi_env env);

/* Reads the first `count` arguments; missing ones are undefined, which reads as zero. */
struct addon *addon_arguments(napi_env env, napi_callback_info info, size_t count, napi_value *arguments);
int32_t int_argument(napi_env env, napi_value value);
double double_argument(napi_env env, napi_value value);
/* A size or a count, at `*size`; false if it is neither, or more than `most`. */
bool size_argument(napi_env env, napi_value value, size_t most, size_t *size);
/* A string in UTF-8, at `*text`, which the caller frees. 0 or -errno, with NULL there. */
int text_argument(napi_env env, napi_value value, char **text);
/* The elements of a typed array of this type; false if the value is none. */
bool array_argument(napi_env env, napi_value value, napi_typedarray_type type, void **elements,
                    size_t *length);

/*
 * Whether memory of `size` bytes has, from `at` on, room for a head of this many bytes and a body behind it.
 * Places and sizes from script are never trusted: a call that would reach outside its memory is -EFAULT.
 */
static inline bool is_within(size_t size, size_t at, size_t head, size_t body) {
  return at <= size && head <= size - at && body <= size - at - head;
}

napi_value int_result(napi_env env, int result);
napi_value double_result(napi_env env, double result);
/* The usual end of a system call: its value, or -errno if that was -1. */
napi_value call_result(napi_env env, long result);

/* A function that this platform has not: -ENOSYS. */
napi_value addon_unsupported(napi_env env, napi_callback_info info);

/* Whether script can run: not in a worker that is being terminated. */
bool script_can_run(napi_env env);

/* Throws, unless an exception is pending already. */
void addon_throw_no_memory(napi_env env);

/* A function of the module; an error is pending if it can't be made. */
void addon_export(napi_env env, napi_value exports, const char *name, napi_callback function);

/* A constant of the kernel, from the headers that this was compiled with. */
void addon_export_constant(napi_env env, napi_value exports, const char *name, int value);

void constant_exports(napi_env env, napi_value exports);
void message_queue_exports(napi_env env, napi_value exports);
void object_exports(napi_env env, napi_value exports);
void semaphore_exports(napi_env env, napi_value exports);
void shared_memory_exports(napi_env env, napi_value exports);
void slot_exports(napi_env env, napi_value exports);
void wait_exports(napi_env env, napi_value exports);
void libc_exports(napi_env env, napi_value exports);
void unix_datagram_exports(napi_env env, napi_value exports);
void clock_exports(napi_env env, napi_value exports);
void key_exports(napi_env env, napi_value exports);
void namespace_exports(napi_env env, napi_value exports);
void posix_queue_exports(napi_env env, napi_value exports);

#endif
