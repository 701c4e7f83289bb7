// Does depth pay? Plain and residual nets of several depths on small photographs: a part that is added to the record.

import Foundation
import Workbook

/// He et al.'s net for CIFAR-10: three stages of n blocks, with 16, 32 and 64
/// channels, each on maps of half the side. Plain or residual: only the addition
/// differs.
struct PhotographNet: Codable, Hashable, Sendable {
  /// n.
  var blocks: Int
  var isResidual: Bool
  /// Times as many channels everywhere; none: once.
  var width: Int?
  /// The channels of single convolutions, where there are no blocks: a net of few layers.
  var convolutions: [Int]?

  var depth: Int { convolutions.map { $0.count + 1 } ?? 6 * blocks + 2 }
  var stages: [Int] { [16, 32, 64].map { $0 * (width ?? 1) } }
  /// Convolutions one after another, each but the first on maps of half the side. One alone has 5×5 windows on every other
  /// pixel, and a dense layer reads 4×4 places of its maps.
  private func few(_ channels: [Int]) -> Sequential {
    let isOne = channels.count == 1
    return Sequential {
      for (index, count) in channels.enumerated() {
        Conv2D(
          index == 0 ? 3 : channels[index - 1], count, kernel: isOne ? 5 : 3, stride: index == 0 && !isOne ? 1 : 2,
          padding: isOne ? 2 : 1, bias: false, initializer: .heNormal
        ).named("conv\(index + 1)")
        BatchNorm(count).named("bn\(index + 1)")
        ReLU().named("relu\(index + 1)")
      }
      if isOne { AveragePool(2).named("avgpool") } else { GlobalAveragePool().named("avgpool") }
      Flatten().named("flatten")
      Dense(channels[channels.count - 1] * (isOne ? 16 : 1), 10, initializer: .heNormal).named("fc")
    }
  }
  var layers: Sequential {
    if let convolutions { return few(convolutions) }
    return Sequential {
      Conv2D(3, stages[0], kernel: 3, padding: 1, bias: false, initializer: .heNormal)
        .named("conv1")
      BatchNorm(stages[0]).named("bn1")
      ReLU().named("relu1")
      for (stage, channels) in stages.enumerated() {
        for index in 0..<blocks {
          let isFirst = stage > 0 && index == 0
          let block = ResidualBlock.basic(
            isFirst ? channels / 2 : channels, channels, stride: isFirst ? 2 : 1)
          if isResidual {
            block.named("block\(stage + 1)-\(index + 1)")
          } else {
            block.residual.named("block\(stage + 1)-\(index + 1)")
            ReLU().named("relu\(stage + 1)-\(index + 1)")
          }
        }
      }
      GlobalAveragePool().named("avgpool")
      Flatten().named("flatten")
      Dense(stages[2], 10, initializer: .heNormal).named("fc")
    }
  }
}

extension PhotographNet {
  var name: String {
    let channels = convolutions.map {
      $0.count == 1 ? ", \($0[0]) channels" : ", \($0[0]) to \($0[$0.count - 1]) channels"
    }
    return "\(isResidual ? "residual" : "plain") \(depth)" + (width.map { ", \($0)× channels" } ?? channels ?? "")
  }
  /// The side of the square of pixels that a unit of the last convolution sees, in a net of single ones.
  var view: Int {
    convolutions?.count == 1 ? 5 : 1 + 2 * (0..<(convolutions?.count ?? 0)).reduce(0) { $0 + 1 << max(0, $1 - 1) }
  }
  /// The deepest first: of two cores none waits long at the end.
  static let all = [5, 3, 1].flatMap { blocks in
    [false, true].map { PhotographNet(blocks: blocks, isResidual: $0) }
  }
  /// Four and two layers with about as many weights as the residual one of eight.
  static let few = [[29, 58, 116], [328]].map { PhotographNet(blocks: 0, isResidual: false, convolutions: $0) }
  /// Those of the longer training: a deep residual net, a shallow one as heavy, and a shallow one.
  static let long = [(1, 2), (3, nil), (1, nil)].map { PhotographNet(blocks: $0, isResidual: true, width: $1) }
}

/// What the nets make of photographs, the deepest first.
struct DepthFindings: Codable, Sendable {
  /// The name of the data set; photographs learned from, kept back for the rates, and tested; their side in pixels.
  var data: String
  var trainingCount: Int
  var keptBack: Int
  var testCount: Int
  var side: Int
  var epochs: Int
  /// So many epochs decide between rates.
  var trialEpochs: Int
  var rows: [Row]

  struct Row: Codable, Sendable {
    var net: PhotographNet
    /// The rates tried, the smallest first, and the errors of each on the photographs kept back, in percent.
    var rates: [Double]
    var trials: [Double]
    /// [seed][epoch]: the errors while training, on changed photographs, in percent.
    var curves: [[Double]] = []
    /// After training, on the photographs as they are, in percent, over the seeds.
    var trainingErrors = Summary([])
    var testErrors = Summary([])

    /// The rate with the fewest mistakes.
    var rate: Double { rates.indices.min { trials[$0] < trials[$1] }.map { rates[$0] } ?? .nan }

    /// Adds what a training left.
    mutating func add(_ trained: PhotographCourse.Trained) {
      curves.append(trained.curve)
      trainingErrors = Summary(trainingErrors.values + [trained.trainingError])
      testErrors = Summary(testErrors.values + [trained.testError])
    }
  }

  /// The shallowest residual net with about as many weights as the deep one, by more channels: what weights do without depth.
  var wider: Row? { rows.first { $0.net.width != nil } }

  func row(_ blocks: Int, residual: Bool) -> Row? {
    rows.first { $0.net == PhotographNet(blocks: blocks, isResidual: residual) }
  }
}

/// The photographs, and how they are learned.
struct PhotographCourse {
  var train: Dataset
  var keptBack: Dataset
  var test: Dataset
  var epochs: Int
  var trialEpochs: Int

  /// - Throws: `DataError` where there are no photographs.
  init(from folder: String, count: Int, keptBack: Int, epochs: Int, trialEpochs: Int) throws {
    let (photographs, held) = try CIFAR10.load(from: folder)
    train = halved(photographs.prefix(count + keptBack))
    self.keptBack = train.samples(at: count..<train.count)
    train = train.prefix(count)
    test = halved(held)
    let transform = PixelTransform.standardizing(train)
    (train.transform, self.keptBack.transform, test.transform) = (transform, transform, transform)
    (self.epochs, self.trialEpochs) = (epochs, trialEpochs)
  }

  /// A training with flips and shifts, at a rate that falls as a cosine.
  func trained(_ net: PhotographNet, rate: Double, epochs: Int, seed: UInt64) throws -> Trainer {
    var trainer = Trainer(
      try Model(net.layers, input: train.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(),
      optimizer: SGD(momentum: 0.9), schedule: CosineDecay(Float(rate), over: epochs), batchSize: 32, seed: seed)
    trainer.augmentation = Augmentation([HorizontalFlip(), RandomShift(by: 2)])
    try trainer.trainResumably(on: train, epochs: epochs)
    return trainer
  }
  func error(_ trainer: Trainer, on data: Dataset) -> Double {
    rounded(100 * evaluate(trainer.model, on: data, loss: SoftmaxCrossEntropy()).error, decimals: 2)
  }

  /// What a training leaves: the errors epoch by epoch, and both errors after it, in percent.
  struct Trained {
    var curve: [Double]
    var trainingError: Double
    var testError: Double
  }
  func trained(_ row: DepthFindings.Row, seed: UInt64) throws -> Trained {
    let trainer = try trained(row.net, rate: row.rate, epochs: epochs, seed: seed)
    return Trained(
      curve: trainer.history.map { rounded(100 * ($0.trainingError ?? .nan), decimals: 2) },
      trainingError: error(trainer, on: train), testError: error(trainer, on: test))
  }

  /// A net without results, its rates tried until worse ones lie on both sides of the best.
  func row(_ net: PhotographNet, seed: UInt64, report: (String) -> Void) throws -> DepthFindings.Row {
    var tried: [(rate: Double, error: Double)] = []
    let start = net.convolutions == nil ? 4..<6 : 5..<7
    while let rate = ratesToTry(of: RatePlan.rates, from: start, tried: tried).first {
      do {
        let trainer = try trained(net, rate: rate, epochs: trialEpochs, seed: seed)
        tried.append((rate, error(trainer, on: keptBack)))
      } catch is Divergence { tried.append((rate, 90)) }
      report("\(net.name), rate \(rate): \(tried[tried.count - 1].error) %")
    }
    tried.sort { $0.rate < $1.rate }
    return DepthFindings.Row(net: net, rates: tried.map(\.rate), trials: tried.map(\.error))
  }
}

/// Images of half the side: each pixel is the mean of 2×2.
func halved(_ data: Dataset) -> Dataset {
  let (planes, side) = (data.count * data.imageShape[0], data.imageShape[1])
  let half = side / 2
  var pixels = [UInt8](repeating: 0, count: planes * half * half)
  for plane in 0..<planes {
    for y in 0..<half {
      for x in 0..<half {
        let place = (plane * side + 2 * y) * side + 2 * x
        let sum = [0, 1, side, side + 1].reduce(0) { $0 + Int(data.pixels[place + $1]) }
        pixels[(plane * half + y) * half + x] = UInt8((sum + 2) / 4)
      }
    }
  }
  return Dataset(
    name: data.name, pixels: pixels, labels: data.labels, imageShape: [data.imageShape[0], half, half],
    classCount: data.classCount)
}

extension DepthFindings {
  /// Measures what is missing of some nets: the rates, then seed by seed all nets; keeps what there is after each.
  mutating func measure(
    _ nets: [PhotographNet], _ course: PhotographCourse, seeds: [UInt64], report: (String) -> Void,
    keep: (DepthFindings) throws -> Void
  ) throws {
    let missing = nets.filter { net in !rows.contains { $0.net == net } }
    if !missing.isEmpty {
      report("rates")
      rows += try inParallel(missing.count) { try course.row(missing[$0], seed: 101, report: report) }
      try keep(self)
    }
    for (index, seed) in seeds.enumerated() {
      let places = rows.indices.filter { nets.contains(rows[$0].net) && rows[$0].curves.count == index }
      if places.isEmpty { continue }
      report("seed \(seed)")
      let found = try inParallel(places.count) { try course.trained(rows[places[$0]], seed: seed) }
      for (place, result) in zip(places, found) { rows[place].add(result) }
      try keep(self)
    }
  }

  /// Of a folder of photographs.
  ///
  /// - Throws: `DataError` where none is given, or where there are no photographs.
  static func course(
    in folder: String?, count: Int, keptBack: Int, epochs: Int, trialEpochs: Int
  ) throws -> PhotographCourse {
    guard let folder, DeeperNetworks.isCIFAR(folder) else {
      throw DataError(
        "--part depth or longDepth", expected: "--data with the folder of CIFAR-10", found: folder ?? "none",
        advice: "fetch it with ./workbook data cifar-10")
    }
    return try PhotographCourse(
      from: folder, count: count, keptBack: keptBack, epochs: epochs, trialEpochs: trialEpochs)
  }
  init(_ course: PhotographCourse) {
    self.init(
      data: course.train.name, trainingCount: course.train.count, keptBack: course.keptBack.count,
      testCount: course.test.count, side: course.train.imageShape[1], epochs: course.epochs,
      trialEpochs: course.trialEpochs, rows: [])
  }
}
