// The deep nets, each at a rate of its own: plain, residual, with even steps, and begun elsewhere.

import Foundation
import Workbook

/// What the deep nets learn when each has the rate that suits it, chosen by its errors on digits kept back.
struct OwnRates: Codable, Sendable {
  var epochs: Int
  /// Digits that rates were chosen on.
  var keptBack: Int
  var rows: [Row]

  /// One net with one kind of step.
  struct Row: RatedRow, Codable, Sendable {
    var net: DeepNet
    /// Whether each tensor's gradient is divided by the root of its mean square.
    var isEven: Bool
    /// The rates tried, the smallest first.
    var tried: [Tried]
    /// At the best of them, with seeds of its own; nil while it has not been trained.
    var run: DeepRun?
    /// With the same seeds at the rate beside it; of the deep plain net alone.
    var beside: Beside?

    /// The rate with the fewest mistakes on the digits kept back.
    var rate: Double { tried.isEmpty ? .nan : tried[best].rate }
    /// Of the trainings with those seeds the one with fewer training errors, and its rate.
    var fewest: Beside? {
      [run.map { Beside(rate: rate, run: $0) }, beside].compactMap { $0 }
        .min { $0.run.trainingErrors.mean < $1.run.trainingErrors.mean }
    }
    /// The other one.
    var more: Beside? {
      guard let fewest, let run, let beside else { return nil }
      return fewest.rate == beside.rate ? Beside(rate: rate, run: run) : beside
    }
    var best: Int { tried.indices.min { tried[$0].kept.mean < tried[$1].kept.mean } ?? 0 }
    /// Whether worse ones lie on both sides.
    var isBracketed: Bool { (1..<max(1, tried.count - 1)).contains(best) }
  }

  /// A net at another rate than the one chosen.
  struct Beside: Codable, Sendable {
    var rate: Double
    var run: DeepRun
  }

  /// A rate, and the errors at it after a whole course, in percent, over the seeds of the choice.
  struct Tried: Codable, Sendable {
    var rate: Double
    var kept: Summary
    /// On the training images, in test mode.
    var training: Summary
  }

  /// The row of a net: the deepest of its kind unless `deep` is false.
  func row(
    deep: Bool = true, residual: Bool = false, even: Bool = false, start: DeepNet.Start? = nil, branchScale: Float = 1
  ) -> Row? {
    let deepest = rows.map(\.net.blocks).max()
    return rows.first {
      ($0.net.blocks == deepest) == deep && $0.net.isResidual == residual && $0.isEven == even && $0.net.start == start
        && $0.net.branchScale == branchScale
    }
  }
}

extension OwnRates {
  /// The four nets of the comparison, in its order, the deep plain one at the rate with fewer training errors; nil while one
  /// of them has not been trained.
  var compared: [DeepRun]? {
    let rows = [row(deep: false), row(), row(deep: false, residual: true), row(residual: true)]
    let runs = rows.compactMap { $0?.fewest?.run }
    return runs.count == rows.count ? runs : nil
  }

  /// What a change does for the deep plain net; nil where it was not trained.
  func remedy(_ treated: Row?) -> Remedy? {
    guard let treated = treated?.run, let usual = row()?.fewest?.run, let residual = row(residual: true)?.run else {
      return nil
    }
    return Remedy(
      usual: usual.trainingErrors, treated: treated.trainingErrors, residual: residual.trainingErrors)
  }
}

extension OwnRates {
  /// Measures what is missing, a rate or a training at a time, and keeps what there is after each.
  mutating func measure(
    shallow: Int, deep: Int, _ course: Course, report: (String) -> Void, keep: (OwnRates) throws -> Void
  ) throws {
    func net(_ blocks: Int, residual: Bool = false, branchScale: Float = 1, start: DeepNet.Start? = nil) -> DeepNet {
      DeepNet(blocks: blocks, isResidual: residual, branchScale: branchScale, start: start)
    }
    let plans = [
      RatePlan(net: net(deep), start: 3..<6), RatePlan(net: net(deep, residual: true), start: 4..<7),
      RatePlan(net: net(shallow), start: 5..<8), RatePlan(net: net(shallow, residual: true), start: 5..<8),
      RatePlan(net: net(deep, start: .identity), start: 1..<6),
      RatePlan(net: net(deep), isEven: true, grid: RatePlan.evenRates, start: 2..<5),
      RatePlan(net: net(deep, residual: true, branchScale: 0), start: 4..<7),
      RatePlan(net: net(deep, start: .open), start: 3..<6),
    ]
    var trial = course
    trial.seeds = course.seeds.prefix(3).map { $0 &+ 100 }
    for plan in plans {
      var kept = self
      let place = try rows.tryRates(of: plan, by: { $0.kept.mean }, trial, report: report) {
        kept.rows = $0
        try keep(kept)
      }
      if rows[place].run == nil {
        report(plan.net.name)
        var own = course
        own.rate = Float(rows[place].rate)
        rows[place].run = try DeepRun.train(plan.net, own, even: plan.isEven).run
        try keep(self)
      }
    }
    // Digits kept back chose the rate; the question is asked of the training images, so its neighbour gets the same seeds.
    if let place = rows.firstIndex(where: { $0.net == net(deep) && !$0.isEven }), rows[place].beside == nil {
      report("\(rows[place].net.name), rate \(course.rate)")
      rows[place].beside = Beside(rate: Double(course.rate), run: try DeepRun.train(net(deep), course).run)
      try keep(self)
    }
  }
}

extension OwnRates.Tried {
  /// Trains a net once for each seed; one that leaves the numbers guesses.
  init(_ rate: Double, _ net: DeepNet, _ course: Course, even: Bool) throws {
    let kept = course.keptBack ?? course.test
    let errors = try inParallel(course.seeds.count) { index in
      var trainer = try DeepRun.trainer(of: net, course, seed: course.seeds[index])
      do {
        try trainer.trainResumably(
          on: course.data, epochs: course.epochs, observers: course.observers(of: net, even: even))
      } catch is Divergence { return (90.0, 90.0) }
      return (
        100 * evaluate(trainer.model, on: kept, loss: SoftmaxCrossEntropy()).error,
        100 * evaluate(trainer.model, on: course.data, loss: SoftmaxCrossEntropy()).error
      )
    }
    self.init(rate: rate, kept: Summary(errors.map(\.0)), training: Summary(errors.map(\.1)))
  }
}
