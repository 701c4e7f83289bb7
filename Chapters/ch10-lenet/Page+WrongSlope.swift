// The page of chapter 10: a published program that differentiates its sigmoid wrongly.

import Foundation
import Workbook

extension LeNet {
  /// The wrong derivative.
  static func addWrongDerivative(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let right = runs.reported.named("LeNet-5"), let wrong = runs.reported.named("LeNet-5, published σ′") else {
      return
    }
    let reported = runs.reported
    page.prose(
      """
      ## A mistake that nobody notices

      S0, a report on a LeNet-5 written in C++, has a mistake in its program: its LeNet-5 multiplies the gradient by \
      $1 - s^2$, the derivative of tanh, where the derivative of the sigmoid, $s(1 - s)$, belongs. It is one line of \
      SimpleNN, `headers/activation_layer.h`:

      ```cpp
      return e2 * (1 - sigmoid * sigmoid);     // right: e2 * sigmoid * (1 - sigmoid)
      ```

      Nothing complains: the loss falls, and the net learns to read digits.
      """)
    if reported.results.count == 4 {
      let three = reported.ranking.filter { $0.name != "LeNet-5++" }
      page.predict(
        """
        LeNet-5 with this mistake, the wrong σ′, is trained at the rate \(reported.rate), like LeNet-5 and \(shownName("LeNet-5+")). \
        Which of the three places does it take after \(counted(reported.epochs, "epoch"))?
        """,
        choices: [
          "first, ahead of \(shownName("LeNet-5+"))", "second, ahead of LeNet-5",
          "last: a wrong gradient cannot learn well",
        ],
        answer: three.firstIndex { $0.name == wrong.name } ?? 0,
        "\(three.map { "\($0.shownName): \($0.finalError.formatted(decimals: 2)) %" }.joined(separator: "; "))."
      )
      page.project("Which place does the net with the mistake take?")
    }
    page.prose(mistakeFinding(reported, right, wrong))
    addReason(to: &page, reported)
    let gain = right.finalError - wrong.finalError
    page.slide(
      isClear(gain, beyond: 0)
        ? "\(gain.mean > 0 ? "The wrong slope makes fewer" : "The right slope makes fewer") mistakes, at this rate"
        : "Right and wrong slope: no difference beyond chance",
      """
      - At \(reported.rate): right slope \(fixed(right.finalError.mean, 2)) %, wrong slope \(fixed(wrong.finalError.mean, 2)) %.
      \(ownWrong(reported).map { "- Each at its own rate: right slope \(fixed($0.finalError.mean, 2)) %, wrong slope \(fixed($1.finalError.mean, 2)) %.\n" } ?? "")\
      - The wrong slope is $(1 + s)/s$ times the right one: at least twice as large.
      - A gradient check finds the mistake in a second.
      """, notes: "Wherever s is near 0 the factor is large: there the mistake undoes the slow start of squared error.")
    addReport(to: &page, runs)
  }

  private static func ownWrong(_ findings: VariantFindings) -> (VariantResults, VariantResults)? {
    guard let own = findings.ownRates, let right = own.named("LeNet-5"), let wrong = own.named("LeNet-5, published σ′")
    else { return nil }
    return (right, wrong)
  }

  /// What the mistake did.
  static func mistakeFinding(_ findings: VariantFindings, _ right: VariantResults, _ wrong: VariantResults) -> String {
    let (gain, lead) = (
      right.finalError - wrong.finalError, findings.named("LeNet-5+").map { $0.finalError - wrong.finalError }
    )
    let first = gain.worded(
      above:
        "At \(findings.rate) the wrong derivative is better than the right one, with \(fixed(wrong.finalError.mean, 2)) against \(fixed(right.finalError.mean, 2)) % errors\(lead?.direction() == .above ? ". It is better even than \(shownName("LeNet-5+"))" : "").",
      below:
        "At \(findings.rate) the wrong derivative is worse than the right one, with \(fixed(wrong.finalError.mean, 2)) against \(fixed(right.finalError.mean, 2)) % errors.",
      withinChance: "At \(findings.rate) the difference between the two derivatives is within chance.")
    func at(_ net: VariantResults) -> String {
      findings.ownRates?.choice(net.name).map { " (at \(short($0.rate)))" } ?? ""
    }
    let second = ownWrong(findings).map { ownRight, ownWrong in
      let errors =
        "\(fixed(ownWrong.finalError.mean, 2)) % with the wrong derivative\(at(ownWrong)) and \(fixed(ownRight.finalError.mean, 2)) % with the right one\(at(ownRight))"
      return (ownRight.finalError - ownWrong.finalError).worded(
        above: " With a rate for each it is still ahead: \(errors).",
        below: " With a rate for each the right one is ahead: \(errors).",
        withinChance: " With a rate for each, nothing beyond chance is left of this lead: \(errors)."
      )
    }
    return first + (second ?? "")
  }

  /// How a wrong gradient can learn, and why so fast.
  private static func addReason(to page: inout Page, _ findings: VariantFindings) {
    page.prose(
      """
      How can a wrong gradient learn? The wrong slope is $(1 - s^2) / (s(1 - s)) = (1 + s)/s$ times the right one. This factor is \
      at least 2, so each output is pushed in the right direction, only harder, and the rate is in effect larger\
      \(findings.firstSteps.map { ": after a tenth of an epoch the wrong gradient at the ten sums of LeNet-5 is \(short($0.excess(1).mean)) times as long as the right one" } ?? ""). Chapter 8, \
      *A wrong derivative that helped*, finds the loss that it follows. **That a network learns proves nothing about its \
      gradient: compare it with finite differences (chapter 1).** In PyTorch `torch.autograd.gradcheck` does that for a function of your own.
      """)
  }

  /// The report whose program has the mistake: its table and its learning curves, beside the same here.
  private static func addReport(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    let rows = reported.results.filter { $0.published != nil }
    guard !rows.isEmpty, reported.hasPublishedSize else { return }
    let peers = PeerRows(beside: reported)
    page.prose("**S0's table beside ours.** \(rowsFinding(rows))\(peersFinding(reported.results, peers))")
    page.table(reportTable(runs, peers))
    page.fold("S0's net and curves, and what else its program does") {
      $0.figure(
        Figure(
          "S0's LeNet-5++ has batch norm at the outputs, too",
          .diagram(networkDiagram(runs.live, hasLastNorm: true)),
          caption: "Its last layers; those before are as in the figure of *The network*.", name: "network-s0"))
      if reported.ownRates != nil {
        $0.figure(curves(reported, runs, name: "test-error"))
        if runs.isRecorded, runs.live.epochs > 1 { $0.figure(curves(runs.live, runs, name: "test-error-live")) }
      }
      $0.prose(
        """
        S0 names four problems of LeNet-5: vanishing gradients, slow learning, covariate shift and overfitting. Its LeNet-5++ has \
        the 99.22 % right of its abstract. Its LeNet-5 was probably trained with the \
        mistake.\(differencesFinding(reported.differences))
        """)
      if let table = differencesTable(reported.differences, reported) { $0.table(table) }
    }
  }

  /// S0's table beside the same here, in PyTorch, and in this run where another is told.
  static func reportTable(_ runs: PageRuns<VariantFindings>, _ peers: PeerRows?) -> Table {
    let (reported, live) = (runs.reported, runs.live)
    var columns: [Table.Column] = [
      "network", "published, 30 epochs (%)", .init("test error (%)", digits: 2),
      "here − published, 95 % interval",
    ]
    if let peers {
      columns.append(.init("PyTorch (%), \(seedCounts(Array(peers.errors.values)))", digits: 2))
    }
    if runs.isRecorded {
      columns.append(
        .init("this run (%): \(counted(live.epochs, "epoch")) of \(grouped(live.trainingCount)) digits", digits: 1))
    }
    return Table(
      "S0's table 1, five runs, and the same here: after \(counted(reported.epochs, "epoch")) at the rate \(reported.rate), \(counted(reported.seeds.count, "seed"))",
      columns: columns,
      rows: reported.results.map { result in
        var row: [TableCell] = [
          TableCell(rowName(result)),
          result.published.map { TableCell("\(fixed($0.mean, 2)) ± \(fixed($0.deviation, 2))") } ?? "–",
          .measured(result.finalError), TableCell(result.gapText ?? "–"),
        ]
        if let peers { row.append(peers.errors[result.name].map { .measured($0) } ?? "–") }
        if runs.isRecorded { row.append(live.named(result.name).map { .measured($0.finalError) } ?? "–") }
        return row
      })
  }

  /// How near PyTorch comes.
  static func peersFinding(_ rows: [VariantResults], _ peers: PeerRows?) -> String {
    guard let farthest = rows.compactMap({ peers?.distance(of: $0) }).map(abs).max() else { return "" }
    return " The same nets in PyTorch end within \(fixed(farthest, 2)) points of ours."
  }

  /// Which differences of S0's program explain what is missing, and which do not.
  static func differencesFinding(_ tried: [TriedDifference]) -> String {
    // Towards S0's error is up where that is larger.
    func pull(_ one: TriedDifference) -> Double { log(one.factor.mean) * (one.gap.mean > 1 ? 1 : -1) }
    guard let nearest = tried.max(by: { pull($0) < pull($1) }) else { return "" }
    func told(_ all: [TriedDifference]) -> String {
      listed(all.map { "× \(fixed($0.factor.mean, 2)) in \($0.row.shownName)" })
    }
    let found = tried.filter(\.explains)
    let rows = Set(tried.map(\.row.name)).sorted().reversed()
    let excluded = rows.compactMap { name -> String? in
      let small = tried.filter { $0.row.name == name && !$0.explains && $0.isTooSmall }
      return small.isEmpty
        ? nil
        : " \(capitalized(listed(small.map(differenceName)))) alone cannot explain the gap of \(small[0].row.shownName)."
    }
    let first =
      found.isEmpty
      ? "None moves the error towards S0's by more than chance\(excluded.isEmpty ? ", and the intervals rule none out" : ""). \(capitalized(differenceName(nearest))) comes nearest (\(told(tried.filter { $0.difference == nearest.difference })))."
      : "Beyond chance \(listed(found.map { "\(differenceName($0)) (\(told([$0])))" })) \(found.count == 1 ? "moves" : "move") an error towards S0's."
    return
      " Where our errors differ from S0's we tried, one at a time, what its program does otherwise. \(first)\(excluded.joined())"
  }

  private static func differenceName(_ tried: TriedDifference) -> String {
    switch tried.difference {
    case .batches: "one order of the batches"
    case .pooling: "max pooling"
    case .start: tried.variant.net.initializer == .torchUniform ? "LeCun's own weights" : "weights within ±1/√n"
    }
  }

  /// The differences with their factors, for each net beside each other.
  static func differencesTable(_ tried: [TriedDifference], _ findings: VariantFindings) -> Table? {
    let nets = findings.results.compactMap { row in tried.first { $0.row.name == row.name } }
    guard let first = nets.first else { return nil }
    let epochs = findings.worth?[first.difference.trial(first.variant)]?.runs.first?.errors.count
    let changed = ProgramDifference.allCases.map { difference -> [TableCell] in
      let all = nets.map { net in tried.first { $0.row.name == net.row.name && $0.difference == difference } }
      let names = all.compactMap { $0.map(differenceName) }
      return [TableCell(names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }.joined(separator: "; "))]
        + all.flatMap { one -> [TableCell] in
          one.map { [.measured($0.theirs), TableCell($0.factor.text)] } ?? ["–", "–"]
        }
    }
    return Table(
      "Each difference alone: test errors after \(counted(epochs ?? ProgramDifference.epochs, "epoch")) at \(findings.rate), \(counted(first.ours.count, "seed")). The program's weights lie within ±1/√n by default, a start that it names after LeCun, whose own is √3 times as wide",
      columns: ["difference"]
        + nets.flatMap { net -> [Table.Column] in
          [.init("\(net.row.shownName) (%)", digits: 2), "error × (95 %, widened)"]
        },
      rows: [["none"] + nets.flatMap { net -> [TableCell] in [.measured(net.ours), "1"] }] + changed
        + [["S0's error over ours"] + nets.flatMap { net -> [TableCell] in ["–", TableCell(net.gap.text)] }])
  }

  /// A row of S0's table: what the page calls the net, and what S0 calls it.
  private static func rowName(_ result: VariantResults) -> String {
    switch result.name {
    case "LeNet-5+": "\(result.shownName), S0's LeNet-5+"
    case "LeNet-5++": "\(result.shownName): \(Steps.Net.normed.name), and batch norm at the outputs"
    default: result.shownName
    }
  }

  /// Which rows of S0's table are met.
  static func rowsFinding(_ rows: [VariantResults]) -> String {
    // Student's t for five and five runs.
    let (met, missed) = (
      rows.filter { abs($0.distanceFromPublished ?? 0) < 2.31 },
      rows.filter { abs($0.distanceFromPublished ?? 0) >= 2.31 }
    )
    if rows.isEmpty { return "" }
    let agreeing =
      met.isEmpty
      ? ""
      : "Here \(listed(met.map(\.shownName))) \(met.count == 1 ? "agrees" : "agree") with the published error, within chance. "
    let differing =
      missed.isEmpty
      ? ""
      : "\(capitalized(listed(missed.map(\.shownName)))) \(missed.count == 1 ? "differs" : "differ") by more than chance."
    return (agreeing + differing).trimmingCharacters(in: .whitespaces)
  }
}

extension VariantResults {
  /// How far an interval of five and five runs reaches around what S0 published minus what is here.
  private var reach: Double? {
    guard let published, let distance = distanceFromPublished, distance != 0 else { return nil }
    return studentT(freedom: 8) * abs((finalError.mean - published.mean) / distance)
  }

  /// How far it is from what S0 published.
  fileprivate var gapText: String? {
    guard let published, let reach else { return nil }
    let gap = finalError.mean - published.mean
    return "\(fixed(gap - reach, 2)) to \(fixed(gap + reach, 2))"
  }

  /// What S0 published, divided by what is here.
  var publishedFactor: Factor? {
    guard let published, let reach else { return nil }
    let ours = finalError.mean
    return Factor(
      mean: published.mean / ours, low: (published.mean - reach) / ours, high: (published.mean + reach) / ours)
  }
}
