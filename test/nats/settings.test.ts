import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connectionSettings, NatsError } from '@timeq/nats';
import { temporaryFolder } from '../helpers/folder.js';
import { bin } from '../helpers/node.js';
import { skipWithoutOtherUser } from '../helpers/users.js';

/** A home with contexts of the nats command. */
function homeWith(t: TestContext, contexts: Readonly<Record<string, unknown>>, selected?: string) {
  const home = temporaryFolder(t);
  const folder = join(home, '.config', 'nats', 'context');
  mkdirSync(folder, { recursive: true });
  for (const [name, context] of Object.entries(contexts)) {
    writeFileSync(
      join(folder, `${name}.json`),
      typeof context === 'string' ? context : JSON.stringify(context),
    );
  }
  if (selected !== undefined) writeFileSync(join(home, '.config', 'nats', 'context.txt'), `${selected}\n`);
  return { HOME: home };
}

const user = (name: string, password: string) => ({ kind: 'user', user: name, password });

function refusal(...settings: Parameters<typeof connectionSettings>): string {
  try {
    connectionSettings(...settings);
  } catch (error) {
    assert.ok(error instanceof NatsError && error.code === 'WRONG_SETTING', String(error));
    return error.message;
  }
  return assert.fail('it was taken');
}

test('without any option, variable or context it is the server of this machine, without credentials', () => {
  const { servers, identity, tls } = connectionSettings({}, { HOME: '/nonexistent' });
  assert.deepEqual([servers, identity, tls], [['127.0.0.1:4222'], undefined, undefined]);
});

test('server URLs are taken apart: host, port, user, token, TLS', () => {
  const of = (server: string) => connectionSettings({ server }, { HOME: '/nonexistent' });
  assert.deepEqual(of('example.org').servers, ['example.org:4222']);
  assert.deepEqual(of('a, nats://b:5000/,c:80').servers, ['a:4222', 'b:5000', 'c:80']);
  assert.deepEqual(of('nats://[::1]:4333').servers, ['[::1]:4333']);
  assert.deepEqual(of('nats://ann:s%40cret@h').identity, user('ann', 's@cret'));
  assert.deepEqual(of('nats://s3cr3t@h').identity, { kind: 'token', token: 's3cr3t' });
  assert.equal(of('tls://h').tls?.first, false);
});

test('an invalid server URL is refused in a sentence that does not repeat its password', () => {
  for (const server of [
    'http://h',
    'h:0',
    'nats://',
    'nats://h:port',
    'nats://u:secret@',
    'nats://h/path',
    ' , ',
    'nats://%:secret@h',
  ]) {
    const sentence = refusal({ server }, { HOME: '/nonexistent' });
    assert.match(sentence, /^--server /);
    assert.doesNotMatch(sentence, /secret/);
  }
  assert.match(refusal({}, { NATS_URL: 'wss://h', HOME: '/nonexistent' }), /^NATS_URL: WebSockets/);
});

test('an option comes before its variable, and a variable before the context', (t) => {
  const context = { url: 'nats://context:1', user: 'carl', password: 'c', description: 'mine' };
  const home = homeWith(t, { mine: context }, 'mine');
  assert.deepEqual(connectionSettings({}, home).servers, ['context:1']);
  assert.deepEqual(connectionSettings({}, home).identity, user('carl', 'c'));
  const environment = { ...home, NATS_URL: 'nats://variable:2', NATS_USER: 'vera', NATS_PASSWORD: 'v' };
  assert.deepEqual(connectionSettings({}, environment).servers, ['variable:2']);
  assert.deepEqual(connectionSettings({}, environment).identity, user('vera', 'v'));
  const options = { server: 'nats://option:3', user: 'otto' };
  assert.deepEqual(connectionSettings(options, environment).servers, ['option:3']);
  assert.deepEqual(connectionSettings(options, environment).identity, user('otto', 'v'));
  assert.deepEqual(connectionSettings({ creds: '/f' }, environment).identity, { kind: 'creds', file: '/f' });
  assert.deepEqual(connectionSettings({ server: 'nats://t@h' }, environment).identity, {
    kind: 'token',
    token: 't',
  });
  assert.deepEqual(
    connectionSettings({}, { ...home, NATS_PASSWORD: 'other' }).identity,
    user('carl', 'other'),
  );
});

test('a user without a password is a token, as for the nats command', () => {
  const { identity } = connectionSettings({ user: 's3cr3t' }, { HOME: '/nonexistent' });
  assert.deepEqual(identity, { kind: 'token', token: 's3cr3t' });
});

test('a context is found by name, by NATS_CONTEXT, and where XDG_CONFIG_HOME says', (t) => {
  const { HOME: home } = homeWith(t, { one: { url: 'one' }, two: { url: 'two' } }, 'one');
  assert.deepEqual(connectionSettings({ context: 'two' }, { HOME: home }).servers, ['two:4222']);
  assert.deepEqual(connectionSettings({}, { HOME: home, NATS_CONTEXT: 'two' }).servers, ['two:4222']);
  const configuration = { HOME: '/nonexistent', XDG_CONFIG_HOME: join(home, '.config') };
  assert.deepEqual(connectionSettings({}, configuration).servers, ['one:4222']);
});

test('paths in a context may have a tilde and variables, and fields that are empty say nothing', (t) => {
  const fields = {
    url: '',
    user: '',
    creds: '~/a.creds',
    cert: '$PKI/c.pem',
    key: '${PKI}/k.pem',
    ca: '',
    tls_first: true,
    nsc: '',
    inbox_prefix: '_INBOX.x',
    jetstream_domain: 'hub',
    color_scheme: 'red',
  };
  const home = homeWith(t, { mine: fields });
  const settings = connectionSettings({ context: 'mine' }, { ...home, PKI: '/pki' });
  assert.deepEqual(settings, {
    servers: ['127.0.0.1:4222'],
    identity: { kind: 'creds', file: join(home.HOME, 'a.creds') },
    tls: { cert: '/pki/c.pem', key: '/pki/k.pem', ca: undefined, first: true },
    inboxPrefix: '_INBOX.x',
    jetstreamDomain: 'hub',
    jetstreamApiPrefix: undefined,
  });
});

test('a context that is not there, is no JSON, or has a field that is not supported is refused in one sentence', (t) => {
  const home = homeWith(t, {
    broken: '{"url"',
    list: [],
    number: { url: 4222 },
    nsc: { nsc: 'nsc://operator' },
    proxy: { socks_proxy: 'socks5://h' },
    certificate: { cert: '/c.pem' },
  });
  const of = (context: string) => refusal({ context }, home);
  assert.match(of('missing'), /missing\.json is not there$/);
  assert.match(of('broken'), /'broken' is not a JSON object/);
  assert.match(of('list'), /'list' is not a JSON object/);
  assert.match(of('number'), /'url' must be text/);
  assert.match(of('nsc'), /the field 'nsc', which is not supported/);
  assert.match(of('proxy'), /the field 'socks_proxy', which is not supported/);
  assert.match(of('certificate'), /--tlscert and --tlskey belong together/);
  assert.match(of('../list'), /can't be the name/);
  assert.match(refusal({ user: 'u', creds: 'f' }, {}), /--user and --creds .* give one of them/);
  assert.match(refusal({}, { ...home, NATS_CREDS: 'f', NATS_NKEY: 'f' }), /NATS_CREDS and NATS_NKEY/);
});

test('a chosen context that is gone is no reason to connect elsewhere', (t) => {
  const home = homeWith(t, {}, 'gone');
  assert.match(refusal({}, home), /gone\.json is not there$/);
});

/** A user without an entry, as containers have them. */
const UNKNOWN = 54_321;

test('a user without a home folder has no contexts', { skip: skipWithoutOtherUser(UNKNOWN) }, () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [bin('time-client'), 'now', '--nats', '--server', 'nats://127.0.0.1:1'],
    { encoding: 'utf8', uid: UNKNOWN, gid: UNKNOWN, env: {} },
  );
  assert.equal(status, 3);
  assert.match(stderr, /^time-client: there is no NATS server at nats:\/\/127\.0\.0\.1:1 [^\n]*\n$/);
});
