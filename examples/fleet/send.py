# Sends numbered messages, and knows nothing of Node.js, bridges or NATS.
import sys
import sysv_ipc

queue = sysv_ipc.MessageQueue(0x80)
for number in range(1, int(sys.argv[1]) + 1):
    # It blocks while the queue is full.
    queue.send(f"message {number}", type=2)
