import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/time-server/src/queue';

export const claim: GuardedModule = {
  name: 'claim',
  mutations: [
    ...inCommand(`${folder}/claim.ts`, 'time-server/taken-key', [
      {
        what: 'a living server loses its key to another without --takeover',
        find: "if (state.state === 'alive' && !takeover)",
        replace: "if (state.state === 'alive' && takeover)",
      },
      {
        what: "another program's semaphore set is taken for a server's",
        find: "if (state.state === 'foreign') {",
        replace: "if (state.state === 'foreign' && adoptForeign) {",
      },
      {
        what: "another program's queue is served without --takeover",
        find: 'if (unclaimed && !takeover && queue !== undefined)',
        replace: 'if (unclaimed && takeover && queue !== undefined)',
      },
    ]),
    ...inCommand(`${folder}/claim.ts`, 'time-server/other-users', [
      {
        what: "a stranger's queue is served without --adopt-foreign",
        find: 'if (queue !== undefined && isForeign(queue) && !adoptForeign)',
        replace: 'if (queue !== undefined && isForeign(queue) && queue.id < 0)',
      },
      {
        what: "a stranger's semaphore tells whether the server lives",
        find: '    clearForeignSemaphore(key, adoptForeign);\n    const',
        replace: '    const',
      },
      {
        what: "a stranger's semaphore is replaced without --adopt-foreign",
        find: 'if (!mayReplace) throw',
        replace: 'if (!mayReplace && semaphore.id < 0) throw',
      },
      {
        what: "a stranger's semaphore is removed though a living process holds it",
        find: "if (state.state === 'alive') throw held(key, state.pid);\n  SemaphoreSet",
        replace: 'SemaphoreSet',
        accepted:
          'a holder that is there at the first look is refused then; this is for one that comes in the microseconds since',
      },
      {
        what: "an error says that the key is served, but not that only a stranger's semaphore says so",
        find: 'if (semaphore !== undefined && !isOwn(semaphore)) {',
        replace: 'if (semaphore !== undefined && semaphore.id < 0) {',
      },
    ]),
    ...inCommand(`${folder}/claim.ts`, 'time-server/unseen-holder', [
      {
        what: 'a process that cannot be seen is asked to end: pid 0, the whole process group',
        find: 'if (state.pid <= 0) throw',
        replace: 'if (state.pid < 0) throw',
      },
      {
        what: 'a server claims a key again that another one holds',
        find: "if (state.state === 'alive' && state.pid !== process.pid)",
        replace: "if (state.state === 'alive' && state.pid === 0)",
      },
    ]),
    ...inCommand(`${folder}/claim.ts`, 'time-server/permissions', [
      {
        what: 'an unreadable semaphore is reported with the sentence of another error',
        find: "if (state.state === 'unknown') {",
        replace: "if (state.state === 'unknown' && adoptForeign) {",
      },
      {
        what: 'the group may not see whether the server lives',
        find: 'if (gid !== undefined) setGroup(key, gid);',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/claim.ts`, 'time-server/early-queue', [
      {
        what: "another program's queue is served, since a semaphore beside it was waited for",
        find: " || (state.state === 'dead' && state.doubt === 'unserved')",
        replace: '',
      },
      {
        what: 'an empty queue that a program has read from is taken for an early client’s',
        find: 'entry.receiveTime === 0 && (',
        replace: '(',
      },
      {
        what: 'a queue with messages of other types is taken for an early client’s',
        find: ' || holdsOnlyRequests(key)',
        replace: ' || true',
      },
      {
        what: 'a queue with an early stop is refused',
        find: 'type === REQUEST || type === STOP',
        replace: 'type === REQUEST',
      },
    ]),
    ...inCommand(`${folder}/claim.ts`, 'time-server/death', [
      {
        what: 'the death of the former server is not reported',
        find: "afterDeath: state.state === 'dead'",
        replace: "afterDeath: state.state === 'none'",
      },
    ]),
    ...inCommand(`${folder}/claim.ts`, 'time-server/removed-queue', [
      {
        what: 'the server does not recreate a removed semaphore',
        find: "return state.state === 'alive' ? former : raise(options);",
        replace: 'return former;',
      },
    ]),
    ...inFile(`${folder}/claim.ts`, 'time-server/claim-races', [
      {
        what: 'a server that is quicker is called another program',
        find: "  if (state.state === 'alive') throw held(key, state.pid);\n  const user",
        replace: '  const user',
      },
      {
        what: "a stranger's semaphore that appears during the claim is used",
        find: '    refuseForeignSince(key);\n    try',
        replace: '    try',
      },
      {
        what: "a stranger's semaphore that is refused stays raised by this process",
        find: '  set.tryOperate([{ delta: -1, undo: true }]);\n',
        replace: '',
      },
      {
        what: "a semaphore is left raised when its group can't be set",
        find: '      liveness.release();\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/trust.ts`, 'time-server/other-users', [
      {
        what: "an object that another user created and gave to this user counts as this user's",
        find: '[uid, creatorUid].every(',
        replace: '[uid, creatorUid].some(',
      },
      {
        what: "root's objects count as strangers'",
        find: 'isSelf(user) || user === ROOT',
        replace: 'isSelf(user)',
      },
      {
        what: "an object that this user created and gave away counts as a stranger's",
        find: '!isSelf(ownership.creatorUid) && ',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/takeover.ts`, 'time-server/other-users', [
      {
        what: "a pid that a stranger's semaphore names is asked to end",
        find: 'if (!isOwn(semaphore)) return',
        replace: 'if (semaphore.id < 0) return',
      },
      {
        what: 'a pid that other users could have written is trusted',
        find: 'const WRITABLE_BY_OTHERS = 0o022;',
        replace: 'const WRITABLE_BY_OTHERS = 0;',
      },
      {
        what: 'a pid that the group could have written is trusted',
        find: 'const WRITABLE_BY_OTHERS = 0o022;',
        replace: 'const WRITABLE_BY_OTHERS = 0o002;',
      },
      {
        what: "another user's process is asked to end",
        find: 'if (user === undefined || user === semaphore.uid) return undefined;',
        replace: 'if (user !== 0) return undefined;',
      },
    ]),
    ...inCommand(`${folder}/takeover.ts`, 'time-server/claim-races', [
      {
        what: 'the new server does not wait until the old one has ended',
        find: '    await Liveness.died(key, { signal: AbortSignal.timeout(TAKEOVER_MS) });\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/adoption.ts`, 'time-server/death', [
      {
        what: 'a stop for the dead server stops the new one',
        find: 'takeAll(queue, STOP).length',
        replace: '0',
      },
      {
        what: "the dead server's replies stay for the next client",
        find: 'takeAll(queue, CLASSIC_REPLY).length',
        replace: '0',
      },
      {
        what: "other programs' messages are destroyed",
        find: "if (isAddressedType(type) || (style !== 'shared' && isOfProcess(type, found))) {",
        replace: 'if (type !== 0) {',
      },
      {
        what: 'addressed replies of the dead server stay',
        find: 'isAddressedType(type) || (style',
        replace: '(style',
      },
      {
        what: "a message that is not a time counts as a dead server's reply",
        find: ' && classicTexts === count',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/served-queue.ts`, 'time-server/other-users', [
      {
        what: "a stranger's queue that appears after the claim is served",
        find: 'if (isForeign(stat) && !adoptForeign) {',
        replace: 'if (isForeign(stat) && stat.id < 0) {',
      },
    ]),
    ...inFile(`${folder}/served-queue.ts`, 'time-server/claim-races', [
      {
        what: 'a queue that is removed between two calls ends the server',
        find: "if (!hasCode(error, 'ENOENT')) throw error;",
        replace: 'throw error;',
      },
      {
        what: "a queue is left behind when its group can't be set",
        find: '    queue.remove();\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/served-queue.ts`, 'time-server/permissions', [
      {
        what: 'an existing queue keeps its mode',
        find: 'if (!served.isNew) setPermissions(served.queue, options, log);\n  else if',
        replace: 'if',
      },
    ]),
  ],
};
