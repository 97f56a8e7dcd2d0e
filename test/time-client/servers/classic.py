"""A time server as the exercise has it: type 1 in, asctime at type 3 out, ends on type 2.

Arguments: the key; then optionally `keep` (leaves its queue behind when it ends), `ignore` (goes on after a stop),
or `say TEXT` (answers TEXT instead of the time). Says "ready" once its queue is there.
"""

import sys
import time

import sysv_ipc

key = int(sys.argv[1])
manner = sys.argv[2] if len(sys.argv) > 2 else ""
queue = sysv_ipc.MessageQueue(key, sysv_ipc.IPC_CREX, mode=0o600, max_message_size=8192)
print("ready", flush=True)
while True:
    # The lowest type up to 2: never its own replies.
    _, message_type = queue.receive(type=-2)
    if message_type == 1:
        text = sys.argv[3] if manner == "say" else time.asctime()
        queue.send(text.encode(), type=3)
    elif manner != "ignore":
        break
if manner != "keep":
    queue.remove()
