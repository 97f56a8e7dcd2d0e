// Prepares the checkout: dependencies, addon, compiled TypeScript, bundled commands. Prints nothing if all is up to date.
import { findCompiler } from '../../packages/mq-native/scripts/compiler.js';
import { ExpectedError } from '../../packages/mq-native/scripts/expected-error.js';
import { checkPlatform } from '../../packages/mq-native/scripts/platform.js';
import * as addon from './addon.js';
import * as bundling from './bundling.js';
import * as compilation from './compilation.js';
import * as dependencies from './dependencies.js';
import { acquireLock } from './lock.js';

const unwritable = ['EACCES', 'EPERM', 'EROFS'];

const steps = [dependencies, addon, compilation, bundling];

async function setUp() {
  checkPlatform();
  if (steps.every((step) => step.isCurrent())) return;
  if (!addon.isCurrent()) findCompiler();
  const release = await acquireLock().catch((error) => {
    if (!unwritable.includes(error.code)) throw error;
    throw new ExpectedError(
      `This checkout is not up to date and can not be written (${error.code}): set it up as its owner, with "npm run setup"`,
    );
  });
  try {
    // Checked again: another set-up may have done the work while this one waited for the lock.
    for (const step of steps) if (!step.isCurrent()) await step.run();
  } finally {
    release();
  }
}

try {
  await setUp();
} catch (error) {
  // An expected failure is a sentence for the user; any other error is a bug and keeps its stack trace.
  if (!error.isExpected) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
