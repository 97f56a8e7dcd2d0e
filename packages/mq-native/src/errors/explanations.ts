import { constants } from 'node:buffer';
import type { Call } from './call.js';

/** What happened, and the next step where there is one. */
interface Explanation {
  readonly what: string;
  readonly hint?: string;
}

type Entry = Explanation | ((call: Call) => Explanation);

function tooLarge(call: Call): Explanation {
  const limit = call.limits?.()?.maxMessageBytes;
  if (limit !== undefined && call.bytes !== undefined && call.bytes > limit) {
    return {
      what: `the body has ${call.bytes} bytes, and the limit is ${limit} (kernel.msgmax)`,
      hint: 'send it in parts, or raise kernel.msgmax',
    };
  }
  return { what: 'invalid argument' };
}

function queueTableFull(call: Call): Explanation {
  const limits = call.limits?.();
  return {
    what: `queue limit reached${limits ? ` (${limits.queues} of ${limits.maxQueues}, kernel.msgmni)` : ''}`,
    hint: 'remove stale queues (ipctools stale lists them), or raise kernel.msgmni',
  };
}

function setTableFull(call: Call): Explanation {
  const limits = call.limits?.();
  const used = limits
    ? ` (${limits.sets} of ${limits.maxSets} sets, semmni; ${limits.semaphores} of ${limits.maxSemaphores} semaphores, semmns)`
    : '';
  return {
    what: `semaphore limit reached${used}`,
    hint: 'remove stale sets (ipctools stale lists them), or raise kernel.sem',
  };
}

function segmentTableFull(call: Call): Explanation {
  const limits = call.limits?.();
  return {
    what: `segment limit reached${limits ? ` (${limits.segments} of ${limits.maxSegments}, kernel.shmmni)` : ''}, or page limit (kernel.shmall)`,
    hint: 'remove stale segments (ipctools stale lists them), or raise kernel.shmmni or kernel.shmall',
  };
}

function elsewhere({ strange = false }: Call): Explanation {
  if (!strange) {
    return {
      what: 'this thread has entered another IPC namespace, where it can only look, set and remove',
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
      what: `the segment would have ${call.bytes} bytes, and the limit is ${most} (kernel.shmmax)`,
      hint: 'ask for less, or raise kernel.shmmax',
    };
  }
  return {
    what: 'the segment at that key is smaller than that',
    hint: 'open it without a size; stat() tells its size',
  };
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
      'receive from it, or raise its maxBytes; many small messages can fill it by count' +
      (limit === undefined ? '' : ` (msgmnb, the limit without privileges, is ${limit})`),
  };
}

function timedOut(call: Call): Explanation {
  const time = call.milliseconds === undefined ? 'in time' : `within ${call.milliseconds} ms`;
  const what: Record<string, string> = {
    msgsnd: `the queue stayed full: the message was not sent ${time}`,
    msgrcv: `no matching message arrived ${time}`,
    semop: `the semaphore operations were not possible ${time}`,
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
  'msgget ENOENT': {
    what: 'no queue has that key',
    hint: 'create it, or look the key up with ipcs -q; a container has its own queues',
  },
  'msgget EEXIST': { what: 'a queue has that key already', hint: 'open it, or take another key' },
  'msgget ENOSPC': queueTableFull,
  'msgsnd EACCES': {
    what: 'no permission to write to the queue',
    hint: 'its mode must allow it: see ipcs -q',
  },
  'msgsnd EAGAIN': queueFull,
  'msgsnd EINVAL': tooLarge,
  'msgsnd EALREADY': {
    what: 'the send could not be cancelled, and the message may still be sent: no signal can reach the waiting thread',
    hint: 'leave a real-time signal or SIGURG unused by the rest of the process',
  },
  'msgrcv EACCES': { what: 'no permission to read the queue', hint: 'its mode must allow it: see ipcs -q' },
  'msgrcv ENOMSG': { what: 'no message of that type' },
  'msgrcv E2BIG': (call) => ({
    what: `the message is longer than ${call.bytes ?? 'the given'} bytes and stays in the queue`,
    hint: 'raise maxBytes, or set truncate to drop the rest',
  }),
  'msgrcv ENOSYS': {
    what: 'this kernel cannot copy messages (MSG_COPY)',
    hint: 'use Linux 3.8 or later, built with CONFIG_CHECKPOINT_RESTORE',
  },
  'msgctl EACCES': { what: 'no permission to read the queue', hint: 'its mode must allow it: see ipcs -q' },
  'msgctl EPERM': (call) =>
    call.bytes === undefined
      ? notYours
      : {
          what: `no permission to raise the queue to ${call.bytes} bytes`,
          hint: `more than kernel.msgmnb (${call.limits?.()?.maxQueueBytes ?? '?'}) needs CAP_SYS_RESOURCE; only the owner, the creator and root may set it at all`,
        },
  'semget ENOENT': {
    what: 'no semaphore set has that key',
    hint: 'create it, or look the key up with ipcs -s; a container has its own sets',
  },
  'semget EEXIST': { what: 'a semaphore set has that key already', hint: 'open it, or take another key' },
  'semget EINVAL': {
    what: 'the size is outside the limits, or the set at that key has fewer semaphores',
  },
  'semget ENOSPC': setTableFull,
  'semget ETIMEDOUT': {
    what: 'the set exists, but its creator has not initialised it',
    hint: 'if its creator died (ipcs -s -i shows its owner), remove the set with ipcrm -s',
  },
  'semop EACCES': {
    what: 'no permission to change the semaphores',
    hint: 'the mode must allow it: see ipcs -s',
  },
  'semop EAGAIN': { what: 'the operations would have to wait' },
  'semop EBUSY': { what: 'a running process holds the key', hint: 'stop it, or take another key' },
  'semop EEXIST': { what: 'another kind of semaphore set has that key', hint: 'take another key' },
  'semop E2BIG': (call) => ({
    what: `more operations in one call than the limit (semopm, ${call.limits?.()?.maxOperations ?? 500})`,
  }),
  'semop EFBIG': { what: 'the set has no semaphore of that number' },
  'semop ERANGE': { what: 'a semaphore would exceed its largest value (semvmx, 32767)' },
  'semop EDEADLK': {
    what: 'this thread already holds the lock, and would wait for itself',
    hint: 'a Lock is not re-entrant: release it first',
  },
  'semop EALREADY': {
    what: 'the wait could not be cancelled: no signal can reach the waiting thread; what it still does is undone at once',
    hint: 'leave a real-time signal or SIGURG unused by the rest of the process',
  },
  'semop EPERM': {
    what: 'the condition’s lock is not held',
    hint: 'acquire condition.lock, and pass what it returns',
  },
  'semop EPROTO': { what: 'another program changed the semaphores of this lock' },
  'semop ENOSPC': { what: 'the limit of undo records of this process is reached' },
  'semctl EACCES': {
    what: 'no permission for the semaphore set',
    hint: 'its mode must allow it: see ipcs -s',
  },
  'semctl EINVAL': { what: 'the set has no semaphore of that number' },
  'semctl ERANGE': { what: 'a semaphore takes values from 0 to 32767 (semvmx)' },
  'shmget ENOENT': {
    what: 'no segment has that key',
    hint: 'create it, or look the key up with ipcs -m; a container has its own segments',
  },
  'shmget EEXIST': { what: 'a segment has that key already', hint: 'open it, or take another key' },
  'shmget EINVAL': segmentSize,
  'shmget ENOSPC': segmentTableFull,
  'shmget ENOMEM': (call) => ({
    what: `not enough memory for a segment of ${call.bytes ?? 'that many'} bytes`,
    hint: 'free memory or swap, or ask for less',
  }),
  'shmctl EACCES': { what: 'no permission to read the segment', hint: 'its mode must allow it: see ipcs -m' },
  'shmat ECANCELED': { what: 'the segment was detached, or its handle was closed' },
  'shmat EACCES': {
    what: 'no permission to attach the segment',
    hint: 'its mode must allow it (ipcs -m); { readOnly: true } needs permission to read only',
  },
  'shmat EFBIG': () => ({
    what: `the segment is larger than an ArrayBuffer of this Node.js can be (${constants.MAX_LENGTH} bytes)`,
    hint: 'use several segments, or a later Node.js',
  }),
  'shmat ENOMEM': { what: 'no memory or address space to attach the segment' },
  'shmdt ENOMEM': {
    what: 'no memory to detach the segment, which stays attached',
    hint: 'its addresses must stay reserved while Node.js may still use them: see vm.max_map_count and ulimit -v',
  },
  'shmat ENOTSUP': {
    what: 'this build of Node.js allows no ArrayBuffer on outside memory (V8 sandbox)',
    hint: 'use Node.js from nodejs.org; Electron’s cannot attach segments',
  },
  EXDEV: elsewhere,
  'setns EPERM': {
    what: 'entering another IPC namespace needs CAP_SYS_ADMIN',
    hint: 'run it as root, for example with sudo',
  },
  'setns EBUSY': {
    what: 'this thread has already entered another IPC namespace',
    hint: 'leave that one first',
  },
  'setns ESRCH': { what: 'no such process' },
  'pthread_create EAGAIN': {
    what: 'could not start a thread to wait',
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
    hint: 'its handler runs when this call has returned; then call again',
  },
  'malloc ENOMEM': { what: 'this process has no memory left for messages' },
  'pthread_create ENOMEM': { what: 'this process has no memory left for a thread to wait' },
  ENOMEM: { what: 'the kernel is out of memory' },
  ENOSPC: { what: 'a kernel limit is reached', hint: 'ipcs -l shows the limits' },
  ENOSYS: { what: 'this platform cannot do that' },
  ETIMEDOUT: timedOut,
  ECANCELED: { what: 'the handle was closed' },
  'ftok ENAMETOOLONG': { what: 'the path, or a name in it, is too long' },
  'ftok ENOMEM': { what: 'this process has no memory left' },
  'ftok ENOENT': { what: 'no such file or directory' },
  'ftok ENOTDIR': { what: 'part of the path is not a directory' },
  'ftok EACCES': { what: 'no permission to search a directory of the path' },
};

export function explain(code: string, call: Call): Explanation {
  const entry = explanations[`${call.syscall} ${code}`] ?? explanations[code] ?? { what: 'the call failed' };
  return typeof entry === 'function' ? entry(call) : entry;
}
