// The page of chapter 10: the question, and the four nets with their errors.

import Foundation
import Workbook

extension LeNet {
  /// The question and its answer: four nets, each at the rate that suits it.
  static func addQuestion(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let findings = runs.reported
    page.slide(
      "How much of LeNet's error do thirty years remove?",
      "ReLU, cross-entropy and batch normalization have come since 1998. Which of them lowers the error, and by how much?",
      notes: "Each net is trained at the rate that suits it, and some also at one rate for all.")
    page.prose(
      """
      ## The question

      We keep the layers of LeNet-5, change the rest in steps, and count the mistakes. To be fair, each net gets *its own* learning \
      rate, the best of several on training digits that are kept back.
      """)
    guard let steps = findings.steps, steps.rows.count > 2 else { return }
    page.sideNote(
      """
      Words from earlier chapters. *ReLU* replaces negative numbers by 0 (chapter 2). *Xavier's* initial weights are random, with \
      variance 2/(n + m) for n inputs and m outputs, and suit tanh; *He's* have 2/n and suit ReLU; PyTorch's have 1/(3n), \
      smaller than Xavier's in all layers but conv1 (chapter 4). Here all biases start at 0; PyTorch's start at random. *Batch normalization* (BN) subtracts the mean of the batch, divides by its standard deviation, \
      multiplies by γ and adds β (chapter 5). *Softmax* turns the ten sums into probabilities, and *cross-entropy* (CE) \
      is −log of that of the right digit (chapter 8).
      """)
    page.figure(stepsFigure(steps, findings))
    page.project("Four nets with the layers of 1998, each at its own rate")
    page.table(stepsTable(steps, findings))
    page.prose(stepsFinding(steps, findings))
    addSingles(to: &page, findings)
  }

  /// LeNet-5 with one change at a time, on all digits.
  private static func addSingles(to page: inout Page, _ findings: VariantFindings) {
    let singles = findings.singles
    guard let first = singles.first, let plain = findings.steps?[.old] else { return }
    let open = SingleChange.allCases.filter { change in !singles.contains { $0.change == change } }.map(\.name)
    let runs = first.trial.runs
    page.prose("**Which part does it?** \(attribution(findings))\(needed(findings))")
    page.fold("LeNet-5 with one change alone") {
      $0.prose(
        """
        On all digits \(singlesFinding(singles)) ReLU alone and cross-entropy alone follow in *Which of the changes helps?*\
        \(open.isEmpty ? "" : " \(capitalized(listed(open))) alone we did not measure.")
        """)
      $0.table(
        Table(
          "LeNet-5 with one change, after \(counted(runs[0].errors.count, "epoch")) of \(grouped(findings.trainingCount)) digits, \(seedCounts(singles.map(\.trial.finalError))), each at its own rate",
          columns: [
            "net", "rate", .init("test (%)", digits: 2),
            "÷ LeNet-5, the same seeds (95 %\(singles.count > 1 ? ", widened" : ""))",
          ],
          rows: [["LeNet-5", TableCell(short(plain.rate)), .measured(plain.error), "–"]]
            + singles.map {
              [
                TableCell($0.change.rawValue), TableCell(short($0.trial.choice.rates[0])),
                .measured($0.trial.finalError), TableCell($0.factor.text),
              ]
            }))
    }
  }

  /// Whether the gain of all can be given to a part of it, with all digits.
  static func attribution(_ findings: VariantFindings) -> String {
    let parts = (findings.ownAblation.map { effects($0) } ?? []) + findings.singles.map(\.factor)
    return parts.contains { $0.direction == .below }
      ? "" : "With all \(grouped(findings.trainingCount)) digits we cannot say. "
  }

  /// What is needed with few digits.
  private static func needed(_ findings: VariantFindings) -> String {
    guard let few = findings.leftOutFew, !few.needed.isEmpty else { return "" }
    return "With \(grouped(Worth.fewDigits)) digits we can: \(few.neededText) needed (*Everything together*)."
  }

  /// What one change alone did, in words.
  static func singlesFinding(
    _ singles: [(change: SingleChange, trial: Worth.Trial, factor: Factor)]
  ) -> String {
    func told(_ direction: Summary.Direction, _ what: String) -> String? {
      let found = singles.filter { $0.factor.direction == direction }
      let names = found.map {
        direction == .withinChance ? $0.change.name : "\($0.change.name) (× \(fixed($0.factor.mean, 2)))"
      }
      return found.isEmpty ? nil : "\(what) \(listed(names))"
    }
    return [
      told(.below, "it makes fewer mistakes with"), told(.above, "it makes more mistakes with"),
      told(.withinChance, "we saw no difference beyond chance with"),
    ].compactMap { $0 }.joined(separator: "; ") + "."
  }

  /// What a step changes, as a title and a sentence name it.
  private static func changes(_ net: Steps.Net) -> [String] {
    switch net {
    case .old: []
    case .modern: ["ReLU", "cross-entropy"]
    case .normed: ["batch norm"]
    case .full: ["the rest of the recipe"]
    }
  }

  /// What the steps in one direction change.
  private static func changes(_ steps: Steps, _ direction: Summary.Direction) -> [String] {
    steps.changes.filter { $0.factor.direction == direction }.flatMap { changes($0.row.net) }
  }

  static func stepsTitle(_ steps: Steps) -> String {
    func told(_ names: [String], _ one: String, _ more: String) -> String? {
      names.isEmpty ? nil : "\(listed(names)) \(names.count == 1 ? one : more)"
    }
    let parts = [
      told(changes(steps, .below), "lowers the error", "lower the error"),
      told(changes(steps, .withinChance), "makes no difference beyond chance", "make no difference beyond chance"),
      told(changes(steps, .above), "raises it", "raise it"),
    ]
    return capitalized(parts.compactMap { $0 }.joined(separator: "; "))
  }

  /// Learning curves, each net at its own rate.
  private static func stepsFigure(_ steps: Steps, _ findings: VariantFindings) -> Figure {
    Figure(
      stepsTitle(steps),
      .lines(
        LineChart(
          x: Axis("epoch"),
          y: Axis(
            "test error (%)", log: true, range: 0.4...4, ticks: [0.5, 0.6, 0.8, 1, 1.5, 2, 3].map { ($0, short($0)) }),
          steps.rows.map { row in
            Series(
              row.net.name, y: row.errors.map(\.mean), deviation: row.errors.map(\.uncertainty), style: .line,
              isEmphasized: row.net == .normed, color: row.net.color)
          })),
      caption: """
        \(findings.data), \(grouped(findings.testCount)) test images, each net at its own rate: means of \(seedCounts(steps.rows.map(\.error))) \
        with 95 % intervals. Thick: the net of the first listing.\(steps.factor(.modern, over: .old).map(excluded) ?? "")
        """, name: "own-curves", isWide: true)
  }

  /// How large a gain of ReLU and cross-entropy the runs exclude.
  private static func excluded(_ factor: Factor) -> String {
    factor.direction != .withinChance
      ? ""
      : " ReLU and cross-entropy may still lower the error by \(percent(1 - factor.low)) or raise it by \(percent(factor.high - 1)): these seeds cannot tell."
  }

  private static func stepsTable(_ steps: Steps, _ findings: VariantFindings) -> Table {
    let changes = [nil] + steps.changes.map { Optional($0.factor) }
    return Table(
      "Errors after \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) digits, \(seedCounts(steps.rows.map(\.error)))\(steps.hasLastNorm ? "; the full recipe with batch norm behind the outputs, too" : "")\(steps.whole.map { "; \(steps.rows.last?.net.name ?? "") ÷ LeNet-5: \($0.text)" } ?? "")",
      columns: [
        "net", "what it is", "rate", .init("training (%)", digits: 2), .init("test (%)", digits: 2),
        "÷ the row above (95 %, widened)",
      ],
      rows: zip(steps.rows, changes).map { row, factor in
        [
          TableCell(row.net.name), TableCell(row.net.parts),
          TableCell(short(row.rate)), .measured(row.trainingError),
          .measured(row.error), TableCell(factor.map(\.text) ?? "–"),
        ]
      })
  }

  /// What the table says, in words.
  static func stepsFinding(_ steps: Steps, _ findings: VariantFindings) -> String {
    let whole = steps.whole.map { whole in
      whole.direction == .below
        ? "**All changes together multiply the error of LeNet-5 by \(fixed(whole.mean, 2)).**"
        : "**All changes together make no difference beyond chance.**"
    }
    let unsure =
      steps.factor(.normed, over: .modern)?.direction == .withinChance
        && findings.leftOutFew?.needed.contains { $0.part == .norm } == true
      ? " What batch norm gains is within chance here\(alone(steps)); with \(grouped(Worth.fewDigits)) digits it is clear (*Everything together*)."
      : ""
    return """
      \(whole ?? "") An interval that holds 1 means *within chance*, and *widened* that all \(steps.comparisons) comparisons \
      hold together in 95 of 100 experiments (Bonferroni's rule).\(unsure)\(trainingFinding(steps)) Not all of the recipe is later than \
      1998: LeCun et al. had distorted digits and a falling rate themselves, and momentum is older.
      """
  }

  /// That batch norm's comparison alone, without the others, would be beyond chance, where it would.
  private static func alone(_ steps: Steps) -> String {
    guard let with = steps[.normed], let without = steps[.modern] else { return "" }
    let factor = Factor(with.error, over: without.error, among: 1)
    return factor.direction == .below
      ? ", one of \(steps.comparisons) comparisons (alone it would be \(factor.text))" : ""
  }

  /// What the training errors say.
  private static func trainingFinding(_ steps: Steps) -> String {
    let plain = steps.rows.filter { $0.net != .full }
    let most = plain.map(\.trainingError.mean).max() ?? 0
    guard let full = steps[.full], let least = plain.map(\.error.mean).min(), most < least / 2,
      full.trainingError.mean > full.error.mean / 2
    else { return "" }
    return """
       The full recipe has more errors on its training digits than the others: it sees these shifted, each time in another way, and \
      cannot learn them by heart.
      """
  }

  /// `5 seeds`, `3 or 5 seeds`.
  static func seedCounts(_ errors: [Summary]) -> String {
    Set(errors.map(\.count)).sorted().map(String.init).joined(separator: " or ") + " seeds"
  }
}
