/* A program that uses POSIX objects by the C library's own calls; what it has open it keeps until it is
 * killed. */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void check(int failed, const char *what) {
  if (!failed) return;
  perror(what);
  exit(1);
}

static void stay(void) {
  puts("ready");
  fflush(stdout);
  for (;;)
    pause();
}

static void *stay_in_thread(void *argument) {
  stay();
  return argument;
}

static void queue(const char *verb, const char *name, char **more) {
  if (strcmp(verb, "create") == 0) {
    struct mq_attr wanted = {.mq_maxmsg = atol(more[0]), .mq_msgsize = atol(more[1])};
    check(mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &wanted) == -1, "mq_open");
    return;
  }
  int insists = strcmp(verb, "insist") == 0;
  mqd_t descriptor = mq_open(name, insists ? O_RDWR : O_RDWR | O_NONBLOCK);
  check(descriptor == -1, "mq_open");
  if (insists) {
    puts("ready");
    fflush(stdout);
    verb = "send";
  }
  if (strcmp(verb, "send") == 0) {
    check(mq_send(descriptor, more[1], strlen(more[1]), (unsigned)atoi(more[0])) == -1, "mq_send");
  } else if (strcmp(verb, "attributes") == 0) {
    struct mq_attr now;
    check(mq_getattr(descriptor, &now) == -1, "mq_getattr");
    printf("%ld of %ld, %ld bytes each\n", now.mq_curmsgs, now.mq_maxmsg, now.mq_msgsize);
  } else if (strcmp(verb, "drain") == 0) {
    char body[8192];
    unsigned priority;
    ssize_t length;
    while ((length = mq_receive(descriptor, body, sizeof body, &priority)) >= 0)
      printf("%u %.*s\n", priority, (int)length, body);
  } else if (strcmp(verb, "notify") == 0) {
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    check(mq_notify(descriptor, &event) == -1, "mq_notify");
    stay();
  } else {
    stay();
  }
}

static void memory(const char *verb, const char *name, char **more) {
  int descriptor = shm_open(name, O_RDWR | (strcmp(verb, "create") == 0 ? O_CREAT | O_EXCL : 0), 0600);
  check(descriptor == -1, "shm_open");
  if (strcmp(verb, "create") == 0) {
    check(ftruncate(descriptor, atol(more[0])) == -1, "ftruncate");
    const char *text = more[2];
    check(pwrite(descriptor, text, strlen(text), atol(more[1])) == -1, "pwrite");
    return;
  }
  if (strcmp(verb, "open") == 0) stay();
  /* Mapped only. */
  check(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0) == MAP_FAILED, "mmap");
  close(descriptor);
  if (strcmp(verb, "map") == 0) stay();
  /* Mapped by a process whose main thread has ended. */
  pthread_t thread;
  check(pthread_create(&thread, NULL, stay_in_thread, NULL) != 0, "pthread_create");
  pthread_exit(NULL);
}

static void semaphore(const char *verb, const char *name, char **more) {
  if (strcmp(verb, "create") == 0) {
    check(sem_open(name, O_CREAT | O_EXCL, 0600, (unsigned)atoi(more[0])) == SEM_FAILED, "sem_open");
    return;
  }
  sem_t *found = sem_open(name, 0);
  check(found == SEM_FAILED, "sem_open");
  if (strcmp(verb, "value") == 0) {
    int value;
    sem_getvalue(found, &value);
    printf("%d\n", value);
  } else if (strcmp(verb, "wait") == 0) {
    puts("ready");
    fflush(stdout);
    sem_wait(found);
  } else {
    stay();
  }
}

int main(int count, char **words) {
  if (count < 4) return 2;
  void (*const what)(const char *, const char *, char **) = words[1][0] == 'q'   ? queue
                                                            : words[1][0] == 'm' ? memory
                                                                                 : semaphore;
  what(words[2], words[3], words + 4);
  return 0;
}
