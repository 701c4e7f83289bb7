// Noise at shares of its own, and pixels at several shares in the other settings.

import Workbook

extension Dropouts.Plan {
  /// Noise at other shares than the best of dropping; then, at its own best shares, both and the longer training.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func noiseShares(
    _ findings: Dropouts.Findings, _ known: Lengths?, keeping keep: (Lengths) throws -> Void
  ) throws -> Lengths? {
    guard var found = known, let longer = findings.fewLonger else { return known }
    var plan = self
    plan.tuningSeeds = 2
    func add(_ pixels: Float, _ units: Float, _ steps: Int) throws {
      guard found.net(pixels: pixels, units: units, isNoise: true, steps: steps) == nil else { return }
      let recipe = Recipe(dropout: units, inputDropout: pixels, isNoise: true).wide(findings.wide)
      let net = try plan.searched(recipe, [0.05, 0.1], on: few, steps: steps)
      found.nets.append(.init(pixels: pixels, units: units, isNoise: true, steps: steps, net: net))
      try keep(found)
    }
    for share: Float in [0.3, 0.7] { try add(share, 0, steps) }
    for share: Float in [0.1, 0.3, 0.5] { try add(0, share, steps) }
    guard let pixels = found.bestNoise(\.pixels, steps), let units = found.bestNoise(\.units, steps) else {
      return found
    }
    for steps in [steps, longer.steps] {
      for (pixels, units) in [(pixels, 0), (0, units), (pixels, units)] { try add(pixels, units, steps) }
    }
    return found
  }

  /// Pixels at other shares in the other settings: from a fifth on up or down, until the error on images kept back rises.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func pixelShares(
    _ findings: Dropouts.Findings, _ apart: ApartFindings, keeping keep: (SharesElsewhere) throws -> Void
  ) throws -> SharesElsewhere {
    var found = apart.sharesElsewhere ?? SharesElsewhere()
    var plan = self
    plan.tuningSeeds = 2
    func climb(_ setting: SharesElsewhere.Setting, _ usual: Tuned, _ net: (Recipe) throws -> Tuned) throws {
      func error(_ share: Float) throws -> Double {
        if share == ApartFindings.pixels.inputDropout { return usual.validationErrors.mean }
        if found.net(setting, pixels: share, units: 0) == nil {
          let recipe = Recipe(inputDropout: share).wide(findings.wide)
          found.nets.append(.init(setting: setting, pixels: share, units: 0, net: try net(recipe)))
          try keep(found)
        }
        return found.net(setting, pixels: share, units: 0)?.validationErrors.mean ?? .infinity
      }
      var best = try error(0.2)
      var isUp = false
      for share: Float in [0.3, 0.5, 0.7] {
        let next = try error(share)
        if next >= best { break }
        (best, isUp) = (next, true)
      }
      if !isUp { _ = try error(0.1) }
    }
    if let usual = apart.pixels.first {
      try climb(.narrow, usual) { try plan.searched($0.wide(apart.widths[0]), [0.05, 0.1], on: few) }
    }
    if let usual = apart.norm.first {
      try climb(.norm, usual) { recipe in
        var recipe = recipe
        recipe.hasBatchNorm = true
        return try plan.searched(recipe, [0.2, 0.4], on: few)
      }
    }
    if let many = findings.equalEpochs, let usual = apart.pixelsMany?.first {
      try climb(.manyLonger, usual) { try plan.searched($0, [0.05, 0.1], on: many.size, steps: many.steps) }
    }
    return found
  }

  /// Nothing and pixels dropped, where digits are shifted at random in training, for few steps and for many, and where pixels
  /// are standardized.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func otherInputs(
    _ findings: Dropouts.Findings, _ apart: ApartFindings, keeping keep: (SharesElsewhere) throws -> Void
  ) throws -> SharesElsewhere {
    var found = apart.sharesElsewhere ?? SharesElsewhere()
    var plan = self
    plan.tuningSeeds = 2
    let many = findings.fewLonger?.steps
    let settings: [(SharesElsewhere.Setting, shares: [Float], rates: [Float], steps: Int?)] = [
      (.standardized, [0, 0.2, 0.3, 0.5, 0.1, 0.7], [0.0125, 0.025, 0.05], steps),
      (.shifted, [0, 0.2, 0.3, 0.5, 0.1, 0.7], [0.05, 0.1, 0.2], steps),
      (.shiftedLonger, [0, 0.2, 0.1, 0.3], [0.05, 0.1], many),
    ]
    for (setting, shares, rates, steps) in settings {
      for share in shares where steps != nil && found.net(setting, pixels: share, units: 0) == nil {
        var recipe = Recipe(inputDropout: share).wide(findings.wide)
        (recipe.isShifted, recipe.isStandardized) = (setting != .standardized, setting == .standardized)
        let net = try plan.searched(recipe, rates, on: few, steps: steps)
        found.nets.append(.init(setting: setting, pixels: share, units: 0, net: net))
        try keep(found)
      }
    }
    return found
  }
}

/// (x − mean)/deviation, both those of all pixels of MNIST.
///
/// Shapes: any, unchanged.
struct Standardized: Layer {
  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    input.withUnsafeElements { x in
      output.withUnsafeMutableElements { y in
        for i in y.indices { y[i] = (x[i] - MNIST.mean) / MNIST.standardDeviation }
      }
    }
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    outputGradient.withUnsafeElements { dy in
      inputGradient.withUnsafeMutableElements { dx in
        for i in dx.indices { dx[i] = dy[i] / MNIST.standardDeviation }
      }
    }
  }
}

extension Lengths {
  /// The share at which noise on one thing alone errs least on images kept back.
  func bestNoise(_ share: KeyPath<Net, Float>, _ steps: Int) -> Float? {
    nets.filter { $0.isNoise && $0.steps == steps && $0[keyPath: share] > 0 && $0.pixels * $0.units == 0 }
      .min { $0.net.validationErrors.mean < $1.net.validationErrors.mean }?[keyPath: share]
  }
}
