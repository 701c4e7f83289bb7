// Pixels alone and hidden units alone at several shares, so that each is compared at a share that suits it.

import Workbook

/// The wide net with few images, with one thing dropped at several shares, each net at its own best learning rate.
struct SharesAlone: Codable, Sendable {
  struct Net: Codable, Sendable {
    var share: Float
    var net: Tuned
    /// The error on images that are used neither for training nor for the test: a share is chosen by it.
    var validationError: Double { Summary(net.runs.compactMap(\.validationError)).mean }
  }

  /// From the smallest share to the largest.
  var pixels: [Net] = []
  var units: [Net] = []

  /// Of these a fifth of the pixels and half of the units are known already.
  static let tried: [Float] = [0.1, 0.2, 0.3, 0.5, 0.7]

  var isWhole: Bool { [pixels, units].allSatisfy { $0.count == Self.tried.count } }
  /// The shares that err least on images kept back.
  var best: (pixels: Net, units: Net)? {
    func least(_ nets: [Net]) -> Net? { nets.min { $0.validationError < $1.validationError } }
    guard isWhole, let p = least(pixels), let u = least(units) else { return nil }
    return (p, u)
  }
}

extension Dropouts.Plan {
  /// From the rates between those that suit some nets, and one beyond each end.
  func ratesBetween(_ nets: [Tuned]) -> [Float] {
    let (low, high) = (nets.map(\.rate).min() ?? 0.05, nets.map(\.rate).max() ?? 0.1)
    return Self.rates.filter { $0 >= 0.4 * low && $0 <= 2.5 * high }
  }

  /// Trains what is missing, with the same search for a rate as the nets of `ApartFindings`.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func sharesAlone(
    _ findings: Dropouts.Findings, _ apart: ApartFindings, keeping keep: (SharesAlone) throws -> Void
  ) throws -> SharesAlone {
    var found = apart.sharesAlone ?? SharesAlone()
    let kinds: [(WritableKeyPath<SharesAlone, [SharesAlone.Net]>, WritableKeyPath<Recipe, Float>, Recipe, Tuned?)] = [
      (\.units, \.dropout, ApartFindings.units, apart.wide?.units),
      (\.pixels, \.inputDropout, ApartFindings.pixels, apart.wide?.pixels),
    ]
    for (nets, rate, usual, known) in kinds {
      for share in SharesAlone.tried.dropFirst(found[keyPath: nets].count) {
        var recipe = usual.wide(findings.wide)
        recipe[keyPath: rate] = share
        let isKnown = recipe == usual.wide(findings.wide)
        let net =
          try (isKnown ? known : nil)
          ?? searched(recipe, ratesBetween(Array(findings.contest.prefix(2))), on: few)
        found[keyPath: nets].append(SharesAlone.Net(share: share, net: net))
        try keep(found)
      }
    }
    return found
  }
}

/// What pixels and hidden units save, both dropped.
struct Both {
  var pixels: Double
  var units: Double
  var gain: Summary

  init(_ found: SharesElsewhere.Net, against plain: Tuned) {
    (pixels, units) = (Double("\(found.pixels)") ?? 0, Double("\(found.units)") ?? 0)
    gain = difference(plain.testErrors, found.net.testErrors)
  }
}

/// What one thing saves in the wide net, at one share.
struct Alone {
  var share: Double
  var gain: Summary

  init(_ tried: (share: Float, net: Tuned), against plain: Tuned) {
    // As it is written: 0.2, not 0.20000000298.
    share = Double("\(tried.share)") ?? Double(tried.share)
    gain = difference(plain.testErrors, tried.net.testErrors)
  }
}

extension Dropouts.Findings {
  /// Pixels alone and hidden units alone, each at its best share where several were tried, else at its authors'.
  var bestAlone: (pixels: Alone, units: Alone)? {
    guard let apart = controls?.apart, let wide = apart.wide else { return nil }
    func alone(_ share: Float, _ net: Tuned) -> Alone { Alone((share, net), against: contest[0]) }
    if let best = apart.sharesAlone?.best {
      return (alone(best.pixels.share, best.pixels.net), alone(best.units.share, best.units.net))
    }
    return (
      alone(ApartFindings.pixels.inputDropout, wide.pixels), alone(ApartFindings.units.dropout, wide.units)
    )
  }

  /// What is saved at each share: by pixels alone, by hidden units alone; nil where no shares were tried.
  var gainsAlone: (shares: [Double], pixels: [Summary], units: [Summary])? {
    guard let found = controls?.apart?.sharesAlone, found.isWhole else { return nil }
    let pixels = found.pixels.map { Alone(($0.share, $0.net), against: contest[0]) }
    return (pixels.map(\.share), pixels.map(\.gain), found.units.map { gain($0.net) })
  }
}
