// The networks of chapter 10: S0's table, what lies between its rows, and what else its program does.

import Foundation
import Workbook

/// A network with a name, how it is trained, and its colour in all figures.
struct Variant: Sendable {
  var name: String
  var net: LeNet5
  var color: Int
  /// The learning rate where it is not that of the session.
  var rate: Float?
  /// Whether the rate falls as in S1's table.
  var fallsInSteps = false
  /// Whether every epoch has the batches of the first, in their order.
  var repeatsBatches = false
  /// Whether gradients and activations are watched while it learns.
  var isWatched = true

  init(_ name: String, _ net: LeNet5, color: Int) {
    self.name = name
    self.net = net
    self.color = color
  }

  /// `lenet-5-published`: for file names.
  var stem: String {
    name.lowercased().replacingOccurrences(of: "+", with: "plus").split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
      .joined(separator: "-")
  }

  /// The same under another name, changed, and not watched.
  func with(_ what: String, _ change: (inout Variant) -> Void) -> Variant {
    var other = self
    other.name += ", " + what
    other.isWatched = false
    change(&other)
    return other
  }

  static let plain = Variant("LeNet-5", .plain, color: 0)
  static let published = Variant("LeNet-5, published σ′", .published, color: 1)
  static let plus = Variant("LeNet-5+", .plus, color: 2)
  static let plusPlus = Variant("LeNet-5++", .plusPlus, color: 3)

  /// Activation × loss × initial weights: LeNet-5 first, LeNet-5+ last.
  static let ablation: [Variant] = [LeNet5.Activation.tanh, .relu].flatMap { activation in
    [false, true].flatMap { hasSoftmax in
      [Initializer.xavierUniform, .torchUniform].map { start in
        let net = LeNet5(
          activation: activation, output: hasSoftmax ? .logits : .sigmoid(.correct), initializer: start)
        var variant = Variant(
          [
            activation == .relu ? "ReLU" : "tanh", hasSoftmax ? "cross-entropy" : "squared error",
            start == .xavierUniform ? "Xavier" : "±1/√fan-in",
          ].joined(separator: ", "), net, color: 0)
        variant.isWatched = false
        return variant
      }
    }
  }

  /// What else SimpleNN does: max pooling by default, and batches that repeat.
  static let differences: [Variant] = [
    published.with("batches repeat") { $0.repeatsBatches = true },
    plusPlus.with("max pooling") { $0.net.pooling = .max },
    plusPlus.with("batches repeat") { $0.repeatsBatches = true },
  ]

  /// Rates besides the one that all of S0's networks have.
  static let rates: [Float] = [0.05, 0.1, 0.2, 0.5, 1]
  static let atOtherRates: [Variant] = [plain, published, plus, plusPlus].flatMap { variant in
    rates.map { rate in variant.with("rate \(short(Double(rate)))") { $0.rate = rate } }
  }

  /// LeNet-5+ with the rates of S1's table.
  static let inSteps = plus.with("S1's steps") { $0.fallsInSteps = true }
}

/// Gives every epoch the batches of the first, in their order, as SimpleNN's `DataLoader` does, which shuffles once.
final class FirstOrder: ResumableObserver {
  private let data: Dataset
  private let order: [Int]
  private var (epoch, next) = (0, 0)

  init(_ data: Dataset, seed: UInt64) {
    self.data = data
    var generator = SeededGenerator(seed: seed, stream: 1)
    order = generator.permutation(of: data.count)
  }

  func batchLoaded(_ batch: inout Batch, epoch: Int, using generator: inout SeededGenerator) {
    if epoch != self.epoch { (self.epoch, next) = (epoch, 0) }
    let end = next + batch.count
    data.load(order[next..<end], into: &batch)
    next = end
  }

  /// Nothing: the order follows from the seed.
  struct Record: Codable, Sendable {}
  var record: Record { Record() }
  func restore(_ record: Record, finishedEpochs finished: Int) {}
}
