#include "semaphore_undo.h"

#include <stdlib.h>

/* As the kernel's semadj: what is to be added to a semaphore. */
struct adjustment {
  struct adjustment *next;
  int id;
  unsigned short number;
  int delta;
};

struct semaphore_undo {
  struct adjustment *first;
};

/* All of a set at once, as the kernel does it. */
enum { AT_ONCE = 16 };

static void adjust(struct semaphore_undo *undo, int id, unsigned short number, int delta) {
  struct adjustment **link = &undo->first;
  while (*link != NULL && ((*link)->id != id || (*link)->number != number))
    link = &(*link)->next;
  struct adjustment *found = *link;
  if (found == NULL) {
    found = calloc(1, sizeof *found);
    /* Then the kernel's own record counts, at the end of the process. */
    if (found == NULL) return;
    found->next = undo->first;
    found->id = id;
    found->number = number;
    undo->first = found;
    link = &undo->first;
  }
  found->delta += delta;
  if (found->delta != 0) return;
  *link = found->next;
  free(found);
}

void semaphore_undo_record(struct semaphore_undo *undo, int id, const struct sembuf *operations,
                           size_t count) {
  for (size_t i = 0; i < count; i++) {
    if ((operations[i].sem_flg & SEM_UNDO_THREAD) == 0 || operations[i].sem_op == 0) continue;
    adjust(undo, id, operations[i].sem_num, -operations[i].sem_op);
  }
}

/* Takes the adjustments of one set off the list, up to AT_ONCE of them. */
static size_t take(struct semaphore_undo *undo, int id, struct sembuf *operations) {
  size_t count = 0;
  for (struct adjustment **link = &undo->first; *link != NULL && count < AT_ONCE;) {
    struct adjustment *each = *link;
    if (each->id != id) {
      link = &each->next;
      continue;
    }
    operations[count].sem_num = each->number;
    operations[count].sem_op = (short)each->delta;
    operations[count].sem_flg = IPC_NOWAIT | SEM_UNDO;
    count++;
    *link = each->next;
    free(each);
  }
  return count;
}

void semaphore_undo_forget(struct semaphore_undo *undo, int id) {
  struct sembuf ignored[AT_ONCE];
  while (take(undo, id, ignored) > 0)
    continue;
}

/* At the end of the environment. A set that is gone, or whose values were set meanwhile, is left alone. */
static void give_back(void *argument) {
  struct semaphore_undo *undo = argument;
  while (undo->first != NULL) {
    struct sembuf operations[AT_ONCE];
    int id = undo->first->id;
    size_t count = take(undo, id, operations);
    semop(id, operations, count);
  }
  free(undo);
}

struct semaphore_undo *semaphore_undo_create(napi_env env) {
  struct semaphore_undo *undo = calloc(1, sizeof *undo);
  if (undo == NULL || napi_add_env_cleanup_hook(env, give_back, undo) == napi_ok) return undo;
  free(undo);
  return NULL;
}
