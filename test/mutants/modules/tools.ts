import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const cli = 'packages/ipctools/src/cli';
const kit = 'packages/cli-kit/src';

export const tools: GuardedModule = {
  name: 'tools',
  mutations: [
    ...inCommand(`${kit}/verbs/parse.ts`, 'ipctools/usage', [
      {
        what: 'an empty value stands for this folder, or for a command that drops messages',
        find: '  if (empty !== undefined) throw',
        replace: "  if (empty !== undefined && verb.name === '') throw",
      },
    ]),
    ...inFile(`${cli}/receiver.ts`, 'ipctools/turns', [
      {
        what: 'no signal is seen while many messages are received',
        find: '    if (count % MESSAGES_PER_TURN === 0) await nextTurn();\n',
        replace: '',
      },
      {
        what: 'a signal does not end a receive while there are messages',
        find: "    if (signal.aborted) return { count, end: 'interrupted' };\n",
        replace: '',
      },
      {
        what: 'a signal that ends a wait is an error',
        find: "    if (codeOf(error) === 'ABORT_ERR') return 'interrupted';\n",
        replace: '',
      },
      {
        what: 'the end of --timeout is an error',
        find: "    if (codeOf(error) === 'ETIMEDOUT') return 'timed out';\n",
        replace: '',
      },
      {
        what: 'receiving fewer messages than requested counts as success',
        find: "wanted === Infinity ? 'complete' : 'timed out'",
        replace: "'complete'",
      },
      {
        what: 'one message too many is taken',
        find: 'while (count < wanted) {',
        replace: 'while (count <= wanted) {',
      },
      {
        what: 'a message that can not be delivered counts as delivered',
        find: "      return { count, end: 'undelivered', undelivered: { message, error } };\n",
        replace: '      void error;\n',
      },
      {
        what: 'a message that could not be put back is reported as put back',
        find: '    return queue.trySend(type, body);\n',
        replace: '    queue.trySend(type, body);\n    return true;\n',
      },
    ]),
    ...inFile(`${cli}/sender.ts`, 'ipctools/turns', [
      {
        what: 'no signal is seen while many messages are sent',
        find: '    if (this.#count % MESSAGES_PER_TURN === 0) await nextTurn();\n',
        replace: '',
      },
      {
        what: 'a message for which there was no room is dropped',
        find: 'await this.#sendWhenRoom(message);',
        replace: 'void this.#sendWhenRoom;',
      },
      {
        what: 'a queue that stays full is an error of the kernel',
        find: "throw codeOf(error) === 'ETIMEDOUT' ? full : error;",
        replace: 'throw error;',
      },
      {
        what: 'messages that were sent are not counted',
        find: '    this.#count += 1;\n',
        replace: '',
      },
    ]),
    ...inFile(`${kit}/signals/interruption.ts`, 'cli-kit/interruption', [
      {
        what: 'the Ctrl-C that npm hands on counts as a second one',
        find: 'now > this.#firstAt + SAME_MILLISECONDS',
        replace: 'now >= this.#firstAt',
      },
      {
        what: 'a second Ctrl-C is not heard',
        find: 'now > this.#firstAt + SAME_MILLISECONDS',
        replace: 'now > this.#firstAt + 1000 * SAME_MILLISECONDS',
      },
      {
        what: 'a SIGTERM waits like a first Ctrl-C',
        find: "if (isSecond || name !== 'SIGINT')",
        replace: 'if (isSecond)',
      },
      {
        what: 'signals are kept from the rest of the program',
        find: 'process.off(name, this.#listener)',
        replace: 'process.off(name, () => {})',
      },
    ]),
    ...inFile(`${kit}/screens/alternate-screen.ts`, 'cli-kit/alternate-screen', [
      {
        what: 'a program that exits leaves its screen on the terminal',
        find: "    process.on('exit', this.#leave);\n",
        replace: '',
      },
      {
        what: 'keys are not read line by line again',
        find: 'if (this.#input.isTTY) this.#input.setRawMode(false);',
        replace: '',
      },
      {
        what: 'the cursor stays hidden',
        find: "'\\u001b[?25h\\u001b[?1049l'",
        replace: "'\\u001b[?1049l'",
      },
      {
        what: 'watch draws on the normal screen after it has left its own',
        find: '    if (!this.#entered) return;\n    const text',
        replace: '    const text',
      },
      {
        what: 'after fg, watch draws only changes',
        find: '    this.#write(ENTER);\n    this.#shown = [];\n',
        replace: '    this.#write(ENTER);\n',
      },
    ]),
    ...inCommand(`${kit}/screens/live-screen.ts`, 'watch/restored', [
      {
        what: 'Ctrl-Z leaves the screen on the terminal',
        find: '    this.#screen.leave();\n    process.kill',
        replace: '    process.kill',
      },
      {
        what: 'the screen does not come back after Ctrl-Z',
        find: '    this.#screen.enter();\n',
        replace: '',
      },
      {
        what: 'Ctrl-Z is not heard',
        find: "    if (key === 'ctrl-z') return this.#suspend();\n",
        replace: '',
      },
      {
        what: 'the end of the terminal leaves the screen on it',
        find: "'SIGTERM', 'SIGHUP', 'SIGQUIT'",
        replace: "'SIGTERM', 'SIGQUIT'",
      },
    ]),
    ...inCommand(`${cli}/watch/watch-screen.ts`, 'watch/restored', [
      {
        what: 'quitting the watch is an error',
        find: "signal === 'SIGINT' ? EXIT.done : exitCodeOfSignal(signal)",
        replace: 'exitCodeOfSignal(signal)',
      },
    ]),
    ...inFile(`${kit}/screens/keys.ts`, 'cli-kit/choosing', [
      {
        what: 'the cursor leaves the page',
        find: 'return Math.max(0, least, row - page + 1);',
        replace: 'return Math.max(0, least);',
      },
    ]),
    ...inFile(`${cli}/watch/view.ts`, 'watch/view', [
      {
        what: 'the cursor stays in its row when the order of the queues changes',
        find: 'queues.findIndex(({ name }) => name === cursor)',
        replace: 'row',
      },
      {
        what: 'the page of a queue that is gone becomes that of another queue',
        find: "  if (view.page !== 'queues') return view;\n",
        replace: '',
      },
      {
        what: 'a filter that can not be read shows all queues',
        find: 'return { ...view, typed, message: error.message };',
        replace: 'return { ...view, typed, conditions: [], message: error.message };',
      },
    ]),
    ...inFile('examples/parts/child.ts', 'examples/children', [
      {
        what: 'a child outlives a parent that was killed',
        find: "  process.on('disconnect', () => process.exit());\n",
        replace: '',
      },
      {
        what: 'a child outlives a parent that was killed while the child started',
        find: "  if ('connected' in process && !process.connected) process.exit();\n",
        replace: '',
      },
    ]),
    ...inFile('examples/parts/remove-at-exit.ts', 'examples/leaves-nothing', [
      {
        what: 'an example leaves its queues behind',
        find: '      object.remove();\n',
        replace: '      void object;\n',
      },
    ]),
  ],
};
