import { readdirSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../helpers/folder.js';
import { playScene } from '../support.js';
import { tools } from '../world.js';

export interface Played {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The files in the backup folder. */
  readonly backups: readonly string[];
}

/** Plays a scene whose copies go to a folder of its own. */
export async function play(t: TestContext, scene: string, env: Record<string, string> = {}): Promise<Played> {
  const state = temporaryFolder(t);
  const result = await playScene(t, tools + scene, { env: { XDG_STATE_HOME: state, ...env } });
  return { ...result, backups: backupsIn(state) };
}

export function backupsIn(state: string): string[] {
  const folder = `${state}/timeq/backups`;
  try {
    return readdirSync(folder).map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/** An unused queue with two messages, an unused segment and set, a queue in use, and a word for what is left. */
export const mixed = `
left() { echo "left: $(ipctools list all --raw --no-header --columns id | tr '\\n' ' ')"; }
ipctools create --key 0x80 >/dev/null; ipctools send 0x80 one two
ipctools create --key 0x81 >/dev/null
ipcmk -M 4096 >/dev/null; ipcmk -S 3 >/dev/null
ipctools receive 0x81 >/dev/null & blocked 1 1
`;
