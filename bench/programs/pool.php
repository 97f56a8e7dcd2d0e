<?php
// A worker of a pool that has no work, as pool.c has it: pool.php consume KEY 0
$queue = msg_get_queue((int) $argv[2]);
echo "ready\n";
$count = 0;
while (@msg_receive($queue, 1, $type, 8192, $body, false)) {
    $count++;
}
echo json_encode(['count' => $count]), "\n";
