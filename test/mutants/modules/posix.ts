import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const rules = 'packages/ipctools/src/posix/rules.ts';
const copy = 'packages/ipctools/src/posix/copy.ts';
const back = 'packages/ipctools/src/posix/put-back.ts';
const removal = 'packages/ipctools/src/posix/removal.ts';
const users = 'packages/ipctools/src/processes/file-users.ts';

export const posix: GuardedModule = {
  name: 'posix',
  mutations: [
    ...inFile(rules, 'posix/rules', [
      {
        what: 'an object that a process has open is not live',
        find: 'users.length > 0 || notifies',
        replace: 'notifies',
      },
      {
        what: 'a queue whose message a process waits for is not live',
        find: 'users.length > 0 || notifies',
        replace: 'users.length > 0',
      },
      {
        what: 'what unseen processes may have open is stale',
        find: '!complete && assumeUnseenIdle !== true',
        replace: 'false',
      },
      {
        what: '--assume-unseen-idle assumes nothing',
        find: '!complete && assumeUnseenIdle !== true',
        replace: '!complete',
      },
      {
        what: 'a file with another name is stale',
        find: 'object.links > 1',
        replace: 'object.links > 2',
      },
      {
        what: 'the times of a mount that records none are believed',
        find: "object.accessTimes === 'never'",
        replace: 'false',
      },
      {
        what: 'with relatime a use of today is missed',
        find: 'idleSeconds - SECONDS_PER_DAY',
        replace: 'idleSeconds',
      },
      {
        what: 'a queue with messages is stale',
        find: ' && messages !== 0',
        replace: ' && messages === undefined',
      },
      {
        what: 'a queue with what may not be known is stale',
        find: ' && messages !== 0',
        replace: ' && (messages ?? 0) !== 0',
      },
    ]),
    ...inCommand(users, 'posix/stale', [
      {
        what: 'memory that a process has only mapped is unused',
        find: "    for (const [, device = '', inode = ''] of mapped.matchAll(MAPPED)) used.add(`${device}:${inode}`);\n",
        replace: '',
      },
      {
        what: 'a process whose main thread has ended uses nothing',
        find: "if (mapped === '') mapped = ",
        replace: 'if (tid === pid) mapped = ',
      },
    ]),
    ...inCommand(copy, 'posix/remove', [
      {
        what: 'the messages of a queue are lost without --drain',
        find: 'messages > 0 && !drain',
        replace: 'false',
      },
      {
        what: 'messages that could not be written do not go back',
        find: '    throw undo(error);\n',
        replace: '    throw error;\n',
      },
      {
        what: 'a queue that could not be saved is in the backup of the others',
        find: '    goBack();\n',
        replace: '',
      },
    ]),
    ...inFile(back, 'posix/put-back', [
      {
        what: 'messages without room are not on the disk yet when the user is told where they are',
        find: '  file.close();\n  return file.path;',
        replace: '  return file.path;',
      },
      {
        what: 'messages without room can not be kept if an earlier cleaning has kept some',
        find: "if (codeOf(error) !== 'EEXIST') throw error;",
        replace: 'throw error;',
      },
    ]),
    ...inCommand(back, 'posix/remove', [
      {
        what: 'messages go back behind those that are still in the queue',
        find: '{ before: true }',
        replace: '{ before: false }',
      },
      {
        what: 'messages of other programs are lost while those that were taken go back',
        find: 'left.push(message);',
        replace: 'continue;',
      },
      {
        what: 'what comes while a queue is drained is drained with it',
        find: 'taken < attributes.messages',
        replace: 'taken < Infinity',
      },
      {
        what: 'messages that find no room in their queue are lost',
        find: 'left.length === 0 ? why',
        replace: 'left.length >= 0 ? why',
      },
      {
        what: 'messages that find no room on the disk either are lost',
        find: '    sendWaiting(object, messages);\n',
        replace: '',
      },
    ]),
    ...inCommand(removal, 'posix/remove', [
      {
        what: 'a queue that could not be saved is removed',
        find: '      failed.push({ object, error: known(error) });\n',
        replace: '      saved.push({ object, undo: keepsNothing });\n',
      },
      {
        what: 'messages are lost with a backup that a broken disk does not take',
        find: 'error: undo(why)',
        replace: 'error: why',
      },
      {
        what: 'a queue that stays has lost its messages',
        find: 'error: undo(known(error))',
        replace: 'error: known(error)',
      },
    ]),
    ...inCommand('packages/ipctools/src/cli/restore-posix.ts', 'posix/remove', [
      {
        what: 'restore --to begins to send what does not fit',
        find: 'room < messages.length',
        replace: 'room < 0',
      },
    ]),
  ],
};
