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
    page.figure(stepsFigure(steps, findings))
    page.project("Four nets with the layers of 1998, each at its own rate")
    page.table(stepsTable(steps, findings))
    page.prose(stepsFinding(steps, findings))
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
    steps.changes.filter { $0.factor.direction == direction && !$0.factor.isAtEdge }.flatMap { changes($0.row.net) }
  }

  /// What the steps change whose intervals end near no difference.
  private static func edges(_ steps: Steps) -> [String] {
    steps.changes.filter(\.factor.isAtEdge).flatMap { changes($0.row.net) }
  }

  static func stepsTitle(_ steps: Steps) -> String {
    func told(_ names: [String], _ one: String, _ more: String) -> String? {
      names.isEmpty ? nil : "\(listed(names)) \(names.count == 1 ? one : more)"
    }
    return [
      told(changes(steps, .below), "lowers the error", "lower the error"),
      told(edges(steps), "is at the edge of chance", "are at the edge of chance"),
      told(changes(steps, .withinChance), "makes no difference beyond chance", "make no difference beyond chance"),
      told(changes(steps, .above), "raises it", "raise it"),
    ].compactMap { $0 }.joined(separator: "; ").capitalizedFirst
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
        with 95 % intervals. Thick: the net of the first listing.
        """, name: "own-curves", isWide: true)
  }

  private static func stepsTable(_ steps: Steps, _ findings: VariantFindings) -> Table {
    let changes = [nil] + steps.changes.map { Optional($0.factor) }
    return Table(
      "Errors after \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) digits, \(seedCounts(steps.rows.map(\.error)))\(steps.hasLastNorm ? "; the full recipe with batch norm behind the outputs, too" : "")\(steps.whole.map { "; \(steps.rows.last?.net.name ?? "") over LeNet-5: \($0.text)" } ?? "")",
      columns: [
        "net", "what it is", "rate", .init("training (%)", digits: 2), .init("test (%)", digits: 2),
        "over row above (95 %, widened)",
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
    let best = steps.factor(.full, over: .old, atBestOf: findings.atRates("LeNet-5")).map {
      " At \(short($0.rate)), not the rate chosen for it, LeNet-5 has \(fixed($0.error.mean, 2)) %; over that the factor is \(fixed($0.factor.mean, 2))."
    }
    let clearWithFew =
      findings.leftOutFew?.missed.contains { $0.part == .norm } == true
      ? " With \(grouped(Worth.fewDigits)) digits it is clear (below)." : ""
    let unsure =
      normAtBest(steps, findings)?.factor.direction == .withinChance
        && steps.factor(.normed, over: .modern)?.direction == .below
      ? " Batch norm's gain is not sure: another rate of ReLU + CE brings it within chance.\(clearWithFew)" : ""
    return """
      \(whole ?? "")\(best ?? "") An interval that holds 1 means *within chance*, and *widened* that all \(steps.comparisons) comparisons \
      hold together in 95 of 100 experiments (Bonferroni's rule).\(unsure)\(trainingFinding(steps))
      """
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

  /// Batch norm over ReLU + CE at the rate at which this did best; nil where that is its own.
  private static func normAtBest(
    _ steps: Steps, _ findings: VariantFindings
  ) -> (rate: Double, error: Summary, factor: Factor)? {
    steps.factor(.normed, over: .modern, atBestOf: findings.atRates("LeNet-5+"))
  }

  /// How far other rates and other test images would change the table.
  static func firmness(_ steps: Steps, _ findings: VariantFindings) -> String {
    let flat =
      normAtBest(steps, findings).map { rate, error, factor in
        " At \(short(rate)) ReLU + CE ends at \(fixed(error.mean, 2)) %; over that batch norm's factor is \(fixed(factor.mean, 2))"
          + (factor.direction == .withinChance ? ", within chance." : ".")
      } ?? ""
    let images = steps.factor(.normed, over: .modern, findings.misread, of: findings.testCount).map { factor in
      let null = factor.direction == .withinChance ? ", which is within chance" : ""
      return
        " For other test images as well as other seeds batch norm's factor is \(factor.text)\(null)."
    }
    return """
      *How firm is the first table?* From row to row the number of mistakes changes by \
      \(listed(steps.images(of: findings.testCount).map(String.init))) of \(grouped(findings.testCount)) test images.\(flat) \
      The intervals tell of other seeds\(images == nil ? ", not what other test images would." : ".")\(images ?? "")
      """
  }

  /// `5 seeds`, `3 or 5 seeds`.
  static func seedCounts(_ errors: [Summary]) -> String {
    Set(errors.map(\.count)).sorted().map(String.init).joined(separator: " or ") + " seeds"
  }
}
