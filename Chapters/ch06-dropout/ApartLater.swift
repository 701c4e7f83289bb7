// What was asked of dropped pixels and dropped hidden units later: more steps, wider layers, and pixels taken away.

import Foundation
import Workbook

extension Dropouts.Plan {
  /// What was asked later: noise where dropped hidden units pay, more steps for them, and the authors' own way.
  func later(
    _ findings: Dropouts.Findings, _ found: inout ApartFindings, rates: ([Tuned]) -> [Float],
    keeping keep: (ApartFindings) throws -> Void
  ) throws {
    func fill(_ path: WritableKeyPath<ApartFindings, [Tuned]?>, _ count: Int, _ net: (Int) throws -> Tuned) throws {
      for place in (found[keyPath: path]?.count ?? 0)..<max(count, found[keyPath: path]?.count ?? 0) {
        found[keyPath: path] = (found[keyPath: path] ?? []) + [try net(place)]
        try keep(found)
      }
    }
    let (noise, wide) = (ApartFindings.noises[1].wide(findings.wide), findings.wide)
    try fill(\.noiseWherePays, 2) { place in
      place == 0
        ? try searched(noise, rates(findings.noisy.nets), on: few, wrongLabels: Dropouts.wrongShare)
        : try searched(noise, rates(findings.bySize.nets.map { $0[0] }), on: found.sizes[0])
    }
    if let narrow = findings.narrowLonger, let longer = findings.fewLonger {
      try fill(\.unitsLonger, 2) { place in
        let (pair, width) = [(narrow, found.widths[0]), (longer, wide)][place]
        return try searched(ApartFindings.units.wide(width), rates(pair.nets), on: few, steps: pair.steps)
      }
    }
    if let narrow = findings.narrowLonger {
      try fill(\.narrowPixelsLonger, 1) { _ in
        try searched(ApartFindings.pixels.wide(found.widths[0]), rates(narrow.nets), on: few, steps: narrow.steps)
      }
    }
    if let many = findings.equalEpochs {
      try fill(\.unitsMany, 1) { _ in
        try searched(ApartFindings.units.wide(wide), rates(many.nets), on: many.size, steps: many.steps)
      }
    }
    for (name, net) in lookedInto(findings, found).dropFirst(found.pixelsLost?.count ?? 0) {
      let lost = try inParallel(seeds.count) { place in
        let model = try trained(
          net.recipe.wide(wide), on: train.drawn(few, seed: seeds[place]), validation: nil, testing: test.prefix(10),
          steps: steps, rate: net.rate, seed: seeds[place]
        ).model
        var generator = SeededGenerator(seed: seeds[place], stream: 66)
        let damaged = (0..<Dropouts.removals).map { _ in
          withoutPixels(model, removing: Dropouts.half, on: someTests, by: &generator)
        }
        return Summary(damaged).mean - withoutPixels(model, removing: 0, on: someTests, by: &generator)
      }
      found.pixelsLost = (found.pixelsLost ?? []) + [PixelLoss(name: name, lost: Summary(lost))]
      try keep(found)
    }
    for place in (found.followed?.count ?? 0)..<2 {
      let net = findings.contest[[0, Dropouts.Place.dropout][place]]
      let recipe = [Recipe(), Dropouts.dropout][place].wide(wide)
      let runs = try inParallel(seeds.count) { try followed(recipe, rate: net.rate, seed: seeds[$0]) }
      found.followed = (found.followed ?? []) + [FollowedErrors(runs)]
      try keep(found)
    }
    var authors = self
    authors.tuningSeeds = 2
    for price in PricedNets.all where !(found.priced ?? []).contains(where: { $0.price == price }) {
      let priced = try authors.priced(price, rates: rates(Array(findings.contest.prefix(2))), width: wide)
      found.priced = (found.priced ?? []) + [priced]
      try keep(found)
    }
    try fill(\.authors, 4) { place in
      var recipe = [Recipe(), ApartFindings.pixels, ApartFindings.units, Dropouts.dropout][place]
        .wide(ApartFindings.authorsWidth)
      recipe.normBound = ApartFindings.authorsBound
      return try authors.searched(recipe, [0.05, 0.1], on: few, steps: ApartFindings.authorsSteps)
    }
  }
}

extension Dropouts.Plan {
  /// Trains a net on few images and looks at both errors after each epoch.
  func followed(_ recipe: Recipe, rate: Float, seed: UInt64) throws -> ErrorWatch {
    let images = train.drawn(few, seed: seed)
    let epochs = max(1, steps * batchSize / images.count)
    let watch = ErrorWatch(own: images, new: test)
    var trainer = Trainer(
      try Model(recipe.layers, input: images.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(),
      optimizer: SGD(momentum: 0.9), schedule: CosineDecay(rate, over: epochs), batchSize: batchSize, seed: seed)
    try trainer.trainResumably(on: images, epochs: epochs, observers: [watch])
    return watch
  }
}

/// The errors in per cent, with nothing left out, after each epoch.
final class ErrorWatch: TrainingObserver {
  private let sets: [Dataset]
  /// [own images, new images][epoch].
  private(set) var errors: [[Double]] = [[], []]

  init(own: Dataset, new: Dataset) { sets = [own, new] }

  func epochEnded(_ record: EpochRecord, trainer: Trainer) {
    for (place, images) in sets.enumerated() {
      errors[place].append(100 * evaluate(trainer.model, on: images, loss: SoftmaxCrossEntropy()).error)
    }
  }
}

/// The errors of a net on its own images and on new ones after each epoch, over the seeds.
struct FollowedErrors: Codable, Sendable {
  var own: [Summary]
  var new: [Summary]
}

extension FollowedErrors {
  init(_ runs: [ErrorWatch]) {
    func over(_ place: Int) -> [Summary] {
      runs[0].errors[place].indices.map { epoch in Summary(runs.map { $0.errors[place][epoch] }) }
    }
    self.init(own: over(0), new: over(1))
  }
}

/// The test error of a trained net when a random share of the pixels is taken away for good, the rest scaled up to make
/// up for it.
func withoutPixels(
  _ model: Model, removing share: Float, on test: Dataset, by generator: inout SeededGenerator
) -> Double {
  var model = model
  guard var first = model.layers["fc1"] as? Dense else { return .nan }
  let inputs = first.inputs
  let gone = Set(generator.permutation(of: inputs).prefix(Int((Float(inputs) * share).rounded())))
  let scale = Float(inputs) / Float(max(1, inputs - gone.count))
  first.weight.value.withUnsafeMutableElements { w in
    for i in w.indices { w[i] = gone.contains(i % inputs) ? 0 : w[i] * scale }
  }
  model.layers["fc1"] = first
  return 100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error
}
