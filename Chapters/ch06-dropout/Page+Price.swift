// The page of chapter 6: nets that break when units are removed, and the price of dropout without any noise.

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
  /// What follows from it.
  var lessonOfPrice: String? {
    guard !prices.isEmpty else { return nil }
    let isMeanEnough = hasAverages && isEnough { $0.averaged ?? $0.price }
    if isEnough(\.price), isMeanEnough || !hasAverages {
      return "What the masks cost on average is enough: nothing need be random."
    }
    let isPart = prices.contains { $0.outcome($0.price) == "as much as the masks" }
    return isMeanEnough
      ? "What the masks cost on average is enough, but its second order alone is not."
      : isPart
        ? "What the masks cost on average, to second order, is part of the reason, not all of it."
        : "What the masks cost on average, to second order, is not the reason."
  }
  /// Where the price fails.
  var openOfPrice: String {
    let names = prices.filter { $0.outcome($0.price) == "nothing beyond chance" }.map(\.short)
    return names.isEmpty || names.count == prices.count ? "" : " Why it fails \(list(names)), we do not know."
  }
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
    let priced = findings.pricedUnits.map {
      [TableCell("the price alone"), TableCell(spread(findings.gain($0.net))), TableCell(spread($0.halfLost))]
    }
    page.prose(
      """
      ### Which nets bear the loss of units?

      A net that pays for large contributions should spread its sums over many units, and bear the loss of some. Does it?
      """)
    page.table(
      Table(
        "Points of test error saved, and lost when half of the hidden units are removed after training, ± 95 %; layers of \(findings.wide), \(counted(nets[0].halfLost.count, "seed"))",
        columns: ["trained with", "saved", "lost without half of the units"],
        rows: [
          row("nothing", "nothing", nil), row("half of the hidden units dropped", "hidden units", apart?.wide?.units),
          row(
            "noise on them instead", "noise on hidden units", apart.flatMap { $0.noise.count > 1 ? $0.noise[1] : nil }),
          priced, row("a fifth of the pixels dropped", "pixels", apart?.wide?.pixels), row("L2", "L2", findings.decay),
        ].compactMap(\.self)))
    page.project("Which nets break when units are removed?")
    var words: [String] = []
    if let plain = net("nothing"), let paid = findings.pricedUnits {
      words.append(
        difference(plain.halfLost, paid.halfLost).worded(
          above: "It does: a net that pays the price alone loses less than the plain one.",
          below: "On the contrary: a net that pays the price alone loses more than the plain one.",
          withinChance:
            "**Not beyond chance: a net that pays the price alone bears the loss no better than the plain one. So this table does not support the idea.**"
        ))
    }
    if let plain = net("nothing"), let units = net("hidden units"), let noise = net("noise on hidden units"),
      saves(plain.halfLost - units.halfLost), saves(plain.halfLost - noise.halfLost)
    {
      words.append(
        "**Hidden units that were dropped or disturbed in training do without each other better**, \((noise.halfLost - units.halfLost).worded(above: "after masks somewhat more than after noise", below: "after noise somewhat more than after masks", withinChance: "after masks as after noise"))."
      )
    }
    func withoutPixels(_ name: String) -> Summary? { apart?.pixelsLost?.first { $0.name == name }?.lost }
    if let whole = withoutPixels("nothing"), let pixels = withoutPixels("pixels"), saves(whole - pixels) {
      words.append(
        "Dropped pixels do the same for missing pixels: without half of them the net loses \(fixed(pixels.mean, 1)) points, not \(fixed(whole.mean, 1))."
      )
    }
    if findings.leavesReasonOpen, let units = net("hidden units") {
      let priced = findings.pricedUnits.map {
        saves($0.halfLost - units.halfLost) && saves(findings.gain($0.net))
          && !saves($0.net.testErrors - (apart?.wide?.units.testErrors ?? $0.net.testErrors))
      }
      words.append(
        "**Whether that is why the nets err less, this page cannot say:** \(priced ?? false ? "the price of masks on the same units, and dropped pixels, save" : "dropped pixels save") as much, and those nets break more easily."
      )
    }
    if !words.isEmpty { page.prose(words.joined(separator: " ")) }
  }

  /// The price for cross-entropy, and nets that pay it and in which nothing is random.
  static func addPrice(to page: inout Page, _ findings: Findings) {
    let rows = findings.prices
    guard let verdict = findings.verdictOnPrice else { return }
    page.prose(
      """
      ### Is that price the reason?

      If it is, a net that pays the price must err less, too, *though nothing in it is random*. We add the price to the loss, on both hidden layers or on the pixels, in the place of masks. \
      Our nets have cross-entropy as their loss, and so another price: a net pays where a disturbance would move its probabilities, and almost nothing where it is sure. \
      It is computed to second order, which is to say roughly: a Taylor series is cut after its squares.
      """)
    page.fold("The price for cross-entropy, and its lines in PyTorch") { addPriceDerivation(to: &$0) }
    let hasAverages = rows.allSatisfy { $0.averaged != nil }
    if hasAverages {
      page.prose(
        "This is only the second order. What masks cost on average is paid exactly, or nearly so, by nets that have \(ManyMasks.recorded) masks at once for each image and average the losses."
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
    page.project("Does the price alone save as much as the masks?")
    page.prose(verdict + (findings.lessonOfPrice.map { " **\($0)**" } ?? "") + findings.openOfPrice)
  }

  /// The second order of what noise costs, for those who want to compute it.
  private static func addPriceDerivation(to page: inout Page) {
    page.prose(
      """
      Let noise of mean 0 move the logits $z_k$ by $\\delta_k$. To first order it costs nothing on average. The second derivatives of the loss $L = \\ln \\sum_k e^{z_k} - z_t$ for class $t$ are \
      $q_k(1 - q_k)$ and $-q_j q_k$, so to second order it costs
      """)
    page.math(
      "\\frac{1}{2} \\sum_{j,k} \\delta_j \\delta_k \\frac{\\partial^2 L}{\\partial z_j \\partial z_k} = \\frac{1}{2} \\left(\\sum_k q_k \\delta_k^2 - \\left(\\sum_k q_k \\delta_k\\right)^2\\right)"
    )
    page.prose(
      """
      This is half of the variance of $\\delta$ over the classes, each counted with its probability. \
      With $\\delta_k = \\sum_i (f_i - 1)\\,h_i\\,\\partial z_k/\\partial h_i$, its mean over the factors $f_i$ is the price of one image (Wager et al., for one layer):
      """)
    page.math(
      "\\frac{1}{2}\\,\\frac{p}{1-p} \\sum_i h_i^2 \\; \\text{Var}_k\\left(\\frac{\\partial z_k}{\\partial h_i}\\right)"
    )
    page.prose(
      """
      Its gradient goes through $\\partial z/\\partial h$, hence `create_graph=True`:

      ```python
      # h: one layer of a batch, z: the logits made from it, q = z.softmax(1)
      J = [torch.autograd.grad(zk.sum(), h, create_graph=True)[0] for zk in z.T]
      J, w = torch.stack(J), q.T[:, :, None]            # classes, images, units
      var = (w * J**2).sum(0) - (w * J).sum(0)**2
      price = p / (1 - p) / 2 * (h**2 * var).sum(1).mean()
      ```
      """)
  }
}
