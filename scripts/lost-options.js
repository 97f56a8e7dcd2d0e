// Warns of options for the time server that npm has taken for its own: "npm start --key 200" without the "--".
// npm passes most of them to its scripts (npm_config_mode), but not those that it knows and no longer supports, such
// as --key. These are only in its log, which is open while npm runs.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const server = join(import.meta.dirname, '..', 'packages', 'time-server', 'bin', 'time-server.js');
/** Options that the server has as well, but that npm handles itself. */
const npmsOwn = new Set(['help', 'version', 'quiet']);

/** The arguments of npm, from "start" to the first "--"; undefined if its log can't be found. */
function wordsFromLog() {
  for (let pid = process.ppid, generation = 0; pid > 0 && generation < 4; generation++) {
    const log = openLogOf(pid);
    const argv = log && /^\d+ verbose argv (.*)$/m.exec(readFileSync(log, 'utf8'))?.[1];
    if (argv !== undefined) {
      const words = [...argv.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => word);
      const end = words.indexOf('--');
      return words.slice(words.indexOf('start') + 1, end === -1 ? undefined : end);
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  }
  return undefined;
}

function openLogOf(pid) {
  const folder = `/proc/${pid}/fd`;
  for (const name of readdirSync(folder)) {
    try {
      const target = readlinkSync(join(folder, name));
      if (/_logs\/[^/]+-debug-\d+\.log$/.test(target)) return target;
    } catch {
      // It was closed meanwhile.
    }
  }
  return undefined;
}

/** The long options among these words, and those that npm has passed on as variables. */
function namesIn(words) {
  const told = Object.keys(process.env).filter((name) => name.startsWith('npm_config_'));
  const written = words.map((word) => /^--([^=]+)/.exec(word)?.[1]).filter((name) => name !== undefined);
  return [...written, ...told.map((name) => name.slice('npm_config_'.length).replaceAll('_', '-'))];
}

function serverOptions() {
  const { stdout } = spawnSync(process.execPath, [server, '--help'], { encoding: 'utf8' });
  const names = [...stdout.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
  return new Set(names.filter((name) => !npmsOwn.has(name)));
}

let words;
try {
  words = wordsFromLog();
} catch {
  // Without /proc, or without access to npm's entry there, only npm's variables are known.
}
const candidates = namesIn(words ?? []).filter((name) => !npmsOwn.has(name));
const known = candidates.length > 0 ? serverOptions() : new Set();
const lost = [...new Set(candidates)].filter((name) => known.has(name));
if (lost.length > 0) {
  const first = words?.findIndex((word) => known.has(/^--([^=]+)/.exec(word)?.[1]));
  const rest = words?.slice(first).join(' ') ?? `--${lost.join(' ... --')} ...`;
  console.error(
    `npm start: npm keeps --${lost.join(' and --')} for itself, and the server starts without; ` +
      `to pass options on, write: npm start -- ${stripVTControlCharacters(rest)}`,
  );
}
