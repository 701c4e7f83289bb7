// The page of chapter 10: how the nets learn, and each of them at one rate for all and at the rate that suits it.

import Foundation
import Workbook

extension LeNet {
  /// How they learn.
  static func addExperiment(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    let rate = reported.steps?[.normed]?.rate ?? reported.ownRates?.choice("LeNet-5++")?.rate ?? Double(reported.rate)
    page.prose(
      """
      ## The experiment

      All nets\(reported.steps?[.full] == nil ? "" : " but the full recipe") learn by plain gradient descent at a constant rate, on batches of \
      \(reported.batch) images. An epoch is one run through all images, in a random order. `train` is for all nets of this page:

      ```python
      import torch, torch.nn.functional as F
      from torch.utils.data import DataLoader, Subset
      from torchvision import datasets, transforms as T

      scale = T.Compose([T.ToTensor(), T.Normalize(0.1307, 0.3081), T.Pad(2)])
      plain = datasets.MNIST("data", download=True, transform=scale)
      tests = datasets.MNIST("data", train=False, transform=scale)

      def train(build, data, epochs, rate, seed,
                loss=F.cross_entropy, momentum=0, falls=False):
          torch.manual_seed(seed)
          model = build().train()
          optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)
          schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
          for epoch in range(epochs):
              for images, labels in DataLoader(data, batch_size=\(reported.batch), shuffle=True):
                  optimizer.zero_grad()
                  loss(model(images), labels).backward()
                  optimizer.step()              # w -= rate · ∂L/∂w
              if falls: schedule.step()
          return model

      def error(model, data):                   # in per cent
          model.eval()                          # batch norm: the running mean
          with torch.no_grad():
              wrong = sum((model(x).argmax(1) != y).sum()
                          for x, y in DataLoader(data, 1000))
          return 100 * wrong.item() / len(data)

      model = train(lenet, plain, \(reported.epochs), rate=\(short(rate)), seed=1)
      print(error(model, tests))
      ```

      \(listingNote(reported))\
      `scale` pads after it normalizes, so every digit stands in a frame of the mean grey, 0, while paper has \
      \(fixed(-Double(MNIST.mean / MNIST.standardDeviation), 2)). Put `T.Pad(2)` first if the border should be paper.
      """)
    page.fold("The loop in Swift") { $0.code("trainingLoop", in: "TrainingLoop.swift") }
    guard let own = reported.ownRates, reported.steps != nil else { return addShortRun(to: &page, runs) }
    page.prose(
      """
      **The rate.** Each net is trained at several rates on \(grouped(reported.trainingCount - own.keptBack)) of the training \
      digits, \(counted(own.choiceEpochs, "epoch")), \(counted(OwnRates.choosers, "seed")) at each rate. The rate with the fewest mistakes on the other \(grouped(own.keptBack)) is \
      *its own rate*. Then the net is trained at that rate on all \(grouped(reported.trainingCount)) digits, with other seeds. The test \
      digits have no part in the choice:

      ```python
      def at_own_rate(build, rates, data=plain, choosers=2, seeds=5, epochs=\(reported.epochs), **how):
          learned = Subset(data, range(50000))
          kept = Subset(plain, range(50000, 60000)) # its own data set: never shifted
          def mistakes(rate):
              return sum(error(train(build, learned, \(own.choiceEpochs), rate, 100 + s, **how), kept)
                         for s in range(choosers))
          rate = min(rates, key=mistakes)
          return rate, [error(train(build, data, epochs, rate, s, **how), tests)
                        for s in range(seeds)]

      def lenet5(): return lenet(nn.Tanh, False, start=nn.init.xavier_uniform_)
      def modern(): return lenet(norm=False)        # ReLU + CE
      def squared_error(z, y):
          return (z.sigmoid() - F.one_hot(y, 10)).square().sum(1).mean() / 2

      old = at_own_rate(lenet5, [0.1, 0.2, 0.5, 1], loss=squared_error)
      new = at_own_rate(modern, [0.02, 0.05, 0.1, 0.2])
      ```

      How many times as large is the error of `new`, and which interval holds the true factor in 95 of 100 experiments?

      ```python
      import numpy as np
      from scipy import stats

      a, b = np.log(new[1]), np.log(old[1])
      interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
      print(np.exp(a.mean() - b.mean()), np.exp(interval))
      ```

      Each of the two takes \(4 * OwnRates.choosers * own.choiceEpochs + 5 * reported.epochs) epochs: 4 rates × \(counted(OwnRates.choosers, "seed")) × \(own.choiceEpochs), and 5 × \(reported.epochs). Begin with fewer. **Choose \
      each rate with two seeds at least, and with as many for each net that you compare.** Here two choose\(rule(reported)).

      \(runs.source.map { "All this takes hours, so the figures, tables and numbers of this page are those of the recorded full run of \($0.days), unless they are marked *this run*." } ?? "")
      """)
    page.fold("The errors at all rates, and how the intervals are made") {
      $0.prose(
        """
        The seeds of the choice are none of the seeds of the figures. Where the best rate was the smallest or the largest one tried, \
        further rates were tried beyond it.
        """)
      $0.table(rateTable(reported))
      $0.prose(
        """
        *Intervals.* Of $n$ seeds the interval reaches $t\\, s/\\sqrt{n}$ to both sides of the mean, where $s$ is the standard deviation. The factor \
        $t$, 2.8 for five seeds, makes up for knowing $s$ from so few. Where the error of a net is divided by that of another, \
        the interval is that of the difference of their logarithms, from the spreads of these two nets (Welch's test). It says \
        how much another seed may change, not what other test images or other rates would.
        """)
    }
  }

  /// How many choose in *Everything together*, and whether that keeps the rule.
  private static func rule(_ findings: VariantFindings) -> String {
    let counts = Set(([nil] + TaughtPart.allCases).compactMap { findings.worth?.choosers(of: Worth.few($0)) }).sorted()
    guard let least = counts.first, let most = counts.last else { return "" }
    return least == most
      ? least == OwnRates.choosers ? "" : ", and \(least) in *Everything together*"
      : ". *Everything together* breaks this rule: \(most) chose for some of its nets, \(least) for the others"
  }

  /// One rate for all, and one for each.
  static func addOwnRates(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    guard let steps = reported.steps, let plain = steps[.old], let plus = steps[.modern], plain.atOne.count > 0,
      plus.atOne.count > 0, let left = steps.factor(.modern, over: .old)
    else { return }
    page.prose(
      """
      ## One rate for all, or one for each

      S0, a report on LeNet-5, gives all nets the same learning rate, \(reported.rate).
      """)
    page.predict(
      """
      At \(plain.rate == plus.rate ? "their own rate, \(short(plain.rate))" : "their own rates, \(short(plain.rate)) and \(short(plus.rate))"), \
      LeNet-5 (tanh, squared error) and ReLU + CE end with \
      \(fixed(plain.error.mean, 2)) % and \(fixed(plus.error.mean, 2)) % test errors. What does a comparison at the rate \(reported.rate) show?
      """,
      choices: [
        "the same: both lose as much by the small rate", "LeNet-5 loses much more", "ReLU + CE loses much more",
      ],
      answer: answerAtOne(plain, plus),
      "At \(reported.rate) LeNet-5 ends at \(plain.atOne.formatted(decimals: 2)) %, ReLU + CE at \(plus.atOne.formatted(decimals: 2)) %."
    )
    page.project("What does a comparison at one rate show?")
    page.figure(answerFigure(reported, steps))
    page.project(answerSlide(left))
    page.prose(answerFinding(left, reported, steps))
  }

  /// Which net loses more by the one rate for all.
  private static func answerAtOne(_ plain: Steps.Row, _ plus: Steps.Row) -> Int {
    let ratio = plain.atOne.mean / plain.error.mean / (plus.atOne.mean / plus.error.mean)
    return ratio > 1.15 ? 1 : ratio < 1 / 1.15 ? 2 : 0
  }

  private static func answerTitle(_ left: Factor) -> String {
    switch left.direction {
    case .below: "With its own rate, too, ReLU + CE makes fewer mistakes than LeNet-5"
    case .above: "With its own rate LeNet-5 makes fewer mistakes than ReLU + CE"
    case .withinChance: "At their own rates LeNet-5 and ReLU + CE cannot be told apart"
    }
  }

  private static func answerSlide(_ left: Factor) -> String {
    left.direction == .withinChance
      ? "At own rates LeNet-5 and ReLU + CE cannot be told apart" : "What own rates leave of the lead"
  }

  /// What the first listing prints, from the record; empty in short runs.
  private static func listingNote(_ findings: VariantFindings) -> String {
    guard let row = findings.steps?[.normed] else { return "" }
    return "Expect about \(fixed(row.error.mean, 1)) % (here \(row.error.formatted(decimals: 2)) %).\n\n\n"
  }

  /// The rates for all at which both of the first two nets were trained to the end, besides the small one.
  private static func commonRates(_ findings: VariantFindings) -> [Double] {
    let other = Set(findings.atRates("LeNet-5+").map { Float($0.rate) })
    return findings.atRates("LeNet-5").map(\.rate).filter { other.contains(Float($0)) }.map { Double(short($0)) ?? $0 }
  }

  /// An error at a rate for all.
  private static func error(of net: Steps.Net, at rate: Double, _ findings: VariantFindings) -> Summary? {
    let name = net == .old ? "LeNet-5" : net == .modern ? "LeNet-5+" : net == .normed ? Worth.listed : ""
    return findings.atRates(name).first { Float($0.rate) == Float(rate) }?.error
  }

  /// The common rates at which the two nets differ by more than chance, and those at which they do not.
  private static func sorted(_ findings: VariantFindings, _ steps: Steps) -> (apart: [Double], level: [Double]) {
    let rates = commonRates(findings)
    func isApart(_ rate: Double) -> Bool {
      guard let a = error(of: .old, at: rate, findings), let b = error(of: .modern, at: rate, findings) else {
        return false
      }
      return Factor(b, over: a, among: steps.comparisons).direction != .withinChance
    }
    return (rates.filter(isApart), rates.filter { !isApart($0) })
  }

  /// The answer in words.
  static func answerFinding(_ left: Factor, _ findings: VariantFindings, _ steps: Steps) -> String {
    guard left.direction == .withinChance else { return "**\(answerTitle(left)).**" }
    let (apart, level) = sorted(findings, steps)
    let rate = findings.rate
    let fair =
      apart.map { Float($0) } == [rate] && !level.isEmpty
      ? """
       At \(listed(level.map { short($0) })) for both, as at their own rates, we saw no difference beyond chance.
      """ : ""
    return """
      **The rate \(rate) is too small for LeNet-5 in \(counted(findings.epochs, "epoch")).** Such a rate shows in the curve: at the end the error still falls.\(fair) So before you compare two nets, choose a rate \
      for each of them on data that you keep back.
      """
  }

  /// The errors at every rate at which a net was trained to the end.
  private static func rateTable(_ findings: VariantFindings) -> Table {
    let nets = [("LeNet-5", Steps.Net.old), ("LeNet-5+", .modern), (Worth.listed, .normed)]
      .map { (net: $1, errors: findings.atRates($0)) }.filter { !$0.errors.isEmpty }
    let rates = Set(nets.flatMap { $0.errors.map { Float($0.rate) } }).sorted()
    let counts = Set(nets.flatMap { $0.errors.map(\.error.count) }).sorted()
    return Table(
      "Test errors (%) after \(counted(findings.epochs, "epoch")) at each rate that was trained to the end, \(counts.map(String.init).joined(separator: " or ")) seeds; ± is their standard deviation",
      columns: ["net", "its own rate"] + rates.map { .init("at \(short(Double($0)))", digits: 2) },
      rows: nets.map { net, errors in
        [TableCell(net.name), TableCell(findings.steps?[net].map { short($0.rate) } ?? "–")]
          + rates.map { rate in errors.first { Float($0.rate) == rate }.map { .measured($0.error) } ?? "–" }
      })
  }

  /// The errors of each net at rates for all, joined by a line, and at its own rate.
  private static func answerFigure(_ findings: VariantFindings, _ steps: Steps) -> Figure {
    let found = commonRates(findings)
    let rates = found.isEmpty ? [Double(short(Double(findings.rate))) ?? Double(findings.rate)] : found
    func points(_ row: Steps.Row) -> [(x: Double, error: Summary)] {
      let common = rates.enumerated().compactMap { place, rate -> (Double, Summary)? in
        let error = error(of: row.net, at: rate, findings) ?? (Float(rate) == findings.rate ? row.atOne : nil)
        return error.flatMap { $0.count > 0 ? (Double(place), $0) : nil }
      }
      return common.map { (x: $0.0, error: $0.1) } + [(x: Double(rates.count), error: row.error)]
    }
    let rows = steps.rows.enumerated().map { place, row in
      // Beside each other, so that the intervals can be told apart.
      (row: row, shift: 0.06 * (Double(place) - Double(steps.rows.count - 1) / 2), points: points(row))
    }
    let (apart, level) = sorted(findings, steps)
    let isFair = apart.map { Float($0) } == [findings.rate] && !level.isEmpty
    return Figure(
      steps.factor(.modern, over: .old).map {
        isFair && $0.direction == .withinChance
          ? "Of the rates tried, only \(findings.rate) tells LeNet-5 and ReLU + CE apart" : answerTitle($0)
      } ?? "Each at its own rate",
      .lines(
        LineChart(
          x: Axis(
            "learning rate", range: -0.3...Double(rates.count) + 0.3,
            ticks: rates.enumerated().map { (Double($0), "\(short($1)) for all") }
              + [(Double(rates.count), "each its own")]),
          y: Axis(
            "test error (%)", log: true, ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4].map { ($0, short($0)) }),
          rows.map { row, shift, points in
            Series(
              row.net.name, x: points.map { $0.x + shift }, y: points.map(\.error.mean),
              deviation: points.map(\.error.uncertainty), style: .points, isEmphasized: row.net == .normed,
              color: row.net.color)
          }
            + rows.filter { $0.points.count > 2 }.map { row, shift, points in
              Series(
                "", x: points.dropLast().map { $0.x + shift }, y: points.dropLast().map(\.error.mean), style: .line,
                isEmphasized: row.net == .normed, color: row.net.color)
            })),
      caption: """
        \(findings.data), after \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) digits: means of \
        \(seedCounts(rows.flatMap { $0.points.map(\.error) })) with 95 % intervals. The other nets were not trained at every rate.
        """, name: "own-rates", isWide: true)
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

  /// Test errors over the epochs.
  static func curves(_ findings: VariantFindings, _ runs: PageRuns<VariantFindings>, name: String) -> Figure {
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
          findings.results.sorted { $0.place < $1.place }.map {
            Series(
              $0.shownName, y: $0.errors.map(\.mean),
              deviation: findings.seeds.count > 3 ? $0.errors.map(\.uncertainty) : [],
              style: findings.epochs > 8 ? .line : .lineAndMarkers, isEmphasized: $0.name == best.name,
              color: $0.shownColor)
          })),
      caption: """
        \(findings.data), \(grouped(findings.testCount)) test images, \
        \(findings.seeds.count > 3 ? "means of \(findings.seeds.count) seeds with 95 % intervals" : findings.seeds.count > 1 ? "means of \(findings.seeds.count) seeds" : "one seed").
        """,
      name: name)
  }

  /// The errors at the end at one rate: recorded, and of this run.
  static func errorTable(_ runs: PageRuns<VariantFindings>) -> Table {
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
