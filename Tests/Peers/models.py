"""Forward passes of the workbook's networks in PyTorch's eager mode.

    python3 Tests/Peers/models.py THREADS

Prints `ready VERSION`. Then each line `NAME BATCH PASSES` on standard input is answered by `SECONDS MEGABYTES`: the time
of one pass of so many images, averaged over the passes, and the largest memory of the process since the network was
built (0 where the system does not tell). The network stays until another is asked for.
"""
import signal
import sys
import time

import torch

from state_dicts import MODELS

signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks decides when to stop
torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)


def forget_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def peak():
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmHWM:"))
    except OSError:
        return 0


print("ready", torch.__version__, flush=True)
current, net = None, None
with torch.inference_mode():
    for line in sys.stdin:
        name, batch, passes = line.split()
        if current != name:
            net = None
            forget_peak()
            current, net = name, MODELS[name]().eval()
        if name.startswith("lenet"):
            images = torch.randn(int(batch), 1, 32, 32)
        else:
            size = 227 if name.startswith("alexnet_") else 224
            images = torch.randn(int(batch), 3, size, size)
        start = time.perf_counter()
        for _ in range(int(passes)):
            net(images)
        print((time.perf_counter() - start) / int(passes), peak(), flush=True)
