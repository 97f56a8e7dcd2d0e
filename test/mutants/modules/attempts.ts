import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/time-client/src/nats';
const pace = `${folder}/attempt-pace.ts`;
const state = 'packages/nats/src/connection/connection-state.ts';
const exchange = `${folder}/nats-exchange.ts`;

export const attempts: GuardedModule = {
  name: 'attempts',
  mutations: [
    ...inFile(pace, 'time-client/nats-attempts', [
      {
        what: 'few answers decide',
        find: 'if (this.#count % REFRESH !== 0) return;',
        replace: 'if (this.#count % REFRESH === 1) return;',
      },
      {
        what: 'answers are never forgotten',
        find: 'this.#recent[this.#count % WINDOW] = milliseconds;',
        replace: 'this.#recent[Math.min(this.#count, WINDOW - 1)] = milliseconds;',
      },
      {
        what: 'the slowest answer decides',
        find: 'known.length * 0.99',
        replace: '(known.length - 1)',
      },
      {
        what: 'the usual answer decides',
        find: 'known.length * 0.99',
        replace: 'known.length * 0.5',
      },
      {
        what: 'attempts follow one another at once',
        find: 'Math.max(LEAST, FACTOR * high)',
        replace: 'FACTOR * high',
      },
      {
        what: 'slow servers make an attempt wait without bounds',
        find: 'Math.min(MOST, Math.max',
        replace: 'Math.max(0, Math.max',
      },
      {
        what: 'every attempt waits as long as the first',
        find: '2 ** doublings',
        replace: '2 ** 0',
      },
      {
        what: 'later attempts wait without bounds',
        find: 'Math.min(MOST_BETWEEN, this.#first * 2 ** doublings)',
        replace: 'this.#first * 2 ** doublings',
      },
      {
        what: 'later attempts wait for less than slow servers take',
        find: 'Math.max(this.#first, Math.min(',
        replace: 'Math.max(0, Math.min(',
      },
    ]),
    ...inFile(exchange, 'time-client/nats-attempts', [
      {
        what: 'no request is sent again',
        find: 'if (request.nextAttempt <= now) this.#send(request, now);',
        replace: 'if (request.nextAttempt <= 0) this.#send(request, now);',
      },
      {
        what: 'a request is sent again only once',
        find: '    if (this.#requests.size > 0) this.#timer ??= setTimeout(() => this.#look(), LOOK).unref();\n',
        replace: '',
      },
      {
        what: 'an attempt has an id of its own',
        find: "const usual = ask === 'time' ? this.#writer.write(id)?.slice() : undefined;",
        replace:
          "const usual = ask === 'time' ? this.#writer.write(id + request.attempts)?.slice() : undefined;",
      },
      {
        what: 'requests of one turn are all the last one',
        find: 'this.#writer.write(id)?.slice()',
        replace: 'this.#writer.write(id)',
      },
      {
        what: 'an answer is taken for that of any request',
        find: "reply.kind !== 'error' && reply.id !== request.id",
        replace: "reply.kind !== 'error' && reply.id === undefined",
      },
      {
        what: 'a client that was never answered waits for ever for a server',
        find: 'if (!this.#everAnswered && now - request.since >= PATIENCE) {',
        replace: 'if (!this.#everAnswered && now - request.since >= Infinity) {',
      },
      {
        what: 'a client does not wait for servers that were there to come back',
        find: 'if (!this.#everAnswered && now',
        replace: 'if (now',
      },
      {
        what: 'a client does not wait for a server to come',
        find: 'const PATIENCE = 500;',
        replace: 'const PATIENCE = 0;',
      },
      {
        what: 'a request that no server listened to is not tried again',
        find: '    request.nextAttempt = now + Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** request.refusals);\n',
        replace: '    request.nextAttempt = Infinity;\n',
      },
      {
        what: 'only the request that found a server again is sent to it at once',
        find: 'if (this.#isWithoutServer) this.#sendToNewServer(now);',
        replace: '',
      },
      {
        what: 'an alarm under way is set twice once there is a server again',
        find: 'if (request.nextAttempt !== Infinity) this.#send',
        replace: 'this.#send',
      },
      {
        what: 'that no server listens counts as a time-out',
        find: '    if (request.refusals > 0) return this.#noResponders(request);\n',
        replace: '',
      },
      {
        what: 'requests that wait for NATS are not sent once it is back',
        find: 'connected: () => this.#sendAgain(),',
        replace: 'connected: () => undefined,',
      },
      {
        what: 'a closed client leaves its requests unanswered for ever',
        find: '    this.#failAll(closed());\n    clearTimeout',
        replace: '    clearTimeout',
      },
      {
        what: 'requests hang when the connection is closed',
        find: 'closed: () => this.#failAll(closed()),',
        replace: 'closed: () => undefined,',
        accepted: 'the next attempt of each, within a second, finds the connection closed and says so',
      },
    ]),
    ...inFile(state, 'time-client/nats-attempts', [
      {
        what: 'that NATS is gone counts as a time-out',
        find: 'this.#isConnected = false;',
        replace: 'this.#isConnected = true;',
      },
    ]),
    ...inCommand(exchange, 'nats/credentials', [
      {
        what: 'a subject that is forbidden counts as a time-out',
        find: 'if (this.#subjectOf(ask) === subject) return true;',
        replace: 'if (this.#subjectOf(ask) !== subject) return true;',
      },
    ]),
  ],
};
