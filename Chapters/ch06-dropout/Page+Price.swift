// The page of chapter 6: nets that break when units are removed, and the price of dropout without any noise.

import Workbook

/// What masks save in one setting, and what noise and the price in their place save.
struct PriceRow {
  var name: String
  /// How a sentence names it.
  var short: String
  var dropped: Summary
  var noise: Summary?
  var price: Summary
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
    func noise(_ place: Int, _ nets: [Tuned]?, _ plain: Tuned) -> Summary? {
      guard let nets, nets.indices.contains(place) else { return nil }
      return difference(plain.testErrors, nets[place].testErrors)
    }
    func row(
      _ name: String, _ short: String, _ price: Tuned?, _ dropped: Tuned?, against plain: Tuned, _ noise: Summary?
    ) -> PriceRow? {
      guard let price, let dropped else { return nil }
      return PriceRow(
        name: name, short: short, dropped: difference(plain.testErrors, dropped.testErrors), noise: noise,
        price: difference(plain.testErrors, price.testErrors))
    }
    let (plain, fewest) = (contest[0], bySize.nets[0][0])
    let (size, wrong) = (grouped(bySize.settings[0]), percent(Double(Dropouts.wrongShare)))
    return [
      row(
        "half of the hidden units, \(grouped(few)) images", "hidden units and \(grouped(few)) images",
        priced(Price(hidden: ApartFindings.units.dropout)), wide.units, against: plain, noise(1, apart.noise, plain)),
      row(
        "\(size) images", "\(size) images", apart.priceFew, apart.unitsBySize.first, against: fewest,
        noise(1, apart.noiseWherePays, fewest)),
      row(
        "\(wrong) of the labels wrong", "wrong labels", apart.priceWrong,
        apart.wrong.count == 2 ? apart.wrong[1] : nil, against: noisy.nets[0],
        noise(0, apart.noiseWherePays, noisy.nets[0])),
      row(
        "a fifth of the pixels, \(grouped(few)) images", "pixels",
        priced(Price(pixels: ApartFindings.pixels.inputDropout)), wide.pixels, against: plain,
        noise(0, apart.noise, plain)),
    ].compactMap(\.self)
  }

  /// Whether the net with dropped pixels errs less and breaks as easily as the plain one.
  var needsNoSturdiness: Bool {
    func lost(_ name: String) -> Summary? { controls?.apart?.inside.first { $0.name == name }?.halfLost }
    guard let plain = lost("nothing"), let pixels = lost("pixels"), let wide = controls?.apart?.wide else {
      return false
    }
    return saves(gain(wide.pixels)) && !saves(plain - pixels)
  }

  /// What the price does without noise, in a sentence; nil where it was not measured.
  var verdictOnPrice: String? {
    let rows = prices
    guard !rows.isEmpty else { return nil }
    /// Among so many rows one would differ by chance.
    func outcome(_ row: PriceRow) -> String {
      guard saves(row.price) else { return "nothing beyond chance" }
      return switch (row.dropped - row.price).direction(among: rows.count) {
      case .above: "less"
      case .below: "more"
      case .withinChance: "as much"
      }
    }
    let found = ["as much", "more", "less", "nothing beyond chance"].compactMap { words in
      let names = rows.filter { outcome($0) == words }.map(\.short)
      return names.isEmpty
        ? nil
        : names.count == rows.count && rows.count > 1
          ? "\(words) in \(rows.count == 2 ? "both" : "all \(rows.count)") settings"
          : "\(words) for \(list(names))"
    }
    return "The price alone, with nothing random, saves \(found.joined(separator: "; "))."
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
    page.table(
      Table(
        "Points of test error saved, and lost when half of the hidden units are removed after training, ± 95 %; layers of \(findings.wide), \(counted(nets[0].halfLost.count, "seed"))",
        columns: ["trained with", "saved", "lost without half"],
        rows: [
          row("nothing", "nothing", nil), row("half of the hidden units dropped", "hidden units", apart?.wide?.units),
          row(
            "noise on them instead", "noise on hidden units", apart.flatMap { $0.noise.count > 1 ? $0.noise[1] : nil }),
          row("a fifth of the pixels dropped", "pixels", apart?.wide?.pixels), row("L2", "L2", findings.decay),
        ].compactMap(\.self)))
    page.project("Which nets break when units are removed?")
    var words: [String] = []
    if let plain = net("nothing"), let units = net("hidden units"), let noise = net("noise on hidden units"),
      saves(plain.halfLost - units.halfLost), saves(plain.halfLost - noise.halfLost)
    {
      words.append(
        "**Unreliable units make a net sturdy**, \((noise.halfLost - units.halfLost).worded(above: "masks somewhat more than noise", below: "noise somewhat more than masks", withinChance: "by masks or by noise"))."
      )
    }
    if findings.needsNoSturdiness {
      let fragile = net("nothing").flatMap { plain in net("L2").map { saves($0.halfLost - plain.halfLost) } } ?? false
      words.append(
        "**But a net need not be sturdy to err less:** with dropped pixels it errs least and breaks like the plain one\(fragile && saves(findings.gain(findings.decay)) ? ", and with L2 it errs less and breaks more easily than any" : "")."
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

      If it is, a net that pays the price must err less, too, *though nothing in it is random*. Our nets have cross-entropy as their loss, and so another price. Take two classes with the \
      probabilities 0.9 and 0.1, and noise that moves their logits by $2\\varepsilon$ and $-\\varepsilon$. Only their difference counts, and on average this costs \
      $\\tfrac12 \\cdot 0.9 \\cdot 0.1 \\cdot (3\\varepsilon)^2 = 0.4\\,\\varepsilon^2$. With 0.999 and 0.001 it is $0.004\\,\\varepsilon^2$: **where the net is sure, it pays almost nothing.**

      The reason: let the noise move the logits $z_k$ by $\\delta_k$, with mean 0. The loss $\\ln \\sum_k e^{z_k} - z_t$ for class $t$ has the first derivatives $q_k$ (for $k = t$ less 1), so the first order is 0 on average. \
      The second derivatives are $q_k(1 - q_k)$ and, for $j \\ne k$, $-q_j q_k$. So the second order is half the variance of $\\delta_k$ over classes $k$ drawn with the probabilities $q$. \
      With $\\delta_k = \\sum_i (f_i - 1)\\,h_i\\,\\partial z_k/\\partial h_i$ the price of one image is (Wager et al., for one layer)
      """)
    page.math(
      "\\frac{1}{2}\\,\\frac{p}{1-p} \\sum_i h_i^2 \\; \\text{Var}_k\\left(\\frac{\\partial z_k}{\\partial h_i}\\right)"
    )
    page.prose(
      """
      For the last layer $\\partial z_k/\\partial h_i$ is the weight `W[k, i]`:

      ```python
      price = p / (1 - p) / 2 * (h**2 * (q @ W**2 - (q @ W)**2)).sum()
      ```
      """)
    let hasNoise = rows.allSatisfy { $0.noise != nil }
    page.table(
      Table(
        "Points of test error saved by masks, by noise of the same variance, and by paying their price with nothing random, ± 95 %; layers of \(findings.wide), \(counted(rows.map(\.price.count).min() ?? 0, "seed"))",
        columns: ["on what", "masks"] + (hasNoise ? ["noise"] : []) + ["price"],
        rows: rows.map { row in
          [TableCell(row.name), TableCell(spread(row.dropped))]
            + (hasNoise ? [TableCell(row.noise.map(spread) ?? "–")] : []) + [TableCell(spread(row.price))]
        }))
    page.project("Does the price alone save as much as the masks?")
    page.prose("**\(verdict)**")
  }
}
