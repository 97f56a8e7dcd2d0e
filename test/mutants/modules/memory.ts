import { inFile, type GuardedModule } from '../mutation.js';

const native = 'packages/mq-native/native';
const script = 'packages/mq-native/src';

export const memory: GuardedModule = {
  name: 'memory',
  mutations: [
    ...inFile(`${native}/shared_memory.c`, 'shared-memory/detach-under-io', [
      {
        what: 'memory that Node still uses is unmapped: the process crashes',
        find: '  int result = map_blank(attachment->address, bytes);\n  while',
        replace: '  int result = shmdt(attachment->address);\n  while',
      },
      {
        what: 'the addresses of detached segments are never given back',
        find: '    munmap(attachment->address, attachment->mapped);\n',
        replace: '    attachment->mapped = 0;\n',
      },
    ]),
    ...inFile(`${native}/shared_memory.c`, 'shared-memory/attach', [
      {
        what: 'after detach script reads blank memory and is not told',
        find: 'napi_detach_arraybuffer(env, buffer) == napi_ok ? 0 : -EBUSY',
        replace: '0',
      },
    ]),
    ...inFile(`${native}/shared_memory.c`, 'shared-memory/permissions', [
      {
        what: 'a user who may only read a segment cannot attach it',
        find: '!= 0 ? SHM_RDONLY : 0;',
        replace: '!= 0 ? 0 : 0;',
      },
    ]),
    ...inFile(`${native}/message_queue.c`, 'addon/arguments', [
      {
        what: 'memory beyond the message buffer is sent',
        find: 'return bytes >= 0 && is_within(addon->message_size, 0, TYPE_BYTES, (size_t)bytes);',
        replace: 'return addon->message_size > 0 && bytes >= 0;',
      },
      {
        what: 'a message is received beyond the end of its memory',
        find: 'bytes >= 0 && is_within(addon->slab_size, (size_t)at, TYPE_BYTES, (size_t)bytes) &&',
        replace: 'bytes >= 0 &&',
      },
    ]),
    ...inFile(`${script}/shared-memory/read-only-attachment.ts`, 'shared-memory/read-only', [
      {
        what: 'a subclass gets a view that writes into read-only memory: the process crashes',
        find: 'builtInType(type), options',
        replace: 'type, options',
      },
    ]),
    ...inFile(`${script}/shared-memory/read-only-view.ts`, 'shared-memory/read-only', [
      {
        what: 'a store into a read-only view looks as if it had been done',
        find: '    Object.freeze(this);\n',
        replace: '',
      },
    ]),
    ...inFile(`${script}/message-queue/kernel-queue.ts`, 'mq-native/larger-than-queue', [
      {
        what: 'a queue that may hold no bytes is said to be full',
        find: '(bytes <= limit && limit > 0)',
        replace: 'bytes <= limit',
      },
      {
        what: 'a body that never fits is said to find the queue full',
        find: '    this.#checkFits(bytes);\n    return false;\n',
        replace: '    return false;\n',
      },
      {
        what: 'a batch that never fits is said to find the queue full',
        find: '        this.#checkFits(bytes);\n        return 0;\n',
        replace: '        return 0;\n',
      },
    ]),
  ],
};
