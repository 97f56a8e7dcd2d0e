"""Python's round trip, as round_trip.c does it: round_trip.py ping|pong KEY COUNT BYTES"""

import json
import sys
import time

import sysv_ipc

WARM_UP = 2000
role, key, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
queue = sysv_ipc.MessageQueue(key)

if role == "pong":
    for _ in range(WARM_UP + count):
        body, _type = queue.receive(type=1)
        queue.send(body, type=2)
else:
    body = bytes(size)
    times = []
    before = time.perf_counter()
    for step in range(-WARM_UP, count):
        queue.send(body, type=1)
        queue.receive(type=2)
        after = time.perf_counter()
        if step >= 0:
            times.append((after - before) * 1e6)
        before = after
    mean = sum(times) / count
    times.sort()
    print(json.dumps({"mean": mean, "p50": times[count // 2], "p99": times[count // 100 * 99]}))
