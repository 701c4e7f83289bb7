// Plain convolutional nets of several depths: which first weights let them learn.

import Workbook

/// Nets of 3×3 convolutions with ReLUs and without normalization, trained from He's, Xavier's and PyTorch's weights.
struct ConvDepths: Codable, Sendable {
  static let depths = [4, 8, 12, 16, 24]
  static let channels = 8
  static let steps = 500
  /// The seed that chooses the rates; the nets are judged with others.
  static let choosingSeed: UInt64 = 99

  /// The weight layers of each net: the convolutions and one dense layer.
  var depths: [Int]
  /// [start of `starts`][depth]: the rate chosen, and the test error in per cent.
  var rates: [[Float]]
  var errors: [[Summary]]

  /// The starts, with the rates that are tried for each: smaller gradients need larger ones.
  static var starts: [(start: Start, rates: [Float])] {
    let raced = Start.raced(depth: WeightInit.deep)
    let large: [Float] = [0.01, 0.03, 0.1, 0.3]
    return [(raced[1], [0.001, 0.003, 0.01, 0.03]), (raced[0], large), (.pyTorch, large)]
  }

  /// The greatest depth at which every seed learns; 0 where there is none.
  func learned(_ start: Int) -> Int {
    zip(depths, errors[start]).filter { $0.1.maximum < DepthStudy.learned }.last?.0 ?? 0
  }
}

// snippet: plainConvNet
/// A plain net of `depth` weight layers: 3×3 convolutions with ReLUs on the
/// digits reduced to 14×14, and one dense layer.
func plainConvNet(
  _ start: Start, depth: Int, channels: Int, rate: Float, on digits: Dataset,
  seed: UInt64
) throws -> Trainer {
  var layers: [any Layer] = [AveragePool(2)]
  for index in 1..<depth {
    layers.append(
      Conv2D(
        index == 1 ? 1 : channels, channels, kernel: 3, padding: 1,
        bias: start.hasBiases, initializer: start.initializer))
    layers.append(start.layer)
  }
  let outputs = 14 * 14 * channels
  layers += [
    Flatten(),
    Dense(outputs, 10, bias: start.hasBiases, initializer: start.initializer),
  ]
  var model = try Model(
    Sequential(layers), input: digits.sampleShape, seed: seed)
  start.drawBiases(of: &model, seed: seed)
  return Trainer(
    model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
    schedule: ConstantRate(rate), batchSize: 32, seed: seed)
}
// snippet.end

extension ConvDepths {
  /// Measures depth by depth; `keep` hears of each when it is done.
  static func measured(
    on digits: DigitSets, seeds: [UInt64], report: () -> Void = {}, keep: (ConvDepths) throws -> Void
  ) throws -> ConvDepths {
    var found = ConvDepths(depths: [], rates: starts.map { _ in [] }, errors: starts.map { _ in [] })
    for depth in depths {
      found.depths.append(depth)
      for (place, entry) in starts.enumerated() {
        func train(_ rate: Float, _ seed: UInt64) throws -> (validation: Double, test: Double) {
          report()
          let trainer = try plainConvNet(
            entry.start, depth: depth, channels: channels, rate: rate, on: digits.train, seed: seed)
          return try DepthStudy.errors(after: steps * 32 / digits.train.count, of: trainer, on: digits)
        }
        let judged = try inParallel(entry.rates.count) { try train(entry.rates[$0], choosingSeed).validation }
        let best = judged.indices.min { judged[$0] < judged[$1] } ?? 0
        let errors = try inParallel(seeds.count) { try train(entry.rates[best], seeds[$0]).test }
        found.rates[place].append(entry.rates[best])
        // To one digit behind the point: there are 1000 test digits.
        found.errors[place].append(Summary(errors.map { ($0 * 10).rounded() / 10 }))
      }
      try keep(found)
    }
    return found
  }

  /// How many trainings it takes.
  static func trainings(seeds: Int) -> Int { depths.count * starts.reduce(0) { $0 + $1.rates.count + seeds } }
}
