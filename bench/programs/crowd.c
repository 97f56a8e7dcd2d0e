/*
 * Many consumers of one message type, and a sender that sends only what was asked for: the next message when
 * the former was confirmed.
 *   crowd consume KEY                    blocks for type 1, confirms with type 2, until the queue is removed
 *   crowd send KEY TIME MESSAGES PAUSE   prints {"count":messages,"perSecond":messages,"cpu":µs of its own}
 * TIME: microseconds to go on for at the least; MESSAGES: how many to send at the least; PAUSE: microseconds
 * before each message, for those who were woken in vain to wait again
 */
#include "baseline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <time.h>

enum { BYTES = 32, MESSAGE = 1, CONFIRMATION = 2 };

static struct {
  long type;
  char body[BYTES];
} message;

static int consume(int id) {
  puts("ready");
  fflush(stdout);
  for (;;) {
    ssize_t bytes = msgrcv(id, &message, BYTES, MESSAGE, 0);
    if (bytes == -1 && errno == EIDRM) return 0;
    check(bytes, "msgrcv");
    message.type = CONFIRMATION;
    check(msgsnd(id, &message, 0, 0), "msgsnd");
  }
}

static int send_all(int id, double time, long messages, long pause) {
  struct timespec moment = {pause / 1000000, pause % 1000000 * 1000};
  double start = microseconds(CLOCK_MONOTONIC), cpu = microseconds(CLOCK_PROCESS_CPUTIME_ID);
  long count = 0;
  for (; count < messages || microseconds(CLOCK_MONOTONIC) - start < time; count++) {
    if (pause > 0) nanosleep(&moment, NULL);
    message.type = MESSAGE;
    check(msgsnd(id, &message, BYTES, 0), "msgsnd");
    check(msgrcv(id, &message, BYTES, CONFIRMATION, 0), "msgrcv");
  }
  printf("{\"count\":%ld,\"perSecond\":%.1f,\"cpu\":%.1f}\n", count,
         (double)count / (microseconds(CLOCK_MONOTONIC) - start) * 1e6,
         microseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int id = msgget((key_t)strtoul(argv[2], NULL, 10), 0);
  check(id, "msgget");
  if (strcmp(argv[1], "consume") == 0) return consume(id);
  return argc == 6 ? send_all(id, atof(argv[3]), atol(argv[4]), atol(argv[5])) : 2;
}
