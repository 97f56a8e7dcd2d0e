import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readMessageType } from '@timeq/cli-kit/args/message-type';
import { escapeText } from '@timeq/cli-kit/text/escape';
import type { Changes } from '@timeq/console/source';
import type { Backups, Command, Outcome, Plan } from '@timeq/console/wire';
import { MessageQueue, type MessageType } from '@timeq/mq-native';
import { backupFolder, listBackups } from '../../backup/folder.js';
import { describePlan, planRestore, type RestorePlan } from '../../backup/plan-restore.js';
import { readCopies } from '../../backup/read-copies.js';
import { restoreQueues } from '../../backup/restore.js';
import { backupFrom, cleanObjects } from '../../cleaning/clean.js';
import { Failure } from '../../failure.js';
import { formatCount } from '../../format/count.js';
import { Facts } from '../../model/facts.js';
import { nameQueue } from '../../model/find-queue.js';
import { nameObject, type IpcObject } from '../../model/ipc-object.js';
import { formatSize } from '../../render/bytes.js';
import { previewBody } from '../../render/body-format.js';
import { closingLines } from '../../render/cleaning.js';
import { explain } from '../explain.js';

/** A plan, and how it is carried out. */
interface Prepared {
  readonly lines: readonly string[];
  readonly refusals?: readonly string[];
  /** The state that the lines describe. */
  readonly state: unknown;
  carryOut(): Outcome;
}

const CHANGED = 'it has changed since it was shown; nothing done: look again';

/** Removes, sends and restores for the page, as the verbs of the same names do. */
export class LiveChanges implements Changes {
  backups(): Backups {
    try {
      const files = listBackups().map(({ path, time, size }) => ({
        name: basename(path),
        time,
        bytes: size,
      }));
      return { backups: files, refusals: [] };
    } catch (error) {
      return { backups: [], refusals: [sentenceOf(error)] };
    }
  }

  plan(command: Command): Plan {
    try {
      const prepared = prepare(command);
      const { lines, refusals = [] } = prepared;
      return {
        lines: lines.map(escapeText),
        refusals: refusals.map(escapeText),
        mark: markOf(command, prepared),
      };
    } catch (error) {
      return { lines: [], refusals: [sentenceOf(error)], mark: '' };
    }
  }

  carryOut(command: Command, mark: string): Outcome {
    try {
      const prepared = prepare(command);
      if ((prepared.refusals ?? []).length > 0 || markOf(command, prepared) !== mark)
        return { done: false, lines: [CHANGED] };
      const { done, lines } = prepared.carryOut();
      return { done, lines: lines.map(escapeText) };
    } catch (error) {
      return { done: false, lines: [sentenceOf(error)] };
    }
  }
}

function markOf(command: Command, { lines, state }: Prepared): string {
  return createHash('sha256')
    .update(JSON.stringify([command, lines, state]))
    .digest('base64url');
}

/** @throws the error if it is a bug */
function sentenceOf(error: unknown): string {
  const failure = explain(error);
  if (failure === undefined) throw error;
  return escapeText(failure.message);
}

function prepare(command: Command): Prepared {
  if (command.verb === 'remove') return prepareRemoval(command.id);
  if (command.verb === 'send') return prepareSend(command.id, readMessageType(command.type), command.body);
  return prepareRestore(command.backup);
}

function prepareRemoval(id: number): Prepared {
  const entry = MessageQueue.list().find((each) => each.id === id);
  if (entry === undefined) throw new Failure(`no queue has id ${id}`);
  const object: IpcObject = { kind: 'queue', entry };
  const facts = new Facts();
  const threads = facts.blocked.byQueue.get(id)?.length ?? 0;
  return {
    lines: [
      `${nameObject(object)}, of ${facts.owners.user(entry.uid)}`,
      `${formatCount(entry.messages, 'message')}, ${formatSize(entry.bytes)}`,
      ...(threads > 0
        ? [`${formatCount(threads, 'thread waits', 'threads wait')} in it, and will get an error`]
        : []),
      `a copy goes to ${backupFolder()} first`,
    ],
    state: entry,
    carryOut() {
      const cleaning = cleanObjects([object], backupFrom(undefined, 'remove'), facts);
      const stays = [...cleaning.kept, ...cleaning.failed].map(({ why }) => `it stays: ${why}`);
      return { done: cleaning.removed.length > 0, lines: [...stays, ...closingLines(cleaning)] };
    },
  };
}

function prepareSend(id: number, type: MessageType, body: string): Prepared {
  const bytes = Buffer.from(body, 'utf8');
  const queue = MessageQueue.fromId(id);
  const entry = MessageQueue.list().find((each) => each.id === id);
  const name = nameQueue(entry ?? { id });
  return {
    lines: [`to ${name}`, `type ${type}, ${formatSize(bytes.length)}`, previewBody(bytes)],
    // Other messages may come and go, but another queue is not meant.
    state: [entry?.key, entry?.uid],
    carryOut() {
      if (queue.trySend(type, bytes)) return { done: true, lines: [`sent to ${name}`] };
      return { done: false, lines: [`${name} is full; nothing sent`] };
    },
  };
}

function prepareRestore(name: string): Prepared {
  const file = listBackups().find(({ path }) => basename(path) === name);
  if (file === undefined) throw new Failure(`there is no backup ${name}; \`ipctools backups\` lists them`);
  const { queues } = readCopies(file.path);
  const plans = planRestore(queues, { to: 'same key' });
  return {
    lines: plans.map((plan) => describePlan(plan)),
    refusals: plans.flatMap(({ obstacles }) => obstacles),
    state: [file, plans.map(({ existing }: RestorePlan) => existing?.id ?? null)],
    carryOut() {
      const ids = restoreQueues(plans);
      return {
        done: true,
        lines: ids.map(
          (id, index) => `restored to queue ${id}: ${plans[index] ? describePlan(plans[index], true) : ''}`,
        ),
      };
    },
  };
}
