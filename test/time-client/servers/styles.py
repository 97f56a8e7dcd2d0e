"""A time server as people write it for the exercise.

Arguments: the key; what it receives: `any`, `0` or `-2`; where it answers: `shared` (type 3), `pid` or `pid+3` (by the
number in the request); optionally `slow` (20 ms for each answer) or `threads` (a thread for each request). It ends on
type 2. Says "ready" once its queue is there.
"""

import sys
import threading
import time

import sysv_ipc

key, receives, replies = int(sys.argv[1]), sys.argv[2], sys.argv[3]
manner = sys.argv[4] if len(sys.argv) > 4 else ""
queue = sysv_ipc.MessageQueue(key, sysv_ipc.IPC_CREX, mode=0o600, max_message_size=8192)
print("ready", flush=True)


def answer(body):
    if manner == "slow":
        time.sleep(0.02)
    # A body that is no number ends it, as it ends the programs of the exercise.
    where = {"shared": 3, "pid": 0, "pid+3": 3}[replies]
    if replies != "shared":
        where += int(body.decode())
    queue.send(time.asctime().encode(), type=where)


while True:
    body, message_type = queue.receive() if receives == "any" else queue.receive(type=int(receives))
    if message_type == 1 and manner == "threads":
        threading.Thread(target=answer, args=(body,)).start()
    elif message_type == 1:
        answer(body)
    elif message_type == 2:
        break
queue.remove()
