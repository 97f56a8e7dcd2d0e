#include "put_back.h"

#include <errno.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <time.h>

enum { SECOND = 1000000000, MOMENT = 1000000 }; /* nanoseconds */

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

bool put_back_now(int id, const void *message, size_t bytes) {
  int result;
  do {
    result = msgsnd(id, message, bytes, IPC_NOWAIT);
  } while (result == -1 && errno == EINTR);
  return result == 0 || errno != EAGAIN;
}

int64_t put_back_deadline(void) {
  return now() + SECOND;
}

bool put_back_again(int64_t deadline) {
  const struct timespec moment = {0, MOMENT};
  nanosleep(&moment, NULL);
  return now() < deadline;
}

void put_back(int id, const void *message, size_t bytes) {
  int64_t deadline = put_back_deadline();
  while (!put_back_now(id, message, bytes) && put_back_again(deadline))
    continue;
}
