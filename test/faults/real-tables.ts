import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { skipOrFail } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { inOwnNamespace, works } from '../helpers/namespace.js';
import { bin, root } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import type { Fault } from './fault.js';
import { shiftedClock } from './shifted-clock.js';

const FIRST_PID_NAMESPACE = 'pid:[4026531836]';
/** A process of real-tables.c. */
const USER = 54321;
const HOUR = 3600;

/** An environment in which clean runs. */
interface View {
  readonly name: string;
  /** The command that runs clean in it. */
  readonly prefix: readonly string[];
  /** Whether every process of the machine is visible there, with the system calls of its threads. */
  readonly shows: boolean;
  /** The exit codes that clean may return. */
  readonly codes: readonly number[];
}

/** @param folder for a file */
function views(t: TestContext, folder: string): View[] {
  const container = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const uptime = join(folder, 'uptime');
  writeFileSync(uptime, '0.01 0.01\n');
  const lxcfs = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /proc/uptime && exec "$@"', uptime];
  const time = ['unshare', '--time', '--boottime', String(100 * HOUR), '--fork'];
  return [
    { name: 'as root', prefix: [], shows: true, codes: [0] },
    {
      name: 'as an ordinary user',
      prefix: ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'],
      shows: false,
      // This user may not remove other users' objects.
      codes: [0, 1],
    },
    { name: 'from a sibling container', prefix: container, shows: false, codes: [0] },
    { name: 'with another uptime', prefix: [...lxcfs, ...time], shows: true, codes: [0] },
    { name: 'after the clock was set forward', prefix: shiftedClock(t, HOUR), shows: true, codes: [0] },
    { name: 'after the clock was set back', prefix: shiftedClock(t, -HOUR), shows: true, codes: [0] },
  ];
}

function canBeHad({ prefix }: View): boolean {
  const [command, ...rest] = [...prefix, process.execPath, bin('ipctools'), '--version'];
  return spawnSync(command, rest, { stdio: 'ignore' }).status === 0;
}

async function compile(t: TestContext, folder: string): Promise<string> {
  const binary = join(folder, 'real-tables');
  const options = ['-std=gnu11', '-D_GNU_SOURCE', '-O1', '-pthread', '-o', binary];
  const { code, stderr } = await run(t, process.env['CC'] ?? 'cc', [
    ...options,
    join(root, 'test/faults/real-tables.c'),
  ]);
  assert.equal(code, 0, stderr);
  return binary;
}

/** Pid namespaces take CAP_SYS_ADMIN, and only the initial one shows which processes are blocked in a queue. */
function skipElsewhere(): string | false {
  if (process.platform !== 'linux') return 'namespaces are of Linux';
  if (readlinkSync('/proc/self/ns/pid') !== FIRST_PID_NAMESPACE)
    return 'who uses an object shows only in the first pid namespace';
  return works(['unshare', '--ipc', '--pid', '--fork'])
    ? false
    : skipOrFail('namespaces of processes cannot be made here (unshare --pid)');
}

export const realTables: Fault = {
  name: 'real-tables',
  title: 'clean removes no live object among those that real processes, threads and users have used',
  skip: skipElsewhere,
  async run(t, { random, long }) {
    const folder = temporaryFolder(t);
    const binary = await compile(t, folder);
    const clean = [process.execPath, bin('ipctools'), 'clean', '--yes', '--older-than', '0', '--no-backup'];
    const all = views(t, folder);
    const from = all.filter(canBeHad);
    const [rounds, together] = long ? [Math.ceil(40 / from.length), 25] : [1, 20];
    let users = 1;
    const tallies = from.map(({ name }) => ({ name, tables: 0, living: 0, gone: 0 }));
    for (let round = 0; round < rounds; round++) {
      for (const [index, { name, prefix, shows, codes }] of from.entries()) {
        const seed = random.below(2 ** 31);
        const { code, stdout, stderr } = await run(
          t,
          ...inOwnNamespace(binary, [String(seed), String(together), shows ? '1' : '0', ...prefix, ...clean]),
        );
        assert.deepEqual([code, stderr], [0, ''], `${name}, seed ${seed}`);
        const looks = stdout
          .trim()
          .split('\n')
          .map((line) => line.split(' ').map(Number));
        assert.equal(looks.length, 2);
        for (const [cleaned = -1, , , wrong] of looks) {
          assert.equal(wrong, 0, `${name}, seed ${seed}`);
          assert.ok(codes.includes(cleaned), `${name}: exit code ${cleaned}, seed ${seed}`);
        }
        const tally = tallies[index];
        assert.ok(tally !== undefined);
        tally.tables += together;
        tally.living += looks[0]?.[1] ?? 0;
        tally.gone += looks[1]?.[2] ?? 0;
        users = Math.max(users, looks[0]?.[4] ?? 1);
      }
    }
    const [plain] = tallies;
    assert.ok(plain !== undefined && plain.living > plain.tables / 4 && plain.gone > plain.tables / 2);
    const each = tallies.map(
      ({ name, tables, living, gone }) =>
        `${name} ${tables} tables, ${living} objects that live, 0 of them removed, ${gone} others removed`,
    );
    const left = all.filter((view) => !from.includes(view)).map(({ name }) => `not tried here: ${name}`);
    return [users === 1 ? 'one user' : `${users} users`, ...each, ...left].join('; ');
  },
};
