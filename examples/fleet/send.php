<?php
// Sends numbered messages, and knows nothing of Node.js, bridges or NATS.
$queue = msg_get_queue(0x80);
for ($number = 1; $number <= (int) $argv[1]; $number++) {
    // It blocks while the queue is full.
    if (!msg_send($queue, 1, "message $number", false)) {
        exit(1);
    }
}
