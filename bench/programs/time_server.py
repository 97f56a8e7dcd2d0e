"""A classic time server: time_server.py KEY; type 1 in, type 3 with asctime out, until type 2 comes."""

import sys
import time

import sysv_ipc

queue = sysv_ipc.MessageQueue(int(sys.argv[1]))
while True:
    _body, kind = queue.receive(type=-2)
    if kind == 2:
        break
    queue.send(time.asctime(), type=3)
