import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { queueAt } from '../helpers/kernel-table.js';
import { skipWithout } from '../helpers/foreign.js';
import { root } from '../helpers/node.js';
import { start, type RunningProcess } from '../helpers/process.js';
import { ASCTIME, askClassic, askStatus, openQueue, ownServer } from './server.js';

const REQUESTS = 400;

const languages = {
  python: ['/usr/bin/python3', 'classic.py'],
  perl: ['perl', 'classic.pl'],
  php: ['php', 'classic.php'],
} as const;

type Language = keyof typeof languages;

for (const language of ['python', 'perl', 'php'] as const) {
  test(
    `8 ${language} clients at once get a reply to every request, and no reply too many`,
    { skip: skipWithout(language) },
    async (t) => {
      await assertServesAll(
        t,
        Array.from({ length: 8 }, () => language),
      );
    },
  );
}

test(
  'clients in three languages share type 3, and every request has its reply',
  { skip: skipWithout('python') || skipWithout('perl') || skipWithout('php') },
  async (t) => {
    await assertServesAll(t, ['python', 'perl', 'php', 'python', 'perl', 'php', 'python', 'perl']);
  },
);

test('8 classic clients of one process, with many requests under way, get all their replies', async (t) => {
  const { key, queue } = await ownServer(t);
  const clients = Array.from({ length: 8 }, async () => {
    for (let request = 0; request < REQUESTS; request += 1) assert.match(await askClassic(queue), ASCTIME);
  });
  await Promise.all(clients);
  assert.equal((await askStatus(queue)).served.classic, 8 * REQUESTS);
  assert.equal(queueAt(key)?.['qnum'], 0);
});

async function assertServesAll(t: TestContext, clients: Language[]): Promise<void> {
  const { key, server } = await ownServer(t);
  const running = await Promise.all(clients.map((language) => startClient(t, language, key)));
  for (const client of running) client.write('go\n');
  for (const client of running) {
    const { code, stdout, stderr } = await client.exit();
    assert.equal(code, 0, stderr);
    const replies = stdout.trimEnd().split('\n').slice(1);
    assert.equal(replies.length, REQUESTS);
    for (const reply of replies) assert.match(reply, ASCTIME);
  }
  const status = await askStatus(openQueue(t, key));
  assert.equal(status.served.classic, clients.length * REQUESTS);
  assert.deepEqual(status.lost, { unread: 0, unsent: 0 });
  assert.equal(queueAt(key)?.['qnum'], 0, 'a reply was left over');
  assert.equal((await server.killed('SIGTERM')).code, 0);
}

async function startClient(t: TestContext, language: Language, key: number): Promise<RunningProcess> {
  const [command, file] = languages[language];
  const client = start(t, command, [
    `${root}test/time-server/clients/${file}`,
    String(key),
    String(REQUESTS),
  ]);
  await client.waitFor('ready');
  return client;
}
