import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { onCpus } from './cpus.js';
import { ifInterrupted } from './leftovers.js';

/** Why there is no server to measure with. */
export function natsMissing(): string | undefined {
  return spawnSync('nats-server', ['--version']).status === 0 ? undefined : 'nats-server is not installed';
}

/** Runs a nats-server on a port that it chooses, meanwhile. @param words more of its command line */
export async function withNats<Result>(
  words: readonly string[],
  measure: (url: string) => Promise<Result>,
): Promise<Result> {
  const command = ['nats-server', '-a', '127.0.0.1', '-p', -1, ...words];
  const nats = spawn(...onCpus(2, command), { stdio: ['ignore', 'ignore', 'pipe'] });
  // At once: it must not write into a folder that is being removed.
  ifInterrupted(() => {
    nats.kill('SIGKILL');
  });
  let log = '';
  nats.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  while (!log.includes('Server is ready')) await once(nats.stderr, 'data');
  try {
    return await measure(`nats://127.0.0.1:${/connections on 127\.0\.0\.1:(\d+)/.exec(log)?.[1] ?? ''}`);
  } finally {
    nats.kill();
    if (nats.exitCode === null && nats.signalCode === null) await once(nats, 'close');
  }
}

/** A stream with the server's defaults, in files. */
export interface Stream {
  readonly url: string;
  readonly name: string;
  /** How many messages it was given so far, as the server counts. */
  last(): Promise<number>;
}

/** The stream takes `bench.>`. @param maxBytes how much of the newest it keeps; -1: all */
export async function withStream<Result>(
  maxBytes: number,
  measure: (stream: Stream) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'timeq-bench-nats-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  ifInterrupted(remove);
  try {
    return await withNats(['-js', '-sd', folder], async (url) => {
      const connection = await connect({ servers: url });
      const manager = await jetstreamManager(connection);
      const name = 'BENCH';
      await manager.streams.add({ name, subjects: ['bench.>'], max_bytes: maxBytes });
      const last = async (): Promise<number> => (await manager.streams.info(name)).state.last_seq;
      const result = await measure({ url, name, last });
      await connection.close();
      return result;
    });
  } finally {
    remove();
  }
}
