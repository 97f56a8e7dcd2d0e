import type { BlockedThread } from '../processes/blocked.js';
import { formatCount } from '../format/count.js';
import type { Evidence, NamedProcess, SemaphoreEvidence } from './evidence.js';

/** The state of a process, as the end of a sentence. */
function describeState({ state, pid, name }: NamedProcess): string {
  if (state === 'never') return 'never existed';
  if (state === 'elsewhere') return 'belongs to another pid namespace';
  if (state === 'hidden') return `${pid} can't be seen by this user`;
  if (state === 'alive') return `${pid} ${name ?? ''} is alive`;
  if (state === 'reused') return `${pid} may be alive: ${reuse(pid, name)}`;
  if (state === 'ended') return `${pid} has ended, but may have been a thread of a process that is alive`;
  return `${pid} is dead`;
}

function reuse(pid: number, name: string | undefined): string {
  return `process ${pid} ${name ?? ''} seems to have started later, unless the clock was set`;
}

/** Why a lowered semaphore proves no death. */
export function describeDoubt({ pid, doubt }: Extract<SemaphoreEvidence, { state: 'doubtful' }>): string {
  const lowered = 'its liveness semaphore was lowered, as when a server dies, but';
  if (doubt === 'elsewhere') return `${lowered} only its own pid namespace shows whether the server died`;
  if (doubt === 'hidden') return `${lowered} process ${pid} can't be seen by this user`;
  if (doubt === 'unserved')
    return `${lowered} no process has ever received from it, so it may never have had a server`;
  return `${lowered} another process seems to have its pid ${pid} now, unless the clock was set`;
}

/** `its last sender 4711 is dead`. */
export function describeNamed(process: NamedProcess): string {
  return `its ${process.role} ${describeState(process)}`;
}

/** `its server 4711 is dead, but its last sender 4712 cron is alive`. */
export function describeSurvivors(semaphore: SemaphoreEvidence, survivors: readonly NamedProcess[]): string {
  const server = semaphore.state === 'lowered' ? `its server ${semaphore.pid}` : 'its server';
  return `${server} is dead, but ${survivors.map(describeNamed).join(', and ')}`;
}

/** `process 12 waits for a message`. */
export function describeBlocked({ pid, call }: BlockedThread): string {
  return `process ${pid} waits ${call === 'msgrcv' ? 'for a message' : 'for room to send'}`;
}

/** No process uses it now, in the words of its kind. */
export function describeUnused({ object: { kind } }: Evidence): string {
  if (kind === 'queue') return 'no thread is blocked in it';
  return kind === 'segment' ? 'no process has it attached' : 'no process waits for it';
}

/** The processes that may be blocked and can't be inspected. */
export function describeUnseen(unseen: readonly number[]): string {
  const [first, ...others] = unseen;
  if (first === undefined) return 'not every process is visible here';
  const more = others.length > 0 ? ` and ${formatCount(others.length, 'other')}` : '';
  return `process ${first}${more} can't be inspected`;
}

/** The next step where a process can't be looked up. */
export function nextForUnknowable({ processes, semaphore }: Evidence): string {
  const states = new Set<string>(processes.map(({ state }) => state));
  if (semaphore.state === 'doubtful') states.add(semaphore.doubt);
  if (states.has('elsewhere'))
    return 'run ipctools as root in the pid namespace of the host, or remove it with `ipctools remove`';
  if (states.has('hidden')) return 'run ipctools as root of the host, which sees every process';
  if (states.has('unserved'))
    return 'start a server that receives from it, or remove it with `ipctools remove`';
  return 'wait until the process that has the pid now has ended, or remove it with `ipctools remove`';
}

/** The next step where the server is dead and other processes are not. @param living those known to be alive */
export function nextForSurvivors(evidence: Evidence, living: readonly NamedProcess[]): string {
  if (living.length === 0) return nextForUnknowable(evidence);
  const pids = [...new Set(living.map(({ pid }) => pid))].join(' and ');
  return `wait until process ${pids} has ended, start a new server, or remove it with \`ipctools remove\``;
}

/** The next step where processes are not visible. */
export function nextForUnseen({ unseen }: Evidence): string {
  const assume = 'pass --assume-unseen-idle if you know that no hidden process uses it';
  return unseen.length > 0
    ? `run ipctools as root of the host, which sees every process, or ${assume}`
    : `run ipctools as root in the pid namespace of the host, or ${assume}`;
}
