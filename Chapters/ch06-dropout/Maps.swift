// Dropout in a convolutional net: units of the dense layer, single values of the maps, or whole maps.

import Workbook

/// Dropout of whole maps: in training each map of each image is 0 with probability p, and else divided by 1 − p.
///
/// Shapes: [N, C, H, W], unchanged.
/// - Source: Tompson et al. 2015, arXiv:1411.4280, section 3.2.
struct MapDropout: Layer {
  /// p, in [0, 1).
  let rate: Float
  /// For each map of each image 0 or 1/(1 − p); in inference all 1.
  private var factors: [Float] = []

  init(dropping rate: Float) { self.rate = rate }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let maps = input.shape[0] * input.shape[1]
    factors = [Float](repeating: 1, count: maps)
    if pass.mode == .training {
      for map in 0..<maps { factors[map] = pass.generator.nextUniform() < rate ? 0 : 1 / (1 - rate) }
    }
    output.resize(to: input.shape)
    apply(to: input, into: &output)
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    apply(to: outputGradient, into: &inputGradient)
  }

  /// The layer is linear: values and gradients are treated alike.
  private func apply(to source: Tensor, into target: inout Tensor) {
    let size = source.count / max(1, factors.count)
    source.withUnsafeElements { x in
      target.withUnsafeMutableElements { y in
        for (map, factor) in factors.enumerated() {
          for i in map * size..<(map + 1) * size { y[i] = x[i] * factor }
        }
      }
    }
  }
}

/// What is dropped in a convolutional net.
enum MapRecipe: String, Codable, CaseIterable, Sendable {
  case nothing, units, values, maps, pixels

  /// As the page names it.
  var name: String {
    switch self {
    case .nothing: "nothing"
    case .units: "dense units"
    case .values: "single values"
    case .maps: "whole maps"
    case .pixels: "pixels"
    }
  }

  /// A small LeNet that drops a share of what this names.
  func net(dropping share: Float) -> Sequential {
    func dropped(_ index: Int) -> (any Layer)? {
      switch self {
      case .values: Dropout(dropping: share)
      case .maps: MapDropout(dropping: share)
      case .nothing, .units, .pixels: nil
      }
    }
    return Sequential {
      if self == .pixels { Dropout(dropping: share).named("drop0") }
      Conv2D(1, 8, kernel: 5, initializer: .heNormal).named("conv1")
      MaxPool(2).named("pool1")
      ReLU().named("act1")
      if let layer = dropped(1) { layer.named("drop1") }
      Conv2D(8, 16, kernel: 5, initializer: .heNormal).named("conv2")
      MaxPool(2).named("pool2")
      ReLU().named("act2")
      if let layer = dropped(2) { layer.named("drop2") }
      Flatten().named("flatten")
      Dense(256, 128, initializer: .heNormal).named("fc")
      ReLU().named("act3")
      if self == .units { Dropout(dropping: share).named("drop3") }
      Dense(128, 10, initializer: .lecunNormal).named("out")
    }
  }
}

/// The convolutional net without dropout and with each kind, at its own best share and learning rate.
struct MapFindings: Codable, Sendable {
  /// The shares and the learning rates that each kind could choose from.
  static let shares: [Float] = [0.1, 0.25, 0.5]
  static let rates: [Float] = [0.0125, 0.025, 0.05, 0.1]

  struct Kind: Codable, Sendable {
    var recipe: MapRecipe
    var share: Float
    var net: Tuned
  }

  var steps: Int
  var kinds: [Kind] = []
  /// Nothing, values, units, with digits shifted at random in training.
  var shifted: [Kind]?
  /// Nothing, values, units, with shifted digits and five times as many steps.
  var shiftedLonger: [Kind]?

  /// What single values save where digits are shifted and there are many steps; nil where that is not beyond chance.
  var savedOnLongShift: Summary? {
    guard let plain = shiftedLonger?.first, let values = shiftedLonger?.first(where: { $0.recipe == .values }) else {
      return nil
    }
    let gain = difference(plain.net.testErrors, values.net.testErrors)
    return saves(gain) ? gain : nil
  }
  /// The kind that errs least on images kept back.
  var best: Kind? { kinds.min { $0.net.validationErrors.mean < $1.net.validationErrors.mean } }
  private var plain: Summary { kinds.first?.net.testErrors ?? Summary([]) }
  /// The points of error that a kind saves, seed by seed.
  func gain(_ recipe: MapRecipe) -> Summary {
    kinds.first { $0.recipe == recipe }.map { plain - $0.net.testErrors } ?? Summary([])
  }
}

extension Dropouts.Plan {
  /// One convolutional net, as the dense ones are trained.
  ///
  /// - Parameter isShifted: whether each image is shifted at random, by up to two pixels, each time that it is learned.
  func trainedMaps(
    _ recipe: MapRecipe, _ share: Float, rate: Float, isShifted: Bool, seed: UInt64
  ) throws -> RunErrors {
    let images = train.drawn(few, seed: seed)
    let epochs = max(1, steps * batchSize / images.count)
    var trainer = Trainer(
      try Model(recipe.net(dropping: share), input: images.sampleShape, seed: seed),
      loss: SoftmaxCrossEntropy(),
      optimizer: SGD(momentum: 0.9), schedule: CosineDecay(rate, over: epochs), batchSize: batchSize, seed: seed)
    if isShifted { trainer.augmentation = Augmentation([RandomShift(by: 2)]) }
    do {
      try trainer.trainResumably(on: images, epochs: epochs)
    } catch is Divergence {
      return .guessing
    }
    return RunErrors(trainer.model, trainedOn: images, right: images, validation: validation.prefix(2_000), test: test)
  }

  /// A kind of dropout at its best share and rate: chosen with the first seeds on images kept back.
  func maps(
    _ recipe: MapRecipe, around plain: Float?, isShifted: Bool = false,
    shares: [Float] = MapFindings.shares
  ) throws -> MapFindings.Kind {
    let shares = recipe == .nothing ? [0] : shares
    let rates = plain.map { rate in MapFindings.rates.filter { $0 <= rate && 2.5 * $0 > rate } } ?? MapFindings.rates
    let settings = shares.flatMap { share in rates.map { (share, $0) } }
    func runs(_ settings: [(Float, Float)], _ seeds: ArraySlice<UInt64>) throws -> [[RunErrors]] {
      let seeds = Array(seeds)
      let ticker = Ticker(recipe.name, total: settings.count * seeds.count, run)
      defer { ticker.finish() }
      let all = try inParallel(settings.count * seeds.count) { place in
        ticker.tick()
        let (share, rate) = settings[place / seeds.count]
        return try trainedMaps(
          recipe, share, rate: rate, isShifted: isShifted, seed: seeds[place % seeds.count])
      }
      return settings.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    }
    let tried = try runs(settings, seeds.prefix(tuningSeeds))
    let errors = tried.map { Summary($0.compactMap(\.validationError)).mean }
    let best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
    let rest = try runs([settings[best]], seeds.dropFirst(tuningSeeds))[0]
    return MapFindings.Kind(
      recipe: recipe, share: settings[best].0, net: Tuned(rate: settings[best].1, decay: 0, runs: tried[best] + rest))
  }
}
