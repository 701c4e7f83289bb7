"""Epochs of LeNet-5, LeNet-5+ and LeNet-5++ in PyTorch's eager mode, on random images in batches of 32.

    python3 Tests/Peers/lenet_epoch.py THREADS

Prints `ready VERSION`. Then each line `NAME IMAGES` on standard input is answered by the seconds of one epoch of so many
images. The process stays, so that whoever measures in turn with it pays for the imports once.
"""
import signal
import sys
import time

import torch
from torch import nn

from state_dicts import MODELS

signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks decides when to stop
torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)


def squared_error(output, labels):
    """LeNet-5 of 1998: the squared distance between sigmoids and one-hot targets."""
    return nn.functional.mse_loss(torch.sigmoid(output), nn.functional.one_hot(labels, 10).float())


LOSSES = {"lenet5": squared_error, "lenet5plus": nn.CrossEntropyLoss(), "lenet5plusplus": nn.CrossEntropyLoss()}
trained = {}


def epoch(name, images, labels):
    if name not in trained:
        net = MODELS[name]().train()
        trained[name] = net, torch.optim.SGD(net.parameters(), lr=0.02)
    (net, optimizer), loss = trained[name], LOSSES[name]
    start = time.perf_counter()
    order = torch.randperm(len(images))
    for first in range(0, len(images), 32):
        batch = order[first:first + 32]
        optimizer.zero_grad()
        loss(net(images[batch]), labels[batch]).backward()
        optimizer.step()
    return time.perf_counter() - start


print("ready", torch.__version__, flush=True)
images, labels = torch.empty(0), torch.empty(0)
for line in sys.stdin:
    name, count = line.split()
    if len(images) < int(count):
        images, labels = torch.randn(int(count), 1, 32, 32), torch.randint(0, 10, (int(count),))
    print(epoch(name, images[:int(count)], labels[:int(count)]), flush=True)
