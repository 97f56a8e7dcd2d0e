import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import type { Output } from '@timeq/cli-kit/output/output';
import type { AlarmEvent } from '../client/keep-alarm.js';
import { remark } from './notes.js';
import { openClient } from './open-client.js';
import { turnWriter } from './render/turn-text.js';
import type { Settings } from './settings.js';

/** An alarm that rang later than this gets a remark, in nanoseconds. */
const WORTH_A_REMARK = 1_000_000_000n;

/** Prints the turns of an alarm, and tells when its server is gone. Resolves with the exit code. */
export async function ringAlarm(
  events: AsyncIterable<AlarmEvent>,
  settings: Settings,
  output: Output,
): Promise<number> {
  const write = await turnWriter(settings);
  let gone = false;
  for await (const event of events) {
    switch (event.kind) {
      case 'turn': {
        const { turn } = event;
        await output.deliver(`${write(turn)}\n`);
        if (!settings.json) remarkOn(turn);
        break;
      }
      case 'gone':
        gone = true;
        remark(`${event.error.message}; waiting for one (Ctrl-C to end)`);
        break;
      case 'set':
        if (gone) remark('the time server is back, and has the alarm again');
        gone = false;
        break;
    }
  }
  return EXIT.done;
}

/** The time by the server's clock. */
export async function serverTime(settings: Settings, signal: AbortSignal): Promise<bigint> {
  await using open = await openClient(settings, signal);
  const answer = await open.client.now({ signal });
  return answer.dialect === 'addressed' ? answer.time : 0n;
}

function remarkOn({ at, sent, skipped }: Extract<AlarmEvent, { kind: 'turn' }>['turn']): void {
  if (skipped > 0) remark(`${skipped} turns before this one were left out`);
  const late = sent - at;
  if (late >= WORTH_A_REMARK) remark(`it rang ${(Number(late) / 1e9).toFixed(1)} s late`);
}
