import { readdirSync } from 'node:fs';
import { IpcNamespace, Processes } from '@timeq/mq-native';
import { codeOf } from '../failure.js';

/** An IPC namespace, with one of its processes. */
export interface FoundNamespace {
  readonly namespace: IpcNamespace;
  readonly pid: number;
  /** The command's name; undefined if the process has just ended. */
  readonly process: string | undefined;
}

/** Describes a namespace by the process through which it was found. */
export function describeFound(namespace: IpcNamespace): FoundNamespace {
  const { pid } = namespace;
  return { namespace, pid, process: new Processes().live(pid)?.name };
}

/**
 * Every IPC namespace of a visible process, the own one first, each with its process of the lowest pid. `unseen` is how
 * many processes could not be inspected.
 */
export function findNamespaces(): { readonly found: readonly FoundNamespace[]; readonly unseen: number } {
  const byInode = new Map<number, IpcNamespace>();
  let unseen = 0;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids.map(Number).toSorted((a, b) => a - b)) {
    try {
      const namespace = IpcNamespace.ofProcess(pid);
      if (!byInode.has(namespace.inode)) byInode.set(namespace.inode, namespace);
    } catch (error) {
      if (codeOf(error) === 'EPERM') unseen += 1;
      else if (codeOf(error) !== 'ESRCH') throw error;
    }
  }
  const own = IpcNamespace.own().inode;
  const namespaces = [...byInode.values()].toSorted(
    (a, b) => Number(b.inode === own) - Number(a.inode === own),
  );
  return { found: namespaces.map(describeFound), unseen };
}
