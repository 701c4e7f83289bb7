"""One image through every full-size network in PyTorch's eager mode: `name seconds` a line, the median of several runs.

    python3 Tests/Peers/models.py THREADS RUNS
"""
import statistics
import sys
import time

import torch

from state_dicts import MODELS

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
with torch.inference_mode():
    for name, make in MODELS.items():
        if name.startswith("lenet"):
            continue
        net = make().eval()
        size = 227 if name.startswith("alexnet_") else 224
        image, seconds = torch.randn(1, 3, size, size), []
        for run in range(runs + 1):
            start = time.perf_counter()
            net(image)
            if run:
                seconds.append(time.perf_counter() - start)
        print(name, statistics.median(seconds), flush=True)
        del net
