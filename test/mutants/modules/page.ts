import type { GuardedModule } from '../mutation.js';

const server = 'packages/console/src';
const source = 'packages/ipctools/src/cli/serve';

export const page: GuardedModule = {
  name: 'page',
  tests: ['console/refusals'],
  runsCommands: true,
  mutations: [
    {
      file: `${server}/guard.ts`,
      what: 'any token is accepted',
      find: 'if (!timingSafeEqual(digest(token), this.#token)) return UNKNOWN;',
      replace: '',
    },
    {
      file: `${server}/guard.ts`,
      what: 'a host name that an attacker points at this machine is accepted',
      find: '!(isAddress || this.#names.has(host))',
      replace: 'false',
    },
    {
      file: `${server}/guard.ts`,
      what: 'a request of another origin is accepted',
      find: 'if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return FOREIGN;',
      replace: '',
    },
    {
      file: `${server}/guard.ts`,
      what: 'a navigation from another site is accepted',
      find: "site !== 'same-origin' && site !== 'none'",
      replace: 'false',
    },
    {
      file: `${server}/server.ts`,
      what: 'an id beyond an int ends the server',
      find: 'id === undefined || Number(id) > HIGHEST_ID',
      replace: 'id === undefined',
    },
    {
      file: `${server}/commands.ts`,
      tests: ['console/changes'],
      what: 'a form of another site changes something',
      find: "headers['content-type'] === 'application/json' && ",
      replace: '',
    },
    {
      file: `${server}/commands.ts`,
      tests: ['console/changes'],
      what: 'a program that names no origin changes something',
      find: ' && headers.origin === `http://${headers.host}`',
      replace: '',
    },
    {
      file: `${server}/server.ts`,
      tests: ['console/failed-looks'],
      runsCommands: false,
      what: 'a view that fails hangs for its viewer',
      find: '        else sendText(response, 500, sentence);\n',
      replace: '',
    },
    {
      file: `${server}/feed.ts`,
      tests: ['console/failed-looks'],
      runsCommands: false,
      what: 'a sample that fails ends the server',
      find: '      this.#failed(error);\n',
      replace: '      throw error;\n',
    },
    {
      file: `${source}/live-changes.ts`,
      tests: ['console/changes'],
      what: 'a command is carried out that was not shown',
      find: ' || markOf(command, prepared) !== mark',
      replace: '',
    },
    {
      file: `${source}/token.ts`,
      what: 'a token that others can read is used',
      find: '(state.mode & 0o077) !== 0',
      replace: 'false',
    },
    {
      file: `${source}/token.ts`,
      what: 'others can read a new token',
      find: 'mode: 0o600,',
      replace: 'mode: 0o644,',
    },
  ],
};
