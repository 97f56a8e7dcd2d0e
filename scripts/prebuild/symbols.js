import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { ExpectedError } from '../../packages/mq-native/scripts/expected-error.js';
import { muslSymbols } from './musl.js';

const nodeApiVersion = 'v8';

/** The functions that native/loop_call.c uses. libuv has them from 1.19 on; Node.js 20 contains 1.46. */
const libuv = new Set([
  'uv_async_init',
  'uv_async_send',
  'uv_close',
  'uv_handle_get_data',
  'uv_handle_set_data',
  'uv_handle_size',
  'uv_ref',
  'uv_unref',
]);

/**
 * Throws unless the addon is for the target's machine, is hardened, and needs no symbol that the oldest Node.js and
 * the oldest C library of the target lack. Returns a description of its requirements.
 */
export function checkSymbols(target, addon) {
  const fail = (sentence) => {
    throw new ExpectedError(`${addon}: ${sentence}`);
  };
  const header = readelf('-h', addon);
  if (!header.includes(target.machine)) fail(`it is not for ${target.machine}`);
  const dynamic = readelf('-d', addon);
  if (!/BIND_NOW|FLAGS.*NOW/.test(dynamic)) fail('it is not linked with -z now');
  if (/GNU_STACK.*RWE/.test(readelf('-lW', addon))) fail('its stack is executable');

  const { wanted, given } = symbolsOf(addon);
  if (!given.has('napi_register_module_v1')) fail('it does not export napi_register_module_v1');
  const others = [...given].filter(
    (name) => !name.startsWith('napi_register_module') && name !== 'node_api_module_get_api_version_v1',
  );
  if (others.length > 0) fail(`it exports ${others.join(', ')}`);

  const nodeApi = nodeApiSymbols();
  const unknown = wanted.filter(({ name }) => /^napi_|^node_api_/.test(name) && !nodeApi.has(name));
  if (unknown.length > 0) fail(`Node-API ${nodeApiVersion} has no ${namesOf(unknown)}`);

  const unlisted = wanted.filter(({ name }) => name.startsWith('uv_') && !libuv.has(name));
  if (unlisted.length > 0) fail(`libuv is not to be asked for ${namesOf(unlisted)}`);

  const ofLibrary = wanted.filter(({ name }) => !nodeApi.has(name) && !libuv.has(name));
  const needed = [...dynamic.matchAll(/NEEDED.*\[(.*)\]/g)].map((match) => match[1]).join(', ');
  if (target.newestGlibc === undefined) return `needs ${needed}: ${checkMusl(target, ofLibrary, fail)}`;
  return `needs ${needed}: ${checkGlibc(target.newestGlibc, ofLibrary, fail)}`;
}

function checkGlibc(newest, symbols, fail) {
  const versions = symbols
    .filter(({ version }) => version !== undefined)
    .map(({ name, version }) => ({
      name,
      version,
      parts: version.replace('GLIBC_', '').split('.').map(Number),
    }));
  const tooNew = versions.filter(({ parts }) => isNewer(parts, newest));
  if (tooNew.length > 0) {
    fail(
      `it needs a glibc newer than ${newest.join('.')}: ${tooNew.map((each) => `${each.name}@${each.version}`).join(', ')}`,
    );
  }
  const highest = versions.map(({ parts }) => parts).reduce((a, b) => (isNewer(b, a) ? b : a));
  return `glibc ${highest.join('.')} or newer`;
}

function checkMusl(target, symbols, fail) {
  const versioned = symbols.filter(({ version }) => version !== undefined);
  if (versioned.length > 0) fail(`it needs glibc: ${namesOf(versioned)}`);
  const there = muslSymbols(target, symbolsOf);
  const missing = symbols.filter(({ name, weak }) => !weak && !there.has(name));
  if (missing.length > 0) fail(`musl has no ${namesOf(missing)}`);
  return 'every symbol is in musl';
}

function isNewer([major, minor = 0], [otherMajor, otherMinor = 0]) {
  return major > otherMajor || (major === otherMajor && minor > otherMinor);
}

function namesOf(symbols) {
  return symbols.map(({ name }) => name).join(', ');
}

/** The dynamic symbols of a library: imported and exported ones. */
function symbolsOf(file) {
  const rows = readelf('--dyn-syms', '-W', file)
    .split('\n')
    .map((line) =>
      /^\s*\d+: [0-9a-f]+ +\S+ +(?!SECTION)\S+ +(\S+) +\S+ +(\S+) +([^@\s]+)(?:@+([^\s]+))?/.exec(line),
    )
    .filter((row) => row !== null)
    .map(([, binding, section, name, version]) => ({
      name,
      version,
      weak: binding === 'WEAK',
      there: section !== 'UND',
    }));
  return {
    wanted: rows.filter((row) => !row.there),
    given: new Set(rows.filter((row) => row.there).map((row) => row.name)),
  };
}

function nodeApiSymbols() {
  const { js_native_api_symbols: engine, node_api_symbols: node } = createRequire(import.meta.url)(
    'node-api-headers',
  ).symbols[nodeApiVersion];
  return new Set([...engine, ...node]);
}

function readelf(...readelfArguments) {
  const { status, error, stdout, stderr } = spawnSync('readelf', readelfArguments, { encoding: 'utf8' });
  if (error || status !== 0)
    throw new ExpectedError(`readelf (Debian: binutils) failed: ${error?.message ?? stderr}`);
  return stdout;
}
