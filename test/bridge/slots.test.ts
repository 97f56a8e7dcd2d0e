import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { covers, overlap, SubjectTemplate } from '#bridge/mapping/subject';
import { Header } from '#bridge/slots/header';
import { complement, Slot, takenSize } from '@timeq/mq-native/message-slots';

test('a message that was copied before is taken whole, whatever is in it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
      const slot = new Uint8Array(300);
      complement(body, slot, body.length);
      assert.ok(body.every((byte, index) => byte !== slot[index]));
      assert.equal(takenSize(slot, body, body.length), 0, 'nothing of it was written');
      slot.set(body);
      assert.equal(takenSize(slot, body, body.length), body.length);
    }),
  );
});

test('a slot and a header keep what is written to them, apart from each other', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
      fc.maxSafeNat(),
      fc.nat(2 ** 31 - 1),
      (type, number, pid) => {
        const view = new DataView(new ArrayBuffer(4096 + 2 * 512));
        const slot = new Slot(view, 0, 4096, 256);
        const other = new Slot(view, 1, 4096 + 512, 256);
        const before = Buffer.from(Buffer.from(view.buffer, 4096 + 512));
        Object.assign(slot, {
          type,
          generation: number,
          after: number,
          want: 200,
          pid,
          before: pid,
          sequence: number,
          time: type,
          state: 3,
        });
        slot.room.fill(7);
        const { generation, after, want, before: last, sequence, time, state } = slot;
        assert.deepEqual(
          [slot.type, generation, after, want, slot.pid, last, sequence, time, state, slot.body.length],
          [type, number, number, 200, pid, pid, number, type, 3, 200],
        );
        assert.deepEqual(Buffer.from(view.buffer, 4096 + 512), before);
        assert.ok(other.isFree);
        const header = new Header(view);
        Object.assign(header, {
          instance: '00ff00000000000a',
          generation: number,
          acked: number,
          position: number,
          stream: 'S',
          subject: 'a.{type}',
          created: 'now',
        });
        header.add('moved', 5);
        assert.deepEqual(
          [
            header.instance,
            header.generation,
            header.acked,
            header.position,
            header.stream,
            header.subject,
            header.created,
          ],
          ['00ff00000000000a', number, number, number, 'S', 'a.{type}', 'now'],
        );
        assert.deepEqual([header.count('moved'), header.count('found')], [5, 0]);
        assert.equal(slot.generation, number);
      },
    ),
  );
});

test('the subject of a type is one that the filter matches', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), fc.string({ minLength: 1 }), (type, host) => {
      const template = new SubjectTemplate('sysv.{host}.{key}.{type}', { host, key: 0x80 });
      const subject = template.of(type);
      assert.ok(covers(template.filter(), subject));
      assert.match(subject, /^sysv\.[!-~]+\.0x00000080\.(\d+|addressed)$/);
      assert.equal(subject.split('.').length, 4);
      assert.equal(subject.endsWith('addressed'), type >= 2n ** 32n);
    }),
    // What a replacement text of String.replace would read as more than itself.
    { examples: [[1n, "$'"]] },
  );
});

test('filters cover and overlap as NATS has it', () => {
  const token = fc.constantFrom('a', 'b', '*');
  const filter = fc
    .tuple(fc.array(token, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([tokens, open]) => (open ? [...tokens, '>'] : tokens).join('.'));
  const pattern = (text: string): RegExp =>
    new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace('>', '.+')}$`);
  fc.assert(
    fc.property(
      filter,
      filter,
      fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 5 }),
      (one, other, tokens) => {
        const subject = tokens.join('.');
        const [first, second] = [pattern(one).test(subject), pattern(other).test(subject)];
        if (first && second) assert.ok(overlap(one, other), `${one} and ${other} at ${subject}`);
        if (second && !first) assert.ok(!covers(one, other), `${one} does not cover ${other}: ${subject}`);
        assert.equal(covers(one, subject), first);
        assert.equal(overlap(one, subject), first);
        assert.equal(overlap(one, other), overlap(other, one));
        assert.ok(covers(one, one));
      },
    ),
  );
});
