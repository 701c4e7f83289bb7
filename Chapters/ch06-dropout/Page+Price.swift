// The page of chapter 6: nets that break when units are removed, and the price of dropout without any noise.

import Workbook

extension Dropouts.Findings {
  /// A net that pays a price, if it was measured.
  private func priced(_ price: Price) -> PricedNets? { controls?.apart?.priced?.first { $0.price == price } }
  /// The nets that pay what masks cost: of hidden units, of pixels.
  var ofMasks: [PricedNets] {
    [
      Price(hidden: ApartFindings.units.dropout), Price(pixels: ApartFindings.pixels.inputDropout),
    ].compactMap(priced)
  }
  /// Those that pay λ, from the least to the largest.
  var ofFactors: [PricedNets] { controls?.apart?.priced?.filter { $0.price.factor > 0 } ?? [] }
  /// Of these the one with the fewest mistakes on images kept back.
  var bestFactor: PricedNets? {
    func mistakes(_ nets: PricedNets) -> Double { Summary(nets.net.runs.compactMap(\.validationError)).mean }
    return ofFactors.min { mistakes($0) < mistakes($1) }
  }
  /// The points of error that a net saves.
  func gain(_ net: Tuned) -> Summary { difference(contest[0].testErrors, net.testErrors) }

  /// What the price does without noise, in a sentence; nil where it was not measured.
  var verdictOnPrice: String? {
    guard ofMasks.count == 2, let wide = controls?.apart?.wide else { return nil }
    let gains = ofMasks.map { gain($0.net) }
    let behind = [gain(wide.units) - gains[0], gain(wide.pixels) - gains[1]]
    if !gains.contains(where: saves) {
      return "Its price alone, paid without any noise, saves nothing: why noise helps is open."
    }
    if gains.allSatisfy(saves), !behind.contains(where: saves) {
      return "Its price on large contributions, paid without any noise, saves as much: that price is the reason here."
    }
    return "Its price on large contributions, paid without any noise, saves a part of that."
  }
}

extension Dropouts {
  /// One table for nets that lose units, and the answer.
  static func addPrice(to page: inout Page, _ nets: [InsideFindings], _ findings: Findings) {
    func net(_ name: String) -> InsideFindings? { nets.first { $0.name == name } }
    let apart = findings.controls?.apart
    let decay = findings.controls?.decay ?? findings.contest[Place.decay]
    let known: [(String, String, Tuned?)] = [
      ("nothing", "nothing", nil), ("half of the hidden units dropped", "hidden units", apart?.wide?.units),
      ("noise on them instead", "noise on hidden units", apart.flatMap { $0.noise.count > 1 ? $0.noise[1] : nil }),
      ("L2", "L2", decay),
    ]
    var rows = known.compactMap { words, name, tuned in
      net(name).map { (words, tuned.map(findings.gain), $0.halfLost) }
    }
    for priced in findings.ofMasks.prefix(1) {
      rows.append(("the price of such masks, no noise", findings.gain(priced.net), priced.halfLost))
    }
    if let best = findings.bestFactor {
      rows.append(("the simple price, best $\\lambda$, no noise", findings.gain(best.net), best.halfLost))
    }
    page.table(
      Table(
        "Points of test error saved, and lost when half of the hidden units are removed after training, ± 95 %; layers of \(findings.wide), \(counted(nets[0].halfLost.count, "seed"))",
        columns: ["trained with", "saved", "lost without half"],
        rows: rows.map { [TableCell($0.0), $0.1.map { TableCell(spread($0)) } ?? "–", TableCell(spread($0.2))] }))
    page.project("Which nets break when units are removed?")
  }
}
