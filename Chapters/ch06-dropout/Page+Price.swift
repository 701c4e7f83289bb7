// The page of chapter 6: nets that break when units are removed, and the price of dropout without any noise.

import Workbook

extension Dropouts.Findings {
  /// A net that pays a price, if it was measured.
  private func priced(_ price: Price) -> PricedNets? { controls?.apart?.priced?.first { $0.price == price } }
  /// The nets that pay what masks cost, beside those that have the masks: of hidden units, of pixels.
  var ofMasks: [(name: String, priced: PricedNets, dropped: Tuned)] {
    guard let wide = controls?.apart?.wide else { return [] }
    let all = [
      ("hidden units", priced(Price(hidden: ApartFindings.units.dropout)), wide.units),
      ("pixels", priced(Price(pixels: ApartFindings.pixels.inputDropout)), wide.pixels),
    ]
    return all.compactMap { name, priced, dropped in priced.map { (name, $0, dropped) } }
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

  /// `as much for hidden units, and less for pixels`: how much of what masks save their price saves without noise; nil
  /// where it was not measured.
  var shareOfPrice: String? {
    let words = ofMasks.map { name, priced, dropped in
      let own = gain(priced.net)
      return "\(!saves(own) ? "nothing" : saves(gain(dropped) - own) ? "less" : "as much") for \(name)"
    }
    return words.isEmpty ? nil : words.joined(separator: ", and ")
  }
  /// Whether the net with dropped pixels errs less and breaks as easily as the plain one.
  var needsNoSturdiness: Bool {
    func lost(_ name: String) -> Summary? { controls?.apart?.inside.first { $0.name == name }?.halfLost }
    guard let plain = lost("nothing"), let pixels = lost("pixels"), let wide = controls?.apart?.wide else {
      return false
    }
    return saves(gain(wide.pixels)) && !saves(plain - pixels)
  }
  /// What the price does without noise, in a sentence: that of masks, or else a fixed one.
  var verdictOnPrice: String? {
    if let share = shareOfPrice {
      return
        "A penalty of what the masks cost on average, with nothing random, saves \(share)\(ofMasks.count == 1 ? "; for pixels it was not tried" : "")."
    }
    return bestFactor.map { best in
      "A fixed price on contributions, with nothing random, "
        + gain(best.net).worded(
          above: "saves something, too.", below: "makes the net err more, so why noise helps is open.",
          withinChance: "saves nothing beyond chance, so why noise helps is open.")
    }
  }
}

extension Dropouts {
  /// One table of nets that lose units, with those that pay the price, and the answer.
  static func addPrice(to page: inout Page, _ nets: [InsideFindings], _ findings: Findings) {
    func net(_ name: String) -> InsideFindings? { nets.first { $0.name == name } }
    if findings.ofMasks.isEmpty, findings.bestFactor != nil {
      page.prose(
        """
        ### Is that price the reason?

        A net that breaks less easily need not err less. So we also train a net that pays $\\lambda \\sum w^2 h^2$ for each layer above hidden units, and *in which nothing is random*. \
        Its $\\lambda$ is the best of \(PricedNets.firstFactors.count), which is the smallest (\(short(Double(PricedNets.firstFactors[0])))).
        """)
    }
    if !findings.ofMasks.isEmpty {
      page.prose(
        """
        ### Is that price the reason?

        A net that breaks less easily need not err less. So we also train nets that pay the price, and *in which nothing is random*. Their loss is cross-entropy. Expand it, for one image, in the noise of the \
        values $h_i$: the first order is 0 on average, and the second is (Wager et al., for one layer)
        """)
      page.math(
        "\\frac{1}{2}\\,\\frac{p}{1-p} \\sum_i h_i^2 \\; \\text{Var}_k\\left(\\frac{\\partial z_k}{\\partial h_i}\\right)"
      )
      page.prose(
        """
        The variance is over the classes $k$, drawn with the net's probabilities $q$. For the last layer $\\partial z_k/\\partial h_i$ is the weight `W[k, i]`:

        ```python
        price = p / (1 - p) / 2 * (h**2 * (q @ W**2 - (q @ W)**2)).sum()
        ```

        Take two classes with the probabilities 0.9 and 0.1, and a unit with the weights 2 and −1 to them. The variance is $0.9 \\cdot 0.1 \\cdot 3^2 = 0.81$. With 0.999 and 0.001 it is 0.009: \
        **where the net is sure, it pays almost nothing.** So this price may leave a net fragile that has learned its images, and masks would not. As a control, other nets pay the fixed price \
        $\\lambda \\sum w^2 h^2$ with the best of \(findings.ofFactors.count > 1 ? "\(findings.ofFactors.count) $\\lambda$" : "\(PricedNets.firstFactors.count) $\\lambda$, which was the smallest; smaller ones were not tried").
        """)
    }
    let (apart, decay) = (findings.controls?.apart, findings.controls?.decay ?? findings.contest[Place.decay])
    func row(_ words: String, _ name: String, _ tuned: Tuned?) -> (String, Summary?, Summary)? {
      net(name).map { (words, tuned.map(findings.gain), $0.halfLost) }
    }
    func row(_ words: String, _ place: Int) -> (String, Summary?, Summary)? {
      guard findings.ofMasks.indices.contains(place) else { return nil }
      let priced = findings.ofMasks[place].priced
      return (words, findings.gain(priced.net), priced.halfLost)
    }
    let noise = apart.flatMap { $0.noise.count > 1 ? $0.noise[1] : nil }
    let rows = [
      row("nothing", "nothing", nil), row("half of the hidden units dropped", "hidden units", apart?.wide?.units),
      row("noise on them instead", "noise on hidden units", noise), row("the price of such masks, no noise", 0),
      row("a fifth of the pixels dropped", "pixels", apart?.wide?.pixels), row("the price of such masks, no noise", 1),
      findings.bestFactor.map {
        ("the fixed price $\\lambda \\sum w^2 h^2$, no noise", findings.gain($0.net), $0.halfLost)
      },
      row("L2", "L2", decay),
    ].compactMap(\.self)
    page.table(
      Table(
        "Points of test error saved, and lost when half of the hidden units are removed after training, ± 95 %; layers of \(findings.wide), \(counted(nets[0].halfLost.count, "seed"))",
        columns: ["trained with", "saved", "lost without half"],
        rows: rows.map { [TableCell($0.0), $0.1.map { TableCell(spread($0)) } ?? "–", TableCell(spread($0.2))] }))
    page.project("Which nets break when units are removed?")
    page.prose(verdict(nets, findings))
    if findings.ofFactors.count > 1 { page.fold("The fixed price, for every λ") { addFactors(to: &$0, findings) } }
  }

  /// What the table says.
  private static func verdict(_ nets: [InsideFindings], _ findings: Findings) -> String {
    func net(_ name: String) -> InsideFindings? { nets.first { $0.name == name } }
    var words: [String] = []
    if let plain = net("nothing"), let units = net("hidden units"), let noise = net("noise on hidden units") {
      if saves(plain.halfLost - units.halfLost), saves(plain.halfLost - noise.halfLost) {
        words.append(
          "**Unreliable units make a net sturdy**, \((noise.halfLost - units.halfLost).worded(above: "masks somewhat more than noise", below: "noise somewhat more than masks", withinChance: "by masks or by noise"))."
        )
      }
      if (units.carrying - plain.carrying).mean < plain.carrying.mean / 10 {
        words.append(
          "Yet the work is hardly spread over more units (\(fixed(units.carrying.mean, 0)) of \(findings.wide) carry the layer, without dropout \(fixed(plain.carrying.mean, 0))): what has changed is how well the next layer bears a loss."
        )
      }
    }
    guard let verdict = findings.verdictOnPrice else {
      words.append(
        "Whether the price is also *why* the net makes fewer errors is open: a net that pays it without noise was not tried."
      )
      return words.joined(separator: " ")
    }
    words.append("\n\n**\(verdict)**")
    if findings.ofMasks.isEmpty {
      words.append(
        "One difference is known: with cross-entropy the price that noise sets is not fixed. To second order it vanishes where the net is sure (Wager et al.). That price, and smaller $\\lambda$, were not tried."
      )
      return words.joined(separator: " ")
    }
    if findings.needsNoSturdiness, let wide = findings.controls?.apart?.wide {
      words.append(
        "**A net need not be sturdy to err less:** with dropped pixels it saves \(fixed(findings.gain(wide.pixels).mean, 1)) points and breaks like the plain one, and the net with L2 errs less and breaks more easily than any. Why dropped pixels help, this table does not say."
      )
    }
    return words.joined(separator: " ")
  }

  /// What each λ saves and makes sturdy.
  private static func addFactors(to page: inout Page, _ findings: Findings) {
    page.table(
      Table(
        "Points of test error saved by the fixed price, and lost when half of the hidden units are removed, ± 95 %",
        columns: ["λ", "saved", "lost without half"],
        rows: findings.ofFactors.map {
          [
            TableCell(short(Double($0.price.factor))), TableCell(spread(findings.gain($0.net))),
            TableCell(spread($0.halfLost)),
          ]
        }))
    page.code("price", in: "Price.swift")
  }
}
