import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { startNats } from '../helpers/nats.js';
import { bridgeKey, skipWithoutBridge, startBridge, STREAM } from './support.js';

const FORBIDDEN = [
  ['out', 'to publish', 'publish: { deny: ["test.>"] }', 'publish to test.out'],
  ['out', 'to look at streams', 'publish: { deny: ["$JS.>"] }', 'publish to $JS.API.STREAM.INFO.TEST'],
  ['out', 'to be answered', 'subscribe: { deny: ["_INBOX.>"] }', 'subscribe to _INBOX.'],
  ['in', 'to look at streams', 'publish: { deny: ["$JS.>"] }', 'publish to $JS.API.STREAM.INFO.TEST'],
  ['in', 'to be answered', 'subscribe: { deny: ["_INBOX.>"] }', 'subscribe to _INBOX.'],
  ['in', 'consumers', 'publish: { deny: ["$JS.API.CONSUMER.>"] }', 'publish to $JS.API.CONSUMER.LIST.TEST'],
  ['in', 'to acknowledge', 'publish: { deny: ["$JS.ACK.>"] }', 'publish to $JS.ACK.TEST.'],
] as const;

describe('a bridge whose user the NATS server forbids', { skip: skipWithoutBridge() }, () => {
  for (const [verb, what, permissions, told] of FORBIDDEN) {
    it(`${what}, ends with 5 and one sentence, and keeps its messages (${verb})`, async (t) => {
      const key = bridgeKey(t);
      const queue = MessageQueue.create(key);
      const users = `{ user: all, password: p }, { user: some, password: p, permissions: { ${permissions} } }`;
      const server = await startNats(t, {
        jetstream: true,
        configuration: `authorization { users: [${users}] }`,
      });
      const connection = await connect({ servers: server.url, user: 'all', pass: 'p' });
      atEnd(t, async () => {
        queue.close();
        await connection.close();
      });
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: STREAM, subjects: ['test.>'] });
      if (verb === 'out') await queue.send(7, 'kept');
      else connection.publish('test.7', 'kept');
      const words = ['--user', 'some', ...(verb === 'in' ? ['--subject', 'test.*'] : [])];
      const bridge = startBridge({ t, key, server }, verb, words, { env: { NATS_PASSWORD: 'p' } });
      const { code, stderr } = await bridge.exit();
      assert.equal(code, 5, stderr);
      const last = stderr.trimEnd().split('\n').at(-1) ?? '';
      assert.ok(last.startsWith(`timeq-bridge: the NATS server does not permit you to ${told}`), stderr);
      assert.equal((await manager.streams.info(STREAM)).state.messages, verb === 'in' ? 1 : 0);
    });
  }
});
