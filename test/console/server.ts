import { request, type IncomingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';

export interface Served {
  readonly process: RunningProcess;
  /** The address that was printed. */
  readonly url: string;
}

/** The same where backups go into a folder of the test's own. */
export async function serveChanges(t: TestContext): Promise<Served & { readonly state: string }> {
  const state = temporaryFolder(t);
  const env = { XDG_STATE_HOME: state };
  const process = startNode(t, [bin('ipctools'), 'serve', '--allow-changes'], { env });
  return { process, url: await process.nextLine(), state };
}

/** Starts `ipctools serve`, and reads the address that it prints. */
export async function serve(t: TestContext, ...options: readonly string[]): Promise<Served> {
  const process = startNode(t, [bin('ipctools'), 'serve', ...options]);
  return { process, url: await process.nextLine() };
}

export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks with any headers, which fetch would not send. */
export async function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  sent = '',
): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    })
      .on('error', reject)
      .end(sent);
  });
}
