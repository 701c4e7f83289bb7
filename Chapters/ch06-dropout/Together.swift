// Pixels, hidden units, and both at once: the nets that one table over three kinds of images still lacked.

import Workbook

extension Dropouts.Plan {
  /// Pixels alone with wrong labels; both on photographs and on digits, at other shares; early stopping with all seeds.
  ///
  /// - Parameter keep: is called after each net.
  func together(
    _ findings: Dropouts.Findings, _ controls: inout ControlFindings, photographs: String?,
    keeping keep: (ControlFindings) throws -> Void
  ) throws {
    var plan = self
    plan.tuningSeeds = 2
    func add(
      _ setting: SharesElsewhere.Setting, _ pixels: Float, _ units: Float, _ net: (Recipe) throws -> Tuned
    ) throws {
      guard controls.apart?.sharesElsewhere?.net(setting, pixels: pixels, units: units) == nil else { return }
      let recipe = Recipe(dropout: units, inputDropout: pixels).wide(findings.wide)
      controls.apart?.sharesElsewhere?.nets.append(
        .init(setting: setting, pixels: pixels, units: units, net: try net(recipe)))
      try keep(controls)
    }
    func wrong(_ pixels: Float, _ units: Float, _ rates: [Float]) throws {
      try add(.wrong, pixels, units) {
        try plan.searched($0, rates, on: few, wrongLabels: Dropouts.wrongShare)
      }
    }
    try wrong(0.5, 0, [0.003, 0.006, 0.0125, 0.025])
    if let photographs {
      let coloured = try plan.onPhotographs(from: photographs)
      for (pixels, units) in [(0.7, 0.5), (0.5, 0.5), (0.2, 0.5), (0.5, 0.2), (0.2, 0.2)] as [(Float, Float)] {
        try add(.photographs, pixels, units) { recipe in
          try coloured.searched(from: [0.003, 0.006], "photographs") { try coloured.photograph(recipe, $0, $1) }
        }
      }
    }
    try wrong(0, 0.2, [0.003, 0.006])
    try wrong(0.7, 0, [0.003, 0.006, 0.0125, 0.025])
    try wrong(0.9, 0, [0.0125, 0.025])
    try wrong(0.7, 0.2, [0.0125, 0.025])
    try wrong(0.5, 0.2, [0.0125, 0.025, 0.05])
    try wrong(0.5, 0.5, [0.006, 0.0125, 0.025])
    for (pixels, units) in [(0.5, 0.1), (0.3, 0.2), (0.3, 0.1)] as [(Float, Float)] {
      try add(.usual, pixels, units) { try plan.searched($0, [0.05, 0.1], on: few) }
    }
    /// The seeds that a net lacks which was stopped early.
    func fill(_ net: Tuned?, _ recipe: Recipe) throws -> Tuned? {
      guard var net, net.runs.count < seeds.count else { return net }
      let rest = Array(seeds.dropFirst(net.runs.count))
      let rate = net.rate
      net.runs += try inParallel(rest.count) { place in
        try trainedUntilBest(
          recipe.wide(findings.wide), on: train.drawn(few, seed: rest[place]), wrongLabels: Dropouts.wrongShare,
          stoppedBy: validation.prefix(500), testing: test, steps: steps, rate: rate, seed: rest[place])
      }
      return net
    }
    if let ours = controls.apart?.ours {
      controls.apart?.ours?.stopped = try fill(
        ours.stopped, Recipe(dropout: ours.units, inputDropout: ours.pixels))
    }
    controls.wrong?.counts = seeds.map { seed in
      let right = train.drawn(few, seed: seed)
      let wrong = right.withWrongLabels(Dropouts.wrongShare, seed: seed, stream: Dropouts.wrongStream)
      return right.labels.indices.count { right.labels[$0] != wrong.labels[$0] }
    }
    if let plain = try fill(controls.wrong?.stopped.first, Recipe()) { controls.wrong?.stopped[0] = plain }
    try keep(controls)
    // What the loss of units costs where hidden units alone were dropped.
    if let units = controls.apart?.sharesAlone?.best?.units, controls.apart?.ours?.damage.count == 3 {
      let models = try inParallel(seeds.count) {
        try trained(
          Recipe(dropout: units.share).wide(findings.wide), on: train.drawn(few, seed: seeds[$0]), validation: nil,
          testing: test.prefix(100), steps: steps, rate: units.net.rate, seed: seeds[$0]
        ).model
      }
      controls.apart?.ours?.damage.append(try damages(models, on: test))
      try keep(controls)
    }
    // All images of the set, in ten epochs.
    guard let everything else { return }
    let all = try everything()
    (plan.train, plan.validation, plan.test) = (all.train, all.validation, all.test)
    plan.seeds = Array(seeds.prefix(5))
    let many = SharesElsewhere.many(plan.train.count)
    for (pixels, units) in [(0, 0), (0.2, 0), (0, 0.2), (0, 0.5), (0.5, 0), (0.2, 0.2)] as [(Float, Float)] {
      try add(.everything, pixels, units) {
        try plan.searched($0, [0.05, 0.1], on: many.size, steps: many.steps)
      }
    }
  }
}

extension SharesElsewhere {
  /// Ten epochs of so many images.
  static func many(_ count: Int) -> (size: Int, steps: Int) { (count, 10 * count / batchSize) }
  /// How many images of the whole set are learned from, and how many choose.
  static let split = (learned: 55_000, keptBack: 5_000)
}
