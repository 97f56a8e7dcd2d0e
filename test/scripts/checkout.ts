import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { root } from '../helpers/node.js';

/** The smallest addon there is: require() of it gives { answer: 42 }, or what ANSWER is defined as. */
export const trivialAddon = `#include <node_api.h>
#ifndef ANSWER
#define ANSWER 42
#endif
static napi_value init(napi_env env, napi_value exports) {
  napi_value answer;
  napi_create_int32(env, ANSWER, &answer);
  napi_set_named_property(env, exports, "answer", answer);
  return exports;
}
NAPI_MODULE(trivial, init)
`;

/**
 * A small checkout with the project's real scripts and settings, and one package with a trivial addon and a line of
 * TypeScript, so that a test of the scripts says nothing about the rest of the project.
 */
export function smallCheckout(t: TestContext): string {
  const folder = temporaryFolder(t);
  const copied = [
    'scripts',
    'packages/mq-native/scripts',
    'packages/mq-native/package.json',
    'packages/mq-native/tsconfig.json',
    'package.json',
    'package-lock.json',
    'tsconfig.base.json',
    '.gitignore',
    '.oxlintrc.json',
    '.prettierrc.json',
    '.prettierignore',
    '.clang-format',
  ];
  for (const path of copied) cpSync(join(root, path), join(folder, path), { recursive: true });
  write(folder, 'tsconfig.json', '{ "files": [], "references": [{ "path": "packages/mq-native" }] }\n');
  write(folder, 'packages/mq-native/native/trivial.c', trivialAddon);
  write(folder, 'packages/mq-native/src/index.ts', "export const greeting = 'hello';\n");
  linkDependencies(folder);
  return folder;
}

export function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

// As "npm install" leaves it, with links in place of the packages themselves.
function linkDependencies(folder: string): void {
  const modules = join(root, 'node_modules');
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(modules)) {
    if (name === '.cache' || name === '@timeq') continue;
    symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  }
}
