import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { skipOrFail } from '../helpers/commands.js';
import { preloaded, skipWherePreloaded } from '../helpers/compiled.js';
import { freshKey } from '../helpers/keys.js';
import { bin, startNode } from '../helpers/node.js';
import { askClassic, openQueue } from './server.js';

/** Where Debian has it, in the folder of the machine's architecture. */
const FOLDER = '/usr/lib';
const library = (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
  .map((name) => join(FOLDER, name, 'faketime', 'libfaketime.so.1'))
  .find((file) => existsSync(file));
const skip =
  skipWherePreloaded ||
  (library === undefined && process.platform === 'linux'
    ? skipOrFail('libfaketime is not installed (Debian: libfaketime)')
    : library === undefined && 'no libfaketime.so.1 here');

test('libfaketime sets the clock of a server, and its replies are delivered', { skip }, async (t) => {
  const key = freshKey(t);
  const env = {
    ...preloaded(library ?? ''),
    FAKETIME: '2026-12-31 23:59:50',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    TZ: 'UTC',
  };
  const server = startNode(t, [bin('time-server'), '--key', String(key)], { env });
  await server.waitFor('listening');
  const queue = openQueue(t, key);
  for (let times = 0; times < 3; times++) assert.equal(await askClassic(queue), 'Thu Dec 31 23:59:50 2026');
  assert.equal((await server.killed('SIGTERM')).code, 0);
});
