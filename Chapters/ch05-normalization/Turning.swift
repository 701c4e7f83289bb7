// How far each step turns them: does batch norm turn down its own learning rate?

import Foundation
import Workbook

/// The nets whose weights are watched.
enum TurnedNet: String, Codable, CaseIterable, Sendable {
  case normalized = "batch norm"
  /// After each step the weights of every hidden layer are brought back to the length they began with.
  case held = "batch norm, length held"
}

/// The weights of the hidden layers during training, at several learning rates.
///
/// With $\mathrm{BN}((aW)u) = \mathrm{BN}(Wu)$ the gradient is at right angles to W, so every step makes W longer,
/// $\|W'\|^2 = \|W\|^2 + \eta^2\|\partial L/\partial W\|^2$, and the angle of a step goes like $\eta/\|W\|^2$.
/// - Source: van Laarhoven 2017, arXiv:1706.05350, section 3.
struct TurnFindings: Codable, Sendable {
  /// In front of the best rate.
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

  init(holds: Bool) { self.holds = holds }

  func trainingBegins(_ plan: TrainingPlan, model: Model) {
    for (name, parameter) in model.parameters where name.isHiddenWeight {
      before[name] = parameter.value.elements
      start[name] = norm(parameter.value)
    }
  }

  func stepEnded(_ step: StepRecord, model: inout Model) {
    var turned: [Double] = []
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
      if holds {
        let factor = Float(first / (length + 2 * along + square).squareRoot())
        parameter.value = parameter.value.multiplied(by: factor)
      }
      before[name] = parameter.value.elements
    }
    angles.append(Summary(turned).mean)
  }
}

extension TurnFindings {
  /// Trains the perceptron of the sweeps as there, at an eighth of batch norm's best rate, at the best and at eight times
  /// the best.
  init(on digits: Digits, bestRate: Double, seeds: [UInt64], epochs: Int, _ run: ChapterRun) throws {
    let nets = TurnedNet.allCases
    let places = nets.indices.flatMap { net in Self.factors.indices.map { (net, $0) } }
    let ticker = Ticker("turning", total: places.count * seeds.count, run)
    defer { ticker.finish() }
    let all = try inParallel(places.count * seeds.count) { place in
      ticker.tick()
      let (net, factor) = places[place / seeds.count]
      return try Self.watched(
        nets[net], on: digits, rate: bestRate * Self.factors[factor], epochs: epochs,
        seed: seeds[place % seeds.count])
    }
    let ends = Self.stretches(of: all.compactMap { $0?.angles.count }.first ?? 0)
    func course(_ net: Int, _ factor: Int) -> Course {
      let first = (net * Self.factors.count + factor) * seeds.count
      return Self.course(
        Array(all[first..<first + seeds.count]), rate: bestRate * Self.factors[factor], ends: ends)
    }
    self.init(
      trainingCount: digits.train.count, seeds: seeds.count, steps: ends,
      runs: nets.indices.map { net in Self.factors.indices.map { course(net, $0) } })
  }

  /// One training: the angle of every step, and the test error in per cent; nil where it diverged.
  typealias Watched = (angles: [Double], error: Double)

  /// Trains a perceptron and watches the weights of its hidden layers.
  ///
  /// - Parameter decay: λ of the hidden weights; those of the last layer, which no norm follows, do not decay.
  static func watched(
    _ net: TurnedNet, on digits: Digits, rate: Double, decay: Double = 0, epochs: Int, seed: UInt64
  ) throws -> Watched? {
    let watch = TurnWatch(holds: net == .held)
    var model = try Model(perceptron(.batch), input: digits.train.sampleShape, seed: seed)
    if decay > 0 { model.visitParameters { name, parameter in parameter.decays = name.isHiddenWeight } }
    var trainer = Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: SGD(weightDecay: Float(decay)),
      schedule: ConstantRate(Float(rate)), batchSize: 32, seed: seed)
    do {
      try trainer.trainResumably(on: digits.train, epochs: epochs, observers: [watch])
    } catch is Divergence {
      return nil
    }
    let evaluation = evaluate(trainer.model, on: digits.test, loss: SoftmaxCrossEntropy())
    return evaluation.loss.isFinite ? (watch.angles, 100 * evaluation.error) : nil
  }

  /// The means over stretches of training of the runs of one net at one rate.
  static func course(_ runs: [Watched?], rate: Double, ends: [Int]) -> Course {
    func binned(_ values: [Double]) -> [Double] {
      ends.indices.map { Summary(Array(values[($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0]])).mean }
    }
    let sound = runs.compactMap(\.self).map { binned($0.angles) }
    return Course(
      rate: rate, angles: sound.isEmpty ? [] : ends.indices.map { end in Summary(sound.map { $0[end] }) },
      errors: Summary(runs.map { $0?.error ?? 90 }), diverged: runs.count { $0 == nil })
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

extension String {
  /// Whether a parameter of this name is the weights of a hidden layer of the perceptron.
  fileprivate var isHiddenWeight: Bool { hasPrefix("fc") && hasSuffix("weight") }
}
