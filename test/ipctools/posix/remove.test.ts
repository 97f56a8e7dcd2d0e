import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { quoted } from '../../helpers/shell.js';
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
    "ipctools: posix queue /jobs stays: its messages can't be copied without taking them; --drain takes them into the backup\n";
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

/** A disk of so many pages, and a queue of which it takes three messages. */
const smallDisk = (pages: number): string => `
small=$(mktemp -d); mount -t tmpfs -o size=$((${pages} * $(getconf PAGESIZE))) none "$small"
fill=$((${pages} * $(getconf PAGESIZE) / 4 - 50))
peer queue create /many 4 "$fill"
for body in a b c d; do peer queue send /many 2 "$(printf "$body%.0s" $(seq "$fill"))"; done
first() { peer queue drain /many | cut -c 1-3; }
`;

test(
  'messages to which other programs leave no room stay in a file, and are sent from there',
  { skip },
  async (t) => {
    const scene = `${objects}${smallDisk(3)}
insisting /many 2 x y z
ipctools-only remove /many --drain --yes --backup "$small/the copy.jsonl" >/dev/null 2>"$small/said"; echo "code $?"; left
sed "s:$small:DISK:g" "$small/said" >&2; command=$(sed -n "s/.*send them: ipctools //p" "$small/said")
ls "$small"; eval "ipctools-only $command"; echo "code $?"
first; eval "ipctools-only $command --dry-run"; eval "ipctools-only $command"; echo "code $?"; first
umount "$small"; rmdir "$small"`;
    const { stdout, stderr } = await playPosix(t, scene);
    assert.deepEqual(stdout.split('\n'), [
      ...['code 1', 'left: /jobs /many /table /turn '],
      ...['said', 'the copy-rest-1.jsonl', 'to be sent to posix queue /many: 3 messages', 'code 1'],
      ...['2 a', '2 b', '2 c', '2 d', 'to be sent to posix queue /many: 3 messages'],
      ...['sent to posix queue /many: 3 messages', 'code 0', '2 x', '2 y', '2 z', ''],
    ]);
    assert.match(
      stderr,
      /^ipctools: posix queue \/many stays: ENOSPC.*; 3 messages of it found no room in it any more, and are in DISK\/the copy-rest-1\.jsonl; when it has room, send them: ipctools restore '.*' --to \/many\nipctools: posix queue \/many has room for 0 messages now; try again when programs have received some\nipctools: nothing done\n$/,
    );
  },
);

test('where neither the queue nor the disk has room, messages wait for the queue', { skip }, async (t) => {
  const scene = `${objects}${smallDisk(1)}
insisting /many 2 x y z
said=$(mktemp)
ipctools-only remove /many --drain --yes --backup "$small/copy" 2>"$said" >/dev/null & removing=$!
until grep -q 'waiting until another program receives' "$said"; do sleep 0.02; done
first; wait "$removing"; echo "code $?"; first; ls "$small"; cat "$said" >&2
umount "$small"; rmdir "$small"; rm "$said"`;
  const { stdout, stderr } = await playPosix(t, scene);
  assert.equal(
    stdout.replace('code 1\n', ''),
    ['2 a', '2 b', '2 c', '2 d', '2 x', '2 y', '2 z', ''].join('\n'),
  );
  assert.match(stdout, /code 1\n/);
  assert.match(stderr, /^ipctools: 3 messages of posix queue \/many have no room[^]*stays: ENOSPC/);
});

test('what could not be saved is not in the backup of the others', { skip }, async (t) => {
  const scene = `${objects}${smallDisk(2)}
peer memory create /small 10 0 hello
ipctools-only remove /small /many --drain --yes --backup "$small/copy" >/dev/null; echo "code $?"; left
ipctools-only restore "$small/copy"; left; first
umount "$small"; rmdir "$small"`;
  const { stdout } = await playPosix(t, scene);
  assert.deepEqual(stdout.split('\n'), [
    ...['code 1', 'left: /jobs /many /table /turn ', 'restored posix memory /small: 10 bytes'],
    ...['left: /jobs /many /small /table /turn ', '2 a', '2 b', '2 c', '2 d', ''],
  ]);
});

/** Fails each fsync, as a broken disk does. */
const brokenDisk = `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  fs.fsyncSync = () => {
    throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync', errno: -5 });
  };
  syncBuiltinESMExports();`)}`;

test('a queue that is not removed has its messages again, in their order', { skip }, async (t) => {
  const scene = `${objects}
NODE_OPTIONS=${quoted(`--import "${brokenDisk}"`)} ipctools-only remove /jobs /turn --drain --yes; echo "code $?"; left
peer queue drain /jobs; peer queue create /full 1 8; peer queue send /full 1 one; insisting /full 1 two
ipctools-only remove /full --drain --yes; echo "code $?"; peer queue attributes /full`;
  const { stdout, stderr, backups } = await playPosix(t, scene);
  assert.match(
    stdout,
    /removed 0, failed 2; [^]*code 1\nleft: \/jobs \/table \/turn \n3 urgent\n1 later\n1 last\n/,
  );
  assert.match(stderr, /posix queue \/jobs stays: EIO.*\n.*posix semaphore \/turn stays: EIO/);
  // The message that had been waiting for room has taken it.
  assert.match(stdout, /removed 0, failed 1; [^]*code 1\n1 of 1, 8 bytes each\n$/);
  assert.match(
    stderr,
    /posix queue \/full stays: it was sent a message meanwhile; 1 message of it found no room/,
  );
  assert.deepEqual([backups.length, backups.filter((path) => path.endsWith('-rest-1.jsonl')).length], [2, 1]);
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
