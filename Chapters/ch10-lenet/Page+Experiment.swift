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
      \(reported.batch) images. An epoch is one run through all images, in a random order:

      ```python
      import torch, torch.nn.functional as F
      from torch.utils.data import DataLoader
      from torchvision import datasets, transforms as T

      scale = T.Compose([T.ToTensor(), T.Normalize(0.1307, 0.3081), T.Pad(2)])
      training_set = datasets.MNIST("data", download=True, transform=scale)
      rate = \(short(rate))
      for epoch in range(\(reported.epochs)):
          for images, labels in DataLoader(training_set, batch_size=\(reported.batch), shuffle=True):
              loss = F.cross_entropy(model(images), labels)
              # LeNet-5: ((sigmoid(z) - onehot) ** 2).sum(1).mean() / 2 of its last sums z
              model.zero_grad()
              loss.backward()                                 # leaves ∂L/∂w beside every weight
              with torch.no_grad():
                  for w in model.parameters():
                      w -= rate * w.grad

      test_set = datasets.MNIST("data", train=False, transform=scale)
      def test():
          model.eval()                        # batch norm: the running mean
          with torch.no_grad():
              wrong = sum((model(x).argmax(1) != y).sum() for x, y in DataLoader(test_set, 1000))
          print(wrong.item() / 100, "% test errors")
      test()
      ```

      `scale` pads after it normalizes. The border then has the value 0, the mean grey, while paper has \
      \(fixed(-Double(MNIST.mean / MNIST.standardDeviation), 2)): every digit stands in a grey frame. That is a choice, the same for all our \
      nets. Put `T.Pad(2)` first if the border should be paper.
      """)
    page.fold("The loop in Swift") { $0.code("trainingLoop", in: "TrainingLoop.swift") }
    guard let own = reported.ownRates, reported.steps != nil else { return addShortRun(to: &page, runs) }
    page.prose(
      """
      **The rate.** Each net is trained at several rates on \(grouped(reported.trainingCount - own.keptBack)) of the training \
      digits. The rate with the fewest mistakes on the other \(grouped(own.keptBack)) is *its own rate*. Then the net is trained at that \
      rate on all \(grouped(reported.trainingCount)) digits, with other seeds. The test digits have no part in the choice.

      **Chance.** A difference is *within chance* if its 95 % interval contains "no difference". Of several comparisons one may \
      look real by luck. So where a table or caption says *widened*, the intervals are so wide that all of them hold together in 95 of \
      100 experiments (Bonferroni's rule).\
      \(runs.source.map { " All this takes hours, so the figures, tables and numbers of this page are those of the recorded full run of \($0.date), unless they are marked *this run*." } ?? "")
      """)
    page.fold("How the rates were chosen, and how the intervals are made") {
      $0.prose(
        """
        To choose the rates, the nets were trained for \(counted(own.choiceEpochs, "epoch")) with one or two seeds, which are none \
        of the seeds of the figures. Where the best rate was the smallest or the largest one tried, further rates were tried \
        beyond it.
        """)
      $0.table(rateTable(reported))
      $0.prose(
        """
        *Intervals.* Of $n$ seeds the interval reaches $t\\, s/\\sqrt{n}$ to both sides of the mean, where $s$ is the standard deviation. The factor \
        $t$, 2.8 for five seeds, makes up for knowing $s$ from so few. Where the errors of several nets are divided by each \
        other, $s$ is that of the logarithm of the error, estimated from all of these nets together.
        """)
    }
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

      Most comparisons give all nets the same learning rate. S0, a report on LeNet-5, takes \(reported.rate).
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
    page.prose(answerFinding(left, reported.rate))
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

  /// The answer in words.
  static func answerFinding(_ left: Factor, _ rate: Float) -> String {
    guard left.direction == .withinChance else { return "**\(answerTitle(left)).**" }
    return """
      **A comparison at one rate shows first of all which net that rate suits.** At \(rate) LeNet-5 looks far worse; at its own rate it \
      does not. So before you compare two nets, choose a rate for each of them, on data that you keep back. The next section shows \
      why \(rate) suits one of these two and not the other.
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

  /// Both errors of each net, joined by a line.
  private static func answerFigure(_ findings: VariantFindings, _ steps: Steps) -> Figure {
    func series(_ place: Int, _ row: Steps.Row) -> [Series] {
      // Beside each other, so that the intervals can be told apart.
      let shift = 0.02 * (Double(place) - Double(steps.rows.count - 1) / 2)
      let points = [(0.0, row.atOne), (1.0, row.error)].filter { $0.1.count > 0 }
      let (x, y) = (points.map { $0.0 + shift }, points.map(\.1.mean))
      return [
        Series(
          row.net.name, x: x, y: y, deviation: points.map(\.1.uncertainty), style: .points,
          isEmphasized: row.net == .normed, color: row.net.color),
        Series("", x: x, y: y, style: .line, isEmphasized: row.net == .normed, color: row.net.color),
      ]
    }
    return Figure(
      steps.factor(.modern, over: .old).map(answerTitle) ?? "Each at its own rate",
      .lines(
        LineChart(
          x: Axis(
            "", range: -0.25...1.08, ticks: [(0, "rate \(findings.rate) for all"), (1, "each at its own rate")]),
          y: Axis(
            "test error (%)", log: true, ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.4].map { ($0, short($0)) }),
          steps.rows.enumerated().flatMap { series($0, $1) })),
      caption: """
        \(findings.data), after \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) digits: means of \
        \(seedCounts(steps.rows.map(\.error))) with 95 % intervals.
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
          findings.results.map {
            Series(
              $0.shownName, y: $0.errors.map(\.mean),
              deviation: findings.seeds.count > 3 ? $0.errors.map(\.uncertainty) : [],
              style: findings.epochs > 8 ? .line : .lineAndMarkers, isEmphasized: $0.name == best.name,
              color: $0.color)
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
