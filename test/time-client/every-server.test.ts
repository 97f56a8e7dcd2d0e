import assert from 'node:assert/strict';
import test from 'node:test';
import { skipWithout } from '../helpers/foreign.js';
import { freshKey } from '../helpers/keys.js';
import {
  Askers,
  askStyle,
  skipWithoutStyle,
  skipWithoutTaskset,
  startStyle,
  STYLES,
} from './classic-servers.js';
import { ASCTIME, askLonger, timeClient } from './support.js';

/** The fault every-server asks a hundred. */
const REQUESTS = 16;

for (const cpus of ['any CPU', 'a single CPU'] as const) {
  const skip = cpus === 'a single CPU' && skipWithoutTaskset;
  test(`every classic server answers on ${cpus}`, { skip }, async (t) => {
    const askers = await Askers.start(t, cpus);
    for (const [name, style] of Object.entries(STYLES)) {
      await t.test(
        `a server ${name} answers one client and eight on ${cpus}`,
        { skip: skipWithoutStyle(style) },
        async (each) => {
          await askStyle(each, style, askers, cpus, REQUESTS);
        },
      );
    }
  });
}

test(
  'now, status and --ask tell where a classic server answers',
  { skip: skipWithout('python') },
  async (t) => {
    const key = freshKey(t);
    await startStyle(t, key, { language: 'python', manner: ['any', 'pid+3', 'threads'] });
    for (const ask of [[], ['--ask', 'pid+3'], ['--ask', 'auto']]) {
      const { code, stdout, stderr } = await timeClient(t, key, ['now', ...ask]);
      assert.deepEqual([stderr, code], ['', 0]);
      assert.match(stdout.trimEnd(), ASCTIME);
    }
    const { stdout } = await timeClient(t, key, ['status']);
    assert.match(
      stdout,
      /a classic one: it answers at the number that it is sent plus 3 and says nothing of itself/,
    );
    const json = await timeClient(t, key, ['status', '--json']);
    assert.equal((JSON.parse(json.stdout) as { style: string }).style, 'pid+3');
  },
);

test(
  'a request that is read and not answered says who has read, and what that means',
  { skip: skipWithout('python') },
  async (t) => {
    const key = freshKey(t);
    const server = await startStyle(t, key, { language: 'python', manner: ['-2', 'pid+3', 'threads'] });
    const read = new RegExp(
      `: the request was read \\(pid ${server.pid} \\(python3.*\\) received from the queue last\\), and not ` +
        `answered at this client's pid: its reader may answer elsewhere; omit --ask and --classic`,
    );
    const { code, stderr } = await askLonger(
      (timeout) => timeClient(t, key, ['now', '--ask', 'pid', '--timeout', `${timeout}ms`]),
      read,
    );
    assert.equal(code, 4);
    assert.match(stderr, read);
  },
);
