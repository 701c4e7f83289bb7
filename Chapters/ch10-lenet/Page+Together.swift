// The page of chapter 10: everything that the earlier chapters taught, and what is missed when one part is left out.

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
      # Each image is shifted anew whenever it is used.
      training_set.transform = T.Compose([T.RandomCrop(28, padding=2), scale])
      for i, m in enumerate(model):
          if hasattr(m, "reset_parameters"): m.reset_parameters()  # begins anew
          if isinstance(m, nn.AvgPool2d): model[i] = nn.MaxPool2d(2)
          if isinstance(m, (nn.Conv2d, nn.Linear)):
              nn.init.kaiming_normal_(m.weight); nn.init.zeros_(m.bias)
      optimizer = torch.optim.SGD(model.parameters(), lr=\(short(full.rate)), momentum=0.9)
      schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=\(findings.epochs))
      model.train()
      for epoch in range(\(findings.epochs)):
          for images, labels in DataLoader(training_set, batch_size=\(findings.batch), shuffle=True):
              loss = F.cross_entropy(model(images), labels)
              optimizer.zero_grad(); loss.backward(); optimizer.step()
          schedule.step()
      test(tests)
      ```

      Expect about \(fixed(full.error.mean, 1)) %.
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
      few to see what one part does. So each seed draws only \(grouped(Worth.fewDigits)) of the training \
      digits, and learns from these for \(counted(Worth.fewEpochs, "epoch")). Each part of the listing is left out once, and the rate is \
      chosen anew, with \(findings.worth?.fewChoosers ?? "some") other seeds and on digits kept back.
      """)
    page.figure(leftOutFigure(few, findings))
    page.project(leftOutSlide(few))
    page.prose(leftOutFinding(few, findings))
    if let relu = reluAnswer(few, findings) { page.prose(relu) }
    if let careless = careless(findings) { page.prose(careless) }
    page.fold("The errors and the rates") {
      $0.table(leftOutTable(few, findings))
      $0.prose(
        """
        All nets of a seed learn from the same digits, so what they have in common is taken off. The intervals do not contain \
        what another choice of rates could change.\(choosersNote(findings))
        """)
    }
  }

  /// How many seeds chose which rate.
  private static func choosersNote(_ findings: VariantFindings) -> String {
    guard findings.leftOutListed != nil, let few = findings.worth?.fewChoosers, few.contains("or"),
      let least = few.split(separator: " ").first
    else { return "" }
    return
      " \(Worth.fewChoiceSeeds) seeds chose the rates of the whole and of the net without batch norm, \(least) the others."
  }

  /// The answer to the chapter's question in a line, for its head; empty where the nets have no rates of their own.
  static func answer(_ findings: VariantFindings) -> String {
    guard let steps = findings.steps, let whole = steps.whole, steps[.full] != nil, whole.direction == .below else {
      return ""
    }
    var modern = ""
    if steps.changes[0].factor.direction == .withinChance {
      let counts = findings.leftOutFew.map { reluAnswer($0, findings) != nil } ?? false
      modern =
        "; ReLU and cross-entropy alone, none that we could see\(counts ? ". ReLU counted only in the full recipe, with few digits" : "")"
    }
    return
      " At a learning rate chosen for each net, all together remove \(percent(1 - whole.mean)) of its mistakes\(modern)."
  }

  /// What is missed and what is not, in words.
  static func leftOutFinding(_ leftOut: LeftOut, _ findings: VariantFindings) -> String {
    let (missed, open, harmful) = (leftOut.missed, leftOut.open, leftOut.harmful)
    let first =
      missed.isEmpty
      ? "**No part is missed by more than chance.**"
      : "**Missed by more than chance: \(listed(missed.map(\.part.name))).**"
    let second =
      open.isEmpty
      ? ""
      : " Without \(listed(open.map(\.part.name))) we saw no difference; the figure shows how large one may still be. What one part alone would do for LeNet-5 we did not measure."
    let third =
      harmful.isEmpty
      ? "" : " Without \(listed(harmful.map(\.part.name))) the net makes fewer mistakes, by more than chance."
    return
      "\(first)\(second)\(third)\(outputNormFinding(findings)) All this is MNIST; with other images the order may be another."
  }

  /// What batch normalization of the ten outputs does.
  private static func outputNormFinding(_ findings: VariantFindings) -> String {
    guard findings.leftOutListed != nil, let found = findings.outputNorm else { return "" }
    return found.factor.worded(
      from: 1, above: " Batch norm at the ten outputs, too, does harm.",
      below: " Batch norm at the ten outputs, too, would be a gain.",
      withinChance: " Of batch norm at the ten outputs, too, we saw no gain.")
  }

  /// One answer on ReLU.
  static func reluAnswer(_ leftOut: LeftOut, _ findings: VariantFindings) -> String? {
    guard let own = findings.ownAblation, effects(own)[1].direction == .withinChance,
      let row = leftOut.missed.first(where: { $0.part == .relu })
    else { return nil }
    return """
      **So take ReLU.** In the full recipe, with \(grouped(Worth.fewDigits)) digits, the error with tanh is \(fixed(leftOut.factor(row).mean, 2)) \
      times as large. In LeNet-5 with all digits we saw no difference. Whether the recipe, the few digits or chance makes this difference, we cannot say.
      """
  }

  /// What one seed had chosen for the whole, and what came of it.
  static func careless(_ findings: VariantFindings) -> String? {
    guard let before = findings.leftOutFewByOneSeed, let leftOut = findings.leftOutLastNorm,
      Float(before.wholeRate) != Float(leftOut.wholeRate)
    else { return nil }
    let invented = before.harmful.filter { row in !leftOut.harmful.contains { $0.part == row.part } }.map(\.part.name)
    let hidden = leftOut.missed.filter { row in !before.missed.contains { $0.part == row.part } }.map(\.part.name)
    let effects = [
      invented.isEmpty ? nil : "\(listed(invented)) seemed to do harm",
      hidden.isEmpty ? nil : "\(listed(hidden)) seemed to be of no use",
    ].compactMap { $0 }
    guard !effects.isEmpty else { return nil }
    let isSame = Set(leftOut.missed.map(\.part)) == Set(findings.leftOutFew?.missed.map(\.part) ?? [])
    let test =
      findings.leftOutListed == nil
      ? ""
      : " We made the same test of a net with batch norm at its outputs, too."
        + (isSame ? " With rates chosen by \(Worth.fewChoiceSeeds) seeds the same parts are missed." : "")
    return """
      **A rate chosen carelessly invents effects.**\(test) With rates chosen by one seed (for the whole recipe \
      \(short(before.wholeRate)), not \(short(leftOut.wholeRate))), \(effects.joined(separator: ", and ")).
      """
  }

  /// The factors with their intervals.
  private static func leftOutFigure(_ leftOut: LeftOut, _ findings: VariantFindings) -> Figure {
    let ranking = leftOut.ranking
    let factors = ranking.map { leftOut.factor($0) }
    // The part that is missed most stands at the top.
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
            [true, false].compactMap { isMissed -> Series? in
              let places = ranking.indices.filter { (factors[$0].low > 1) == isMissed }
              if places.isEmpty { return nil }
              return isPoints
                ? Series(
                  isMissed ? "missed" : "within chance", x: places.map { factors[$0].mean }, y: places.map(height),
                  style: .points, isEmphasized: isMissed, color: isMissed ? 5 : 7)
                : Series(
                  "", x: places.flatMap { [factors[$0].low, factors[$0].high, .nan] }.dropLast(),
                  y: places.flatMap { Array(repeating: height($0), count: 3) }.dropLast(), style: .line,
                  isEmphasized: isMissed, color: isMissed ? 5 : 7)
            }
          }, references: [.init(.vertical, at: 1, "no difference")])),
      caption: """
        \(findings.data), after \(counted(Worth.fewEpochs, "epoch")) of \(grouped(Worth.fewDigits)) digits, \
        \(counted(leftOut.whole.count, "seed")). Right of the line at 1 the part is missed. The 95 % intervals are widened for \
        \(counted(leftOut.rows.count, "comparison")).\(lastNormCaption(findings))
        """, name: "left-out", isWide: true)
  }

  /// That the nets of an older record normalize their outputs, unlike that of the listing.
  private static func lastNormCaption(_ findings: VariantFindings) -> String {
    findings.leftOutListed == nil ? " Unlike in the listing, batch norm follows the ten outputs, too." : ""
  }

  /// A rate that falls.
  static func addSchedule(to page: inout Page, _ reported: VariantFindings) {
    page.fold("A rate that falls by a table (for exercise 10.3)") {
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
    if findings.leftOutListed != nil, let found = findings.outputNorm {
      rows.append(
        [
          "nothing; batch norm at the outputs added", .measured(found.error),
          TableCell("\(fixed(found.factor.mean, 2)) (\(found.factor.interval(2)), not widened)"),
          TableCell(short(found.rate)),
        ])
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
    let (missed, count) = (leftOut.missed, leftOut.rows.count)
    let digits = "With \(grouped(Worth.fewDigits)) digits"
    return missed.isEmpty
      ? "\(digits) no single part is missed by more than chance"
      : missed.count > 3
        ? "\(digits), \(missed.count) of the \(count) parts are missed by more than chance"
        : "\(digits), \(leftOut.missedText) missed by more than chance"
  }

  private static func leftOutSlide(_ leftOut: LeftOut) -> String {
    let (missed, digits) = (leftOut.missed, "With \(grouped(Worth.fewDigits)) digits, ")
    switch missed.count {
    case 0: return "\(digits)no part is clearly missed"
    case 1: return "\(digits)\(leftOut.missedText) missed"
    default: return "\(digits)\(missed.count) of \(leftOut.rows.count) parts are missed"
    }
  }
}
