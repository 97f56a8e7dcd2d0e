/*
 * A time server as people write it in C for the exercise.
 *
 * Arguments: the key; the type that it receives: 0 (any) or -2; where it answers: shared (type 3), pid or
 * pid+3 (by the number in the request); optionally slow (20 ms for each answer). It answers with its whole
 * buffer, the line of ctime(3) and zeros behind it, as most of them do. It ends on type 2. Says "ready" once
 * its queue is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <time.h>
#include <unistd.h>

struct message {
  long type;
  char text[100];
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int queue = msgget((key_t)strtol(argv[1], NULL, 10), IPC_CREAT | IPC_EXCL | 0600);
  if (queue == -1) fail("msgget");
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct message message;
    memset(&message, 0, sizeof message);
    if (msgrcv(queue, &message, sizeof message.text - 1, strtol(argv[2], NULL, 10), MSG_NOERROR) == -1)
      fail("msgrcv");
    if (message.type == 2) break;
    if (message.type != 1) continue;
    if (argc > 4) usleep(20000);
    long where = strcmp(argv[3], "pid") == 0 ? 0 : 3;
    if (strcmp(argv[3], "shared") != 0) where += strtol(message.text, NULL, 10);
    time_t now = time(NULL);
    memset(message.text, 0, sizeof message.text);
    strcpy(message.text, ctime(&now));
    message.type = where;
    if (msgsnd(queue, &message, sizeof message.text, 0) == -1) fail("msgsnd");
  }
  msgctl(queue, IPC_RMID, NULL);
  return 0;
}
