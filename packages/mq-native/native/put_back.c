#include "put_back.h"

#include "clock.h"

#include <errno.h>
#include <sys/ipc.h>
#include <sys/msg.h>

enum { MOMENT_NANOSECONDS = 1000000 };

bool put_back_now(int id, const void *message, size_t bytes) {
  int result;
  do {
    result = msgsnd(id, message, bytes, IPC_NOWAIT);
  } while (result == -1 && errno == EINTR);
  return result == 0 || errno != EAGAIN;
}

int64_t put_back_deadline(void) {
  return monotonic_nanoseconds() + NANOSECONDS_PER_SECOND;
}

bool put_back_again(int64_t deadline) {
  const struct timespec moment = {0, MOMENT_NANOSECONDS};
  nanosleep(&moment, NULL);
  return monotonic_nanoseconds() < deadline;
}

void put_back(int id, const void *message, size_t bytes) {
  int64_t deadline = put_back_deadline();
  while (!put_back_now(id, message, bytes) && put_back_again(deadline))
    continue;
}
