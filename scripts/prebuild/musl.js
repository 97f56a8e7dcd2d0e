import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExpectedError } from '../../packages/mq-native/scripts/expected-error.js';
import { root } from './paths.js';
import { architectureOf } from './targets.js';

const names = {
  x64: { debian: 'amd64', triplet: 'x86_64-linux-musl' },
  arm64: { debian: 'arm64', triplet: 'aarch64-linux-musl' },
};

/** Options with which a compiler for glibc compiles for musl: musl's headers and library replace its own. */
export function muslOptions(target) {
  const { triplet } = names[architectureOf(target)];
  const sysroot = muslSysroot(target);
  const own = (name) => capture(target.compiler, [`-print-file-name=${name}`]);
  return [
    ...['-nostdinc', '-isystem', join(sysroot, 'usr', 'include', triplet), '-isystem', own('include')],
    // The same hardening, but musl has no checked variants of its functions.
    ...[
      '-U_FORTIFY_SOURCE',
      '-nostdlib',
      '-Wl,--no-as-needed',
      '-L',
      dirname(muslLibrary(target)),
      '-l:libc.so',
    ],
  ];
}

/** The folder with Debian's package musl-dev of the target's architecture; downloaded the first time. */
function muslSysroot(target) {
  const { debian, triplet } = names[architectureOf(target)];
  if (existsSync(join('/usr/include', triplet, 'stdio.h'))) return '/';
  const folder = join(root, 'build', 'sysroots', debian);
  if (!existsSync(join(folder, 'usr', 'include', triplet, 'stdio.h'))) download(debian, folder);
  return folder;
}

// apt verifies the signatures. It gets its own lists, because this machine may not have the other architecture.
function download(debian, folder) {
  const apt = join(folder, 'apt');
  mkdirSync(join(apt, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  const options = [
    `APT::Architecture=${debian}`,
    `APT::Architectures=${debian}`,
    `Dir::State::lists=${join(apt, 'lists')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
  ].flatMap((option) => ['-o', option]);
  console.error(`Fetching musl for ${debian} from Debian ...`);
  capture('apt-get', [...options, '-qq', 'update'], apt);
  capture('apt-get', [...options, '-qq', 'download', 'musl', 'musl-dev'], apt);
  for (const name of readdirSync(apt).filter((each) => each.endsWith('.deb'))) {
    capture('dpkg-deb', ['-x', join(apt, name), folder]);
  }
}

function capture(command, commandArguments, cwd) {
  const { status, error, stdout, stderr } = spawnSync(command, commandArguments, { cwd, encoding: 'utf8' });
  if (error || status !== 0) {
    throw new ExpectedError(`${command} failed: ${error?.message ?? stderr.trim()}`);
  }
  return stdout.trim();
}

/** The names of all symbols of musl, as `symbolsOf` reads them. */
export function muslSymbols(target, symbolsOf) {
  return symbolsOf(muslLibrary(target)).given;
}

/** musl itself: the C library and the dynamic loader in one file. */
export function muslLibrary(target) {
  return join(muslSysroot(target), 'lib', names[architectureOf(target)].triplet, 'libc.so');
}

/** The start files of a program for musl (crt1.o and others). */
export function muslStartFiles(target) {
  const folder = join(muslSysroot(target), 'usr', 'lib', names[architectureOf(target)].triplet);
  return ['crt1.o', 'crti.o', 'crtn.o'].map((name) => join(folder, name));
}
