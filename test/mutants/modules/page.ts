import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const server = 'packages/console/src';
const source = 'packages/ipctools/src/cli/serve';

export const page: GuardedModule = {
  name: 'page',
  mutations: [
    ...inCommand(`${server}/guard.ts`, 'console/refusals', [
      {
        what: 'any token is accepted',
        find: 'if (!timingSafeEqual(digest(token), this.#token)) return UNKNOWN;',
        replace: '',
      },
      {
        what: 'a host name that an attacker points at this machine is accepted',
        find: '!(isAddress || this.#names.has(host))',
        replace: 'false',
      },
      {
        what: 'a request of another origin is accepted',
        find: 'if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return FOREIGN;',
        replace: '',
      },
      {
        what: 'a navigation from another site is accepted',
        find: "site !== 'same-origin' && site !== 'none'",
        replace: 'false',
      },
    ]),
    ...inCommand(`${server}/server.ts`, 'console/refusals', [
      {
        what: 'an id beyond an int ends the server',
        find: 'id === undefined || Number(id) > HIGHEST_ID',
        replace: 'id === undefined',
      },
    ]),
    ...inCommand(`${server}/commands.ts`, 'console/changes', [
      {
        what: 'a form of another site changes something',
        find: "headers['content-type'] === 'application/json' && ",
        replace: '',
      },
      {
        what: 'a program that names no origin changes something',
        find: ' && headers.origin === `http://${headers.host}`',
        replace: '',
      },
    ]),
    ...inFile(`${server}/server.ts`, 'console/failed-looks', [
      {
        what: 'a view that fails hangs for its viewer',
        find: '        else sendText(response, 500, sentence);\n',
        replace: '',
      },
    ]),
    ...inFile(`${server}/feed.ts`, 'console/failed-looks', [
      {
        what: 'a sample that fails ends the server',
        find: '      this.#failed(error);\n',
        replace: '      throw error;\n',
      },
    ]),
    ...inCommand(`${source}/live-changes.ts`, 'console/changes', [
      {
        what: 'a command is carried out that was not shown',
        find: ' || markOf(command, prepared) !== mark',
        replace: '',
      },
    ]),
    ...inCommand(`${source}/token.ts`, 'console/refusals', [
      {
        what: 'a token that others can read is used',
        find: '(state.mode & 0o077) !== 0',
        replace: 'false',
      },
      {
        what: 'others can read a new token',
        find: 'mode: 0o600,',
        replace: 'mode: 0o644,',
      },
    ]),
  ],
};
