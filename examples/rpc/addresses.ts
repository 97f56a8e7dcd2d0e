import { ftok, type Key } from '@timeq/mq-native';

/**
 * Where a server and its clients meet: at a path that both know. ftok makes keys of it; they come from the low bits of
 * its inode and device, so two paths can have the same. A server never takes a queue that is not its own for that reason.
 */
interface Addresses {
  readonly requests: Key;
  readonly replies: Key;
}

/**
 * Two queues, so that a queue full of requests never keeps a reply out. Beside the requests is the server's liveness.
 * @throws IpcError ENOENT if nothing is at the path
 */
export function addressesOf(path: string): Addresses {
  return { requests: ftok(path, 1), replies: ftok(path, 2) };
}
