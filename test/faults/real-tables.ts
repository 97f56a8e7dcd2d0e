import assert from 'node:assert/strict';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from '../helpers/cleanup.js';
import { skipOrFail } from '../helpers/commands.js';
import { inOwnNamespace, works } from '../helpers/namespace.js';
import { bin, root } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import type { Fault } from './fault.js';

/** So many are made at once and cleaned together. */
const TOGETHER = 50;
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

async function compile(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'timeq-tables-'));
  atEnd(t, () => {
    rmSync(folder, { recursive: true });
  });
  const binary = join(folder, 'real-tables');
  const options = ['-std=gnu11', '-D_GNU_SOURCE', '-O1', '-pthread', '-o', binary];
  const { code, stderr } = await run(t, process.env['CC'] ?? 'cc', [
    ...options,
    join(root, 'test/faults/real-tables.c'),
  ]);
  assert.equal(code, 0, stderr);
  return binary;
}

/** Namespaces of processes take CAP_SYS_ADMIN, and only in the first one does it show who is in a queue. */
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
  title: 'of real objects that real processes and threads have used, clean removes none that lives',
  skip: skipElsewhere,
  async run(t, { random, long }) {
    const binary = await compile(t);
    const clean = [process.execPath, bin('ipctools'), 'clean', '--yes', '--older-than', '0', '--no-backup'];
    const tables = long ? 1000 : 2 * TOGETHER;
    let [living, gone] = [0, 0];
    for (let made = 0; made < tables; made += TOGETHER) {
      const seed = random.below(2 ** 31);
      const { code, stdout, stderr } = await run(
        t,
        ...inOwnNamespace(binary, [String(seed), String(TOGETHER), ...clean]),
      );
      assert.deepEqual([code, stderr], [0, ''], `seed ${seed}`);
      const looks = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
      assert.equal(looks.length, 2);
      for (const [cleaned, , , wrong] of looks) assert.deepEqual([cleaned, wrong], [0, 0], `seed ${seed}`);
      living += looks[0]?.[1] ?? 0;
      gone += looks[1]?.[2] ?? 0;
    }
    assert.ok(living > tables / 4 && gone > tables / 2, `${living} live, ${gone} removed`);
    return `${tables} tables of ${3 * tables} objects: ${living} that live, 0 of them removed; ${gone} removed`;
  },
};
