import assert from 'node:assert/strict';
import test from 'node:test';
import { explore } from './explore.js';
import { pairs, receiveMistakes } from './mistakes.js';
import { receiveWaiting, type Mistake } from './receive-waiting.js';

for (const waits of pairs) {
  test(`in all interleavings of ${waits.join(' and ')} no message and no wake-up is lost, and nothing hangs`, (t) => {
    const { failure, states, transitions, atRest } = explore(receiveWaiting({ waits, messages: 2 }));
    t.diagnostic(`${states} states, ${transitions} transitions, ${atRest} states at rest`);
    assert.equal(failure, undefined, `${failure?.what}\n${failure?.trace.join('\n')}`);
  });
}

for (const [mistake, { what, waits }] of Object.entries(receiveMistakes)) {
  test(`the checker finds code that ${mistake}`, (t) => {
    const { failure } = explore(receiveWaiting({ waits, messages: 2 }, mistake as Mistake));
    const found = failure?.what ?? 'nothing was found';
    t.diagnostic(found);
    assert.match(found, what);
  });
}
