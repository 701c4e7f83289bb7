// The page of chapter 10: everything that the earlier chapters taught, and what is needed of it.

import Foundation
import Workbook

extension LeNet {
  /// The full recipe, and the same taken apart.
  static func addTogether(to page: inout Page, _ findings: VariantFindings) {
    guard let steps = findings.steps, let full = steps[.full] else { return }
    page.prose(
      """
      ## Everything together

      The *full recipe* adds to ReLU + CE + BN what the earlier chapters recommend: He's initial weights (chapter 4), max pooling (chapter \
      9), momentum 0.9 (chapter 1), a rate that falls along half a cosine to 0, and digits that are shifted by up to two \
      pixels each time they are used (chapter 7). In PyTorch, after the listings above:

      ```python
      shift = T.Compose([T.RandomCrop(28, padding=2), scale])  # anew at every use
      shifted = datasets.MNIST("data", transform=shift)        # `plain` stays as it is
      def recipe(): return lenet(pool=nn.MaxPool2d, start=nn.init.kaiming_normal_)

      full = at_own_rate(recipe, [0.01, 0.03, 0.1, 0.3], data=shifted,
                         momentum=0.9, falls=True)
      print(full)
      ```

      Expect about \(fixed(full.error.mean, 1)) % at the rate \(short(full.rate)).
      """)
    if let few = findings.leftOutFew { addLeftOut(to: &page, few, full, findings) }
    addSchedule(to: &page, findings)
  }

  /// One part left out at a time, on few digits.
  private static func addLeftOut(
    to page: inout Page, _ few: LeftOut, _ full: Steps.Row, _ findings: VariantFindings
  ) {
    page.prose(
      """
      **Which parts matter?** With all digits only \(fixed(full.error.mean * Double(findings.testCount) / 100, 0)) mistakes are left, too \
      few to see what one part does\(shiftsWithAll(findings)). So each seed draws only \(grouped(Worth.fewDigits)) of the training \
      digits, and learns from these for \(counted(Worth.fewEpochs, "epoch")). Each part of the listing is left out once, and the rate is \
      chosen anew, on digits kept back.\(choosersNote(findings))
      """)
    if let code = leftOutListing(few) { page.prose(code) }
    page.figure(leftOutFigure(few, findings))
    page.project(leftOutTitle(few))
    page.prose(leftOutFinding(few, findings))
    if let relu = reluAnswer(few, findings) { page.prose(relu) }
    page.fold("The errors and the rates") {
      $0.table(leftOutTable(few, findings))
      $0.prose(
        """
        All nets of a seed learn from the same digits. So they are compared seed by seed.
        """)
    }
  }

  /// One part left out, to repeat; nil where it was not measured.
  private static func leftOutListing(_ few: LeftOut) -> String? {
    guard let norm = few.rows.first(where: { $0.part == .norm }) else { return nil }
    return """
      ```python
      def bare(): return lenet(norm=False, pool=nn.MaxPool2d, start=nn.init.kaiming_normal_)
      few = Subset(shifted, range(\(Worth.fewDigits)))            # our seeds draw others
      for build, rate in [(recipe, \(short(few.wholeRate))), (bare, \(short(norm.rate)))]:
          print(error(train(build, few, \(Worth.fewEpochs), rate, seed=1, momentum=0.9, falls=True), tests))
      ```

      Expect about \(fixed(few.whole.mean, 1)) and \(fixed(norm.error.mean, 1)) %.
      """
  }

  /// How many seeds chose which rate.
  private static func choosersNote(_ findings: VariantFindings) -> String {
    func count(_ part: TaughtPart?) -> Int? { findings.worth?.choosers(of: Worth.few(part)) }
    guard let whole = count(nil) else { return "" }
    let fewer = TaughtPart.allCases.filter { (count($0) ?? whole) < whole }
    let least = fewer.compactMap(count).min() ?? whole
    return fewer.isEmpty
      ? " \(capitalized(counted(whole, "seed"))) chose each rate."
      : " \(capitalized(counted(whole, "seed"))) chose the rate of the whole and of the nets without \(listed(TaughtPart.allCases.filter { !fewer.contains($0) }.map(\.name))), \(least) those of the others."
  }

  /// What leaving out the shifts did with all digits, where that was measured.
  private static func shiftsWithAll(_ findings: VariantFindings) -> String {
    guard let many = findings.leftOut, let row = many.rows.first(where: { $0.part == .shifts }) else { return "" }
    let factor = many.factor(row)
    return factor.direction == .withinChance
      ? ": without the shifts the error is \(fixed(factor.mean, 2)) times as large, within chance (measured with batch norm at the outputs as well)"
      : ""
  }

  /// The answer to the chapter's question in a line, for its head; empty where the nets have no rates of their own.
  static func answer(_ findings: VariantFindings) -> String {
    guard let steps = findings.steps, let whole = steps.whole, steps[.full] != nil, whole.direction == .below else {
      return ""
    }
    let gains = findings.singles.filter { $0.factor.direction == .below }.map(\.change.name)
    let modern =
      steps.changes[0].factor.direction == .withinChance
      ? "; ReLU and cross-entropy alone, none that we could see" : ""
    return
      " At a learning rate chosen for each net, all together remove \(percent(1 - whole.mean)) of its mistakes\(modern)\(gains.isEmpty ? "" : ", \(listed(gains)) alone some")."
  }

  /// What is needed and what is not, in words.
  static func leftOutFinding(_ leftOut: LeftOut, _ findings: VariantFindings) -> String {
    let (needed, open, harmful) = (leftOut.needed, leftOut.open, leftOut.harmful)
    let first =
      needed.isEmpty
      ? "**No part is needed, beyond chance.**"
      : "**Needed, by more than chance: \(listed(needed.map(\.part.name))).**"
    let second =
      open.isEmpty
      ? ""
      : " Without \(listed(open.map(\.part.name))) we saw no difference; the figure shows how large one may still be."
    let third =
      harmful.isEmpty
      ? "" : " Without \(listed(harmful.map(\.part.name))) the net makes fewer mistakes, by more than chance."
    return "\(first)\(second)\(third) All this is MNIST; with other images the order may be another."
  }

  /// One answer on ReLU.
  static func reluAnswer(_ leftOut: LeftOut, _ findings: VariantFindings) -> String? {
    guard let own = findings.ownAblation, effects(own)[1].direction == .withinChance,
      let row = leftOut.needed.first(where: { $0.part == .relu })
    else { return nil }
    return """
      **So take ReLU.** In this recipe the error with tanh is \(fixed(leftOut.factor(row).mean, 2)) times as large; in LeNet-5 with all digits \
      we saw no difference. In the recipe tanh kept He's weights. We do not know why the two tests disagree.
      """
  }

  /// The factors with their intervals.
  private static func leftOutFigure(_ leftOut: LeftOut, _ findings: VariantFindings) -> Figure {
    let ranking = leftOut.ranking
    let factors = ranking.map { leftOut.factor($0) }
    // The part that is needed most stands at the top.
    func height(_ place: Int) -> Double { Double(ranking.count - place) }
    return Figure(
      leftOutTitle(leftOut),
      .lines(
        LineChart(
          x: Axis(
            "error without the part, divided by the error of the whole", log: true,
            ticks: [0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.5, 1.7, 2].map { ($0, short($0)) }),
          y: Axis(
            "left out", range: 0.6...Double(ranking.count) + 0.6,
            ticks: ranking.indices.map { (height($0), ranking[$0].part.tick) }),
          [true, false].flatMap { isPoints in
            [true, false].compactMap { isNeeded -> Series? in
              let places = ranking.indices.filter { (factors[$0].low > 1) == isNeeded }
              if places.isEmpty { return nil }
              return isPoints
                ? Series(
                  isNeeded ? "needed: more errors without it" : "within chance", x: places.map { factors[$0].mean },
                  y: places.map(height),
                  style: .points, isEmphasized: isNeeded, color: isNeeded ? 5 : 7)
                : Series(
                  "", x: places.flatMap { [factors[$0].low, factors[$0].high, .nan] }.dropLast(),
                  y: places.flatMap { Array(repeating: height($0), count: 3) }.dropLast(), style: .line,
                  isEmphasized: isNeeded, color: isNeeded ? 5 : 7)
            }
          }, references: [.init(.vertical, at: 1, "no difference")])),
      caption: """
        \(findings.data), after \(counted(Worth.fewEpochs, "epoch")) of \(grouped(Worth.fewDigits)) digits, \
        \(counted(leftOut.whole.count, "seed")). Right of the line at 1 the error grows without the part. The 95 % intervals are widened for \
        \(counted(leftOut.rows.count, "comparison")).
        """, name: "left-out", isWide: true)
  }

  /// A rate that falls.
  static func addSchedule(to page: inout Page, _ reported: VariantFindings) {
    page.fold("The step schedule of 1998 (for exercise 10.3)") {
      $0.prose(
        """
        S1 gives the rates of 1998, which fall in steps: \
        \(LeNetOptions.describe(.lenet)). It belongs to a method that gave every weight a step of its own, after every image.
        """)
      $0.callout(
        .erratum("S1"),
        """
        S1's table has lost a row: LeCun et al. (1998) have 0.0001 for three passes between 0.0002 and 0.00005.
        """)
    }
  }

  /// Errors after the whole training.
  private static func leftOutTable(_ leftOut: LeftOut, _ findings: VariantFindings) -> Table {
    var rows: [[TableCell]] = [
      ["nothing", .measured(leftOut.whole), "1", TableCell(short(leftOut.wholeRate))]
    ]
    rows += leftOut.ranking.map {
      [
        TableCell("\($0.part.name) → \($0.part.instead)"), .measured($0.error), TableCell(leftOut.factor($0).text),
        TableCell(short($0.rate)),
      ]
    }
    return Table(
      "Test errors after \(counted(Worth.fewEpochs, "epoch")) of \(grouped(Worth.fewDigits)) digits in batches of \(findings.batch), \(counted(leftOut.whole.count, "seed")); momentum 0.9 in all rows but *momentum*; ± is the standard deviation",
      columns: [
        "left out → in its place", .init("test error (%)", digits: 2), "divided by the whole (95 %, widened)",
        "its own rate",
      ],
      rows: rows)
  }

  private static func leftOutTitle(_ leftOut: LeftOut) -> String {
    let (needed, count) = (leftOut.needed, leftOut.rows.count)
    let digits = "With \(grouped(Worth.fewDigits)) digits"
    return needed.isEmpty
      ? "\(digits) no single part is needed, beyond chance"
      : needed.count > 3
        ? "\(digits), \(needed.count) of the \(count) parts are needed"
        : "\(digits), \(leftOut.neededText) needed"
  }
}
