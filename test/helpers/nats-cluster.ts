import type { TestContext } from 'node:test';
import { freePort, startNats, type NatsRelease, type NatsServer } from './nats.js';

const NAMES = ['one', 'two', 'three'] as const;

/** Three nats-servers with JetStream that elect leaders among them, by name. They end with the test. */
export async function startCluster(t: TestContext, release?: NatsRelease): Promise<Map<string, NatsServer>> {
  const ports: number[] = [];
  for (const _ of NAMES) ports.push(await freePort());
  const routes = ports.map((port) => `"nats-route://127.0.0.1:${port}"`).join(', ');
  const servers = new Map<string, NatsServer>();
  for (const [index, name] of NAMES.entries()) {
    const cluster = `cluster { name: test, listen: "127.0.0.1:${ports[index]}", routes: [${routes}] }`;
    const configuration = `server_name: ${name}\n${cluster}`;
    servers.set(name, await startNats(t, { release, jetstream: true, configuration }));
  }
  return servers;
}
