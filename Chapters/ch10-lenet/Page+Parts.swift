// The page of chapter 10: what activation, loss and initial weights are worth.

import Foundation
import Workbook

extension LeNet {
  private static let parts: [(name: String, tick: String, change: @Sendable (Ablation.Cell) -> Bool)] = [
    ("cross-entropy after softmax", "cross-entropy", { $0.hasCrossEntropy }), ("ReLU", "ReLU", { $0.isReLU }),
    ("PyTorch's initial weights", "PyTorch's weights", { $0.startsSmall }),
  ]

  /// By what each of the three changes multiplies the error.
  static func effects(_ ablation: Ablation) -> [Factor] {
    parts.map { ablation.factor(of: $0.change, among: comparisons) }
  }

  /// Three changes, at one rate and at rates of their own.
  static let comparisons = 6

  /// Activation, loss and initial weights.
  static func addParts(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let findings = runs.reported
    guard let slow = findings.ablation else { return }
    let (atOne, own) = (effects(slow), findings.ownAblation)
    let strongest = atOne.indices.min { atOne[$0].mean < atOne[$1].mean } ?? 0
    page.prose(
      """
      ## Which of the changes helps?

      *ReLU + CE* differs from LeNet-5 in three things: the activation, the loss and the initial weights, which are Xavier's or \
      those of PyTorch. Each can be old or new, so there are eight nets. All are trained for \(counted(slow.epochs, "epoch")) at the rate \
      \(findings.rate)\(own == nil ? "" : ", and once more each at its own rate"). There are four pairs of nets that \
      differ in one change alone; its effect is the geometric mean of the four ratios of their errors.
      """)
    page.predict(
      "Which of the three changes lowers the error most at the rate \(findings.rate)?",
      choices: parts.map(\.name), answer: strongest,
      capitalized(
        zip(parts, atOne).map {
          "\($0.name): error × \(fixed($1.mean, 2))\($1.direction == .withinChance ? " (within chance)" : "")"
        }.joined(separator: "; ")) + ". Below 1 is a gain.")
    page.project("Activation, loss, initial weights: which one helps?")
    page.figure(effectFigure(slow, own, findings))
    page.project(effectSlide(atOne, own, findings.rate))
    page.prose(partsFinding(own))
    page.fold("The eight nets") {
      $0.table(eightTable(slow, own, findings))
      $0.prose(
        """
        For ReLU in nets of dense layers Glorot, Bordes and Bengio (2011) measured a factor of 0.91, and credit its many zeros.
        """)
    }
    addPushes(to: &page, findings)
    addGradients(to: &page, runs)
  }

  /// What each change multiplies the error by, with its interval.
  private static func effectFigure(_ slow: Ablation, _ own: Ablation?, _ findings: VariantFindings) -> Figure {
    func points(_ name: String, _ effects: [Factor], shift: Double, color: Int) -> Series {
      Series(
        name, x: effects.indices.map { Double($0 + 1) + shift }, y: effects.map(\.mean), style: .points, color: color)
    }
    func intervals(_ effects: [Factor], shift: Double, color: Int) -> [Series] {
      guard effects.allSatisfy({ $0.low > 0 && $0.high.isFinite }) else { return [] }
      return [
        Series(
          "", x: effects.indices.flatMap { Array(repeating: Double($0 + 1) + shift, count: 2) + [.nan] }.dropLast(),
          y: effects.flatMap { [$0.low, $0.high, $0.high] }.dropLast(), style: .line, color: color)
      ]
    }
    let (atOne, atOwn) = (effects(slow), own.map { effects($0) })
    let seeds = slow.cells[0].errors.count, ownSeeds = own?.cells[0].errors.count ?? seeds
    return Figure(
      effectTitle(atOne, atOwn, findings.rate),
      .lines(
        LineChart(
          x: Axis("", range: 0.5...3.5, ticks: parts.enumerated().map { (Double($0 + 1), $1.tick) }),
          y: Axis(
            "error multiplied by", log: true,
            ticks: [0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 2].map { ($0, short($0)) }),
          [points("at \(findings.rate)", atOne, shift: own == nil ? 0 : -0.06, color: 4)]
            + (atOwn.map { [points("each at its own rate", $0, shift: 0.06, color: 6)] } ?? [])
            + intervals(atOne, shift: own == nil ? 0 : -0.06, color: 4)
            + (atOwn.map { intervals($0, shift: 0.06, color: 6) } ?? []),
          references: [.init(.horizontal, at: 1, "no effect")])),
      caption: """
        After \(counted(slow.epochs, "epoch")): means of \
        \(seeds == ownSeeds ? counted(seeds, "seed") : "\(counted(seeds, "seed")) at \(findings.rate) and \(ownSeeds) at own rates"), with \
        95 % intervals, widened for \(comparisons) comparisons, from the spread of all eight nets; \(grouped(findings.trainingCount)) \
        digits. Below the line at 1 a change helps.\(own == nil ? "" : " \(capitalized(counted(OwnRates.choosers, "seed"))) chose each own rate.")\(nullNote(atOwn))
        """, name: "ablation", isWide: true)
  }

  /// The intervals at rates of their own in which the difference is within chance.
  private static func nullNote(_ atOwn: [Factor]?) -> String {
    guard let atOwn else { return "" }
    let open = parts.indices.filter { atOwn[$0].direction == .withinChance }
    return open.isEmpty
      ? "" : " At own rates: \(listed(open.map { "\(parts[$0].tick) \(atOwn[$0].interval)" }))."
  }

  private static func effectTitle(_ atOne: [Factor], _ atOwn: [Factor]?, _ rate: Float) -> String {
    let strongest = atOne.indices.min { atOne[$0].mean < atOne[$1].mean } ?? 0
    let first =
      atOne[strongest].direction == .below
      ? "At \(rate) \(parts[strongest].tick) helps most: error × \(fixed(atOne[strongest].mean, 2))"
      : "What each of the three changes multiplies the error by"
    guard let atOwn else { return first }
    let kept = parts.indices.filter { atOwn[$0].direction == .below }
    return first
      + (kept.isEmpty
        ? "; with a rate for each net none of the three helps beyond chance"
        : "; with a rate for each net: \(listed(kept.map { "\(parts[$0].tick) × \(fixed(atOwn[$0].mean, 2))" }))")
  }

  /// The same on a slide.
  private static func effectSlide(_ atOne: [Factor], _ own: Ablation?, _ rate: Float) -> String {
    let strongest = atOne.indices.min { atOne[$0].mean < atOne[$1].mean } ?? 0
    guard atOne[strongest].direction == .below else { return "Eight nets between LeNet-5 and ReLU + CE" }
    guard let own else { return "Of the three, \(parts[strongest].tick) helps most" }
    return effects(own)[strongest].worded(
      above: "With a rate for each, \(parts[strongest].tick) does harm",
      below: "\(capitalized(parts[strongest].tick)) helps most, with own rates, too",
      withinChance: "\(capitalized(parts[strongest].tick)) helps most, but only at \(rate)")
  }

  /// What is left of each at rates of their own, in words.
  static func partsFinding(_ own: Ablation?) -> String {
    guard let own else { return "" }
    let atOwn = effects(own)
    func told(_ direction: Summary.Direction) -> String {
      let found = parts.indices.filter { atOwn[$0].direction == direction }
      return listed(found.map { "\(parts[$0].tick) (× \(fixed(atOwn[$0].mean, 2)))" })
    }
    let (gains, losses) = (told(.below), told(.above))
    return gains.isEmpty && losses.isEmpty
      ? "**Once each net has its own rate, nothing beyond chance is left of any of the three.**"
      : "Once each net has its own rate, a gain is left of \(gains.isEmpty ? "none" : gains), a loss of \(losses.isEmpty ? "none" : losses)."
  }

  /// Errors and rates of the eight.
  private static func eightTable(_ slow: Ablation, _ own: Ablation?, _ findings: VariantFindings) -> Table {
    let rates = findings.ownAblationRates
    var columns: [Table.Column] = [
      "activation, loss, initial weights", .init("at \(findings.rate) (%)", digits: 2),
    ]
    if own != nil { columns += ["its own rate", .init("at its own rate (%)", digits: 2)] }
    return Table(
      "Test errors after \(counted(slow.epochs, "epoch")) of \(grouped(findings.trainingCount)) digits; ± is the standard deviation",
      columns: columns,
      rows: slow.cells.indices.map { place in
        let cell = slow.cells[place]
        var row: [TableCell] = [
          TableCell(
            "\(cell.isReLU ? "ReLU" : "tanh"), \(cell.hasCrossEntropy ? "cross-entropy" : "squared error"), \(cell.startsSmall ? "PyTorch's" : "Xavier's")"
          ), .measured(cell.error(after: slow.epochs)),
        ]
        if let own {
          row += [
            TableCell(
              rates.indices.contains(place) ? short(rates[place]) : "–"),
            .measured(own.cells[place].error(after: own.epochs)),
          ]
        }
        return row
      })
  }
}
