import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../helpers/folder.js';
import type { RunningProcess } from '../../helpers/process.js';
import { quoted } from '../../helpers/shell.js';
import { sceneOnTerminal } from '../support.js';
import { tools } from '../world.js';

export const ENTER_SCREEN = '\u001b[?1049h';
export const LEAVE_SCREEN = '\u001b[?25h\u001b[?1049l';

interface Watching {
  readonly terminal: RunningProcess;
  /** Lets what stands behind `later` in the scene happen. */
  readonly go: () => void;
}

/**
 * Watches 30 queues, of which the first has three messages, on a terminal of 100 by 20 unless said otherwise. Then the scene says how
 * it ended, and whether the terminal is as it was.
 */
export function watchOnTerminal(
  t: TestContext,
  words = '',
  later = 'true',
  environment: Record<string, string> = {},
  columns = 100,
): Watching {
  const folder = temporaryFolder(t);
  const signal = `${folder}/signal`;
  const terminal = sceneOnTerminal(
    t,
    `${tools}stty rows 20
snippet "import { MessageQueue } from '@timeq/mq-native'; for (let n = 0; n < 30; n++) MessageQueue.create(0x80 + n);"
ipctools send 0x80 a b c
before=$(stty -g)
(until [ -e ${quoted(signal)} ]; do sleep 0.02; done; pid=$(pgrep -f 'ipctools.js watch'); ${later}) </dev/tty >/dev/null 2>&1 &
ipctools watch --interval 50ms ${words}; code=$?
[ "$(stty -g)" = "$before" ] && echo "terminal as it was, code $code"`,
    columns,
    { XDG_STATE_HOME: folder, ...environment },
  );
  return { terminal, go: () => writeFileSync(signal, '') };
}

/** The end of what was shown: the usual screen again, its cursor, its modes, and the exit code. */
export async function assertRestored(terminal: RunningProcess, code: number): Promise<string> {
  const { stdout } = await terminal.exit();
  const left = stdout.lastIndexOf(LEAVE_SCREEN);
  assert.ok(left > stdout.lastIndexOf(ENTER_SCREEN), 'the usual screen is back');
  const after = stdout.slice(left + LEAVE_SCREEN.length);
  assert.ok(after.includes(`terminal as it was, code ${code}`), after);
  return after;
}
