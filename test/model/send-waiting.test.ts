import assert from 'node:assert/strict';
import test from 'node:test';
import { explore } from './explore.js';
import { sendMistakes } from './mistakes.js';
import { sendWaiting, type Mistake } from './send-waiting.js';

const sends = 3;

test('in all interleavings sends keep their order, happen at most once, and never hang', (t) => {
  const { failure, states, transitions, atRest } = explore(sendWaiting(sends));
  t.diagnostic(`${states} states, ${transitions} transitions, ${atRest} states at rest`);
  assert.equal(failure, undefined, `${failure?.what}\n${failure?.trace.join('\n')}`);
});

for (const [mistake, what] of Object.entries(sendMistakes)) {
  test(`the checker finds code that ${mistake}`, (t) => {
    const { failure } = explore(sendWaiting(sends, mistake as Mistake));
    t.diagnostic(failure?.what ?? 'nothing was found');
    assert.match(failure?.what ?? 'nothing was found', what);
  });
}
