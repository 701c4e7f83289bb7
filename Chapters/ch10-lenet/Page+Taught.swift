// The page of chapter 10: everything that the earlier chapters taught, and what is missed when one part is left out.

import Foundation
import Workbook

extension LeNet {
  /// The last row, taken apart.
  static func addTaught(to page: inout Page, _ findings: VariantFindings) {
    guard let all = findings.allRow, let plusPlus = findings.ownRates?.named("LeNet-5++") else { return }
    let error = Summary(all.runs.map(\.finalError))
    let gap = plusPlus.finalError - error
    // An end that rounds to 0 shows on which side of it it is.
    let low = abs(gap.magnitude.mean) - gap.uncertainty
    let size = "\(fixed(abs(gap.mean), 2)) points (\(gap.magnitude.interval(fixed(low, 2) == "0.00" ? 3 : 2)))"
    page.prose(
      """
      ## Everything together

      *LeNet-5 today* has the same layers and all that the earlier chapters recommend for such a net: ReLU (chapter \
      2), He's initial weights (chapter 4), batch normalization (chapter 5), cross-entropy (chapter 8), max pooling (chapter \
      9), momentum 0.9 (chapter 1), a rate that falls along half a cosine to 0, and digits that are shifted by up to two pixels each time they are used (chapter 7).

      \(whole(findings) ?? "It ends at \(error.formatted(decimals: 2)) % errors.") \
      \(gap.worded(
        above: "It is ahead of LeNet-5++ by \(size)\(isAtEdge(gap) ? ", at the edge of chance" : "").", below: "LeNet-5++ is ahead of it by \(size).",
        withinChance: "Against LeNet-5++, with \(fixed(plusPlus.finalError.mean, 2)) %, the difference is within chance."))
      """)
    page.prose(
      """
      In PyTorch, after the two listings above:

      ```python
      # Each image is shifted anew whenever it is used.
      training_set.transform = T.Compose([T.RandomCrop(28, padding=2), scale])
      for i, m in enumerate(model):
          if hasattr(m, "reset_parameters"): m.reset_parameters()  # begins anew
          if isinstance(m, nn.AvgPool2d): model[i] = nn.MaxPool2d(2)
          if isinstance(m, (nn.Conv2d, nn.Linear)):
              nn.init.kaiming_normal_(m.weight); nn.init.zeros_(m.bias)
      optimizer = torch.optim.SGD(model.parameters(), lr=\(short(all.choice.rate)), momentum=0.9)
      schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=\(findings.epochs))
      for epoch in range(\(findings.epochs)):
          for images, labels in DataLoader(training_set, batch_size=\(findings.batch), shuffle=True):
              loss = F.cross_entropy(model(images), labels)
              optimizer.zero_grad(); loss.backward(); optimizer.step()
          schedule.step()

      test_set = datasets.MNIST("data", train=False, transform=scale)
      model.eval()                        # batch norm: the running mean
      with torch.no_grad():
          wrong = sum((model(x).argmax(1) != y).sum() for x, y in DataLoader(test_set, 1000))
      print(wrong.item() / 100, "% test errors")
      ```
      """)
    guard let leftOut = findings.leftOutFew ?? findings.leftOut else { return }
    page.prose(findings.leftOutFew.map { fewQuestion($0, error, findings) } ?? leftOutQuestion(leftOut))
    page.figure(leftOutFigure(leftOut, findings))
    page.project(leftOutSlide(leftOut))
    page.prose(leftOutFinding(leftOut))
    if leftOut.isPaired, let outputs = lastNormFinding(findings) { page.prose(outputs) }
    if let relu = twoAnswers(leftOut, findings) { page.prose(relu) }
    if leftOut.isPaired, let careless = careless(leftOut, findings) { page.prose(careless) }
    if leftOut.isPaired, let many = findings.leftOut { page.prose(manyFinding(many, findings)) }
    addSchedule(to: &page, findings)
    page.fold("The errors and the rates") {
      $0.table(leftOutTable(leftOut, findings))
      if leftOut.isPaired, let many = findings.leftOut { $0.table(leftOutTable(many, findings)) }
      $0.prose(intervalReason(leftOut, findings))
    }
  }

  /// What everything together makes of LeNet-5, each at its own rate.
  static func whole(_ findings: VariantFindings) -> String? {
    guard let plain = findings.ownRates?.named("LeNet-5")?.finalError, let all = findings.allRow else { return nil }
    let error = Summary(all.runs.map(\.finalError))
    let gap = plain - error
    guard gap.direction() == .above else { return nil }
    return
      "**From LeNet-5 to LeNet-5 today the error falls from \(fixed(plain.mean, 2)) to \(fixed(error.mean, 2)) %**, by \(fixed(gap.mean, 2)) points (95 % interval \(gap.interval(2)), \(counted(gap.count, "seed")))."
  }

  /// The answer to the chapter's question in a line, for its head; empty where the networks have no rates of their own.
  static func answer(_ findings: VariantFindings) -> String {
    guard let plain = findings.ownRates?.named("LeNet-5"), let all = findings.allRow else { return "" }
    let error = Summary(all.runs.map(\.finalError))
    guard (plain.finalError - error).direction() == .above else { return "" }
    let most = findings.leftOutFew?.missed.first?.part
    return
      " Together, trained on all of MNIST, they bring its errors from \(fixed(plain.finalError.mean, 2)) to \(fixed(error.mean, 2)) %.\(most == .norm ? " On few digits, where more is left to gain, batch normalization is missed most." : "")"
  }

  /// Why the parts are left out with few digits.
  private static func fewQuestion(_ leftOut: LeftOut, _ error: Summary, _ findings: VariantFindings) -> String {
    """
    Which parts matter? At \(fixed(error.mean, 2)) % only \(fixed(error.mean * Double(findings.testCount) / 100, 0)) mistakes are \
    left, too few to see what one part does. So the task is made harder: each seed draws \(grouped(Worth.fewDigits)) of the training \
    digits and learns from these for \(counted(Worth.fewEpochs, "epoch")). Each part is left out once, the rate is chosen anew on digits kept \
    back, and the error is divided by that of the whole, \(fixed(leftOut.whole.mean, 2)) %.
    """
  }

  /// Why ReLU is missed here, though it brought LeNet-5 nothing.
  static func twoAnswers(_ leftOut: LeftOut, _ findings: VariantFindings) -> String? {
    guard let own = findings.ownAblation, effects(own)[1].direction(from: 1) == .withinChance,
      let row = leftOut.missed.first(where: { $0.part == .relu })
    else { return nil }
    return """
      **Does ReLU help, then?** In LeNet-5 it brought nothing beyond chance (*Which of the changes helps?*); here it is missed, \
      by a factor of \(fixed(leftOut.factor(row, among: leftOut.rows.count).mean, 2)). Networks, digits \
      and length of the training differ; which of these brings out ReLU is open.
      """
  }

  /// What one seed had chosen for the whole, and what came of it.
  static func careless(_ leftOut: LeftOut, _ findings: VariantFindings) -> String? {
    guard let before = findings.leftOutFewByOneSeed, let worth = findings.worth,
      let first = worth[Worth.few(nil)]?.choice.rate, let now = worth.fewChoice(nil)?.rate, Float(first) != Float(now)
    else { return nil }
    let invented = before.harmful.filter { row in !leftOut.harmful.contains { $0.part == row.part } }.map(\.part.name)
    let hidden = leftOut.missed.filter { row in !before.missed.contains { $0.part == row.part } }.map(\.part.name)
    let effects = [
      invented.isEmpty ? nil : "\(listed(invented)) seemed to do harm",
      hidden.isEmpty ? nil : "\(listed(hidden)) seemed to be of no use",
    ].compactMap { $0 }
    guard !effects.isEmpty else { return nil }
    return """
      **A rate chosen carelessly invents effects.** We had first chosen the rates with one seed. It gave the whole the rate \
      \(short(first)); \(Worth.fewChoiceSeeds) seeds give it \(short(now)). Divided by the whole at \(short(first)), \
      \(effects.joined(separator: ", and ")).
      """
  }

  private static func leftOutQuestion(_ leftOut: LeftOut) -> String {
    """
    Which parts matter? \(leftOut.rows.count == TaughtPart.allCases.count ? "Each part is left out once" : "Some parts are left out, one at a time"), \
    the rate is chosen anew, and the error is divided by that of the whole.
    """
  }

  /// The factors with their intervals.
  private static func leftOutFigure(_ leftOut: LeftOut, _ findings: VariantFindings) -> Figure {
    let ranking = leftOut.ranking
    let factors = ranking.map { leftOut.factor($0, among: leftOut.rows.count) }
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
            "left out", range: 0.5...Double(ranking.count) + 0.5,
            ticks: ranking.indices.map { (height($0), ranking[$0].part.tick) }),
          [false, true].flatMap { isMissed -> [Series] in
            let places = ranking.indices.filter { (factors[$0].low > 1) == isMissed }
            guard !places.isEmpty else { return [] }
            return [
              Series(
                "", x: places.flatMap { [factors[$0].low, factors[$0].high, .nan] }.dropLast(),
                y: places.flatMap { Array(repeating: height($0), count: 3) }.dropLast(), style: .line,
                isEmphasized: isMissed, color: 0),
              Series(
                "", x: places.map { factors[$0].mean }, y: places.map(height), style: .points, isEmphasized: isMissed,
                color: 0),
            ]
          }, references: [.init(.vertical, at: 1, "no difference")])),
      caption: """
        \(findings.data), after \(counted(leftOut.isPaired ? Worth.fewEpochs : findings.epochs, "epoch"))\(leftOut.isPaired ? " of \(grouped(Worth.fewDigits)) images" : ""), \(seedCounts(leftOut)). Right of the line at 1 the part is \
        missed. The 95 % intervals are widened so that all \(leftOut.rows.count) hold together.
        """, name: "left-out", isWide: true)
  }

  /// What is left of it with all digits.
  private static func manyFinding(_ many: LeftOut, _ findings: VariantFindings) -> String {
    let edge = many.missed.filter { many.factor($0, among: many.rows.count).low < 1.01 }.map(\.part.name)
    return """
      With all \(grouped(findings.trainingCount)) digits, \(seedCounts(many)) and intervals widened in the same way, \
      \(many.missed.isEmpty ? "no part is missed by more than chance: so few mistakes are left there that this experiment cannot tell the parts apart" : "\(many.missedText) missed by more than chance\(edge.isEmpty ? "" : " (\(listed(edge)) only just)"), the other \(counted(many.rows.count - many.missed.count, "part")) not") (second table in the fold). \
      There each rate was chosen with one seed and not with \(Worth.fewChoiceSeeds), so the figure is the better evidence.
      """
  }

  /// A rate that falls.
  static func addSchedule(to page: inout Page, _ reported: VariantFindings) {
    let constant = reported.named("LeNet-5+").flatMap { row in reported.steps.map { row.errors[$0.errors.count - 1] } }
    page.fold("A rate that falls by a table (for exercise 10.3)") {
      $0.prose(
        """
        Far from a minimum a large step saves time. Near it, steps of the same size jump over it. So one usually lets the rate \
        fall while a net learns. On this page it is constant in all networks\(reported.allRow == nil ? "" : " but *LeNet-5 today*"); `--schedule cosine` lets it fall.

        S1, a set of lecture slides, gives the schedule of 1998, in steps: \(LeNetOptions.describe(.lenet)). It belongs to a \
        method that gave every weight a step of its own, after every image, \(reported.batch) times as often as here. \
        \(reported.steps.flatMap { steps in constant.map { "Plain gradient descent needs larger rates: with this table LeNet-5+ has \(steps.finalError.formatted(decimals: 1)) % errors after \(steps.errors.count) epochs (\(counted(steps.runs.count, "seed"))), with \(reported.rate) throughout \($0.formatted(decimals: 1)) %." } } ?? "")
        """)
      $0.callout(
        .erratum("S1"),
        """
        S1's table has lost a row: LeCun et al. (1998) have 0.0001 for three passes between 0.0002 and 0.00005.
        """)
    }
  }

  /// How the intervals are made.
  private static func intervalReason(_ leftOut: LeftOut, _ findings: VariantFindings) -> String {
    """
    With \(counted(leftOut.rows.count, "comparison")) one is likely to look significant by luck. So the 5 % of error are shared out \
    among them (Bonferroni's rule), in the figure, in both tables and in the claim on distorted digits. \(leftOut.isPaired ? "With few digits all networks of a seed learn from the same digits, so what they have in common is taken off. " : "")\
    The variation from seed to seed is estimated from all of these networks together, because a few seeds say little about it. \
    \(findings.worth?.fewChoice(nil) == nil || !leftOut.isPaired ? "Each rate was chosen with one seed" : "With few digits each rate was chosen with \(Worth.fewChoiceSeeds) seeds, which are none of those of the figure, with all digits with one"); \
    the intervals do not contain what a better choice could change.
    """
  }

  /// Errors after the whole training.
  private static func leftOutTable(_ leftOut: LeftOut, _ findings: VariantFindings) -> Table {
    Table(
      leftOut.isPaired
        ? "Test errors after \(counted(Worth.fewEpochs, "epoch")) of \(grouped(Worth.fewDigits)) images, \(seedCounts(leftOut))"
        : "Test errors after \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) images, \(seedCounts(leftOut))",
      columns: [
        "left out → in its place", .init("test error (%)", digits: 2), "divided by the whole (95 %, widened)",
        "its own rate",
      ],
      rows: [
        [
          "nothing", .measured(leftOut.whole), "1",
          TableCell(
            (leftOut.isPaired
              ? findings.worth?.fewChoice(nil) ?? findings.worth?[Worth.few(nil)]?.choice : findings.allRow?.choice)
              .map { short($0.rate) } ?? "–"),
        ]
      ]
        + leftOut.ranking.map {
          [
            TableCell("\($0.part.name) → \($0.part.instead)"), .measured($0.error), TableCell(leftOut.factorText($0)),
            TableCell(short($0.rate)),
          ]
        } + (leftOut.isPaired ? lastNormRows(findings) : []))
  }

  private static func seedCounts(_ leftOut: LeftOut) -> String {
    let counts = Set(([leftOut.whole] + leftOut.rows.map(\.error)).map(\.count)).sorted()
    return counts.map(String.init).joined(separator: " or ") + " seeds"
  }

  private static func leftOutTitle(_ leftOut: LeftOut) -> String {
    let (missed, count) = (leftOut.missed, leftOut.rows.count)
    guard leftOut.isPaired else {
      return missed.isEmpty
        ? "No single part is missed by more than chance"
        : "Of \(count) parts only \(leftOut.missedText) missed by more than chance"
    }
    let digits = "With \(grouped(Worth.fewDigits)) digits"
    return missed.isEmpty
      ? "\(digits) no single part is missed by more than chance"
      : missed.count > 3
        ? "\(digits), \(missed.count) of the \(count) parts are missed by more than chance"
        : "\(digits), \(leftOut.missedText) missed by more than chance"
  }

  private static func leftOutSlide(_ leftOut: LeftOut) -> String {
    let missed = leftOut.missed
    let digits = leftOut.isPaired ? "With \(grouped(Worth.fewDigits)) digits, " : "One part left out: "
    switch missed.count {
    case 0:
      return leftOut.isPaired
        ? "\(digits)no part is clearly missed" : "Left out one at a time, no part is clearly missed"
    case 1: return "\(digits)\(leftOut.missedText) missed"
    default: return "\(digits)\(missed.count) of \(leftOut.rows.count) parts are missed"
    }
  }

  /// What is missed and what is not, in words.
  static func leftOutFinding(_ leftOut: LeftOut) -> String {
    let count = leftOut.rows.count
    func told(_ row: LeftOut.Row) -> String {
      "\(row.part.name) (×\u{A0}\(fixed(leftOut.factor(row, among: count).mean, 2)))"
    }
    let (missed, open, harmful) = (leftOut.missed, leftOut.open, leftOut.harmful)
    let first =
      missed.isEmpty
      ? "No part is missed by more than chance."
      : "**Missed by more than chance: \(listed(missed.map(told))).**"
    let factors = open.map { leftOut.factor($0, among: count) }
    let second =
      open.isEmpty
      ? ""
      : " For the other \(counted(open.count, "part")) the interval contains 1: without one of them the error may be anything from \(fixed(factors.map(\.low).min() ?? 1, 2)) to \(fixed(factors.map(\.high).max() ?? 1, 2)) times that of the whole."
    let third =
      harmful.isEmpty
      ? "" : " Without \(listed(harmful.map(\.part.name))) the net makes fewer mistakes, by more than chance."
    let untried = TaughtPart.allCases.filter { part in !leftOut.rows.contains { $0.part == part } }.map(\.name)
    let fourth =
      untried.isEmpty ? "" : " \(listed(untried).capitalizedFirst) \(untried.count == 1 ? "was" : "were") not left out."
    return """
      \(first)\(second)\(third)\(fourth)

      A part that is not missed is not useless. Other parts may do the same work, and where so few mistakes are left, there is \
      little room for any of them. All this is MNIST; on photographs (chapter 11) the order may be another.
      """
  }
}
