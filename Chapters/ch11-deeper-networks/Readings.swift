// How well a linear layer reads the digit after each block of a deep net before training: what the layers hand on.

import Foundation
import Workbook

/// Errors on new digits of a linear layer that is trained on what a net, itself untrained, makes of them after so many
/// blocks (Alain and Bengio 2016, *Understanding intermediate layers using linear classifier probes*).
struct LinearReadings: Codable, Sendable {
  /// Digits to learn from, and new ones.
  var trainingCount: Int
  var testCount: Int
  /// So many blocks were passed.
  var blocks: [Int]
  var nets: [Net]

  struct Net: Codable, Sendable {
    var net: DeepNet
    /// [place in `blocks`], of the shallow net behind its last block alone: new digits that the linear layer gets wrong, in percent, over the seeds.
    var errors: [Summary]
    /// The same of the digits it has seen; nil in older records.
    var seenErrors: [Summary]?
  }

  func net(_ start: DeepNet.Start? = nil, residual: Bool = false) -> Net? {
    nets.first { $0.net.start == start && $0.net.isResidual == residual }
  }
}

extension LinearReadings {
  /// Reads the deep net as it is, with each of the starts, the residual one, and the shallow one behind its last block.
  init(shallow: Int, deep: Int, _ course: Course, report: (String) -> Void) throws {
    let sets = [course.data, course.keptBack ?? course.test, course.test.prefix(2_000)]
    (trainingCount, testCount) = (sets[0].count, sets[2].count)
    let labels = sets.map { $0.batch(first: $0.count).labels }
    let all = Array(stride(from: 0, through: deep, by: max(1, deep / 8)))
    blocks = all
    nets = try
      ([nil, .open, .identity, .rotation, .near].map { DeepNet(blocks: deep, isResidual: false, start: $0) }
      + [DeepNet(blocks: deep, isResidual: true), DeepNet(blocks: shallow, isResidual: false)]).map { net in
        report(net.name)
        let places = net.blocks == deep ? all : [net.blocks]
        let found = try inParallel(course.seeds.count) { index in
          let model = try DeepRun.trainer(of: net, course, seed: course.seeds[index]).model
          let signals = sets.map { Self.signals(in: model, $0, after: places) }
          return places.indices.map { place in Self.errors(signals.map { $0[place] }, labels) }
        }
        func summaries(_ part: (LinearErrors) -> Double) -> [Summary] {
          places.indices.map { place in Summary(found.map { part($0[place]) }).rounded(decimals: 2) }
        }
        return Net(net: net, errors: summaries(\.new), seenErrors: summaries(\.seen))
      }
  }

  /// What the net hands on after each of these numbers of blocks, with the statistics of the whole batch: a row for an image.
  private static func signals(in model: Model, _ data: Dataset, after places: [Int]) -> [Tensor] {
    var (x, passed, found) = (data.batch(first: data.count).inputs, 0, [Tensor]())
    for (index, entry) in model.layers.entries.enumerated() {
      var layer = entry.layer
      x = layer.forward(x, mode: .training)
      let next = index + 1 < model.layers.entries.count ? model.layers.entries[index + 1].name : ""
      if entry.name.hasPrefix("block") { passed += 1 }
      // A plain block is followed by the ReLU that a residual one has inside.
      let isEnd = entry.name == "pool1" || passed > 0 && !next.hasPrefix("relu")
      if isEnd, found.count < places.count, places[found.count] == passed {
        found.append(x.reshaped(to: [data.count, x.count / data.count]))
      }
    }
    return found
  }

  typealias LinearErrors = (seen: Double, new: Double)

  /// The errors of ridge regression on the first signals, there and on the third ones, in percent; the penalty is the best of
  /// three on the second ones.
  private static func errors(_ signals: [Tensor], _ labels: [[Int]]) -> LinearErrors {
    let (count, size) = (signals[0].shape[0], signals[0].shape[1])
    // Each input has mean 0 and deviation 1: no net is read better for the size of its signal alone.
    var norm = BatchNorm(size, momentum: 1)
    let seen = norm.forward(signals[0], mode: .training)
    let all = [seen] + signals.dropFirst().map { norm.forward($0) }
    let turned = seen.transposed
    let gram = Kernels.matrixMultiply(turned, seen).elements.map(Double.init)
    let answers = Tensor([count, 10], labels[0].flatMap { label in (0..<10).map { $0 == label ? 0.9 : -0.1 } })
    let right = Kernels.matrixMultiply(turned, answers).elements.map(Double.init)
    let tried = [1e-5, 1e-3, 1e-1].map { penalty in
      var matrix = gram
      for i in 0..<size { matrix[i * size + i] += penalty * Double(count) }
      let weights = Tensor([size, 10], Kernels.solve(&matrix, right, columns: 10).map { Float($0) })
      return zip(all, labels).map { x, labels in
        let outputs = Kernels.matrixMultiply(x, weights).elements
        let wrong = labels.indices.count { row in
          let answer = outputs[10 * row..<10 * row + 10]
          return answer.indices.max { answer[$0] < answer[$1] } != 10 * row + labels[row]
        }
        return 100 * Double(wrong) / Double(labels.count)
      }
    }
    let best = tried.min { $0[1] < $1[1] } ?? [.nan, .nan, .nan]
    return (best[0], best[2])
  }
}
