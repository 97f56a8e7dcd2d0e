import { readOwner } from '@timeq/cli-kit/args/owner';
import { userId } from '@timeq/mq-native/libc';
import { readKey } from '@timeq/cli-kit/args/key';
import { formatKey } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { IpcObject } from '../model/ipc-object.js';

/** The objects that --owner, --key and --empty-only select. */
export interface CleaningOptions {
  readonly owner?: string;
  readonly key?: string;
  readonly emptyOnly?: true;
}

type Test = (object: IpcObject) => boolean;

/** A key, or a pattern with * and ? for its eight hexadecimal digits: `0x0000*`. */
function keyTest(pattern: string): Test {
  if (!/[*?]/.test(pattern)) {
    const wanted = readKey(pattern);
    return ({ entry }) => entry.key === wanted;
  }
  if (!/^0x[0-9a-f*?]+$/i.test(pattern))
    throw new UsageError(`'${pattern}' is not a key pattern; write it as '0x0000*'`);
  const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
  return ({ entry }) => expression.test(formatKey(entry.key));
}

function ownerTest(name: string): Test {
  const uid = readOwner('user', name, userId);
  return ({ entry }) => entry.uid === uid;
}

/** Its removal loses nothing: a queue without messages, or a semaphore set. The content of a segment is unknown. */
function isEmpty({ kind, entry }: IpcObject): boolean {
  if (kind === 'queue') return entry.messages === 0;
  return kind === 'semaphore set';
}

/** A test for the objects that may be cleaned. @throws UsageError on wrong usage */
export function parseSelectionOfObjects(options: CleaningOptions): Test {
  const tests: Test[] = [];
  if (options.owner !== undefined) tests.push(ownerTest(options.owner));
  if (options.key !== undefined) tests.push(keyTest(options.key));
  if (options.emptyOnly === true) tests.push(isEmpty);
  return (object) => tests.every((test) => test(object));
}
