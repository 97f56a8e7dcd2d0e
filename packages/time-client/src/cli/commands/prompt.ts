import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { aroundStops } from '@timeq/cli-kit/signals/stops';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { createInterface } from 'node:readline';
import { formatKey } from '@timeq/mq-native';
import { answerWriter } from '../render/answer-text.js';
import type { AnswerWriter } from '../render/server-text.js';
import { ClientError } from '../../client/client-error.js';
import { TimeClient } from '../../client/time-client.js';
import { readChoice } from '../prompt-choice.js';
import type { Settings } from '../settings.js';
import { verb } from '../verb.js';
import { stoppedSentence } from './stop.js';

const QUESTION = 'Message type (1: the time, 2: stop the server, q: quit): ';

/**
 * The conversation of the exercise: it asks for a message type to send, again and again.
 *
 * It stays when the server is gone or not there yet, so you can start one elsewhere and go on. Ctrl-C cancels the
 * pending request, or quits if there is none; so do `q` and the end of input. The exit code is 0.
 */
export const run = verb(async (settings, signal) => {
  const conversation = new Conversation(settings, await answerWriter(settings));
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: QUESTION });
  const stops = aroundStops(process.stdin, {
    // A pending request has no question to show again.
    resume: () => {
      if (!conversation.isBusy) lines.prompt(true);
    },
  });
  signal.addEventListener('abort', () => lines.close(), { once: true });
  lines.on('SIGINT', () => {
    if (!conversation.cancel()) lines.close();
  });
  let leaving = false;
  lines.on('close', () => {
    conversation.cancel();
    // The shell's prompt must not follow the question on its line.
    if (!leaving) print('');
  });
  try {
    conversation.open();
    lines.prompt();
    for await (const line of lines) {
      leaving = await conversation.answer(line);
      if (leaving) break;
      lines.prompt();
    }
  } finally {
    stops[Symbol.dispose]();
    lines.close();
    conversation.close();
  }
  signal.throwIfAborted();
  return EXIT.done;
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

class Conversation {
  readonly #settings: Settings;
  readonly #write: AnswerWriter;
  #client: TimeClient | undefined;
  #pending: AbortController | undefined;

  constructor(settings: Settings, write: AnswerWriter) {
    this.#settings = settings;
    this.#write = write;
  }

  /** Reports at once if there is no server. */
  open(): void {
    try {
      this.#connect();
    } catch (error) {
      this.#say(error);
    }
  }

  /** Acts on a line. Returns true if that is to quit. */
  async answer(line: string): Promise<boolean> {
    const choice = readChoice(line);
    switch (choice.kind) {
      case 'leave':
        return true;
      case 'nothing':
        break;
      case 'nonsense':
        print(choice.sentence);
        break;
      case 'time':
        await this.#attempt(async (client, signal) => this.#write(await client.now({ signal })));
        break;
      case 'stop':
        await this.#attempt(async (client, signal) => {
          await client.stop({ signal });
          this.close();
          return stoppedSentence(formatKey(this.#settings.key));
        });
        break;
    }
    return false;
  }

  get isBusy(): boolean {
    return this.#pending !== undefined;
  }

  /** Cancels the pending request; false if there is none. */
  cancel(): boolean {
    this.#pending?.abort();
    return this.#pending !== undefined;
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async #attempt(task: (client: TimeClient, signal: AbortSignal) => Promise<string>): Promise<void> {
    this.#pending = new AbortController();
    try {
      print(await task(this.#connect(), this.#pending.signal));
    } catch (error) {
      if (this.#pending.signal.aborted) print('Cancelled.');
      else this.#say(error);
    } finally {
      this.#pending = undefined;
    }
  }

  #connect(): TimeClient {
    this.#client ??= TimeClient.connect(this.#settings.key, this.#settings);
    return this.#client;
  }

  #say(error: unknown): void {
    if (!(error instanceof ClientError)) throw error;
    // The next attempt looks for the queue that a new server may have created by then.
    if (error.noServer) this.close();
    const sentence = escapeText(error.message);
    // No full stop: most sentences end with a command to copy.
    print(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`);
  }
}
