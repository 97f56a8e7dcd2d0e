# Perl's one-way throughput, as one_way.c does it: one_way.pl send|receive KEY COUNT BYTES
use strict;
use warnings;
use IPC::Msg;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ( $role, $key, $count, $size ) = @ARGV;
my $queue = IPC::Msg->new( unpack( 'l', pack( 'L', $key ) ), 0 ) or die "msgget: $!";

if ( $role eq 'send' ) {
    my $body = "\0" x $size;
    $queue->snd( 1, $body ) for 1 .. $count;
}
else {
    my $body;
    my $half = int( $count / 2 );
    $queue->rcv( $body, 8192, 1 ) for 1 .. $half;
    my $start = clock_gettime(CLOCK_MONOTONIC);
    $queue->rcv( $body, 8192, 1 ) for $half + 1 .. $count;
    printf qq({"perSecond":%.0f}\n), ( $count - $half ) / ( clock_gettime(CLOCK_MONOTONIC) - $start );
}
