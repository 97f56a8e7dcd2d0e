/*
 * A classic client of a time server that sends requests at a fixed rate.
 *   paced_client KEY PER_SECOND COUNT PID   prints {"client":…,"server":…}
 * The figures are the CPU usage of the client and of the server, which is process PID, in per cent of a core.
 */
#include "baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/msg.h>
#include <time.h>

enum { LARGEST = 8192, REQUEST = 1, REPLY = 3, SECOND = 1000000000 };

static struct {
  long type;
  char body[LARGEST];
} message;

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int id = msgget((key_t)strtoul(argv[1], NULL, 10), 0);
  check(id, "msgget");
  long step = SECOND / atol(argv[2]), count = atol(argv[3]);
  clockid_t clock;
  if (clock_getcpuclockid((pid_t)atol(argv[4]), &clock) != 0) return 1;
  double server = microseconds(clock), client = microseconds(CLOCK_PROCESS_CPUTIME_ID);
  double start = microseconds(CLOCK_MONOTONIC);
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (long i = 0; i < count; i++) {
    next.tv_nsec += step;
    if (next.tv_nsec >= SECOND) {
      next.tv_nsec -= SECOND;
      next.tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    message.type = REQUEST;
    check(msgsnd(id, &message, 0, 0), "msgsnd");
    check(msgrcv(id, &message, LARGEST, REPLY, 0), "msgrcv");
  }
  double share = 100 / (microseconds(CLOCK_MONOTONIC) - start);
  printf("{\"client\":%.4f,\"server\":%.4f}\n", (microseconds(CLOCK_PROCESS_CPUTIME_ID) - client) * share,
         (microseconds(clock) - server) * share);
  return 0;
}
