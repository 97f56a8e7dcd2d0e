import { cut, ELLIPSIS } from '@timeq/cli-kit/text/width';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { Processes } from '@timeq/mq-native';
import type { LogEvent } from '../log.js';
import type { TakenRequest } from '../taken-request.js';

/** How many requests get a line of their own in each second: as many as a person can follow. */
const LINES_PER_SECOND = 20;

/** The longest command and the longest reason of a line, in columns. */
const TEXT_COLUMNS = 60;

const ANSWERS: Readonly<Record<TakenRequest['answer'], string>> = {
  text: 'the time as text',
  time: 'the time',
  status: 'the status',
  'set-clock': 'its clock to set',
  alarm: 'an alarm',
  cancel: 'alarms to cancel',
  alarms: 'its alarms',
  error: 'refused',
  stop: 'a stop message',
};

/** Writes a line for each request: the first of each second, and then how many more came in it. */
export class RequestLog {
  readonly #write: (event: LogEvent) => void;
  #lines = 0;
  #more = 0;
  #second: NodeJS.Timeout | undefined;

  constructor(write: (event: LogEvent) => void) {
    this.#write = write;
  }

  add(request: TakenRequest): void {
    if (this.#second === undefined) this.#second = setTimeout(() => this.#startAnew(), 1000).unref();
    if (this.#lines === LINES_PER_SECOND) {
      this.#more += 1;
      return;
    }
    this.#lines += 1;
    this.#write(toEvent(request));
  }

  /** Writes how many requests have had no line so far. */
  flush(): void {
    const count = this.#more;
    if (count === 0) return;
    this.#more = 0;
    const message = `${ELLIPSIS} ${count.toLocaleString('en')} more in this second`;
    this.#write({ level: 'info', event: 'requests', message, details: { count } });
  }

  #startAnew(): void {
    this.#second = undefined;
    this.flush();
    this.#lines = 0;
  }
}

function toEvent(request: TakenRequest): LogEvent {
  const { type, subject, bytes, lastSender, answer, replyType, message } = request;
  const program = lastSender === undefined ? undefined : programOf(lastSender);
  const from = type === undefined ? subject : `type ${type}`;
  const sender = lastSender === undefined ? '' : `, last sender ${described(lastSender, program)}`;
  const at = replyType === undefined ? '' : ` at type ${replyType}`;
  const why = message === undefined ? '' : `: ${shortened(message)}`;
  return {
    level: 'info',
    event: 'request',
    message: `${from}, ${bytes} bytes${sender}: ${ANSWERS[answer]}${at}${why}`,
    details: {
      ...(type === undefined ? { subject: subject ?? '' } : { type: Number(type) }),
      bytes,
      ...(lastSender !== undefined && { lastSender }),
      ...(program !== undefined && { program }),
      answer,
      // As text, because a double does not hold every type.
      ...(replyType !== undefined && { replyType: String(replyType) }),
      ...(message !== undefined && { reason: message }),
    },
  };
}

function programOf(pid: number): string | undefined {
  return pid === 0 || pid === process.pid ? undefined : new Processes().program(pid);
}

function described(pid: number, program: string | undefined): string {
  if (pid === 0) return 'in another pid namespace';
  if (pid === process.pid) return 'this server';
  return program === undefined ? `${pid} (ended)` : `${pid} (${shortened(program)})`;
}

function shortened(text: string): string {
  return cut(escapeText(text), TEXT_COLUMNS);
}
