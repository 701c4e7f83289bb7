"""One epoch of LeNet-5+ in PyTorch's eager mode on random images: prints the seconds of three epochs, one a line."""
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
net = nn.Sequential(
    nn.Conv2d(1, 6, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(),
    nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
images, labels = torch.randn(60000, 1, 32, 32), torch.randint(0, 10, (60000,))
optimizer, loss = torch.optim.SGD(net.parameters(), lr=0.02), nn.CrossEntropyLoss()
for epoch in range(4):
    start = time.time()
    order = torch.randperm(60000)
    for first in range(0, 60000, 32):
        batch = order[first:first + 32]
        optimizer.zero_grad()
        loss(net(images[batch]), labels[batch]).backward()
        optimizer.step()
    if epoch:
        print(time.time() - start, flush=True)
