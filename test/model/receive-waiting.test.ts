import assert from 'node:assert/strict';
import test from 'node:test';
import { explore } from './explore.js';
import { receiveWaiting, type Kind, type Mistake } from './receive-waiting.js';

/** Each way to wait, before and after each other one. */
const pairs: ReadonlyArray<readonly Kind[]> = [
  ['any', 'any'],
  ['any', 'empty'],
  ['any', 'left'],
  ['empty', 'any'],
  ['empty', 'left'],
  ['left', 'any'],
  ['left', 'empty'],
];

for (const waits of pairs) {
  test(`in all interleavings of ${waits.join(' and ')} no message and no wake-up is lost, and nothing hangs`, (t) => {
    const { failure, states, transitions, atRest } = explore(receiveWaiting({ waits, messages: 2 }));
    t.diagnostic(`${states} states, ${transitions} transitions, ${atRest} states at rest`);
    assert.equal(failure, undefined, `${failure?.what}\n${failure?.trace.join('\n')}`);
  });
}

const mistakes: Record<Mistake, RegExp> = {
  'arms before it serves': /would lose|nobody/,
  'serves several waits at once': /an exit would lose/,
  'drops a message at cancel': /a message was lost/,
  'drops a body at cancel': /a message was lost/,
  'puts nothing back at exit': /a message was lost/,
  'puts only empty messages back': /a message was lost/,
  'hands a message to script that is terminated': /a message was lost/,
  'drops a message at close': /a message was lost/,
  'lets the thread take what the next wait refuses': /more than it accepts/,
  'refuses whichever wait is the first': /refused what it accepts/,
  'interrupts once': /deadlock: script hangs in cancel|deadlock: script hangs in abandon/,
  'leaves a cancelled wait among those that are done': /lost|doubled|failed|nobody/,
  'does not arm again when the message was gone': /nobody would notice/,
  'leaves the thread armed when the last wait is given up': /nobody|lost/,
  'waits with MSG_NOERROR': /a message was lost|doubled/,
  'does not call again after EINTR': /failed for no reason/,
};

for (const [mistake, what] of Object.entries(mistakes)) {
  test(`the checker finds code that ${mistake}`, (t) => {
    let found = 'nothing was found';
    for (const waits of pairs) {
      const { failure } = explore(receiveWaiting({ waits, messages: 2 }, mistake as Mistake));
      if (failure === undefined) continue;
      found = failure.what;
      break;
    }
    t.diagnostic(found);
    assert.match(found, what);
  });
}
