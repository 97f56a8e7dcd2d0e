<?php
// A classic client: sends type 1 with some text as its body, waits for type 3, so many times.
// Usage: classic.php KEY COUNT. Says "ready", begins when it gets a line, and prints one reply per line.
[, $key, $count] = $argv;
if (!msg_queue_exists((int) $key)) {
    fwrite(STDERR, "no queue at key $key\n");
    exit(1);
}
$queue = msg_get_queue((int) $key);
echo "ready\n";
fgets(STDIN);
for ($i = 0; $i < (int) $count; $i++) {
    if (!msg_send($queue, 1, 'what is the time?', false, true, $error)) {
        fwrite(STDERR, "msgsnd: $error\n");
        exit(1);
    }
    if (!msg_receive($queue, 3, $type, 256, $body, false, 0, $error)) {
        fwrite(STDERR, "msgrcv: $error\n");
        exit(1);
    }
    echo "$body\n";
}
