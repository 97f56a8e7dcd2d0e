/*
 * The C baseline of a time server, as the exercise has it: type 1 in, type 3 with asctime out, blocking
 * calls.
 *
 *   time_server serve KEY COUNT IN_FLIGHT   answers until type 2 comes
 *
 *   time_server ask KEY COUNT IN_FLIGHT     prints {"perSecond":requests}; one process, so many in flight
 */
#include "baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <time.h>

enum { LARGEST = 8192, REQUEST = 1, STOP = 2, REPLY = 3 };

static struct {
  long type;
  char body[LARGEST];
} message;

static double now(void) {
  return microseconds(CLOCK_MONOTONIC) / 1e6;
}

static void serve(int id) {
  for (;;) {
    check(msgrcv(id, &message, LARGEST, -STOP, 0), "msgrcv");
    if (message.type == STOP) return;
    time_t seconds = time(NULL);
    struct tm local;
    localtime_r(&seconds, &local);
    asctime_r(&local, message.body);
    message.type = REPLY;
    check(msgsnd(id, &message, strlen(message.body) - 1, 0), "msgsnd");
  }
}

static void send_type(int id, long type) {
  message.type = type;
  check(msgsnd(id, &message, 0, 0), "msgsnd");
}

static void ask(int id, long count, long in_flight) {
  double start = now();
  long sent = 0;
  for (long received = 0; received < count; received++) {
    while (sent < count && sent - received < in_flight) {
      send_type(id, REQUEST);
      sent++;
    }
    check(msgrcv(id, &message, LARGEST, REPLY, 0), "msgrcv");
  }
  printf("{\"perSecond\":%.0f}\n", (double)count / (now() - start));
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int id = (int)check(msgget((key_t)strtoul(argv[2], NULL, 10), 0), "msgget");
  if (strcmp(argv[1], "serve") == 0)
    serve(id);
  else
    ask(id, atol(argv[3]), atol(argv[4]));
  return 0;
}
