import type { TestContext } from 'node:test';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { startSnippet } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';

/** How the requests of a client ended. */
export interface Fates {
  readonly answered: number;
  /** The client was told that the server or its queue is gone. */
  readonly gone: number;
  /** Neither happened within 30 seconds, and the client asked again, as it has to when its reply was taken back. */
  readonly again: number;
}

/*
 * Classic clients in Python and Perl send one request after another until SIGTERM. A request ends with a reply, or when the
 * semaphore beside the queue tells that the server has died or was replaced. A timer interrupts the
 * blocking calls so that they can check it. If the machine stalls for seconds, the server may take a late client's reply
 * back: it counts these replies, and no more clients than that may ask again.
 */

const python = `
import signal, sys, time, sysv_ipc
key = int(sys.argv[1])
over = False
def stop(*_):
    global over
    over = True
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
answered = gone = again = 0

def server():
    try:
        semaphore = sysv_ipc.Semaphore(key)
        return semaphore.last_pid if semaphore.value > 0 else None
    except sysv_ipc.Error:
        return None

class Late(Exception):
    pass

def insist(call, pid):
    until = time.monotonic() + 180
    while True:
        try:
            return call()
        except sysv_ipc.ExistentialError:
            return None
        except sysv_ipc.Error as error:
            if "ignal" not in str(error):
                raise
            if server() != pid:
                return None
            if time.monotonic() > until:
                raise Late

def ask(pid):
    try:
        queue = sysv_ipc.MessageQueue(key)
    except sysv_ipc.ExistentialError:
        return None
    if insist(lambda: queue.send(b"", type=1) or True, pid) is None:
        return None
    return insist(lambda: queue.receive(type=3), pid)

print("ready", flush=True)
while not over:
    pid = server()
    if pid is None:
        time.sleep(0.005)
        continue
    try:
        reply = ask(pid)
    except Late:
        again += 1
        continue
    if reply is None:
        gone += 1
    else:
        assert len(reply[0]) == 24, reply
        answered += 1
        if answered == 1: print("was answered", flush=True)
print("answered", answered, "gone", gone, "again", again, flush=True)
`;

const perl = `
use strict; use warnings; use Errno qw(EINTR EIDRM EINVAL ENOENT);
use IPC::SysV qw(GETVAL GETPID); use Time::HiRes qw(setitimer ITIMER_REAL usleep);
$| = 1;
my ($key) = @ARGV; my ($over, $answered, $gone, $again) = (0, 0, 0, 0);
$SIG{TERM} = sub { $over = 1 };
$SIG{ALRM} = sub { };
setitimer(ITIMER_REAL, 0.05, 0.05);
sub server {
  my $set = semget($key, 0, 0) // return 0;
  my $value = semctl($set, 0, GETVAL, 0) // return 0;
  return $value > 0 ? (semctl($set, 0, GETPID, 0) // 0) : 0;
}
sub insist {
  my ($call, $pid) = @_;
  my $until = time() + 30;
  until ($call->()) {
    die "client: $!" unless $! == EINTR || $! == EIDRM || $! == EINVAL;
    return 0 if $! != EINTR || server() != $pid;
    die "late\\n" if time() > $until;
  }
  return 1;
}
sub ask {
  my ($pid) = @_;
  my $queue = msgget($key, 0) // return 0;
  insist(sub { msgsnd($queue, pack("l! a*", 1, ""), 0) }, $pid) or return 0;
  my $reply;
  insist(sub { msgrcv($queue, $reply, 64, 3, 0) }, $pid) or return 0;
  die "client: a reply of " . length($reply) . " bytes" if length($reply) != 32;
  return 1;
}
print "ready\\n";
until ($over) {
  my $pid = server();
  if ($pid == 0) { usleep(5000); next }
  my $asked = eval { ask($pid) };
  if ($@ eq "late\\n") { $again++; next }
  die $@ if $@;
  if ($asked) { print "was answered\n" if ++$answered == 1 } else { $gone++ }
}
print "answered $answered gone $gone again $again\\n";
`;

/* The same with Timeq's client, which watches the semaphore itself and has two requests under way. */
const timeq = `
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError, TimeClient } from '@timeq/time-client';
const key = Number(process.argv[1]);
const counts = { answered: 0, gone: 0, again: 0 };
let over = false;
process.once('SIGTERM', () => (over = true));

function told(error) {
  if (!(error instanceof ClientError && error.noServer)) throw error;
  if (error.code !== 'NO_QUEUE' && error.code !== 'SERVER_DEAD') counts.gone += 1;
}

async function ask(client) {
  while (!over) {
    try {
      await client.now();
      counts.answered += 1;
      if (counts.answered === 1) console.log('was answered');
    } catch (error) {
      if (!error.timedOut) return told(error);
      counts.again += 1;
    }
  }
}

console.log('ready');
while (!over) {
  try {
    const client = TimeClient.connect(key, { timeout: 30_000 });
    await Promise.all([ask(client), ask(client)]);
    client.close();
  } catch (error) {
    told(error);
  }
  await delay(5);
}
console.log('answered', counts.answered, 'gone', counts.gone, 'again', counts.again);`;

type PeerKind = 'python' | 'perl' | 'timeq';

function startOne(t: TestContext, kind: PeerKind, key: number): RunningProcess {
  if (kind === 'timeq') return startSnippet(t, timeq, [key]);
  return startPeer(t, kind, kind === 'python' ? python : perl, [key]);
}

/** For a fault's `skip`. */
export function skipWithoutPeers(): string | false {
  return skipWithout('python') || skipWithout('perl');
}

/** Client processes that send requests until stopped: classic ones in other languages, and Timeq's. */
export async function startPeers(
  t: TestContext,
  key: number,
  counts: Readonly<Partial<Record<PeerKind, number>>>,
): Promise<RunningProcess[]> {
  const peers = (['python', 'perl', 'timeq'] as const).flatMap((kind) =>
    Array.from({ length: counts[kind] ?? 0 }, () => startOne(t, kind, key)),
  );
  await Promise.all(peers.map((peer) => peer.waitFor('ready')));
  return peers;
}

/**
 * Stops each client after its current request, and adds up their counts. A server must be there: on a busy machine a client
 * may not have been answered yet, and is waited for.
 */
export async function endPeers(peers: readonly RunningProcess[]): Promise<Fates> {
  await Promise.all(peers.map((peer) => peer.waitFor('was answered')));
  for (const peer of peers) peer.kill('SIGTERM');
  let answered = 0;
  let gone = 0;
  let again = 0;
  for (const peer of peers) {
    const match = await peer.waitFor(/answered (\d+) gone (\d+) again (\d+)/);
    answered += Number(match[1]);
    gone += Number(match[2]);
    again += Number(match[3]);
  }
  return { answered, gone, again };
}
