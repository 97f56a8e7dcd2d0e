"""One classic client: classic_client.py KEY COUNT; prints when it began and ended, by the clock that all share."""

import json
import sys
import time

import sysv_ipc

queue = sysv_ipc.MessageQueue(int(sys.argv[1]))
start = time.clock_gettime(time.CLOCK_MONOTONIC)
for _ in range(int(sys.argv[2])):
    queue.send(b"", type=1)
    queue.receive(type=3)
print(json.dumps({"start": start, "end": time.clock_gettime(time.CLOCK_MONOTONIC)}))
