// Nets as a reader begins them: Adam from each start, gains of tanh, and the weights that the page's lines of PyTorch draw.

import Workbook

/// Nets of several depths once more, each at a rate that was chosen by seeds which are not reported.
struct OwnCase: Codable, Sendable {
  /// A net at the best of some rates.
  struct Net: Codable, Sendable {
    var name: String
    var depth: Int
    var rate: Float
    /// The test errors in per cent, over the seeds.
    var errors: Summary
  }

  static let choosing: [UInt64] = [101, 102]
  static let choosingTanh: [UInt64] = [101, 102, 103]
  static let seeds: [UInt64] = Array(1...5)
  static let depths = [10, 18, 30]
  static let adamRates: [Float] = [0.00003, 0.0001, 0.0003, 0.001, 0.003]
  static let descentRates: [Float] = [0.0003, 0.001, 0.003, 0.01, 0.03]
  static let tanhRates: [Float] = [0.001, 0.003, 0.01, 0.03, 0.1]
  /// The gains of tanh, and how deep their nets are.
  static let gains: [Float] = [1, 1.2, 1.35, 5 / 3]
  static let tanhDepths = [6, 30]
  /// Two gains of the last layer behind He's layers: theirs, and a small one.
  static let lastGains: [Float] = [Float(2).squareRoot(), 0.1]

  /// From Xavier's, He's and PyTorch's weights at each of `depths`, with Adam.
  var adam: [Net] = []
  /// The weights of the page's lines in the deepest net, with each of `lastGains`: with plain descent and with Adam.
  var drawn: [Net] = []
  /// tanh with each of `gains`, at each of `tanhDepths`.
  var tanh: [Net] = []
  /// The size √E[x²] of the digits.
  var inputSize: Double?
  /// The first loss of six layers with inputs of size 1: of He's weights without and with the gain 1 in the first layer, and of
  /// `draw_weights`.
  var firstLosses: [Double] = []

  /// The nets of tanh of one depth, by their gain.
  func tanhNets(_ depth: Int) -> [Net] {
    Self.gains.compactMap { gain in
      tanh.first { $0.depth == depth && $0.name == short(Double(gain), digits: 3) }
    }
  }

  func adam(_ start: Int, at depth: Int) -> Net? {
    adam.first { $0.name == Self.starts[start].name && $0.depth == depth }
  }

  func drawn(_ optimizer: String, last: Float) -> Net? {
    drawn.first { $0.name == Self.drawnName(optimizer, last: last) }
  }

  static func drawnName(_ optimizer: String, last: Float) -> String {
    "\(optimizer), last layer \(short(Double(last), digits: 3))"
  }

  /// Xavier's, He's and PyTorch's weights.
  static var starts: [Start] { Array(Start.raced(depth: WeightInit.deep).prefix(2)) + [.pyTorch] }
}

extension OwnCase {
  /// How many trainings it takes.
  static var trainings: Int {
    let each = adamRates.count * choosing.count + seeds.count
    let ofTanh = tanhRates.count * choosingTanh.count + seeds.count
    return (starts.count * depths.count + 2 * lastGains.count) * each + gains.count * tanhDepths.count * ofTanh
  }

  /// Measures what is missing; `keep` hears of each net when it is done.
  mutating func complete(
    width: Int, epochs: Int, on digits: DigitSets, report: () -> Void, keep: (OwnCase) throws -> Void
  ) throws {
    func trained(
      _ start: Start, _ depth: Int, _ rates: [Float], _ optimizer: any Optimizer, name: String, last: Float? = nil
    ) throws -> Net {
      func train(_ rate: Float, _ seed: UInt64) throws -> (validation: Double, test: Double) {
        report()
        var trainer = try deepTrainer(
          start, depth: depth, width: width, rate: rate, on: digits.train, optimizer: optimizer, seed: seed)
        if let last { Self.scale(&trainer.model, first: Float(0.5).squareRoot(), last: last) }
        return try DepthStudy.errors(after: epochs, of: trainer, on: digits)
      }
      let (few, seeds) = (start.activation == .tanh ? Self.choosingTanh : Self.choosing, Self.seeds)
      let judged = try inParallel(rates.count * few.count) {
        try train(rates[$0 / few.count], few[$0 % few.count]).validation
      }
      let means = rates.indices.map { rate in Summary(Array(judged[rate * few.count..<(rate + 1) * few.count])).mean }
      let best = rates.indices.min { means[$0] < means[$1] } ?? 0
      let errors = try inParallel(seeds.count) { rounded(try train(rates[best], seeds[$0]).test, decimals: 2) }
      return Net(name: name, depth: depth, rate: rates[best], errors: Summary(errors))
    }
    if firstLosses.isEmpty {
      (inputSize, firstLosses) = try Self.firstLosses(width: width, on: digits.train)
      try keep(self)
    }
    for depth in Self.depths.reversed() {
      for start in Self.starts.indices.reversed() where adam(start, at: depth) == nil {
        adam.append(
          try trained(Self.starts[start], depth, Self.adamRates, Adam(), name: Self.starts[start].name))
        try keep(self)
      }
    }
    let he = Start(name: "", activation: .relu, initializer: .heNormal, hasBiases: true)
    for last in Self.lastGains {
      for (name, rates, optimizer) in [
        ("SGD", Self.descentRates, SGD(momentum: 0.9) as any Optimizer), ("Adam", Self.adamRates, Adam()),
      ] where drawn(name, last: last) == nil {
        drawn.append(
          try trained(he, WeightInit.deep, rates, optimizer, name: Self.drawnName(name, last: last), last: last))
        try keep(self)
      }
    }
    // The ends first.
    for depth in Self.tanhDepths {
      for gain in [Self.gains[0], Self.gains[3]] + Self.gains[1...2]
      where !tanh.contains(where: { $0.name == short(Double(gain), digits: 3) && $0.depth == depth }) {
        let start = Start(
          name: "", activation: .tanh, initializer: .scaled(.fanIn, .normal, gain: gain))
        tanh.append(
          try trained(start, depth, Self.tanhRates, SGD(momentum: 0.9), name: short(Double(gain), digits: 3)))
        try keep(self)
      }
    }
  }

  /// Makes He's weights those of the page's lines: the first layer and the last have their own scale, biases begin at 0.
  private static func scale(_ model: inout Model, first: Float, last: Float) {
    var (place, count) = (0, 0)
    model.visitParameters { _, parameter in if parameter.decays { count += 1 } }
    model.visitParameters { _, parameter in
      guard parameter.decays else {
        parameter.value = parameter.value.scaled(by: 0)
        return
      }
      place += 1
      if place == 1 { parameter.value = parameter.value.scaled(by: first) }
      if place == count { parameter.value = parameter.value.scaled(by: last / Float(2).squareRoot()) }
    }
  }

  /// The size of the digits, and the first losses with normal numbers of size 1 in their place.
  private static func firstLosses(width: Int, on digits: Dataset) throws -> (size: Double, losses: [Double]) {
    let batch = digits.batch(first: 256)
    let (mean, deviation) = moments(batch.inputs.elements)
    let he = Start(name: "", activation: .relu, initializer: .heNormal, hasBiases: true)
    let half = Float(0.5).squareRoot()
    let gains: [(first: Float, last: Float)] = [(1, lastGains[0])] + lastGains.map { (half, $0) }
    let losses = try gains.map { first, last in
      Summary(
        try seeds.map { seed in
          var model = try deepTrainer(he, depth: WeightInit.depth, width: width, rate: 1, on: digits, seed: seed).model
          scale(&model, first: first, last: last)
          var generator = SeededGenerator(seed: seed, stream: 0x1055)
          var normal = batch
          normal.inputs.fillNormal(standardDeviation: 1, using: &generator)
          var pass = Pass(.training)
          return model.step(normal, SoftmaxCrossEntropy(), in: &pass)
        }
      ).mean
    }
    let size = (mean * mean + deviation * deviation).squareRoot()
    return (rounded(size, digits: 4), losses.map { rounded($0, digits: 4) })
  }
}
