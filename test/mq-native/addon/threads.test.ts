import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileLibrary, preloaded, skipWherePreloaded } from '../../helpers/compiled.js';
import { runSnippet, startSnippet } from '../../helpers/node.js';
import { untilBlocked } from '../../helpers/threads.js';
import { privateSet } from '../semaphores/set.js';

const skip = skipWherePreloaded;

/** Tells on standard error what the addon's calls hand to the C library. */
const witness = `
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/sem.h>

typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

/* The threads that wait have the smallest stacks of all. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
  size_t stack = 0;
  if (attributes != NULL) pthread_attr_getstacksize(attributes, &stack);
  if (stack == 256 * 1024) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    fprintf(stderr, "thread %d %d %d %d\\n", sigismember(&mask, SIGTERM), sigismember(&mask, SIGCHLD),
            sigismember(&mask, SIGRTMAX), sigismember(&mask, SIGURG));
  }
  return ((create *)dlsym(RTLD_NEXT, "pthread_create"))(thread, attributes, run, argument);
}

int semop(int id, struct sembuf *operations, size_t count) {
  for (size_t i = 0; i < count; i++) fprintf(stderr, "semop 0%o\\n", operations[i].sem_flg);
  return ((int (*)(int, struct sembuf *, size_t))dlsym(RTLD_NEXT, "semop"))(id, operations, count);
}`;

test(
  'a thread that waits never sees a signal that is meant for others, from its first instruction on',
  { skip },
  async (t) => {
    const { code, stderr } = await runSnippet(
      t,
      `import { MessageQueue } from '@timeq/mq-native';
    const queue = MessageQueue.createPrivate();
    queue.longestPoll = 0;
    const received = queue.receive();
    queue.sendSync(1, '');
    await received;
    queue.remove();`,
      [],
      { env: preloaded(compileLibrary(t, witness)) },
    );
    assert.equal(code, 0, stderr);
    // SIGTERM and SIGCHLD are blocked before it starts; what interrupts it is not.
    assert.equal(stderr, 'thread 1 1 0 0\n');
  },
);

/** Loses the first signals to other threads, as a thread misses one that comes right before it blocks. */
const loser = `
#include <dlfcn.h>
#include <pthread.h>

int pthread_kill(pthread_t thread, int number) {
  static int lost;
  if (!pthread_equal(thread, pthread_self()) && lost++ < 3) return 0;
  return ((int (*)(pthread_t, int))dlsym(RTLD_NEXT, "pthread_kill"))(thread, number);
}`;

test('a thread that misses a signal gets another one, until its wait has ended', { skip }, async (t) => {
  const set = privateSet(t);
  const program = startSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    const controller = new AbortController();
    const waiting = SemaphoreSet.fromId(Number(process.argv[1])).operate([{ delta: -1 }], controller);
    process.stdin.once('data', () => controller.abort());
    console.log('waiting');
    console.log(await waiting.catch(({ name }) => name));
    process.exit();`,
    [set.id],
    { env: preloaded(compileLibrary(t, loser)) },
  );
  await program.waitFor('waiting');
  await untilBlocked('semtimedop', program.pid);
  program.write('abort\n');
  await program.waitFor('AbortError');
  await program.exit();
  assert.equal(set.waitingForIncrease(), 0);
});

/** Sends each signal to another thread some times more, a while later, and says on standard error when that is over. */
const repeater = `
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

typedef int kill_thread(pthread_t, int);
struct late { pthread_t thread; int number; };

static void *send_late(void *argument) {
  struct late *late = argument;
  for (int times = 0; times < 5; times++) {
    usleep(50000);
    ((kill_thread *)dlsym(RTLD_NEXT, "pthread_kill"))(late->thread, late->number);
  }
  fprintf(stderr, "late signals\\n");
  return NULL;
}

int pthread_kill(pthread_t thread, int number) {
  static struct late late;
  pthread_t sender;
  if (!pthread_equal(thread, pthread_self()) && late.number == 0) {
    late.thread = thread;
    late.number = number;
    pthread_create(&sender, NULL, send_late, &late);
  }
  return ((kill_thread *)dlsym(RTLD_NEXT, "pthread_kill"))(thread, number);
}`;

test('a signal that comes late does not end the next wait of its thread', { skip }, async (t) => {
  const set = privateSet(t);
  const program = startSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    const set = SemaphoreSet.fromId(Number(process.argv[1]));
    const controller = new AbortController();
    const first = set.operate([{ delta: -1 }], controller).catch(({ name }) => console.log(name));
    process.stdin.once('data', async () => {
      controller.abort();
      await first;
      console.log(await set.operate([{ delta: -1 }]).then(() => 'taken', ({ code }) => code));
      process.exit();
    });
    console.log('waiting');`,
    [set.id],
    { env: preloaded(compileLibrary(t, repeater)) },
  );
  await program.waitFor('waiting');
  await untilBlocked('semtimedop', program.pid);
  program.write('abort\n');
  await program.waitFor('AbortError\n');
  await program.waitFor('late signals', 'stderr');
  set.tryOperate([{ delta: 1 }]);
  await program.waitFor('taken\n');
});

test('the kernel sees no flags of semaphores but its own', { skip }, async (t) => {
  const { code, stderr } = await runSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    const set = SemaphoreSet.createPrivate({ initialValues: [2] });
    try {
      const take = [{ delta: -1, undo: 'thread' }];
      set.tryOperate(take);
      set.operateSync(take);
      set.tryOperate([{ delta: 1, undo: 'thread', wait: false }]);
      const waiting = set.operate([{ delta: -2, undo: 'thread' }]);
      set.tryOperate([{ delta: 1 }]);
      await waiting;
    } finally {
      set.remove();
    }`,
    [],
    { env: preloaded(compileLibrary(t, witness)) },
  );
  assert.equal(code, 0, stderr);
  const flags = new Set(stderr.split('\n').filter((line) => line.startsWith('semop')));
  // SEM_UNDO, and SEM_UNDO | IPC_NOWAIT; without either the first and the last.
  assert.deepEqual([...flags].toSorted(), ['semop 010000', 'semop 014000', 'semop 04000']);
});
