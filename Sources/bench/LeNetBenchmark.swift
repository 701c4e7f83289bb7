// LeNet-5: where the time of a training step goes, and how long an epoch takes.

import Foundation
import Workbook

/// Times every layer of one variant, forward and backward, in batches of 32.
func benchmarkLayers(of net: LeNet5, name: String, steps: Int) throws {
  var layers = try Model(net.layers, input: LeNet5.inputShape, seed: 1).layers.entries
  var generator = SeededGenerator(seed: 1)
  let first = LeNet5.inputShape.batched(32)
  var tensors = [Tensor(first, (0..<first.count).map { _ in generator.nextNormal() })]
  var pass = Pass(.training)
  var rows: [[String]] = []
  var (sumForward, sumBackward) = (0.0, 0.0)
  for index in layers.indices {
    var output = Tensor.empty
    let input = tensors[index]
    var gradient = index == 0 ? Tensor.empty : Tensor(zeros: input.shape)
    layers[index].layer.forward(input, into: &output, in: &pass)
    let upstream = Tensor(output.shape, (0..<output.count).map { _ in generator.nextNormal() })
    let times = measure(
      runs: 5,
      [
        { for _ in 0..<steps { layers[index].layer.forward(input, into: &output, in: &pass) } },
        {
          for _ in 0..<steps {
            layers[index].layer.backward(upstream, input: input, output: output, into: &gradient)
          }
        },
      ])
    let (forward, backward) = (times[0].median / Double(steps), times[1].median / Double(steps))
    sumForward += forward
    sumBackward += backward
    rows.append([layers[index].name, duration(forward), duration(backward)])
    tensors.append(output)
  }
  rows.append(["all", duration(sumForward), duration(sumBackward)])
  printTable(
    "\(name): one step of 32 images on \(Parallel.threadCount) threads", ["layer", "forward", "backward"], rows)
}

/// Times whole epochs of training: 60,000 images in batches of 32, loading included, evaluation not.
func benchmarkEpochs(on data: Dataset, runs: Int) throws {
  var rows: [[String]] = []
  for (name, net) in [
    ("LeNet-5", LeNet5.plain), ("LeNet-5+", LeNet5.plus), ("LeNet-5++", LeNet5.plusPlus),
  ] {
    var model = try Model(net.layers, input: LeNet5.inputShape, seed: 1)
    let loss = net.loss
    var optimizer = SGD()
    var (batch, pass) = (Batch(), Pass(.training))
    var order = SeededGenerator(seed: 1)
    let indices = order.permutation(of: data.count)
    let time = measure(
      runs: runs,
      [
        {
          for first in stride(from: 0, to: indices.count, by: 32) {
            data.load(indices[first..<min(first + 32, indices.count)], into: &batch)
            model.step(batch, loss, in: &pass)
            optimizer.step(&model, learningRate: 0.02)
          }
        }
      ])[0]
    rows.append([name, duration(time.median), duration(time.fastest), duration(time.slowest)])
  }
  if let peer = pytorchEpoch() { rows.append(["PyTorch, LeNet-5+, eager"] + peer) }
  printTable(
    "One epoch of \(data.count) images (\(data.name)), batch 32, \(Parallel.threadCount) threads",
    ["network", "median", "fastest", "slowest"], rows)
  print("Peak memory of this program: \(peakMemory()) MB")
}

/// The same epoch in PyTorch, where it is installed.
private func pytorchEpoch() -> [String]? {
  let seconds = peer("lenet_epoch.py", ["\(Parallel.threadCount)"]).compactMap { Double($0) }.sorted()
  guard !seconds.isEmpty else {
    print("\nPyTorch is not installed for python3: no comparison.")
    return nil
  }
  return [seconds[seconds.count / 2], seconds[0], seconds[seconds.count - 1]].map(duration)
}

/// The lines that a script of Tests/Peers prints in a process of its own; none where it fails.
func peer(_ script: String, _ arguments: [String]) -> [String] {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Tests/Peers/" + script).path
  var python = ChildProcess(["python3", path] + arguments)
  python.errors = .nowhere
  guard let report = try? python.run(), report.succeeded else { return [] }
  return report.output.split(separator: "\n").map(String.init)
}

/// The largest resident size of this process so far, in megabytes.
func peakMemory() -> Int {
  #if os(Linux)
  // Not getrusage: a process inherits its parent's maximum there.
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (Int(line.filter(\.isNumber)) ?? 0) / 1024
  #else
  var usage = rusage()
  getrusage(RUSAGE_SELF, &usage)
  return usage.ru_maxrss / 1_048_576
  #endif
}
