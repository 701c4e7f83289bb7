// How long the weights are, and how far each step turns them: does batch norm turn down its own learning rate?

import Foundation
import Workbook

/// The nets whose weights are watched.
enum TurnedNet: String, Codable, CaseIterable, Sendable {
  case plain = "no norm"
  case normalized = "batch norm"
  /// After each step the weights of every hidden layer are brought back to the length they began with.
  case held = "batch norm, length held"

  var normalization: Normalization { self == .plain ? .none : .batch }
  /// The place of its best rate among those of the pair.
  var pairPlace: Int { self == .plain ? 0 : 1 }
}

/// The weights of the hidden layers during training, at several learning rates.
///
/// With $\mathrm{BN}((aW)u) = \mathrm{BN}(Wu)$ the gradient is at right angles to W, so every step makes W longer,
/// $\|W'\|^2 = \|W\|^2 + \eta^2\|\partial L/\partial W\|^2$, and the angle of a step goes like $\eta/\|W\|^2$.
/// - Source: van Laarhoven 2017, arXiv:1706.05350, section 3.
struct TurnFindings: Codable, Sendable {
  /// In front of each net's best rate.
  static let factors = [0.125, 1, 8]

  var trainingCount: Int
  var seeds: Int
  /// The last step of each stretch that is averaged over.
  var steps: [Int]
  /// For each of `TurnedNet.allCases` one for each of `factors`.
  var runs: [[Course]]

  /// One net at one rate.
  struct Course: Codable, Sendable {
    var rate: Double
    /// [stretch]: the angle of a step in degrees, averaged over the hidden layers; over the seeds that did not diverge.
    var angles: [Summary]
    /// [stretch]: the length of the weights, as a multiple of that at the start.
    var lengths: [Summary]
    /// The test error in per cent after the last step, for each seed; 90 for a run that diverged.
    var errors: Summary
    var diverged: Int
  }

  func courses(_ net: TurnedNet) -> [Course] { runs[TurnedNet.allCases.firstIndex(of: net) ?? 0] }
  /// How many times as far a step turns the weights at the largest rate as at the smallest, in the first stretch and in the
  /// last, seed by seed where all are there.
  func spread(_ net: TurnedNet) -> (first: Double, last: Double) {
    let courses = courses(net)
    guard let small = courses.first?.angles, let large = courses.last?.angles,
      let (first, last) = small.indices.first.map({ ($0, small.count - 1) }), large.count == small.count
    else { return (.nan, .nan) }
    return (large[first].mean / small[first].mean, large[last].mean / small[last].mean)
  }
  /// The points of error that holding the lengths costs at a rate.
  func costOfHolding(_ place: Int) -> Summary { courses(.held)[place].errors - courses(.normalized)[place].errors }
}

/// Watches the weights of the hidden layers.
private final class TurnWatch: TrainingObserver {
  let holds: Bool
  private var start: [String: Double] = [:]
  private var before: [String: [Float]] = [:]
  /// [step]: the mean over the hidden layers.
  private(set) var angles: [Double] = []
  private(set) var lengths: [Double] = []

  init(holds: Bool) { self.holds = holds }

  private static func isWatched(_ name: String) -> Bool { name.hasPrefix("fc") && name.hasSuffix("weight") }

  func trainingBegins(_ plan: TrainingPlan, model: Model) {
    for (name, parameter) in model.parameters where Self.isWatched(name) {
      before[name] = parameter.value.elements
      start[name] = norm(parameter.value)
    }
  }

  // snippet: stepEnded
  func stepEnded(_ step: StepRecord, model: inout Model) {
    var (turned, longer) = ([Double](), [Double]())
    model.visitParameters { name, parameter in
      guard let old = before[name], let first = start[name] else { return }
      // The step, along the weights and at right angles to them.
      var (along, square, length) = (0.0, 0.0, 0.0)
      parameter.value.withUnsafeElements { w in
        for i in w.indices {
          let (was, moved) = (Double(old[i]), Double(w[i]) - Double(old[i]))
          along += was * moved
          square += moved * moved
          length += was * was
        }
      }
      let across = max(0, square - along * along / length).squareRoot()
      turned.append(atan2(across, (length + along) / length.squareRoot()) * 180 / .pi)
      longer.append((length + 2 * along + square).squareRoot() / first)
      if holds {
        let factor = Float(1 / longer[longer.count - 1])
        parameter.value = parameter.value.multiplied(by: factor)
      }
      before[name] = parameter.value.elements
    }
    angles.append(Summary(turned).mean)
    lengths.append(holds ? 1 : Summary(longer).mean)
  }
  // snippet.end
}

extension TurnFindings {
  /// Trains the perceptron of figure 1 as there, at an eighth of each net's best rate, at the best and at eight times the
  /// best.
  init(on digits: Digits, bestRates: [Double], seeds: [UInt64], epochs: Int, _ run: ChapterRun) throws {
    let nets = TurnedNet.allCases
    let places = nets.indices.flatMap { net in Self.factors.indices.map { (net, $0) } }
    let ticker = Ticker("turning", total: places.count * seeds.count, run)
    defer { ticker.finish() }
    let all = try inParallel(places.count * seeds.count) {
      place -> (angles: [Double], lengths: [Double], error: Double)? in
      ticker.tick()
      let (net, factor) = places[place / seeds.count]
      let (kind, seed) = (nets[net], seeds[place % seeds.count])
      let watch = TurnWatch(holds: kind == .held)
      var trainer = Trainer(
        try Model(perceptron(kind.normalization), input: digits.train.sampleShape, seed: seed),
        loss: SoftmaxCrossEntropy(), optimizer: SGD(),
        schedule: ConstantRate(Float(bestRates[kind.pairPlace] * Self.factors[factor])), batchSize: 32, seed: seed)
      do {
        try trainer.trainResumably(on: digits.train, epochs: epochs, observers: [watch])
      } catch is Divergence {
        return nil
      }
      let evaluation = evaluate(trainer.model, on: digits.test, loss: SoftmaxCrossEntropy())
      return evaluation.loss.isFinite ? (watch.angles, watch.lengths, 100 * evaluation.error) : nil
    }
    let count = all.compactMap { $0?.angles.count }.first ?? 0
    let ends = Self.stretches(of: count)
    /// The means over the stretches.
    func binned(_ values: [Double]) -> [Double] {
      ends.indices.map { Summary(Array(values[($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0]])).mean }
    }
    func course(_ net: Int, _ factor: Int) -> Course {
      let first = (net * Self.factors.count + factor) * seeds.count
      let runs = Array(all[first..<first + seeds.count])
      let sound = runs.compactMap(\.self).map { (binned($0.angles), binned($0.lengths)) }
      func means(_ value: (([Double], [Double])) -> [Double]) -> [Summary] {
        sound.isEmpty ? [] : ends.indices.map { end in Summary(sound.map { value($0)[end] }) }
      }
      return Course(
        rate: bestRates[nets[net].pairPlace] * Self.factors[factor], angles: means(\.0), lengths: means(\.1),
        errors: Summary(runs.map { $0?.error ?? 90 }), diverged: runs.count { $0 == nil })
    }
    self.init(
      trainingCount: digits.train.count, seeds: seeds.count, steps: ends,
      runs: nets.indices.map { net in Self.factors.indices.map { course(net, $0) } })
  }

  /// Where stretches of training end, each about half as long again as the one before.
  static func stretches(of count: Int) -> [Int] {
    var ends: [Int] = []
    var next = 1.0
    while Int(next) < count {
      if ends.last != Int(next) { ends.append(Int(next)) }
      next *= 1.5
    }
    return count > 0 ? ends + [count] : []
  }
}
