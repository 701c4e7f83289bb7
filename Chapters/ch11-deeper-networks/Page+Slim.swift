// The page of chapter 11: the families in small, trained side by side.

import Foundation
import Workbook

extension DeeperNetworks {
  /// AlexNet, VGG and ResNet in small.
  static func addSlim(to page: inout Page, _ runs: PageRuns<Findings>) {
    // Photographs are this run's where the record had digits.
    let showsBoth =
      runs.isRecorded && (runs.live.slim.data != "CIFAR-10" || runs.reported.slim.data == "CIFAR-10")
    let slim = showsBoth ? runs.reported.slim : runs.live.slim
    let photographs = slim.data == "CIFAR-10" ? nil : runs.reported.slimPhotographs
    page.prose(
      """
      Nets with the features of their families and one to three million multiply-adds. \
      \(slim.data == "CIFAR-10" ? "" : "After `./workbook data cifar-10`, `--data cifar-10` has the three learn photographs in this run.")
      """)
    page.prose("\(slim.runs.map { "- **\($0.net.rawValue)**: \($0.net.features)" }.joined(separator: ";\n")).")
    for slim in [slim, photographs].compactMap({ $0 }) { page.table(slimTable(slim)) }
    page.prose(
      """
      Mean of \(counted(slim.seeds, "seed")), \(grouped(slim.testCount)) new images, momentum 0.9; the rate falls as a cosine\(ratesFinding(slim))\
      \(photographs.map { "; on photographs \(ownRates($0))" } ?? "").
      """)
  }

  /// The errors of the families in both modes, and on new images.
  private static func slimTable(_ slim: SlimFindings) -> Table {
    let ends = [slim.ranking[0], slim.ranking[slim.ranking.count - 1]].map { fixed($0.finalTest.mean, 1) }
    return Table(
      "Three families in small: \(ends[0]) to \(ends[1]) % errors on \(slim.data), after \(counted(slim.epochs, "epoch")) of \(grouped(slim.trainingCount)) images",
      columns: [
        "net", "parameters", .init("while training", digits: 1), .init("training images, after it", digits: 1),
        .init("new images", digits: 1),
      ],
      rows: slim.runs.map { run in
        [
          TableCell("\(run.net.rawValue), \(run.depth) layers"), TableCell(run.parameters),
          .measured(Summary(run.trainingErrors.map { $0.last ?? .nan })), .measured(run.finalTraining),
          .measured(run.finalTest),
        ]
      })
  }

  /// Where the rates of the nets begin.
  static func ratesFinding(_ slim: SlimFindings) -> String {
    guard slim.rates.count > 1, let first = slim.rates.first, let last = slim.rates.last else {
      return " from \(slim.rates.first ?? 0)"
    }
    return """
       from each net's own best of \(slim.rates.count) from \(first) to \(last), chosen on images set aside: \
      \(ownRates(slim))
      """
  }

  /// `AlexNet 0.01, VGG 0.01, ResNet 0.3`.
  private static func ownRates(_ slim: SlimFindings) -> String {
    slim.runs.map { "\($0.net.rawValue) \($0.rate)" }.joined(separator: ", ")
  }
}
