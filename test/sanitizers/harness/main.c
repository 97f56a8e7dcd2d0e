/*
 * Several environments do at random what script can do to the threads that wait: begin waits, cancel them,
 * take their reports, end with waits pending. Other threads send and receive meanwhile, and signals arrive.
 * Then it is counted:
 *
 *   - every message that was sent was received exactly once, or is in its queue: nothing is lost, nothing is
 * doubled;
 *   - what was cancelled before it was sent was not sent;
 *   - the threads are gone.
 *
 * Usage: harness SEED ROUNDS STEPS
 */
#include "addon.h"
#include "fake_node.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

enum {
  ENVIRONMENTS = 3,
  WAITS_MAX = 24, /* more than the addon parks */
  TYPES = 3,
  MESSAGES_MAX = 1 << 22,
  BODY_MAX = 256,
  BYTES_HELD = 4096, /* by the queue of which nothing may be lost: far from full, or what was taken has no
                        way back */
  SEMAPHORES = 2,
};

/* The state of a message, by the number in its body. */
enum { UNSENT, MAYBE_SENT, SENT };
static atomic_uchar sent[MESSAGES_MAX];
static atomic_uchar received[MESSAGES_MAX];
static atomic_uint next_number;
static atomic_long empty_sent, empty_received;
static atomic_bool over;

/* One never is full, so that what was taken can go back; the other one is small, so that sends have to wait.
 */
static int roomy_queue, small_queue, semaphores;

static void remove_objects(void) {
  msgctl(roomy_queue, IPC_RMID, NULL);
  msgctl(small_queue, IPC_RMID, NULL);
  semctl(semaphores, 0, IPC_RMID);
}

static void on_end(int number) {
  remove_objects();
  _exit(128 + number);
}

static void fail(const char *what, long number) {
  fprintf(stderr, "harness: %s (%ld)\n", what, number);
  remove_objects();
  abort();
}

/* ---- messages ---- */

struct message {
  long type;
  unsigned char body[BODY_MAX];
};

/* xorshift: each thread has its own generator, derived from the seed. */
static unsigned random_below(unsigned *state, unsigned limit) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state % limit;
}

static size_t make_body(unsigned *state, unsigned char *body, unsigned number) {
  memcpy(body, &number, sizeof number);
  size_t size = sizeof number + random_below(state, BODY_MAX - (unsigned)sizeof number);
  memset(body + sizeof number, (int)number, size - sizeof number);
  return size;
}

static unsigned new_number(void) {
  unsigned number = atomic_fetch_add(&next_number, 1);
  if (number >= MESSAGES_MAX) fail("too many messages for its tables", number);
  return number;
}

static void count_received(const unsigned char *body, long size) {
  if (size == 0) {
    atomic_fetch_add(&empty_received, 1);
    return;
  }
  unsigned number;
  memcpy(&number, body, sizeof number);
  if (number >= MESSAGES_MAX) fail("a message that was never sent", number);
  if (atomic_fetch_add(&received[number], 1) != 0) fail("a message came twice", number);
}

static bool has_room(int queue) {
  struct msqid_ds state;
  return msgctl(queue, IPC_STAT, &state) == 0 && state.__msg_cbytes < BYTES_HELD &&
         state.msg_qnum < BYTES_HELD;
}

/* ---- other programs ---- */

static void *send_always(void *seed) {
  unsigned state = (unsigned)(uintptr_t)seed;
  struct message message;
  while (!atomic_load(&over)) {
    message.type = 1 + (long)random_below(&state, TYPES);
    if (!has_room(roomy_queue)) {
      usleep(100);
      continue;
    }
    if (random_below(&state, 3) == 0) {
      if (msgsnd(roomy_queue, &message, 0, IPC_NOWAIT) == 0) atomic_fetch_add(&empty_sent, 1);
    } else {
      unsigned number = new_number();
      size_t size = make_body(&state, message.body, number);
      if (msgsnd(roomy_queue, &message, size, IPC_NOWAIT) == 0) atomic_store(&sent[number], SENT);
    }
    if (random_below(&state, 8) == 0) usleep(random_below(&state, 200));
  }
  return NULL;
}

static void receive_all(int queue) {
  struct message message;
  for (long size; (size = msgrcv(queue, &message, BODY_MAX, 0, IPC_NOWAIT)) != -1;)
    count_received(message.body, size);
}

static void *receive_sometimes(void *seed) {
  unsigned state = (unsigned)(uintptr_t)seed;
  struct message message;
  while (!atomic_load(&over)) {
    int queue = random_below(&state, 2) == 0 ? roomy_queue : small_queue;
    long size = msgrcv(queue, &message, BODY_MAX, 0, IPC_NOWAIT);
    if (size != -1) count_received(message.body, size);
    usleep(random_below(&state, 300));
  }
  return NULL;
}

static void on_signal(int number) {
  (void)number;
}

static void *signal_always(void *unused) {
  (void)unused;
  while (!atomic_load(&over)) {
    kill(getpid(), SIGUSR1);
    usleep(500);
  }
  return NULL;
}

/* ---- an environment ---- */

enum kind { NONE, RECEIVE, SEND, OPERATE, SLOT };

/* Of the memory that stands for a segment: a pid, a slot to wait in, and one to receive into and send from.
 */
enum { PID_AT = 0, WAIT_AT = 8, SLOT_AT = 16, SEGMENT = -1, SEGMENT_BYTES = SLOT_AT + 8 + BODY_MAX };

struct actor {
  napi_env env;
  unsigned random;
  unsigned char *buffer;
  unsigned char *slab;
  int32_t *registers;
  enum kind waits[WAITS_MAX * 4]; /* by waiter */
  unsigned numbers[WAITS_MAX * 4];
  int pending;
  int slot_waits;
  int steps;
  _Alignas(8) unsigned char segment[SEGMENT_BYTES];
};

static double call(struct actor *actor, const char *name, double first, double second, double third) {
  return fake_call(actor->env, name, 3, (const double[]){first, second, third});
}

/* The listener that script gets the end of a wait from. */
static void ended(struct actor *actor, int waiter, int result) {
  enum kind kind = actor->waits[waiter];
  unsigned number = actor->numbers[waiter];
  actor->waits[waiter] = NONE;
  actor->pending--;
  if (kind == NONE) fail("the report of a wait that was over", waiter);
  if (kind == RECEIVE && result >= 0) {
    call(actor, "waitTaken", 0, 0, 0);
    count_received(actor->slab + sizeof(long), result);
  }
  if (kind == RECEIVE && result < 0 && result != -E2BIG && result != -EINTR)
    fail("a receive's result", result);
  if (kind == SLOT) {
    actor->slot_waits--;
    if (result >= 0) count_received(NULL, 0);
    if (result > 0 || (result < 0 && result != -E2BIG && result != -EINTR)) fail("a wait's result", result);
  }
  if (kind == SEND && result != 0 && result != -EINTR) fail("a send's result", result);
  if (kind == SEND) atomic_store(&sent[number], result == 0 ? SENT : UNSENT);
}

static void reported(void *context, int waiter, int result) {
  struct actor *actor = context;
  /* The addon drops a report that was under way when its wait was cancelled. */
  if (result == -EINTR) fail("an interruption was reported", waiter);
  ended(actor, waiter, result);
}

static void begin(struct actor *actor, enum kind kind, unsigned number, int waiter) {
  if (waiter < 0 || waiter >= WAITS_MAX * 4) fail("a waiter's index", waiter);
  if (actor->waits[waiter] != NONE) fail("a waiter was given away twice", waiter);
  actor->waits[waiter] = kind;
  actor->numbers[waiter] = number;
  actor->pending++;
}

static void put_type(struct actor *actor, long type) {
  memcpy(actor->buffer, &type, sizeof type);
}

static void begin_receive(struct actor *actor) {
  put_type(actor, (long)random_below(&actor->random, 2 * TYPES + 1) - TYPES);
  unsigned room = random_below(&actor->random, 2) == 0 ? 0 : random_below(&actor->random, BODY_MAX + 1);
  begin(actor, RECEIVE, 0, (int)call(actor, "waitReceive", roomy_queue, 0, room));
}

static void begin_send(struct actor *actor) {
  unsigned number = new_number();
  put_type(actor, 1);
  size_t size = make_body(&actor->random, actor->buffer + sizeof(long), number);
  atomic_store(&sent[number], MAYBE_SENT);
  int waiter = (int)call(actor, "waitSend", small_queue, (double)size, 0);
  /* The addon has its own copy. */
  memset(actor->buffer, 0xff, sizeof(long) + BODY_MAX);
  begin(actor, SEND, number, waiter);
}

static void begin_operation(struct actor *actor) {
  double *fields = fake_fields(actor->env);
  fields[0] = random_below(&actor->random, SEMAPHORES);
  fields[1] = random_below(&actor->random, 2) == 0 ? 1 : -1;
  fields[2] = SEM_UNDO;
  begin(actor, OPERATE, 0, (int)call(actor, "waitOperate", semaphores, 1, 0));
}

/* Only one at a time: the type identifies a message that it takes at the end of its environment. */
static void begin_slot_wait(struct actor *actor) {
  if (actor->slot_waits > 0) return;
  actor->slot_waits++;
  memset(actor->segment + WAIT_AT, 0, sizeof(long));
  put_type(actor, (long)random_below(&actor->random, TYPES + 1));
  begin(actor, SLOT, 0, (int)call(actor, "slotWait", roomy_queue, SEGMENT, WAIT_AT));
}

static void receive_into_slot(struct actor *actor) {
  put_type(actor, 0);
  int queue = random_below(&actor->random, 2) == 0 ? roomy_queue : small_queue;
  const double arguments[] = {queue, SEGMENT, SLOT_AT, random_below(&actor->random, BODY_MAX + 1), 0};
  int size = (int)fake_call(actor->env, "slotReceive", 5, arguments);
  if (size >= 0) count_received(actor->segment + SLOT_AT + sizeof(long), size);
  if (size < 0 && size != -ENOMSG && size != -E2BIG) fail("a receive into a slot", size);
}

#ifndef WITHOUT_CHILDREN
static void send_from_slot(struct actor *actor) {
  const long type = 1;
  bool child = random_below(&actor->random, 2) == 0;
  unsigned number = new_number();
  memcpy(actor->segment + SLOT_AT, &type, sizeof type);
  size_t size = make_body(&actor->random, actor->segment + SLOT_AT + sizeof type, number);
  const double arguments[] = {small_queue, SEGMENT, SLOT_AT, (double)size, PID_AT, child};
  atomic_store(&sent[number], MAYBE_SENT);
  int result = (int)fake_call(actor->env, "slotSend", 6, arguments), pid;
  memcpy(&pid, actor->segment + PID_AT, sizeof pid);
  if (result != 0 && result != -EAGAIN) fail("a send from a slot", result);
  if (pid <= 0 || (pid == getpid()) == child) fail("the pid of a sender", pid);
  atomic_store(&sent[number], result == 0 ? SENT : UNSENT);
}
#else
static void send_from_slot(struct actor *actor) {
  (void)actor;
}
#endif

static void cancel_one(struct actor *actor) {
  unsigned from = random_below(&actor->random, WAITS_MAX * 4);
  for (unsigned i = 0; i < WAITS_MAX * 4; i++) {
    int waiter = (int)((from + i) % (WAITS_MAX * 4));
    if (actor->waits[waiter] == NONE) continue;
    ended(actor, waiter, (int)call(actor, "waitCancel", waiter, 0, 0));
    return;
  }
}

/* The arguments of a receive into the beginning of the slab. */
static void put_registers(struct actor *actor, int queue, int flags) {
  put_type(actor, 0);
  actor->registers[REGISTER_ID] = queue;
  actor->registers[REGISTER_BYTES] = BODY_MAX;
  actor->registers[REGISTER_FLAGS] = flags;
  actor->registers[REGISTER_AT] = 0;
  actor->registers[REGISTER_COUNT] = 1 + (int)random_below(&actor->random, 3);
}

static void receive_now(struct actor *actor) {
  put_registers(actor, random_below(&actor->random, 2) == 0 ? roomy_queue : small_queue, IPC_NOWAIT);
  fake_call(actor->env, "msgrcv", 0, NULL);
  int size = actor->registers[REGISTER_RESULT];
  if (size >= 0) count_received(actor->slab + sizeof(long), size);
}

static void receive_with_deadline(struct actor *actor) {
  double milliseconds = random_below(&actor->random, 3);
  put_registers(actor, roomy_queue, 0);
  fake_call(actor->env, "msgrcvUntil", 1, &milliseconds);
  int size = actor->registers[REGISTER_RESULT];
  if (size >= 0) count_received(actor->slab + sizeof(long), size);
  if (size < 0 && size != -ETIMEDOUT && size != -EINTR) fail("a receive with a deadline", size);
}

static void step(struct actor *actor) {
  unsigned what = random_below(&actor->random, 100);
  bool more = actor->pending < WAITS_MAX;
  if (what < 20 && more)
    begin_receive(actor);
  else if (what < 30 && more)
    begin_send(actor);
  else if (what < 35 && more)
    begin_operation(actor);
  else if (what < 55)
    cancel_one(actor);
  else if (what < 58)
    send_from_slot(actor);
  else if (what < 62)
    receive_into_slot(actor);
  else if (what < 65)
    begin_slot_wait(actor);
  else if (what < 75)
    receive_now(actor);
  else if (what < 78)
    receive_with_deadline(actor);
  else
    fake_turn(actor->env, (int)random_below(&actor->random, 2));
}

/* Creates an environment, uses it and ends it with waits pending. */
static void *live(void *argument) {
  struct actor *actor = argument;
  actor->env = fake_environment_create();
  actor->buffer = fake_message_buffer(actor->env, BODY_MAX);
  actor->slab = fake_slab(actor->env, sizeof(long) + BODY_MAX);
  actor->registers = fake_registers(actor->env);
  actor->pending = actor->slot_waits = 0;
  fake_segment(actor->env, actor->segment, sizeof actor->segment);
  memset(actor->waits, 0, sizeof actor->waits);
  fake_listen(actor->env, reported, actor);
  for (int i = 0; i < actor->steps; i++)
    step(actor);
  fake_terminate(actor->env);
  fake_turn(actor->env, 1);
  fake_environment_destroy(actor->env);
  long type;
  memcpy(&type, actor->segment + WAIT_AT, sizeof type);
  if (actor->slot_waits > 0 && type != 0) count_received(NULL, 0);
  return NULL;
}

/* ---- main ---- */

static int count_threads(void) {
  int count = 0;
  DIR *tasks = opendir("/proc/self/task");
  if (tasks == NULL) return 0;
  while (readdir(tasks) != NULL)
    count++;
  closedir(tasks);
  return count;
}

/* A joined thread stays in /proc/self/task for a moment. */
static int count_threads_above(int most) {
  struct timespec moment = {0, 10000000};
  for (int tries = 0; tries < 500 && count_threads() > most; tries++)
    nanosleep(&moment, NULL);
  return count_threads() - most;
}

static void check_counts(void) {
  unsigned messages = atomic_load(&next_number), lost = 0, unsent = 0;
  for (unsigned number = 0; number < messages; number++) {
    unsigned char state = atomic_load(&sent[number]), times = atomic_load(&received[number]);
    if (state == SENT && times == 0) lost++;
    if (state == UNSENT && times != 0) unsent++;
  }
  long empty_lost = atomic_load(&empty_sent) - atomic_load(&empty_received);
  printf("%u messages and %ld empty ones sent, %u and %ld lost\n", messages, atomic_load(&empty_sent), lost,
         empty_lost);
  if (lost > 0) fail("messages were lost", lost);
  if (unsent > 0) fail("messages arrived whose sending was cancelled", unsent);
  if (empty_lost != 0) fail("empty messages were lost or doubled", empty_lost);
}

static void make_objects(void) {
  roomy_queue = msgget(IPC_PRIVATE, 0600);
  small_queue = msgget(IPC_PRIVATE, 0600);
  semaphores = semget(IPC_PRIVATE, SEMAPHORES, 0600);
  if (roomy_queue == -1 || small_queue == -1 || semaphores == -1) {
    perror("harness");
    exit(2);
  }
  struct msqid_ds state;
  msgctl(small_queue, IPC_STAT, &state);
  state.msg_qbytes = 2 * BODY_MAX;
  msgctl(small_queue, IPC_SET, &state);
}

int main(int count, char **arguments) {
  unsigned seed = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : 1;
  int rounds = count > 2 ? atoi(arguments[2]) : 10;
  int steps = count > 3 ? atoi(arguments[3]) : 1000;
  make_objects();
  struct sigaction action = {.sa_handler = on_signal};
  sigaction(SIGUSR1, &action, NULL);
  action.sa_handler = on_end;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);

  pthread_t others[3], environments[ENVIRONMENTS];
  pthread_create(&others[0], NULL, send_always, (void *)(uintptr_t)(seed * 2654435761u | 1));
  pthread_create(&others[1], NULL, receive_sometimes, (void *)(uintptr_t)(seed * 40503u | 1));
  pthread_create(&others[2], NULL, signal_always, NULL);
  int threads = count_threads();
  static struct actor actors[ENVIRONMENTS];
  for (int i = 0; i < ENVIRONMENTS; i++)
    actors[i].random = (seed + (unsigned)i) * 2246822519u | 1;
  for (int round = 0; round < rounds; round++) {
    for (int i = 0; i < ENVIRONMENTS; i++) {
      actors[i].steps = steps;
      pthread_create(&environments[i], NULL, live, &actors[i]);
    }
    for (int i = 0; i < ENVIRONMENTS; i++)
      pthread_join(environments[i], NULL);
  }
  int left = count_threads_above(threads);
  if (left > 0) fail("threads are left", left);
  atomic_store(&over, true);
  for (int i = 0; i < 3; i++)
    pthread_join(others[i], NULL);

  receive_all(roomy_queue);
  receive_all(small_queue);
  remove_objects();
  check_counts();
  return 0;
}
