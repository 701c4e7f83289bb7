// The page of chapter 10: the report whose program has the mistake, and what else it says.

import Foundation
import Workbook

extension LeNet {
  /// S0's table and program, in a fold.
  static func addReport(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    page.prose(
      """
      ## The report that has the mistake

      The mistake of the wrong σ′ is in a published program. Its authors report 1.06 % for LeNet-5, and recommend much of what \
      this chapter tests.
      """)
    page.fold("S0, a report on a LeNet-5 written in C++: what it says and what is measured here") {
      addProgram(to: &$0, runs)
    }
  }

  /// S0: its numbers, its figures, and what else its program does.
  static func addProgram(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    let rows = reported.results.filter { $0.published != nil }
    if !rows.isEmpty, reported.hasPublishedSize {
      page.table(
        Table(
          "S0's table 1, five runs, and the same here: after \(counted(reported.epochs, "epoch")) at the rate \(reported.rate), \(counted(reported.seeds.count, "seed"))",
          columns: [
            "network", "published, 30 epochs (%)", .init("test error (%)", digits: 2),
            "difference in points, 95 % interval",
          ],
          rows: reported.results.map { result in
            [
              TableCell(result.shownName),
              result.published.map { TableCell("\(fixed($0.mean, 2)) ± \(fixed($0.deviation, 2))") } ?? "–",
              .measured(result.finalError), TableCell(result.gapText ?? "–"),
            ]
          }))
    }
    page.prose(
      """
      - **Its table.** S0's LeNet-5 has 1.06 % errors (with the wrong σ′), its LeNet-5+ 0.96 %, its LeNet-5++ 0.78 %; these are \
      the 99.22 % right of its abstract. \(rowsFinding(rows))
      - **Its reasons.** S0 wants to solve vanishing gradients, slow learning and covariate shift; its fourth problem is overfitting.
      - **Speed.** S0 says that LeNet-5+ learns faster than LeNet-5\(fasterFinding(reported)).
      - **Its gradients.** S0 shows gradients that recover sooner with ReLU. Its picture for tanh is of the net with the wrong \
      σ′\(recoveryFinding(reported)).
      """)
    addDrift(to: &page, runs)
    guard !reported.differences.isEmpty else { return }
    page.prose(
      """
      **Its program** does three things that its text does not say. It uses max pooling unless another one is chosen. It shuffles \
      the images only once, so that every epoch has the same batches in the same order. And what it calls LeCun's \
      initialization has a third of the variance that LeCun wrote; our LeNet-5+ and LeNet-5++ do the same. The first two were \
      tried here on the two networks whose errors differ from S0's:
      """)
    page.table(
      Table(
        "Test errors (%) after \(reported.differences[0].runs[0].errors.count) epochs, \(counted(reported.differences[0].runs.count, "seed"))",
        columns: ["network", "changed", .init("as here", digits: 2), .init("as in SimpleNN", digits: 2)],
        rows: reported.differences.compactMap { tried in
          base(of: tried, reported).map { row, what, errors in
            [TableCell(row.shownName), TableCell(what), .measured(errors), .measured(tried.finalError)]
          }
        }))
    page.prose(differencesFinding(reported))
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
      ? "" : "Here \(listed(met.map(\.shownName))) \(met.count == 1 ? "agrees" : "agree") with that, within chance. "
    let differing =
      missed.isEmpty
      ? ""
      : "\(listed(missed.map(\.shownName)).capitalizedFirst) \(missed.count == 1 ? "differs" : "differ") by more than chance."
    return (agreeing + differing).trimmingCharacters(in: .whitespaces)
  }

  /// Whether LeNet-5+ is ahead after S0's first epoch, of either LeNet-5.
  static func fasterFinding(_ findings: VariantFindings) -> String {
    guard let right = findings.named("LeNet-5"), let wrong = findings.named("LeNet-5, published σ′"),
      let plus = findings.named("LeNet-5+")
    else { return "" }
    func first(_ result: VariantResults) -> Summary { result.errors[min(findings.firstPass, result.errors.count) - 1] }
    func told(_ lead: Summary) -> String {
      lead.worded(
        above: "more, by more than chance", below: "fewer, by more than chance", withinChance: "level within chance")
    }
    return """
      . Here, after \(grouped(findings.firstPass * findings.trainingCount)) images at one rate, LeNet-5+ has \
      \(fixed(first(plus).mean, 1)) % errors, LeNet-5 with the right σ′ \(fixed(first(right).mean, 1)) % (\
      \(told(first(right) - first(plus)))), with the wrong one \(fixed(first(wrong).mean, 1)) % (\
      \(told(first(wrong) - first(plus))))
      """
  }

  /// How long it takes until conv1 has what pooling leaves it.
  static func recoveryFinding(_ findings: VariantFindings) -> String {
    func times(_ name: String) -> (found: Summary, of: Int) {
      let stories = findings.named(name)?.runs.compactMap(\.story) ?? []
      return (Summary(stories.compactMap(\.recovery)), stories.count)
    }
    let (tanh, relu) = (times("LeNet-5"), times("LeNet-5+"))
    guard tanh.of > 0, relu.of > 0, tanh.found.count == tanh.of, relu.found.count == relu.of else { return "" }
    return """
      . With the right σ′ conv1 has the share that pooling leaves it after \(tanh.found.formatted(decimals: 1)) epochs, in \
      LeNet-5+ after \(relu.found.formatted(decimals: 1)); but these two nets also differ in loss and initial weights
      """
  }

  /// S0's figure 5: whether the activations drift.
  static func addDrift(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let drifts = runs.reported.drifts
    guard drifts.count == 2, let growths = runs.reported.named("LeNet-5+")?.runs.compactMap(\.growth), !growths.isEmpty
    else {
      return
    }
    let growth = Summary(growths)
    page.prose(
      """
      **Its inputs.** S0 shows *drift*: what enters an activation changes while the layers before it learn (chapter 5). \
      \(growth.worded(
        from: 1,
        above: "In LeNet-5+ the standard deviation of what enters the activations becomes \(growth.formatted(decimals: 2)) times as large from epoch 1 to \(runs.reported.epochs).",
        below: "In LeNet-5+ the standard deviation of what enters the activations shrinks from epoch 1 to \(runs.reported.epochs).",
        withinChance: "In LeNet-5+ what enters the activations spreads by no more than chance.")) \
      Whether drift does harm is another question: chapter 5 shakes what leaves every norm, anew in each step, and the net with the norms still ends ahead of the one without.
      """)
    let spreads = Figure(
      isClear(Summary(growth.values.map { $0 - 1 }), beyond: 0.1) && growth.mean > 1
        ? "Without a norm the inputs of the activations spread, by a factor of \(growth.formatted(decimals: 2))"
        : "The spread of the activation inputs in \(counted(runs.reported.epochs, "epoch"))",
      .lines(
        LineChart(
          x: Axis("epoch"),
          y: Axis(
            "standard deviation of the inputs", range: 0...1.05 * (drifts.flatMap(\.values).joined().max() ?? 1)),
          drifts[0].layers.indices.map { layer in
            Series(drifts[0].layers[layer], y: drifts[0].values[layer], style: .line, color: layer)
          } + [
            Series(
              "all of LeNet-5++",
              y: drifts[1].values[0].indices.map { epoch in
                Summary(drifts[1].values.map { $0[epoch] }).mean
              }, style: .line, color: 7)
          ])),
      caption: """
        What enters each activation of LeNet-5+, on 256 training images, mean of \
        \(counted(runs.reported.seeds.count, "seed")). The line near 1 is the mean over the layers of LeNet-5++. Behind a norm the \
        standard deviation is |γ|, and γ moves slowly.
        """, name: "activation-inputs")
    page.figure(spreads)
  }

  /// The row that a trial is held against, what was changed, and the row's errors after as many epochs.
  static func base(
    of tried: VariantResults, _ findings: VariantFindings
  ) -> (row: VariantResults, what: String, errors: Summary)? {
    guard let comma = tried.name.range(of: ", ", options: .backwards),
      let row = findings.named(String(tried.name[..<comma.lowerBound]))
    else { return nil }
    let epochs = tried.errors.count
    guard epochs > 0, row.errors.count >= epochs else { return nil }
    return (
      row, String(tried.name[comma.upperBound...]),
      Summary(Array(row.errors[epochs - 1].values.prefix(tried.runs.count)))
    )
  }

  /// Which differences move an error by more than chance.
  static func differencesFinding(_ findings: VariantFindings) -> String {
    let effects = findings.differences.compactMap { tried -> String? in
      guard let (row, what, errors) = base(of: tried, findings) else { return nil }
      let change = tried.finalError - errors
      guard isClear(change, beyond: 0) else { return nil }
      return
        "\(what) \(change.mean > 0 ? "raises" : "lowers") the error of \(row.shownName) by \(fixed(abs(change.mean), 2)) points (95 % interval \(change.magnitude.interval(2)))"
    }
    let intervals = findings.differences.compactMap { tried in
      base(of: tried, findings).map { (tried.finalError - $0.errors).uncertainty }
    }
    return effects.isEmpty
      ? "No difference is more than chance. But with so few seeds it could be up to \(fixed(intervals.max() ?? .infinity, 2)) points either way, so the differences from S0 stay unexplained."
      : "By more than chance, " + effects.joined(separator: "; ") + ". The other differences are within chance."
  }
}

extension VariantResults {
  /// How far it is from what S0 published, with the interval of five and five runs.
  fileprivate var gapText: String? {
    guard let published, let distance = distanceFromPublished, distance != 0 else { return nil }
    let gap = finalError.mean - published.mean
    let reach = studentT(freedom: 8) * abs(gap / distance)
    return "\(fixed(gap - reach, 2)) to \(fixed(gap + reach, 2))"
  }
}
