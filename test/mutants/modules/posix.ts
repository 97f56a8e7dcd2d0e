import type { GuardedModule } from '../mutation.js';

const rules = 'packages/ipctools/src/posix/rules.ts';
const copy = 'packages/ipctools/src/posix/copy.ts';
const removal = 'packages/ipctools/src/posix/removal.ts';
const users = 'packages/ipctools/src/processes/file-users.ts';

export const posix: GuardedModule = {
  name: 'posix',
  tests: ['posix/rules'],
  mutations: [
    {
      file: rules,
      what: 'an object that a process has open is not live',
      find: 'users.length > 0 || notifies',
      replace: 'notifies',
    },
    {
      file: rules,
      what: 'a queue whose message a process waits for is not live',
      find: 'users.length > 0 || notifies',
      replace: 'users.length > 0',
    },
    {
      file: rules,
      what: 'what unseen processes may have open is stale',
      find: '!complete && assumeUnseenIdle !== true',
      replace: 'false',
    },
    {
      file: rules,
      what: '--assume-unseen-idle assumes nothing',
      find: '!complete && assumeUnseenIdle !== true',
      replace: '!complete',
    },
    {
      file: rules,
      what: 'a file with another name is stale',
      find: 'object.links > 1',
      replace: 'object.links > 2',
    },
    {
      file: rules,
      what: 'the times of a mount that records none are believed',
      find: "object.accessTimes === 'never'",
      replace: 'false',
    },
    {
      file: rules,
      what: 'with relatime a use of today is missed',
      find: 'idleSeconds - SECONDS_PER_DAY',
      replace: 'idleSeconds',
    },
    {
      file: rules,
      what: 'a queue with messages is stale',
      find: ' && messages !== 0',
      replace: ' && messages === undefined',
    },
    {
      file: rules,
      what: 'a queue with what may not be known is stale',
      find: ' && messages !== 0',
      replace: ' && (messages ?? 0) !== 0',
    },
    {
      file: users,
      runsCommands: true,
      tests: ['posix/stale'],
      what: 'memory that a process has only mapped is unused',
      find: "    for (const [, device = '', inode = ''] of mapped.matchAll(MAPPED)) used.add(`${device}:${inode}`);\n",
      replace: '',
    },
    {
      file: users,
      runsCommands: true,
      tests: ['posix/stale'],
      what: 'a process whose main thread has ended uses nothing',
      find: "if (mapped === '') mapped = ",
      replace: 'if (tid === pid) mapped = ',
    },
    {
      file: copy,
      runsCommands: true,
      tests: ['posix/remove'],
      what: 'the messages of a queue are lost without --drain',
      find: 'messages > 0 && !drain',
      replace: 'false',
    },
    {
      file: copy,
      runsCommands: true,
      tests: ['posix/remove'],
      what: 'messages that could not be written do not go back',
      find: '    try {\n      undo();\n    } catch {',
      replace: '    try {\n    } catch {',
    },
    {
      file: copy,
      runsCommands: true,
      tests: ['posix/remove'],
      what: 'messages go back behind those that are still in the queue',
      find: '[...taken, ...others]',
      replace: '[...others, ...taken]',
    },
    {
      file: removal,
      runsCommands: true,
      tests: ['posix/remove'],
      what: 'a queue that could not be saved is removed',
      find: '      stranded ||= error instanceof Stranded;\n',
      replace: '      saved.push(object);\n',
    },
  ],
};
