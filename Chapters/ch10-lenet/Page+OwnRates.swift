// The page of chapter 10: S0's table once more, each network at a rate of its own.

import Foundation
import Workbook

extension LeNet {
  /// Whether the modern nets end lower where each has the rate that suits it.
  static func addOwnRates(to page: inout Page, _ reported: VariantFindings, origin: String) {
    guard let own = reported.ownRates, own.results.count > 1 else { return }
    page.prose(
      """
      ### As long as the table, each at its own rate

      \(counted(own.choiceEpochs, "epoch")) on five sixths of the training digits chose a rate for each network: the one with \
      the fewest mistakes on the other \(grouped(own.keptBack)) digits. Then each was trained on all of them, as long as in \
      the table above and with the same seeds.
      """)
    let ends =
      own.results.contains { own.choice($0.name)?.isAtEnd == true }
      || reported.taught?.rows.contains { $0.choice.isAtEnd } == true
    page.table(
      Table(
        "\(origin)Test errors after \(counted(reported.epochs, "epoch")), \(counted(reported.seeds.count, "seed"))\(ends ? "; (end): the largest or smallest rate tried" : "")",
        columns: [
          "network", .init("at \(reported.rate) (%)", digits: 2), "its own rate",
          .init("at its own rate (%)", digits: 2),
          .init("training error (%)", digits: 2),
        ],
        rows: own.results.map { result in
          [
            TableCell(result.shownName), reported.named(result.name).map { .measured($0.finalError) } ?? "–",
            TableCell(
              own.choice(result.name).map { short($0.rate) + ($0.isAtEnd ? "\u{A0}(end)" : "") } ?? "–"),
            .measured(result.finalError), .measured(result.trainingError),
          ]
        }
          + (reported.taught?.rows ?? []).map { row in
            [
              TableCell(row.kind.name), "–",
              TableCell(short(row.choice.rate) + (row.choice.isAtEnd ? "\u{A0}(end)" : "")),
              .measured(row.results.finalError), .measured(row.results.trainingError),
            ]
          }))
    page.project(ownTableTitle(own))
    let rates = Set(own.choices.map(\.rate))
    let sweep = (page.figures.firstIndex { $0.name == "rates" } ?? 0) + 1
    page.prose(
      ownTableFinding(own)
        + (rates.count == 1
          ? " All four chose \(short(rates.first ?? 0)). In figure \(sweep) their best rates differ: that is after fewer epochs, and near its best a net's error hardly depends on the rate."
          : ""))
    if let taught = reported.taught { page.prose(taughtFinding(taught, own)) }
  }

  /// What the rows beyond S0's table add: batch normalization alone, and what chapters 4 to 9 taught.
  static func taughtFinding(_ taught: Taught, _ own: OwnRates) -> String {
    guard let plain = own.named("LeNet-5"), let plusPlus = own.named("LeNet-5++") else { return "" }
    func size(_ gap: Summary) -> String {
      "by \(fixed(abs(gap.mean), 2)) points (95 %: \(gap.magnitude.interval(2)))"
    }
    let seeds = taught.rows.map(\.results.runs.count).max() ?? 0
    let choice =
      "The lower rows were not in S0 (\(counted(seeds, "seed")); rates chosen in the same way, after \(counted(taught.choiceEpochs, "epoch")))."
    let norm = taught[.norm].map { row -> String in
      let (gain, rest) = (plain.finalError - row.results.finalError, row.results.finalError - plusPlus.finalError)
      let first = gain.worded(
        above: "Batch normalization takes LeNet-5 down \(size(gain)), with tanh and squared error as they were",
        below: "Batch normalization alone raises LeNet-5's error \(size(gain))",
        withinChance: "Batch normalization alone moves LeNet-5's error by no more than chance")
      let second = rest.worded(
        above: ". ReLU and cross-entropy, in LeNet-5++, take it down \(size(rest)) more.",
        below: ". It ends below LeNet-5++ \(size(rest)).",
        withinChance: ". To LeNet-5++, with ReLU and cross-entropy, there is no difference beyond chance.")
      return first + second
    }
    let all = taught[.all].map { row -> String in
      let gap = plusPlus.finalError - row.results.finalError
      return """
        The last row has what chapters 4 to 9 taught: He's initial weights, ReLU, cross-entropy, batch normalization, max \
        pooling, momentum 0.9, a rate that falls as a cosine, and digits shifted by up to two pixels each time they are used. \
        \(gap.worded(above: "It ends below LeNet-5++ \(size(gap))", below: "It ends above LeNet-5++ \(size(gap))", withinChance: "It ends \(fixed(abs(gap.mean), 2)) points \(gap.mean < 0 ? "above" : "below") LeNet-5++, within chance")), \
        at \(row.results.finalError.formatted(decimals: 2)) % errors. Which of these earns it was not taken apart.
        """
    }
    return [choice, norm, all].compactMap { $0 }.joined(separator: " ")
  }

  /// What the table says, on a slide.
  static func ownTableTitle(_ own: OwnRates) -> String {
    guard let plain = own.named("LeNet-5"), let plusPlus = own.named("LeNet-5++") else { return "Each at its own rate" }
    return (plain.finalError - plusPlus.finalError).worded(
      above: "At its own rate, too, LeNet-5++ ends below LeNet-5",
      below: "At its own rate LeNet-5 ends below LeNet-5++",
      withinChance: "At their own rates LeNet-5 and LeNet-5++ end alike")
  }

  /// The four ends compared, each pair that a claim is about.
  static func ownTableFinding(_ own: OwnRates) -> String {
    guard let right = own.named("LeNet-5"), let wrong = own.named("LeNet-5, published σ′"),
      let plus = own.named("LeNet-5+"), let plusPlus = own.named("LeNet-5++")
    else { return "" }
    func compare(_ a: VariantResults, _ b: VariantResults) -> String {
      let gap = a.finalError - b.finalError
      let size = "by \(fixed(abs(gap.mean), 2)) points (95 %: \(gap.magnitude.interval(2)))"
      return gap.worded(
        above: "\(b.shownName) ends below \(a.shownName) \(size)",
        below: "\(a.shownName) ends below \(b.shownName) \(size)",
        withinChance: "\(a.shownName) and \(b.shownName) do not differ by more than chance")
    }
    return [compare(right, wrong), compare(right, plus), compare(plus, plusPlus), compare(right, plusPlus)]
      .joined(separator: ". ") + "."
  }
}
