// Forward passes of the LeNets and of large networks, measured alternately with PyTorch.

import Basics
import Foundation
import NeuralNetworks
import Tensors

/// The forward-pass times of one network with one batch size.
struct ForwardFigure: Codable {
  var network: String
  var batch: Int
  var times: Comparison
  /// The speed relative to PyTorch.
  var ratio: Double?
  /// The number of operations in one pass, with a multiply-add counted as two.
  var flops: Double
  /// The speed relative to the machine's limit.
  var share: Double
  /// The peak memory of a process that runs only this network, in megabytes.
  var megabytes: Int
  /// The peak memory of the PyTorch process, including PyTorch itself.
  var pytorchMegabytes: Int?
}

/// Times forward passes; the workbook runs each network and batch size in a separate process, with its own peak memory.
///
/// - Parameters:
///   - title: the title of the table.
///   - networks: the names of the networks.
///   - batches: the batch sizes.
///   - imagesPerTurn: the number of images in one timed run, over which the passes are repeated.
///   - context: what all sections share.
///   - add: called with each result.
/// - Returns: the version of PyTorch.
func benchmarkForward(
  _ title: String, networks: [String], batches: [Int], imagesPerTurn: Int, in context: BenchmarkContext,
  _ add: (ForwardFigure) -> Void
) throws -> String? {
  let peer = context.pytorch("models.py")
  defer { peer?.end() }
  let table = Table(
    "\(title), medians of \(context.runs) on \(threadsInUse())",
    [
      ("network", -22), ("batch", 5), ("here", 10), ("PyTorch", 10), ("ratio", 6), ("GFLOP/s", 8), ("of limit", 8),
      ("MB", 5), ("its MB", 6),
    ], to: context.output)
  for named in try networks.map(network) {
    for batch in batches {
      context.output.progress("\(named.title), batch \(batch)")
      guard let here = Peer.here() else { throw BenchmarkError(description: "cannot start another process of bench") }
      defer { here.end() }
      let passes = max(1, imagesPerTurn / batch), question = "\(named.name) \(batch) \(passes)"
      // The first question builds the networks and allocates their memory.
      var memory = try [here, peer].map { try $0?.ask("\(named.name) \(batch) 1")[1] }
      func turn(_ peer: Peer, _ place: Int) throws -> Double {
        let answer = try peer.ask(question)
        memory[place] = answer[1]
        return answer[0]
      }
      let times = try Comparison(
        runs: context.runs, here: { try turn(here, 0) }, pytorch: peer.map { peer in { try turn(peer, 1) } })
      let shape = named.inputShape
      let flops = 2 * Double(batch * named.layers(named.classes).multiplyAdds(for: shape))
      let figure = ForwardFigure(
        network: named.name, batch: batch, times: times, ratio: times.ratio, flops: flops,
        share: flops / times.here.median / context.limit.flops, megabytes: Int(memory[0] ?? 0),
        pytorchMegabytes: memory[1].map { Int($0) })
      add(figure)
      table.row([
        named.title.count > 22 ? named.name : named.title, "\(batch)", duration(times.here.median),
        times.pytorch.map { duration($0.median) } ?? "–",
        fixedOrDash(figure.ratio, 2), billions(flops / times.here.median), percent(figure.share),
        "\(figure.megabytes)", figure.pytorchMegabytes.map { "\($0)" } ?? "–",
      ])
    }
  }
  return peer?.version
}

/// The network with the given name.
///
/// - Throws: ``BenchmarkError`` if there is none.
func network(_ name: String) throws -> NamedModel {
  guard let named = NamedModel.named(name) else { throw BenchmarkError(description: "there is no network '\(name)'") }
  return named
}

/// Answers lines `NAME BATCH PASSES` with `SECONDS MEGABYTES`, like Tests/Peers/models.py.
func serveForward() throws {
  Interruption.ignore()
  func answer(_ text: String) throws { try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8)) }
  try answer("ready")
  var current = "", model: Model?, input = Tensor.empty, output = Tensor.empty
  var pass = Pass(.inference)
  while let line = readLine() {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 3, let batch = Int(words[1]), let passes = Int(words[2]) else {
      throw BenchmarkError(description: "expected NAME BATCH PASSES, got '\(line)'")
    }
    let named = try network(words[0])
    if current != named.name {
      model = nil
      model = try named.model(seed: 1)
      current = named.name
    }
    if input.shape != named.inputShape.batched(batch) { input = random(named.inputShape.batched(batch), 1) }
    let time = seconds { for _ in 0..<passes { model?.forward(input, into: &output, in: &pass) } }
    guard output.shape == [batch, named.classes], output.elements.allSatisfy(\.isFinite) else {
      throw BenchmarkError(description: "\(named.name): \(named.classes) finite logits expected, got \(output)")
    }
    try answer("\(time / Double(passes)) \(peakMemory())")
  }
}
