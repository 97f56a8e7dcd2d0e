import type { BlockedThread } from '../processes/blocked.js';
import { formatCount } from '../format/count.js';
import type { Evidence, NamedProcess, SemaphoreEvidence } from './evidence.js';

/** What became of a process, as the end of a sentence. */
function fate({ state, pid, name }: NamedProcess): string {
  if (state === 'never') return 'never existed';
  if (state === 'elsewhere') return 'belongs to another pid namespace';
  if (state === 'hidden') return `${pid} can't be seen by this user`;
  if (state === 'alive') return `${pid} ${name ?? ''} lives`;
  if (state === 'reused') return `${pid} may live: ${reuse(pid, name)}`;
  if (state === 'ended') return `${pid} has ended, and may have been a thread of a process that lives`;
  return `${pid} is dead`;
}

function reuse(pid: number, name: string | undefined): string {
  return `process ${pid} ${name ?? ''} is there, and seems to have started later, unless the clock was set`;
}

/** Why a semaphore that is lowered is no proof. */
export function describeDoubt({ pid, doubt }: Extract<SemaphoreEvidence, { state: 'doubtful' }>): string {
  const lowered = 'its liveness semaphore was lowered, as when a server dies, but';
  if (doubt === 'elsewhere')
    return `${lowered} whether the server has died shows only in its own pid namespace`;
  if (doubt === 'hidden') return `${lowered} process ${pid} can't be seen by this user`;
  if (doubt === 'unserved')
    return `${lowered} nobody has ever received from it, so perhaps it never had a server`;
  return `${lowered} a process has its number ${pid}, and seems to have started later, unless the clock was set`;
}

/** `its last sender 4711 is dead`. */
export function describeNamed(process: NamedProcess): string {
  return `its ${process.role} ${fate(process)}`;
}

/** `its server 4711 is dead, but its last sender 4712 cron lives`. */
export function describeSurvivors(semaphore: SemaphoreEvidence, survivors: readonly NamedProcess[]): string {
  const server = semaphore.state === 'lowered' ? `its server ${semaphore.pid}` : 'its server';
  return `${server} is dead, but ${survivors.map(describeNamed).join(', and ')}`;
}

/** `process 12 waits for a message`. */
export function describeBlocked({ pid, call }: BlockedThread): string {
  return `process ${pid} waits ${call === 'msgrcv' ? 'for a message' : 'for room to send'}`;
}

/** `nobody is blocked in it`, in the words of its kind. */
export function describeNobody({ object: { kind } }: Evidence): string {
  if (kind === 'queue') return 'nobody is blocked in it';
  return kind === 'segment' ? 'nobody has it attached' : 'nobody waits for it';
}

/** Which processes are in the way of knowing who is blocked. */
export function describeUnseen(unseen: readonly number[]): string {
  const [first, ...others] = unseen;
  if (first === undefined) return 'not every process shows here';
  const more = others.length > 0 ? ` and ${formatCount(others.length, 'other')}` : '';
  return `process ${first}${more} can't be looked at`;
}

/** What decides about processes that can't be looked up. */
export function nextForUnknowable({ processes, semaphore }: Evidence): string {
  const states = new Set<string>(processes.map(({ state }) => state));
  if (semaphore.state === 'doubtful') states.add(semaphore.doubt);
  if (states.has('elsewhere'))
    return 'look from the pid namespace of the machine, as root, or remove it by name with `ipctools remove`';
  if (states.has('hidden')) return 'root sees every process';
  if (states.has('unserved')) return 'a server that receives from it, or `ipctools remove`';
  return 'the end of the process that has the number now, or `ipctools remove`';
}

/** What decides where a server is dead and others are not. @param living those of them that are known to live */
export function nextForSurvivors(evidence: Evidence, living: readonly NamedProcess[]): string {
  if (living.length === 0) return nextForUnknowable(evidence);
  const pids = [...new Set(living.map(({ pid }) => pid))].join(' and ');
  return `the end of process ${pids}, a new server, or \`ipctools remove\``;
}

/** What decides about processes that don't show. */
export function nextForUnseen({ unseen }: Evidence): string {
  const assume = '--assume-unseen-idle, if no process that does not show here uses it';
  return unseen.length > 0
    ? `root, who sees every process of the machine; or ${assume}`
    : `look from the pid namespace of the machine, as root; or ${assume}`;
}
