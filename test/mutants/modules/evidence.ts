import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/ipctools/src/evidence';
const processes = 'packages/ipctools/src/processes';
const binding = 'packages/mq-native/src';

export const evidence: GuardedModule = {
  name: 'evidence',
  mutations: [
    ...inFile(`${binding}/liveness/judgement.ts`, 'liveness-judgement', [
      {
        what: "a semaphore that a stranger owns proves a server's death",
        find: '[uid, creatorUid].every(',
        replace: '[creatorUid].every(',
      },
      {
        what: "a semaphore that a stranger made and gave away proves a server's death",
        find: '[uid, creatorUid].every(',
        replace: '[uid].every(',
      },
      {
        what: 'a semaphore of mode 0666, which a stranger lowered, proves a death',
        find: ' && (mode & WRITABLE_BY_OTHERS) === 0',
        replace: '',
      },
      {
        what: 'a semaphore that the group may lower proves a death',
        find: 'const WRITABLE_BY_OTHERS = 0o022;',
        replace: 'const WRITABLE_BY_OTHERS = 0o002;',
      },
      {
        what: "root's semaphores prove nothing",
        find: ' || user === ROOT',
        replace: '',
      },
      {
        what: 'a semaphore that a process waits for proves a death',
        find: ' || waitingForIncrease > 0',
        replace: '',
      },
      {
        what: 'one of several semaphores proves a death',
        find: 'set.count !== 1 || ',
        replace: '',
      },
      {
        what: 'a counter that is above 1 says that its server lives',
        find: ' || value > HELD',
        replace: '',
      },
      {
        what: 'a semaphore that was never raised proves a death',
        find: "if (time === 0) return { state: value === 0 ? 'none' : 'foreign' };",
        replace: "if (time === 0 && value !== 0) return { state: 'foreign' };",
      },
      {
        what: 'a mutex that is free keeps its queue for ever',
        find: "state === 'dead' && !processes.isExiting(pid) ? { state: 'foreign' } : { state: 'alive', pid }",
        replace: "{ state: 'alive', pid }",
      },
      {
        what: 'a mutex that its living holder has locked proves a death',
        find: "return state === 'alive' || state",
        replace: 'return fate',
      },
      {
        what: 'a holder whom /proc hides counts as dead',
        find: "state === 'hidden' || ",
        replace: '',
      },
      {
        what: 'a semaphore that is raised during the check counts as dead',
        find: 'if (isSame(reading, again) || readings === MOST_READINGS) return state;',
        replace: 'if (isSame(again, again) || readings === MOST_READINGS) return state;',
      },
    ]),
    ...inFile(`${binding}/processes/processes.ts`, 'processes/named', [
      {
        what: 'a process that started in the second of the use counts as another one',
        find: 'startTime > time + SLACK_SECONDS',
        replace: 'startTime > time',
      },
      {
        what: 'a zombie counts as alive',
        find: "state === 'Z' || state === 'X' || ",
        replace: '',
      },
      {
        what: 'a process of another pid namespace counts as one that never existed',
        find: 'return time === 0 ? NEVER : ELSEWHERE;',
        replace: 'return NEVER;',
      },
      {
        what: 'a process that /proc hides counts as dead',
        find: "this.#isHidden(pid) ? 'hidden' : 'dead'",
        replace: "'dead'",
      },
    ]),
    ...inFile(`${binding}/processes/processes.ts`, 'processes/named evidence/rules', [
      {
        what: 'a reused pid counts as the earlier process',
        find: 'const SLACK_SECONDS = 2;',
        replace: 'const SLACK_SECONDS = 2e10;',
      },
    ]),
    ...inFile(`${binding}/processes/processes.ts`, 'processes/named evidence/threads', [
      {
        what: 'a receiver whose pid does not exist counts as dead',
        find: "return isProcess ? found : { pid: lastReceivePid, state: 'ended' };",
        replace: 'return found;',
      },
      {
        what: 'a thread that received is taken for the process that sent with its number long before',
        find: ' && Math.abs(sendTime - receiveTime) <= SLACK_SECONDS',
        replace: '',
      },
      {
        what: 'a process whose main thread has ended counts as dead',
        find: ' && !this.#hasThread(tgid, (thread) => !hasEnded(thread))',
        replace: '',
      },
    ]),
    ...inFile(`${binding}/processes/visibility.ts`, 'processes/named', [
      {
        what: 'with hidepid=2 all processes count as visible',
        find: '/(?:^|,)hidepid=(?!0|off)/',
        replace: '/(?:^|,)hidepid=1/',
      },
      {
        what: 'a container counts as the whole machine',
        find: "return source.link('self/ns/pid') === FIRST_PID_NAMESPACE;",
        replace: "return source.link('self/ns/pid') !== '';",
      },
    ]),
    ...inFile(`${processes}/blocked.ts`, 'processes/unseen', [
      {
        what: 'a zombie counts as possibly blocked',
        find: '!hasEnded(fields) && ',
        replace: '',
      },
      {
        what: 'a kernel thread counts as possibly blocked',
        find: ' && (Number(fields[6]) & PF_KTHREAD) === 0',
        replace: '',
      },
      {
        what: 'a thread that cannot be inspected counts as not blocked',
        find: 'if (mayWait(source, thread, namespace)) unseen',
        replace: 'if (!mayWait(source, thread, namespace)) unseen',
      },
      {
        what: 'a process whose threads are hidden counts as not blocked',
        find: '      unseen.push({ pid: Number(name), credentials: [undefined] });\n',
        replace: '',
      },
    ]),
    ...inFile(`${processes}/blocked.ts`, 'processes/blocked', [
      {
        what: 'a process blocked in a queue of another IPC namespace keeps the queue with the same id here',
        find: 'call !== undefined && unlessGone(() => source.link(`${thread}/ns/ipc`)) === namespace',
        replace: 'call !== undefined',
      },
      {
        what: 'of several threads that wait in a queue only the first counts',
        find: '      else threads.push(thread);\n',
        replace: '',
      },
      {
        what: 'in a container, no other process is said to share the IPC namespace',
        find: ' || !hasOwnNumbers(source) || !isWholeMachine(source)',
        replace: ' || !hasOwnNumbers(source)',
      },
    ]),
    ...inFile(`${processes}/credentials.ts`, 'processes/unseen', [
      {
        what: 'a group member who may send counts as not blocked',
        find: "...words('Groups')]",
        replace: ']',
      },
      {
        what: 'a blocked sender counts as not blocked',
        find: 'READ | WRITE)',
        replace: 'READ)',
      },
    ]),
    ...inFile(`${folder}/semaphore.ts`, 'evidence/semaphore', [
      {
        what: 'a queue that another process has sent to since its server died is removed',
        find: 'return !(sentLast && ',
        replace: 'return !(',
      },
      {
        what: 'a queue that was used in the second of its server’s death counts as used since',
        find: 'queue.sendTime <= loweredAt',
        replace: 'queue.sendTime < loweredAt',
      },
      {
        what: "a queue is removed from which another process has received since its server's last reply",
        find: "return !(sentLast && state === 'ended');",
        replace: "return !(sentLast && state !== 'alive');",
      },
      {
        what: 'a queue from which the dead server received last is said to be used since',
        find: ' || queue.lastReceivePid === server',
        replace: '',
      },
      {
        what: 'a death that cannot be verified is proof',
        find: "  if (doubt !== undefined) return { state: 'doubtful', pid, doubt };\n",
        replace: '',
      },
      {
        what: 'a mutex that is locked makes the queue unknown for ever',
        find: "  if (doubt === 'alive') return { state: 'foreign' };\n",
        replace: '',
      },
    ]),
    ...inFile(`${folder}/rules.ts`, 'evidence/rules', [
      {
        what: 'the queue of a dead server is removed while its client lives',
        find: 'abandoned(evidence) && !evidence.processes.some(mayLive) && seen',
        replace: 'abandoned(evidence) && seen',
      },
      {
        what: 'the queue of a dead server is removed while an unseen process may be blocked in it',
        find: ' && !evidence.processes.some(mayLive) && seen(evidence, criteria)',
        replace: ' && !evidence.processes.some(mayLive)',
      },
      {
        what: 'the queue of a dead server is removed although another process has received from it since',
        find: ' && !semaphore.usedSince;',
        replace: ';',
      },
      {
        what: 'a set is removed while a process waits for it',
        find: 'blocked.length > 0 || waiters > 0,\n    reasons',
        replace: 'blocked.length > 0,\n    reasons',
      },
      {
        what: 'an hour is less than an hour',
        find: '  idleSeconds < olderThanSeconds;',
        replace: '  idleSeconds <= olderThanSeconds;',
      },
      {
        what: 'an object that may not be read is removed',
        find: "!readable || semaphore.state === 'unknown'",
        replace: "semaphore.state === 'unknown'",
      },
      {
        what: 'a number that was used again counts as a death',
        find: "state === 'elsewhere' || state === 'hidden' || state === 'reused';",
        replace: "state === 'elsewhere' || state === 'hidden';",
      },
      {
        what: '--assume-unseen-idle takes a semaphore that is in doubt for proof',
        find: " || semaphore.state === 'doubtful',",
        replace: ',',
      },
    ]),
    ...inFile(`${folder}/gather.ts`, 'evidence/gather', [
      {
        what: 'the user of a mutex beside a queue does not keep the queue',
        find: '...(named ? this.#usersBeside(beside) : [])',
        replace: '',
      },
      {
        what: 'a set is removed while a user of the queue beside it lives',
        find: '        ...(queue === undefined ? [] : this.#queueUsersBeside(queue)),\n',
        replace: '',
      },
      {
        what: 'a set that was only written to names no process',
        find: 'entry.operateTime === 0 ? entry.changeTime : entry.operateTime',
        replace: 'entry.operateTime',
      },
      {
        what: 'the last process to attach a segment does not keep it',
        find: "        this.#named('last process', lastPid, Math.max(attachTime, detachTime)),\n",
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/gather.ts`, 'evidence/pods', [
      {
        what: 'the user of a mutex beside a queue, in another pid namespace, does not keep the queue',
        find: '    if (lastPids.length === 0 && readable) return [this.#named(name, 0, set.operateTime)];\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/gather.ts`, 'processes/unseen', [
      {
        what: 'a process that may be blocked does not keep the queue',
        find: '(!partial && perhaps.length === 0)',
        replace: '!partial',
      },
    ]),
    ...inCommand(`${folder}/kernel.ts`, 'evidence/gather', [
      {
        what: 'a semaphore that may not be read counts as none',
        find: "    if (isDenied(error)) return { state: 'unknown' };\n    throw error;",
        replace: "    if (isDenied(error)) return { state: 'none' };\n    throw error;",
      },
    ]),
    ...inFile(`${folder}/kernel.ts`, 'evidence/gather', [
      {
        what: 'of a set only the processes that wait for more are seen',
        find: ' + set.waitingForZero(number)',
        replace: '',
      },
      {
        what: 'of a set only the first semaphore is looked at',
        find: 'number < count; number += 1',
        replace: 'number < 1 && number < count; number += 1',
      },
      {
        what: 'private objects all have the same neighbour',
        find: 'entries.filter(({ key }) => key !== 0).map(',
        replace: 'entries.map(',
      },
    ]),
    ...inCommand(`${binding}/processes/process-source.ts`, 'evidence/clocks', [
      {
        what: "a container's own uptime makes living processes dead",
        find: 'Number(native.clockRealtime() - native.clockBoottime()) / 1e9',
        replace: "Date.now() / 1000 - Number(readText('/proc/uptime').split(' ')[0])",
      },
    ]),
  ],
};
