// One class that is rare among the digits to learn from, and three ways to make up for it.

import Foundation
import Workbook

/// Softmax and cross-entropy where only a twentieth of the eights is left to learn from.
struct RareClass: Codable, Sendable {
  static let label = 8
  /// One of so many is kept.
  static let thinning = 20
  static let rates: [Float] = [0.025, 0.05, 0.1, 0.2]
  static let epochs = 8

  enum Remedy: String, Codable, CaseIterable, Sendable {
    /// Nothing; the loss of the rare class times 20; each of its digits shown 20 times; ln 20 added to its logit after
    /// training.
    case none, weighted, repeated, shifted

    var name: String {
      switch self {
      case .none: "nothing"
      case .weighted: "loss weight \(RareClass.thinning)"
      case .repeated: "each shown \(RareClass.thinning) times"
      case .shifted: "ln \(RareClass.thinning) added to the logit"
      }
    }
  }

  /// What came out of one remedy, in per cent, over the seeds.
  struct Result: Codable, Sendable {
    var remedy: Remedy
    var rate: Float
    /// Of the test digits of the class those that are found; of the others those that are taken for it.
    var found: Summary
    var mistaken: Summary
    /// The error where all classes are equally frequent, and where this one is as rare as in training.
    var even: Summary
    var rare: Summary
  }

  /// The untouched nets with a number added to the logit of the class: in per cent, [number][seed], those of the class
  /// that are found and others that are taken for it; and seed by seed the digits of the class that a net has right of its
  /// own.
  struct Shifts: Codable, Sendable {
    var numbers: [Double]
    var found: [[Double]]
    var mistaken: [[Double]]
    var own: [Double]
  }

  /// The digits of the class that are left, and all.
  var kept: Int
  var trainingCount: Int
  var results: [Result]
  var shifts: Shifts?
}

/// Softmax and cross-entropy with a weight for each class, as PyTorch has it: the mean is Σ wL/Σ w.
struct WeightedCrossEntropy: Loss {
  var weights: [Float]
  var name: String { "weighted cross-entropy" }

  func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double {
    guard case .classes(let labels) = target else { return .nan }
    _ = SoftmaxCrossEntropy().evaluate(output, target, gradient: &gradient)
    let (width, all) = (weights.count, labels.map { weights[$0] })
    let total = all.reduce(0, +)
    gradient.withUnsafeMutableElements { g in
      for (row, weight) in all.enumerated() {
        let factor = weight * Float(labels.count) / total
        for i in row * width..<(row + 1) * width { g[i] *= factor }
      }
    }
    let z = output.elements
    let sum = labels.indices.reduce(0.0) { sum, row in
      let logits = Array(z[row * width..<(row + 1) * width])
      return sum + Double(all[row] * (logSumExp(logits) - logits[labels[row]]))
    }
    return sum / Double(total)
  }
}

extension RareClass {
  init(_ digits: DigitSets, seeds: [UInt64], report: () -> Void = {}) throws {
    let train = digits.train
    let (places, left, dropped) = Self.thinned(train)
    let thin = train.picking(train.labels.indices.filter { !dropped.contains($0) })
    let full = train.picking(
      train.labels.indices.filter { !dropped.contains($0) } + (1..<Self.thinning).flatMap { _ in left })
    (kept, trainingCount, results) = (left.count, thin.count, [])
    var weights = [Float](repeating: 1, count: train.classCount)
    weights[Self.label] = Float(Self.thinning)
    let share = Double(left.count) / Double(places.count)
    for remedy in [Remedy.none, .weighted, .repeated] {
      let loss: any Loss = remedy == .weighted ? WeightedCrossEntropy(weights: weights) : SoftmaxCrossEntropy()
      let data = remedy == .repeated ? full : thin
      let all = try inParallel(Self.rates.count * seeds.count) { index -> [Look] in
        report()
        let seed = seeds[index % seeds.count]
        var trainer = Trainer(
          try Model(Ending.softmaxEntropy.layers(hidden: 30), input: [1, 28, 28], seed: seed), loss: loss,
          optimizer: SGD(), schedule: ConstantRate(Self.rates[index / seeds.count]), batchSize: 20, seed: seed)
        try trainer.trainResumably(on: data, epochs: Self.epochs)
        return [
          Look(trainer.model, digits.validation, 0), Look(trainer.model, digits.test, 0),
          Look(trainer.model, digits.validation, log(Float(Self.thinning))),
          Look(trainer.model, digits.test, log(Float(Self.thinning))),
        ]
      }
      func add(_ remedy: Remedy, _ first: Int) {
        let runs = Self.rates.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
        let errors = runs.map { Summary($0.map { $0[first].error(share: 1) }).mean }
        let place = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        let looks = runs[place].map { $0[first + 1] }
        func summary(_ measure: (Look) -> Double) -> Summary {
          Summary(looks.map { 100 * measure($0) }).rounded(decimals: 3)
        }
        results.append(
          Result(
            remedy: remedy, rate: Self.rates[place],
            found: summary { 1 - Double($0.missed) / Double($0.rare) },
            mistaken: summary { Double($0.mistaken) / Double($0.others) },
            even: summary { $0.error(share: 1) }, rare: summary { $0.error(share: share) }))
      }
      add(remedy, 0)
      if remedy == .none { add(.shifted, 2) }
    }
    try addShifts(digits, seeds: seeds)
  }

  /// Where the class stands, which of it is left, and which is not.
  private static func thinned(_ train: Dataset) -> (places: [Int], left: [Int], dropped: Set<Int>) {
    let places = train.labels.indices.filter { Int(train.labels[$0]) == label }
    let left = Array(places.prefix(max(1, places.count / thinning)))
    return (places, left, Set(places.dropFirst(left.count)))
  }

  /// Trains the untouched nets once more, and looks at them with many numbers added.
  mutating func addShifts(_ digits: DigitSets, seeds: [UInt64]) throws {
    guard let rate = results.first(where: { $0.remedy == .none })?.rate else { return }
    let (_, left, dropped) = Self.thinned(digits.train)
    let thin = digits.train.picking(digits.train.labels.indices.filter { !dropped.contains($0) })
    let own = digits.train.picking(left)
    let numbers = (0...25).map { Double($0) / 5 }
    let all = try inParallel(seeds.count) { index -> (looks: [Look], own: Look) in
      var trainer = Trainer(
        try Model(Ending.softmaxEntropy.layers(hidden: 30), input: [1, 28, 28], seed: seeds[index]),
        loss: SoftmaxCrossEntropy(), optimizer: SGD(), schedule: ConstantRate(rate), batchSize: 20, seed: seeds[index])
      try trainer.trainResumably(on: thin, epochs: Self.epochs)
      return (numbers.map { Look(trainer.model, digits.test, Float($0)) }, Look(trainer.model, own, 0))
    }
    func shares(_ share: (Look) -> Double) -> [[Double]] {
      numbers.indices.map { place in all.map { rounded(100 * share($0.looks[place]), decimals: 3) } }
    }
    shifts = Shifts(
      numbers: numbers, found: shares { 1 - Double($0.missed) / Double($0.rare) },
      mistaken: shares { Double($0.mistaken) / Double($0.others) },
      own: all.map { rounded(100 * (1 - Double($0.own.missed) / Double($0.own.rare)), decimals: 1) })
  }

  /// What a net says of labelled digits, with a number added to the logit of the rare class.
  private struct Look: Sendable {
    /// The digits of the class and the others; those of the class that are missed, the others that are wrong, and those
    /// that are taken for the class.
    var (rare, others, missed, wrong, mistaken) = (0, 0, 0, 0, 0)

    init(_ model: Model, _ data: Dataset, _ shift: Float) {
      var model = model
      let batch = data.batch(first: data.count)
      let (outputs, classes) = (model.forward(batch.inputs).elements, data.classCount)
      for (row, label) in batch.labels.enumerated() {
        var z = Array(outputs[row * classes..<(row + 1) * classes])
        z[RareClass.label] += shift
        let choice = z.indices.max { z[$0] < z[$1] } ?? 0
        if label == RareClass.label {
          rare += 1
          if choice != label { missed += 1 }
        } else {
          others += 1
          if choice != label { wrong += 1 }
          if choice == RareClass.label { mistaken += 1 }
        }
      }
    }

    /// The error where of the rare class's digits only a share is met.
    func error(share: Double) -> Double {
      (share * Double(missed) + Double(wrong)) / (share * Double(rare) + Double(others))
    }
  }
}

extension Dataset {
  /// The samples at some places, in their order.
  func picking(_ places: [Int]) -> Dataset {
    let size = imageShape.count
    return Dataset(
      name: name, pixels: places.flatMap { pixels[$0 * size..<($0 + 1) * size] }, labels: places.map { labels[$0] },
      imageShape: imageShape, classCount: classCount, transform: transform)
  }
}
