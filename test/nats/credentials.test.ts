import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { natsReleases, skipWithoutNats, startNats } from '../helpers/nats.js';
import { bin, runNode } from '../helpers/node.js';
import type { Exit } from '../helpers/process.js';
import { certificates, jwtUser, nkeyUser, secretsFolder } from './credentials.js';
import { NO_CONTEXT, startTimeServer } from './support.js';

function now(
  t: TestContext,
  url: string,
  words: readonly string[],
  env: Record<string, string> = {},
): Promise<Exit> {
  return runNode(t, [bin('time-client'), 'now', '--nats', '--server', url, ...words], {
    env: { ...NO_CONTEXT, ...env },
  });
}

/** A server that signs in is asked by a client that does; one that does not, or wrongly, is refused with 5. */
async function signsIn(
  t: TestContext,
  nats: { readonly url: string },
  right: readonly string[],
  wrong: readonly string[],
): Promise<void> {
  await startTimeServer(t, nats.url, ...right);
  const answer = await now(t, nats.url, right);
  assert.match(answer.stdout, /\d{4}\n$/, answer.stderr);
  for (const words of [[], wrong]) {
    const { code, stderr } = await now(t, nats.url, words);
    assert.equal(code, 5, stderr);
    assert.match(
      stderr,
      /^time-client: the NATS server at nats:\S+ (?:refuses you|wants a certificate)[^\n]*\n$/,
    );
  }
}

describe('who signs in with NATS', { skip: skipWithoutNats() }, () => {
  it('by a user and a password, of options, variables and the URL', async (t) => {
    const nats = await startNats(t, { configuration: 'authorization { user: ann, password: "p@ss" }' });
    await signsIn(t, nats, ['--user', 'ann', '--password', 'p@ss'], ['--user', 'ann', '--password', 'no']);
    const byVariables = await now(t, nats.url, [], { NATS_USER: 'ann', NATS_PASSWORD: 'p@ss' });
    assert.equal(byVariables.code, 0, byVariables.stderr);
    const byUrl = await now(t, nats.url.replace('//', '//ann:p%40ss@'), []);
    assert.equal(byUrl.code, 0, byUrl.stderr);
  });

  it('by a token', async (t) => {
    const nats = await startNats(t, { configuration: 'authorization { token: "s3cr3t" }' });
    await signsIn(t, nats, ['--user', 's3cr3t'], ['--user', 'other']);
  });

  it('by an NKey', async (t) => {
    const secret = secretsFolder(t);
    const { configuration, file } = nkeyUser(secret);
    const other = nkeyUser(secretsFolder(t));
    await signsIn(t, await startNats(t, { configuration }), ['--nkey', file], ['--nkey', other.file]);
  });

  for (const release of natsReleases) {
    it(`by credentials with a JWT (${release.version})`, async (t) => {
      const { configuration, file } = jwtUser(secretsFolder(t));
      const other = jwtUser(secretsFolder(t));
      const nats = await startNats(t, { configuration, release });
      await signsIn(t, nats, ['--creds', file], ['--creds', other.file]);
    });
  }

  it('by a certificate', { skip: skipWithoutCommands('openssl') }, async (t) => {
    const { configuration, ca, cert, key } = await certificates(t);
    const nats = await startNats(t, { configuration });
    const right = ['--tlsca', ca, '--tlscert', cert, '--tlskey', key];
    await startTimeServer(t, nats.url, ...right);
    assert.match((await now(t, nats.url, right)).stdout, /\d{4}\n$/);
    const without = await now(t, nats.url, ['--tlsca', ca, '--timeout', '2s']);
    assert.equal(without.code, 5, without.stderr);
    const distrusting = await now(t, nats.url, ['--tlscert', cert, '--tlskey', key]);
    assert.equal(distrusting.code, 1);
    assert.match(distrusting.stderr, /is not trusted \(\w+\); name its authority with --tlsca\n$/);
  });

  it('is told in one sentence that a file is not there, or has something else in it', async (t) => {
    const nats = await startNats(t);
    const missing = await now(t, nats.url, ['--creds', '/nonexistent/a.creds']);
    assert.deepEqual(
      [missing.code, missing.stderr.split(';')[0]],
      [2, 'time-client: the file /nonexistent/a.creds is not there'],
    );
    const other = await now(t, nats.url, ['--nkey', secretsFolder(t)('a.nk', 'no seed')]);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /does not have the seed of a user \(SU\.\.\.\)/);
  });
});

describe('what NATS does not permit', { skip: skipWithoutNats() }, () => {
  const all = '{ user: all, password: p }';

  for (const [verb, ...words] of [
    ['now', '--nats'],
    ['status', '--nats'],
    ['watch', '--nats'],
    ['measure', '--nats'],
    ['wait', '--nats'],
    ['compare'],
  ] as const) {
    const asked = new Map<string, string>([
      ['status', 'timeq.status'],
      ['compare', '$SRV.PING.timeq'],
    ]).get(verb);

    it(`ends time-client ${verb} with 5 and one sentence: to ask, or to be answered`, async (t) => {
      const nats = await startNats(t, {
        configuration: `authorization { users: [${all},
          { user: mute, password: p, permissions: { publish: "other", subscribe: "_INBOX.>" } },
          { user: deaf, password: p, permissions: { publish: ["timeq.>", "$SRV.>"], subscribe: "other" } }] }`,
      });
      await startTimeServer(t, nats.url, '--user', 'all', '--password', 'p');
      for (const [user, doing] of [
        ['mute', `publish to ${asked ?? 'timeq.now'}`],
        ['deaf', 'subscribe to _INBOX.'],
      ] as const) {
        const who = ['--server', nats.url, '--user', user, '--password', 'p'];
        const { code, stdout, stderr } = await runNode(t, [bin('time-client'), verb, ...words, ...who], {
          env: NO_CONTEXT,
        });
        assert.deepEqual([code, stdout], [5, ''], stderr);
        assert.match(stderr, /^time-client: the NATS server does not permit you to [^\n]*\n$/);
        assert.ok(stderr.includes(doing), stderr);
      }
    });
  }

  it('ends compare with 5 where it may find servers, and not ask them', async (t) => {
    const nats = await startNats(t, {
      configuration: `authorization { users: [${all},
        { user: half, password: p, permissions: { publish: ["timeq.now", "$SRV.PING.timeq"], subscribe: "_INBOX.>" } },
        { user: enough, password: p,
          permissions: { publish: ["timeq.*.now", "$SRV.PING.timeq"], subscribe: "_INBOX.>" } }] }`,
    });
    await startTimeServer(t, nats.url, '--user', 'all', '--password', 'p');
    const compare = (user: string): Promise<Exit> =>
      runNode(t, [bin('time-client'), 'compare', '--server', nats.url, '--user', user, '--password', 'p'], {
        env: NO_CONTEXT,
      });
    const half = await compare('half');
    assert.deepEqual([half.code, half.stdout], [5, '']);
    assert.match(
      half.stderr,
      /^time-client: the NATS server does not permit you to publish to timeq\.[0-9A-F]{22}\.now; .*\n$/,
    );
    const { code, stderr } = await compare('enough');
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('ends a server with 5 and one sentence, unless it is discovery only', async (t) => {
    const nats = await startNats(t, {
      configuration: `authorization { users: [
        { user: none, password: p, permissions: { publish: ">", subscribe: "other" } },
        { user: some, password: p, permissions: { publish: ">", subscribe: ["timeq.>", "_INBOX.>"] } }] }`,
    });
    const words = ['--nats-only', '--server', nats.url, '--user', 'none', '--password', 'p'];
    const refused = await runNode(t, [bin('time-server'), ...words], { env: NO_CONTEXT });
    assert.equal(refused.code, 5);
    assert.match(
      refused.stderr,
      /^time-server: the NATS server does not permit you to subscribe to timeq\.now; .*\n$/,
    );
    const some = await startTimeServer(t, nats.url, '--user', 'some', '--password', 'p');
    await some.waitFor('"nats micro" does not find this server', 'stderr');
    assert.equal((await now(t, nats.url, ['--user', 'some', '--password', 'p'])).code, 0);
  });
});
