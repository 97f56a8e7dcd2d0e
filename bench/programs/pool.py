"""A worker of a pool that has no work, as pool.c has it: pool.py consume KEY 0"""

import json
import sys

import sysv_ipc

queue = sysv_ipc.MessageQueue(int(sys.argv[2]))
print("ready", flush=True)
count = 0
try:
    while True:
        queue.receive(type=1)
        count += 1
except sysv_ipc.ExistentialError:
    print(json.dumps({"count": count}))
