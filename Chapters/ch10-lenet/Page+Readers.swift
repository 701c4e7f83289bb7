// The page of chapter 10: what only readers of its sources ask.

import Foundation
import Workbook

extension LeNet {
  /// S0's program, and S1's rates.
  static func addReaders(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    page.prose(
      """
      ## For readers of S0 and S1

      The rest of the two texts, held against these networks.
      """)
    addProgram(to: &page, runs)
    addSchedule(to: &page, runs.reported)
  }

  /// S0: its figures, and what else its program does.
  static func addProgram(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    guard !reported.differences.isEmpty else { return }
    page.fold("What else S0 and its program say") {
      $0.prose(
        """
        S0 credits ReLU with gradients that do not vanish (4.1) and cross-entropy with speed (4.2). The left-hand picture of its \
        figure 3 is the net with the wrong σ′. Overfitting is its fourth problem, after vanishing gradients, slow learning and \
        covariate shift. The wrong line has been in SimpleNN since June 2021; in the class above it, `Tanh`, the same formula is \
        right. S3's table of LeNet-5 puts a tanh after each pooling and a softmax at the end.

        S0's numbers are not met exactly (see the claims). Its program does three things that its text does not say: its nets \
        take max pooling unless told otherwise; its `DataLoader` shuffles once, so every epoch has the same batches in the same \
        order; and what it calls LeCun's initialization is ±√(1/fan-in) (`common.h`), a third of the variance that LeCun wrote. The \
        last is done here as well. The other two, tried one at a time on the two rows that we fail to match:
        """)
      $0.table(
        Table(
          "Test errors (%) after \(reported.differences[0].runs[0].errors.count) epochs, \(counted(reported.differences[0].runs.count, "seed"))",
          columns: ["network", "changed", .init("as here", digits: 2), .init("as in SimpleNN", digits: 2)],
          rows: reported.differences.compactMap { tried in
            base(of: tried, reported).map { row, what, errors in
              [TableCell(row.shownName), TableCell(what), .measured(errors), .measured(tried.finalError)]
            }
          }))
      $0.prose(differencesFinding(reported))
    }
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
