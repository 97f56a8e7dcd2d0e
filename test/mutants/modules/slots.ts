import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/bridge/src';
const shared = 'packages/mq-native/src/message-slots';
const segment = `${shared}/slot-segment.ts`;

export const slots: GuardedModule = {
  name: 'slots',
  mutations: [
    ...inCommand(`${folder}/outward/taker.ts`, 'bridge/after-a-kill', [
      {
        what: 'a slot that the kernel did not fill is published',
        find: '    if (slot.type === 0n) {',
        replace: '    if (slot.type === -1n) {',
      },
      {
        what: 'a shorter message keeps the fill bytes of its slot',
        find: '    slot.want = takenSize(slot.room, store.scratch.room, slot.want);\n',
        replace: '',
      },
      {
        what: 'a message that was being filled into its slot stays there for ever',
        find: '    slot.want = takenSize(slot.room, store.scratch.room, slot.want);\n    slot.state = SLOT_STATE.taken;\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/outward/taker.ts`, 'bridge/outward', [
      {
        what: 'a slot keeps the type of its last message, and looks filled while its bridge waits',
        find: '    slot.type = 0n;\n',
        replace: '',
      },
      {
        what: 'the length of a message of another type is taken for that of the next one',
        find: 'size === undefined || this.#type === undefined || scratch.type === this.#type',
        replace: 'scratch.type !== undefined',
      },
    ]),
    ...inFile(`${shared}/slot.ts`, 'bridge/slots', [
      {
        what: 'a message loses its last byte',
        find: 'let length = size;',
        replace: 'let length = Math.max(0, size - 1);',
      },
      {
        what: 'a slot is prepared with the copy itself',
        find: 'to[index] = ~(from[index] as number);',
        replace: 'to[index] = from[index] as number;',
      },
      {
        what: 'a sequence overwrites who had sent before',
        find: 'sequence: SLOT.free + 28,',
        replace: 'sequence: SLOT.free + 24,',
      },
    ]),
    ...inCommand(`${shared}/slot.ts`, 'bridge/metrics', [
      {
        what: 'a slot in which a bridge waits counts as a message',
        find: 'return !this.isFree && (this.state !== SLOT_STATE.taking || this.type !== 0n);',
        replace: 'return !this.isFree;',
      },
    ]),
    ...inCommand(segment, 'bridge/after-a-kill', [
      {
        what: 'a slot that the kernel has filled counts as empty, and goes with its segment',
        find: 'if (state > SLOT_STATE.taking || (state === SLOT_STATE.taking && type !== 0n)) held += 1;',
        replace: 'if (state > SLOT_STATE.taking) held += 1;',
      },
    ]),
    ...inFile(segment, 'message-slots/slot-segment', [
      {
        what: 'a header that promises more slots than there are is believed',
        find: '  if (slotSegmentBytes({ slots, room }) > view.byteLength) return undefined;\n',
        replace: '',
      },
      {
        what: 'both directions of a queue share their slots',
        find: '`${direction} ${queueKey}`',
        replace: '`${queueKey}`',
      },
      {
        what: 'a segment of anything else is taken for one with messages',
        find: '  if (!MAGIC.every((byte, index) => view.getUint8(SLOT_HEADER.magic + index) === byte)) return undefined;\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/slots/slot-store.ts`, 'bridge/after-a-kill', [
      {
        what: 'messages for another stream are thrown away',
        find: 'if (found.held > 0 && !same) {',
        replace: 'if (found.held < 0) {',
      },
      {
        what: 'messages are thrown away when --slots has changed',
        find: "if (found.held > 0 || (same && (fits || direction === 'in'))) {",
        replace: "if (same && (fits || direction === 'in')) {",
      },
      {
        what: 'messages of slots that were made anew count as duplicates of former ones',
        find: "randomBytes(8).toString('hex')",
        replace: "randomBytes(8).fill(7).toString('hex')",
      },
      {
        what: 'slots with messages are no longer locked once their bridge has stopped',
        find: '    if (this.held.length === 0) this.#unlock();\n',
        replace: '    this.#unlock();\n',
      },
    ]),
    ...inCommand(`${folder}/slots/slot-store.ts`, 'bridge/failures', [
      {
        what: 'slots that are removed under a bridge lose their messages',
        find: '    to.set(from.subarray(8), 8);\n',
        replace: '    to.set(from.subarray(8, 4096), 8);\n',
      },
      {
        what: 'the copy of slots that were removed is not locked',
        find: '    this.#stay();\n    old.detach();\n',
        replace: '    old.detach();\n',
      },
    ]),
    ...inFile(`${folder}/slots/slot-store.ts`, 'bridge/segment', [
      {
        what: 'a bridge sends the messages of slots that a stranger made',
        find: '      refuseStranger(found, queue);\n',
        replace: '',
      },
      {
        what: 'slots have no room for messages that the queue takes since its limit was raised',
        find: ' && found.room >= wanted.room',
        replace: '',
      },
      {
        what: 'slots --to-queue sends the messages of slots that a stranger made',
        find: '      refuseStranger(segment, queueAt(queueKey));\n',
        replace: '',
      },
    ]),
    ...inFile('packages/mq-native/src/message-slots/stranger.ts', 'bridge/segment', [
      {
        what: "slots of the queue's own user are refused to root",
        find: ', queue?.uid, queue?.creatorUid]',
        replace: ']',
      },
    ]),
    ...inFile(`${folder}/slots/removal-watch.ts`, 'bridge/removal-watch', [
      {
        what: 'after a pause, messages come into slots that were removed meanwhile',
        find: '    if (this.#timer === undefined) this.#look();\n',
        replace: '    this.#timer ??= setTimeout(() => this.#look(), PERIOD);\n',
      },
      {
        what: 'the removal of slots that hold messages is noticed only with the next message',
        find: 'this.#used || this.#store.slots.some((slot) => slot.holdsMessage)',
        replace: 'this.#used',
      },
    ]),
    ...inCommand(`${folder}/slots/refuse-loop.ts`, 'bridge/loop', [
      {
        what: 'two bridges move messages in a circle',
        find: "  if (other?.user.state !== 'alive') return;\n",
        replace: "  if (other?.user.state !== 'dead') return;\n",
      },
    ]),
    ...inFile(`${shared}/verdict.ts`, 'bridge/inward', [
      {
        what: 'a message whose child was not started stays in doubt',
        find: "  if (pid === 0) return 'not sent';\n",
        replace: '',
      },
      {
        what: 'a message that was sent stays in doubt',
        find: "  if (now === pid) return 'sent';\n",
        replace: '',
      },
      {
        what: 'a program that has sent before and after hides that a message was sent, which is sent again',
        find: 'const untouched = before === 0 || before === lastSender;',
        replace: 'const untouched = before >= 0 || before === lastSender;',
      },
      {
        what: 'a child with the pid of the last sender counts as having sent',
        find: "  if (pid === before) return 'unknown';\n",
        replace: '',
      },
    ]),
    ...inCommand(`${shared}/verdict.ts`, 'bridge/in-doubt', [
      {
        what: 'a message that was sent into a queue that is gone now is sent again without a word',
        find: "  if (isOfFormerQueue(slot, queue)) return 'unknown';\n",
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/inward/sender.ts`, 'bridge/in-doubt', [
      {
        what: '--in-doubt again skips, and skip sends again',
        find: "    if (inDoubt === 'skip') this.pass();",
        replace: "    if (inDoubt !== 'skip') this.pass();",
      },
      {
        what: '--in-doubt stop goes on',
        find: "if (inDoubt === 'stop') {",
        replace: "if (sequence === 0 && inDoubt === 'stop') {",
      },
      {
        what: 'messages in doubt are not counted',
        find: "    header.add('doubted');\n",
        replace: '',
      },
    ]),
    ...inCommand(`${shared}/slot-calls.ts`, 'bridge/inward', [
      {
        what: 'a bridge sends two messages in turn itself, and can’t tell after a kill whether the second one was sent',
        find: 'const child = before === process.pid ? 1 : 0;',
        replace: 'const child = before === 0 ? 1 : 0;',
      },
      {
        what: 'a bridge leaves all messages to its child, and can’t tell after a kill whether the last one was sent',
        find: 'const child = before === process.pid ? 1 : 0;',
        replace: 'const child = 1;',
      },
    ]),
    ...inCommand(`${folder}/inward/reader.ts`, 'bridge/inward', [
      {
        what: 'a bridge that has no more messages does not acknowledge the last ones',
        find: ' || this.#messages.getPending() === 0)',
        replace: ')',
      },
      {
        what: 'a bridge that stops does not acknowledge the last messages',
        find: '    this.#acknowledge();\n    void this.#messages.close();',
        replace: '    void this.#messages.close();',
      },
    ]),
    ...inCommand(`${folder}/inward/sender.ts`, 'bridge/after-a-kill', [
      {
        what: 'a message is sent again whose slot a kill kept from being freed',
        find: 'if (slot.sequence <= header.position) {',
        replace: 'if (slot.sequence < header.position) {',
      },
    ]),
    ...inCommand(`${folder}/inward/inward-bridge.ts`, 'bridge/after-a-kill', [
      {
        what: 'without its slots a bridge sends the whole stream again',
        find: '      header.position = await Reader.acknowledged(this.#reading);\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/outward/put-back.ts`, 'bridge/verbs', [
      {
        what: 'a message that went back into the queue goes back once more',
        find: "    if (verdict === 'sent') leave(store, slot);",
        replace: "    if (verdict === 'sent') slot.state = SLOT_STATE.taken;",
      },
    ]),
    ...inCommand(`${folder}/outward/look-up.ts`, 'bridge/after-a-kill', [
      {
        what: 'what the stream has is published again',
        find: '      found.set(slot, message.sequence);\n',
        replace: '',
      },
    ]),
    ...inCommand(`${folder}/outward/look-up.ts`, 'bridge/failures', [
      {
        what: 'the log does not say that the stream may have had a message before',
        find: 'uncertain: state.first_seq > first && open.size > 0',
        replace: 'uncertain: state.first_seq > first && open.size < 0',
      },
    ]),
    ...inCommand(`${folder}/outward/outward-bridge.ts`, 'bridge/after-a-kill', [
      {
        what: 'a stream that was made anew is taken for the former one',
        find: "if (header.created !== '' && header.created !== created) {",
        replace: "if (header.created !== '' && header.created === 'never') {",
      },
    ]),
    ...inCommand(`${folder}/outward/outward-bridge.ts`, 'bridge/outward', [
      {
        what: 'a refused message is forgotten',
        find: '    else this.#look(`the server refuses a message (${why})`);\n',
        replace: '',
      },
    ]),
  ],
};
