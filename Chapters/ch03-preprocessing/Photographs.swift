// Colour photographs, prepared in four ways, in a convolutional net as they are built today.

import Foundation
import Workbook

/// What preparations do for colour photographs: curvatures, and trainings without and with batch norm.
struct PhotographFindings: Codable, Sendable {
  /// The name of the data set, and how many of its images train, choose the rates and test.
  var data: String
  var count: Int
  var validationCount: Int
  var testCount: Int
  var epochs: Int
  /// The seeds that chose the rates, and the others that were measured.
  var choosing: [UInt64]
  var seeds: [UInt64]
  /// Of each channel, from 0 to 1.
  var means: [Double]
  var deviations: [Double]
  var curvatures: [Curvature]
  var plain: [Row]? = nil
  /// With batch norm behind each convolution.
  var normalized: [Row]? = nil
  /// Each of raw pixels and channel means, starting as the net of the other one does; not in older records.
  var exchanged: [Row]? = nil
  /// Of the filters at the start, raw and with channel means: the per cent that are on, or off, in 95 of 100 windows.
  var stuck: [Summary]? = nil
  /// Raw pixels and channel means after `longEpochs`; not in older records.
  var long: [Row]? = nil
  /// More images and more epochs, at a rate that falls to zero; not in older records.
  var ending: PhotographEnding? = nil

  static let methods: [Method] = [.raw, .channelMean, .channelStandard, .meanImage]
  /// In the order in which they are measured, the most telling ones first; the mean image in one of the nets.
  static let trainings: [(Method, Bool)] =
    [(.raw, false), (.channelStandard, false), (.raw, true), (.channelStandard, true)]
    + [(.channelMean, false), (.channelMean, true), (.meanImage, false)]
  /// Those that are tried first; where an end of these is best, more beyond it.
  static let rates: [Float] = [0.003, 0.01, 0.03]
  static let moreRates: [Float] = [0.0003, 0.001, 0.1, 0.3]
  static let longEpochs = 16

  /// The curvatures of a linear unit on prepared photographs.
  struct Curvature: Codable, Sendable {
    var method: Method
    /// The largest eigenvalue of H for whole images, and for windows of 5×5 pixels, which a filter sees.
    var whole: Double
    var window: Double
    /// How many of the `directions` of a window have an eigenvalue above λmax/steps.
    var learned: Int
    var directions: Int
    var steps: Int
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
    /// The mean loss of each epoch over the seeds.
    var curve: [Double]

    /// Whether the rate is an end of those tried.
    var isAtEnd: Bool { rate == rates.min() || rate == rates.max() }
  }

  /// The rows in the order of the preparations.
  static func sorted(_ rows: [Row]) -> [Row] { methods.compactMap { method in rows.first { $0.method == method } } }
  func row(_ method: Method, normalized isNormalized: Bool = false) -> Row? {
    (isNormalized ? normalized : plain)?.first { $0.method == method }
  }
}

// snippet: photograph-net
/// Two convolutions of 5×5 with ReLU and pooling, and one dense layer.
func photographNet(isNormalized: Bool) -> Sequential {
  Sequential {
    Conv2D(3, 16, kernel: 5, initializer: .heNormal).named("conv1")  // [16, 28, 28]
    if isNormalized { BatchNorm(16).named("norm1") }
    ReLU().named("relu1")
    MaxPool(2).named("pool1")  // [16, 14, 14]
    Conv2D(16, 32, kernel: 5, initializer: .heNormal).named("conv2")  // [32, 10, 10]
    if isNormalized { BatchNorm(32).named("norm2") }
    ReLU().named("relu2")
    MaxPool(2).named("pool2")  // [32, 5, 5]
    Flatten().named("flatten")
    Dense(32 * 5 * 5, 10, initializer: .heNormal).named("output")
  }
}
// snippet.end

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
  init(from folder: String, count: Int, validationCount: Int, testCount: Int, epochs: Int, _ run: ChapterRun) throws {
    let (photographs, held) = try CIFAR10.load(from: folder, transform: PixelTransform())
    let both = TensorSamples(photographs, first: count + validationCount)
    train = both.at(Array(0..<count))
    validation = both.at(Array(count..<both.count))
    test = TensorSamples(held, first: testCount)
    (self.epochs, self.run) = (epochs, run)
  }

  /// The steps of one training.
  var steps: Int { epochs * ((train.count + 31) / 32) }

  /// Trains the net once.
  ///
  /// - Parameter shift: what the first layer subtracts from each channel at the start; nil for nothing.
  /// - Returns: the loss of each step, and the error on the samples in per cent; 100 where it diverged.
  private func learn(
    isNormalized: Bool, rate: Float, _ train: TensorSamples, judgedBy judge: TensorSamples, shift: [Float]?,
    seed: UInt64
  ) throws -> (losses: [Double], error: Double) {
    var model = try Model(photographNet(isNormalized: isNormalized), input: train.sampleShape, seed: seed)
    if let shift { model.subtractAtStart(shift) }
    let schedule: any Schedule = decays ? CosineDecay(rate, over: epochs) : ConstantRate(rate)
    var trainer = Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9), schedule: schedule, batchSize: 32, seed: seed)
    let losses = LossHistory()
    do {
      try trainer.trainResumably(on: train, epochs: epochs, observers: [losses])
    } catch is Divergence {
      return (losses.losses, 100)
    }
    return (losses.losses, 100 * evaluate(trainer.model, on: judge, loss: SoftmaxCrossEntropy()).error)
  }

  /// One preparation: its rate by validation images, then other seeds at this rate.
  ///
  /// - Parameters:
  ///   - rates: those that are tried first; a single one is taken.
  ///   - others: those that are tried beyond an end.
  ///   - shift: what the first layer subtracts from each channel at the start.
  func row(
    _ method: Method, isNormalized: Bool = false, rates: [Float] = PhotographFindings.rates,
    beyond others: [Float] = PhotographFindings.moreRates, shift: [Float]? = nil, choosing: [UInt64], seeds: [UInt64]
  ) throws -> PhotographFindings.Row {
    try rows(
      [method], isNormalized: isNormalized, rates: rates, beyond: others, shift: shift, choosing: choosing, seeds: seeds
    )[0]
  }

  /// Several preparations, side by side.
  func rows(
    _ methods: [Method], isNormalized: Bool = false, rates: [Float], beyond others: [Float], shift: [Float]? = nil,
    choosing: [UInt64], seeds: [UInt64]
  ) throws -> [PhotographFindings.Row] {
    var trials = methods.map { RateTrial($0, self, beyond: others) }
    let ticker = Ticker(
      methods.map(\.name).joined(separator: ", ") + (isNormalized ? ", batch norm" : ""),
      total: methods.count * (rates.count * choosing.count + seeds.count), run)
    defer { ticker.finish() }
    func tryOut(_ jobs: [(place: Int, rate: Float)]) throws {
      let errors = try inParallel(jobs.count * choosing.count) { index in
        ticker.tick()
        let job = jobs[index / choosing.count]
        return try learn(
          isNormalized: isNormalized, rate: job.rate, trials[job.place].train, judgedBy: trials[job.place].validation,
          shift: shift, seed: choosing[index % choosing.count]
        ).error
      }
      for (index, job) in jobs.enumerated() {
        let found = errors[index * choosing.count..<(index + 1) * choosing.count]
        trials[job.place].add(job.rate, error: found.reduce(0, +) / Double(choosing.count))
      }
    }
    if rates.count > 1 {
      try tryOut(trials.indices.flatMap { place in rates.map { (place, $0) } })
    } else {
      for place in trials.indices { trials[place].add(rates[0], error: 100) }
    }
    while true {
      let jobs = trials.indices.compactMap { place in trials[place].next().map { (place, $0) } }
      guard !jobs.isEmpty else { break }
      try tryOut(jobs)
    }
    let runs = try inParallel(trials.count * seeds.count) { index in
      ticker.tick()
      let trial = trials[index / seeds.count]
      return try learn(
        isNormalized: isNormalized, rate: trial.best, trial.train, judgedBy: trial.test, shift: shift,
        seed: seeds[index % seeds.count])
    }
    return trials.enumerated().map { place, trial in
      row(trial, Array(runs[place * seeds.count..<(place + 1) * seeds.count]))
    }
  }

  /// What was found at the best rate, to four decimals.
  private func row(_ trial: RateTrial, _ runs: [(losses: [Double], error: Double)]) -> PhotographFindings.Row {
    let length = steps / epochs
    func mean(_ losses: [Double], epoch: Int) -> Double {
      let part = losses.dropFirst(epoch * length).prefix(length)
      return part.isEmpty ? .infinity : part.reduce(0, +) / Double(part.count)
    }
    return PhotographFindings.Row(
      method: trial.method, rates: trial.tried.map { Double("\($0.rate)") ?? 0 },
      validation: trial.tried.map { rounded($0.error, decimals: 4) }, rate: Double("\(trial.best)") ?? 0,
      loss: Summary(runs.map { rounded(mean($0.losses, epoch: epochs - 1), decimals: 4) }),
      error: Summary(runs.map { rounded($0.error, decimals: 4) }),
      curve: (0..<epochs).map { epoch in
        rounded(runs.reduce(0) { $0 + mean($1.losses, epoch: epoch) } / Double(runs.count), decimals: 4)
      })
  }

  /// λmax of whole images, and all curvatures of their windows.
  func curvature(_ method: Method) -> PhotographFindings.Curvature {
    let prepared = train.prepared(by: method.fit(train.inputs)).inputs
    let windows = PhotographPlan.windows(of: prepared, each: 4)
    let values = curvatures(windows)
    return PhotographFindings.Curvature(
      method: method, whole: rounded(largestCurvature(prepared), digits: 4), window: rounded(values[0], digits: 4),
      learned: values.count { $0 > values[0] / Double(steps) }, directions: values.count, steps: steps)
  }

  /// Windows of 5×5 pixels at random places, `each` from every image, [N, C·25].
  private static func windows(of images: Tensor, each: Int) -> Tensor {
    let (channels, height, width) = (images.shape[1], images.shape[2], images.shape[3])
    var generator = SeededGenerator(seed: 1, stream: 0x57)
    let x = images.elements
    var rows: [Float] = []
    for n in 0..<images.shape[0] {
      for _ in 0..<each {
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
    return Tensor([rows.count / (channels * 25), channels * 25], rows)
  }
}

/// All eigenvalues of H = E[x̃ x̃ᵀ], the largest first, where x̃ is a row of [N, D] with a 1 at its end.
private func curvatures(_ rows: Tensor) -> [Double] {
  let (count, width) = (rows.shape[0], rows.shape[1])
  // Each row and its negative: their mean is 0, and so their covariance is H.
  let x = rows.elements
  var both: [Float] = []
  for sign: Float in [1, -1] {
    for n in 0..<count { both += x[n * width..<(n + 1) * width].map { sign * $0 } + [sign] }
  }
  return PrincipalComponents.fit(Tensor([2 * count, width + 1], both)).variances.map { Double($0) }
}

/// The largest eigenvalue of H for inputs [N, …], from its first 2,000, by multiplying a vector with H again and again.
private func largestCurvature(_ inputs: Tensor, rounds: Int = 10) -> Double {
  let width = inputs.count / inputs.shape[0]
  let count = min(2_000, inputs.shape[0])
  return inputs.withUnsafeElements { x in
    var vector = [Float](repeating: 1 / Float(width + 1).squareRoot(), count: width + 1)
    var size = 0.0
    for _ in 0..<rounds {
      var product = [Float](repeating: 0, count: width + 1)
      for n in 0..<count {
        var dot = vector[width]
        for i in 0..<width { dot += x[n * width + i] * vector[i] }
        dot /= Float(count)
        for i in 0..<width { product[i] += dot * x[n * width + i] }
        product[width] += dot
      }
      size = product.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      vector = product.map { $0 / Float(size) }
    }
    return size
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

  /// Measures what the record lacks of photographs, and writes the record with it after each preparation.
  ///
  /// - Throws: `DataError` where no folder of photographs is given, or where there is no record.
  static func measurePhotographs(_ run: ChapterRun, from folder: String?, trains: Bool) throws {
    let folder = try photographs(in: folder, "photographs")
    let plan = try PhotographPlan(
      from: folder, count: 8_000, validationCount: 2_000, testCount: 10_000, epochs: 4, run)
    try addToRecord(on: "digits", in: run, where: { $0.spectrum != nil }) { findings, keep in
      var found =
        findings.photographs
        ?? {
          let channels = ChannelStandardization.fit(plan.train.inputs)
          let means = ChannelMean.fit(plan.train.inputs)
          func brief(_ values: [Float]) -> [Double] { values.map { rounded(Double($0), decimals: 4) } }
          return PhotographFindings(
            data: plan.train.name, count: plan.train.count, validationCount: plan.validation.count,
            testCount: plan.test.count, epochs: plan.epochs, choosing: [101, 102], seeds: [1, 2, 3, 4, 5],
            means: brief(means.mean), deviations: brief(channels.standardDeviation),
            curvatures: PhotographFindings.methods.map(plan.curvature))
        }()
      findings.photographs = found
      for (method, isNormalized) in trains ? PhotographFindings.trainings : []
      where found.row(method, normalized: isNormalized) == nil {
        run.stopIfInterrupted()
        let row = try plan.row(method, isNormalized: isNormalized, choosing: found.choosing, seeds: found.seeds)
        if isNormalized {
          found.normalized = PhotographFindings.sorted((found.normalized ?? []) + [row])
        } else {
          found.plain = PhotographFindings.sorted((found.plain ?? []) + [row])
        }
        findings.photographs = found
        try keep(findings)
      }
      guard trains else { return }
      try plan.addControls(to: &found) {
        findings.photographs = $0
        try keep(findings)
      }
      if found.ending == nil {
        run.stopIfInterrupted()
        found.ending = try PhotographEnding(from: folder, run)
        findings.photographs = found
      }
    }
  }
}
