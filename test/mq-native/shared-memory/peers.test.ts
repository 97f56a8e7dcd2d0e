import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedMemory } from '@timeq/mq-native';
import { skipWithout, startPeer } from '../../helpers/foreign.js';
import { freshKey } from '../../helpers/keys.js';

test(
  'Python’s sysv_ipc and a segment made here show each other their bytes',
  { skip: skipWithout('python') },
  async (t) => {
    const key = freshKey(t);
    using segment = SharedMemory.create(key, { bytes: 32 });
    segment.view(Uint8Array).set(Buffer.from('from Node'));
    const python = startPeer(
      t,
      'python',
      `import sys, struct, sysv_ipc
memory = sysv_ipc.SharedMemory(int(sys.argv[1]))
print('reads', memory.read(9).decode(), memory.size, flush=True)
memory.write(struct.pack('=d', 0.1), 16)
print('written', flush=True)
sys.stdin.readline()
print('sees', struct.unpack('=d', memory.read(8, 24))[0], flush=True)`,
      [key],
    );
    assert.equal((await python.waitFor(/reads (.*)\n/))[1], 'from Node 32');
    await python.waitFor('written');
    const numbers = segment.view(Float64Array, { offset: 16 });
    assert.equal(numbers[0], 0.1);
    numbers[1] = -7.25;
    python.write('look\n');
    assert.equal((await python.waitFor(/sees (.*)\n/))[1], '-7.25');
  },
);

test(
  'a segment made by Python is opened, attached and removed here',
  { skip: skipWithout('python') },
  async (t) => {
    const key = freshKey(t);
    const python = startPeer(
      t,
      'python',
      `import sys, sysv_ipc
memory = sysv_ipc.SharedMemory(int(sys.argv[1]), sysv_ipc.IPC_CREX, size=100, init_character=b'p')
print('made', flush=True)
sys.stdin.readline()
print('reads', memory.read(3), memory.number_attached, flush=True)`,
      [key],
    );
    await python.waitFor('made');
    using segment = SharedMemory.open(key);
    const bytes = segment.view(Uint8Array);
    assert.equal(bytes.length, 100);
    assert.ok(bytes.every((byte) => byte === 'p'.charCodeAt(0)));
    bytes[1] = 'N'.charCodeAt(0);
    segment.remove();
    python.write('look\n');
    assert.equal((await python.waitFor(/reads (.*)\n/))[1], "b'pNp' 2");
  },
);

test(
  'Perl’s IPC::SysV and a segment made here show each other their bytes',
  { skip: skipWithout('perl') },
  async (t) => {
    const key = freshKey(t);
    using segment = SharedMemory.create(key, { bytes: 16 });
    const numbers = segment.view(Int32Array);
    numbers[1] = 1234;
    const perl = startPeer(
      t,
      'perl',
      `use IPC::SysV qw(shmat shmdt memread memwrite);
$| = 1;
my $id = shmget($ARGV[0], 0, 0) // die "shmget: $!";
my $address = shmat($id, undef, 0) // die "shmat: $!";
memread($address, my $bytes, 0, 16);
print "reads ", (unpack 'l4', $bytes)[1], "\\n";
memwrite($address, pack('l', -5678), 8, 4);
shmdt($address);
print "written\\n";`,
      [key],
    );
    assert.equal((await perl.waitFor(/reads (.*)\n/))[1], '1234');
    await perl.waitFor('written');
    assert.equal(numbers[2], -5678);
  },
);
