import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { RemovalWatch } from '#bridge/slots/removal-watch';

/** More than the watch waits between two looks, in milliseconds. */
const LATER = 1500;

describe('the watch over the slots of a bridge', () => {
  let looks = 0;
  let removed = 0;
  let isRemoved = false;
  const slot = { holdsMessage: false };
  const store = {
    get isRemoved(): boolean {
      looks += 1;
      return isRemoved;
    },
    slots: [slot],
  };

  beforeEach(() => {
    [looks, removed, isRemoved] = [0, 0, false];
    slot.holdsMessage = false;
  });

  it('looks again and again while messages move or are held, and not when there is nothing to do', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const watch = new RemovalWatch(store);
    watch.begin(() => (removed += 1));
    watch.use();
    slot.holdsMessage = true;
    for (let time = 0; time < 5; time++) t.mock.timers.tick(LATER);
    const busy = looks;
    assert.ok(busy >= 5, `${busy} looks`);
    slot.holdsMessage = false;
    t.mock.timers.tick(LATER);
    const last = looks;
    for (let time = 0; time < 5; time++) t.mock.timers.tick(LATER);
    assert.equal(looks, last);
    watch.use();
    assert.equal(looks, last + 1);
    assert.equal(removed, 0);
    watch.end();
  });

  it('tells of a removal before the first message after a pause', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const watch = new RemovalWatch(store);
    watch.begin(() => (removed += 1));
    t.mock.timers.tick(LATER);
    isRemoved = true;
    t.mock.timers.tick(LATER);
    assert.equal(removed, 0);
    watch.use();
    assert.equal(removed, 1);
  });

  it('tells of a removal while messages are held, and of none after its end', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const watch = new RemovalWatch(store);
    slot.holdsMessage = true;
    watch.begin(() => (removed += 1));
    isRemoved = true;
    t.mock.timers.tick(LATER);
    assert.equal(removed, 1);
    watch.end();
    watch.use();
    t.mock.timers.tick(LATER);
    assert.equal(removed, 1);
  });
});
