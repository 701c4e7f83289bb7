// The page of chapter 10: the networks at one rate for all, and each at the rate that suits it.

import Foundation
import Workbook

extension LeNet {
  /// How they learn, and the answer.
  static func addExperiment(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    page.prose(
      """
      ## The experiment

      All networks\(reported.allRow == nil ? "" : " but *LeNet-5 today*") learn by plain gradient descent on batches of \(reported.batch) images. An epoch is one \
      run of this loop through all images, in a random order. In PyTorch:

      ```python
      import torch, torch.nn.functional as F
      from torch.utils.data import DataLoader
      from torchvision import datasets, transforms as T

      scale = T.Compose([T.ToTensor(), T.Normalize(0.1307, 0.3081), T.Pad(2)])
      training_set = datasets.MNIST("data", download=True, transform=scale)
      rate = \(short(reported.ownRates?.choice("LeNet-5++")?.rate ?? Double(reported.rate)))
      for images, labels in DataLoader(training_set, batch_size=\(reported.batch), shuffle=True):
          loss = F.cross_entropy(model(images), labels)
          # LeNet-5: ((sigmoid(z) - onehot) ** 2).sum(1).mean() / 2 of its last sums z
          model.zero_grad()
          loss.backward()                                 # leaves ∂L/∂w beside every weight
          with torch.no_grad():
              for w in model.parameters():
                  w -= rate * w.grad
      ```
      """)
    page.fold("The loop in Swift") { $0.code("trainingLoop", in: "TrainingLoop.swift") }
    guard let own = reported.ownRates, let plain = own.named("LeNet-5"), let plus = own.named("LeNet-5+"),
      own.named("LeNet-5++") != nil, let plainAtOne = reported.named("LeNet-5"),
      let plusAtOne = reported.named("LeNet-5+")
    else { return addShortRun(to: &page, runs) }
    page.prose(
      """
      Which `rate`? Most comparisons use one for all networks; here that is \(reported.rate). A fair comparison gives \
      each network a rate of its own, and chooses it without the test digits. So each is trained at rates from \
      \(short(own.choices[0].rates.min() ?? 0)) to \(short(own.choices[0].rates.max() ?? 0)) on \
      \(grouped(reported.trainingCount - own.keptBack)) of the training digits, and keeps the rate with the fewest mistakes on \
      the other \(grouped(own.keptBack)). Then it is trained at that rate on all \(grouped(reported.trainingCount)) digits.\(onlyOwn(reported))

      Would other seeds give the same? The 95 % intervals answer that. A difference is *within chance* if its interval contains \
      0. Runs with the same seed are compared with each other: the interval is the mean of the $n$ differences \
      $\\pm\\, t\\, s/\\sqrt{n}$, where $s$ is their standard deviation. $s/\\sqrt{n}$ is how far such a mean typically lies off. The \
      factor $t$, 2.8 for five seeds and 4.3 for three, makes up for knowing $s$ from so few runs. Figures show these intervals; \
      in tables and sentences *a* ± *b* has the standard deviation.

      \(sampling(reported, own))
      \(runs.source.map { "\nAll this takes hours. So the figures, tables and numbers of this page are those of the recorded full run of \($0.date), unless they are marked *this run*." } ?? "")
      """)
    page.fold("How the rates were chosen") {
      $0.prose(
        """
        To choose the rates, the networks were trained for \(counted(own.choiceEpochs, "epoch")) with one seed, which is none of the \
        seeds of the figures\(choiceExceptions(reported)). Where the best rate was the smallest or the largest one tried, \
        further rates were tried beyond it. The table below names the chosen rates.
        """)
      if otherRates(reported) != nil { $0.table(rateTable(reported)) }
    }
    let (lead, left) = (plainAtOne.finalError - plusAtOne.finalError, plain.finalError - plus.finalError)
    let share = left.mean / lead.mean
    page.predict(
      """
      At the rate \(reported.rate) LeNet-5 (tanh, squared error) ends with \(fixed(plainAtOne.finalError.mean, 2)) % test errors, \
      LeNet-5+ (ReLU, cross-entropy) with \(fixed(plusAtOne.finalError.mean, 2)) %. How much of this lead is left when each network has the rate that suits it?
      """,
      choices: ["most of it", "about half of it", "nothing beyond chance"],
      answer: left.direction() != .above ? 2 : share > 0.75 ? 0 : 1,
      "LeNet-5: \(plain.finalError.formatted(decimals: 2)) %, LeNet-5+: \(plus.finalError.formatted(decimals: 2)) %. "
        + left.worded(
          above: "LeNet-5+ is still ahead, by more than chance.", below: "LeNet-5 is ahead now.",
          withinChance: "The difference is within chance."))
    page.project("Each at its own rate: what is left of the lead?")
    page.figure(answerFigure(reported, own))
    page.project(ownTableTitle(own))
    page.table(answerTable(reported, own))
    page.prose(answerFinding(reported, own))
  }

  /// The errors epoch by epoch at the one rate, those of the net with the mistake as well.
  static func addCurves(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    page.fold("The learning curves at \(reported.rate)\(runs.isRecorded ? ", and those of this run" : "")") {
      $0.figure(curves(reported, runs, name: "test-error"))
      if runs.isRecorded, runs.live.epochs > 1 {
        $0.figure(curves(runs.live, runs, name: "test-error-live"))
        $0.table(errorTable(runs))
      }
    }
  }

  /// Which networks were not trained at the one rate for all.
  private static func onlyOwn(_ findings: VariantFindings) -> String {
    guard let all = findings.allRow else { return "" }
    let seeds = all.runs.count < findings.seeds.count ? ", the last one with \(counted(all.runs.count, "seed"))" : ""
    return findings.normRow != nil && findings.normAtOneRate.isEmpty
      ? " *LeNet-5 with batch norm* and *LeNet-5 today* are trained at their own rates only\(seeds)."
      : " *LeNet-5 today* is trained at its own rate only\(all.runs.count < findings.seeds.count ? ", with \(counted(all.runs.count, "seed"))" : "")."
  }

  /// What the intervals do not contain: that the test images, too, are a sample.
  private static func sampling(_ findings: VariantFindings, _ own: OwnRates) -> String {
    let error = own.named("LeNet-5++")?.finalError.mean ?? own.results[0].finalError.mean
    let mistakes = error * Double(findings.testCount) / 100
    return """
      The intervals say nothing about other test images, since all networks are judged on the same \(grouped(findings.testCount)). \
      Where a network has \(fixed(mistakes, 0)) mistakes, as many other images could bring \(fixed(1.96 * mistakes.squareRoot(), 0)) more or fewer. \
      In a difference between two networks a part of that cancels.
      """
  }

  /// Which rates were chosen in another way.
  private static func choiceExceptions(_ findings: VariantFindings) -> String {
    let fewer = counted(findings.taught?.choiceEpochs ?? 4, "epoch")
    if findings.ownNormRow != nil {
      return
        "; *LeNet-5 with batch norm* was trained at rates from \(short(Double(Worth.normChoiceRates[0]))) to \(short(Double(Worth.normChoiceRates.last ?? 0))) with \(counted(Worth.normChoiceSeeds, "such seed")), *LeNet-5 today* for only \(fewer)"
    }
    return findings.normRow == nil
      ? findings.allRow == nil ? "" : "; *LeNet-5 today* was trained for only \(fewer)"
      : "; *LeNet-5 with batch norm* and *LeNet-5 today* were trained for only \(fewer)"
  }

  /// What there is without rates of their own: the networks of this run at one rate.
  private static func addShortRun(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    page.prose("In this run all networks have the rate \(reported.rate).")
    if reported.results.count > 1 {
      page.predict(
        "Which of the networks makes the fewest mistakes at the end?", choices: reported.results.map(\.shownName),
        answer: reported.results.firstIndex { $0.name == reported.ranking[0].name } ?? 0,
        "\(reported.ranking.map { "\($0.shownName): \($0.finalError.formatted(decimals: 2)) %" }.joined(separator: "; "))."
      )
    }
    if reported.epochs > 1 && reported.isTrained {
      page.figure(curves(reported, runs, name: "test-error"))
      page.project("\(reported.ranking[0].shownName) ends with the fewest mistakes")
    }
    page.table(errorTable(runs))
  }

  /// Both errors of each network, joined by a line.
  private static func answerFigure(_ findings: VariantFindings, _ own: OwnRates) -> Figure {
    let rows = answerRows(findings, own)
    func series(_ place: Int, _ row: AnswerRow) -> [Series] {
      // Beside each other, so that the intervals can be told apart.
      let shift = 0.02 * (Double(place) - Double(rows.count - 1) / 2)
      let points = [(0.0, row.atOne), (1.0, row.atOwn)].filter { $0.1.count > 0 }
      let (x, y) = (points.map { $0.0 + shift }, points.map(\.1.mean))
      return [
        Series(
          toldName(row.name), x: x, y: y, deviation: points.map(\.1.uncertainty), style: .points,
          isEmphasized: row.isNormed,
          color: row.color),
        Series("", x: x, y: y, style: .line, isEmphasized: row.isNormed, color: row.color),
      ]
    }
    let least = rows.filter { $0.name.hasPrefix("LeNet-5") }.map(\.atOwn.count).min() ?? 0
    return Figure(
      answerTitle(own),
      .lines(
        LineChart(
          x: Axis(
            "", range: -0.25...1.08, ticks: [(0, "rate \(findings.rate) for all"), (1, "each at its own rate")]),
          y: Axis(
            "test error (%)", log: true, ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4].map { ($0, short($0)) }),
          rows.enumerated().flatMap { series($0, $1) })),
      caption: """
        \(findings.data), \(grouped(findings.testCount)) test images, after \(counted(findings.epochs, "epoch")): means of \
        \(least < findings.seeds.count || (rows.last?.atOwn.count ?? 0) < findings.seeds.count ? "\(rows.map(\.atOwn.count).min() ?? 0) or " : "")\(counted(findings.seeds.count, "seed")) \
        with 95 % intervals. Thick lines: networks with batch normalization.
        """, name: "own-rates", isWide: true)
  }

  /// A network at one rate for all and at its own.
  private struct AnswerRow {
    var name: String
    var color: Int
    var isNormed: Bool
    var atOne: Summary
    var atOwn: Summary
    var training: Summary
    var choice: OwnRates.Choice?
  }

  private static func answerRows(_ findings: VariantFindings, _ own: OwnRates) -> [AnswerRow] {
    var rows = ["LeNet-5", "LeNet-5+", "LeNet-5++"].compactMap { name -> AnswerRow? in
      guard let result = own.named(name) else { return nil }
      return AnswerRow(
        name: name, color: result.color, isNormed: name == "LeNet-5++",
        atOne: findings.named(name)?.finalError ?? Summary([]), atOwn: result.finalError,
        training: result.trainingError, choice: own.choice(name))
    }
    if let norm = findings.normRow {
      rows.insert(
        AnswerRow(
          name: "LeNet-5 with batch norm", color: 4, isNormed: true,
          atOne: Summary(findings.normAtOneRate.map(\.finalError)), atOwn: Summary(norm.runs.map(\.finalError)),
          training: Summary(norm.runs.map(\.trainingError)), choice: norm.choice), at: min(1, rows.count))
    }
    if let all = findings.allRow {
      rows.append(
        AnswerRow(
          name: "LeNet-5 today", color: 5, isNormed: true, atOne: Summary([]),
          atOwn: Summary(all.runs.map(\.finalError)), training: Summary(all.runs.map(\.trainingError)),
          choice: all.choice))
    }
    return rows
  }

  /// The numbers of the figure.
  private static func answerTable(_ findings: VariantFindings, _ own: OwnRates) -> Table {
    let rows = answerRows(findings, own)
    let isOpen = rows.contains { $0.choice?.isAtEnd == true }
    let counts = Set(rows.map(\.atOwn.count)).sorted()
    return Table(
      "Test errors after \(counted(findings.epochs, "epoch"))\(isOpen ? "; (end): the largest or smallest rate tried" : ""), \(counts.map(String.init).joined(separator: " or ")) seeds; training errors while the network learns\(findings.allRow == nil ? "" : ", those of LeNet-5 today on shifted digits")",
      columns: [
        "network", .init("at \(findings.rate) (%)", digits: 2), "its own rate", .init("at its own rate (%)", digits: 2),
        .init("training (%)", digits: 2),
      ],
      rows: rows.map { row in
        [
          TableCell(toldName(row.name)), row.atOne.count > 0 ? .measured(row.atOne) : "–",
          TableCell(row.choice.map { short($0.rate) + ($0.isAtEnd ? "\u{A0}(end)" : "") } ?? "–"),
          .measured(row.atOwn), .measured(row.training),
        ]
      })
  }

  /// The answer as a title.
  static func answerTitle(_ own: OwnRates) -> String {
    guard let plain = own.named("LeNet-5"), let plus = own.named("LeNet-5+"), let plusPlus = own.named("LeNet-5++")
    else { return "Each at its own rate" }
    let modern = (plain.finalError - plus.finalError).worded(
      above: "With its own rate, too, LeNet-5+ makes fewer mistakes than LeNet-5",
      below: "With its own rate LeNet-5 makes fewer mistakes than LeNet-5+",
      withinChance: "With its own rate LeNet-5 is as good as LeNet-5+")
    let norm = (plus.finalError - plusPlus.finalError).worded(
      above: "; batch normalization makes LeNet-5+ better", below: "; batch normalization makes LeNet-5+ worse",
      withinChance: "; batch normalization changes LeNet-5+ by no more than chance")
    return modern + norm
  }

  /// The same on a slide.
  static func ownTableTitle(_ own: OwnRates) -> String {
    guard let plain = own.named("LeNet-5"), let plusPlus = own.named("LeNet-5++") else { return "Each at its own rate" }
    return (plain.finalError - plusPlus.finalError).worded(
      above: "With its own rate, too, LeNet-5++ beats LeNet-5",
      below: "With its own rate LeNet-5 beats LeNet-5++",
      withinChance: "With their own rates LeNet-5 and LeNet-5++ are level")
  }

  /// The answer in words.
  static func answerFinding(_ findings: VariantFindings, _ own: OwnRates) -> String {
    guard let plain = own.named("LeNet-5"), let plus = own.named("LeNet-5+"), let plusPlus = own.named("LeNet-5++")
    else { return "" }
    func size(_ gap: Summary) -> String { "by \(fixed(abs(gap.mean), 2)) points" }
    let modern = plain.finalError - plus.finalError
    let first = modern.worded(
      above: "ReLU, cross-entropy and the other initial weights together lower the error \(size(modern)).",
      below: "ReLU, cross-entropy and the other initial weights together raise the error \(size(modern)).",
      withinChance:
        "**Once each network has its own rate, ReLU, cross-entropy and the other initial weights together make no difference beyond chance** (95 % interval: \(modern.interval(2)) points)."
    )
    let norm = plus.finalError - plusPlus.finalError
    let second = norm.worded(
      above:
        "**Batch normalization lowers the error of LeNet-5+ \(size(norm))** (95 % interval \(norm.interval(2))).",
      below: "Batch normalization raises the error of LeNet-5+ \(size(norm)).",
      withinChance: "Batch normalization changes LeNet-5+ by no more than chance.")
    return """
      \(first) So the comparison at one rate for all mainly showed which network that rate suits.

      \(second)\(normFinding(findings, plain).map { " \($0)" } ?? "")\
      \(norm.direction() == .above ? generalization(plus, plusPlus) : "")\(otherRates(findings).map { "\n\n\($0)" } ?? "")
      """
  }

  /// Whether other rates, one of which another choice might have found, would change the order.
  static func otherRates(_ findings: VariantFindings) -> String? {
    func best(_ name: String) -> (rate: Double, error: Summary)? {
      let tried = findings.atRates(name)
      return tried.count > 2 ? tried.min { $0.error.mean < $1.error.mean } : nil
    }
    guard let plain = best("LeNet-5"), let plus = best("LeNet-5+"), best("LeNet-5++") != nil,
      let normed = findings.ownRates?.named("LeNet-5++")?.finalError
    else { return nil }
    let (modern, norm) = (plain.error - plus.error, plus.error - normed)
    let isSame = modern.direction() == .withinChance && norm.direction() == .above
    return """
      Each rate was chosen with one seed. Might another rate change the order? The networks were trained to the end at the \
      neighbouring rates as well (table in the fold). LeNet-5+ has at best \(fixed(plus.error.mean, 2)) % there, at \(short(plus.rate)). \
      \(modern.worded(
        above: "LeNet-5 at its best is behind that", below: "LeNet-5 at its best is ahead of that",
        withinChance: "LeNet-5 at its best is level with that, within chance")), and LeNet-5++ at its chosen rate is \
      \(norm.worded(
        above: "still ahead, by \(fixed(norm.mean, 2)) points (\(norm.interval(2)))", below: "behind it",
        withinChance: "level with it, within chance")). \
      \(isSame ? "**So at other rates, too, LeNet-5 and LeNet-5+ are level and LeNet-5++ is ahead.**" : "So another choice of rates would have changed the order.")
      """
  }

  /// The errors at every rate at which a network was trained to the end.
  private static func rateTable(_ findings: VariantFindings) -> Table {
    let names = ["LeNet-5", "LeNet-5+", "LeNet-5++", "everything"]
    return Table(
      "Test errors after \(counted(findings.epochs, "epoch")) at each rate that was trained to the end",
      columns: ["network", "rate", .init("test error (%)", digits: 2), "seeds"],
      rows: names.flatMap { name in
        findings.atRates(name).map {
          [TableCell(shownName(name)), TableCell(short($0.rate)), .measured($0.error), TableCell("\($0.error.count)")]
        }
      })
  }

  /// Whether the gain of batch normalization shows on the training images as well.
  private static func generalization(_ plus: VariantResults, _ plusPlus: VariantResults) -> String {
    (plus.trainingError - plusPlus.trainingError).direction() == .above
      ? " It also fits the training images better."
      : "\n\nCounted while it learns, with the noise of its batches, LeNet-5++ gets no fewer training images wrong. These experiments do not say why it then makes fewer mistakes on new images. Chapter 5 asks whether that noise is the reason, and does not find it."
  }

  /// What batch normalization does for LeNet-5, with tanh and squared error.
  private static func normFinding(_ findings: VariantFindings, _ plain: VariantResults) -> String? {
    guard let row = findings.normRow else { return nil }
    let gain = plain.finalError - Summary(row.runs.map(\.finalError))
    let open = row.choice.isAtEnd ? " Its best rate is the largest one tried, so a better one may exist." : ""
    return gain.worded(
      above:
        "It lowers that of LeNet-5, with tanh and squared error, by \(fixed(gain.mean, 2)) points (\(gain.interval(2))).\(edge(findings, gain))",
      below: "It raises that of LeNet-5, with tanh and squared error, by \(fixed(-gain.mean, 2)) points.",
      withinChance:
        "For LeNet-5, with tanh and squared error, it makes no difference beyond chance (\(gain.interval(2)) points)."
    ) + open
  }

  /// Test errors over the epochs.
  private static func curves(_ findings: VariantFindings, _ runs: PageRuns<VariantFindings>, name: String) -> Figure {
    let ranking = findings.ranking
    let (best, next) = (ranking[0], ranking.count > 1 ? ranking[1] : nil)
    let isAhead = next.map { isClear($0.finalError - best.finalError, beyond: 0) } ?? false
    let isLive = runs.isRecorded && name.hasSuffix("live")
    return Figure(
      isLive
        ? "This run, \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) images: \(best.shownName) \(isAhead ? "is ahead" : "has the fewest mistakes so far")"
        : isAhead
          ? "At \(findings.rate) \(best.shownName) ends lowest, at \(best.finalError.formatted(decimals: 2)) % errors"
          : "At \(findings.rate), after \(counted(findings.epochs, "epoch")), \(best.shownName) has the fewest mistakes",
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("test error (%)", log: true),
          findings.results.map {
            Series(
              $0.shownName, y: $0.errors.map(\.mean),
              deviation: findings.seeds.count > 3 ? $0.errors.map(\.uncertainty) : [],
              style: findings.epochs > 8 ? .line : .lineAndMarkers, isEmphasized: $0.name == best.name,
              color: $0.color)
          })),
      caption:
        "\(findings.data), \(grouped(findings.testCount)) test images, \(findings.seeds.count > 3 ? "means of \(findings.seeds.count) seeds with 95 % intervals" : findings.seeds.count > 1 ? "means of \(findings.seeds.count) seeds" : "one seed").",
      name: name)
  }

  /// The errors at the end at one rate: recorded, and of this run.
  private static func errorTable(_ runs: PageRuns<VariantFindings>) -> Table {
    let (reported, live) = (runs.reported, runs.live)
    var columns: [Table.Column] = [
      "network", .init("test error (%)", digits: 2), .init("training error (%)", digits: 2),
    ]
    if runs.isRecorded { columns.append(.init("this run, test (%)", digits: 1)) }
    return Table(
      "After \(counted(reported.epochs, "epoch")) of \(grouped(reported.trainingCount)) images at \(reported.rate), \(counted(reported.seeds.count, "seed"))\(runs.isRecorded ? "; this run: \(counted(live.epochs, "epoch")) of \(grouped(live.trainingCount)), \(counted(live.seeds.count, "seed"))" : "")",
      columns: columns,
      rows: reported.results.map { result in
        var row: [TableCell] = [
          TableCell(result.shownName), .measured(result.finalError), .measured(result.trainingError),
        ]
        if runs.isRecorded { row.append(live.named(result.name).map { .measured($0.finalError) } ?? "–") }
        return row
      })
  }
}
