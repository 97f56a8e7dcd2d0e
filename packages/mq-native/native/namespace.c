#include "namespace.h"

#include "addon.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>

atomic_int namespace_visitors;

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* The call to make in the namespace. */
typedef long work(const void *arguments);

/* The thread that has entered a namespace. It makes one call at a time, and idles most of the
 * time. */
struct visitor {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int namespace_fd;
  bool entered;
  bool leaving;
  work *work;
  const void *arguments;
  long result;
  int error;
};

/* Each environment has a thread of its own, so this is the environment's. */
static _Thread_local struct visitor *visitor;

static void *visit(void *argument) {
  struct visitor *self = argument;
  pthread_mutex_lock(&self->lock);
  self->error = setns(self->namespace_fd, CLONE_NEWIPC) == -1 ? errno : 0;
  self->entered = true;
  pthread_cond_broadcast(&self->changed);
  while (!self->leaving) {
    if (self->work == NULL) {
      pthread_cond_wait(&self->changed, &self->lock);
      continue;
    }
    self->result = self->work(self->arguments);
    self->error = errno;
    self->work = NULL;
    pthread_cond_broadcast(&self->changed);
  }
  pthread_mutex_unlock(&self->lock);
  return NULL;
}

static long in_namespace(work *call, const void *arguments) {
  struct visitor *self = visitor;
  if (self == NULL) return call(arguments);
  pthread_mutex_lock(&self->lock);
  assert(self->work == NULL);
  self->work = call;
  self->arguments = arguments;
  pthread_cond_broadcast(&self->changed);
  while (self->work != NULL)
    pthread_cond_wait(&self->changed, &self->lock);
  long result = self->result;
  int error = self->error;
  pthread_mutex_unlock(&self->lock);
  errno = error;
  return result;
}

bool namespace_is_entered(void) {
  return visitor != NULL;
}
#else
bool namespace_is_entered(void) {
  return false;
}

typedef long work(const void *arguments);

static long in_namespace(work *call, const void *arguments) {
  return call(arguments);
}
#endif

struct get_arguments {
  key_t key;
  size_t size;
  int flags;
};

static long get_queue(const void *argument) {
  const struct get_arguments *get = argument;
  return msgget(get->key, get->flags);
}

static long get_set(const void *argument) {
  const struct get_arguments *get = argument;
  return semget(get->key, (int)get->size, get->flags);
}

static long get_segment(const void *argument) {
  const struct get_arguments *get = argument;
  return shmget(get->key, get->size, get->flags);
}

struct control_arguments {
  int id;
  int number;
  int command;
  void *buffer;
  union semaphore_argument semaphore;
};

static long control_queue(const void *argument) {
  const struct control_arguments *control = argument;
  return msgctl(control->id, control->command, control->buffer);
}

static long control_set(const void *argument) {
  const struct control_arguments *control = argument;
  return semctl(control->id, control->number, control->command, control->semaphore);
}

static long control_segment(const void *argument) {
  const struct control_arguments *control = argument;
  return shmctl(control->id, control->command, control->buffer);
}

struct receive_arguments {
  receive_call *receive;
  int id;
  void *message;
  size_t bytes;
  long type;
  int flags;
};

static long receive(const void *argument) {
  const struct receive_arguments *call = argument;
  return call->receive(call->id, call->message, call->bytes, call->type, call->flags);
}

int namespace_msgget(key_t key, int flags) {
  return (int)in_namespace(get_queue, &(struct get_arguments){.key = key, .flags = flags});
}

int namespace_semget(key_t key, int count, int flags) {
  return (int)in_namespace(get_set, &(struct get_arguments){key, (size_t)count, flags});
}

int namespace_shmget(key_t key, size_t bytes, int flags) {
  return (int)in_namespace(get_segment, &(struct get_arguments){key, bytes, flags});
}

int namespace_msgctl(int id, int command, struct msqid_ds *queue) {
  return (int)in_namespace(control_queue,
                           &(struct control_arguments){.id = id, .command = command, .buffer = queue});
}

int namespace_semctl(int id, int number, int command, union semaphore_argument argument) {
  return (int)in_namespace(
      control_set,
      &(struct control_arguments){.id = id, .number = number, .command = command, .semaphore = argument});
}

int namespace_shmctl(int id, int command, struct shmid_ds *segment) {
  return (int)in_namespace(control_segment,
                           &(struct control_arguments){.id = id, .command = command, .buffer = segment});
}

long namespace_receive_there(receive_call *call, int id, void *message, size_t bytes, long type, int flags) {
  return in_namespace(receive, &(struct receive_arguments){call, id, message, bytes, type, flags});
}

#ifdef __linux__
static void leave(void *argument) {
  struct visitor *self = argument;
  pthread_mutex_lock(&self->lock);
  self->leaving = true;
  pthread_cond_broadcast(&self->changed);
  pthread_mutex_unlock(&self->lock);
  pthread_join(self->thread, NULL);
  pthread_mutex_destroy(&self->lock);
  pthread_cond_destroy(&self->changed);
  if (visitor == self) atomic_fetch_sub(&namespace_visitors, 1);
  visitor = NULL;
  free(self);
}

static int start_thread(struct visitor *self) {
  /* This thread takes no signals. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&self->thread, NULL, visit, self);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}

static int start(struct visitor *self) {
  int error = pthread_mutex_init(&self->lock, NULL);
  if (error != 0) return error;
  error = pthread_cond_init(&self->changed, NULL);
  if (error == 0) {
    error = start_thread(self);
    if (error == 0) return 0;
    pthread_cond_destroy(&self->changed);
  }
  pthread_mutex_destroy(&self->lock);
  return error;
}

/* namespaceEnter(fd): 0. The fd is of /proc/PID/ns/ipc; from now on this environment looks into that
 * namespace. */
static napi_value namespace_enter(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  if (visitor != NULL) return int_result(env, -EBUSY);
  struct visitor *self = calloc(1, sizeof *self);
  if (self == NULL) return int_result(env, -ENOMEM);
  self->namespace_fd = int_argument(env, argument);
  int error = start(self);
  if (error != 0) {
    free(self);
    return int_result(env, -error);
  }
  pthread_mutex_lock(&self->lock);
  while (!self->entered)
    pthread_cond_wait(&self->changed, &self->lock);
  error = self->error;
  pthread_mutex_unlock(&self->lock);
  if (error == 0 && napi_add_env_cleanup_hook(env, leave, self) != napi_ok) error = ENOMEM;
  if (error != 0) {
    leave(self);
    return int_result(env, -error);
  }
  visitor = self;
  atomic_fetch_add(&namespace_visitors, 1);
  return int_result(env, 0);
}

/* namespaceLeave(): 0. */
static napi_value namespace_leave(napi_env env, napi_callback_info info) {
  (void)info;
  struct visitor *self = visitor;
  if (self == NULL) return int_result(env, -EINVAL);
  napi_remove_env_cleanup_hook(env, leave, self);
  leave(self);
  return int_result(env, 0);
}

static long open_file(const void *path) {
  return open(path, O_RDONLY | O_CLOEXEC);
}

/* namespaceOpen(path): a descriptor. Files below /proc/sysvipc show the namespace of the thread that opens
 * them. */
static napi_value namespace_open(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  char *path;
  int error = text_argument(env, argument, &path);
  if (error != 0) return int_result(env, error);
  long result = in_namespace(open_file, path);
  error = errno;
  free(path);
  return int_result(env, result == -1 ? -error : (int)result);
}
#else
#define namespace_enter addon_unsupported
#define namespace_leave addon_unsupported
#define namespace_open addon_unsupported
#endif

void namespace_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "namespaceEnter", namespace_enter);
  addon_export(env, exports, "namespaceLeave", namespace_leave);
  addon_export(env, exports, "namespaceOpen", namespace_open);
}
