// Makes tables of real System V objects. Processes and threads of several users, some in their own pid
// namespaces, use them at random and are killed. The program records who used which object last, runs clean,
// and asks the kernel which objects are left.
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ACTORS = 5, NO_ACTOR = -1, ROOT = 0 };
enum operation { SEND, RECEIVE, WAIT_IN_THREAD, CLAIM, WATCH, ATTACH, OPERATIONS };

struct command {
  enum operation operation;
  int id;
};

struct actor {
  pid_t pid;
  uid_t user;
  int commands;
  int answers;
  bool lives;
};

struct table {
  struct actor actors[MOST_ACTORS];
  int count;
  int queue, set, segment;
  uid_t owner;
  bool is_shared; // with other users
  int sender, receiver, blocked, holder, operated, attacher;
  bool received_in_thread;
  int attached[MOST_ACTORS];
};

static uint64_t state;

// As root with all capabilities: root and two other users. Otherwise only the current user.
static uid_t users[] = {ROOT, 54321, 54322};
static unsigned user_count = 1;

static unsigned below(unsigned limit) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(state >> 33) % limit;
}

static void fail(const char *what) {
  perror(what);
  exit(2);
}

static int check(int result, const char *what) {
  if (result == -1) fail(what);
  return result;
}

static void become(uid_t user) {
  if (user_count == 1) return;
  check(setgroups(0, NULL), "setgroups");
  check(setgid(user), "setgid");
  check(setuid(user), "setuid");
}

static void *wait_in_queue(void *id) {
  struct {
    long type;
    char body[8];
  } message;
  msgrcv((int)(intptr_t)id, &message, sizeof message.body, 0, 0);
  return NULL;
}

static int operate(struct command command) {
  struct {
    long type;
    char body[8];
  } message = {1, ""};
  struct sembuf zero = {0, 0, IPC_NOWAIT};
  struct sembuf claim[] = {zero, {0, 1, SEM_UNDO | IPC_NOWAIT}};
  pthread_t thread;
  switch (command.operation) {
  case SEND:
    return msgsnd(command.id, &message, sizeof message.body, IPC_NOWAIT);
  case RECEIVE:
    return msgrcv(command.id, &message, sizeof message.body, 0, IPC_NOWAIT) == -1 ? -1 : 0;
  case WAIT_IN_THREAD:
    return pthread_create(&thread, NULL, wait_in_queue, (void *)(intptr_t)command.id) == 0 ? 0 : -1;
  case CLAIM:
    return semop(command.id, claim, 2);
  case WATCH:
    return semop(command.id, &zero, 1);
  default:
    return shmat(command.id, NULL, 0) == (void *)-1 ? -1 : 0;
  }
}

static void act(int commands, int answers) {
  struct command command;
  while (read(commands, &command, sizeof command) == sizeof command) {
    int answer = operate(command);
    if (write(answers, &answer, sizeof answer) != sizeof answer) break;
  }
  _exit(0);
}

static void start(struct actor *actor) {
  int commands[2], answers[2];
  check(pipe2(commands, O_CLOEXEC), "pipe");
  check(pipe2(answers, O_CLOEXEC), "pipe");
  bool elsewhere = below(5) == 0;
  int own = check(open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC), "own pid namespace");
  if (elsewhere) check(unshare(CLONE_NEWPID), "unshare");
  actor->user = users[below(user_count)];
  actor->pid = check(fork(), "fork");
  if (actor->pid == 0) {
    close(commands[1]);
    close(answers[0]);
    become(actor->user);
    act(commands[0], answers[1]);
  }
  if (elsewhere) check(setns(own, CLONE_NEWPID), "setns");
  close(own);
  close(commands[0]);
  close(answers[1]);
  actor->commands = commands[1];
  actor->answers = answers[0];
  actor->lives = true;
}

static bool tell(struct actor *actor, enum operation operation, int id) {
  struct command command = {operation, id};
  int answer;
  if (write(actor->commands, &command, sizeof command) != sizeof command) fail("a command");
  if (read(actor->answers, &answer, sizeof answer) != sizeof answer) fail("an answer");
  return answer == 0;
}

// Counts the threads of a process, and tells whether one of them is in msgrcv.
static int threads_of(pid_t pid, bool *waits) {
  char path[300], text[32];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *folder = opendir(path);
  int count = 0;
  *waits = false;
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    count += 1;
    snprintf(path, sizeof path, "/proc/%d/task/%s/syscall", pid, entry->d_name);
    FILE *file = fopen(path, "r");
    if (file == NULL) continue;
    if (fgets(text, sizeof text, file) != NULL && atoi(text) == SYS_msgrcv &&
        strncmp(text, "running", 7) != 0)
      *waits = true;
    fclose(file);
  }
  if (folder != NULL) closedir(folder);
  return count;
}

static void until_thread_waits(pid_t pid, bool expected) {
  for (bool waits;;) {
    int count = threads_of(pid, &waits);
    if (expected ? waits : count == 1) return;
  }
}

static unsigned long messages(int queue) {
  struct msqid_ds info;
  check(msgctl(queue, IPC_STAT, &info), "msgctl");
  return info.msg_qnum;
}

static void end(struct table *table, int who) {
  struct actor *actor = &table->actors[who];
  siginfo_t info;
  kill(actor->pid, SIGKILL);
  // Some stay zombies.
  check(waitid(P_PID, (id_t)actor->pid, &info, WEXITED | (below(4) == 0 ? WNOWAIT : 0)), "waitid");
  close(actor->commands);
  close(actor->answers);
  actor->lives = false;
  if (table->holder == who) {
    table->holder = NO_ACTOR;
    table->operated = who;
  }
  if (table->blocked == who) table->blocked = NO_ACTOR;
  if (table->attached[who] > 0) table->attacher = who;
  table->attached[who] = 0;
}

static bool may_use(const struct table *table, const struct actor *actor) {
  return table->is_shared || actor->user == ROOT || actor->user == table->owner;
}

static void happen(struct table *table) {
  int who = (int)below((unsigned)table->count);
  struct actor *actor = &table->actors[who];
  enum operation operation = below(OPERATIONS + 1);
  if (!actor->lives) return;
  if (operation >= OPERATIONS) {
    end(table, who);
    return;
  }
  if (operation == WAIT_IN_THREAD) {
    if (table->blocked != NO_ACTOR || !may_use(table, actor)) return;
    bool blocks = messages(table->queue) == 0;
    if (!tell(actor, operation, table->queue)) fail("a thread");
    until_thread_waits(actor->pid, blocks);
    if (blocks)
      table->blocked = who;
    else {
      table->receiver = who;
      table->received_in_thread = false;
    }
    return;
  }
  int id = operation == CLAIM || operation == WATCH ? table->set
           : operation == ATTACH                    ? table->segment
                                                    : table->queue;
  if (!tell(actor, operation, id)) return;
  switch (operation) {
  case SEND:
    table->sender = who;
    if (table->blocked == NO_ACTOR) return;
    until_thread_waits(table->actors[table->blocked].pid, false);
    table->receiver = table->blocked;
    table->received_in_thread = true;
    table->blocked = NO_ACTOR;
    return;
  case RECEIVE:
    table->receiver = who;
    table->received_in_thread = false;
    return;
  case CLAIM:
    table->holder = who;
    table->operated = who;
    return;
  case WATCH:
    table->operated = who;
    return;
  default:
    table->attacher = who;
    table->attached[who] += 1;
  }
}

static void make(struct table *table, int key) {
  memset(table, 0, sizeof *table);
  table->sender = table->receiver = table->blocked = table->holder = table->operated = table->attacher =
      NO_ACTOR;
  table->owner = users[below(user_count)];
  table->is_shared = user_count > 1 && below(2) == 0;
  int how = IPC_CREAT | IPC_EXCL | (table->is_shared ? 0666 : 0600);
  // Their creator has ended.
  pid_t creator = check(fork(), "fork");
  if (creator == 0) {
    become(table->owner);
    _exit(msgget(key, how) == -1 || semget(key, 1, how) == -1 || shmget(key, 100, how) == -1);
  }
  check(waitpid(creator, NULL, 0), "waitpid");
  table->queue = check(msgget(key, 0), "msgget");
  table->set = check(semget(key, 0, 0), "semget");
  table->segment = check(shmget(key, 0, 0), "shmget");
  table->count = 2 + (int)below(MOST_ACTORS - 1);
  for (int who = 0; who < table->count; who += 1)
    start(&table->actors[who]);
  for (unsigned events = 4 + below(20); events > 0; events -= 1)
    happen(table);
  // How many survive varies from table to table, down to hardly any.
  unsigned survival = below(5);
  for (int who = 0; who < table->count; who += 1)
    if (table->actors[who].lives && below(4) >= survival) end(table, who);
}

static bool lives(const struct table *table, int who) {
  return who != NO_ACTOR && table->actors[who].lives;
}

// A user who assumes that unseen processes are idle is responsible for their blocked threads.
static bool queue_lives(const struct table *table, bool assumed, bool shows) {
  if (table->blocked != NO_ACTOR && (shows || !assumed)) return true;
  if (lives(table, table->operated) || lives(table, table->sender)) return true;
  // docs/evidence.md: a thread that the dead server answered and that has ended can't be known.
  // With --assume-unseen-idle that applies to any thread that has ended.
  bool answered = table->operated != NO_ACTOR && table->operated == table->sender;
  return !(table->received_in_thread && (assumed || answered)) && lives(table, table->receiver);
}

static bool segment_lives(const struct table *table) {
  for (int who = 0; who < table->count; who += 1)
    if (table->attached[who] > 0) return true;
  return lives(table, table->attacher);
}

struct tally {
  int living, gone, wrong;
};

static struct tally look(const struct table *tables, int count, bool assumed, bool shows) {
  struct tally tally = {0, 0, 0};
  for (int number = 0; number < count; number += 1) {
    const struct table *table = &tables[number];
    struct msqid_ds queue;
    struct semid_ds set;
    struct shmid_ds segment;
    bool gone[] = {msgctl(table->queue, IPC_STAT, &queue) == -1, semctl(table->set, 0, IPC_STAT, &set) == -1,
                   shmctl(table->segment, IPC_STAT, &segment) == -1};
    bool alive[] = {queue_lives(table, assumed, shows), lives(table, table->operated), segment_lives(table)};
    for (int kind = 0; kind < 3; kind += 1) {
      tally.living += alive[kind];
      tally.gone += gone[kind];
      if (!gone[kind] || !alive[kind]) continue;
      tally.wrong += 1;
      fprintf(stderr, "table %d, object %d lives and went: sender %d, receiver %d%s, semaphore %d\n", number,
              kind, table->sender, table->receiver, table->received_in_thread ? " in a thread" : "",
              table->operated);
    }
  }
  return tally;
}

static int run(char **words) {
  int status;
  pid_t child = check(fork(), "fork");
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    dup2(STDOUT_FILENO, STDERR_FILENO);
    execvp(words[0], words);
    _exit(127);
  }
  check(waitpid(child, &status, 0), "waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

// Whether this process may become another user and still see the system calls of that user's threads.
static bool have_users(void) {
  if (geteuid() != ROOT) return false;
  int ready[2];
  char path[40], text[8] = "";
  check(pipe(ready), "pipe");
  pid_t child = check(fork(), "fork");
  if (child == 0) {
    if (setgroups(0, NULL) == 0 && setgid(users[1]) == 0 && setuid(users[1]) == 0 &&
        write(ready[1], "y", 1) == 1)
      pause();
    _exit(1);
  }
  close(ready[1]);
  bool became = read(ready[0], text, 1) == 1;
  snprintf(path, sizeof path, "/proc/%d/syscall", child);
  int file = open(path, O_RDONLY);
  bool shows = file != -1 && read(file, text, sizeof text) > 0;
  if (file != -1) close(file);
  close(ready[0]);
  kill(child, SIGKILL);
  check(waitpid(child, NULL, 0), "waitpid");
  return became && shows;
}

// SEED TABLES SHOWS COMMAND...: runs the command as given, and then with --assume-unseen-idle. SHOWS is 1 if
// it sees every thread of the machine, otherwise 0.
int main(int count, char **words) {
  if (count < 5) return 2;
  state = strtoull(words[1], NULL, 10);
  int tables = atoi(words[2]);
  bool shows = atoi(words[3]) == 1;
  if (have_users()) user_count = sizeof users / sizeof *users;
  struct table *all = calloc((size_t)tables, sizeof *all);
  char **command = calloc((size_t)count, sizeof *command);
  if (all == NULL || command == NULL) return 2;
  for (int number = 0; number < tables; number += 1)
    make(&all[number], 0x1000 + number);
  memcpy(command, &words[4], (size_t)(count - 4) * sizeof *command);
  for (int assumed = 0; assumed < 2; assumed += 1) {
    if (assumed) command[count - 4] = "--assume-unseen-idle";
    int code = run(command);
    struct tally tally = look(all, tables, assumed, shows);
    printf("%d %d %d %d %u\n", code, tally.living, tally.gone, tally.wrong, user_count);
  }
  for (int number = 0; number < tables; number += 1)
    for (int who = 0; who < all[number].count; who += 1)
      if (all[number].actors[who].lives) kill(all[number].actors[who].pid, SIGKILL);
  return 0;
}
