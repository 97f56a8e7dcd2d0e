import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/ipctools/src/backup';
const credentials = 'packages/ipctools/src/processes/credentials.ts';

export const copies: GuardedModule = {
  name: 'copies',
  mutations: [
    ...inFile(`${folder}/copy-file.ts`, 'ipctools/backup/writing', [
      {
        what: 'a copy is not on the disk when its queue is removed',
        find: '      fsyncSync(this.#fd);\n',
        replace: '',
      },
      {
        what: 'the name of a copy is not on the disk when its queue is removed',
        find: '    syncFolder(dirname(this.path));\n',
        replace: '',
      },
      {
        what: 'a folder that cannot be synced makes the copy fail',
        find: `  } catch {
    // Some file systems can't; then no more can be done.
  } finally {`,
        replace: '  } finally {',
      },
      {
        what: 'a queue that could not be written stays in the checksum',
        find: '      rewindText();\n',
        replace: '',
      },
      {
        what: 'half of a queue stays in the file after a failed write',
        find: '      ftruncateSync(this.#fd, end);\n',
        replace: '',
      },
      {
        what: 'the checksum is not written again after a failed write',
        find: '      this.#append([]);\n',
        replace: '',
      },
      {
        what: 'a backup overwrites an existing file',
        find: "'wx'",
        replace: "'w'",
      },
      {
        what: 'a file whose end could not be written stays',
        find: `      fsyncSync(this.#fd);
    } catch (error) {
      this.discard();`,
        replace: `      fsyncSync(this.#fd);
    } catch (error) {`,
      },
      {
        what: 'a queue overwrites the one before it',
        find: '    this.#end += bytes;\n',
        replace: '',
      },
      {
        what: 'a chunk of a backup overwrites the one before it',
        find: 'Buffer.from(gathered), at + bytes)',
        replace: 'Buffer.from(gathered), at)',
      },
    ]),
    ...inFile(`${folder}/copy-file.ts`, 'ipctools/backup/writing', [
      {
        what: 'a copy that the system writes in parts is not whole',
        find: 'bytes.length - done, at + done)',
        replace: 'bytes.length - done, at)',
      },
    ]),
    ...inCommand(`${folder}/copy-file.ts`, 'ipctools/backup/writing', [
      {
        what: 'every user can read a copy',
        find: '0o600',
        replace: '0o644',
      },
    ]),
    ...inFile(`${folder}/copy-text.ts`, 'ipctools/backup/writing', [
      {
        what: 'the number of queues is not taken back after a failed write',
        find: '      this.#queues = queues;\n',
        replace: '',
      },
      {
        what: 'the number of messages is not taken back after a failed write',
        find: '      this.#messages = messages;\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/state-folder.ts`, 'ipctools/backup/writing', [
      {
        what: 'every user can look into the backup folder',
        find: 'mode: 0o700',
        replace: 'mode: 0o755',
      },
    ]),
    ...inFile(`${folder}/state-folder.ts`, 'ipctools/backup/writing', [
      {
        what: 'a relative XDG_STATE_HOME puts backups into the working folder',
        find: 'isAbsolute(state)',
        replace: "state !== ''",
      },
    ]),
    ...inFile(`${folder}/queue-copy.ts`, 'ipctools/backup/changing-queue', [
      {
        what: 'a backup mixes two states of a queue that changes meanwhile',
        find: 'changes.length > 0 || messages.length !== before.messages',
        replace: 'false',
      },
      {
        what: 'clean does not retry the backup of a queue that changes meanwhile',
        find: 'const MOST_ATTEMPTS = 5;',
        replace: 'const MOST_ATTEMPTS = 1;',
      },
    ]),
    ...inFile(`${folder}/save.ts`, 'ipctools/backup/writing', [
      {
        what: 'a queue that was used since it was listed is removed with another copy than was shown',
        find: 'if (changes.length > 0)',
        replace: 'if (changes.length > 99)',
      },
      {
        what: 'a queue whose copy failed counts as saved',
        find: `    } catch (error) {
      fail(object, error);
    }
  }
  if (saved.length`,
        replace: `    } catch (error) {
      saved.push(object);
    }
  }
  if (saved.length`,
      },
      {
        what: 'queues count as saved though their file could not be finished',
        find: 'for (const object of saved.splice(0)) fail(object, error);\n    return { path: undefined, saved, unsaved };',
        replace: 'return { path: file.path, saved, unsaved };',
      },
      {
        what: 'a file without a queue stays',
        find: '    file.discard();\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/read-copies.ts`, 'ipctools/backup/crafted', [
      {
        what: 'the checksum is not compared',
        find: 'if (actual !== expected)',
        replace: 'if (actual === undefined)',
      },
      {
        what: 'restore accepts a queue with fewer messages than its header says',
        find: 'if (messages.length !== entry.messages)',
        replace: 'if (messages.length > entry.messages + 99)',
      },
      {
        what: 'restore accepts a file with fewer queues than its header says',
        find: "end['queues'] !== queues.length || ",
        replace: '',
      },
      {
        what: 'restore accepts a file with fewer messages than its header says',
        find: " || end['messages'] !== messages",
        replace: '',
      },
      {
        what: 'a later version of the format is read as if it were known',
        find: "header['version'] !== VERSION",
        replace: "header['version'] === 0",
      },
      {
        what: 'a mode of more than nine bits is accepted',
        find: "wholeNumber(fields, 'mode', 0o777)",
        replace: "wholeNumber(fields, 'mode', 0o7777)",
      },
      {
        what: 'a negative number is accepted',
        find: ' && value >= 0',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/restore.ts`, 'ipctools/backup/restoring', [
      {
        what: 'others can use a restored queue before all messages are in it',
        find: 'const CLOSED_MODE = 0o600;',
        replace: 'const CLOSED_MODE = 0o666;',
      },
      {
        what: 'new queues stay when a restoration fails',
        find: 'if (isNew) removeIfThere(queue);',
        replace: 'if (isNew && queue.id < 0) removeIfThere(queue);',
      },
      {
        what: 'a failed restore removes a queue that existed before',
        find: 'if (isNew) removeIfThere(queue);',
        replace: 'removeIfThere(queue);',
      },
      {
        what: 'restore silently drops a message that does not fit',
        find: 'if (!queue.trySend(type, body)) {',
        replace: 'if (!queue.trySend(type, body) && body.length < 0) {',
      },
      {
        what: 'a queue with a lower limit than its content is not made larger',
        find: 'Math.max(neededBytes(copy), copy.entry.maxBytes ?? 0);',
        replace: 'copy.entry.maxBytes ?? 0;',
      },
      {
        what: 'owner and group are not restored',
        find: '{ mode, uid, gid, ...limit }',
        replace: '{ mode, ...limit }',
      },
    ]),
    ...inFile(`${folder}/plan-restore.ts`, 'ipctools/backup/plan', [
      {
        what: 'empty messages need no room',
        find: 'return Math.max(bytes, messages.length);',
        replace: 'return bytes;',
      },
      {
        what: 'a queue at the key that holds messages is no obstacle',
        find: 'if (existing.messages > 0)',
        replace: 'if (existing.messages > 99)',
      },
      {
        what: 'restore does not check whether this user may write to the queue',
        find: 'if (!mayWrite(existing, circumstances))',
        replace: 'if (existing.id < 0)',
      },
      {
        what: 'restore does not check whether this user may set mode and limit',
        find: 'if (setsProperties && !mayChange(existing, circumstances))',
        replace: 'if (setsProperties && existing.id < 0)',
      },
      {
        what: 'one queue more than the kernel allows is planned',
        find: 'queues.length + createdBefore >= maxQueues',
        replace: 'queues.length + createdBefore > maxQueues',
      },
      {
        what: 'a message larger than msgmax is no obstacle',
        find: 'if (largest > maxMessageBytes)',
        replace: 'if (largest > 2 * maxMessageBytes)',
      },
      {
        what: 'a limit that takes a capability is no obstacle',
        find: ' && !capabilities.sysResource',
        replace: ' && capabilities.sysAdmin',
      },
      {
        what: 'the queues that the file itself brings are not counted against the limit',
        find: 'if (found.existing === undefined) created += 1;',
        replace: '',
      },
      {
        what: 'two queues of one key are restored into one',
        find: 'taken.has(found.key)',
        replace: 'taken.has(-1)',
      },
    ]),
    ...inFile(credentials, 'ipctools/backup/plan', [
      {
        what: "the owner's permission to write counts for nothing",
        find: 'isOwner ? 6 : ',
        replace: 'isOwner ? 3 : ',
      },
      {
        what: 'the group may write what only others may',
        find: 'inGroup ? 3 : 0',
        replace: '0',
      },
    ]),
    ...inCommand(`${folder}/regular-file.ts`, 'backup/backups', [
      {
        what: 'a pipe in the place of a backup stops the command for ever',
        find: 'constants.O_RDONLY | constants.O_NONBLOCK',
        replace: 'constants.O_RDONLY',
      },
      {
        what: 'a file of any size is read into memory',
        find: 'stats.size > LARGEST',
        replace: 'stats.size > 2 ** 40',
      },
    ]),
    ...inCommand(`${folder}/folder.ts`, 'backup/backups', [
      {
        what: 'a pipe, a folder and a link count as backups',
        find: 'if (!stats.isFile() || !isOwn(stats)) strangers',
        replace: 'if (!isOwn(stats)) strangers',
      },
      {
        what: 'a backup folder that the group can write is used',
        find: '(stats.mode & 0o022) === 0',
        replace: '(stats.mode & 0o002) === 0',
      },
    ]),
  ],
};
