import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { root } from '../helpers/node.js';
import { RunningProcess } from '../helpers/process.js';
import { oneConsole, skipWithoutUserModeLinux } from '../helpers/user-mode-linux.js';
import { install, packAll, packDependencies, Scratch } from '../packages/project.js';

/** Where scripts/other-systemd unpacks a small Debian of each release. */
const folder = join(root, 'build', 'systemd');
const unpacked = existsSync(folder) ? readdirSync(folder) : [];
const releases = unpacked.length === 0 ? ['bookworm'] : unpacked;
const skip =
  unpacked.length === 0
    ? 'no systemd is unpacked here (scripts/other-systemd gets it)'
    : skipWithoutCommands('setpriv', 'unshare') || skipWithoutUserModeLinux();

const isRoot = process.getuid?.() === 0;
/** A user without power. */
const uid = 65534;

const done = /^ \[0\]$/;
const anId = /^\d+ \[0\]$/;
const aTime = /^\d{10} \[0\]$/;

/** What fixtures/booted.sh prints: the label of a line, and what systemd or a command says there. */
const steps: ReadonlyArray<readonly [title: string, label: string, says: RegExp]> = [
  ['systemd runs', 'systemd', /^systemd \d+ /],
  ['the user of the service is made', 'sysusers', /Creating user 'timeq' .* with UID \d{3} .*\[0\]$/],
  ['a user becomes a member', 'member', done],
  ['the units are installed', 'reload', done],
  ['the service is not active before it is ready', 'before it is ready', /^activating/],
  ['it is enabled, and active as soon as it is ready', 'enable', done],
  ['a member of the group gets the time', 'a member asks', aTime],
  ['another user is told why not', 'a stranger asks', /^time-client: not permitted to .* \[5\]$/],
  [
    'systemctl shows what the server said last',
    'status',
    /^Active: active \(running\) .* Status: "listening on key 0x00000080 /,
  ],
  ['the running systemd finds the units exposed to little', 'exposure', /^(?:1\.\d OK(?: \| )?){5} \[0\]$/],
  ['another key is served beside it', 'another key', done],
  ['with its own clients', 'a member asks there', aTime],
  ['an instance stops', 'stop it', done],
  ['and takes its queue with it', 'its queue', /^ \[1\]$/],
  ['systemd restarts a server that hangs', 'watchdog', /Watchdog timeout \(limit 10s\)! \[0\]$/],
  ['the next server continues with its queue', 'queue after the watchdog', done],
  ['and after a crash', 'queue after a crash', done],
  ['the service restarts', 'restart', done],
  ['and answers', 'a member asks again', aTime],
  ['the timer starts', 'timer', done],
  ['its metrics show the server', 'metrics', /^time_server_up\{key="0x00000080",id="\d+"\} 1 \[0\]$/],
  ['a server with PrivateIPC starts', 'with PrivateIPC', done],
  [
    'no client outside finds it',
    'asked from outside',
    /^time-client: there is no queue .* namespace .*\[3\]$/,
  ],
  ['ipctools does', 'seen from outside', /^0x0000012c .*\[0\]$/],
  ['a unit that joins its namespace gets the time', 'asked by a unit that joins', aTime],
  ['a server with RemoveIPC starts', 'with RemoveIPC', done],
  ['its queue survives a crash beside a unit of its user', 'queue beside other units of the user', done],
  ['those units stop', 'stop', done],
  ['and alone it loses the queue in a crash', 'queue of the only unit of the user', /^ \[1\]$/],
  ['it stops', 'stop the last', done],
  ['stopped servers leave nothing', 'left behind', /^(?!.*timeq).*\[0\]$/],
  ['a bridge without a queue fails', 'bridge without a queue', /^Job for .* failed .*\[1\]$/],
  ['the queue is made', 'make a queue', /^0x00000090 \| group: root -> timeq \[0\]$/],
  ['a bridge without NATS gets a wrong option', 'settings of the bridge', done],
  [
    'it was started again until then, and said what was missing',
    'what it said',
    /no queue has key .*status=3\/.*no NATS server .*status=3\/.*unknown option '--wrong'.*status=2\//,
  ],
  ['logind removes objects of users who log out', 'RemoveIPC', /^b true/],
  ['a system user logs in and out', 'of a system user', /timeq .*0x00000601 \[0\]$/],
  ['a user may linger', 'linger', done],
  ['and logs in and out', 'of a user who lingers', /^0x00000602 \[0\]$/],
  ['another one leaves a server that runs with nohup', 'of nohup', /answers \[0\]$/],
  ['a service runs as an ordinary user', 'of a service of a user', done],
  ['who logs in and out', 'the user of that service logs in and out', done],
  ['a user ends one session of two', 'a second session', done],
  ['another ends the only one', 'of a user', /^0x00000606 \[0\]$/],
  ['and loses the queue; a system user keeps it', 'is the queue of a system user there', anId],
  ['so does a user who lingers', 'is that of a user who lingers', anId],
  ['so does the server with nohup, whose session goes on', 'is that of nohup', anId],
  ['so does a user who has another session', 'is that of a user with another session', anId],
  ['logind tells who is left', 'users', /alice +no.*carol +yes.*dave +no/],
  [
    'the service of an ordinary user loses its queue',
    'is that of a service of a user',
    /another program removed the queue: created queue \d+ in its place \[0\]$/,
  ],
  ['the last session takes the queue', 'queues after all sessions', /^(?=.*0x00000601)(?!.*0x00000605)/],
  ['nothing else has failed', 'failed', /^timeq-bridge-out@0x90\.service [^|]*\[0\]$/],
];

const unit = `[Unit]
Description=What is tried
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/bin/bash /root/booted.sh
StandardOutput=tty
StandardError=tty
TTYPath=/dev/console
`;

function make(command: string, words: readonly string[]): void {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8', env });
  if (status !== 0) throw error ?? new Error(`${command}: ${stderr}`);
}

/** An image of a disk with Debian, Node.js, the packages as npm installs them, and the units. */
function makeImage(release: string, scratch: Scratch): void {
  const tree = join(scratch.path, 'tree');
  make('cp', ['-a', join(folder, release), tree]);
  copyFileSync(process.execPath, join(tree, 'usr/bin/node'));
  const packages = [...packAll(scratch, { prebuilt: true }), ...packDependencies(scratch)];
  const project = install(scratch, 'project', packages);
  make('cp', ['-a', join(project, 'node_modules'), join(tree, 'usr/lib/node_modules')]);
  for (const name of ['time-server', 'time-client', 'ipctools', 'timeq-bridge']) {
    symlinkSync(`../lib/node_modules/.bin/${name}`, join(tree, 'usr/bin', name));
  }
  cpSync(join(root, 'contrib/systemd'), join(tree, 'root/systemd'), { recursive: true });
  copyFileSync(join(root, 'test/contrib/fixtures/booted.sh'), join(tree, 'root/booted.sh'));
  const units = join(tree, 'etc/systemd/system');
  writeFileSync(join(units, 'booted.service'), unit);
  mkdirSync(join(units, 'multi-user.target.wants'), { recursive: true });
  symlinkSync('../booted.service', join(units, 'multi-user.target.wants/booted.service'));
  // Its files belong to root there, also if an ordinary user unpacked them.
  const mke2fs = ['mke2fs', '-q', '-t', 'ext4', '-d', tree, join(scratch.path, 'disk'), '1G'];
  const [command = '', ...words] = isRoot ? mke2fs : ['unshare', '--map-root-user', ...mke2fs];
  make(command, words);
  rmSync(tree, { recursive: true });
}

/**
 * Boots that image in user-mode Linux, a kernel that is a process here. It sees no file of this machine but the image:
 * what its hostfs may mount is below a folder that does not exist.
 */
function boot(scratch: Scratch): RunningProcess {
  const disk = ['ubd0=disk', 'root=/dev/ubda', 'rootfstype=ext4', 'rw', 'hostfs=nothing'];
  const quiet = [...oneConsole, 'systemd.show_status=no'];
  const command = ['linux.uml', 'mem=768M', 'init=/lib/systemd/systemd', ...disk, ...quiet];
  const powerless = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];
  if (isRoot) for (const path of ['', 'disk']) chownSync(join(scratch.path, path), uid, uid);
  const [first = '', ...words] = isRoot ? [...powerless, ...command] : command;
  return new RunningProcess(first, words, {
    cwd: scratch.path,
    env: { TMPDIR: scratch.path, HOME: scratch.path },
  });
}

for (const release of releases) {
  describe(`under systemd of Debian ${release}, on a kernel of its own`, { skip }, () => {
    const scratch = new Scratch();
    let machine: RunningProcess;
    before(() => {
      makeImage(release, scratch);
      machine = boot(scratch);
    });
    after(async () => {
      await machine.end();
      scratch.remove();
    });
    for (const [title, label, says] of steps) {
      it(title, async () => {
        const line = machine.waitFor(new RegExp(`^${label}: (.*?)\\r?\\n`, 'm'));
        // The next steps need not wait for a machine that hangs.
        line.catch(() => machine.kill());
        const [, said = ''] = await line;
        assert.match(said, says);
      });
    }
    it('powers off', async () => {
      assert.equal((await machine.exit()).code, 0);
    });
  });
}
