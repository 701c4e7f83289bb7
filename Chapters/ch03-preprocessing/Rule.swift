// The rule of the chapter: raw pixels, the channel mean, and mean and deviation, each with three methods of descent.

import Foundation
import Workbook

/// How the weights go down.
enum Descent: String, Codable, Sendable, CaseIterable {
  case plain, momentum, adam

  var optimizer: any Optimizer {
    switch self {
    case .plain: SGD()
    case .momentum: SGD(momentum: 0.9)
    case .adam: Adam()
    }
  }

  /// A rate that is near the good ones: where the search begins.
  var rate: Float {
    switch self {
    case .plain: 0.2
    case .momentum: 0.02
    case .adam: 0.002
    }
  }
}

/// One net on one data set: three preparations, each learned by every kind of descent.
struct RuleTable: Codable, Sendable {
  var net: Net
  var data: String
  /// How many images train, choose the rates and test.
  var count: Int
  var validationCount: Int
  var testCount: Int
  var epochs: Int
  /// The seeds that choose the rates, and the others that are measured.
  var choosing: [UInt64]
  var seeds: [UInt64]
  var rows: [Row]

  /// One preparation with one kind of descent.
  struct Row: Codable, Sendable {
    var descent: Descent
    var method: Method
    /// The rates tried, twice apart, and the error of each on validation images in per cent; 100 where one diverged.
    var rates: [Double]
    var validation: [Double]
    var rate: Double
    /// At this rate, over the seeds: the training loss of the last epoch, and the test error in per cent.
    var loss: Summary
    var error: Summary
  }

  static let methods: [Method] = [.raw, .channelMean, .channelStandard]

  func row(_ descent: Descent, _ method: Method) -> Row? {
    rows.first { $0.descent == descent && $0.method == method }
  }

  /// By how many points of test error one preparation differs from another, seed by seed.
  func points(_ descent: Descent, _ method: Method, than other: Method) -> Summary? {
    guard let one = row(descent, method), let two = row(descent, other) else { return nil }
    return one.error - two.error
  }
}

/// The search for a rate: each is twice as large as the one before, at most nine are tried.
struct RateDoubling {
  private(set) var tried: [(rate: Float, error: Double)] = []
  private let grid: [Float]

  init(from start: Float) { grid = (-7...7).map { start * pow(2, Float($0)) } }

  var best: Float { tried.min { $0.error < $1.error }?.rate ?? grid[7] }

  /// The rates to try next.
  var next: [Float] { tried.count < 9 ? ratesToTry(of: grid, from: 6..<9, tried: tried) : [] }

  mutating func add(_ rate: Float, error: Double) {
    tried.append((rate, error))
    tried.sort { $0.rate < $1.rate }
  }
}

extension RuleTable {
  /// Without any row yet.
  init(_ net: Net, _ train: TensorSamples, _ validation: TensorSamples, _ test: TensorSamples, epochs: Int) {
    self.init(
      net: net, data: train.name, count: train.count, validationCount: validation.count, testCount: test.count,
      epochs: epochs, choosing: [101, 102, 103], seeds: [1, 2, 3, 4, 5, 6, 7, 8], rows: [])
  }

  /// Measures one kind of descent on every preparation.
  mutating func measure(
    _ descent: Descent, _ train: TensorSamples, _ validation: TensorSamples, _ test: TensorSamples, _ run: ChapterRun
  ) throws {
    let fits = Self.methods.map { (method: $0, way: $0.fit(train.inputs)) }
    let seen = fits.map { train.prepared(by: $0.way) }
    let (judged, unseen) = (fits.map { validation.prepared(by: $0.way) }, fits.map { test.prepared(by: $0.way) })
    // Divided inputs are larger.
    var searches = fits.map {
      RateDoubling(from: descent.rate * ($0.method == .channelStandard ? 1 : 2))
    }
    let ticker = Ticker("\(net.rawValue), \(descent.rawValue)", total: fits.count * seeds.count, run)
    defer { ticker.finish() }
    while true {
      let jobs = searches.indices.flatMap { place in
        searches[place].next.flatMap { rate in choosing.map { (place: place, rate: rate, seed: $0) } }
      }
      guard !jobs.isEmpty else { break }
      let errors = try inParallel(jobs.count) { index in
        let job = jobs[index]
        run.stopIfInterrupted()
        return try learn(descent, rate: job.rate, seen[job.place], judgedBy: judged[job.place], seed: job.seed).error
      }
      for index in stride(from: 0, to: jobs.count, by: choosing.count) {
        let found = errors[index..<index + choosing.count]
        searches[jobs[index].place].add(jobs[index].rate, error: found.reduce(0, +) / Double(choosing.count))
      }
    }
    let runs = try inParallel(fits.count * seeds.count) { index in
      ticker.tick()
      let place = index / seeds.count
      return try learn(
        descent, rate: searches[place].best, seen[place], judgedBy: unseen[place], seed: seeds[index % seeds.count])
    }
    for (place, method) in fits.map(\.method).enumerated() {
      let part = runs[place * seeds.count..<(place + 1) * seeds.count]
      rows.append(
        Row(
          descent: descent, method: method, rates: searches[place].tried.map { Double("\($0.rate)") ?? 0 },
          validation: searches[place].tried.map { rounded($0.error, decimals: 4) },
          rate: Double("\(searches[place].best)") ?? 0, loss: Summary(part.map(\.loss)).rounded(decimals: 4),
          error: Summary(part.map(\.error)).rounded(decimals: 4)))
    }
  }

  /// Trains the net once.
  ///
  /// - Returns: the training loss of the last epoch, and the error on the samples in per cent; 100 where it diverged.
  private func learn(
    _ descent: Descent, rate: Float, _ train: TensorSamples, judgedBy judge: TensorSamples, seed: UInt64
  ) throws -> (loss: Double, error: Double) {
    let shape = train.sampleShape
    var trainer = Trainer(
      try Model(net.layers(for: shape), input: shape, seed: seed), loss: SoftmaxCrossEntropy(),
      optimizer: descent.optimizer,
      schedule: ConstantRate(rate), batchSize: 32, seed: seed)
    let losses = LossHistory()
    do {
      try trainer.trainResumably(on: train, epochs: epochs, observers: [losses])
    } catch is Divergence {
      return (.infinity, 100)
    }
    let last = losses.losses.suffix(max(1, train.count / 32))
    return (
      last.reduce(0, +) / Double(last.count),
      100 * evaluate(trainer.model, on: judge, loss: SoftmaxCrossEntropy()).error
    )
  }
}

extension Descent {
  /// As the table calls it.
  var title: String {
    switch self {
    case .plain: "plain"
    case .momentum: "momentum"
    case .adam: "Adam"
    }
  }
}

extension RuleTable {
  /// As the table calls it.
  var title: String { net == .dense ? "dense, digits" : "convolutional, digits" }
  /// As sentences call it.
  var place: String { net == .dense ? "the dense net" : "the convolutional net on digits" }
  /// The kinds of descent that were measured.
  var descents: [Descent] { Descent.allCases.filter { row($0, .channelStandard) != nil } }
  /// What the mean changes over raw pixels, and dividing over the mean alone: points of error, averaged over the kinds of
  /// descent seed by seed.
  var mean: Summary { average { points($0, .channelMean, than: .raw) } }
  var division: Summary { average { points($0, .channelStandard, than: .channelMean) } }

  private func average(_ points: (Descent) -> Summary?) -> Summary {
    let all = descents.compactMap(points)
    return Summary(seeds.indices.map { seed in all.reduce(0) { $0 + $1.values[seed] } / Double(all.count) })
  }
}

extension Preprocessings {
  /// Measures both nets on digits, and writes the record with them.
  static func measureRule(
    _ run: ChapterRun, data: String, _ train: TensorSamples, _ validation: TensorSamples, _ test: TensorSamples,
    epochs: Int
  ) throws {
    try addToRecord(
      on: data, in: run, where: { $0.data == data && $0.digits.trainingCount == train.count }
    ) { findings, _ in
      for net in [Net.dense, .convolutional] {
        var table = RuleTable(net, train, validation, test, epochs: epochs)
        for descent in Descent.allCases { try table.measure(descent, train, validation, test, run) }
        findings.rule = (findings.rule ?? []).filter { $0.net != net } + [table]
      }
    }
  }
}
