// The page of chapter 10: what activation, loss and first weights are worth, and what batch normalization is.

import Foundation
import Workbook

extension LeNet {
  private static let parts: [(name: String, tick: String, change: @Sendable (Ablation.Cell) -> Bool)] = [
    ("cross-entropy after softmax", "cross-entropy", { $0.hasCrossEntropy }), ("ReLU", "ReLU", { $0.isReLU }),
    ("small initial weights", "small weights", { $0.startsSmall }),
  ]

  /// By what each of the three changes multiplies the error.
  static func effects(_ ablation: Ablation, after epoch: Int? = nil) -> [Summary] {
    parts.map { ablation.effect(of: $0.change, after: epoch ?? ablation.epochs) }
  }

  /// Activation, loss and initial weights.
  static func addParts(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let findings = runs.reported
    guard let slow = findings.slowAblation else { return }
    let (atOne, own) = (effects(slow), findings.ownAblation)
    let strongest = atOne.indices.min { atOne[$0].mean < atOne[$1].mean } ?? 0
    page.prose(
      """
      ## Which part earns it?

      Three things change between LeNet-5 and LeNet-5+: activation, loss and initial weights. \
      \(own == nil ? "All eight combinations, at the rate \(findings.rate), tell which of them earns its speed." : "So there are eight networks. Each is trained at \(findings.rate) and at its own rate, for \(counted(slow.epochs, "epoch")); what a part is worth is the mean of the four pairs that differ in nothing else.")
      """)
    page.predict(
      "LeNet-5+ differs from LeNet-5 in three things. At the rate \(findings.rate), which lowers the error most?",
      choices: parts.map(\.name), answer: strongest,
      zip(parts, atOne).map { "\($0.name): error × \($1.formatted(decimals: 2))" }.joined(separator: "; ")
        + ". Below 1 is a gain, above 1 a loss.")
    page.project("Activation, loss, first weights: which earns the speed?")
    page.figure(effectFigure(slow, own, findings))
    page.project(effectSlide(atOne, own, findings.rate))
    page.prose(
      """
      \(partsFinding(atOne, own, slow.epochs, findings.rate)) \(reluFinding(own ?? slow, isOwn: own != nil))
      """)
    page.fold("The eight networks, and how the factors are computed") {
      $0.table(eightTable(slow, own, findings))
      if atOne[2].direction(from: 1) == .above {
        $0.prose(
          """
          Why do the small initial weights harm at \(findings.rate)? Within $\\pm 1/\\sqrt{n}$, for $n$ inputs, they have the \
          variance $1/(3n)$: a third of what LeCun proposed, a sixth of He's (chapter 4). So the signal shrinks from layer to \
          layer, and the first steps are small.
          """)
      }
      $0.code("effect", in: "Trials.swift")
    }
  }

  /// What each change multiplies the error by, with its interval.
  private static func effectFigure(_ slow: Ablation, _ own: Ablation?, _ findings: VariantFindings) -> Figure {
    func series(_ name: String, _ effects: [Summary], shift: Double, color: Int) -> Series {
      Series(
        name, x: effects.indices.map { Double($0 + 1) + shift }, y: effects.map(\.mean),
        deviation: effects[0].count > 2 ? effects.map(\.uncertainty) : [], style: .points, color: color)
    }
    let (atOne, atOwn) = (effects(slow), own.map { effects($0) })
    let seeds = slow.cells[0].errors.count, ownSeeds = own?.cells[0].errors.count ?? seeds
    return Figure(
      effectTitle(atOne, atOwn, findings.rate),
      .lines(
        LineChart(
          x: Axis("", range: 0.5...3.5, ticks: parts.enumerated().map { (Double($0 + 1), $1.tick) }),
          y: Axis("error multiplied by", log: true),
          [series("at \(findings.rate)", atOne, shift: own == nil ? 0 : -0.06, color: 1)]
            + (atOwn.map { [series("each at its own rate", $0, shift: 0.06, color: 0)] } ?? []),
          references: [.init(.horizontal, at: 1, "no effect")])),
      caption: """
        After \(counted(slow.epochs, "epoch")): mean and 95 % interval of \
        \(seeds == ownSeeds ? counted(seeds, "seed") : "\(counted(seeds, "seed")) at \(findings.rate), \(ownSeeds) at their own rates"). \
        Each point is the geometric mean of four pairs of networks.
        """, name: "ablation", isWide: true)
  }

  private static func effectTitle(_ atOne: [Summary], _ atOwn: [Summary]?, _ rate: Float) -> String {
    let strongest = atOne.indices.min { atOne[$0].mean < atOne[$1].mean } ?? 0
    let first =
      atOne[strongest].direction(from: 1) == .below
      ? "At \(rate) \(parts[strongest].tick) earns most: error × \(atOne[strongest].formatted(decimals: 2))"
      : "What each of the three changes multiplies the error by"
    guard let atOwn else { return first }
    let kept = parts.indices.filter { atOwn[$0].direction(from: 1) == .below }
    return first
      + (kept.isEmpty
        ? "; at their own rates none of the three lowers it beyond chance"
        : "; at their own rates \(listed(kept.map { "\(parts[$0].tick) × \(fixed(atOwn[$0].mean, 2))" }))")
  }

  /// The same on a slide.
  private static func effectSlide(_ atOne: [Summary], _ own: Ablation?, _ rate: Float) -> String {
    let strongest = atOne.indices.min { atOne[$0].mean < atOne[$1].mean } ?? 0
    guard atOne[strongest].direction(from: 1) == .below else { return "Eight networks between LeNet-5 and LeNet-5+" }
    guard let own else { return "Of the three, \(parts[strongest].tick) earns most" }
    return effects(own)[strongest].worded(
      from: 1, above: "At its own rate \(parts[strongest].tick) costs errors",
      below: "\(parts[strongest].tick.capitalizedFirst) earns most, less at its own rate",
      withinChance: "\(parts[strongest].tick.capitalizedFirst) earns most, at \(rate) only")
  }

  /// What is left of each at rates of their own, in words.
  static func partsFinding(_ atOne: [Summary], _ own: Ablation?, _ epochs: Int, _ rate: Float) -> String {
    guard let own else { return "" }
    let atOwn = effects(own)
    func told(_ place: Int) -> String { "× \(fixed(atOwn[place].mean, 2)) (95 %: \(atOwn[place].interval(2)))" }
    let shrunk = abs(log(atOwn[0].mean)) < abs(log(atOne[0].mean)) / 2
    return """
      At \(rate) cross-entropy multiplies the error by \(fixed(atOne[0].mean, 2)) (95 %: \(atOne[0].interval(2))). Where each \
      network has its own rate, it is \(told(0))\(shrunk ? ": most of the gain was that its gradients are larger, and \(rate) is far too small for squared error" : "").\
      \(atOwn[2].worded(from: 1, above: " The small initial weights still do harm: \(told(2)).", below: " The small initial weights are a gain there: \(told(2)).", withinChance: " The small initial weights do no more harm that shows: \(told(2))."))
      """
  }

  /// What ReLU is worth.
  static func reluFinding(_ ablation: Ablation, isOwn: Bool) -> String {
    let relu = effects(ablation)[1]
    let size = "error × \(fixed(relu.mean, 2)) (95 %: \(relu.interval(2)), \(counted(relu.count, "seed")))"
    let most = max(abs(1 - (relu.mean - relu.uncertainty)), abs(relu.mean + relu.uncertainty - 1))
    let place = isOwn ? "ReLU in place of tanh, each at its own rate" : "ReLU in place of tanh"
    let depth =
      "In a net as shallow as this one tanh's slope is no obstacle yet (chapter 11 has the depth where it is)."
    let published =
      "Glorot, Bordes and Bengio (2011) had 1.43 % with it and 1.57 with tanh (× 0.91), in nets of dense layers, and credit its many zeros."
    return relu.worded(
      from: 1, above: "\(place): \(size), a loss. \(published) \(depth)",
      below: "\(place): \(size), a gain. \(published)",
      withinChance:
        "\(place): \(size): no difference beyond chance, and at most \(percent(most)) either way. \(published) \(depth)"
    )
  }

  /// Errors and rates of the eight.
  private static func eightTable(_ slow: Ablation, _ own: Ablation?, _ findings: VariantFindings) -> Table {
    let rates = findings.ownAblationRates
    var columns: [Table.Column] = ["activation", "loss", "first weights", .init("at \(findings.rate) (%)", digits: 2)]
    if own != nil { columns += ["its own rate", .init("at its own rate (%)", digits: 2)] }
    return Table(
      "Test errors after \(counted(slow.epochs, "epoch"))", columns: columns,
      rows: slow.cells.indices.map { place in
        let cell = slow.cells[place]
        var row: [TableCell] = [
          TableCell(cell.isReLU ? "ReLU" : "tanh"), TableCell(cell.hasCrossEntropy ? "cross-entropy" : "squared error"),
          TableCell(cell.startsSmall ? "±1/√inputs" : "Xavier"), .measured(cell.error(after: slow.epochs)),
        ]
        if let own {
          row += [
            TableCell(
              rates.indices.contains(place)
                ? short(rates[place].rate) + (rates[place].isAtEnd ? "\u{A0}(end)" : "") : "–"),
            .measured(own.cells[place].error(after: own.epochs)),
          ]
        }
        return row
      })
  }

  /// The same at other rates: what batch normalization earns.
  static func addRates(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let sweep = runs.reported.rates else { return }
    guard let right = sweep["LeNet-5"], let plus = sweep["LeNet-5+"] else { return }
    page.prose(
      """
      ## What batch normalization earns

      Squared error after a sigmoid has the smaller gradients, so LeNet-5 asks for a larger rate. Which rates does each network \
      bear? Three epochs show it:
      """)
    // The mistake has a section of its own.
    let shown = RateSweep(epochs: sweep.epochs, curves: sweep.curves.filter { !$0.name.hasSuffix("σ′") })
    page.figure(
      Figure(
        ratesTitle(shown),
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("test error (%)", log: true, range: shown.shownRange),
            shown.curves.map {
              Series(
                shownName($0.name), x: $0.rates, y: $0.errors.map(\.mean), deviation: $0.errors.map(\.deviation),
                color: $0.color)
            })),
        caption: """
          After \(counted(sweep.epochs, "epoch")), \(counted(right.best.error.count, "seed")), mean and standard \
          deviation.\(shown.cutOffText)
          """, name: "rates"))
    let lowest = shown.curves[0].rates.indices.map { place in
      shown.curves.min { $0.errors[place].mean < $1.errors[place].mean }?.name ?? ""
    }
    page.project(
      Set(lowest).count == 1
        ? "At every rate \(shownName(lowest[0])) makes the fewest mistakes"
        : "Best rates: LeNet-5 \(short(right.best.rate)), LeNet-5+ \(short(plus.best.rate))")
    page.prose(ratesFinding(shown))
  }
}

extension String {
  /// With a capital at the beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// `a, b and c`.
func listed(_ words: [String]) -> String {
  words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
}
