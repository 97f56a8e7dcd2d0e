# A classic client: sends type 1 with an empty body, waits for type 3, so many times.
# Usage: classic.py KEY COUNT. Says "ready", begins when it gets a line, and prints one reply per line.
import sys

import sysv_ipc

key, count = int(sys.argv[1]), int(sys.argv[2])
queue = sysv_ipc.MessageQueue(key)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(count):
    queue.send(b"", type=1)
    body, _type = queue.receive(type=3)
    print(body.decode("ascii"))
