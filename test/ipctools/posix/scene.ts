import type { TestContext } from 'node:test';
import { compileProgram } from '../../helpers/compiled.js';
import { root } from '../../helpers/node.js';
import { works, unshare } from '../../helpers/namespace.js';
import { skipOrFail } from '../../helpers/commands.js';
import { temporaryFolder } from '../../helpers/folder.js';
import { ownPosixPlaces } from '../../helpers/posix-places.js';
import { quoted } from '../../helpers/shell.js';
import { backupsIn, type Played } from '../cleaning/scene.js';
import { playScene, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';

const PEER = `${root}test/ipctools/posix/peer.c`;

/** For a test's `skip` option: false if a world with POSIX objects of its own can be had. */
export function skipWithoutPosixWorlds(): string | false {
  const reason = skipWithoutWorlds();
  if (reason !== false || works([...unshare('--ipc', '--mount'), 'sh', '-c', ownPosixPlaces])) return reason;
  return skipOrFail('tmpfs and mqueue cannot be mounted here (/dev/shm, /dev/mqueue)');
}

/**
 * Plays a scene with an empty /dev/shm and /dev/mqueue, whose objects are none of this machine's.
 * - `peer WHAT VERB NAME ...` runs peer.c;
 * - `held WHAT VERB NAME` starts it, and waits until it has the object; its pid is in $last;
 * - `insisting NAME PRIORITY BODY...` starts processes that wait for room in a full queue, in this order;
 * - `aged NAME...` sets the times of files of /dev/shm to two days ago.
 */
export async function playPosix(
  t: TestContext,
  script: string,
  env: Record<string, string> = {},
): Promise<Played> {
  const state = temporaryFolder(t);
  const peer = quoted(compileProgram(t, PEER));
  const prelude = `
peer() { ${peer} "$@"; }
held() {
  local said; said=$(mktemp)
  ${peer} "$@" >"$said" & last=$!
  disown
  until [ -s "$said" ]; do sleep 0.02; done
  rm "$said"
}
insisting() {
  local body
  for body in "\${@:3}"; do
    held queue insist "$1" "$2" "$body"
    until grep -q '^State:.S' "/proc/$last/status"; do sleep 0.02; done
  done
}
aged() { for name; do touch -d '2 days ago' "/dev/shm/$name"; done; }
`;
  const result = await playScene(t, tools + prelude + script, { env: { XDG_STATE_HOME: state, ...env } });
  return { ...result, backups: backupsIn(state) };
}
