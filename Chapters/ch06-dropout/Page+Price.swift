// The page of chapter 6: nets that break when units are removed, and in a fold the price of dropout without any noise.

import Foundation
import Workbook

/// What masks save in one setting, and what stands in for them saves.
struct PriceRow {
  var name: String
  /// How a sentence names it.
  var short: String
  var dropped: Summary
  /// With many masks at once, whose losses are averaged.
  var averaged: Summary?
  /// What masks cost to second order, with nothing random.
  var price: Summary

  /// What something saves, against the masks.
  func outcome(_ saved: Summary) -> String {
    guard saves(saved) else { return "nothing beyond chance" }
    return switch (dropped - saved).direction() {
    case .above: "less"
    case .below: "more"
    case .withinChance: "as much as the masks"
    }
  }
}

extension Dropouts.Findings {
  /// The points of error that a net saves.
  func gain(_ net: Tuned) -> Summary { difference(contest[0].testErrors, net.testErrors) }
  /// L2 at its best rate and λ, with all seeds where that was measured.
  var decay: Tuned { controls?.decayAll ?? controls?.decay ?? contest[Dropouts.Place.decay] }

  /// What L2 saves where labels are wrong, at its best λ and rate.
  var decayOfWrong: Summary? {
    controls?.apart?.sharesElsewhere?.nets.first { $0.setting == .wrong }
      .map { difference(noisy.nets[0].testErrors, $0.net.testErrors) }
  }

  /// Nets that pay what masks cost, in every setting where they were tried.
  var prices: [PriceRow] {
    guard let apart = controls?.apart, let wide = apart.wide else { return [] }
    func priced(_ price: Price) -> Tuned? { apart.priced?.first { $0.price == price }?.net }
    func row(
      _ name: String, _ short: String, _ price: Tuned?, _ dropped: Tuned?, against plain: Tuned, _ place: Int
    ) -> PriceRow? {
      guard let price, let dropped else { return nil }
      func saved(_ net: Tuned) -> Summary { difference(plain.testErrors, net.testErrors) }
      let averaged = apart.manyMasks.flatMap { $0.indices.contains(place) ? saved($0[place]) : nil }
      return PriceRow(name: name, short: short, dropped: saved(dropped), averaged: averaged, price: saved(price))
    }
    let (plain, usual) = (contest[0], "\(grouped(few)) images")
    let (size, wrong) = ("\(grouped(bySize.settings[0])) images", percent(Double(Dropouts.wrongShare)))
    return [
      row(
        "half of the hidden units, \(usual)", "with \(usual)",
        priced(Price(hidden: ApartFindings.units.dropout)), wide.units, against: plain, 2),
      row("the same, \(size)", "with \(size)", apart.priceFew, apart.unitsBySize.first, against: bySize.nets[0][0], 0),
      row(
        "the same, \(wrong) of the labels wrong", "with wrong labels", apart.priceWrong, apart.wrong.last,
        against: noisy.nets[0], 1),
      row(
        "a fifth of the pixels, \(usual)", "for pixels", priced(Price(pixels: ApartFindings.pixels.inputDropout)),
        wide.pixels, against: plain, 3),
    ].compactMap(\.self)
  }

  /// Whether dropped hidden units do without each other better, while dropped pixels save no less and leave the units as
  /// they are: then the one need not be the reason for the other.
  var leavesReasonOpen: Bool {
    func lost(_ name: String) -> Summary? { controls?.apart?.inside.first { $0.name == name }?.halfLost }
    guard let plain = lost("nothing"), let pixels = lost("pixels"), let units = lost("hidden units"),
      let wide = controls?.apart?.wide
    else { return false }
    return saves(plain - units) && saves(gain(wide.pixels)) && !saves(plain - pixels)
      && !costs(wide.units.testErrors - wide.pixels.testErrors)
  }
  /// The net that pays the price of masks on hidden units.
  var pricedUnits: PricedNets? {
    controls?.apart?.priced?.first { $0.price == Price(hidden: ApartFindings.units.dropout) }
  }

  /// What something in the place of masks saves: `as much as the masks for pixels, and less for wrong labels`.
  private func outcomes(_ saved: (PriceRow) -> Summary) -> String {
    let rows = prices
    let found = ["as much as the masks", "more", "less", "nothing beyond chance"].compactMap { words -> String? in
      let names = rows.filter { $0.outcome(saved($0)) == words }.map(\.short)
      return names.isEmpty
        ? nil
        : names.count == rows.count
          ? words + (rows.count > 1 ? " in \(rows.count == 2 ? "both" : "all \(rows.count)") settings" : "")
          : "\(words) \(list(names))"
    }
    return found.dropLast().joined(separator: ", ") + (found.count < 2 ? "" : found.count > 2 ? ", and " : " and ")
      + (found.last ?? "")
  }
  /// Whether it saves as much as the masks in every setting.
  private func isEnough(_ saved: (PriceRow) -> Summary) -> Bool {
    let rows = prices
    return rows.allSatisfy { $0.outcome(saved($0)) == "as much as the masks" }
  }
  /// Whether many masks at once were tried in every setting.
  private var hasAverages: Bool { !prices.isEmpty && prices.allSatisfy { $0.averaged != nil } }

  /// What the price does without noise, in short; nil where it was not measured.
  var verdictOnPrice: String? {
    guard !prices.isEmpty else { return nil }
    let price = "The price alone, with nothing random, saves \(outcomes(\.price))."
    guard hasAverages else { return price }
    let averaged = "The mean over \(ManyMasks.recorded) masks at once saves \(outcomes { $0.averaged ?? $0.price })."
    return "\(averaged) \(price)"
  }
  /// Whether the formula is off by more than a factor of ten for the net that pays it; nil where that was not measured.
  var isPriceOff: Bool? {
    guard let net = pricedUnits, let foretold = net.foretold?.mean, let measured = net.measured?.mean else {
      return nil
    }
    return measured > 10 * foretold
  }
  /// What follows from it.
  var lessonOfPrice: String? {
    guard !prices.isEmpty else { return nil }
    let isMeanEnough = hasAverages && isEnough { $0.averaged ?? $0.price }
    if isMeanEnough, !isEnough(\.price) {
      return "What the masks cost on average is enough, but its second order alone is not."
    }
    if isPriceOff ?? false {
      return "Whether what masks cost on average is the reason, this does not decide."
    }
    if isEnough(\.price) {
      return "What the masks cost on average is enough: nothing need be random."
    }
    return prices.contains { $0.outcome($0.price) == "as much as the masks" }
      ? "What the masks cost on average, to second order, is part of the reason, not all of it."
      : "What the masks cost on average, to second order, is not the reason."
  }
  /// The net that pays a little for contributions as such.
  var pricedContributions: PricedNets? { controls?.apart?.priced?.first { $0.price.factor > 0 } }
}

/// `a`, `a and b`, `a, b and c`.
private func list(_ words: [String]) -> String {
  words.count < 2
    ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
}

extension Dropouts {
  /// Which nets bear the loss of units, and whether that is why they err less.
  static func addSturdiness(to page: inout Page, _ nets: [InsideFindings], _ findings: Findings) {
    func net(_ name: String) -> InsideFindings? { nets.first { $0.name == name } }
    let apart = findings.controls?.apart
    func row(_ words: String, _ name: String, _ tuned: Tuned?) -> [TableCell]? {
      net(name).map {
        [TableCell(words), tuned.map { TableCell(spread(findings.gain($0))) } ?? "–", TableCell(spread($0.halfLost))]
      }
    }
    page.table(
      Table(
        "Points of test error saved, and lost when half of the hidden units are removed after training, ± 95 %; layers of \(findings.wide), \(counted(nets[0].halfLost.count, "seed"))",
        columns: ["trained with", "saved", "lost without half of the units"],
        rows: [
          row("nothing", "nothing", nil), row("half of the hidden units dropped", "hidden units", apart?.wide?.units),
          row(
            "noise on them instead", "noise on hidden units", apart.flatMap { $0.noise.count > 1 ? $0.noise[1] : nil }),
          row("a fifth of the pixels dropped", "pixels", apart?.wide?.pixels), row("L2", "L2", findings.decay),
        ].compactMap(\.self)))
    page.project("Which nets break when units are removed?")
    let words = [maskedUnits(nets), sums(nets), pixels(findings)]
    page.prose(words.compactMap(\.self).map { "- \($0)" }.joined(separator: "\n"))
  }

  /// Units that were dropped or disturbed in training.
  private static func maskedUnits(_ nets: [InsideFindings]) -> String? {
    func lost(_ name: String) -> Summary? { nets.first { $0.name == name }?.halfLost }
    guard let plain = lost("nothing"), let units = lost("hidden units"), let noise = lost("noise on hidden units"),
      saves(plain - units), saves(plain - noise)
    else { return nil }
    return "**Hidden units that were dropped or disturbed in training do without each other better.**"
  }

  /// How the net that pays for masks on hidden units bears their loss.
  private static func priceAndLoss(_ findings: Findings) -> String? {
    guard let plain = findings.controls?.apart?.inside.first(where: { $0.name == "nothing" })?.halfLost,
      let paid = findings.pricedUnits
    else { return nil }
    let sturdy = difference(plain, paid.halfLost)
    let isNoTest = findings.isPriceOff ?? false
    return
      "When half of its units are removed, the net that pays for masks on hidden units \(sturdy.worded(above: "bears it better, too", below: "bears it worse", withinChance: "bears it no better beyond chance")): it saves \(spread(findings.gain(paid.net))) and loses \(spread(paid.halfLost)) points.\(isNoTest ? " At so small a price that is no test." : "")"
  }

  /// How a net that pays for what units contribute bears the loss of units.
  private static func pricedNets(_ findings: Findings) -> String? {
    guard let plain = findings.controls?.apart?.inside.first(where: { $0.name == "nothing" })?.halfLost,
      let linear = findings.pricedContributions
    else { return nil }
    let sturdy = difference(plain, linear.halfLost)
    let errs = findings.gain(linear.net).worded(
      above: "errs less", below: "errs more, not less", withinChance: "errs as much, within chance")
    return
      "One net pays the linear unit's price instead, over the two layers above hidden units, times \(short(Double(linear.price.factor), digits: 3)). When half of its units are removed, it \(sturdy.worded(above: "does bear it better", below: "bears it worse", withinChance: "bears it no better, either")), and \(errs) (saves \(spread(findings.gain(linear.net))), loses \(spread(linear.halfLost)))."
  }

  /// Pixels, which save and leave the units as they are.
  private static func pixels(_ findings: Findings) -> String? {
    findings.leavesReasonOpen
      ? """
      A net that errs less need not bear the loss of units better: a fifth of the pixels dropped saves no less than half of the hidden units, yet that net breaks as the plain one does. \
      But pixels may help in a way of their own: **whether dropped units help because they do without each other is open.**
      """ : nil
  }

  /// A net that errs about as little as the plain one, and breaks most.
  private static func sums(_ nets: [InsideFindings]) -> String? {
    guard let plain = nets.first(where: { $0.name == "nothing" }), let decay = nets.first(where: { $0.name == "L2" }),
      costs(plain.halfLost - decay.halfLost)
    else { return nil }
    return "L2, a penalty on large weights (chapter 7), breaks most."
  }

  /// The price for cross-entropy, and nets that pay it and in which nothing is random.
  static func addPrice(to page: inout Page, _ findings: Findings) {
    guard let verdict = findings.verdictOnPrice else { return }
    page.fold("What masks cost on average: is that price the reason?") {
      $0.prose(
        "On average masks add something to the loss. If this *price* is the reason, a net that pays it must err less, too, *though nothing in it is random*. \(verdict)\(findings.lessonOfPrice.map { " **\($0)**" } ?? "")"
      )
      addPriceFormulas(to: &$0)
      addPricedNets(to: &$0, findings)
    }
  }

  /// For one linear unit, what dropout and noise cost; to second order, what they cost with cross-entropy.
  private static func addPriceFormulas(to page: inout Page) {
    page.prose(
      """
      For one linear unit with target $t$ the price is exact. Multiply its inputs $x_i$ by independent factors $f_i$ of mean 1 and variance $p/(1-p)$. The mean of a square is the square of the mean plus the variance:
      """)
    page.math(
      "E\\left[\\left(t - \\sum_i f_i w_i x_i\\right)^2\\right] = \\left(t - \\sum_i w_i x_i\\right)^2 + \\frac{p}{1-p} \\sum_i w_i^2 x_i^2"
    )
    page.prose(
      """
      The second term is the price. Only mean and variance of the factors matter, so dropout and noise cost the same. In a net with cross-entropy, to second order (a Taylor series, cut after its squares), the price of one image is
      """)
    page.math(
      "\\frac{1}{2}\\,\\frac{p}{1-p} \\sum_i h_i^2 \\; \\text{Var}_k\\left(\\frac{\\partial z_k}{\\partial h_i}\\right)"
    )
    page.prose(
      "where $\\text{Var}_k$ is the variance over the classes, each counted with its probability (Wager et al., for one layer). A net that is sure of an image pays almost nothing for it."
    )
  }

  /// Nets that pay what masks cost, and in which nothing is random.
  private static func addPricedNets(to page: inout Page, _ findings: Findings) {
    let rows = findings.prices
    let hasAverages = rows.allSatisfy { $0.averaged != nil }
    if hasAverages {
      page.prose(
        "What masks cost on average is paid exactly, or nearly so, by nets that have \(ManyMasks.recorded) masks at once for each image and average the losses."
      )
    }
    page.table(
      Table(
        "Points of test error saved by masks\(hasAverages ? ", by \(ManyMasks.recorded) of them at once," : "") and by paying the price with nothing random, ± 95 %; layers of \(findings.wide), \(counted(rows.map(\.price.count).min() ?? 0, "seed"))",
        columns: ["on what", "masks"] + (hasAverages ? ["\(ManyMasks.recorded) at once"] : []) + ["price"],
        rows: rows.map { row in
          [TableCell(row.name), TableCell(spread(row.dropped))]
            + (row.averaged.map { hasAverages ? [TableCell(spread($0))] : [] } ?? []) + [TableCell(spread(row.price))]
        }))
    if findings.isPriceOff ?? false, let paid = findings.pricedUnits, let foretold = paid.foretold,
      let measured = paid.measured
    {
      // Two digits that count.
      func number(_ loss: Summary) -> String {
        fixed(loss.mean, max(2, 1 - Int(log10(max(1e-9, loss.mean)).rounded(.down))))
      }
      page.prose(
        """
        But did these nets pay what masks cost? No. By the formula, masks on half of the hidden units would add \(number(foretold)) to the loss of the net that paid for them; they add \(number(measured)). \
        The formula holds for small disturbances, and to miss half of the units is none.
        """)
    }
    for words in [priceAndLoss(findings), pricedNets(findings)].compactMap(\.self) { page.prose(words) }
  }
}
