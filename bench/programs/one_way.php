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
    msg_receive($queue, 1, $type, 8192, $body, false);
    $start = hrtime(true);
    for ($i = 1; $i < $count; $i++) {
        msg_receive($queue, 1, $type, 8192, $body, false);
    }
    echo json_encode(['perSecond' => ($count - 1) / (hrtime(true) - $start) * 1e9]), "\n";
}
