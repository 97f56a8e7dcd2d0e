// Builds the addons that @timeq/mq-native ships, checks their requirements, and loads each one.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { ExpectedError } from '../packages/mq-native/scripts/expected-error.js';
import { compile } from './prebuild/compile.js';
import { readManifest, recordOf, sourcesHash } from './prebuild/manifest.js';
import { addonOf, manifestPath, prebuilds } from './prebuild/paths.js';
import { checkSymbols } from './prebuild/symbols.js';
import { targets } from './prebuild/targets.js';
import { tryLoad } from './prebuild/try-load.js';

const help = `Usage: node scripts/prebuild.js [options] [TARGET...]

Compiles the addon for each target (all of them by default) into ${prebuilds},
checks its symbols and loads it where that can be done. Needs Debian's gcc, gcc-aarch64-linux-gnu,
libc6-dev-arm64-cross, musl-tools, binutils, and qemu-user to load what is for arm64.

Targets:
${targets.map(({ name, about }) => `  ${name.padEnd(20)}${about}`).join('\n')}

Environment:
  NODE_ARM64  an arm64 Node.js for glibc, with which the addon of linux-arm64-glibc is loaded under qemu

Options:
  -h, --help  show this help`;

function main() {
  const { values, positionals } = parse();
  if (values.help) {
    console.log(help);
    return;
  }
  const records = positionals.length === 0 ? {} : keptRecords();
  for (const target of chosen(positionals)) records[target.name] = prebuild(target);
  writeFileSync(
    manifestPath,
    `${JSON.stringify({ sources: sourcesHash(), targets: records }, undefined, 2)}\n`,
  );
}

function prebuild(target) {
  const addon = addonOf(target.name);
  rmSync(dirname(addon), { recursive: true, force: true });
  mkdirSync(dirname(addon), { recursive: true });
  compile(target, addon);
  const needs = checkSymbols(target, addon);
  const loaded = tryLoad(target, addon);
  const record = recordOf(addon);
  console.log(`${target.name}: ${record.bytes} bytes; ${needs}; ${loaded}`);
  return record;
}

/** The results of an earlier run, for a run that builds only some targets. */
function keptRecords() {
  const manifest = readManifest();
  // Built from other sources: they would behave differently from the new ones.
  return manifest?.sources === sourcesHash() ? manifest.targets : {};
}

function chosen(names) {
  if (names.length === 0) return targets;
  return names.map((name) => {
    const target = targets.find((each) => each.name === name);
    if (target === undefined) throw new ExpectedError(`There is no target "${name}"; --help lists them`);
    return target;
  });
}

function parse() {
  const options = { help: { type: 'boolean', short: 'h', default: false } };
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new ExpectedError(`${error.message}; --help lists the options`);
  }
}

try {
  main();
} catch (error) {
  if (!error.isExpected) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
