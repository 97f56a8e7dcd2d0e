// One set-up at a time per checkout. The lock is a row of files lock.1, lock.2, ...: the process that made the highest one holds
// it, until that process ends or empties its file. To take over, a process creates the next number. Only one can, so
// two processes that see the same dead holder cannot both win. The highest file is never deleted, only those below it.
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './root.js';

// Not in node_modules, which "npm ci" deletes while the lock is held.
const defaultFolder = join(root, 'build', 'setup-lock');
const pollMilliseconds = 100;

/** Waits until no other set-up runs on this checkout. Returns the function that ends the lock. */
export async function acquireLock(folder = defaultFolder) {
  mkdirSync(folder, { recursive: true });
  const own = join(folder, `candidate.${process.pid}`);
  // A file left over from a dead process with the same pid may be a hard link to a lock.
  rmSync(own, { force: true });
  writeFileSync(own, `${process.pid} ${startOf(process.pid)}`);
  let announced;
  try {
    for (;;) {
      const highest = Math.max(0, ...numbersIn(folder));
      const holder = highest > 0 ? livingHolder(join(folder, `lock.${highest}`)) : undefined;
      if (holder === undefined) {
        const path = join(folder, `lock.${highest + 1}`);
        if (take(own, path) && isHighest(folder, path, highest + 1)) return () => truncateSync(path);
        continue;
      }
      if (announced !== holder) console.error(`Waiting for the set-up that process ${holder} runs ...`);
      announced = holder;
      await delay(pollMilliseconds);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function numbersIn(folder) {
  return readdirSync(folder).flatMap((name) => /^lock\.(\d+)$/.exec(name)?.slice(1).map(Number) ?? []);
}

// link() makes the file appear with its content, and fails if the name is taken.
function take(own, path) {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isHighest(folder, path, number) {
  const others = numbersIn(folder);
  if (others.some((other) => other > number)) {
    rmSync(path, { force: true });
    return false;
  }
  for (const other of others) if (other < number) rmSync(join(folder, `lock.${other}`), { force: true });
  return true;
}

/** The pid that holds the lock file; undefined when it was given back or its holder is dead. */
function livingHolder(path) {
  let content;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  const [pid, start] = content.split(' ');
  return content !== '' && isAlive(Number(pid)) && startOf(pid) === start ? Number(pid) : undefined;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The start of a process in clock ticks since boot, which tells apart processes with the same pid. Linux only. */
function startOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command's name in brackets, which may contain spaces and brackets: proc(5).
    return fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '-';
  }
}
