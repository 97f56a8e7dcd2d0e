import { constants } from 'node:buffer';
import type { Call } from './call.js';

/** What happened, in words, and the next step to take where there is one. */
export interface Explanation {
  readonly what: string;
  readonly hint?: string;
}

type Entry = Explanation | ((call: Call) => Explanation);

function tooLarge(call: Call): Explanation {
  const limit = call.limits?.()?.maxMessageBytes;
  if (limit !== undefined && call.bytes !== undefined && call.bytes > limit) {
    return {
      what: `the body has ${call.bytes} bytes and a message may have ${limit} (msgmax)`,
      hint: 'send it in parts, or raise kernel.msgmax',
    };
  }
  return { what: 'invalid argument' };
}

function queueTableFull(call: Call): Explanation {
  const limits = call.limits?.();
  return {
    what: `there are as many queues as there may be${limits ? ` (${limits.queues} of ${limits.maxQueues}, msgmni)` : ''}`,
    hint: 'remove queues that nobody uses (ipctools stale finds them), or raise kernel.msgmni',
  };
}

function setTableFull(call: Call): Explanation {
  const limits = call.limits?.();
  const used = limits
    ? ` (${limits.sets} of ${limits.maxSets} sets, semmni; ${limits.semaphores} of ${limits.maxSemaphores} semaphores, semmns)`
    : '';
  return {
    what: `there are as many semaphores as there may be${used}`,
    hint: 'remove sets that nobody uses (ipctools stale finds them), or raise kernel.sem',
  };
}

function segmentTableFull(call: Call): Explanation {
  const limits = call.limits?.();
  return {
    what: `there are as many segments as there may be${limits ? ` (${limits.segments} of ${limits.maxSegments}, shmmni)` : ''}, or as many pages (shmall)`,
    hint: 'remove segments that nobody uses (ipctools stale finds them), or raise kernel.shmmni or kernel.shmall',
  };
}

function elsewhere({ strange = false }: Call): Explanation {
  if (!strange) {
    return {
      what: 'this thread looks into another IPC namespace, where it can look, set and remove, and nothing else',
      hint: 'dispose of what enter() returned first',
    };
  }
  return {
    what: 'the handle was opened in another IPC namespace, or on an earlier visit to it, and its id means another object here',
    hint: 'use it where it was opened, or open it again here',
  };
}

function segmentSize(call: Call): Explanation {
  const most = call.limits?.()?.maxSegmentBytes;
  if (most !== undefined && call.bytes !== undefined && BigInt(call.bytes) > most) {
    return {
      what: `a segment may have ${most} bytes at most (shmmax), and not ${call.bytes}`,
      hint: 'ask for less, or raise kernel.shmmax',
    };
  }
  return { what: 'the segment at that key is smaller', hint: 'open it, and see its size with stat()' };
}

function queueFull(call: Call): Explanation {
  if (call.limit !== undefined) {
    return {
      what: `the body has ${call.bytes} bytes and this queue holds at most ${call.limit}`,
      hint: 'raise its maxBytes, or send less at once',
    };
  }
  const limit = call.limits?.()?.maxQueueBytes;
  return {
    what:
      call.bytes === undefined
        ? 'the queue is full'
        : `the queue has no room for a body of ${call.bytes} bytes`,
    hint:
      'it is full by bytes, or by count when bodies are small; receive from it, or raise its maxBytes' +
      (limit === undefined ? '' : ` (msgmnb, the limit without privileges, is ${limit})`),
  };
}

function timedOut(call: Call): Explanation {
  const time = call.milliseconds === undefined ? 'in time' : `within ${call.milliseconds} ms`;
  const what: Record<string, string> = {
    msgsnd: `the queue stayed full and did not take the message ${time}`,
    msgrcv: `no such message came ${time}`,
    semop: `the semaphores did not allow the operations ${time}`,
  };
  return { what: what[call.syscall] ?? `not done ${time}` };
}

const notYours: Explanation = {
  what: 'only the owner, the creator and root may do that',
  hint: 'ask the owner, or run it as root',
};

/**
 * By system call and error, then by error alone. Sources: the ERRORS sections of msgget(2), msgop(2), msgctl(2),
 * semget(2), semop(2), semctl(2), shmget(2), shmctl(2), and the kernel's ipc/.
 */
const explanations: Record<string, Entry> = {
  'msgget ENOENT': { what: 'no queue has that key', hint: 'create it, or look the key up with ipcs -q' },
  'msgget EEXIST': { what: 'a queue has that key already', hint: 'open it, or take another key' },
  'msgget ENOSPC': queueTableFull,
  'msgsnd EACCES': {
    what: 'no permission to write to the queue',
    hint: 'its mode must allow it: see ipcs -q',
  },
  'msgsnd EAGAIN': queueFull,
  'msgsnd EINVAL': tooLarge,
  'msgsnd EALREADY': {
    what: 'the message could not be called back, and may still be sent: no signal can be sent to the thread that waits with it',
    hint: 'leave the process one of the real-time signals, or SIGURG',
  },
  'msgrcv EACCES': { what: 'no permission to read the queue', hint: 'its mode must allow it: see ipcs -q' },
  'msgrcv ENOMSG': { what: 'no message of that type' },
  'msgrcv E2BIG': (call) => ({
    what: `the message is longer than ${call.bytes ?? 'the'} bytes and stays in the queue`,
    hint: 'allow a larger maxBytes, or set truncate to lose the rest of it',
  }),
  'msgrcv ENOSYS': {
    what: 'this kernel cannot copy messages without taking them',
    hint: 'MSG_COPY needs Linux 3.8 or later with CONFIG_CHECKPOINT_RESTORE',
  },
  'msgctl EACCES': { what: 'no permission to read the queue', hint: 'its mode must allow it: see ipcs -q' },
  'msgctl EPERM': (call) =>
    call.bytes === undefined
      ? notYours
      : {
          what: `not permitted to let the queue hold ${call.bytes} bytes`,
          hint: `above msgmnb (${call.limits?.()?.maxQueueBytes ?? '?'}) it takes CAP_SYS_RESOURCE, and only the owner, the creator and root may set it at all`,
        },
  'semget ENOENT': {
    what: 'no semaphore set has that key',
    hint: 'create it, or look the key up with ipcs -s',
  },
  'semget EEXIST': { what: 'a semaphore set has that key already', hint: 'open it, or take another key' },
  'semget EINVAL': {
    what: 'a set of that size is not possible, or the set at that key has fewer semaphores',
  },
  'semget ENOSPC': setTableFull,
  'semget ETIMEDOUT': {
    what: 'the set is there, but its creator has not given it its first values',
    hint: 'if the creator has died in between (ipcs -s -i shows its owner), remove the set with ipcrm -s',
  },
  'semop EACCES': {
    what: 'no permission to change the semaphores',
    hint: 'the mode must allow it: see ipcs -s',
  },
  'semop EAGAIN': { what: 'the operations cannot be done now' },
  'semop EBUSY': { what: 'a living process holds the key', hint: 'stop it, or take another key' },
  'semop EEXIST': { what: 'a semaphore set of another kind has the key', hint: 'take another key' },
  'semop E2BIG': (call) => ({
    what: `more operations at once than semopm allows (${call.limits?.()?.maxOperations ?? 500})`,
  }),
  'semop EFBIG': { what: 'the set has no semaphore of that number' },
  'semop ERANGE': { what: 'a semaphore would go above its largest value (semvmx, 32767)' },
  'semop EDEADLK': {
    what: 'this thread holds the lock already, and would wait for itself',
    hint: 'a Lock is not re-entrant: release it first',
  },
  'semop EALREADY': {
    what: 'no signal can be sent to the thread that waits; what it still does will be taken back at once',
    hint: 'leave the process one of the real-time signals, or SIGURG',
  },
  'semop EPERM': {
    what: 'the condition’s lock is not held',
    hint: 'acquire condition.lock, and hand over what it gives',
  },
  'semop EPROTO': { what: 'somebody has set the semaphores of this lock by other means' },
  'semop ENOSPC': { what: 'this process has as many undo records as it may have' },
  'semctl EACCES': {
    what: 'no permission for the semaphore set',
    hint: 'its mode must allow it: see ipcs -s',
  },
  'semctl EINVAL': { what: 'the set has no semaphore of that number' },
  'semctl ERANGE': { what: 'a semaphore takes values from 0 to 32767 (semvmx)' },
  'shmget ENOENT': { what: 'no segment has that key', hint: 'create it, or look the key up with ipcs -m' },
  'shmget EEXIST': { what: 'a segment has that key already', hint: 'open it, or take another key' },
  'shmget EINVAL': segmentSize,
  'shmget ENOSPC': segmentTableFull,
  'shmget ENOMEM': (call) => ({
    what: `this machine has no memory for a segment of ${call.bytes ?? 'so many'} bytes`,
    hint: 'memory and swap together have to be larger',
  }),
  'shmctl EACCES': { what: 'no permission to read the segment', hint: 'its mode must allow it: see ipcs -m' },
  'shmat ECANCELED': { what: 'it was detached, or its handle was closed' },
  'shmat EACCES': {
    what: 'no permission to attach the segment',
    hint: 'its mode must allow it (ipcs -m); { readOnly: true } needs the permission to read only',
  },
  'shmat EFBIG': () => ({
    what: `the segment is larger than an ArrayBuffer of this Node.js can be (${constants.MAX_LENGTH} bytes)`,
    hint: 'share it in several segments, or take a later Node.js',
  }),
  'shmat ENOMEM': { what: 'no room in the address space or no memory to attach the segment' },
  'shmdt ENOMEM': {
    what: 'no room to detach the segment, which stays attached',
    hint: 'Node.js may still be at work on it, so its addresses have to stay in use: see vm.max_map_count and ulimit -v',
  },
  'shmat ENOTSUP': {
    what: 'this build of Node.js allows no ArrayBuffer on memory outside of its own (V8 sandbox)',
    hint: 'take a Node.js from nodejs.org; Electron’s cannot attach segments',
  },
  EXDEV: elsewhere,
  'setns EPERM': {
    what: 'to look into another IPC namespace takes CAP_SYS_ADMIN',
    hint: 'run it as root, for example with sudo',
  },
  'setns EBUSY': {
    what: 'this thread looks into another IPC namespace already',
    hint: 'leave that one first',
  },
  'setns ESRCH': { what: 'there is no such process' },
  'pthread_create EAGAIN': {
    what: 'no thread could be started to wait',
    hint: 'see ulimit -u and kernel.threads-max',
  },
  EPERM: notYours,
  EACCES: (call) => ({
    what: `no permission for the ${call.object ?? 'object'}`,
    hint: 'its mode must allow it',
  }),
  EIDRM: (call) => ({ what: `the ${call.object ?? 'object'} was removed` }),
  EINTR: {
    what: 'a signal arrived',
    hint: 'its handler has its turn when this call has returned; then call again',
  },
  ENOMEM: { what: 'the kernel has no memory for it' },
  ENOSPC: { what: 'a limit of the kernel is reached', hint: 'ipcs -l shows the limits' },
  ENOSYS: { what: 'this platform cannot do that' },
  ETIMEDOUT: timedOut,
  ECANCELED: { what: 'the handle was closed' },
  'ftok ENOENT': { what: 'no such file or directory' },
  'ftok ENOTDIR': { what: 'a part of the path is not a directory' },
  'ftok EACCES': { what: 'a directory of the path may not be searched' },
};

export function explain(code: string, call: Call): Explanation {
  const entry = explanations[`${call.syscall} ${code}`] ?? explanations[code] ?? { what: 'the call failed' };
  return typeof entry === 'function' ? entry(call) : entry;
}
