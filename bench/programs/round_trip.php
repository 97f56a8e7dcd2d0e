<?php
// PHP's round trip, as round_trip.c does it: round_trip.php ping|pong KEY COUNT BYTES
const WARM_UP = 2000;
[, $role, $key, $count, $size] = $argv;
$queue = msg_get_queue((int) $key);
if ($role === 'pong') {
    for ($step = -WARM_UP; $step < $count; $step++) {
        msg_receive($queue, 1, $type, 8192, $body, false);
        msg_send($queue, 2, $body, false);
    }
} else {
    $sent = str_repeat("\0", (int) $size);
    $times = [];
    $before = hrtime(true);
    for ($step = -WARM_UP; $step < $count; $step++) {
        msg_send($queue, 1, $sent, false);
        msg_receive($queue, 2, $type, 8192, $body, false);
        $after = hrtime(true);
        if ($step >= 0) {
            $times[] = ($after - $before) / 1e3;
        }
        $before = $after;
    }
    $mean = array_sum($times) / $count;
    sort($times);
    echo json_encode(['mean' => $mean, 'p50' => $times[intdiv($count, 2)], 'p99' => $times[intdiv($count, 100) * 99]]), "\n";
}
