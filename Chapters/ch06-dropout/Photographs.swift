// The dense nets of chapter 6 on colour photographs.

import Workbook

/// Nothing, pixels, hidden units dropped, as wide and with as many images and steps as the nets of the contest.
struct PhotographRow: Codable, Sendable {
  var data: String
  var size: Int
  var nets: [Tuned]
}

extension Dropouts.Plan {
  /// Trains them on photographs from a folder of CIFAR-10, each at its best rate.
  func photographs(from folder: String, width: Int) throws -> PhotographRow {
    var plan = try onPhotographs(from: folder)
    plan.tuningSeeds = 2
    return try plan.photographRow(width: width)
  }

  /// The nets of such a plan.
  func photographRow(width: Int) throws -> PhotographRow {
    let nets = try [Recipe(), ApartFindings.pixels, ApartFindings.units].map { recipe in
      try searched(from: [0.006, 0.0125], "photographs") { rate, seed in
        try photograph(recipe.wide(width), rate, seed)
      }
    }
    return PhotographRow(data: train.name, size: few, nets: nets)
  }

  /// The same plan with photographs in the place of digits.
  func onPhotographs(from folder: String) throws -> Self {
    let (all, unseen) = try CIFAR10.load(from: folder)
    var plan = self
    (plan.train, plan.validation, plan.test) = (all.prefix(10_000), all.samples(at: Array(10_000..<12_000)), unseen)
    return plan
  }

  /// One net that learns photographs.
  func photograph(_ recipe: Recipe, _ rate: Float, _ seed: UInt64) throws -> RunErrors {
    var recipe = recipe
    recipe.inputs = train.sampleShape.count
    return try trained(
      recipe, on: train.drawn(few, seed: seed), validation: validation, testing: test, steps: steps, rate: rate,
      seed: seed
    ).errors
  }
}
