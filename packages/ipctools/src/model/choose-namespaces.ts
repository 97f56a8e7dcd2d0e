import { IpcNamespace } from '@timeq/mq-native';
import { invalid } from '../failure.js';
import { formatCount } from '../format/count.js';
import { describeFound, findNamespaces, type FoundNamespace } from './find-namespaces.js';

/**
 * The namespaces that --namespace names, or undefined for the own one.
 *
 * @param word a pid, `all`, or nothing
 * @param tell is called with a sentence if processes could not be inspected
 * @throws Failure on wrong usage; IpcError ESRCH, EPERM
 */
export function chooseNamespaces(
  word: string | undefined,
  tell: (sentence: string) => void,
): readonly FoundNamespace[] | undefined {
  if (word === undefined) return undefined;
  if (word === 'all') {
    const { found, unseen } = findNamespaces();
    if (unseen > 0) {
      const processes = formatCount(unseen, 'process', 'processes');
      tell(`${processes} can't be looked at, so a namespace may be missing`);
    }
    return found;
  }
  if (!/^[1-9]\d{0,9}$/.test(word) || Number(word) > 0x7fff_ffff)
    throw invalid(`'${word}' is not a process id; --namespace takes a pid, or all`);
  return [describeFound(IpcNamespace.ofProcess(Number(word)))];
}
