import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from './folder.js';
import { startPeer } from './foreign.js';
import type { RunningProcess } from './process.js';

// Takes datagrams in the place of systemd, and prints each in a line.
const RECEIVER = `
import socket, sys
path = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind('\\0' + path[1:] if path.startswith('@') else path)
print('ready', flush=True)
while True:
    print(repr(receiver.recv(4096).decode()), flush=True)
`;

/** A receiver of sd_notify's messages, in Python: it prints each as a line. */
export async function receiverAt(t: TestContext, path: string): Promise<RunningProcess> {
  const receiver = startPeer(t, 'python', RECEIVER, [path]);
  await receiver.waitFor('ready');
  return receiver;
}

/** A path for its socket. */
export function socketPath(t: TestContext): string {
  const folder = temporaryFolder(t);
  return join(folder, 'socket');
}
