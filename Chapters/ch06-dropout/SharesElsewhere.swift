// Other shares in the other settings, so that no verdict rests on a single share.

import Workbook

/// Nets with other shares than their authors', in other settings than that of `SharesAlone`, each at its own best rate.
struct SharesElsewhere: Codable, Sendable {
  enum Setting: String, Codable, Sendable {
    /// The net of the contest, with both dropped; most images in as many epochs; narrow layers;
    /// batch norm; DropConnect in the place of dropout; colour photographs; wrong labels, with L2 instead;
    /// digits shifted at random in training, and so with many steps; standardized pixels; all images of the set.
    case usual, manyLonger, narrow, norm, connect, photographs, wrong, shifted, shiftedLonger, standardized, everything
  }
  struct Net: Codable, Sendable {
    var setting: Setting
    /// The shares dropped of the pixels and of the hidden units; with `connect` the second is that of the weights.
    var pixels: Float
    var units: Float
    var net: Tuned
  }

  /// Every λ that is tried with wrong labels.
  static let decays: [Float] = [0.003, 0.01, 0.03, 0.1]

  var nets: [Net] = []

  func net(_ setting: Setting, pixels: Float, units: Float) -> Tuned? {
    nets.first { $0.setting == setting && $0.pixels == pixels && $0.units == units }?.net
  }
}

/// Nets that differ in one share.
struct ShareChoice {
  /// From the smallest on; and the net of each.
  var tried: [(share: Float, net: Tuned)]

  /// - Parameter tried: in any order; what is missing is left out.
  init(_ tried: [(Float, Tuned?)]) {
    self.tried = tried.compactMap { share, net in net.map { (share: share, net: $0) } }.sorted { $0.share < $1.share }
  }

  /// That with the fewest errors on images kept back.
  var best: (share: Float, net: Tuned)? {
    tried.min { $0.net.validationErrors.mean < $1.net.validationErrors.mean }
  }
  /// Whether that is the largest share tried, so that a larger one may be better still.
  var isEnd: Bool { best?.share == tried.last?.share }
}

extension Tuned {
  var validationErrors: Summary { Summary(runs.compactMap(\.validationError)) }
}

extension ApartFindings {
  /// Pixels alone and hidden units alone on photographs, at every share that was tried.
  var photographShares: (pixels: ShareChoice, units: ShareChoice)? {
    guard let nets = photographs?.nets, nets.count == 3 else { return nil }
    let found = sharesElsewhere?.nets.filter { $0.setting == .photographs } ?? []
    return (
      ShareChoice([(Self.pixels.inputDropout, nets[1])] + found.filter { $0.units == 0 }.map { ($0.pixels, $0.net) }),
      ShareChoice([(Self.units.dropout, nets[2])] + found.filter { $0.pixels == 0 }.map { ($0.units, $0.net) })
    )
  }
}

extension Dropouts.Findings {
  /// Both dropped at the shares that are best for each alone.
  var bothAtBest: Tuned? {
    guard let apart = controls?.apart, let best = apart.sharesAlone?.best else { return nil }
    return apart.sharesElsewhere?.net(.usual, pixels: best.pixels.share, units: best.units.share)
  }
  var bestBoth: Summary? { bothAtBest.map(gain) }
  /// Both dropped in one setting, at the best pair of shares that was tried.
  func bestBoth(_ setting: SharesElsewhere.Setting, against plain: Tuned) -> Both? {
    let nets = controls?.apart?.sharesElsewhere?.nets.filter { $0.setting == setting && $0.pixels * $0.units > 0 }
    return nets?.min { $0.net.validationErrors.mean < $1.net.validationErrors.mean }.map { Both($0, against: plain) }
  }
  /// DropConnect, and hidden units dropped on top of batch norm, at the better share; nil where one alone was tried.
  var bestConnect: (share: Float, net: Tuned)? {
    better(.connect, 0.5, contest.indices.contains(Dropouts.Place.connect) ? contest[Dropouts.Place.connect] : nil)
  }
  var bestUnitsOnNorm: (share: Float, net: Tuned)? {
    better(.norm, ApartFindings.units.dropout, controls?.apart?.norm.last)
  }

  /// The share of the hidden units, or of the weights, that errs least on images kept back.
  func better(
    _ setting: SharesElsewhere.Setting, _ usual: Float, _ known: Tuned?
  ) -> (share: Float, net: Tuned)? {
    let others =
      controls?.apart?.sharesElsewhere?.nets.filter { $0.setting == setting && $0.pixels == 0 && $0.units > 0 } ?? []
    guard let known, !others.isEmpty else { return nil }
    return ShareChoice([(usual, known)] + others.map { ($0.units, $0.net) }).best
  }
}

extension Dropouts.Plan {
  /// Trains what is missing, in the order of what depends on it most.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func sharesElsewhere(
    _ findings: Dropouts.Findings, _ apart: inout ApartFindings, photographs: String?,
    keeping keep: (ApartFindings) throws -> Void
  ) throws {
    typealias Setting = SharesElsewhere.Setting
    var found = apart.sharesElsewhere ?? SharesElsewhere()
    var plan = self
    plan.tuningSeeds = 2
    func add(_ setting: Setting, _ pixels: Float, _ units: Float, _ net: (Recipe) throws -> Tuned) throws {
      guard found.net(setting, pixels: pixels, units: units) == nil else { return }
      let recipe = Recipe(dropout: units, inputDropout: pixels).wide(findings.wide)
      found.nets.append(.init(setting: setting, pixels: pixels, units: units, net: try net(recipe)))
      apart.sharesElsewhere = found
      try keep(apart)
    }
    if let best = apart.sharesAlone?.best {
      try add(.usual, best.pixels.share, best.units.share) { try plan.searched($0, [0.05, 0.1, 0.2], on: few) }
    }
    if let many = findings.equalEpochs {
      for units: Float in [0.2, 0.1] {
        try add(.manyLonger, 0, units) { try plan.searched($0, [0.05, 0.1], on: many.size, steps: many.steps) }
      }
    }
    for units: Float in [0.2, 0.1] {
      try add(.narrow, 0, units) { try plan.searched($0.wide(apart.widths[0]), [0.025, 0.05, 0.1], on: few) }
    }
    if let photographs {
      let coloured = try plan.onPhotographs(from: photographs)
      let known = apart.photographs?.nets.first
      // A folder in another order holds other pictures: then the known nets are trained again, on these.
      if found.nets.allSatisfy({ $0.setting != .photographs }),
        try known.map({ try coloured.photograph(Recipe().wide(findings.wide), $0.rate, seeds[0]).testError })
          != known?.runs[0].testError
      {
        apart.photographs = try coloured.photographRow(width: findings.wide)
        try keep(apart)
      }
      let shares: [(Float, Float, [Float])] = [
        (0.1, 0, [0.006, 0.0125]), (0, 0.2, [0.003, 0.006, 0.0125]), (0.5, 0, [0.006, 0.0125]),
        (0, 0.7, [0.003, 0.006, 0.0125]), (0.7, 0, [0.006, 0.0125]),
      ]
      func search(_ rates: [Float]) -> (Recipe) throws -> Tuned {
        { recipe in
          try coloured.searched(from: rates, "photographs") { try coloured.photograph(recipe, $0, $1) }
        }
      }
      for (pixels, units, rates) in shares { try add(.photographs, pixels, units, search(rates)) }
      // A best share at the end of what was tried calls for one beyond.
      if let tried = apart.photographShares {
        if tried.units.isEnd { try add(.photographs, 0, 0.9, search([0.003, 0.006])) }
        if tried.pixels.isEnd { try add(.photographs, 0.9, 0, search([0.006, 0.0125])) }
      }
    }
    if !found.nets.contains(where: { $0.setting == .wrong }) {
      let tried = try SharesElsewhere.decays.map { decay -> Tuned in
        let recipe = Recipe().wide(findings.wide).penalized(decay)
        var net = try plan.searched(
          recipe, [0.006, 0.0125, 0.025], on: few, wrongLabels: Dropouts.wrongShare, all: false)
        net.decay = decay
        return net
      }
      if let best = tried.min(by: { $0.validationErrors.mean < $1.validationErrors.mean }) {
        try add(.wrong, 0, 0) { recipe in
          var net = try plan.searched(
            recipe.penalized(best.decay), [best.rate], on: few, wrongLabels: Dropouts.wrongShare, goesOn: false)
          net.decay = best.decay
          return net
        }
      }
    }
    try add(.connect, 0, 0.2) { recipe in
      var recipe = recipe
      (recipe.dropConnect, recipe.dropout) = (recipe.dropout, 0)
      return try plan.searched(recipe, [0.05, 0.1, 0.2], on: few)
    }
    try add(.norm, 0, 0.2) { recipe in
      var recipe = recipe
      recipe.hasBatchNorm = true
      return try plan.searched(recipe, [0.1, 0.2, 0.4], on: few)
    }
    try keep(apart)
  }
}
