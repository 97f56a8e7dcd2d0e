<?php
// A time server that receives any type and answers at the number in the request. Usage: any.php KEY. It ends on type 2.
// Says "ready" once its queue is there.
[, $key] = $argv;
$queue = msg_get_queue((int) $key, 0600);
echo "ready\n";
while (true) {
    if (!msg_receive($queue, 0, $type, 8192, $body, false, 0, $error)) {
        fwrite(STDERR, "msgrcv: $error\n");
        exit(1);
    }
    if ($type === 2) break;
    if ($type !== 1) continue;
    msg_send($queue, (int) $body, date('D M j H:i:s Y'), false, true, $error);
}
msg_remove_queue($queue);
