<?php
// PHP's one-way throughput, as one_way.c does it: one_way.php send|receive KEY COUNT BYTES
[, $role, $key, $count, $size] = $argv;
$queue = msg_get_queue((int) $key);
if ($role === 'send') {
    $body = str_repeat("\0", (int) $size);
    for ($i = 0; $i < $count; $i++) {
        msg_send($queue, 1, $body, false);
    }
} else {
    $half = intdiv($count, 2);
    for ($i = 0; $i < $count; $i++) {
        if ($i === $half) {
            $start = hrtime(true);
        }
        msg_receive($queue, 1, $type, 8192, $body, false);
    }
    echo json_encode(['perSecond' => ($count - $half) / (hrtime(true) - $start) * 1e9]), "\n";
}
