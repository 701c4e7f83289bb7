// The page of chapter 10: what only readers of its sources ask.

import Foundation
import Workbook

extension LeNet {
  /// S0's program, and S1's rates.
  static func addReaders(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    page.prose(
      """
      ## For readers of S0 and S1

      S0, a report on a LeNet-5 written in C++, gave the networks their names, and S1 a table of rates. The rest of the two texts, held against these networks:
      """)
    page.fold("S0: its table, its figures and its program") { addProgram(to: &$0, runs) }
    addSchedule(to: &page, runs.reported)
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
            "difference in its standard errors",
          ],
          rows: reported.results.map { result in
            [
              TableCell(result.shownName),
              result.published.map { TableCell("\(fixed($0.mean, 2)) ± \(fixed($0.deviation, 2))") } ?? "–",
              .measured(result.finalError), TableCell(result.distanceFromPublished.map { fixed($0, 1) } ?? "–"),
            ]
          }))
    }
    page.prose(
      """
      S0's LeNet-5 has 1.06 % errors, its LeNet-5+ 0.96 %, its LeNet-5++ 0.78 %, the 99.22 % right of its abstract; the first \
      has the wrong σ′. \(rowsFinding(rows)) S0 credits ReLU with gradients that do not vanish (4.1) and cross-entropy with speed \
      (4.2, with its figure 4): LeNet-5+ learns faster than LeNet-5\(fasterFinding(reported)). The left-hand picture of its \
      figure 3, of gradients that recover sooner with ReLU, is the net with the wrong σ′\(recoveryFinding(reported)). \
      Overfitting is its fourth problem, after vanishing gradients, slow learning and covariate shift. The wrong line has been \
      in SimpleNN since June 2021; in the class above it, `Tanh`, the same formula is right. S3's table of LeNet-5 puts a tanh \
      after each pooling and a softmax at the end.
      """)
    addDrift(to: &page, runs)
    guard !reported.differences.isEmpty else { return }
    page.prose(
      """
      Its program does three things that its text does not say: its nets take max pooling unless told otherwise; its \
      `DataLoader` shuffles once, so every epoch has the same batches in the same order; and what it calls LeCun's \
      initialization is ±√(1/fan-in) (`common.h`), a third of the variance that LeCun wrote. The last is done here as well. \
      The other two, tried one at a time on the two rows that we fail to match:
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
    return (met.isEmpty ? "None of the rows is met" : "Within chance we meet \(listed(met.map(\.shownName)))")
      + (missed.isEmpty ? "." : "; \(listed(missed.map(\.shownName))) we miss.")
  }

  /// Whether LeNet-5+ is ahead after S0's first epoch, of either LeNet-5.
  static func fasterFinding(_ findings: VariantFindings) -> String {
    guard let right = findings.named("LeNet-5"), let wrong = findings.named("LeNet-5, published σ′"),
      let plus = findings.named("LeNet-5+")
    else { return "" }
    func first(_ result: VariantResults) -> Summary { result.errors[min(findings.firstPass, result.errors.count) - 1] }
    func told(_ lead: Summary) -> String {
      lead.worded(above: "by more than chance", below: "not at all", withinChance: "by no more than chance")
    }
    return """
       (after \(grouped(findings.firstPass * findings.trainingCount)) images \(fixed(first(plus).mean, 1)) % errors against \
      \(fixed(first(right).mean, 1)) with the right σ′, \(told(first(right) - first(plus))), and against \
      \(fixed(first(wrong).mean, 1)) with the wrong one, \(told(first(wrong) - first(plus))))
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
      ; with the right one conv1 has the share that pooling leaves it after \(tanh.found.formatted(decimals: 1)) epochs, in \
      LeNet-5+ after \(relu.found.formatted(decimals: 1)), where loss and first weights differ as well
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
      Batch normalization was invented against *drift*: what enters a layer changes while the layers before it learn (chapter \
      5). Does it? \(growth.worded(
        from: 1,
        above: "From epoch 1 to \(runs.reported.epochs) the spread of what enters LeNet-5+'s activations becomes \(growth.formatted(decimals: 2)) times as large. Whether that",
        below: "From epoch 1 to \(runs.reported.epochs) the spread of what enters LeNet-5+'s activations shrinks. Whether drift",
        withinChance: "What enters LeNet-5+'s activations spreads no more beyond chance. Whether drift")) does harm is another \
      question: chapter 5 adds drift on purpose, after the norm, and the net still learns faster.
      """)
    let spreads = Figure(
      isClear(Summary(growth.values.map { $0 - 1 }), beyond: 0.1) && growth.mean > 1
        ? "Without normalization the inputs of the activations spread: \(growth.formatted(decimals: 2)) times from epoch 1 to \(runs.reported.epochs)"
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
        \(counted(runs.reported.seeds.count, "seed")): the numbers behind S0's figure 5. The line near 1: LeNet-5++, mean of \
        its layers. There the spread is |γ| by construction, and stays because γ moves slowly.
        """, name: "activation-inputs")
    page.figure(spreads)
  }

  /// A rate that falls.
  static func addSchedule(to page: inout Page, _ reported: VariantFindings) {
    let constant = reported.named("LeNet-5+").flatMap { row in reported.steps.map { row.errors[$0.errors.count - 1] } }
    page.fold("A rate that falls, and why the table of 1998 does not suit plain gradient descent") {
      $0.prose(
        """
        Far from the minimum a large step saves time; near it, steps of that size jump over it. So one usually lets the rate \
        fall while a net learns. Here it is the same throughout, as in S0; chapters 9 and 11 let it fall as a cosine, and so \
        does this chapter's option `--schedule cosine`.

        S1 lets the rate fall in steps: \(LeNetOptions.describe(.lenet)). The numbers come from 1998, from a method that gave \
        every weight a step of its own and took one for every image, \(reported.batch) times as many as here. \
        \(reported.steps.flatMap { steps in constant.map { "With them plain gradient descent brings LeNet-5+ to \(steps.finalError.formatted(decimals: 1)) % errors in \(steps.errors.count) epochs (\(counted(steps.runs.count, "seed"))); with \(reported.rate) throughout it is \($0.formatted(decimals: 1)) %." } } ?? "")
        """)
      $0.callout(
        .erratum("S1"),
        """
        S1's table has lost a row. LeCun et al. (1998) have 0.0001 for three passes between 0.0002 and 0.00005.
        """)
    }
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
        "\(what) \(change.mean > 0 ? "raises" : "lowers") the error of \(row.shownName) by \(fixed(abs(change.mean), 2)) points (95 %: \(change.magnitude.interval(2)))"
    }
    let intervals = findings.differences.compactMap { tried in
      base(of: tried, findings).map { (tried.finalError - $0.errors).uncertainty }
    }
    return effects.isEmpty
      ? "None moves an error by more than chance, seed by seed. So few seeds cannot exclude \(fixed(intervals.max() ?? .infinity, 2)) points either way: what is left of the differences stays unexplained."
      : "By more than chance: " + effects.joined(separator: "; ") + ". The others stay within it."
  }
}
