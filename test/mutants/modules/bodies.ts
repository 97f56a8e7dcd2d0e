import { inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/mq-native/src/message-queue';

export const bodies: GuardedModule = {
  name: 'bodies',
  mutations: [
    ...inFile(`${folder}/slab.ts`, 'mq-native/received-bodies', [
      {
        what: 'the memory that the next message is received into can be transferred',
        find: '  markAsUntransferable(memory);\n',
        replace: '',
      },
      {
        what: 'a message is received into memory that was given away, and is empty',
        find: ' || words.length === 0',
        replace: '',
        accepted: 'Node.js 20 has no way to give that memory away; on Node.js 22 and newer the test notices',
      },
      {
        what: 'the next message is written over the one before it',
        find: 'used = at + UNIT + ((bytes + 7) & ~7);',
        replace: 'used = at;',
      },
    ]),
    ...inFile(`${folder}/body.ts`, 'mq-native/received-bodies', [
      {
        what: 'a body of its own shares memory with others',
        find: 'Buffer.allocUnsafeSlow(body.byteLength)',
        replace: 'Buffer.allocUnsafe(body.byteLength)',
      },
    ]),
    ...inFile(`${folder}/body.ts`, 'mq-native/hostile-bodies', [
      {
        what: 'a body is as long as its class says',
        find: 'return lengthOf.call(body);',
        replace: 'return body.length;',
      },
      {
        what: 'the bytes of another realm are refused',
        find: 'return isUint8Array(body) ? body',
        replace: 'return body instanceof Uint8Array ? body',
      },
    ]),
    ...inFile(`${folder}/message-buffer.ts`, 'mq-native/message-type', [
      {
        what: 'a small type is sent with the high half of a large one before it',
        find: 'words[2 * at + HIGH] = type >= 0 && type < TWO_32 ? 0 : Math.floor(type / TWO_32);',
        replace: 'if (type >= TWO_32) words[2 * at + HIGH] = Math.floor(type / TWO_32);',
      },
    ]),
    ...inFile(`${folder}/message-buffer.ts`, 'mq-native/send-batch', [
      {
        what: 'the messages of a batch overlap',
        find: 'return at + HEAD + ((size + 7) & ~7);',
        replace: 'return at + HEAD + (size & ~7);',
      },
    ]),
    ...inFile('packages/mq-native/native/namespace.c', 'mq-native/ipc-namespace', [
      {
        what: 'a worker that ends leaves a thread in the namespace that it looked into',
        find: '  if (error == 0 && napi_add_env_cleanup_hook(env, leave, self) != napi_ok) error = ENOMEM;\n',
        replace: '',
      },
      {
        what: 'a second namespace is entered while one is',
        find: '  if (visitor != NULL) return int_result(env, -EBUSY);\n',
        replace: '',
      },
    ]),
    ...inFile('packages/mq-native/src/namespace/ipc-namespace.ts', 'mq-native/ipc-namespace', [
      {
        what: 'messages are taken from the own namespace while another is entered',
        find: '      beginVisit();\n',
        replace: '',
      },
      {
        what: 'nothing can be sent or taken any more after another namespace was entered',
        find: 'if (native.namespaceLeave() === 0) endVisit();',
        replace: 'native.namespaceLeave();',
      },
    ]),
    ...inFile('packages/mq-native/src/namespace/entered.ts', 'mq-native/ipc-namespace', [
      {
        what: 'a handle of an earlier visit is used in a later one, where its id means another object',
        find: 'visits += 1;',
        replace: 'visits = 1;',
      },
    ]),
  ],
};
