"""Runs a command COUNT times, one after the other, and prints the medians of its time, its CPU
time and its memory as JSON."""
import json
import os
import statistics
import subprocess
import sys
import time

milliseconds = []
cpu = []
megabytes = []
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    child = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    milliseconds.append((time.perf_counter() - start) * 1000)
    cpu.append((usage.ru_utime + usage.ru_stime) * 1000)
    megabytes.append(usage.ru_maxrss / 1024)
    if status != 0:
        sys.exit(f"{' '.join(sys.argv[2:])} ended with {status}")
figures = {"milliseconds": milliseconds, "cpu": cpu, "megabytes": megabytes}
print(json.dumps({name: statistics.median(values) for name, values in figures.items()}))
