/*
 * The C baseline of a round trip: one process sends a message of type 1 and waits for one of type 2, the
 * other sends each message back. Both use blocking calls.
 *
 *   round_trip ping KEY COUNT BYTES   prints {"mean":µs,"p50":µs,"p99":µs}
 *
 *   round_trip pong KEY COUNT BYTES
 */
#include "baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <time.h>

enum { LARGEST = 8192, WARM_UP = 2000 };

static struct {
  long type;
  char body[LARGEST];
} message;

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return difference < 0 ? -1 : difference > 0;
}

static void ping(int id, long count, size_t bytes) {
  double *times = malloc((size_t)count * sizeof *times);
  if (times == NULL) exit(1);
  double start = 0, before = 0;
  for (long i = -WARM_UP; i < count; i++) {
    if (i == 0) start = before = microseconds(CLOCK_MONOTONIC);
    message.type = 1;
    check(msgsnd(id, &message, bytes, 0), "msgsnd");
    check(msgrcv(id, &message, LARGEST, 2, 0), "msgrcv");
    if (i >= 0) {
      double after = microseconds(CLOCK_MONOTONIC);
      times[i] = after - before;
      before = after;
    }
  }
  double mean = (before - start) / (double)count;
  qsort(times, (size_t)count, sizeof *times, ascending);
  printf("{\"mean\":%.4f,\"p50\":%.4f,\"p99\":%.4f}\n", mean, times[count / 2], times[count / 100 * 99]);
  free(times);
}

static void pong(int id, long count) {
  for (long i = -WARM_UP; i < count; i++) {
    ssize_t bytes = msgrcv(id, &message, LARGEST, 1, 0);
    check(bytes, "msgrcv");
    message.type = 2;
    check(msgsnd(id, &message, (size_t)bytes, 0), "msgsnd");
  }
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int id = msgget((key_t)strtoul(argv[2], NULL, 10), 0);
  check(id, "msgget");
  if (strcmp(argv[1], "ping") == 0)
    ping(id, atol(argv[3]), (size_t)atol(argv[4]));
  else
    pong(id, atol(argv[3]));
  return 0;
}
