import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/time-server/src/queue';

export const replies: GuardedModule = {
  name: 'replies',
  mutations: [
    ...inFile(`${folder}/reply-sender.ts`, 'time-server/replies', [
      {
        what: 'a reply overtakes those of its client that wait for room',
        find: 'if (this.#outbox.size === 0 && this.#mayAdd(type)) {',
        replace: 'if (this.#mayAdd(type)) {',
      },
      {
        what: 'a reply that is tried by itself overtakes those of its client that wait for room',
        find: "this.#outbox.has(type) ? 'full' : this.#trySend(type, reply);",
        replace: 'this.#trySend(type, reply);',
      },
      {
        what: 'replies that are sent together do not count among those that lie in the queue',
        find: ' - this.#batch.length);',
        replace: ');',
      },
      {
        what: 'more replies than 1,024 lie in the queue',
        find: 'const MAX_UNREAD = 1024;',
        replace: 'const MAX_UNREAD = 1025;',
      },
      {
        what: 'a queue whose limit was lowered ends the server',
        find: "if (code === 'ENOMEM' || code === 'EAGAIN') return 'full';",
        replace: "if (code === 'ENOMEM') return 'full';",
      },
      {
        what: 'pending replies are sent into the next queue',
        find: '    this.#unread.clear();\n    this.#outbox.clear();\n',
        replace: '    this.#unread.clear();\n',
      },
      {
        what: "another program's message that cannot be put back is lost",
        find: '      this.#strange.push(message);\n',
        replace: '',
      },
      {
        what: "another program's message of a client's type is destroyed",
        find: 'if (isAddressedType(type)) return parseReply(body) !== undefined;',
        replace: 'if (isAddressedType(type)) return true;',
      },
      {
        what: 'a message that does not fit is retried only once',
        find: 'if (this.#outbox.size > 0 || this.#strange.length > 0) this.#retryLater();',
        replace: '',
      },
      {
        what: 'unread replies stay for ever',
        find: '    this.#unread.sent(type, count);\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/reply-sender.ts`, 'time-server/reply-styles', [
      {
        what: "another program's message of a process's type is destroyed",
        find: 'return type === CLASSIC_REPLY || isClassicText(body);',
        replace: 'return true;',
      },
    ]),
    ...inFile(`${folder}/reply-sender.ts`, 'time-server/busy', [
      {
        what: 'an idle server keeps checking for unread replies',
        find: '    this.#sweepTimer = this.#unread.any\n',
        replace: '    this.#sweepTimer = this.#unread.any || !unfinished\n',
      },
    ]),
    ...inCommand(`${folder}/reply-sender.ts`, 'time-server/full-queue', [
      {
        what: 'dropped replies are not reported',
        find: 'if (count === 0 || this.#reports',
        replace: 'if (count >= 0 || this.#reports',
      },
    ]),
    ...inCommand(`${folder}/outbox.ts`, 'time-server/full-queue', [
      {
        what: 'replies that wait take up any amount of memory',
        find: 'while (this.#size > MAX_WAITING || this.#bytes > MAX_WAITING_BYTES) this',
        replace: 'while (this.#size > MAX_WAITING) this',
      },
      {
        what: 'replies that find no room are kept for ever',
        find: 'const SEND_DEADLINE_MS = 5000;',
        replace: 'const SEND_DEADLINE_MS = 5e9;',
      },
    ]),
    ...inFile(`${folder}/outbox.ts`, 'time-server/replies', [
      {
        what: 'only the first pending reply to a client is sent',
        find: '      if (this.#byType.has(type)) this.#later.push(type);\n',
        replace: '',
      },
      {
        what: 'a reply that was sent is sent again',
        find: '      this.#remove(next);\n',
        replace: "      if (attempt !== 'sent') this.#remove(next);\n",
      },
    ]),
    ...inFile(`${folder}/unread-replies.ts`, 'time-server/replies', [
      {
        what: "a stranger's message that was taken with unread replies is lost",
        find: '    for (const message of strange) this.#judge.sendAgain(message);\n',
        replace: '',
      },
      {
        what: 'replies that are taken back are not counted',
        find: '      if (taken.length > 0) this.#judge.takenBack(taken);\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/unread-replies.ts`, 'time-server/sweep', [
      {
        what: 'the reply of a client that asks often is lost when it makes room',
        find: 'FRESH_WITHOUT_ROOM_MS, false)',
        replace: 'FRESH_WITHOUT_ROOM_MS, true)',
      },
      {
        what: 'a reply that its client is about to read is taken back',
        find: 'if (!this.#judge.isReply(message) || this.#judge.isFresh(message, fresh)) {',
        replace: 'if (!this.#judge.isReply(message)) {',
      },
      {
        what: 'old replies at type 3 stay while others are read there',
        find: '} else if (span.first < oldestFresh && messages > sum(this.#sent)) {',
        replace: '} else if (span.first < oldestFresh && messages > 2 ** 30) {',
      },
    ]),
    ...inFile(`${folder}/queue-transport.ts`, 'time-server/full-queue', [
      {
        what: 'replies that wait for room wait for the next timer',
        find: 'if (this.#parts.replies.waiting > 0) this.#parts.replies.flush();',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/queue-transport.ts`, 'time-server/busy', [
      {
        what: 'a stop waits until all requests are answered',
        find: '      if (messages.length === BATCH) this.#lookForStop();\n',
        replace: '',
      },
      {
        what: 'a stop that was seen while requests wait is not obeyed',
        find: '    if (stop !== undefined) this.#take([stop]);',
        replace: '    if (stop !== undefined && this.#ending) this.#take([stop]);',
      },
      {
        what: 'signals and timers wait until all requests are answered',
        find: '      if (this.#sinceTurn >= BATCH) await this.#turn();\n',
        replace: '',
      },
      {
        what: 'signals and timers wait until all early requests are answered',
        find: '      this.#take(backlog.slice(first, first + BATCH));\n      await this.#turn();\n',
        replace: '      this.#take(backlog.slice(first, first + BATCH));\n',
      },
      {
        what: 'signals and timers wait while a server that ends answers',
        find: '      left -= requests.length;\n      await this.#turn();\n',
        replace: '      left -= requests.length;\n',
      },
    ]),
    ...inCommand(`${folder}/queue-transport.ts`, 'time-server/stop', [
      {
        what: 'requests that are queued when a server ends are not answered',
        find: '      await this.#answerWaiting();\n',
        replace: '',
      },
      {
        what: 'a server that ends removes its queue before the replies are read',
        find: '      await this.#linger();\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/queue-transport.ts`, 'time-server/replies', [
      {
        what: 'a server that ends waits for ever for its replies to be read',
        find: '      if (performance.now() >= end) return;\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/queue-transport.ts`, 'time-server/removed-queue', [
      {
        what: 'the removal of its queue ends the server',
        find: 'if (!(error instanceof GoneError) && !(this.#ending',
        replace: 'if (!(this.#ending',
      },
    ]),
    ...inFile('packages/time-server/src/cli/exit-codes.ts', 'time-server/claim-races', [
      {
        what: 'a failed takeover has the exit code of other failures',
        find: 'TIMED_OUT: EXIT.timedOut,',
        replace: 'TIMED_OUT: EXIT.failed,',
      },
    ]),
    ...inFile('packages/time-server/src/cli/exit-codes.ts', 'time-server/permissions', [
      {
        what: 'a denied permission has the exit code of other failures',
        find: 'NOT_PERMITTED: EXIT.notPermitted,',
        replace: 'NOT_PERMITTED: EXIT.failed,',
      },
    ]),
    ...inCommand(`${folder}/unread-replies.ts`, 'time-server/unread-replies', [
      {
        what: 'clients wait behind the replies of one that asks at ever new types and never reads',
        find: 'if (this.#roomMade > oldestFresh) return;',
        replace: 'if (this.#roomMade <= oldestFresh) return;',
      },
    ]),
  ],
};
