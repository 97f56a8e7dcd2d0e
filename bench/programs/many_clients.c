/*
 * Many clients of a time server, each a process of its own with one request under way, and a server that
 * they can be compared with.
 *
 *   many_clients classic KEY COUNT CLIENTS     prints {"perSecond":requests}; COUNT is of all together
 *
 *   many_clients addressed KEY COUNT CLIENTS   the same, each client answered at its own type
 *
 *   many_clients serve KEY                     answers either kind, with blocking calls, until type 2 comes
 */
#include "baseline.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LARGEST = 8192, REQUEST = 1, STOP = 2, REPLY = 3 };

static const long FIRST_ADDRESSED = 1L << 32;

static struct {
  long type;
  char body[LARGEST + 1];
} message;

static double now(void) {
  return microseconds(CLOCK_MONOTONIC) / 1e6;
}

static long long nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* As long as a reply of Timeq's server, so that as many of them fit into the queue. */
static void answer(int id, size_t bytes) {
  char text[32];
  long long moment = nanoseconds();
  time_t seconds = (time_t)(moment / 1000000000LL);
  struct tm local;
  asctime_r(localtime_r(&seconds, &local), text);
  text[strlen(text) - 1] = 0;
  message.body[bytes] = 0;
  const char *type = strstr(message.body, "\"replyTo\":"), *number = strstr(message.body, "\"id\":");
  if (type == NULL || number == NULL) {
    message.type = REPLY;
    strcpy(message.body, text);
  } else {
    message.type = strtol(type + strlen("\"replyTo\":"), NULL, 10);
    long request = strtol(number + strlen("\"id\":"), NULL, 10);
    snprintf(message.body, LARGEST,
             "{\"timeq\":1,\"id\":%ld,\"time\":\"%lld\",\"received\":\"%lld\",\"sent\":\"%lld\",\"asctime\":"
             "\"%s\"}",
             request, moment, moment, nanoseconds(), text);
  }
  check(msgsnd(id, &message, strlen(message.body), 0), "msgsnd");
}

static void serve(int id) {
  for (;;) {
    long bytes = check(msgrcv(id, &message, LARGEST, -STOP, 0), "msgrcv");
    if (message.type == STOP) return;
    answer(id, (size_t)bytes);
  }
}

static void ask(int id, long count, long reply_type) {
  for (long i = 1; i <= count; i++) {
    message.type = REQUEST;
    int bytes = 0;
    if (reply_type != REPLY) {
      bytes = snprintf(message.body, LARGEST, "{\"timeq\":1,\"id\":%ld,\"replyTo\":%ld}", i, reply_type);
    }
    check(msgsnd(id, &message, (size_t)bytes, 0), "msgsnd");
    check(msgrcv(id, &message, LARGEST, reply_type, 0), "msgrcv");
  }
}

/* All begin when the pipe's other end is closed. */
static void await_start(const int *gate) {
  char nothing;
  close(gate[1]);
  if (read(gate[0], &nothing, 1) != 0) exit(1);
}

static void ask_all(int id, long count, long clients, bool addressed) {
  int gate[2];
  check(pipe(gate), "pipe");
  for (long client = 0; client < clients; client++) {
    if (check(fork(), "fork") != 0) continue;
    await_start(gate);
    ask(id, count / clients, addressed ? FIRST_ADDRESSED + client : REPLY);
    _exit(0);
  }
  double start = now();
  close(gate[1]);
  for (long client = 0; client < clients; client++) {
    int status;
    check(wait(&status), "wait");
    if (status != 0) exit(1);
  }
  printf("{\"perSecond\":%.0f}\n", (double)(count / clients * clients) / (now() - start));
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int id = (int)check(msgget((key_t)strtoul(argv[2], NULL, 10), 0), "msgget");
  if (strcmp(argv[1], "serve") == 0)
    serve(id);
  else if (argc == 5)
    ask_all(id, atol(argv[3]), atol(argv[4]), strcmp(argv[1], "addressed") == 0);
  return 0;
}
