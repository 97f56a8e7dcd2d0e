# Perl's round trip, as round_trip.c does it: round_trip.pl ping|pong KEY COUNT BYTES
use strict;
use warnings;
use IPC::Msg;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my $warm_up = 2000;
my ( $role, $key, $count, $size ) = @ARGV;
my $queue = IPC::Msg->new( unpack( 'l', pack( 'L', $key ) ), 0 ) or die "msgget: $!";
my $body;

if ( $role eq 'pong' ) {
    for ( 1 .. $warm_up + $count ) {
        $queue->rcv( $body, 8192, 1 );
        $queue->snd( 2, $body );
    }
}
else {
    my $sent = "\0" x $size;
    my @times;
    my $before = clock_gettime(CLOCK_MONOTONIC);
    for my $step ( 1 .. $warm_up + $count ) {
        $queue->snd( 1, $sent );
        $queue->rcv( $body, 8192, 2 );
        my $after = clock_gettime(CLOCK_MONOTONIC);
        push @times, ( $after - $before ) * 1e6 if $step > $warm_up;
        $before = $after;
    }
    my $sum = 0;
    $sum += $_ for @times;
    @times = sort { $a <=> $b } @times;
    printf qq({"mean":%.4f,"p50":%.4f,"p99":%.4f}\n), $sum / $count, $times[ $count / 2 ], $times[ int( $count / 100 ) * 99 ];
}
