/*
 * The C baseline of one-way throughput: one process sends as fast as it can, the other takes as fast as it
 * can.
 *
 *   one_way send KEY COUNT BYTES
 *
 *   one_way receive KEY COUNT BYTES   prints {"perSecond":messages} of the second half
 */
#include "baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <time.h>

enum { LARGEST = 8192 };

static struct {
  long type;
  char body[LARGEST];
} message;

static double now(void) {
  return microseconds(CLOCK_MONOTONIC) / 1e6;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int id = msgget((key_t)strtoul(argv[2], NULL, 10), 0);
  check(id, "msgget");
  long count = atol(argv[3]);
  size_t bytes = (size_t)atol(argv[4]);
  if (strcmp(argv[1], "send") == 0) {
    message.type = 1;
    for (long i = 0; i < count; i++)
      check(msgsnd(id, &message, bytes, 0), "msgsnd");
    return 0;
  }
  double start = 0;
  long half = count / 2; /* both sides are warmed up by then */
  for (long i = 0; i < count; i++) {
    if (i == half) start = now();
    check(msgrcv(id, &message, LARGEST, 1, 0), "msgrcv");
  }
  printf("{\"perSecond\":%.0f}\n", (double)(count - half) / (now() - start));
  return 0;
}
