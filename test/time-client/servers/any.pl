# A time server that receives any type and answers at the number in the request plus 3. Usage: any.pl KEY. It ends on
# type 2. Says "ready" once its queue is there.
use strict;
use warnings;
use IPC::Msg;
use IPC::SysV qw(IPC_CREAT IPC_EXCL);

my ($key) = @ARGV;
my $queue = IPC::Msg->new($key, IPC_CREAT | IPC_EXCL | 0600) or die "no queue at key $key: $!\n";
$| = 1;
print "ready\n";
while (1) {
    my $body;
    my $type = $queue->rcv($body, 8192, 0, 0);
    defined $type or die "msgrcv: $!\n";
    last if $type == 2;
    next if $type != 1;
    $queue->snd($body + 3, scalar localtime) or die "msgsnd: $!\n";
}
$queue->remove;
