/*
 * Sleeps to moments, and tells how late it woke up.
 *   alarm_times FIRST STEP COUNT   prints {"p50":…,"p99":…} in milliseconds
 * FIRST is in nanoseconds since the epoch, STEP the nanoseconds from one moment to the next.
 */
#include "baseline.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SECOND = 1000000000 };

static int compare(const void *one, const void *other) {
  double first = *(const double *)one, second = *(const double *)other;
  return (first > second) - (first < second);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int64_t moment = strtoll(argv[1], NULL, 10), step = strtoll(argv[2], NULL, 10);
  long count = atol(argv[3]);
  double *late = calloc((size_t)count, sizeof *late);
  if (late == NULL) return 1;
  for (long i = 0; i < count; i++, moment += step) {
    struct timespec until = {.tv_sec = (time_t)(moment / SECOND), .tv_nsec = (long)(moment % SECOND)};
    while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) != 0) {
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    late[i] = (double)((int64_t)now.tv_sec * SECOND + now.tv_nsec - moment) / 1e6;
  }
  qsort(late, (size_t)count, sizeof *late, compare);
  printf("{\"p50\":%.6f,\"p99\":%.6f}\n", late[count / 2], late[count * 99 / 100]);
  free(late);
  return 0;
}
