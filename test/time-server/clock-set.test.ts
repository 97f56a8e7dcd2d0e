import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'node:test';
import { atEnd } from '../helpers/cleanup.js';
import { fixture } from '../helpers/node.js';
import { start } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';
import { oneConsole, ownRoot, skipWithoutUserModeLinux } from '../helpers/user-mode-linux.js';

const folder = mkdtempSync(join(tmpdir(), 'timeq-'));
test.after(() => rmSync(folder, { recursive: true }));

/** A kernel's command line is split at spaces. */
const skip = folder.includes(' ')
  ? 'the folder for temporary files has a space in its name'
  : skipWithoutUserModeLinux();

// User-mode Linux: a kernel that is a process here, with a clock and message queues of its own. It only reads this
// machine's files.
test(
  'a clock of the kernel that is set, or suspended with its machine, rings what is due and nothing else',
  { skip },
  async (t) => {
    const init = join(folder, 'init');
    const script = [
      '#!/bin/sh',
      'mount -t proc proc /proc',
      'mount -t sysfs sysfs /sys',
      'export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent',
      `${quoted(process.execPath)} ${quoted(fixture(import.meta.url, './fixtures/clock-set.js'))} 2>&1`,
      'echo "exit code $?"',
      'echo o >/proc/sysrq-trigger',
      'sleep 60',
    ];
    writeFileSync(init, script.join('\n'), { mode: 0o755 });
    const options = ['mem=768M', ...ownRoot, `init=${init}`, ...oneConsole];
    const machine = start(t, 'linux.uml', options, { env: { TMPDIR: folder } });
    await machine.waitFor('back: rung ; pending 4');
    await machine.waitFor('forward: rung 30 60; pending 2');
    await machine.waitFor('further: rung 30 60 120; pending 1');
    await machine.waitFor('suspending');
    await delay(3000);
    // This signal wakes it up; one that comes before it sleeps has no effect.
    const waking = setInterval(() => machine.kill('SIGUSR1'), 500);
    atEnd(t, () => clearInterval(waking));
    await machine.waitFor('woken after the moment');
    clearInterval(waking);
    await machine.waitFor('it rang');
    await machine.waitFor('exit code 0');
    assert.equal((await machine.exit()).code, 0);
  },
);
