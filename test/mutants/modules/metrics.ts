import { inCommand, type GuardedModule } from '../mutation.js';

const unread = 'packages/ipctools/src/cli/servers/unread-requests.ts';
const whole = 'packages/cli-kit/src/metrics/write-whole.ts';

export const metrics: GuardedModule = {
  name: 'metrics',
  mutations: [
    ...inCommand(unread, 'metrics/metrics', [
      {
        what: 'each scrape adds a request to the queue of a server that is stopped',
        find: '  return unread === ENOUGH;\n',
        replace: '  return false;\n',
      },
      {
        what: 'a server is not asked although it has received nothing yet',
        find: '  return unread === ENOUGH;\n',
        replace: '  return true;\n',
      },
    ]),
    ...inCommand(whole, 'metrics/delivery', [
      {
        what: 'the temporary file of a failed write stays',
        find: '    if (temporary !== undefined) rmSync(temporary, { force: true });\n',
        replace: '',
      },
      {
        what: 'a reader sees half a file',
        find: "openSync(temporary, 'wx', MODE)",
        replace: "openSync(path, 'w', MODE)",
      },
      {
        what: 'a device is replaced by a file',
        find: 'stats.isFile() || stats.isDirectory()',
        replace: '!stats.isSocket()',
      },
      {
        what: 'a link is replaced, and not its file',
        find: 'return realpathSync(name);',
        replace: 'void realpathSync(name);\n  return name;',
      },
    ]),
  ],
};
