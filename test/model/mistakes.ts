import type { Kind, Mistake as ReceiveMistake } from './receive-waiting.js';
import type { Mistake as SendMistake } from './send-waiting.js';

/** Every ordered pair of ways to wait. */
export const pairs: ReadonlyArray<readonly Kind[]> = [
  ['any', 'any'],
  ['any', 'empty'],
  ['any', 'left'],
  ['empty', 'any'],
  ['empty', 'left'],
  ['left', 'any'],
  ['left', 'empty'],
];

/** The checker's finding for a model with a mistake, and the ways to wait that reveal it. */
export const receiveMistakes: Record<ReceiveMistake, { what: RegExp; waits: readonly Kind[] }> = {
  'arms before it serves': { what: /would lose|not noticed/, waits: ['any', 'any'] },
  'serves several waits at once': { what: /an exit would lose/, waits: ['left', 'any'] },
  'drops a message at cancel': { what: /a message was lost/, waits: ['any', 'any'] },
  'drops a body at cancel': { what: /a message was lost/, waits: ['any', 'any'] },
  'puts nothing back at exit': { what: /a message was lost/, waits: ['any', 'any'] },
  'puts only empty messages back': { what: /a message was lost/, waits: ['any', 'any'] },
  'hands a message to script that is terminated': { what: /a message was lost/, waits: ['any', 'any'] },
  'drops a message at close': { what: /a message was lost/, waits: ['any', 'any'] },
  'lets the thread take what the next wait refuses': {
    what: /more than it accepts/,
    waits: ['any', 'empty'],
  },
  'refuses whichever wait is the first': { what: /refused what it accepts/, waits: ['empty', 'left'] },
  'interrupts once': {
    what: /deadlock: script hangs in cancel|deadlock: script hangs in abandon/,
    waits: ['any', 'any'],
  },
  'leaves a cancelled wait among those that are done': {
    what: /lost|doubled|failed|not noticed|without a wait/,
    waits: ['any', 'any'],
  },
  'does not arm again when the message was gone': { what: /not noticed/, waits: ['any', 'any'] },
  'leaves the thread armed when the last wait is cancelled': {
    what: /without a wait|not noticed|lost/,
    waits: ['any', 'any'],
  },
  'waits with MSG_NOERROR': { what: /a message was lost|doubled/, waits: ['any', 'empty'] },
  'does not call again after EINTR': { what: /failed for no reason/, waits: ['any', 'any'] },
};

export const sendMistakes: Record<SendMistake, RegExp> = {
  'tries at once though others wait': /order/,
  'sends the next while a thread has the first': /order/,
  'takes every cancelled send for unsent': /was made was rejected|twice/,
  'forgets the others when the blocked one is cancelled': /not noticed/,
  'leaves the thread blocked at close': /without a wait|was made was rejected/,
};
