#include "waiter_pool.h"

#include "interrupt.h"
#include "put_back.h"
#include "semaphore.h"
#include "semaphore_undo.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__FreeBSD__)
#include <pthread_np.h>
#endif

enum {
  PARKED_MAX = 8,                      /* threads kept for the next wait; more are ended */
  KEPT_BYTES = TYPE_BYTES + 64 * 1024, /* of a parked waiter's buffer */
  REPORTS_PER_TURN = 4, /* ending a thread takes a moment, and long if thousands of others are ready to run */
};

/* The pool of the thread with which the process ends. */
static _Atomic(struct waiter_pool *) main_pool;

static bool is_main_thread(void) {
#ifdef __linux__
  return syscall(SYS_gettid) == getpid();
#else
  return pthread_main_np() != 0;
#endif
}

/* A free place in the table, or -1. */
static int free_index(struct waiter_pool *pool) {
  for (int index = 0; index < pool->count; index++) {
    if (pool->waiters[index] == NULL) return index;
  }
  int count = pool->count == 0 ? 8 : pool->count * 2;
  struct waiter **waiters = realloc(pool->waiters, (size_t)count * sizeof *waiters);
  if (waiters == NULL) return -1;
  memset(waiters + pool->count, 0, (size_t)(count - pool->count) * sizeof *waiters);
  int index = pool->count;
  pool->waiters = waiters;
  pool->count = count;
  return index;
}

/* A new waiter with its thread, at `*made`. 0 or -errno. */
static int create_waiter(struct waiter_pool *pool, struct waiter **made) {
  int index = free_index(pool);
  struct waiter *waiter = index == -1 ? NULL : calloc(1, sizeof *waiter);
  if (waiter == NULL) return -ENOMEM;
  waiter->done = &pool->done;
  waiter->index = index;
  waiter->next_parked = -1;
  int error = waiter_start(waiter);
  if (error != 0) {
    free(waiter);
    return error;
  }
  pool->waiters[index] = waiter;
  *made = waiter;
  return 0;
}

/* The thread has to be parked or done: then it ends at once. */
static void destroy_waiter(struct waiter_pool *pool, struct waiter *waiter) {
  waiter_end(waiter);
  pool->waiters[waiter->index] = NULL;
  free(waiter->payload);
  free(waiter);
}

void waiter_pool_give_back(struct waiter_pool *pool, struct waiter *waiter) {
  if (pool->parked >= PARKED_MAX) {
    destroy_waiter(pool, waiter);
    return;
  }
  if (waiter->capacity > KEPT_BYTES) {
    free(waiter->payload);
    waiter->payload = NULL;
    waiter->capacity = 0;
  }
  waiter->next_parked = pool->first_parked;
  pool->first_parked = waiter->index;
  pool->parked++;
}

int waiter_pool_take(struct waiter_pool *pool, size_t bytes, struct waiter **taken) {
  struct waiter *waiter;
  if (pool->first_parked != -1) {
    waiter = pool->waiters[pool->first_parked];
    assert(waiter->state == PARKED && !waiter->abandoned);
    pool->first_parked = waiter->next_parked;
    pool->parked--;
  } else {
    int error = create_waiter(pool, &waiter);
    if (error != 0) return error;
  }
  if (waiter->capacity < bytes) {
    unsigned char *payload = realloc(waiter->payload, bytes);
    if (payload == NULL) {
      waiter_pool_give_back(pool, waiter);
      return -ENOMEM;
    }
    waiter->payload = payload;
    waiter->capacity = bytes;
  }
  *taken = waiter;
  return 0;
}

/* This environment has to know at its end what was done to semaphores on its behalf. */
static void record_operations(const struct waiter_pool *pool, const struct waiter *waiter) {
  semaphore_operated(addon_of(pool->env), waiter->id, (struct sembuf *)waiter->payload, waiter->size,
                     waiter->result);
}

/* They were undone: their reserved records are not needed. */
static void forget_operations(const struct waiter_pool *pool, const struct waiter *waiter) {
  semaphore_undo_settle(addon_of(pool->env)->undo, waiter->id, (struct sembuf *)waiter->payload, waiter->size,
                        false);
}

/* The message's memory changes owner with it: a body is copied once, by script. */
static void hold_taken(struct waiter_pool *pool, struct waiter *waiter) {
  struct taken *taken = &pool->taken;
  assert(!taken->held);
  struct taken now = {true, waiter->id, (size_t)waiter->result, waiter->payload, waiter->capacity};
  waiter->payload = taken->message;
  waiter->capacity = taken->capacity;
  *taken = now;
}

static int collect(struct waiter_pool *pool, struct waiter *waiter) {
  waiter_collect(waiter);
  if (waiter->abandoned) {
    waiter->abandoned = false;
    if (waiter->kind == WAIT_OPERATE) forget_operations(pool, waiter);
    return waiter->result;
  }
  if (waiter->kind == WAIT_RECEIVE && waiter->result >= 0) hold_taken(pool, waiter);
  if (waiter->kind == WAIT_OPERATE) record_operations(pool, waiter);
  return waiter->result;
}

int waiter_pool_finish(struct waiter_pool *pool, struct waiter *waiter) {
  int result = collect(pool, waiter);
  waiter_pool_give_back(pool, waiter);
  return result;
}

struct waiter *waiter_pool_busy(struct waiter_pool *pool, int index) {
  struct waiter *waiter = index >= 0 && index < pool->count ? pool->waiters[index] : NULL;
  return waiter != NULL && waiter_is_busy(waiter) ? waiter : NULL;
}

/* No script around the listener could catch what it throws. */
static void throw_uncaught(napi_env env) {
  napi_value exception;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) return;
  napi_get_and_clear_last_exception(env, &exception);
  napi_fatal_exception(env, exception);
}

void waiter_pool_return_taken(struct waiter_pool *pool) {
  struct taken *taken = &pool->taken;
  if (!taken->held) return;
  put_back(taken->id, taken->message, taken->size);
  taken->held = false;
}

/*
 * The loop of a worker that is being terminated still runs, but its script can't. A message that was taken
 * for it stays until the end of the pool, which is near.
 */
static void tell_script(struct waiter_pool *pool, int index, int result) {
  napi_env env = pool->env;
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  napi_value listener, receiver, arguments[] = {int_result(env, index), int_result(env, result)};
  if (napi_get_reference_value(env, pool->listener, &listener) != napi_ok ||
      napi_get_global(env, &receiver) != napi_ok ||
      napi_make_callback(env, NULL, receiver, listener, 2, arguments, NULL) != napi_ok) {
    throw_uncaught(env);
  }
  /* A message that script failed to fetch. */
  if (pool->taken.held && script_can_run(env)) waiter_pool_return_taken(pool);
  napi_close_handle_scope(env, scope);
}

/*
 * Runs on the loop's thread after a wait reached DONE. More waits may end meanwhile, for as long as messages
 * come: they have woken the loop again, and it should turn in between. It should also turn when very many end
 * at once, as when a queue is removed.
 */
static void report_done(void *context) {
  struct waiter_pool *pool = context;
  int left = done_list_count(&pool->done);
  bool more = left > REPORTS_PER_TURN;
  if (more) left = REPORTS_PER_TURN;
  for (; left > 0 && !pool->taken.held; left--) {
    struct waiter *waiter = done_list_first(&pool->done);
    if (waiter == NULL) return;
    int index = waiter->index;
    bool abandoned = waiter->abandoned;
    int result = waiter_pool_finish(pool, waiter);
    if (!abandoned) tell_script(pool, index, result);
  }
  /* Not if script can't fetch the message: the loop of such a worker would turn for ever. */
  if (more && !pool->taken.held) loop_call_wake(pool->done.report);
}

static bool has_message(const struct waiter *waiter) {
  return !waiter->abandoned && waiter->state == DONE && waiter->kind == WAIT_RECEIVE && waiter->result >= 0;
}

/* Tries once for each message that was taken and not fetched. Returns how many had no room. */
static int put_back_each(struct waiter_pool *pool) {
  struct taken *taken = &pool->taken;
  int left = 0;
  if (taken->held && put_back_now(taken->id, taken->message, taken->size)) taken->held = false;
  if (taken->held) left++;
  for (int index = 0; index < pool->count; index++) {
    struct waiter *waiter = pool->waiters[index];
    if (waiter == NULL || !has_message(waiter)) continue;
    if (put_back_now(waiter->id, waiter->payload, (size_t)waiter->result))
      waiter->result = -EINTR;
    else
      left++;
  }
  return left;
}

/* Ends all waits; messages that they had taken by then go back. */
static void abandon_waits(struct waiter_pool *pool) {
  for (int index = 0; index < pool->count; index++) {
    if (pool->waiters[index] != NULL) waiter_stop(pool->waiters[index]);
  }
  int64_t deadline = put_back_deadline();
  while (put_back_each(pool) > 0 && put_back_again(deadline))
    continue;
}

/* Node unloads an addon with the last environment that loaded it; a thread that is left still runs its code.
 */
static void keep_code_loaded(void) {
  Dl_info info;
  if (dladdr(&main_pool, &info) != 0) dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
}

static void free_pool(void *context) {
  struct waiter_pool *pool = context;
  napi_remove_async_cleanup_hook(pool->end);
  if (pool->done.ended) return;
  done_list_destroy(&pool->done);
  free(pool);
}

/* At the end of the environment, which no thread may outlive. */
static void destroy_pool(napi_async_cleanup_hook_handle end, void *argument) {
  struct waiter_pool *pool = argument;
  struct waiter_pool *ours = pool;
  atomic_compare_exchange_strong(&main_pool, &ours, NULL);
  abandon_waits(pool);
  for (int index = 0; index < pool->count; index++) {
    struct waiter *waiter = pool->waiters[index];
    if (waiter == NULL) continue;
    if (waiter_leave(waiter)) {
      keep_code_loaded();
      continue;
    }
    if (waiter->state == DONE && waiter->kind == WAIT_OPERATE && !waiter->abandoned)
      record_operations(pool, waiter);
    destroy_waiter(pool, waiter);
  }
  free(pool->waiters);
  free(pool->taken.message);
  pool->taken.message = NULL;
  pool->waiters = NULL;
  pool->count = 0;
  if (pool->listener != NULL) napi_delete_reference(pool->env, pool->listener);
  pool->listener = NULL;
  interrupt_release();
  pool->end = end;
  loop_call_close(pool->done.report, free_pool);
}

/*
 * process.exit and an uncaught exception run no cleanup hooks on the main thread, whose pool this is. By then
 * Node has ended its workers, and their pools with them.
 */
__attribute__((destructor)) static void at_exit(void) {
  struct waiter_pool *pool = atomic_load(&main_pool);
  if (pool != NULL) abandon_waits(pool);
}

static bool start_pool(struct waiter_pool *pool) {
  if (interrupt_acquire() != 0) return false;
  if (napi_add_async_cleanup_hook(pool->env, destroy_pool, pool, &pool->end) == napi_ok) {
    /* Last: the loop releases it only in a later turn, and a failed load leaves no time for one. */
    pool->done.report = loop_call_create(pool->env, report_done, pool);
    if (pool->done.report != NULL) return true;
    napi_remove_async_cleanup_hook(pool->end);
  }
  interrupt_release();
  return false;
}

struct waiter_pool *waiter_pool_create(napi_env env) {
  struct waiter_pool *pool = calloc(1, sizeof *pool);
  if (pool == NULL) return NULL;
  pool->env = env;
  pool->first_parked = -1;
  if (!done_list_init(&pool->done)) {
    free(pool);
    return NULL;
  }
  if (!start_pool(pool)) {
    done_list_destroy(&pool->done);
    free(pool);
    return NULL;
  }
  if (is_main_thread()) atomic_store(&main_pool, pool);
  return pool;
}
