import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/ipctools/src/moving';
const jobs = 'packages/ipctools/src/cli/jobs.ts';

export const moving: GuardedModule = {
  name: 'moving',
  mutations: [
    ...inCommand(`${folder}/mover.ts`, 'ipctools/move', [
      {
        what: 'a kill while a message is taken loses its length',
        find: '    complement(scratch.room, slot.room, size);\n',
        replace: '',
      },
      {
        what: 'the slot does not say that a message is being taken',
        find: '    slot.state = SLOT_STATE.taking;\n    let taken',
        replace: '    let taken',
      },
      {
        what: 'a message that was taken when the move was killed is forgotten',
        find: '      if (slot.type === 0n) slot.free();\n',
        replace: '      if (slot.type !== -1n) slot.free();\n',
      },
      {
        what: 'a message that was not taken is sent after a kill',
        accepted:
          'a segment whose slot has no message type counts as empty, and is replaced before this line',
        find: '      if (slot.type === 0n) slot.free();\n',
        replace: '      if (slot.type === -1n) slot.free();\n',
      },
      {
        what: 'after a kill a message has the length of the first look',
        find: 'takenSize(slot.room, scratch.room, slot.want)',
        replace: 'slot.want',
      },
      {
        what: 'a message that was sent when the move was killed is sent again',
        find: "if (verdict === 'sent' ||",
        replace: "if (verdict === 'unknown' && inDoubt === 'skip' ||",
      },
      {
        what: 'a message in doubt is sent again without a question',
        find: "inDoubt === 'again') slot",
        replace: "inDoubt !== 'skip') slot",
      },
      {
        what: '--in-doubt skip sends the message',
        find: "(verdict === 'unknown' && inDoubt === 'skip')",
        replace: 'false',
      },
      {
        what: 'a message that found no room counts as being sent',
        find: "      else if (sent !== 'killed') slot.state = SLOT_STATE.taken;\n",
        replace: '',
      },
      {
        what: 'a message that was sent stays in the slot',
        find: "      if (sent === 'sent') this.#leave();\n      else if",
        replace: '      if',
      },
      {
        what: 'the last child is not remembered',
        find: '    this.#place.lastSender = this.#place.slot.pid;\n',
        replace: '',
      },
      {
        what: 'it is not remembered where a message was going',
        find: '    this.#place.destination = this.#to.id;\n',
        replace: '',
      },
      {
        what: 'a message is taken for which there is no room',
        find: 'bytes + size <= maxBytes && messages < maxBytes',
        replace: 'messages < maxBytes',
      },
      {
        what: 'a queue of empty messages is never full',
        find: ' && messages < maxBytes',
        replace: '',
      },
      {
        what: 'a wait for room can not be interrupted',
        find: "      if (signal.aborted) return 'interrupted';\n",
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/move-slot.ts`, 'ipctools/move', [
      {
        what: 'a message that a stranger left as one on its way is sent',
        find: 'if (stranger !== undefined)',
        replace: 'if (stranger === 0)',
      },
      {
        what: 'two moves use the same slot at the same time',
        find: '    const liveness = claim(key, from);',
        replace: '    const liveness = { release: () => undefined } as unknown as Liveness;',
      },
      {
        what: 'the message that a killed move has left is removed',
        find: '    if (isFree) this.#segment.remove();',
        replace: '    this.#segment.remove();',
      },
      {
        what: 'a slot that holds a message is removed by the next move',
        find: 'found.held > 0)',
        replace: 'found.held > 99)',
      },
      {
        what: 'a segment stays after a move',
        find: '    if (isFree) this.#segment.remove();\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/move-messages.ts`, 'ipctools/move', [
      {
        what: 'a message in hand is lost if the other queue is removed',
        find: '    mover.putBack();\n',
        replace: '',
      },
      {
        what: 'a signal does not end a move',
        find: "    if (patience.signal.aborted) return { moved, end: 'interrupted', stays: false };\n",
        replace: '',
      },
    ]),
    ...inFile(`${folder}/purge.ts`, 'ipctools/purge', [
      {
        what: 'a message that came later is purged with the others',
        find: 'if (found < 0) return { count, stranger: message };',
        replace: 'if (found < 0) continue;',
      },
      {
        what: 'a listed message that others took stops the purge',
        find: 'index >= next &&',
        replace: 'index === next &&',
      },
    ]),
    ...inCommand(jobs, 'ipctools/exec', [
      {
        what: 'the next message is taken before a job is free',
        find: '    while (this.#places.size >= this.#plan.jobs && !signal.aborted)',
        replace: '    while (false && !signal.aborted)',
      },
      {
        what: 'the worker does not wait for its commands',
        find: '    while (this.#places.size > 0) await Promise.race(this.#places);\n',
        replace: '',
      },
      {
        what: 'the message of a failed command is lost',
        find: '    returnMessage(failed === undefined ? [queue] : [failed, queue], message, why);\n',
        replace: '',
      },
      {
        what: 'a message that --failed has no room for is printed instead of going back',
        find: '[failed, queue]',
        replace: '[failed]',
      },
      {
        what: 'a second Ctrl-C does not end the commands',
        find: '      for (const child of this.#children) endGroup(child);\n',
        replace: '',
      },
    ]),
  ],
};
