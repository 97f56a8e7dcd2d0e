import assert from 'node:assert/strict';
import test from 'node:test';
import { explore } from './explore.js';
import { receiveWaiting, type Mistake } from './receive-waiting.js';

const size = { waits: 2, messages: 3 };

test('in all interleavings no message is lost, no wake-up is lost, and nothing hangs', (t) => {
  const { failure, states, transitions, atRest } = explore(receiveWaiting(size));
  t.diagnostic(`${states} states, ${transitions} transitions, ${atRest} states at rest`);
  assert.equal(failure, undefined, `${failure?.what}\n${failure?.trace.join('\n')}`);
});

const mistakes: Record<Mistake, RegExp> = {
  'arms before it drains': /lost|nobody/,
  'drops a message at cancel': /a message was lost/,
  'drops a body at cancel': /a message was lost/,
  'puts nothing back at exit': /a message was lost/,
  'puts only empty messages back': /a message was lost/,
  'hands a message to script that is terminated': /a message was lost/,
  'lets the thread take what a later wait refuses': /more than it accepts/,
  'interrupts once': /deadlock: script hangs in cancel|deadlock: script hangs in abandon/,
  'leaves a cancelled wait among those that are done': /lost|doubled|failed|nobody/,
  'does not arm again when the message was gone': /nobody would notice/,
  'leaves the thread armed when the last wait is given up': /nobody|lost/,
  'waits with MSG_NOERROR': /a message was lost|doubled/,
  'does not call again after EINTR': /failed for no reason/,
};

for (const [mistake, what] of Object.entries(mistakes)) {
  test(`the checker finds code that ${mistake}`, (t) => {
    const { failure } = explore(receiveWaiting(size, mistake as Mistake));
    t.diagnostic(failure?.what ?? 'nothing');
    assert.match(failure?.what ?? 'nothing was found', what);
  });
}
