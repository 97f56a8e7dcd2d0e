import type { TestContext } from 'node:test';
import { runSnippet } from '../helpers/node.js';
import type { Exit } from '../helpers/process.js';
import { skipWithoutOtherUsers } from '../helpers/users.js';

/** For a test's `skip` option. */
export const skipWithoutNobody = skipWithoutOtherUsers();

const nobody = 65534;

/**
 * Runs a piece of JavaScript as the user nobody, in a process of its own. The binding is loaded before, while the
 * process may still read the files: `mq` has it.
 */
export async function asNobody(
  t: TestContext,
  source: string,
  snippetArguments: (string | number)[],
): Promise<Exit> {
  const become = `import * as mq from '@timeq/mq-native';
    process.setgroups([]);
    process.setgid(${nobody});
    process.setuid(${nobody});`;
  return runSnippet(t, `${become}\n${source}`, snippetArguments);
}

/** In such a piece: prints the code of the error that a call throws, or "fine". */
export const reportCode = `function report(call) {
  try {
    call();
    console.log('fine');
  } catch (error) {
    console.log(error.code, error.message);
  }
}`;
