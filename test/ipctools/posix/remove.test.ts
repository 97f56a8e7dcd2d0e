import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { playPosix, skipWithoutPosixWorlds } from './scene.js';

const skip = skipWithoutPosixWorlds();

const objects = `
peer queue create /jobs 8 64; peer queue send /jobs 1 later; peer queue send /jobs 3 urgent; peer queue send /jobs 1 last
peer memory create /table 100000 70000 hello; chmod 640 /dev/shm/table
peer semaphore create /turn 2
left() { echo "left: $(ipctools-only list posix --raw --no-header --columns name | tr '\\n' ' ')"; }
`;

test('what remove took, restore brings back, byte for byte and in order', { skip }, async (t) => {
  const scene = `${objects}
cp /dev/shm/table /tmp/before.$$; cp /dev/shm/sem.turn /tmp/turn.$$
ipctools-only remove /jobs /table /turn --drain --yes >/dev/null; echo "code $?"; left
copy=$(ls "$XDG_STATE_HOME"/timeq/backups/*)
ipctools-only backups | head -2 | grep -o '3 POSIX objects, 3 messages'
ipctools-only restore "$copy" --dry-run; left
ipctools-only restore "$copy"; left
cmp /dev/shm/table /tmp/before.$$ && cmp /dev/shm/sem.turn /tmp/turn.$$ && rm /tmp/before.$$ /tmp/turn.$$
stat -c '%a %b' /dev/shm/table; peer semaphore value /turn; peer queue attributes /jobs; peer queue drain /jobs
ipctools-only restore "$copy"; echo "code $?"`;
  const { stdout, stderr } = await playPosix(t, scene);
  assert.deepEqual(stdout.split('\n'), [
    'code 0',
    'left: ',
    '3 POSIX objects, 3 messages',
    'posix queue /jobs: 3 messages',
    'posix memory /table: 97.7K bytes',
    'posix semaphore /turn: 32 bytes',
    'left: ',
    'restored posix queue /jobs: 3 messages',
    'restored posix memory /table: 97.7K bytes',
    'restored posix semaphore /turn: 32 bytes',
    'left: /jobs /table /turn ',
    // As many blocks as the one page that was written takes: holes stay holes.
    ...['640 8', '2', '3 of 8, 64 bytes each', '3 urgent', '1 later', '1 last'],
    'posix queue /jobs: 3 messages',
    'posix memory /table: 97.7K bytes',
    'posix semaphore /turn: 32 bytes',
    'code 1',
    '',
  ]);
  assert.match(stderr, /posix queue \/jobs is there already[^]*nothing done\n$/);
});

test('a queue with messages stays unless they are drained, or may be lost', { skip }, async (t) => {
  const scene = `${objects}
ipctools-only remove /jobs --yes; echo "code $?"; ipctools-only remove /jobs /turn --yes --json | grep -c '"removed": \\[$'; left
ipctools-only remove /jobs --yes --no-backup; echo "code $?"; left`;
  const { stdout, stderr, backups } = await playPosix(t, scene);
  assert.match(
    stdout,
    /removed 0, failed 1; 0 bytes freed\ncode 1\n1\nleft: \/jobs \/table \n[^]*removed 1; 0 bytes freed\ncode 0\nleft: \/table \n$/,
  );
  const sentence =
    'ipctools: posix queue /jobs stays: its messages can not be copied without taking them; --drain takes them into the backup\n';
  assert.equal(stderr, sentence.repeat(2));
  assert.equal(backups.length, 1);
});

test('remove asks, refuses without a terminal, and does nothing with --dry-run', { skip }, async (t) => {
  const scene = `${objects}
held memory map /table
ipctools-only remove /table --dry-run; ipctools-only remove /table </dev/null; echo "code $?"; left
ipctools-only remove /none --yes; echo "code $?"; ipctools-only remove /table 5 --yes; echo "code $?"; left`;
  const { stdout, stderr } = await playPosix(t, scene);
  assert.match(stdout, /97\.7K bytes, open in \d+ program\nwould remove 1 \(4096 bytes\); nothing done\n/);
  assert.match(
    stdout,
    /code 3\nleft: \/jobs \/table \/turn \n[^]*code 1\ncode 2\nleft: \/jobs \/table \/turn \n$/,
  );
  assert.match(stderr, /there is no posix object \/none here/);
  assert.match(stderr, /with a command each/);
});

test('a drain into a full disk puts every message back in its order', { skip }, async (t) => {
  const scene = `${objects}
small=$(mktemp -d); mount -t tmpfs -o size=4k none "$small"
peer queue create /many 10 1000
for body in a b c d e f; do peer queue send /many 2 "$(printf "$body%.0s" $(seq 900))"; done
ipctools-only remove /many --drain --yes --backup "$small/copy"; echo "code $?"; left
ls "$small"; peer queue drain /many | cut -c1-5; umount "$small"; rmdir "$small"`;
  const { stdout, stderr } = await playPosix(t, scene);
  assert.match(
    stdout,
    /removed 0, failed 1; 0 bytes freed\ncode 1\nleft: \/jobs \/many \/table \/turn \n2 aaa\n2 bbb\n2 ccc\n2 ddd\n2 eee\n2 fff\n$/,
  );
  assert.match(stderr, /posix queue \/many stays: ENOSPC/);
});

test('a damaged backup of POSIX objects is refused, and restores nothing', { skip }, async (t) => {
  const scene = `${objects}
ipctools-only remove /table --yes >/dev/null
copy=$(ls "$XDG_STATE_HOME"/timeq/backups/*)
sed 's/"mode":416/"mode":511/' "$copy" >"$copy.damaged"; ipctools-only restore "$copy.damaged"; echo "code $?"
head -n 2 "$copy" >"$copy.short"; ipctools-only restore "$copy.short"; echo "code $?"; left`;
  const { stdout, stderr, backups } = await playPosix(t, scene);
  assert.equal(stdout, 'code 1\ncode 1\nleft: /jobs /turn \n');
  assert.equal(
    stderr.match(/is cut off or damaged: its checksum doesn't fit its content; nothing done/g)?.length,
    2,
  );
  const [text = ''] = backups
    .filter((path) => path.endsWith('.jsonl'))
    .map((path) => readFileSync(path, 'utf8'));
  assert.match(text, /^\{"format":"timeq-posix-backup","version":1,/);
});
