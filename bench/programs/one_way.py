"""Python's one-way throughput, as one_way.c does it: one_way.py send|receive KEY COUNT BYTES"""

import json
import sys
import time

import sysv_ipc

role, key, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
queue = sysv_ipc.MessageQueue(key, max_message_size=max(size, 1))

if role == "send":
    body = bytes(size)
    for _ in range(count):
        queue.send(body, type=1)
else:
    half = count // 2
    for _ in range(half):
        queue.receive(type=1)
    start = time.perf_counter()
    for _ in range(count - half):
        queue.receive(type=1)
    print(json.dumps({"perSecond": (count - half) / (time.perf_counter() - start)}))
