import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { codeOf } from '../failure.js';
import { note } from '@timeq/cli-kit/output/notes';
import type { Output } from '@timeq/cli-kit/output/output';
import { chooseNamespaces } from '../model/choose-namespaces.js';
import type { FoundNamespace } from '../model/find-namespaces.js';

/** --namespace: a pid, or `all`. */
export interface NamespaceOptions {
  readonly namespace?: string;
}

/** A verb's work in one namespace; `found` is undefined if none was named. */
type Visit = (found: FoundNamespace | undefined) => Promise<number>;

/** Works in a namespace. With `all`, one may have ended since it was found: then there is nothing to do. */
async function inside<Result>(
  { namespace }: FoundNamespace,
  isOneOfMany: boolean,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  let entered: Disposable;
  try {
    entered = namespace.enter();
  } catch (error) {
    if (isOneOfMany && codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
  try {
    return await work();
  } finally {
    entered[Symbol.dispose]();
  }
}

/** `namespace 4026531839: process 1 systemd`. */
function nameNamespace({ namespace, pid, process }: FoundNamespace): string {
  return `namespace ${namespace.inode}: process ${pid} ${escapeText(process ?? '')}`.trimEnd();
}

/**
 * Runs a verb in each namespace that --namespace names, or in the own one. With `all`, each has a heading with its
 * number and one of its processes; in JSON, the verb's output for one namespace is under the verb's name.
 * @param hasAny tells whether a namespace has anything to report; `all` leaves out those without
 * @throws ExitError if no namespace has anything to report; IpcError EPERM, ESRCH
 */
export async function acrossNamespaces(
  {
    namespace: word,
    json,
    heading = true,
  }: NamespaceOptions & { readonly json?: true; readonly heading?: boolean },
  verb: string,
  output: Output,
  visit: Visit,
  hasAny: (found: FoundNamespace) => boolean = () => true,
): Promise<number> {
  const chosen = chooseNamespaces(word, (sentence) => note(`ipctools: ${sentence}`));
  if (chosen === undefined) return visit(undefined);
  const all = word === 'all';
  let visited = 0;
  let worst: number = EXIT.done;
  for (const found of chosen) {
    const code = await inside(found, all, async () => {
      if (all && !hasAny(found)) return undefined;
      if (all && heading) await output.write(opening(found, verb, visited, json === true));
      const exitCode = await visit(found);
      if (all && json === true) await output.write('}');
      return exitCode;
    });
    if (code === undefined) continue;
    visited += 1;
    worst = Math.max(worst, code);
  }
  if (visited === 0)
    throw new ExitError(
      EXIT.failed,
      'no namespace has that queue; `ipctools list --namespace all` shows them',
    );
  if (all && json === true) await output.write(']}\n');
  await output.flush();
  return worst;
}

function opening(found: FoundNamespace, verb: string, visited: number, json: boolean): string {
  if (!json) return `${visited === 0 ? '' : '\n'}${nameNamespace(found)}\n`;
  const { namespace, pid, process } = found;
  const fields = jsonText({ namespace: namespace.inode, pid, process: process ?? null }).slice(0, -1);
  return `${visited === 0 ? '{"namespaces":[\n' : ',\n'}${fields},${jsonText(verb)}:`;
}
