/*
 * One waiter is one thread that makes one blocking call at a time and is parked in between.
 *
 *   PARKED --wait--> WAITING --the call returned--> DONE --script was told, or cancelled--> PARKED
 *
 * A thread that can't be interrupted, for want of a signal, is abandoned: script is told at once that its
 * wait has ended, and whatever the call still does is taken back. Then the waiter is PARKED as well.
 *
 * A receive waits with as much room as script says. What fits is handed to the thread by the kernel, in the
 * order in which all who wait for the queue came, and nobody else is woken. It is handed on to script, and if
 * there is no script left to take it, it is put back. A longer message wakes the thread with E2BIG and stays
 * in the queue: with room for no bytes, that is every message but the empty ones.
 *
 * The states of a pool's waiters belong to whoever holds the pool's lock. Nobody holds it while a thread is
 * woken, which wants it at once. Script and C on the loop's thread see a waiter only as its index, and an
 * index is given to another wait only after DONE has been reported or cancel has returned.
 */
#include "waiter.h"

#include "interrupt.h"
#include "loop_call.h"
#include "put_back.h"
#include "semaphore.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <time.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__FreeBSD__)
#include <pthread_np.h>
#endif

enum waiter_state { PARKED, WAITING, DONE };
enum wait_kind { WAIT_RECEIVE, WAIT_SEND, WAIT_OPERATE };

enum {
  STACK_BYTES = 256 * 1024,            /* of address space; a thread touches a few KiB of it */
  PARKED_MAX = 8,                      /* threads kept for the next wait; more are ended */
  KEPT_BYTES = TYPE_BYTES + 64 * 1024, /* of a parked waiter's buffer */
  INTERRUPT_AGAIN_NANOSECONDS = 50000,
  INTERRUPT_FAILS_MOST = 200, /* some ten milliseconds */
  INTERRUPT_TRIES = 100000,   /* five seconds and more, in which the thread did not run */
  REPORTS_PER_TURN = 64,
  YIELDS_MOST = 64,
  SOON_NANOSECONDS = 100000,
};

struct waiter {
  struct waiter_pool *pool;
  int index;
  int next_parked;
  pthread_t thread;
  pthread_cond_t changed;
  enum waiter_state state;
  struct waiter *next_done; /* of those that script has not been told of */
  bool quit;
  atomic_bool called; /* there may be something to do: a hint for a thread that has not gone to sleep */
  int yields;         /* before it does */
  atomic_bool cancelled;
  bool abandoned;

  enum wait_kind kind;
  int id;
  int flags;
  long type;              /* to select by */
  size_t size;            /* bytes of the body to send or that there is room for, or number of operations */
  unsigned char *payload; /* a struct msgbuf or an array of struct sembuf */
  size_t capacity;
  int result; /* -errno; otherwise the size of the body that was taken, or 0 */
};

/* A message that a waiter took, between its wait and script. */
struct taken {
  bool held; /* script has not fetched it yet */
  int id;
  size_t size;
  unsigned char *message; /* a struct msgbuf */
  size_t capacity;
};

struct waiter_pool {
  napi_env env;
  struct loop_call *report;
  napi_async_cleanup_hook_handle end;
  napi_ref listener;
  pthread_mutex_t lock;
  struct waiter *first_done;
  struct waiter **end_of_done;
  int done;
  bool ended;     /* its environment has; only abandoned threads are left */
  int references; /* of script to the event loop: while there are any, waits keep the process alive */
  struct waiter **waiters;
  int count;
  int first_parked; /* -1: none */
  int parked;
  struct taken taken;
};

/* The pool of the thread that the process ends with. */
static _Atomic(struct waiter_pool *) main_pool;

static bool is_main_thread(void) {
#ifdef __linux__
  return syscall(SYS_gettid) == getpid();
#else
  return pthread_main_np() != 0;
#endif
}

/* ---- the waiter's thread ---- */

static int make_call(struct waiter *waiter) {
  long result = -1;
  errno = EINVAL;
  switch (waiter->kind) {
  case WAIT_RECEIVE:
    /* Never with MSG_NOERROR: a message would be taken, and cut. */
    result = msgrcv(waiter->id, waiter->payload, waiter->size, waiter->type, waiter->flags);
    break;
  case WAIT_SEND:
    result = msgsnd(waiter->id, waiter->payload, waiter->size, 0);
    break;
  case WAIT_OPERATE:
    return semaphore_operate(waiter->id, (struct sembuf *)waiter->payload, waiter->size);
  }
  return result == -1 ? -errno : (int)result;
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/*
 * Returns when the thread has to wait again, or to end; with the lock held, before and after. Script often
 * wants the next message as soon as it has this one. To go to sleep and to be woken takes longer than that,
 * so the thread first offers its CPU to others for a while, if it was called soon the last time.
 */
static void await_call(struct waiter *waiter) {
  int64_t since = now();
  if (waiter->yields > 0) {
    pthread_mutex_unlock(&waiter->pool->lock);
    for (int left = waiter->yields; left > 0 && !atomic_load(&waiter->called); left--)
      sched_yield();
    pthread_mutex_lock(&waiter->pool->lock);
  }
  while (waiter->state != WAITING && !waiter->quit)
    pthread_cond_wait(&waiter->changed, &waiter->pool->lock);
  atomic_store(&waiter->called, false);
  waiter->yields = now() - since < SOON_NANOSECONDS ? YIELDS_MOST : waiter->yields / 2;
}

static void call_thread(struct waiter *waiter) {
  atomic_store(&waiter->called, true);
  pthread_cond_signal(&waiter->changed);
}

static void add_done(struct waiter *waiter) {
  struct waiter_pool *pool = waiter->pool;
  waiter->next_done = NULL;
  *pool->end_of_done = waiter;
  pool->end_of_done = &waiter->next_done;
  pool->done++;
}

/* Takes back what a call has done for which nobody waits any more. What was sent can't be. */
static void take_back(struct waiter *waiter, int result) {
  if (result < 0) return;
  if (waiter->kind == WAIT_RECEIVE) put_back(waiter->id, waiter->payload, (size_t)result);
  if (waiter->kind == WAIT_OPERATE)
    semaphore_take_back(waiter->id, (struct sembuf *)waiter->payload, waiter->size);
}

/* Whether the thread was abandoned while it was in the call. Called with the lock held; so it returns. */
static bool end_abandoned(struct waiter *waiter, int result) {
  if (!waiter->abandoned) return false;
  pthread_mutex_unlock(&waiter->pool->lock);
  take_back(waiter, result);
  pthread_mutex_lock(&waiter->pool->lock);
  return true;
}

static void *run_waiter(void *argument) {
  struct waiter *waiter = argument;
  pthread_mutex_lock(&waiter->pool->lock);
  for (;;) {
    await_call(waiter);
    if (waiter->quit) break;
    pthread_mutex_unlock(&waiter->pool->lock);

    int result = -EINTR;
    while (result == -EINTR && !atomic_load(&waiter->cancelled))
      result = make_call(waiter);

    pthread_mutex_lock(&waiter->pool->lock);
    bool abandoned = end_abandoned(waiter, result);
    /* Neither the waiter nor the pool is anybody's then, and both stay as they are. */
    if (abandoned && waiter->pool->ended) break;
    waiter->result = result;
    waiter->state = DONE;
    bool cancelled = atomic_load(&waiter->cancelled) && !abandoned;
    if (cancelled)
      pthread_cond_signal(&waiter->changed);
    else
      add_done(waiter);
    pthread_mutex_unlock(&waiter->pool->lock);
    if (!cancelled) loop_call_wake(waiter->pool->report);
    pthread_mutex_lock(&waiter->pool->lock);
  }
  pthread_mutex_unlock(&waiter->pool->lock);
  return NULL;
}

/* ---- the loop's thread ---- */

static int start_thread(struct waiter *waiter) {
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error != 0) return -error;
  error = pthread_attr_setstacksize(&attributes, STACK_BYTES);
  if (error == 0) error = interrupt_start_thread(&waiter->thread, &attributes, run_waiter, waiter);
  pthread_attr_destroy(&attributes);
  return -error;
}

/* 0 or -errno. */
static int init_condition(pthread_cond_t *condition) {
#ifdef __APPLE__
  return -pthread_cond_init(condition, NULL);
#else
  pthread_condattr_t attributes;
  int error = pthread_condattr_init(&attributes);
  if (error != 0) return -error;
  /* A wall clock that is set back must not make a timed wait long. */
  error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  if (error == 0) error = pthread_cond_init(condition, &attributes);
  pthread_condattr_destroy(&attributes);
  return -error;
#endif
}

static void wait_a_moment(struct waiter *waiter) {
#ifdef __APPLE__
  struct timespec moment = {0, INTERRUPT_AGAIN_NANOSECONDS};
  pthread_cond_timedwait_relative_np(&waiter->changed, &waiter->pool->lock, &moment);
#else
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += INTERRUPT_AGAIN_NANOSECONDS;
  if (until.tv_nsec >= 1000000000) {
    until.tv_nsec -= 1000000000;
    until.tv_sec++;
  }
  pthread_cond_timedwait(&waiter->changed, &waiter->pool->lock, &until);
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
  waiter->pool = pool;
  waiter->index = index;
  waiter->next_parked = -1;
  int error = init_condition(&waiter->changed);
  if (error == 0) {
    error = start_thread(waiter);
    if (error != 0) pthread_cond_destroy(&waiter->changed);
  }
  if (error != 0) {
    free(waiter);
    return error;
  }
  pool->waiters[index] = waiter;
  *made = waiter;
  return 0;
}

/* The thread has to be parked or done: it then ends at once. */
static void destroy_waiter(struct waiter *waiter) {
  pthread_mutex_lock(&waiter->pool->lock);
  assert(waiter->state != WAITING);
  waiter->quit = true;
  pthread_mutex_unlock(&waiter->pool->lock);
  call_thread(waiter);
  pthread_join(waiter->thread, NULL);
  pthread_cond_destroy(&waiter->changed);
  waiter->pool->waiters[waiter->index] = NULL;
  free(waiter->payload);
  free(waiter);
}

static void park(struct waiter *waiter) {
  struct waiter_pool *pool = waiter->pool;
  if (pool->parked >= PARKED_MAX) {
    destroy_waiter(waiter);
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

/* A parked waiter, off the list, with room for `bytes` of payload. 0 or -errno. */
static int take_waiter(struct waiter_pool *pool, size_t bytes, struct waiter **taken) {
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
      park(waiter);
      return -ENOMEM;
    }
    waiter->payload = payload;
    waiter->capacity = bytes;
  }
  *taken = waiter;
  return 0;
}

static int start_wait(struct waiter *waiter, enum wait_kind kind, int id) {
  pthread_mutex_lock(&waiter->pool->lock);
  waiter->kind = kind;
  waiter->id = id;
  atomic_store(&waiter->cancelled, false);
  waiter->state = WAITING;
  pthread_mutex_unlock(&waiter->pool->lock);
  call_thread(waiter);
  return waiter->index;
}

/* What was done to semaphores in the name of this environment has to be known at its end. */
static void record_operations(const struct waiter *waiter) {
  semaphore_operated(addon_of(waiter->pool->env), waiter->id, (struct sembuf *)waiter->payload, waiter->size,
                     waiter->result);
}

/* The message changes hands with its memory: a body is copied once, by script. */
static void hold_taken(struct waiter *waiter) {
  struct taken *taken = &waiter->pool->taken;
  assert(!taken->held);
  struct taken now = {true, waiter->id, (size_t)waiter->result, waiter->payload, waiter->capacity};
  waiter->payload = taken->message;
  waiter->capacity = taken->capacity;
  *taken = now;
}

static void remove_done(struct waiter *waiter) {
  struct waiter_pool *pool = waiter->pool;
  struct waiter **link = &pool->first_done;
  while (*link != NULL && *link != waiter)
    link = &(*link)->next_done;
  if (*link == NULL) return;
  *link = waiter->next_done;
  if (waiter->next_done == NULL) pool->end_of_done = link;
  pool->done--;
}

static bool has_message(const struct waiter *waiter) {
  return !waiter->abandoned && waiter->state == DONE && waiter->kind == WAIT_RECEIVE && waiter->result >= 0;
}

/* Takes the result of a wait that is done. */
static int collect(struct waiter *waiter) {
  /* The thread may look at its state at any time: a wait on a condition can end for no reason. */
  pthread_mutex_lock(&waiter->pool->lock);
  remove_done(waiter);
  waiter->state = PARKED;
  pthread_mutex_unlock(&waiter->pool->lock);
  if (waiter->abandoned) {
    waiter->abandoned = false;
    return waiter->result;
  }
  if (waiter->kind == WAIT_RECEIVE && waiter->result >= 0) hold_taken(waiter);
  if (waiter->kind == WAIT_OPERATE) record_operations(waiter);
  return waiter->result;
}

/* Whether the thread is out of its call; if not, it is abandoned. */
static bool stop_waiting(struct waiter *waiter) {
  pthread_mutex_lock(&waiter->pool->lock);
  atomic_store(&waiter->cancelled, true);
  int fails = 0, tries = 0;
  while (waiter->state == WAITING && fails < INTERRUPT_FAILS_MOST && tries < INTERRUPT_TRIES) {
    if (interrupt_thread(waiter->thread) != 0) fails++;
    tries++;
    wait_a_moment(waiter);
  }
  bool stopped = waiter->state != WAITING;
  if (!stopped) waiter->abandoned = true;
  pthread_mutex_unlock(&waiter->pool->lock);
  return stopped;
}

/*
 * waitReceive(id, flags, room): the waiter's index. It takes a message with a body of up to `room` bytes, and
 * tells of a larger one. The type to select by stands in the message buffer.
 */
static napi_value wait_receive(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  struct addon *addon = addon_arguments(env, info, 3, arguments);
  size_t room;
  struct waiter *waiter;
  if (!size_argument(env, arguments[2], INT_MAX, &room)) return int_result(env, -EFAULT);
  int error = take_waiter(addon->waiters, TYPE_BYTES + room, &waiter);
  if (error != 0) return int_result(env, error);
  memcpy(&waiter->type, addon->message, sizeof waiter->type);
  waiter->flags = int_argument(env, arguments[1]);
  waiter->size = room;
  return int_result(env, start_wait(waiter, WAIT_RECEIVE, int_argument(env, arguments[0])));
}

/* waitSend(id, bytes): the waiter's index. Sends a copy of what is in the message buffer now. */
static napi_value wait_send(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  size_t bytes;
  struct waiter *waiter;
  if (!size_argument(env, arguments[1], INT_MAX, &bytes) ||
      !is_within(addon->message_size, 0, TYPE_BYTES, bytes)) {
    return int_result(env, -EFAULT);
  }
  int error = take_waiter(addon->waiters, TYPE_BYTES + bytes, &waiter);
  if (error != 0) return int_result(env, error);
  memcpy(waiter->payload, addon->message, TYPE_BYTES + bytes);
  waiter->size = bytes;
  return int_result(env, start_wait(waiter, WAIT_SEND, int_argument(env, arguments[0])));
}

/* waitOperate(id, count): the waiter's index. The operations stand in the fields, three numbers each. */
static napi_value wait_operate(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  struct addon *addon = addon_arguments(env, info, 2, arguments);
  size_t count;
  struct waiter *waiter;
  if (!size_argument(env, arguments[1], OPERATIONS_MAX, &count)) return int_result(env, -E2BIG);
  int error = take_waiter(addon->waiters, count * sizeof(struct sembuf), &waiter);
  if (error != 0) return int_result(env, error);
  semaphore_operations(addon, (struct sembuf *)waiter->payload, count);
  waiter->size = count;
  return int_result(env, start_wait(waiter, WAIT_OPERATE, int_argument(env, arguments[0])));
}

/* The waiter of an index that script was given for a wait which has not been reported; NULL if there is none.
 */
static struct waiter *busy_waiter(struct waiter_pool *pool, int index) {
  struct waiter *waiter = index >= 0 && index < pool->count ? pool->waiters[index] : NULL;
  if (waiter == NULL) return NULL;
  pthread_mutex_lock(&pool->lock);
  bool busy = waiter->state != PARKED && !waiter->abandoned;
  pthread_mutex_unlock(&pool->lock);
  return busy ? waiter : NULL;
}

/*
 * waitCancel(index): how the wait ended: -EINTR if nothing happened, otherwise what the call had returned
 * when the interruption came, -EALREADY if the thread can't be interrupted and was abandoned. A receive that
 * did not fail has taken a message, to be fetched by waitTaken.
 */
static napi_value wait_cancel(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  struct waiter *waiter = busy_waiter(addon->waiters, int_argument(env, argument));
  if (waiter == NULL) return int_result(env, -EINVAL);
  if (!stop_waiting(waiter)) return int_result(env, -EALREADY);
  int result = collect(waiter);
  park(waiter);
  return int_result(env, result);
}

/* waitTaken(at): 0. Puts the message that the wait which just ended has taken into the slab, type and body.
 */
static napi_value wait_taken(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  struct taken *taken = &addon->waiters->taken;
  size_t at;
  if (!taken->held) return int_result(env, -EINVAL);
  if (!size_argument(env, argument, addon->slab_size, &at) ||
      !is_within(addon->slab_size, at, TYPE_BYTES, taken->size)) {
    return int_result(env, -EFAULT);
  }
  memcpy(addon->slab + at, taken->message, TYPE_BYTES + taken->size);
  taken->held = false;
  return int_result(env, 0);
}

/* waitListen(listener): 0, once. listener(index, result) is called for every wait that ended without being
 * cancelled.
 */
static napi_value wait_listen(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct waiter_pool *pool = addon_arguments(env, info, 1, &argument)->waiters;
  if (pool->listener != NULL) return int_result(env, -EALREADY);
  bool made = napi_create_reference(env, argument, 1, &pool->listener) == napi_ok;
  return int_result(env, made ? 0 : -ENOMEM);
}

/* waitRef(delta): adds to the number of waits for which the event loop has to stay alive. */
static napi_value wait_ref(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct waiter_pool *pool = addon_arguments(env, info, 1, &argument)->waiters;
  int before = pool->references;
  pool->references += int_argument(env, argument);
  if ((before > 0) != (pool->references > 0)) loop_call_keep_alive(pool->report, before == 0);
  return NULL;
}

/* There is no script around the listener that could catch what it throws. */
static void throw_to_nobody(napi_env env) {
  napi_value exception;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) return;
  napi_get_and_clear_last_exception(env, &exception);
  napi_fatal_exception(env, exception);
}

/* What it has taken for script that failed to fetch it goes back. */
static void return_taken(struct waiter_pool *pool) {
  struct taken *taken = &pool->taken;
  if (!taken->held) return;
  put_back(taken->id, taken->message, taken->size);
  taken->held = false;
}

/*
 * The loop of a worker that is being terminated still runs, with script that can't. What was taken for it is
 * left to the end of the pool, which is near.
 */
static void tell_script(struct waiter_pool *pool, int index, int result) {
  napi_env env = pool->env;
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  napi_value listener, receiver, arguments[2];
  napi_get_reference_value(env, pool->listener, &listener);
  napi_get_global(env, &receiver);
  arguments[0] = int_result(env, index);
  arguments[1] = int_result(env, result);
  napi_status status = napi_make_callback(env, NULL, receiver, listener, 2, arguments, NULL);
  if (status != napi_ok) {
    throw_to_nobody(env);
    if (script_can_run(env)) return_taken(pool);
  }
  napi_close_handle_scope(env, scope);
}

static struct waiter *first_done(struct waiter_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  struct waiter *first = pool->first_done;
  pthread_mutex_unlock(&pool->lock);
  return first;
}

/*
 * Runs on the loop's thread after a wait reached DONE. Others may do so meanwhile, for as long as messages
 * come: they have woken the loop again, and it is to turn in between. It is to turn as well where very many
 * are done at once, as when a queue is removed.
 */
static void report_done(void *context) {
  struct waiter_pool *pool = context;
  pthread_mutex_lock(&pool->lock);
  int left = pool->done;
  pthread_mutex_unlock(&pool->lock);
  if (left > REPORTS_PER_TURN) {
    left = REPORTS_PER_TURN;
    loop_call_wake(pool->report);
  }
  for (; left > 0 && !pool->taken.held; left--) {
    struct waiter *waiter = first_done(pool);
    if (waiter == NULL) return;
    int index = waiter->index;
    bool abandoned = waiter->abandoned;
    int result = collect(waiter);
    park(waiter);
    if (!abandoned) tell_script(pool, index, result);
  }
}

/* Tries once for each message that was taken and not fetched. How many had no room. */
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

/* Ends all waits; what they had taken when the end came goes back. */
static void abandon_waits(struct waiter_pool *pool) {
  for (int index = 0; index < pool->count; index++) {
    if (pool->waiters[index] != NULL) stop_waiting(pool->waiters[index]);
  }
  int64_t deadline = put_back_deadline();
  while (put_back_each(pool) > 0 && put_back_again(deadline))
    continue;
}

/* Node unloads an addon with the last environment that loaded it. */
static void keep_code_loaded(void) {
  Dl_info info;
  if (dladdr(&main_pool, &info) != 0) dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
}

/*
 * A thread that is still in its call at the end of its environment: it goes on by itself, with the waiter,
 * the pool and the code of the addon, none of which is given back.
 */
static bool leave_abandoned(struct waiter *waiter) {
  struct waiter_pool *pool = waiter->pool;
  pthread_mutex_lock(&pool->lock);
  bool left = waiter->state == WAITING;
  if (left) {
    pool->ended = true;
    pthread_detach(waiter->thread);
  }
  pthread_mutex_unlock(&pool->lock);
  if (left) keep_code_loaded();
  return left;
}

static void free_pool(void *context) {
  struct waiter_pool *pool = context;
  napi_remove_async_cleanup_hook(pool->end);
  if (pool->ended) return;
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}

/* At the end of the environment: threads must not outlive it. */
static void destroy_pool(napi_async_cleanup_hook_handle end, void *argument) {
  struct waiter_pool *pool = argument;
  struct waiter_pool *ours = pool;
  atomic_compare_exchange_strong(&main_pool, &ours, NULL);
  abandon_waits(pool);
  for (int index = 0; index < pool->count; index++) {
    struct waiter *waiter = pool->waiters[index];
    if (waiter == NULL) continue;
    if (leave_abandoned(waiter)) continue;
    if (waiter->state == DONE && waiter->kind == WAIT_OPERATE && !waiter->abandoned)
      record_operations(waiter);
    destroy_waiter(waiter);
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
  loop_call_close(pool->report, free_pool);
}

/*
 * process.exit and a throw that nobody catches run no cleanup hooks on the main thread, whose pool this is.
 * Node has ended its workers by then, and their pools with them.
 */
__attribute__((destructor)) static void at_exit(void) {
  struct waiter_pool *pool = atomic_load(&main_pool);
  if (pool != NULL) abandon_waits(pool);
}

static bool start_pool(struct waiter_pool *pool) {
  if (interrupt_acquire() != 0) return false;
  pool->report = loop_call_create(pool->env, report_done, pool);
  if (pool->report == NULL) {
    interrupt_release();
    return false;
  }
  return true;
}

static void free_unused_pool(void *context) {
  struct waiter_pool *pool = context;
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}

struct waiter_pool *waiter_pool_create(napi_env env) {
  struct waiter_pool *pool = calloc(1, sizeof *pool);
  if (pool == NULL) return NULL;
  pool->env = env;
  pool->first_parked = -1;
  pool->end_of_done = &pool->first_done;
  if (pthread_mutex_init(&pool->lock, NULL) != 0) {
    free(pool);
    return NULL;
  }
  if (!start_pool(pool)) {
    free_unused_pool(pool);
    return NULL;
  }
  if (napi_add_async_cleanup_hook(env, destroy_pool, pool, NULL) != napi_ok) {
    interrupt_release();
    loop_call_close(pool->report, free_unused_pool);
    return NULL;
  }
  if (is_main_thread()) atomic_store(&main_pool, pool);
  return pool;
}

void waiter_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "waitReceive", wait_receive);
  addon_export(env, exports, "waitSend", wait_send);
  addon_export(env, exports, "waitOperate", wait_operate);
  addon_export(env, exports, "waitCancel", wait_cancel);
  addon_export(env, exports, "waitTaken", wait_taken);
  addon_export(env, exports, "waitListen", wait_listen);
  addon_export(env, exports, "waitRef", wait_ref);
}
