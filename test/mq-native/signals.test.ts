import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { until } from '../helpers/deadline.js';
import { startSnippet, startWith } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';
import { drain, privateQueue } from './queue.js';

for (const [name, call] of [
  ['receiveSync', 'queue.receiveSync({ type: 2 })'],
  ['receiveSync with a timeout', 'queue.receiveSync({ type: 2, timeout: 1_000_000 })'],
  ['sendSync', "queue.sendSync(2, '')"],
  ['sendSync with a timeout', "queue.sendSync(2, '', { timeout: 1_000_000 })"],
] as const) {
  test(`${name} ends with EINTR when a signal arrives, whose handler then runs`, async (t) => {
    const queue = privateQueue(t, { maxBytes: 1 });
    queue.sendSync(1, '');
    const program = startWith(
      t,
      queue,
      `const keep = setInterval(() => {}, 1_000_000);
      process.on('SIGUSR2', () => {
        console.log('handler');
        clearInterval(keep);
      });
      try {
        ${call};
        console.log('no error');
      } catch (error) {
        console.log(error.code, error.syscall, error.message);
      }`,
    );
    const syscall = name.startsWith('send') ? 'msgsnd' : 'msgrcv';
    await untilBlocked(syscall, program.pid);
    const { code, stdout, stderr } = await program.killed('SIGUSR2');
    assert.equal(stderr, '');
    assert.match(stdout, new RegExp(`^EINTR ${syscall} EINTR: [^\\n]*\\nhandler\\n$`));
    assert.equal(code, 0);
    assert.deepEqual(drain(queue), [1]);
  });
}

for (const [name, syscall, call] of [
  ['receiveSync', 'msgrcv', 'queue.receiveSync({ type: 2 })'],
  ['receiveSync with a timeout', 'msgrcv', 'queue.receiveSync({ type: 2, timeout: 1_000_000 })'],
  ['sendSync', 'msgsnd', "queue.sendSync(2, '')"],
  ['sendSync with a timeout', 'msgsnd', "queue.sendSync(2, '', { timeout: 1_000_000 })"],
] as const) {
  // Both come as EINTR from the system call, and mean nothing to a program that handles no signals.
  test(`${name} goes on when a child process ends, or Node does something by itself`, async (t) => {
    const queue = privateQueue(t, { maxBytes: 1 });
    if (syscall === 'msgsnd') queue.sendSync(1, '');
    const program = startWith(
      t,
      queue,
      `import { spawn, spawnSync } from 'node:child_process';
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
      spawnSync('true');
      console.log('child', child.pid);
      ${call};
      console.log('done');`,
    );
    const child = Number((await program.waitFor(/child (\d+)/))[1]);
    await untilBlocked(syscall, program.pid);
    process.kill(child, 'SIGKILL');
    await until(() => !isRunning(child), 'the end of the child process');
    await untilBlocked(syscall, program.pid);
    if (syscall === 'msgsnd') queue.tryReceive();
    else queue.sendSync(2, '');
    await program.waitFor('done');
  });
}

/** Whether a process is there and no zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('signals do not disturb waits that do not block the program', async (t) => {
  const queue = privateQueue(t);
  const program = startWith(
    t,
    queue,
    `let handled = 0;
    process.on('SIGUSR2', () => console.log('handled', (handled += 1)));
    const { body } = await queue.receive();
    console.log('received', body.toString());
    process.exit();`,
  );
  await untilBlocked('msgrcv', program.pid);
  for (let count = 1; count <= 20; count++) {
    program.kill('SIGUSR2');
    await program.waitFor(`handled ${count}\n`);
  }
  await untilBlocked('msgrcv', program.pid);
  queue.sendSync(1, 'whole');
  await program.waitFor('received whole');
});

test('a wait goes on after the program was stopped and continued', async (t) => {
  const queue = privateQueue(t);
  const program = startWith(t, queue, `console.log('received', (await queue.receive()).type);`);
  await untilBlocked('msgrcv', program.pid);
  for (let count = 0; count < 5; count++) {
    program.kill('SIGSTOP');
    program.kill('SIGCONT');
  }
  await untilBlocked('msgrcv', program.pid);
  queue.sendSync(4, '');
  await program.waitFor('received 4');
  assert.equal((await program.exit()).code, 0);
});

test('a message that was sent while the program was stopped is received after it', async (t) => {
  const queue = privateQueue(t);
  const program = startWith(
    t,
    queue,
    `for (const _ of [1, 2]) console.log('received', (await queue.receive({ timeout: 1_000_000 })).type);`,
  );
  await untilBlocked('msgrcv', program.pid);
  program.kill('SIGSTOP');
  queue.sendSync(4, '');
  queue.sendSync(5, 'body');
  program.kill('SIGCONT');
  await program.waitFor(/received 4\nreceived 5/);
});

test('a program that handles real-time signals itself keeps them', async (t) => {
  const queue = privateQueue(t);
  const program = startSnippet(
    t,
    `import { MessageQueue } from '@timeq/mq-native';
    import { readFileSync } from 'node:fs';
    const caught = () => BigInt('0x' + /SigCgt:\\s*(\\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
    const queue = MessageQueue.fromId(Number(process.argv[1]));
    const controller = new AbortController();
    const before = caught();
    const waits = [1, 2, 3].map((type) => queue.receive({ type, signal: controller.signal }).catch(({ code }) => code));
    process.stdin.once('data', () => controller.abort());
    console.log((await Promise.all(waits)).join(), caught() === before);`,
    [queue.id],
  );
  // Signals interrupt threads, and there are none before.
  await untilBlocked('msgrcv', program.pid, 3);
  program.write('now\n');
  program.endInput();
  await program.waitFor('ABORT_ERR,ABORT_ERR,ABORT_ERR true');
});
