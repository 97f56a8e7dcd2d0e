// Warns of options for the time server that npm has kept for itself: "npm start --key 200" without the "--" in between.
// npm tells its scripts of most of them (npm_config_mode), but not of those that it knows itself and no longer supports, such
// as --key. Those are in its log, which is open while it runs.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const server = join(import.meta.dirname, '..', 'packages', 'time-server', 'bin', 'time-server.js');
/** The server has these too, but they are npm's where npm is asked. */
const npmsOwn = new Set(['help', 'version', 'quiet']);

/** What npm was called with, from "start" to the first "--"; undefined where its log can't be found. */
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

/** The long options in words, and those that npm has passed on as variables. */
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
  // Without /proc, or where it shows nothing of npm, there is what npm tells by itself.
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
