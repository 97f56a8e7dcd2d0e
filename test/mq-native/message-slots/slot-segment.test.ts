import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  mayHoldSlots,
  readSlotSegment,
  SLOT,
  SLOT_STATE,
  slotAt,
  slotKey,
  slotSegmentBytes,
  writeSlotHeader,
  LITTLE_ENDIAN,
} from '@timeq/mq-native/message-slots';

const shapes = fc.record({
  slots: fc.integer({ min: 1, max: 80 }),
  room: fc.integer({ min: 1, max: 64 }).map((units) => units * 8),
  direction: fc.constantFrom('out' as const, 'in' as const),
  queueKey: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  queueId: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});

test('a header is read again, with the number of messages that are held', () => {
  fc.assert(
    fc.property(shapes, fc.infiniteStream(fc.nat(3)), fc.boolean(), (shape, states, typed) => {
      const view = new DataView(new ArrayBuffer(slotSegmentBytes(shape)));
      assert.equal(readSlotSegment(view), undefined);
      writeSlotHeader(view, shape);
      let held = 0;
      for (let index = 0; index < shape.slots; index++) {
        const state = Number(states.next().value);
        view.setUint32(slotAt(shape, index) + SLOT.state, state, LITTLE_ENDIAN);
        if (typed) view.setBigInt64(slotAt(shape, index) + SLOT.type, 5n, LITTLE_ENDIAN);
        if (state > SLOT_STATE.taking || (state === SLOT_STATE.taking && typed)) held += 1;
      }
      assert.deepEqual(readSlotSegment(view), { ...shape, held });
    }),
  );
});

test('a segment of anything else is none that holds messages', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 9000 }), (bytes) => {
      assert.equal(readSlotSegment(new DataView(bytes.buffer, bytes.byteOffset, bytes.length)), undefined);
    }),
  );
});

test('a segment whose first bytes are another program’s is none, whatever follows', () => {
  fc.assert(
    fc.property(shapes, fc.nat(7), fc.integer({ min: 1, max: 255 }), (shape, at, change) => {
      const view = new DataView(new ArrayBuffer(slotSegmentBytes(shape)));
      writeSlotHeader(view, shape);
      view.setUint8(at, view.getUint8(at) ^ change);
      assert.equal(readSlotSegment(view), undefined);
    }),
  );
});

test('a header that promises more than the segment has is not believed', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 5000 }), (shape, less) => {
      const whole = slotSegmentBytes(shape);
      const view = new DataView(new ArrayBuffer(whole), 0, Math.max(0, whole - less));
      if (view.byteLength >= 4096) writeSlotHeader(view, shape);
      assert.equal(readSlotSegment(view), undefined);
    }),
  );
});

test('slots lie behind one another, on eight-byte boundaries, within the segment', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      let end = slotAt(shape, -1);
      for (let index = -1; index < shape.slots; index++) {
        const at = slotAt(shape, index);
        assert.equal(at, end);
        assert.equal((at + SLOT.type) % 8, 0);
        end = at + SLOT.body + shape.room;
      }
      assert.equal(end, slotSegmentBytes(shape));
    }),
  );
});

test('the key of a segment tells its queue and its direction', () => {
  const keys = new Set<number>();
  for (let queueKey = 1; queueKey <= 500; queueKey++) {
    for (const direction of ['out', 'in'] as const) {
      const key = slotKey(queueKey, direction);
      keys.add(key);
      assert.equal(mayHoldSlots({ key, bytes: 2 ** 20 }, queueKey), direction);
      assert.equal(mayHoldSlots({ key, bytes: 2 ** 20 }, queueKey + 1), undefined);
      assert.equal(mayHoldSlots({ key, bytes: 4096 }, queueKey), undefined);
    }
  }
  assert.equal(keys.size, 1000);
});
