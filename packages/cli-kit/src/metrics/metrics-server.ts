import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXIT, ExitError } from '../exit/exit-codes.js';
import { note } from '../output/notes.js';
import { contentTypeOf, expose, type Exposition, type MetricFamily } from './exposition.js';
import { formatAddress, type ListenAddress } from './listen-address.js';

const PATH = '/metrics';

/** Serves /metrics until it is closed. */
export class MetricsServer implements AsyncDisposable {
  /** Where it listens, with the port that was found. */
  readonly address: ListenAddress;
  readonly #server: Server;

  private constructor(server: Server, address: ListenAddress) {
    this.#server = server;
    this.address = address;
  }

  /** @throws ExitError if it can't listen there */
  static async listen(
    wanted: ListenAddress,
    collect: () => Promise<readonly MetricFamily[]>,
  ): Promise<MetricsServer> {
    const scrape = sharing(collect);
    const server = createServer((request, response) => void answer(request, response, scrape));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        reject(explained(error, wanted));
      });
      server.listen(wanted.port, wanted.host, resolve);
    });
    const { port } = server.address() as AddressInfo;
    return new MetricsServer(server, { host: wanted.host, port });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Those who ask while an answer is made get the same one. */
function sharing<T>(make: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () =>
    (pending ??= make().finally(() => {
      pending = undefined;
    }));
}

async function answer(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  scrape: () => Promise<readonly MetricFamily[]>,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    end(response, 405, `only GET and HEAD of ${PATH} are answered\n`);
    return;
  }
  if (url?.split('?')[0] !== PATH) {
    end(response, 404, `the metrics are at ${PATH}\n`);
    return;
  }
  const format: Exposition = headers.accept?.includes('application/openmetrics-text')
    ? 'openmetrics'
    : 'text';
  try {
    const text = await expose(await scrape(), format);
    end(response, 200, text, contentTypeOf(format));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    note(`the metrics could not be read: ${reason}`);
    end(response, 500, `the metrics could not be read: ${reason}\n`);
  }
}

function end(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  response.end(body);
}

function explained(error: NodeJS.ErrnoException, { host, port }: ListenAddress): unknown {
  const where = formatAddress({ host, port });
  const reasons: Readonly<Record<string, readonly [exitCode: number, sentence: string]>> = {
    EADDRINUSE: [EXIT.failed, `another program listens on ${where}; use another port`],
    EACCES: [EXIT.notPermitted, `this user may not listen on ${where}; use a port from 1024 up`],
    EADDRNOTAVAIL: [EXIT.usage, `${host} is no address of this machine; \`ip address\` shows those`],
    ENOTFOUND: [EXIT.usage, `there is no host '${host}'; write an address such as 127.0.0.1`],
    EAI_AGAIN: [EXIT.usage, `the host '${host}' can't be looked up now; write an address such as 127.0.0.1`],
  };
  const known = reasons[error.code ?? ''];
  const [exitCode, sentence] = known ?? [EXIT.failed, `can't listen on ${where}: ${error.message}`];
  return new ExitError(exitCode, sentence, { cause: error });
}
