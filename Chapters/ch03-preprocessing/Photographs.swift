// Colour photographs in a convolutional net as they are built today: what is measured, the net, and its training.

import Foundation
import Workbook

/// What preparations do for colour photographs: filters at the start, and trainings.
struct PhotographFindings: Codable, Sendable {
  /// The name of the data set.
  var data: String
  /// The seeds of the filters.
  var seeds: [UInt64]
  /// Of each channel, from 0 to 1.
  var means: [Double]
  var deviations: [Double]
  var curvatures: [Curvature]
  /// Raw and with channel means: in how many windows, in per cent, each filter of a new net is on.
  var on: [[Double]]? = nil
  /// The same over the seeds: the per cent of the filters that are on, or off, in 95 of 100 windows.
  var stuck: [Summary]? = nil
  /// The trainings, at a rate that falls to zero.
  var ending: PhotographEnding? = nil

  static let methods: [Method] = [.raw, .channelMean, .channelStandard]

  /// The largest curvature of a linear unit that sees what a filter sees: windows of 5×5 pixels.
  struct Curvature: Codable, Sendable {
    var method: Method
    var window: Double
  }

  /// One preparation in one net.
  struct Row: Codable, Sendable {
    var method: Method
    /// The rates tried, and the error of each on validation images in per cent; 100 for one that diverged.
    var rates: [Double]
    var validation: [Double]
    var rate: Double
    /// At this rate, over the seeds: the training loss of the last epoch, and the test error in per cent.
    var loss: Summary
    var error: Summary
  }
}

// snippet: photograph-net
/// Two convolutions of 5×5 with ReLU and pooling, and one dense layer.
func photographNet(isNormalized: Bool, _ start: Initializer) -> Sequential {
  Sequential {
    Conv2D(3, 16, kernel: 5, initializer: start).named("conv1")  // [16, 28, 28]
    if isNormalized { BatchNorm(16).named("norm1") }
    ReLU().named("relu1")
    MaxPool(2).named("pool1")  // [16, 14, 14]
    Conv2D(16, 32, kernel: 5, initializer: start).named("conv2")  // [32, 10, 10]
    if isNormalized { BatchNorm(32).named("norm2") }
    ReLU().named("relu2")
    MaxPool(2).named("pool2")  // [32, 5, 5]
    Flatten().named("flatten")
    Dense(32 * 5 * 5, 10, initializer: start).named("output")
  }
}
// snippet.end

/// How a net on photographs is built and started.
struct PhotographWay {
  var method: Method
  var isNormalized = false
  /// What the first layer subtracts from each channel at the start.
  var shift: [Float]? = nil
  /// What it multiplies the first weights of each channel by.
  var scales: [Float]? = nil
  var descent = Descent.momentum
  var weights = FirstWeights.he

  /// The first weights of all layers.
  enum FirstWeights {
    /// He's, with biases of 0; the same with the last layer a hundred times as small; PyTorch's weights and biases.
    case he, smallOutput, pyTorch
  }

  /// The net before training.
  func model(input: Shape, seed: UInt64) throws -> Model {
    let start: Initializer = weights == .pyTorch ? .torchUniform : .heNormal
    var model = try Model(photographNet(isNormalized: isNormalized, start), input: input, seed: seed)
    if let scales { model.scaleAtStart(scales) }
    if let shift { model.subtractAtStart(shift) }
    if weights == .smallOutput {
      model.visitParameters { name, parameter in
        if name == "output.weight" { parameter.value = parameter.value.map { 0.01 * $0 } }
      }
    }
    if weights == .pyTorch { model.drawBiases(seed: seed) }
    return model
  }
}

/// The photographs of the measurement, and how they are learned.
struct PhotographPlan {
  var train: TensorSamples
  var validation: TensorSamples
  var test: TensorSamples
  var epochs: Int
  /// Whether the learning rate falls to zero as a cosine, or stays.
  var decays = false
  var run: ChapterRun

  /// - Throws: `DataError` where there are no photographs.
  init(from folder: String, _ run: ChapterRun, epochs: Int) throws {
    let (photographs, held) = try CIFAR10.load(from: folder, transform: PixelTransform())
    let both = TensorSamples(photographs, first: 10_000)
    train = both.at(Array(0..<8_000))
    validation = both.at(Array(8_000..<both.count))
    test = TensorSamples(held, first: 10_000)
    (self.epochs, self.run) = (epochs, run)
  }

  /// Trains the net once.
  ///
  /// - Returns: the mean loss of the last epoch, and the error on the samples in per cent; 100 where it diverged.
  private func learn(
    _ way: PhotographWay, rate: Float, _ train: TensorSamples, judgedBy judge: TensorSamples, seed: UInt64
  ) throws -> (loss: Double, error: Double) {
    do {
      let schedule: any Schedule = decays ? CosineDecay(rate, over: epochs) : ConstantRate(rate)
      var trainer = Trainer(
        try way.model(input: train.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(),
        optimizer: way.descent.optimizer, schedule: schedule, batchSize: 32, seed: seed)
      try trainer.trainResumably(on: train, epochs: epochs)
      return (
        trainer.history.last?.trainingLoss ?? .infinity,
        100 * evaluate(trainer.model, on: judge, loss: SoftmaxCrossEntropy()).error
      )
    } catch is Divergence {
      return (.infinity, 100)
    }
  }

  /// One way: its rate by validation images, then other seeds at this rate.
  ///
  /// - Parameters:
  ///   - grid: the rates, the smallest first; the places `start` of it are tried first, then on until the best one lies
  ///     between two worse ones.
  func row(
    _ way: PhotographWay, grid: [Float], from start: Range<Int>, choosing: [UInt64], seeds: [UInt64]
  ) throws -> PhotographFindings.Row {
    let fitted = way.method.fit(train.inputs)
    let (seen, judged) = (train.prepared(by: fitted), validation.prepared(by: fitted))
    let ticker = Ticker(way.method.name, total: (start.count + 1) * choosing.count + seeds.count, run)
    defer { ticker.finish() }
    func runs(_ rate: Float, _ judge: TensorSamples, _ seeds: [UInt64]) throws -> [(loss: Double, error: Double)] {
      try inParallel(seeds.count) { index in
        run.stopIfInterrupted()
        ticker.tick()
        return try learn(way, rate: rate, seen, judgedBy: judge, seed: seeds[index])
      }
    }
    var tried: [(rate: Float, error: Double)] = []
    while true {
      let next = ratesToTry(of: grid, from: start, tried: tried)
      guard !next.isEmpty else { break }
      for rate in next {
        tried.append((rate, try runs(rate, judged, choosing).reduce(0) { $0 + $1.error } / Double(choosing.count)))
      }
    }
    tried.sort { $0.rate < $1.rate }
    let best = tried.min { $0.error < $1.error }?.rate ?? grid[start.lowerBound]
    let found = try runs(best, test.prepared(by: fitted), seeds)
    return PhotographFindings.Row(
      method: way.method, rates: tried.map { Double("\($0.rate)") ?? 0 },
      validation: tried.map { rounded($0.error, decimals: 4) }, rate: Double("\(best)") ?? 0,
      loss: Summary(found.map { rounded($0.loss, decimals: 4) }),
      error: Summary(found.map { rounded($0.error, decimals: 4) }))
  }

  /// λmax of windows of 5×5 pixels at random places, four from every image.
  func curvature(_ method: Method) -> PhotographFindings.Curvature {
    let images = train.prepared(by: method.fit(train.inputs)).inputs
    let (channels, height, width) = (images.shape[1], images.shape[2], images.shape[3])
    var generator = SeededGenerator(seed: 1, stream: 0x57)
    let x = images.elements
    var rows: [Float] = []
    for n in 0..<images.shape[0] {
      for _ in 0..<4 {
        let top = Int.random(in: 0...height - 5, using: &generator)
        let left = Int.random(in: 0...width - 5, using: &generator)
        for c in 0..<channels {
          for i in 0..<5 {
            let start = ((n * channels + c) * height + top + i) * width + left
            rows += x[start..<start + 5]
          }
        }
      }
    }
    let windows = Tensor([rows.count / (channels * 25), channels * 25], rows)
    return PhotographFindings.Curvature(method: method, window: rounded(curvatures(windows)[0], digits: 4))
  }
}

extension Preprocessings {
  /// The folder of photographs that a part needs.
  static func photographs(in folder: String?, _ part: String) throws -> String {
    guard let folder else {
      throw DataError(
        "--part \(part)", expected: "the folder of CIFAR-10 (--data)", found: "none",
        advice: "fetch it with ./workbook data cifar-10")
    }
    return folder
  }

  /// Measures what the record lacks of photographs, and writes the record with it.
  ///
  /// - Throws: `DataError` where no folder of photographs is given, or where there is no record.
  static func measurePhotographs(_ run: ChapterRun, from folder: String?) throws {
    var plan = try PhotographPlan(
      from: try photographs(in: folder, "photographs"), run, epochs: PhotographEnding.epochs)
    plan.decays = true
    try addToRecord(on: "digits", in: run, where: { $0.spectrum != nil }) { findings, keep in
      var found = findings.photographs ?? plan.findings()
      try plan.addFilters(to: &found)
      findings.photographs = found
      try keep(findings)
      if found.ending == nil { findings.photographs?.ending = try PhotographEnding(plan) }
    }
  }
}

extension PhotographPlan {
  /// The means, and the curvatures of windows; nothing trained.
  fileprivate func findings() -> PhotographFindings {
    let channels = ChannelStandardization.fit(train.inputs)
    func brief(_ values: [Float]) -> [Double] { values.map { rounded(Double($0), decimals: 4) } }
    return PhotographFindings(
      data: train.name, seeds: [1, 2, 3, 4, 5], means: brief(ChannelMean.fit(train.inputs).mean),
      deviations: brief(channels.standardDeviation), curvatures: PhotographFindings.methods.map(curvature))
  }
}
