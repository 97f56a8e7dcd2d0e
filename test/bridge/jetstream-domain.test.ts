import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { startNats, type NatsServer } from '../helpers/nats.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { bridgeKey, skipWithoutBridge, STREAM, stopBridge } from './support.js';

/** The configuration folder of a user whose context `here` names a JetStream. */
function withContext(server: NatsServer, fields: object): { XDG_CONFIG_HOME: string } {
  const folder = join(server.folder, 'configuration');
  mkdirSync(join(folder, 'nats', 'context'), { recursive: true });
  const context = JSON.stringify({ url: server.url, ...fields });
  writeFileSync(join(folder, 'nats', 'context', 'here.json'), context);
  return { XDG_CONFIG_HOME: folder };
}

/** Starts a bridge with a context, on a server whose JetStream has the domain `hub`. */
async function bridgeWith(t: TestContext, verb: 'in' | 'out', fields: object): Promise<RunningProcess> {
  const key = bridgeKey(t);
  const queue = MessageQueue.create(key);
  const server = await startNats(t, { configuration: 'jetstream { store_dir: "streams", domain: hub }' });
  const connection = await connect({ servers: server.url });
  atEnd(t, async () => {
    queue.close();
    await connection.close();
  });
  const manager = await jetstreamManager(connection, { checkAPI: false, domain: 'hub' });
  await manager.streams.add({ name: STREAM, subjects: ['test.>'] });
  const words = ['--stream', STREAM, '--subject', 'test.x', '--context', 'here'];
  const command = [bin('timeq-bridge'), verb, formatKey(key), ...words];
  return startNode(t, command, { env: withContext(server, fields) });
}

describe('timeq-bridge with the JetStream that a context names', { skip: skipWithoutBridge() }, () => {
  for (const verb of ['in', 'out'] as const) {
    it(`uses the domain (${verb})`, async (t) => {
      const bridge = await bridgeWith(t, verb, { jetstream_domain: 'hub' });
      await bridge.waitFor('messages go');
      await stopBridge(bridge);
    });

    it(`uses the prefix of the API (${verb})`, async (t) => {
      const bridge = await bridgeWith(t, verb, { jetstream_api_prefix: '$JS.hub.API' });
      await bridge.waitFor('messages go');
      await stopBridge(bridge);
    });

    it(`refuses a domain that is not there (${verb})`, async (t) => {
      const bridge = await bridgeWith(t, verb, { jetstream_domain: 'elsewhere' });
      const { code, stderr } = await bridge.exit();
      assert.equal(code, 3, stderr);
      assert.match(stderr, /has no JetStream for you/);
    });
  }
});
