import { readFileSync } from 'node:fs';

/** The facts about a message that was being sent when the bridge was killed. */
export interface Doubt {
  /** The child that was to send it; 0: it was not started. */
  readonly pid: number;
  /** The last sender before. */
  readonly before: number;
  /** The bridge's last child that sent. */
  readonly lastChild: number;
  /** The last sender now, after the end of the child. */
  readonly now: number;
}

/** Whether it was sent; `unknown` if another program sends to the same queue. */
export type Verdict = 'sent' | 'not sent' | 'unknown';

/**
 * Decides by msg_lspid, which the kernel keeps for each queue: the child's pid is there if it has sent, unless another program
 * has sent after it; and it has not if the last sender is the same as before, unless that is a program that may have sent
 * again. Pids are handed out in turn, so a child has the number of an earlier one only after all others were used.
 */
export function decide({ pid, before, lastChild, now }: Doubt): Verdict {
  if (pid === 0) return 'not sent';
  if (pid === before) return 'unknown';
  if (now === pid) return 'sent';
  const untouched = before === 0 || before === lastChild;
  return now === before && untouched ? 'not sent' : 'unknown';
}

/** Whether a process of that number (0: none) is there that may be the child: it did not begin much later than the message. */
export function mayLive(pid: number, sinceSeconds: number): boolean {
  if (pid === 0) return false;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // Field 22 of proc(5) is the start in ticks since boot; USER_HZ is 100 everywhere.
    const started = Number(fields[18]) / 100;
    return state !== 'Z' && state !== 'X' && started < sinceSeconds + 2;
  } catch {
    return false;
  }
}
