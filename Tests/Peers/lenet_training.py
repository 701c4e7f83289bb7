"""The four rows of chapter 10's table, trained in PyTorch: test error in per cent after each epoch.

    python3 Tests/Peers/lenet_training.py MNIST_FOLDER [EPOCHS [SEEDS]] > Tests/Peers/lenet_training.txt

Nothing here is the workbook's: another framework's layers, gradients, random numbers and shuffles. Images standardized
and padded to 32×32, batches of 32, plain gradient descent at 0.02. A line for each network and seed:
`NAME SEED ERROR ERROR …`; the page reads them from the file above. Seven minutes for a network of 30 epochs on one
thread.
"""
import gzip
import sys
from pathlib import Path

import torch
from torch import nn

torch.set_num_threads(1)


class PublishedSigmoid(torch.autograd.Function):
    """The sigmoid of S0's program: its derivative is 1 − s², that of tanh."""

    @staticmethod
    def forward(context, z):
        s = torch.sigmoid(z)
        context.save_for_backward(s)
        return s

    @staticmethod
    def backward(context, gradient):
        (s,) = context.saved_tensors
        return gradient * (1 - s * s)


def squared_error(sigmoid):
    def loss(output, labels):
        targets = nn.functional.one_hot(labels, 10).float()
        return ((sigmoid(output) - targets) ** 2).sum(1).mean() / 2

    return loss


def network(activation, norm, bound):
    def behind(norm_layer):
        return ([norm_layer] if norm else []) + [activation()]

    net = nn.Sequential(
        nn.Conv2d(1, 6, 5), *behind(nn.BatchNorm2d(6)), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), *behind(nn.BatchNorm2d(16)), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), *behind(nn.BatchNorm1d(120)),
        nn.Linear(120, 84), *behind(nn.BatchNorm1d(84)),
        nn.Linear(84, 10), *([nn.BatchNorm1d(10)] if norm else []))
    for layer in net:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            bound(layer.weight)
            nn.init.zeros_(layer.bias)
    return net


def small(weight):
    bound = weight[0].numel() ** -0.5
    nn.init.uniform_(weight, -bound, bound)


ROWS = {
    "lenet5": (nn.Tanh, False, nn.init.xavier_uniform_, squared_error(torch.sigmoid)),
    "lenet5-published": (nn.Tanh, False, nn.init.xavier_uniform_, squared_error(PublishedSigmoid.apply)),
    "lenet5plus": (nn.ReLU, False, small, nn.functional.cross_entropy),
    "lenet5plusplus": (nn.ReLU, True, small, nn.functional.cross_entropy),
}


def load(folder, name, header):
    return torch.frombuffer(bytearray(gzip.decompress((Path(folder) / f"{name}.gz").read_bytes())[header:]), dtype=torch.uint8)


def digits(folder, part):
    pixels = load(folder, f"{part}-images-idx3-ubyte", 16).view(-1, 1, 28, 28) / 255.0
    labels = load(folder, f"{part}-labels-idx1-ubyte", 8).long()
    return nn.functional.pad((pixels - 0.1307) / 0.3081, (2, 2, 2, 2)), labels


def errors(name, seed, epochs, train, test):
    torch.manual_seed(seed)
    activation, norm, bound, loss = ROWS[name]
    net = network(activation, norm, bound)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.02)
    for _ in range(epochs):
        net.train()
        for batch in torch.randperm(len(train[0])).split(32):
            optimizer.zero_grad()
            loss(net(train[0][batch]), train[1][batch]).backward()
            optimizer.step()
        net.eval()
        with torch.inference_mode():
            wrong = sum((net(x).argmax(1) != y).sum().item() for x, y in zip(test[0].split(1000), test[1].split(1000)))
        yield 100 * wrong / len(test[1])


if __name__ == "__main__":
    epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    train, test = digits(sys.argv[1], "train"), digits(sys.argv[1], "t10k")
    for seed in range(1, 1 + (int(sys.argv[3]) if len(sys.argv) > 3 else 3)):
        for name in ROWS:
            print(name, seed, end="", flush=True)
            for error in errors(name, seed, epochs, train, test):
                print(f" {error:.2f}", end="", flush=True)
            print(flush=True)
