// One image through every full-size network: how long it takes, and how much memory.

import Foundation
import Workbook

/// What one network needs for one image.
struct ModelCost: Codable {
  /// Multiply-adds of one image.
  var multiplyAdds: Int
  /// Seconds to allocate the network and draw its weights.
  var building: Double
  /// Seconds of the first pass, which allocates the workspaces.
  var first: Double
  /// The median of the further ones.
  var median: Double
  /// The largest resident size of the process, in megabytes.
  var megabytes: Int
}

/// Runs one network in this process.
func cost(of named: NamedModel, runs: Int) throws -> ModelCost {
  func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try work()
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }
  var model: Model?
  let building = try seconds { model = try named.model(seed: 1) }
  guard var model else { throw BenchmarkError(description: "\(named.name) was not built") }
  var generator = SeededGenerator(seed: 1)
  let shape = named.inputShape.batched(1)
  let image = Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
  var (output, pass) = (Tensor.empty, Pass(.inference))
  let first = seconds { model.forward(image, into: &output, in: &pass) }
  let times = (0..<runs).map { _ in seconds { model.forward(image, into: &output, in: &pass) } }.sorted()
  guard output.shape == [1, named.classes], output.elements.allSatisfy(\.isFinite) else {
    throw BenchmarkError(description: "\(named.name): \(named.classes) finite logits expected, got \(output)")
  }
  return ModelCost(
    multiplyAdds: model.multiplyAdds(for: named.inputShape), building: building, first: first,
    median: times[times.count / 2], megabytes: peakMemory())
}

/// Runs every network with an image of 224×224 or 227×227 in a process of its own, so that each has its own peak of memory.
func benchmarkModels(runs: Int) throws {
  let peers = pytorchModels(runs: runs)
  var rows: [[String]] = []
  for named in NamedModel.all where named.inputShape[0] == 3 {
    guard let program = Bundle.main.executableURL else {
      throw BenchmarkError(description: "this program does not know its place")
    }
    var process = ChildProcess([
      program.path, "--model", named.name, "--runs", "\(runs)", "--threads", "\(Parallel.threadCount)",
    ])
    process.errors = .inherited
    let report = try process.run()
    guard report.succeeded, let cost = try? JSONDecoder().decode(ModelCost.self, from: report.bytes) else {
      throw BenchmarkError(description: "\(named.name): the process \(report.ending)")
    }
    let work = 2 * Double(cost.multiplyAdds)
    rows.append([
      named.title, duration(cost.building), duration(cost.first), duration(cost.median),
      peers[named.name].map(duration) ?? "–", fixed(work / cost.median / 1e9, 1), "\(cost.megabytes)",
    ])
  }
  printTable(
    "One image through every network, medians of \(runs) runs on \(Parallel.threadCount) threads",
    ["network", "building", "first pass", "pass", "PyTorch", "GFLOP/s", "peak MB"], rows)
}

/// The medians of the same passes in PyTorch, by name; empty where it is not installed.
private func pytorchModels(runs: Int) -> [String: Double] {
  let lines = peer("models.py", ["\(Parallel.threadCount)", "\(runs)"])
  if lines.isEmpty { print("\nPyTorch is not installed for python3: no comparison.") }
  return lines.reduce(into: [:]) { times, line in
    let words = line.split(separator: " ")
    if words.count == 2, let seconds = Double(words[1]) { times[String(words[0])] = seconds }
  }
}

/// What went wrong with a measurement.
struct BenchmarkError: Error, CustomStringConvertible {
  var description: String
}
