import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestLog } from '#time-server/cli/request-log';
import { skipWithoutNats, startNats } from '../helpers/nats.js';
import { bin, runNode, runSnippet, startSnippet } from '../helpers/node.js';
import { ask, connected, startTimeServer, text } from '../nats/support.js';
import { ownServer } from './server.js';

const CLASSIC_CLIENT = `
  import { MessageQueue } from '@timeq/mq-native';
  const queue = MessageQueue.open(Number(process.argv[1]));
  for (let left = Number(process.argv[2]); left > 0; left--) {
    await queue.send(1, 'what time?');
    await queue.receive({ type: 3 });
  }`;

describe('time-server --verbose', () => {
  it('says of each request which process sent last, and what is answered where', async (t) => {
    const { key, server } = await ownServer(t, ['--verbose']);
    const client = startSnippet(t, CLASSIC_CLIENT, [key, 1]);
    const [, type, bytes, pid, program, answer] = await server.waitFor(
      /type (\d), (10) bytes, last sender (\d+) \((.+)\): (.*)\n/,
    );
    assert.deepEqual(
      [type, bytes, pid, answer],
      ['1', '10', String(client.pid), 'the time as text at type 3'],
    );
    assert.match(program ?? '', /^node --input-type=module/);
    await runNode(t, [bin('time-client'), 'now', '--key', String(key)]);
    await server.waitFor(/\(time-client\.js now --key \d+\): the time at type \d{5,}\n/);
    await runNode(t, [bin('time-client'), 'stop', '--key', String(key)]);
    await server.waitFor(/type 2, 0 bytes, last sender \d+ \(time-client\.js stop .*\): a stop message\n/);
    assert.deepEqual([(await server.exit()).code, server.stderr], [0, '']);
  });

  it('tells every request, by a line or in the sum of a second', async (t) => {
    const { key, server } = await ownServer(t, ['--verbose', '--log-format', 'json']);
    const { code } = await runSnippet(t, CLASSIC_CLIENT, [key, 500]);
    assert.equal(code, 0);
    const { stdout } = await server.killed('SIGTERM');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; count?: number; answered?: number });
    const lines = events.filter(({ event }) => event === 'request').length;
    const more = events.reduce((sum, { count = 0 }) => sum + count, 0);
    assert.equal(events.at(-1)?.answered, lines + more);
    // Monitors ask all servers.
    assert.ok(lines + more >= 500);
  });

  it('prints 20 lines in a second, and then how many more there were', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const lines: string[] = [];
    const log = new RequestLog(({ message }) => lines.push(message));
    for (let second = 0; second < 2; second++) {
      for (let count = 0; count < 12_365; count++) log.add({ subject: 's', bytes: 0, answer: 'time' });
      t.mock.timers.tick(1000);
    }
    assert.equal(lines.length, 42);
    assert.equal(lines[19], 's, 0 bytes: the time');
    assert.match(lines[20] ?? '', /^(…|\.\.\.) 12,345 more in this second$/);
    assert.match(lines[41] ?? '', /12,345 more/);
    t.mock.timers.tick(1000);
    assert.equal(lines.length, 42, 'a second without requests prints nothing');
  });

  it('prints neither controls nor endless text of strangers', async (t) => {
    const { key, server } = await ownServer(t, ['--verbose']);
    const evil = `\u001b[2J\u009b\u202e${'x'.repeat(5000)}`;
    // A request that is refused is told the reason.
    await runSnippet(
      t,
      `import { MessageQueue } from '@timeq/mq-native';
       const queue = MessageQueue.open(Number(process.argv[1]));
       await queue.send(1, JSON.stringify({ timeq: 1, id: 1, replyTo: 2 ** 33, ask: process.argv[2] }));
       await queue.receive({ type: 2 ** 33 });`,
      [key, evil],
    );
    const [line] = await server.waitFor(/.*refused at type 8589934592: .*\n/);
    assert.match(line, /last sender \d+ \(node/);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(server.stdout.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
    for (const each of server.stdout.split('\n')) assert.ok(each.length < 300, each);
  });

  it('prints no request without it', async (t) => {
    const { key, server } = await ownServer(t);
    await runNode(t, [bin('time-client'), 'now', '--key', String(key)]);
    assert.doesNotMatch((await server.killed('SIGTERM')).stdout, /last sender|bytes/);
  });
});

describe('time-server --verbose over NATS', { skip: skipWithoutNats() }, () => {
  it('says which subject was asked, and what is answered', async (t) => {
    const nats = await startNats(t);
    const server = await startTimeServer(t, nats.url, '--verbose');
    const connection = await connected(t, nats.url);
    const [reply] = await ask(connection, 'timeq.now', '');
    assert.match(reply === undefined ? '' : text(reply), /\d{4}$/);
    await server.waitFor('timeq.now, 0 bytes: the time as text\n');
    await ask(connection, 'timeq.status', '');
    await server.waitFor('timeq.status, 0 bytes: the status\n');
    await ask(connection, 'timeq.now', '{"timeq":1,"id":1,"ask":"weather"}');
    await server.waitFor(/timeq\.now, 34 bytes: refused: .+\n/);
  });
});
