import type { TestContext } from 'node:test';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import type { RunningProcess } from '../helpers/process.js';

/** What became of the requests of a client. */
export interface Fates {
  readonly answered: number;
  /** The client was told that the server, or its queue, is gone. */
  readonly gone: number;
  /** It was neither for ten seconds, and the client asked again, as one whose reply was taken back has to. */
  readonly again: number;
}

/*
 * Both ask as classic clients do, one request after another, until SIGTERM. A request ends with an answer, or when the
 * semaphore beside the queue says that the server of that moment is dead, or has a successor. A timer breaks into the
 * blocking calls so that they can look. A machine that stands still for seconds can make a client so late that its reply
 * has been taken back: the server counts those, and no more may ask again.
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
    until = time.monotonic() + 10
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
  my $until = time() + 10;
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
  if ($asked) { $answered++ } else { $gone++ }
}
print "answered $answered gone $gone again $again\\n";
`;

const texts = { python, perl } as const;

/** For a fault's `skip`. */
export function skipWithoutPeers(): string | false {
  return skipWithout('python') || skipWithout('perl');
}

/** Classic clients in other languages, which ask without end. */
export async function startPeers(
  t: TestContext,
  key: number,
  counts: Readonly<Record<keyof typeof texts, number>>,
): Promise<RunningProcess[]> {
  const peers = (['python', 'perl'] as const).flatMap((language) =>
    Array.from({ length: counts[language] }, () => startPeer(t, language, texts[language], [key])),
  );
  await Promise.all(peers.map((peer) => peer.waitFor('ready')));
  return peers;
}

/** Lets each finish the request that it is at, and adds up. */
export async function endPeers(peers: readonly RunningProcess[]): Promise<Fates> {
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
