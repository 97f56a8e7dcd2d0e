/*
 * A pool of workers that share one queue.
 *   pool consume KEY WORK          takes messages of type 1 and works for so many microseconds on each, until
 * the queue is removed; prints {"count":messages,"p99":..,"longest":µs in the queue} pool flood KEY TIME
 * sends without a pause for so many microseconds; prints {"count":messages} pool pace KEY TIME PER_SECOND
 * sends so many a second A body has the moment at which it was sent. A message of type 1 with a body of 16
 * bytes is work for so many microseconds as its second half says.
 */
#include "baseline.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <time.h>

enum { BYTES = 32, LONG_WORK = 16, MESSAGE = 1, MOST = 1 << 20 };

static struct {
  long type;
  int64_t body[BYTES / sizeof(int64_t)];
} message;

static double waits[MOST];

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void work(double time) {
  double end = microseconds(CLOCK_MONOTONIC) + time;
  while (microseconds(CLOCK_MONOTONIC) < end)
    continue;
}

static int consume(int id, double usual) {
  size_t count = 0, known = 0;
  puts("ready");
  fflush(stdout);
  for (;; count++) {
    ssize_t bytes = msgrcv(id, &message, BYTES, MESSAGE, 0);
    if (bytes == -1 && (errno == EIDRM || errno == EINVAL)) break;
    check(bytes, "msgrcv");
    if (usual == 0) continue;
    if (bytes == LONG_WORK) {
      work((double)message.body[1]);
      continue;
    }
    if (known < MOST) waits[known++] = microseconds(CLOCK_MONOTONIC) - (double)message.body[0] / 1e3;
    work(usual);
  }
  qsort(waits, known, sizeof waits[0], compare);
  printf("{\"count\":%zu,\"p99\":%.1f,\"longest\":%.1f}\n", count, known > 0 ? waits[known * 99 / 100] : 0,
         known > 0 ? waits[known - 1] : 0);
  return 0;
}

static int produce(int id, double time, double per_second) {
  double start = microseconds(CLOCK_MONOTONIC);
  long count = 0;
  for (double now = start; now - start < time; count++) {
    message.type = MESSAGE;
    message.body[0] = (int64_t)(now * 1e3);
    check(msgsnd(id, &message, BYTES, 0), "msgsnd");
    double next = per_second > 0 ? start + (double)(count + 1) * 1e6 / per_second : 0;
    while ((now = microseconds(CLOCK_MONOTONIC)) < next) {
      struct timespec pause = {0, (long)((next - now) * 1e3)};
      nanosleep(&pause, NULL);
    }
  }
  printf("{\"count\":%ld}\n", count);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int id = msgget((key_t)strtoul(argv[2], NULL, 10), 0);
  check(id, "msgget");
  if (strcmp(argv[1], "consume") == 0) return consume(id, atof(argv[3]));
  return produce(id, atof(argv[3]), argc > 4 ? atof(argv[4]) : 0);
}
