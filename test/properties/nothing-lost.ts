import * as fc from 'fast-check';
import { isMessage, perform, type Operation, type Perform, type Result, type Seen } from './operation.js';
import { messageType, taking } from './operations.js';
import { line, text } from './steps.js';
import type { Subject } from './subject.js';

type Program = Operation[];

const program = fc.array(
  fc.oneof(
    messageType.map((type): Operation => ({ kind: 'send', type, body: '' })),
    taking,
  ),
  { maxLength: 40 },
);

/**
 * Messages that two processes send and take at the same time are neither lost, duplicated nor reordered.
 * @param begin creates the function that performs operations in this process, for each run
 */
export function nothingLost(
  subject: Subject,
  begin: () => Perform = () => perform,
): fc.IAsyncProperty<[Program, Program]> {
  return fc.asyncProperty(program, program, async (here, there) => {
    subject.renew();
    const { queue, other } = subject;
    const does = begin();
    const programs = [numbered(here, 'a'), numbered(there, 'b')] as const;
    const theirs = other.perform(programs[1]);
    const results = [programs[0].map((each) => does(queue, each)), await theirs] as const;
    const left = perform(queue, { kind: 'peekAll' }) as Seen[];

    const sent = programs.flatMap((each, index) => sentBy(each, results[index] ?? []));
    const taken = results.map(takenIn);
    const wrong =
      difference(sent, [...taken.flat(), ...left]) ??
      // Messages of one sender and type keep their order, in each receiver and among those left in the queue.
      [...taken, left].map(outOfOrder).find((what) => what !== undefined);
    if (wrong === undefined) return;
    const steps = programs.flatMap((each, index) =>
      each.map((one, at) => line(index === 0 ? 'a' : 'b', one, results[index]?.[at] ?? 'nothing came back')),
    );
    throw new Error([...steps, `left: ${text(left)}`, wrong].join('\n'));
  });
}

/** Bodies that contain their sender and sequence number. */
function numbered(operations: Program, sender: string): Operation[] {
  return operations.map((each, index) =>
    each.kind === 'send'
      ? { ...each, body: `${sender}${String(index).padStart(3, '0')}` }
      : withoutLimit(each),
  );
}

/** Truncated bodies could not be told apart. */
function withoutLimit(each: Operation): Operation {
  if (each.kind !== 'receive') return each;
  const { maxBytes: _maxBytes, truncate: _truncate, ...options } = each.options;
  return { ...each, options };
}

function sentBy(operations: Program, results: readonly Result[]): Seen[] {
  return operations.flatMap((each, index): Seen[] =>
    each.kind === 'send' && results[index] === true ? [[String(each.type), each.body]] : [],
  );
}

function takenIn(results: readonly Result[]): Seen[] {
  return results.flatMap((result): readonly Seen[] => {
    if (isMessage(result)) return [result];
    return Array.isArray(result) ? (result as readonly Seen[]) : [];
  });
}

/** The problem, unless each sent message is there exactly once. */
function difference(sent: readonly Seen[], there: readonly Seen[]): string | undefined {
  const count = (messages: readonly Seen[], message: Seen): number =>
    messages.filter((each) => String(each) === String(message)).length;
  for (const message of [...sent, ...there]) {
    const wanted = count(sent, message);
    const found = count(there, message);
    if (found < wanted) return `lost: ${text(message)}`;
    if (found > wanted)
      return `${wanted === 0 ? 'there, though its send failed' : 'doubled'}: ${text(message)}`;
  }
  return undefined;
}

function outOfOrder(messages: readonly Seen[]): string | undefined {
  const last = new Map<string, string>();
  for (const [type, body] of messages) {
    const origin = `${type} ${body.slice(0, 1)}`;
    const before = last.get(origin);
    if (before !== undefined && before > body) return `out of order: ${body} came after ${before}`;
    last.set(origin, body);
  }
  return undefined;
}
