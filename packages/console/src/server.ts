import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerCommand } from './commands.js';
import { Feed } from './feed.js';
import { readPage, type PageFile } from './files.js';
import { Guard } from './guard.js';
import type { Changes, Source } from './source.js';
import type { OtherKind } from './wire.js';

export interface ConsoleOptions {
  readonly source: Source;
  /** The folder of the page's files. */
  readonly page: URL;
  readonly token: string;
  /** An address or a name of this machine. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  /** Tells the log of a look that failed. @returns the sentence for viewers */
  readonly failed: (error: unknown) => string;
}

const OTHER_KINDS: readonly OtherKind[] = ['segments', 'semaphores', 'posix'];

/** The kernel's ids are ints. */
const HIGHEST_ID = 2 ** 31 - 1;

/** The browser runs and loads only the page's own files, asks only its own server, and shows the page in no other. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** The web server of the page. */
export class Console {
  readonly #server: Server;
  readonly #feed: Feed;
  readonly #guard: Guard;
  readonly #source: Source;
  readonly #files: ReadonlyMap<string, PageFile>;

  private constructor({ source, page, token, host, failed }: ConsoleOptions) {
    this.#source = source;
    this.#files = readPage(page);
    this.#feed = new Feed(source, failed);
    this.#guard = new Guard(token, host);
    this.#server = createServer((request, response) => {
      // A look that fails ends neither the server nor what others look at.
      this.#answer(request, response).catch((error: unknown) => {
        const sentence = failed(error);
        if (response.headersSent) response.destroy();
        else sendText(response, 500, sentence);
      });
    });
  }

  /** Listens. @throws EADDRINUSE, EADDRNOTAVAIL, EACCES, ENOTFOUND */
  static async start(options: ConsoleOptions): Promise<Console> {
    const started = new Console(options);
    await new Promise<void>((resolve, reject) => {
      started.#server.once('error', reject);
      started.#server.listen(options.port, options.host, resolve);
    });
    return started;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many pages are open. */
  get viewers(): number {
    return this.#feed.viewers;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#feed.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const admitted = this.#guard.admit(request);
    if ('status' in admitted) {
      sendText(response, admitted.status, admitted.sentence);
      return;
    }
    const { path } = admitted;
    const { changes } = this.#source;
    if (request.method === 'POST' && changes !== undefined && path.startsWith('/changes/')) {
      await change(request, response, path, changes);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendText(response, 405, 'This page only reads.');
      return;
    }
    const file = this.#files.get(path);
    // The browser compiles the script meanwhile, and then asks for the events.
    if (path === '/page.js') response.once('finish', () => this.#feed.expectViewer());
    if (file !== undefined) sendFile(request, response, file);
    else if (path === '') redirect(request, response);
    else if (path === '/events') this.#stream(request, response);
    else if (path === '/servers') sendJson(response, await this.#source.servers());
    else this.#sendLook(path, response);
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    if (request.method === 'HEAD') response.end();
    else this.#feed.add(response);
  }

  #sendLook(path: string, response: ServerResponse): void {
    const kind = OTHER_KINDS.find((each) => path === `/${each}`);
    if (kind === undefined) this.#sendQueue(path, response);
    else sendJson(response, this.#source.objects(kind));
  }

  #sendQueue(path: string, response: ServerResponse): void {
    const [, id] = /^\/queues\/(\d{1,10})$/.exec(path) ?? [];
    const view = id === undefined || Number(id) > HIGHEST_ID ? undefined : this.#source.queue(Number(id));
    if (view === undefined) sendText(response, 404, 'There is no such queue.');
    else sendJson(response, view);
  }
}

async function change(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  changes: Changes,
): Promise<void> {
  const reply = await answerCommand(request, path, changes);
  if ('sentence' in reply) sendText(response, reply.status, reply.sentence);
  else sendJson(response, reply.content);
}

/** Relative addresses in the page start at the token's folder. */
function redirect({ url = '' }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Location', `${url.replace(/[?].*$/s, '')}/`);
  sendText(response, 308, 'This is a folder.');
}

function sendText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

function sendFile({ headers }: IncomingMessage, response: ServerResponse, file: PageFile): void {
  const takesBrotli = /\bbr\b/.test(headers['accept-encoding'] ?? '');
  response.writeHead(200, {
    'Content-Type': file.type,
    Vary: 'Accept-Encoding',
    ...(takesBrotli && { 'Content-Encoding': 'br' }),
  });
  response.end(takesBrotli ? file.compressed : file.plain);
}
