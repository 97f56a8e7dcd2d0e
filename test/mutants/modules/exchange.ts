import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/time-client/src/client';

export const exchange: GuardedModule = {
  name: 'exchange',
  mutations: [
    ...inFile(`${folder}/exchange.ts`, 'time-client/classic-reading', [
      {
        what: "a late answer of a classic server is taken for the next request's",
        find: "    if (this.#dialect === 'classic') this.#classic ??= this.#makeClassic();\n    this.#classic?.dropLate();\n",
        replace: "    if (this.#dialect === 'classic') this.#classic ??= this.#makeClassic();\n",
      },
      {
        what: 'a client that waits for nothing reads at type 3',
        find: '    this.#classic?.stop();\n  }\n}',
        replace: '  }\n}',
      },
    ]),
    ...inFile(`${folder}/exchange.ts`, 'time-client/library', [
      {
        what: 'a closed client leaves its answers in the queue',
        find: '      this.#addressed.drain();\n      this.#classic?.dropLate();\n',
        replace: '      this.#classic?.dropLate();\n',
      },
      {
        what: 'a closed client leaves its requests unanswered for ever',
        find: '    this.#failAll(closed());\n',
        replace: '',
      },
      {
        what: 'an error of the server is taken for an answer',
        find: "if (reply.kind === 'error') {",
        replace: "if (reply.kind === 'error' && reply.id === '') {",
      },
      {
        what: 'an answer that a server gave before it died is lost',
        find: `      this.#addressed.drain();
    } catch {
      // The queue is gone as well.`,
        replace: `    } catch {
      // The queue is gone as well.`,
        accepted:
          'the thread that waits for the answer is nearly always first, and no test can hold it up from outside',
      },
      {
        what: 'a thread watches the server while no request waits',
        find: '    this.#watch.stop();\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/exchange.ts`, 'time-client/classic-server', [
      {
        what: 'a closed client leaves the late answers of a classic server in the queue',
        find: '      this.#addressed.drain();\n      this.#classic?.dropLate();\n',
        replace: '      this.#addressed.drain();\n',
      },
    ]),
    ...inFile(`${folder}/classic-exchange.ts`, 'time-client/classic-server', [
      {
        what: 'the late answers that a classic server owes are not counted',
        find: '    if (request.sent && !request.answered && mayBeShared) this.#owed += 1;\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/classic-exchange.ts`, 'time-client/classic-reading', [
      {
        what: 'an answer that came counts as still owed',
        find: 'request.sent && !request.answered && mayBeShared',
        replace: 'request.sent && mayBeShared',
      },
      {
        what: 'more answers are dropped than a classic server owes',
        find: 'while (this.#owed > 0 && queue',
        replace: 'while (queue',
      },
      {
        what: 'a classic request is sent before its answer is sure to be taken',
        find: '      await untilBlocked(this.#handle, this.places.types);\n',
        replace: '',
      },
      {
        what: 'a classic server is asked again before it has answered',
        find: '      if (!request.over) await over;\n',
        replace: '      void over;\n',
      },
    ]),
    ...inFile(`${folder}/exchange.ts`, 'time-client/deadlines', [
      {
        what: 'a request is sent to a dead server',
        find: '    if (this.#requests.size === 0) this.#checkServer(now);\n',
        replace: '',
      },
      {
        what: 'a client checks only once whether its server lives',
        find: 'const FRESH_MILLISECONDS = 100;',
        replace: 'const FRESH_MILLISECONDS = 1e9;',
      },
    ]),
    ...inFile(`${folder}/pending-request.ts`, 'time-client/deadlines', [
      {
        what: 'a timeout beyond 2^31 ms passes at once',
        find: 'Math.min(timeout, LONGEST_TIMER)',
        replace: 'timeout',
      },
      {
        what: 'a request that is over still listens to its signal',
        find: "    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);\n",
        replace: '',
      },
    ]),
    ...inFile(`${folder}/pending-request.ts`, 'time-client/library', [
      {
        what: 'a request that is over is ended again',
        find: '    if (this.over) return false;\n',
        replace: '',
        accepted:
          'nothing ends a request twice while it takes itself out of the table and off its signal, which other mistakes show',
      },
      {
        what: 'an abort does not end a request',
        find: "    signal.addEventListener('abort', this.#onAbort, { once: true });\n",
        replace: '',
      },
    ]),
    ...inFile(`${folder}/reply-reader.ts`, 'time-client/library', [
      {
        what: 'a client that waits for nothing keeps its process alive',
        find: '    this.#queue.unref();\n',
        replace: '',
      },
      {
        what: 'a client that waits does not keep its process alive',
        find: '    this.#queue.ref();\n',
        replace: '',
      },
      {
        what: 'after a failure the answers are not read any more',
        find: '      this.#reading = false;\n      if',
        replace: '      if',
      },
      {
        what: 'pending requests do not learn of the removal of the queue',
        find: 'if (!(error instanceof IpcError) || !error.closed) this.#fail(error);',
        replace: 'if (!(error instanceof IpcError)) this.#fail(error);',
      },
    ]),
    ...inFile(`${folder}/classic-reader.ts`, 'time-client/classic-reading', [
      {
        what: 'a client that waits for nothing takes the next answer of a classic server',
        find: 'if (wait.receiving) wait.cancel.abort();\n    else this',
        replace: 'this',
      },
    ]),
    ...inFile(`${folder}/request-sender.ts`, 'time-client/request-sender', [
      {
        what: 'a request overtakes earlier ones that wait for room',
        find: 'if (this.#waiting.length > 0 || this.#blocked !== undefined) {',
        replace: 'if (this.#waiting.length > 99) {',
      },
      {
        what: 'a cancelled request is sent',
        find: 'if (!request.over) requests.push(request);',
        replace: 'requests.push(request);',
      },
      {
        what: 'a request that was cancelled while it waits for room blocks the others',
        find: 'if (this.#blocked?.request === request) this',
        replace: 'if (this.#blocked?.request === undefined) this',
      },
      {
        what: 'the requests behind one that waited for room are not sent',
        find: '    this.#blocked = undefined;\n    this.#sendWaiting();',
        replace: '    this.#blocked = undefined;',
      },
    ]),
    ...inCommand(`${folder}/server-watch.ts`, 'time-client/server-gone', [
      {
        what: 'the death of the server is not noticed',
        find: "if (liveness.state === 'dead' && !stop.signal.aborted) this",
        replace: 'if (stop.signal.aborted) this',
      },
    ]),
    ...inFile(`${folder}/server-watch.ts`, 'time-client/library', [
      {
        what: 'a server that is killed during the check is not reported',
        find: "if (pid !== 0 && liveness.state === 'foreign') {",
        replace: 'if (pid === -1) {',
      },
      {
        what: 'a replaced server is reported as dead, and its successor is not watched',
        find: 'while (liveness.state === ',
        replace: 'if (liveness.state === ',
      },
    ]),
    ...inCommand(`${folder}/stop-server.ts`, 'time-client/classic-server', [
      {
        what: 'an unread stop stays, and ends the next server',
        find: 'if (queue.tryReceive({ type: STOP, truncate: true }) !== undefined) {',
        replace: 'if (queue.peek(0)?.type === STOP) {',
      },
    ]),
    ...inFile(`${folder}/stop-server.ts`, 'time-client/stop time-client/library', [
      {
        what: 'stopping a queue that was removed before counts as success',
        find: 'if (error instanceof GoneError) throw queueRemoved(key, error);',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/time-client.ts`, 'time-client/stop', [
      {
        what: 'a stop is sent to a server that ignores it',
        find: "if (liveness.state === 'alive') await this",
        replace: "if (liveness.state === 'none') await this",
      },
    ]),
    ...inFile(`${folder}/watch-time.ts`, 'time-client/deadlines', [
      {
        what: 'missed ticks are repeated in a burst',
        find: 'Math.max(turn, Math.floor(passed / interval)) + 1',
        replace: 'turn + 1',
      },
    ]),
    ...inFile(`${folder}/watch-time.ts`, 'time-client/library', [
      {
        what: 'a missing server is reported at each tick',
        find: 'else if (!gone) yield',
        replace: 'else yield',
      },
      {
        what: 'the return of the server is not reported',
        find: "if (gone) yield { kind: 'back' };",
        replace: '',
      },
    ]),
    ...inCommand('packages/time-protocol/src/codec/status.ts', 'time-client/hostile-status', [
      {
        what: "a stranger's words are shown as numbers of a status",
        find: 'Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined',
        replace: 'value as number',
      },
      {
        what: 'a status whose counts are anything is believed',
        find: '  if (entries.some(([, count]) => count === undefined)) return undefined;\n',
        replace: '',
      },
    ]),
  ],
};
