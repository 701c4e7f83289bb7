"""State dicts of the workbook in PyTorch: strict key matching, the same logits, and the way back.

    python3 Tests/Peers/state_dicts.py .build/debug/workbook [MODEL ...]

For each model the workbook writes weights (`export --disturb`: nothing is 0 or 1 that need not be) with two random
images and its logits for them. Here the same network is built from torch.nn under torchvision's names, the weights are
loaded with strict=True, and the logits must agree within 1e-4. Then PyTorch writes the state dict, batch counters
included, and the workbook must load it strictly and give the same logits again.

torchvision itself is not needed: the modules below are written from the papers' tables with its key names. Where it is
installed, its own models are asked as well. Exit codes: 0 all agree, 1 some do not, 2 PyTorch is not installed.
"""
import json
import os
import struct
import subprocess
import sys
import tempfile

try:
    import torch
    from torch import nn
except ImportError:
    print("PyTorch is not installed for this python3")
    sys.exit(2)

TOLERANCE = 1e-4


# --- safetensors: eight bytes of length, a JSON header, the numbers ---

def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", (name, entry)
        first, last = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=torch.float32, count=(last - first) // 4, offset=first)
        tensors[name] = flat.reshape(entry["shape"]).clone()
    return tensors


def write(tensors, path):
    kinds = {torch.float32: "F32", torch.int64: "I64"}
    header, offset = {}, 0
    # Eight-byte numbers first, so that everything stays aligned.
    ordered = sorted(tensors.items(), key=lambda item: -item[1].element_size())
    for name, tensor in ordered:
        size = tensor.numel() * tensor.element_size()
        header[name] = {"dtype": kinds[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, tensor in ordered:
            file.write(tensor.detach().contiguous().numpy().tobytes())


# --- the models, under torchvision's names ---

class TableConv2d(nn.Module):
    """LeNet-5's C3 of 1998: only connections have kernels, [60, 5, 5], by filter, then by map."""
    TABLE = [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [0, 4, 5], [0, 1, 5], [0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5],
             [0, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 5], [0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5]]

    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(60, 5, 5)), nn.Parameter(torch.zeros(16))

    def forward(self, x):
        full, kernel = torch.zeros(16, 6, 5, 5), 0
        for m, channels in enumerate(self.TABLE):
            for c in channels:
                full[m, c] = self.weight[kernel]
                kernel += 1
        return nn.functional.conv2d(x, full, self.bias)


class LeNet5(nn.Module):
    def __init__(self, activation, batch_norm=False, table=False):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), TableConv2d() if table else nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)
        self.activation = activation
        if batch_norm:
            self.bn1, self.bn2 = nn.BatchNorm2d(6), nn.BatchNorm2d(16)
            self.bn3, self.bn4, self.bn5 = nn.BatchNorm1d(120), nn.BatchNorm1d(84), nn.BatchNorm1d(10)
        else:
            self.bn1 = self.bn2 = self.bn3 = self.bn4 = self.bn5 = lambda x: x

    def forward(self, x):
        pool = nn.functional.avg_pool2d
        x = pool(self.activation(self.bn1(self.conv1(x))), 2)
        x = pool(self.activation(self.bn2(self.conv2(x))), 2).flatten(1)
        x = self.activation(self.bn3(self.fc1(x)))
        return self.bn5(self.fc3(self.activation(self.bn4(self.fc2(x)))))


class AlexNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(),
            nn.MaxPool2d(3, 2), nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(), nn.Conv2d(384, 256, 3, padding=1),
            nn.ReLU(), nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(),
            nn.Linear(4096, 1000))

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


class AlexNetLecture(nn.Module):
    """The network of 2012 with one tower or two: local response normalization, its alpha not divided by n."""
    def __init__(self, towers=1):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 96, 11, 4), nn.Conv2d(96, 256, 5, padding=2, groups=towers)
        self.conv3 = nn.Conv2d(256, 384, 3, padding=1)
        self.conv4 = nn.Conv2d(384, 384, 3, padding=1, groups=towers)
        self.conv5 = nn.Conv2d(384, 256, 3, padding=1, groups=towers)
        self.fc6, self.fc7, self.fc8 = nn.Linear(9216, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)

    def forward(self, x):
        f = nn.functional
        x = f.local_response_norm(f.max_pool2d(f.relu(self.conv1(x)), 3, 2), 5, 5e-4, 0.75, 2)
        x = f.local_response_norm(f.max_pool2d(f.relu(self.conv2(x)), 3, 2), 5, 5e-4, 0.75, 2)
        x = f.relu(self.conv5(f.relu(self.conv4(f.relu(self.conv3(x))))))
        x = f.max_pool2d(x, 3, 2).flatten(1)
        return self.fc8(f.relu(self.fc7(f.relu(self.fc6(x)))))


class VGG(nn.Module):
    def __init__(self, stages, batch_norm=False):
        super().__init__()
        layers, inputs = [], 3
        for count, channels in zip(stages, [64, 128, 256, 512, 512]):
            for _ in range(count):
                layers.append(nn.Conv2d(inputs, channels, 3, padding=1))
                layers += [nn.BatchNorm2d(channels)] if batch_norm else []
                layers.append(nn.ReLU())
                inputs = channels
            layers.append(nn.MaxPool2d(2))
        self.features, self.avgpool = nn.Sequential(*layers), nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(25088, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
            nn.Linear(4096, 1000))

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


class Block(nn.Module):
    """A basic block or a bottleneck, whose 3×3 convolution has the stride."""
    def __init__(self, inputs, width, stride, bottleneck):
        super().__init__()
        outputs = 4 * width if bottleneck else width
        shapes = [(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)] if bottleneck else [
            (inputs, width, 3, stride), (width, width, 3, 1)]
        self.count = len(shapes)
        for index, (before, after, kernel, step) in enumerate(shapes, 1):
            setattr(self, f"conv{index}", nn.Conv2d(before, after, kernel, step, kernel // 2, bias=False))
            setattr(self, f"bn{index}", nn.BatchNorm2d(after))
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = x
        for index in range(1, self.count + 1):
            y = getattr(self, f"bn{index}")(getattr(self, f"conv{index}")(y))
            if index < self.count:
                y = torch.relu(y)
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, blocks, bottleneck):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        inputs = 64
        for stage, count in enumerate(blocks):
            row = []
            for index in range(count):
                row.append(Block(inputs, 64 << stage, 2 if stage > 0 and index == 0 else 1, bottleneck))
                inputs = (64 << stage) * (4 if bottleneck else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*row))
        self.fc = nn.Linear(inputs, 1000)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


STAGES = {"11": [1, 1, 2, 2, 2], "13": [2, 2, 2, 2, 2], "16": [2, 2, 3, 3, 3], "19": [2, 2, 4, 4, 4]}
BLOCKS = {"18": [2, 2, 2, 2], "34": [3, 4, 6, 3], "50": [3, 4, 6, 3], "101": [3, 4, 23, 3], "152": [3, 8, 36, 3]}
MODELS = {
    "lenet5": lambda: LeNet5(torch.tanh), "lenet5plus": lambda: LeNet5(torch.relu),
    "lenet5plusplus": lambda: LeNet5(torch.relu, batch_norm=True), "lenet5table": lambda: LeNet5(torch.tanh, table=True),
    "alexnet": AlexNet, "alexnet_lecture": AlexNetLecture, "alexnet_towers": lambda: AlexNetLecture(2),
    **{f"vgg{d}": lambda d=d: VGG(STAGES[d]) for d in STAGES},
    **{f"vgg{d}_bn": lambda d=d: VGG(STAGES[d], True) for d in STAGES},
    **{f"resnet{d}": lambda d=d: ResNet(BLOCKS[d], int(d) > 34) for d in BLOCKS},
}
USUAL = ["lenet5", "lenet5plus", "lenet5plusplus", "lenet5table", "alexnet", "vgg11_bn", "resnet18", "resnet50"]


def difference(a, b):
    return (a - b).abs().max().item() if a.shape == b.shape else float("inf")


def compare(workbook, name, folder):
    """The largest differences of the logits: ours in PyTorch, PyTorch's in ours; and torchvision's, where installed."""
    weights, logits = os.path.join(folder, "weights.safetensors"), os.path.join(folder, "logits.safetensors")
    subprocess.run([workbook, "export", name, weights, "--logits", logits, "--disturb"], check=True)
    state, expected = read(weights), read(logits)
    net = MODELS[name]().eval()
    net.load_state_dict(state, strict=True)
    with torch.no_grad():
        there = difference(net(expected["input"]), expected["logits"])
    scale = expected["logits"].abs().max().item()

    # The way back, with the batch counters that only PyTorch has.
    write(net.state_dict(), weights)
    again = os.path.join(folder, "again.safetensors")
    subprocess.run([workbook, "export", name, again, "--weights", weights, "--logits", logits], check=True)
    with torch.no_grad():
        returned = read(logits)
        back = difference(net(returned["input"]), returned["logits"])

    try:
        import torchvision
        if hasattr(torchvision.models, name):
            other = getattr(torchvision.models, name)(weights=None).eval()
            other.load_state_dict(state, strict=True)
            with torch.no_grad():
                there = max(there, difference(other(expected["input"]), expected["logits"]))
    except ImportError:
        pass
    return there, back, scale


def main():
    if len(sys.argv) < 2:
        print(__doc__)
        return 64
    names, failed = sys.argv[2:] or USUAL, 0
    if names == ["all"]:
        names = list(MODELS)
    with torch.inference_mode(), tempfile.TemporaryDirectory() as folder:
        for name in names:
            there, back, scale = compare(sys.argv[1], name, folder)
            agrees = max(there, back) < TOLERANCE
            failed += not agrees
            print(f"{'agrees' if agrees else 'DIFFERS':8} {name:16} to PyTorch {there:.1e}, back {back:.1e}, "
                  f"largest logit {scale:.3g}", flush=True)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
