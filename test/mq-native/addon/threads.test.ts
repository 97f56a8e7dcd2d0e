import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { test } from 'node:test';
import { compileLibrary } from '../../helpers/compiled.js';
import { runSnippet } from '../../helpers/node.js';

/** Its name alone is preloaded: a path may have a space, at which the loader would split it. */
function preloaded(library: string): Record<string, string> {
  return { LD_PRELOAD: basename(library), LD_LIBRARY_PATH: dirname(library) };
}

/** Under a sanitizer, whose own library has to come first and sees the calls itself. */
const skip = process.env['LD_PRELOAD'] ? 'another library is preloaded already' : false;

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
