// Single controls of chapter 6, each measured alone: `--full --controls --part NAME`.

import ArgumentParser
import Workbook

/// What can be measured by itself and added to the record.
enum ControlPart: String, CaseIterable, ExpressibleByArgument {
  /// The price of dropped hidden units where these pay: few images, wrong labels. That of dropped pixels.
  case priceFew, priceWrong, pricePixels
  /// Known nets again: from epoch to epoch, L2 with all seeds.
  case again
  /// Many masks at once for each image, so that their mean cost is paid with little at random.
  case manyMasks
  /// Colour photographs, which take a folder.
  case photographs
  /// Pixels alone and hidden units alone, at several shares.
  case shares
  /// Other shares in other settings; those on photographs take the folder.
  case settings
  /// A convolutional net on colour photographs, which take a folder.
  case photographMaps
}

/// Several masks at once for each image.
enum ManyMasks {
  /// How many in the record.
  static let recorded = 10

  /// Puts each image of a batch into it so many times: every copy has its own mask, and the loss is the mean over them.
  static func repeats(_ count: Int) -> TrainingHooks {
    TrainingHooks(batchLoaded: { batch, _, _ in
      let (images, labels, shape) = (batch.inputs.elements, batch.labels, batch.inputs.shape.dimensions)
      batch.inputs = Tensor(
        Shape([shape[0] * count] + shape.dropFirst()), (0..<count).flatMap { _ in images })
      batch.labels = (0..<count).flatMap { _ in labels }
    })
  }
}

extension Dropouts.Plan {
  /// Measures what the record lacks of one part.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func measure(
    _ part: ControlPart, photographs: String?, _ findings: inout Dropouts.Findings,
    keeping keep: (Dropouts.Findings) throws -> Void
  ) throws {
    guard var controls = findings.controls, var apart = controls.apart else { return }
    let (wide, recorded) = (findings.wide, findings)
    func keepAll() throws {
      controls.apart = apart
      findings.controls = controls
      try keep(findings)
    }
    // Two seeds choose the rate, as with the other prices.
    var chooser = self
    chooser.tuningSeeds = 2
    var priced = Recipe().wide(wide)
    priced.price = Price(hidden: ApartFindings.units.dropout)
    switch part {
    case .priceFew:
      guard apart.priceFew == nil else { return }
      apart.priceFew = try chooser.searched(priced, [0.05, 0.1, 0.2], on: apart.sizes[0])
    case .priceWrong:
      guard apart.priceWrong == nil else { return }
      apart.priceWrong = try chooser.searched(
        priced, [0.003, 0.006, 0.0125], on: few, wrongLabels: Dropouts.wrongShare)
    case .pricePixels:
      let price = Price(pixels: ApartFindings.pixels.inputDropout)
      guard !(apart.priced ?? []).contains(where: { $0.price == price }) else { return }
      apart.priced = (apart.priced ?? []) + [try chooser.priced(price, rates: [0.05, 0.1], width: wide)]
    case .again:
      let known = [(ApartFindings.pixels, apart.wide?.pixels.rate), (ApartFindings.units, apart.wide?.units.rate)]
      for (recipe, rate) in known.dropFirst(apart.followedApart?.count ?? 0) {
        let runs = try inParallel(seeds.count) {
          try followed(recipe.wide(wide), rate: rate ?? 0.1, seed: seeds[$0])
        }
        apart.followedApart = (apart.followedApart ?? []) + [FollowedErrors(runs)]
        try keepAll()
      }
      let own = [recorded.noisy.nets[0]] + apart.wrong + [recorded.noisy.nets[1]]
      let recipes = [Recipe(), ApartFindings.pixels, ApartFindings.units, Dropouts.dropout]
      for (recipe, net) in zip(recipes, own).dropFirst(apart.byHeartOwn?.count ?? 0) {
        apart.byHeartOwn = (apart.byHeartOwn ?? []) + [try byHeart(recipe.wide(wide), rate: net.rate, seeds)]
        try keepAll()
      }
      if apart.byHeartOther == nil {
        apart.byHeartOther = try byHeart(Recipe().wide(wide), rate: recorded.noisy.nets[1].rate, seeds)
        try keepAll()
      }
      if controls.decayAll == nil, let net = controls.decay {
        let runs = try inParallel(seeds.count) {
          try trained(
            Recipe().wide(wide).penalized(net.decay), on: train.drawn(few, seed: seeds[$0]), validation: nil,
            testing: test, steps: steps, rate: net.rate, seed: seeds[$0]
          ).errors
        }
        controls.decayAll = Tuned(rate: net.rate, decay: net.decay, runs: runs)
      }
    case .manyMasks:
      let (units, pixels) = (ApartFindings.units.wide(wide), ApartFindings.pixels.wide(wide))
      let settings: [(recipe: Recipe, known: Tuned?, count: Int, wrong: Float)] = [
        (units, apart.unitsBySize.first, apart.sizes[0], 0), (units, apart.wrong.last, few, Dropouts.wrongShare),
        (units, apart.wide?.units, few, 0), (pixels, apart.wide?.pixels, few, 0),
      ]
      for setting in settings.dropFirst(apart.manyMasks?.count ?? 0) {
        var recipe = setting.recipe
        recipe.masks = ManyMasks.recorded
        let start = setting.known?.rate ?? 0.05
        let net = try chooser.searched(
          recipe, Self.rates.filter { $0 >= start && $0 < 2.5 * start }, on: setting.count, wrongLabels: setting.wrong)
        apart.manyMasks = (apart.manyMasks ?? []) + [net]
        try keepAll()
      }
    case .photographs:
      guard let photographs, apart.photographs == nil else { return }
      apart.photographs = try self.photographs(from: photographs, width: wide)
    case .shares:
      apart.sharesAlone = try sharesAlone(recorded, apart) { found in
        apart.sharesAlone = found
        try keepAll()
      }
    case .settings:
      // As it is, and what is kept of it on the way.
      var now = apart
      try sharesElsewhere(recorded, &now, photographs: photographs) { found in
        apart = found
        try keepAll()
      }
      apart = now
    case .photographMaps:
      guard let photographs else { return }
      controls.photographMaps = try photographMaps(from: photographs, controls.photographMaps) { found in
        controls.photographMaps = found
        try keepAll()
      }
    }
    try keepAll()
  }
}
