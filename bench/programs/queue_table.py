"""Makes COUNT queues in this IPC namespace, runs a command once, and prints its time, its CPU time and its memory as JSON.

The word IDS in the command stands for the ids of all of them.
"""
import ctypes
import json
import os
import subprocess
import sys
import time

IPC_CREAT = 0o1000

libc = ctypes.CDLL(None, use_errno=True)
ids = []
for key in range(1, int(sys.argv[1]) + 1):
    ids.append(libc.msgget(key, IPC_CREAT | 0o600))
    if ids[-1] < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
command = []
for word in sys.argv[2:]:
    command.extend(map(str, ids) if word == "IDS" else [word])

start = time.perf_counter()
child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
complaint = child.stderr.read()
_, status, usage = os.wait4(child.pid, 0)
milliseconds = (time.perf_counter() - start) * 1000
if status != 0:
    sys.exit(f"{sys.argv[2]} ended with {status}: {complaint.decode(errors='replace')}")
cpu = (usage.ru_utime + usage.ru_stime) * 1000
print(json.dumps({"milliseconds": milliseconds, "cpu": cpu, "megabytes": usage.ru_maxrss / 1024}))
