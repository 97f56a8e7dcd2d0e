import { inCommand, type GuardedModule } from '../mutation.js';

const compat = 'packages/ipctools/src/compat/util-linux';
const make = `${compat}/ipcmk/posix.ts`;
const remove = `${compat}/ipcrm/posix.ts`;
const ipcrm = `${compat}/ipcrm/main.ts`;
const places = `${compat}/posix-places.ts`;
const scripts = `${compat}/scripts.ts`;
const verb = 'packages/ipctools/src/cli/commands/drop-ins.ts';

export const dropIns: GuardedModule = {
  name: 'dropins',
  mutations: [
    ...inCommand(make, 'posix-objects', [
      {
        what: 'ipcmk empties shared memory that is there',
        find: "const path = file('posix memory', name);\n  const fd = openSync(path, 'wx', mode);",
        replace: "const path = file('posix memory', name);\n  const fd = openSync(path, 'w', mode);",
      },
      {
        what: 'ipcmk leaves shared memory whose size it could not set',
        find: '    unlinkSync(path);\n    throw error;',
        replace: '    throw error;',
      },
      {
        what: 'ipcmk makes a semaphore that is empty',
        find: '    writeSync(fd, SEMAPHORE);\n',
        replace: '',
      },
      {
        what: 'a semaphore of ipcmk wakes no other process',
        find: 'SEMAPHORE.writeUInt32LE(128, 8);\n',
        replace: '',
      },
      {
        what: 'ipcmk leaves the file in which it made a semaphore',
        find: '    unlinkSync(scratch);\n',
        replace: '',
      },
      {
        what: 'a semaphore that is there is replaced by a new one',
        find: '    linkSync(scratch, path);',
        replace: '    unlinkSync(path);\n    linkSync(scratch, path);',
      },
    ]),
    ...inCommand('packages/mq-native/native/posix_queue.c', 'posix-objects', [
      {
        what: 'ipcmk opens a queue that is there, and calls it new',
        find: 'O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK',
        replace: 'O_RDWR | O_CREAT | O_NONBLOCK',
      },
    ]),
    ...inCommand(`${compat}/ipcmk/main.ts`, 'posix-objects', [
      {
        what: 'ipcmk -p makes a file that runs as its owner',
        find: 'Number(mode & PERMISSIONS)',
        replace: 'Number(mode)',
      },
    ]),
    ...inCommand(remove, 'posix-objects', [
      {
        what: 'ipcrm --all removes what its user may not read',
        find: '    if (!mayUse(object.path, readable)) continue;\n',
        replace: '',
      },
      {
        what: 'ipcrm reports success for an object that it did not remove',
        find: '    output.warn(why);\n    return false;',
        replace: '    output.warn(why);\n    return true;',
      },
      {
        what: 'ipcrm --all reports success for objects that it did not remove',
        find: '() => unlinkSync(object.path))) removed = false;',
        replace: '() => unlinkSync(object.path))) removed = true;',
      },
    ]),
    ...inCommand(ipcrm, 'posix-objects', [
      {
        what: 'ipcrm -a removes the POSIX objects of every program',
        find: 'const SYSTEM_V = ALL.filter(isKindName);',
        replace: 'const SYSTEM_V = ALL;',
      },
      {
        what: 'ipcrm -a pmsg removes the objects of System V',
        find: 'if (operands.length > 0) plan.all =',
        replace: 'if (operands.length > 9) plan.all =',
      },
      {
        what: 'ipcrm removes something before it refuses the name of a queue',
        find: "posix === 'pmsg' && !text.startsWith('/')",
        replace: 'false',
      },
    ]),
    ...inCommand(places, 'posix-objects', [
      {
        what: 'ipcrm --all=pshm removes semaphores',
        find: 'object.kind === kind)',
        replace: 'object.kind !== undefined)',
      },
      {
        what: 'a name leads out of /dev/shm',
        find: "rest === '' || rest.includes('/')",
        replace: "rest === ''",
      },
      {
        what: 'ipcmk names shared memory otherwise than C programs do, if the name is not ASCII',
        find: "Buffer.from(file, 'latin1')",
        replace: 'Buffer.from(file)',
      },
      {
        what: 'ipcmk names a queue otherwise than C programs do, if the name is not ASCII',
        find: "Buffer.from(name.slice(1), 'latin1').toString('utf8')",
        replace: 'name.slice(1)',
      },
      {
        what: 'ipcrm --posix-semaphore removes shared memory of that name',
        find: 'SEMAPHORE_PREFIX + rest : rest',
        replace: 'rest : rest',
      },
    ]),
    ...inCommand(scripts, 'ipctools/drop-ins', [
      {
        what: 'drop-ins takes any program for its own script',
        find: "stats.isFile() && readFileSync(path, 'latin1').split('\\n', 2)[1] === MARK",
        replace: 'stats.isFile()',
      },
      {
        what: 'an installed script does not start where a path has an apostrophe',
        find: "text.replaceAll(\"'\", String.raw`'\\''`)",
        replace: 'text',
      },
      {
        what: '--install does not renew what it wrote',
        find: 'renameSync(whole, path)',
        replace: 'lookAt(path)',
      },
    ]),
    ...inCommand(verb, 'ipctools/drop-ins', [
      {
        what: '--install writes beside the programs of others that have these names',
        find: "lookAt(join(folder, name)) === 'other');\n  if (taken",
        replace: "lookAt(join(folder, name)) === 'nothing' && false);\n  if (taken",
      },
      {
        what: '--remove removes the programs of others',
        find: "const removed = NAMES.filter((name) => lookAt(join(folder, name)) === 'ours');",
        replace: "const removed = NAMES.filter((name) => lookAt(join(folder, name)) !== 'nothing');",
      },
    ]),
  ],
};
