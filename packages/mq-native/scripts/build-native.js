// Compiles native/*.c into build/mq_native.node. Needs a C compiler and node-api-headers, nothing else.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findCompiler } from './compiler.js';
import { ExpectedError } from './expected-error.js';
import { checkPlatform } from './platform.js';

const root = resolve(import.meta.dirname, '..');

const help = `Usage: node build-native.js [options]

Compiles the C sources of @timeq/mq-native into one Node-API addon.

Options:
  --source DIR   folder with the *.c files (default: native/)
  --output FILE  the addon to write (default: build/mq_native.node)
  --werror       treat the compiler's warnings as errors
  -h, --help     show this help

Environment:
  CC      the C compiler (default: cc, gcc or clang, whichever is found first)
  CFLAGS  more options for the compiler, put after the addon's own`;

const options = {
  source: { type: 'string', default: join(root, 'native') },
  output: { type: 'string', default: join(root, 'build', 'mq_native.node') },
  werror: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

const language = ['-std=c11', '-D_GNU_SOURCE', '-DNAPI_VERSION=8', '-Wall', '-Wextra'];
// Without assertions; CFLAGS=-UNDEBUG has them.
const linking = ['-O2', '-g', '-DNDEBUG', '-fPIC', '-shared', '-pthread', '-fvisibility=hidden'];
// Undefined first: some distributions' compilers define it themselves, and a second definition is a warning.
const hardening = ['-fstack-protector-strong', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2'];

// Node's functions are in the node executable, and macOS must be told that they come later. Elsewhere all of them are
// looked up when the addon is loaded, so calls need no stubs (PLT) that would do it.
const platform =
  process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : ['-Wl,-z,relro,-z,now', '-fno-plt'];

function build({ source, output, werror }) {
  checkPlatform();
  const [command, ...leading] = findCompiler();
  const sources = sourcesIn(source);
  mkdirSync(dirname(output), { recursive: true });
  // A process that runs has the old file mapped: it must keep its inode, so the new one replaces it by rename.
  const temporary = `${output}.${process.pid}.tmp`;
  const extra = (process.env.CFLAGS ?? '').split(/\s+/).filter(Boolean);
  const flags = [...language, ...linking, ...hardening, ...platform, ...(werror ? ['-Werror'] : [])];
  const commandLine = [...leading, ...flags, '-I', headers(), ...extra, ...sources, '-o', temporary];
  try {
    const { status, signal, error } = spawnSync(command, commandLine, { stdio: 'inherit' });
    if (error) throw new ExpectedError(`The C compiler ${command} could not be started: ${error.message}`);
    if (status !== 0) {
      const reason = signal ? `was ended by ${signal}` : `failed with exit code ${status}`;
      throw new ExpectedError(`The addon was not built: ${command} ${reason}; its messages are above`);
    }
    renameSync(temporary, output);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function sourcesIn(folder) {
  let names;
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.c'));
  } catch (error) {
    throw new ExpectedError(`The addon's C sources cannot be read: ${error.message}`);
  }
  if (names.length === 0)
    throw new ExpectedError(`The addon was not built: there are no C sources in ${folder}`);
  return names.toSorted().map((name) => join(folder, name));
}

function headers() {
  try {
    return createRequire(import.meta.url)('node-api-headers').include_dir;
  } catch {
    throw new ExpectedError('The package node-api-headers is not installed: run "npm ci" first');
  }
}

function parse() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new ExpectedError(`${error.message}; --help lists the options`);
  }
}

try {
  const values = parse();
  if (values.help) console.log(help);
  else build(values);
} catch (error) {
  if (!error.isExpected) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
