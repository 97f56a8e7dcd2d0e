# A classic client: sends type 1 with a number as its body, which is no pid, waits for type 3, so many times.
# Usage: classic.pl KEY COUNT. Says "ready", begins when it gets a line, and prints one reply per line.
use strict;
use warnings;
use IPC::Msg;

my ($key, $count) = @ARGV;
my $queue = IPC::Msg->new($key, 0) or die "no queue at key $key: $!\n";
$| = 1;
print "ready\n";
$| = 0;
<STDIN>;
for (1 .. $count) {
    $queue->snd(1, 5_000_000 + $_) or die "msgsnd: $!\n";
    my $body;
    defined $queue->rcv($body, 256, 3, 0) or die "msgrcv: $!\n";
    print "$body\n";
}
