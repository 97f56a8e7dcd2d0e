import assert from 'node:assert/strict';
import { formatKey } from '@timeq/mq-native';
import { bin, runNode } from '../helpers/node.js';
import type { Exit } from '../helpers/process.js';
import type { Scene } from './support.js';

export interface SlotJson {
  readonly direction: string;
  readonly slot: number;
  readonly state: string;
  readonly type: number | string;
  readonly bytes: number;
  readonly generation?: number;
  readonly sequence?: number;
  readonly id?: string;
  readonly taken?: string;
  readonly now?: string;
  readonly mayBeStored?: boolean;
}

/** Runs `timeq-bridge VERB QUEUE …`. */
export async function runVerb(
  { t, key }: Pick<Scene, 't' | 'key'>,
  verb: 'slots' | 'status',
  words: readonly string[] = [],
): Promise<Exit> {
  return await runNode(t, [bin('timeq-bridge'), verb, formatKey(key), ...words]);
}

export async function slotsOf(here: Scene, words: readonly string[] = []): Promise<readonly SlotJson[]> {
  const { stdout, stderr, code } = await runVerb(here, 'slots', ['--json', ...words]);
  assert.equal(code, 0, stderr);
  return (JSON.parse(stdout) as { slots: SlotJson[] }).slots;
}

interface StatusJson {
  readonly name: string;
  readonly alive: boolean;
  readonly pid?: number;
  readonly position: number;
  readonly held: number;
  readonly stream: string;
  readonly instance: string;
  readonly counts: Readonly<Record<string, number>>;
}

export async function statusOf(here: Scene): Promise<readonly StatusJson[]> {
  const { stdout, stderr, code } = await runVerb(here, 'status', ['--json']);
  assert.equal(code, 0, stderr);
  return (JSON.parse(stdout) as { bridges: StatusJson[] }).bridges;
}
