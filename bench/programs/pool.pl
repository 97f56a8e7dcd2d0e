# A worker of a pool that has no work, as pool.c has it: pool.pl consume KEY 0
use strict;
use warnings;
use IPC::Msg;

$| = 1;
my $queue = IPC::Msg->new( unpack( 'l', pack( 'L', $ARGV[1] ) ), 0 ) or die "msgget: $!";
print "ready\n";
my ( $count, $body ) = (0);
$count++ while $queue->rcv( $body, 8192, 1 );
print qq({"count":$count}\n);
