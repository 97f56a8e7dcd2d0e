#include "semaphore_undo.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* As the kernel's semadj: the amount to add to a semaphore. */
struct adjustment {
  struct adjustment *next;
  int id;
  unsigned short number;
  int delta;
};

struct semaphore_undo {
  struct adjustment *first;
  struct semaphore_undo *next;
  /* For pending calls. Only the environment's own thread knows them. */
  struct adjustment *spare;
  size_t spares;
  size_t promised;
};

/* Of all environments: a value that one of them sets is no longer adjusted by any. */
static pthread_mutex_t undo_lock = PTHREAD_MUTEX_INITIALIZER;
static struct semaphore_undo *undos;

static void adjust(struct semaphore_undo *undo, int id, unsigned short number, int delta) {
  struct adjustment **link = &undo->first;
  while (*link != NULL && ((*link)->id != id || (*link)->number != number))
    link = &(*link)->next;
  struct adjustment *found = *link;
  if (found == NULL) {
    found = undo->spare;
    assert(found != NULL);
    undo->spare = found->next;
    undo->spares--;
    *found = (struct adjustment){undo->first, id, number, 0};
    undo->first = found;
    link = &undo->first;
  }
  found->delta += delta;
  if (found->delta != 0) return;
  *link = found->next;
  free(found);
}

static bool is_recorded(const struct sembuf *operation) {
  return (operation->sem_flg & SEM_UNDO_THREAD) != 0 && operation->sem_op != 0;
}

static size_t count_recorded(const struct sembuf *operations, size_t count) {
  size_t recorded = 0;
  for (size_t i = 0; i < count; i++)
    recorded += is_recorded(&operations[i]);
  return recorded;
}

static void free_spares(struct semaphore_undo *undo, size_t kept) {
  while (undo->spares > kept) {
    struct adjustment *spare = undo->spare;
    undo->spare = spare->next;
    undo->spares--;
    free(spare);
  }
}

bool semaphore_undo_reserve(struct semaphore_undo *undo, const struct sembuf *operations, size_t count) {
  size_t wanted = undo->promised + count_recorded(operations, count);
  while (undo->spares < wanted) {
    struct adjustment *spare = calloc(1, sizeof *spare);
    if (spare == NULL) {
      free_spares(undo, undo->promised);
      return false;
    }
    spare->next = undo->spare;
    undo->spare = spare;
    undo->spares++;
  }
  undo->promised = wanted;
  return true;
}

void semaphore_undo_settle(struct semaphore_undo *undo, int id, const struct sembuf *operations, size_t count,
                           bool done) {
  size_t recorded = count_recorded(operations, count);
  if (recorded == 0) return;
  pthread_mutex_lock(&undo_lock);
  for (size_t i = 0; done && i < count; i++) {
    if (is_recorded(&operations[i])) adjust(undo, id, operations[i].sem_num, -operations[i].sem_op);
  }
  pthread_mutex_unlock(&undo_lock);
  assert(undo->promised >= recorded);
  undo->promised -= recorded;
  free_spares(undo, undo->promised);
}

static void forget(struct semaphore_undo *undo, int id, int number) {
  for (struct adjustment **link = &undo->first; *link != NULL;) {
    struct adjustment *each = *link;
    if (each->id != id || (number != ALL_SEMAPHORES && each->number != number)) {
      link = &each->next;
      continue;
    }
    *link = each->next;
    free(each);
  }
}

void semaphore_undo_forget(int id, int number) {
  pthread_mutex_lock(&undo_lock);
  for (struct semaphore_undo *undo = undos; undo != NULL; undo = undo->next)
    forget(undo, id, number);
  pthread_mutex_unlock(&undo_lock);
}

/*
 * Adds to a semaphore, clamped to 0 and its largest value as the kernel does in exit_sem() of ipc/sem.c, and
 * removes the kernel's own record of it. False if the value was changed meanwhile.
 */
static bool adjust_clamped(const struct adjustment *by, int value) {
  const int largest = 32767; /* SEMVMX */
  int wanted = value + by->delta;
  int clamped = wanted < 0 ? 0 : wanted > largest ? largest : wanted;
  /* Room for a negative adjustment, which begins at zero. */
  int room = by->delta < 0 ? -by->delta : 0;
  const struct step {
    int delta;
    int flags;
  } steps[] = {{-value, 0}, {room, 0}, {by->delta, SEM_UNDO}, {clamped - by->delta - room, 0}};
  struct sembuf operations[5];
  size_t count = 0;
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    short flags = (short)(IPC_NOWAIT | steps[i].flags);
    if (steps[i].delta != 0) operations[count++] = (struct sembuf){by->number, (short)steps[i].delta, flags};
    /* Waits for zero: only if the value is still the same. */
    if (i == 0) operations[count++] = (struct sembuf){by->number, 0, IPC_NOWAIT};
  }
  return semop(by->id, operations, count) == 0 || errno != EAGAIN;
}

static bool adjust_simply(const struct adjustment *by) {
  struct sembuf operation = {by->number, (short)by->delta, IPC_NOWAIT | SEM_UNDO};
  return semop(by->id, &operation, 1) == 0 || (errno != EAGAIN && errno != ERANGE);
}

/* Each by itself, so that one that can't be reversed does not block the others. */
static void reverse(const struct adjustment *by) {
  enum { TRIES = 1000 };
  for (int tries = 0; tries < TRIES && !adjust_simply(by); tries++) {
    int value = semctl(by->id, by->number, GETVAL);
    if (value == -1 || adjust_clamped(by, value)) return;
  }
}

/* At the end of the environment. A removed set is ignored. */
static void give_back(void *argument) {
  struct semaphore_undo *undo = argument;
  struct semaphore_undo **link = &undos;
  pthread_mutex_lock(&undo_lock);
  while (*link != undo)
    link = &(*link)->next;
  *link = undo->next;
  pthread_mutex_unlock(&undo_lock);
  while (undo->first != NULL) {
    struct adjustment *each = undo->first;
    undo->first = each->next;
    reverse(each);
    free(each);
  }
  free_spares(undo, 0);
  free(undo);
}

struct semaphore_undo *semaphore_undo_create(napi_env env) {
  struct semaphore_undo *undo = calloc(1, sizeof *undo);
  if (undo == NULL) return NULL;
  if (napi_add_env_cleanup_hook(env, give_back, undo) != napi_ok) {
    free(undo);
    return NULL;
  }
  pthread_mutex_lock(&undo_lock);
  undo->next = undos;
  undos = undo;
  pthread_mutex_unlock(&undo_lock);
  return undo;
}
