import { spawn } from 'node:child_process';
import { ExpectedError } from '../../packages/mq-native/scripts/expected-error.js';
import { root } from './root.js';

/**
 * Runs one command of the set-up behind one line that says what it does. Its output is shown only if it fails, or if
 * `showOutput` is set, as with a compiler's warnings.
 */
export async function runStep(title, command, commandArguments, { showOutput = false } = {}) {
  console.error(`${title} ...`);
  const { output, failure } = await run(command, commandArguments);
  if (failure !== undefined || showOutput) process.stderr.write(output);
  if (failure !== undefined) {
    throw new ExpectedError(`The set-up stopped at "${title}": the command ${failure}`);
  }
}

function run(command, commandArguments) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ output, failure: `could not be started (${error.message})` }));
    child.on('close', (code, signal) => {
      if (signal) resolve({ output, failure: `was ended by ${signal}` });
      else resolve({ output, failure: code === 0 ? undefined : `failed with exit code ${code}` });
    });
  });
}
