import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer, connect, Socket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, Worker, type MessagePort } from 'node:worker_threads';
import { ifInterrupted } from '../../leftovers.js';
import type { Channel } from './channel.js';
import { streamChannel } from './stream-channel.js';

/** Node.js's own mechanisms. */
export type Mechanism = 'pipe' | 'fifo' | 'unix-socket' | 'tcp' | 'fork-message' | 'worker-message';

/** The script of the peer, with its arguments. */
export interface Peer {
  readonly script: string;
  readonly arguments: readonly string[];
}

function peerProcess(peer: Peer, place: string): ReturnType<typeof spawn> {
  return spawn(process.execPath, [peer.script, ...peer.arguments, place], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

interface MessageEnd {
  on(event: 'message', listener: (text: string) => void): unknown;
}

function processChannel(end: MessageEnd, send: (text: string) => void, close: () => void): Channel {
  return {
    send: (message) => {
      send(Buffer.from(message).toString('latin1'));
    },
    ready: () => new Promise((resolve) => void setImmediate(resolve)),
    onMessage: (listener) => void end.on('message', (text) => listener(Buffer.from(text, 'latin1'))),
    close,
  };
}

function portChannel(port: MessagePort | Worker, close: () => void): Channel {
  return {
    send: (message) => {
      port.postMessage(message);
    },
    ready: () => new Promise((resolve) => void setImmediate(resolve)),
    onMessage: (listener) => void port.on('message', listener),
    close,
  };
}

function fifo(path: string, use: 'read' | 'write'): Socket {
  // Opened for reading and writing, because open would wait for the peer (fifo(7)). The writer must not read its own messages.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return new Socket({ fd, readable: use === 'read', writable: use === 'write' });
}

async function listening(host: string | undefined, peer: Peer, bytes: number): Promise<Channel> {
  const folder = mkdtempSync(join(tmpdir(), 'timeq-bench-'));
  const server = createServer({ noDelay: true });
  if (host === undefined) server.listen(join(folder, 'socket'));
  else server.listen(0, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo | string;
  peerProcess(peer, typeof address === 'string' ? address : String(address.port));
  const [socket] = (await once(server, 'connection')) as [Socket];
  server.close();
  rmSync(folder, { recursive: true });
  return streamChannel(socket, socket, bytes);
}

/** Opens the measuring side, which starts its peer. */
export async function openHere(mechanism: Mechanism, peer: Peer, bytes: number): Promise<Channel> {
  switch (mechanism) {
    case 'pipe': {
      const child = peerProcess(peer, '');
      if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
      return streamChannel(child.stdout, child.stdin, bytes);
    }
    case 'fifo': {
      const folder = mkdtempSync(join(tmpdir(), 'timeq-bench-'));
      execFileSync('mkfifo', [join(folder, 'there'), join(folder, 'back')]);
      const channel = streamChannel(
        fifo(join(folder, 'back'), 'read'),
        fifo(join(folder, 'there'), 'write'),
        bytes,
      );
      const child = peerProcess(peer, folder);
      const close = (): void => {
        channel.close();
        // The peer has the FIFO open for both as well, and never reads an end of file.
        child.kill();
        rmSync(folder, { recursive: true });
      };
      ifInterrupted(close);
      return { ...channel, close };
    }
    case 'unix-socket':
      return listening(undefined, peer, bytes);
    case 'tcp':
      return listening('127.0.0.1', peer, bytes);
    case 'fork-message': {
      const child = fork(peer.script, peer.arguments);
      const send = (text: string): void => void child.send(text);
      return processChannel(child, send, () => {
        child.disconnect();
      });
    }
    case 'worker-message': {
      const worker = new Worker(peer.script, { argv: [...peer.arguments] });
      return portChannel(worker, () => void worker.terminate());
    }
  }
}

/** Opens the peer's side. */
export function openThere(mechanism: Mechanism, place: string, bytes: number): Channel {
  switch (mechanism) {
    case 'pipe':
      return streamChannel(process.stdin, process.stdout, bytes);
    case 'fifo':
      return streamChannel(fifo(join(place, 'there'), 'read'), fifo(join(place, 'back'), 'write'), bytes);
    case 'unix-socket':
    case 'tcp': {
      const socket = mechanism === 'tcp' ? connect(Number(place), '127.0.0.1').setNoDelay() : connect(place);
      return streamChannel(socket, socket, bytes);
    }
    case 'fork-message':
      return processChannel(
        process,
        (text) => void process.send?.(text),
        () => {
          process.disconnect();
        },
      );
    case 'worker-message': {
      const port = parentPort;
      if (port === null) throw new Error('not in a worker');
      return portChannel(port, () => {
        port.close();
      });
    }
  }
}
