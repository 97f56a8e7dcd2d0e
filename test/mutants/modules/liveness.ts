import { inFile, type GuardedModule } from '../mutation.js';

const file = 'packages/mq-native/src/liveness/liveness.ts';

export const liveness: GuardedModule = {
  name: 'liveness',
  mutations: [
    ...inFile('packages/mq-native/src/liveness/judgement.ts', 'mq-native/liveness.test', [
      {
        what: 'a server that the kernel is still ending looks like none',
        find: ' && !processes.isExiting(pid)',
        replace: '',
      },
    ]),
    ...inFile('packages/mq-native/src/processes/processes.ts', 'mq-native/liveness.test', [
      {
        what: 'a process is over before its semaphores are lowered',
        find: "([state]) => state !== 'Z' && state !== 'X'",
        replace: '(fields) => !hasEnded(fields)',
      },
    ]),
    ...inFile(file, 'mq-native/liveness.test', [
      {
        what: 'a dead server counts as alive for ever',
        find: '{ delta: HELD, undo: true }',
        replace: '{ delta: HELD }',
      },
      {
        what: 'two processes hold a key',
        find: '{ delta: 0 }, { delta: HELD',
        replace: '{ delta: HELD',
      },
      {
        what: 'a set of another kind is raised',
        find: 'if (set.stat().count !== 1)',
        replace: 'if (set.stat().count === 0)',
      },
      {
        what: 'a semaphore of another convention is called held',
        find: 'if (set.value() > HELD) throw',
        replace: 'if (set.value() > 99) throw',
      },
      {
        what: 'every user of the queue can report its server as dead',
        find: '(users << 1) | 0o600',
        replace: '(users << 1) | users | 0o600',
      },
      {
        what: 'a user who may only read the queue cannot see whether it is served',
        find: '(mode | (mode >> 1)) & 0o222',
        replace: 'mode & 0o222',
      },
      {
        what: 'an existing semaphore keeps its mode',
        find: 'if (before.mode !== mode) set.set({ mode });',
        replace: '',
      },
      {
        what: 'a claim fails when the former holder has just removed the semaphore',
        find: '        if (!(error instanceof GoneError)) throw error;\n      }\n    }',
        replace: '        throw error;\n      }\n    }',
      },
      {
        what: 'a semaphore that may not be read stops the program',
        find: "      if (error.errno === EACCES) return { state: 'unknown' };\n",
        replace: '',
      },
      {
        what: 'a key that was not claimed is an error',
        find: "if (error instanceof GoneError || error.errno === ENOENT) return { state: 'none' };",
        replace: "if (error instanceof GoneError) return { state: 'none' };",
      },
      {
        what: 'the error about a held key names no process',
        find: 'throw new HeldError(EBUSY, call, set.lastPid());',
        replace: 'throw new HeldError(EBUSY, call, 0);',
      },
      {
        what: 'a held key can be claimed',
        find: '  if (raised) return;\n',
        replace: '  if (raised || set.value() === HELD) return;\n',
      },
      {
        what: 'the wait for a death cannot be aborted',
        find: 'await set.operate([{ delta: 0 }], options);',
        replace: 'await set.operate([{ delta: 0 }]);',
      },
      {
        what: 'a released key keeps its semaphore',
        find: '      this.#set.remove();\n',
        replace: '',
      },
      {
        what: 'a wait for the death of the holder resolves for an unused key',
        find: 'if (error instanceof GoneError || (error instanceof IpcError && error.errno === ENOENT)) return;',
        replace: 'if (error instanceof GoneError) return;',
      },
      {
        what: 'a wait for the death of the holder fails when the holder releases the key',
        find: 'if (error instanceof GoneError || (error instanceof IpcError && error.errno === ENOENT)) return;',
        replace:
          'if (!(error instanceof GoneError) && error instanceof IpcError && error.errno === ENOENT) return;',
      },
      {
        what: 'a release fails when the semaphore was removed',
        find: `      if (!(error instanceof GoneError)) throw error;
    }
    this.#set.close();`,
        replace: `      throw error;
    }
    this.#set.close();`,
      },
    ]),
  ],
};
