import { join } from 'node:path';
import type { Check, Tool } from './check.js';
import { buildScript, freshFolder, includeOptions, nativeSources } from './paths.js';
import { clang, gcc, succeed } from './tools.js';

/** In addition to every build's options: the hardening of distributions, with its warnings. */
const strict = [
  '-Wformat=2',
  '-Wshadow',
  '-Wconversion',
  '-Wno-sign-conversion',
  '-Wstrict-prototypes',
  '-U_FORTIFY_SOURCE',
  '-D_FORTIFY_SOURCE=3',
  '-fstack-clash-protection',
];

function withoutWarnings(compiler: Tool): Check {
  return {
    name: `warnings-${compiler.command}`,
    title: `${compiler.command} gives no warning with -Wall -Wextra -Werror and hardening`,
    needs: [compiler],
    async run() {
      const output = join(freshFolder(`warnings-${compiler.command}`), 'mq_native.node');
      await succeed('The build', process.execPath, [buildScript, '--werror', '--output', output], {
        CC: compiler.command,
        CFLAGS: strict.join(' '),
      });
      return `${nativeSources().length} files`;
    },
  };
}

const analyzer: Check = {
  name: 'analyzer',
  title: "clang's static analyzer finds nothing",
  needs: [clang],
  async run() {
    const options = ['--analyze', '--analyzer-output', 'text', '-Xclang', '-analyzer-werror'];
    const language = ['-std=c11', '-D_GNU_SOURCE', '-DNAPI_VERSION=8'];
    for (const source of nativeSources()) {
      await succeed('The analyzer', clang.command, [...options, ...language, ...includeOptions(), source]);
    }
    return `${nativeSources().length} files`;
  },
};

export const compilerChecks: readonly Check[] = [withoutWarnings(gcc), withoutWarnings(clang), analyzer];
