// The section of chapter 7 about stopping in time.

import Foundation
import Workbook

extension Regularization {
  /// Wrong labels learned by heart.
  static func addStopping(to page: inout Page, _ findings: Findings) {
    let (data, stopping) = (findings.data, findings.stopping)
    let (learned, stopEpochs) = (stopping.learned, stopping.noisy[0].epochs)
    page.prose(
      """
      ## Stop in time

      The cheapest restraint is to stop. To see why, \(percent(Double(StoppingExperiment.wrongLabels))) of the labels of \(findings.trainingCount) \
      digits (\(data)) are replaced by wrong ones, and a net with one layer of 128 ReLU units learns for many epochs. The \
      likely order: what the digits have in common comes first; the wrong labels have nothing in common, and come last.

      Early stopping looks at digits set aside, the *validation* set. When their error has not improved for some epochs, the \
      *patience*, training ends (after epoch $e$, if the best was epoch $b$ and $e - b$ has reached the patience; an equal \
      error is no improvement), and **the weights of the best epoch are put back**: the \
      final weights have had that many more epochs to overfit.
      """)
    let byHeart =
      learned.mean == 0
      ? "all of them"
      : learned.mean < 0.05 ? "nearly all of them" : learned.mean < 0.3 ? "most of them" : "far from all of them"
    page.predict(
      "40 % of the labels are wrong. In the last epoch, what share of the training set, wrong labels included, does the net still miss?",
      choices: ["about 60 %", "about 40 %", "about 20 %", "less than 10 %"],
      answer: learned.mean < 0.1 ? 3 : learned.mean < 0.3 ? 2 : learned.mean < 0.5 ? 1 : 0,
      "\(fixed(100 * learned.mean, 1)) % in epoch \(stopEpochs): it has learned \(byHeart) by heart, right and wrong.")
    page.project("40 % of the labels are wrong: can they be learned?")
    page.figure(Charts.stopping(stopping, digits: data, testCount: findings.board.testCounts.reduce(0, +)))
    page.project("The best epoch comes long before the last", notes: "Move the patience. Where does it stop too soon?")
    let (patience, patiences) = (StoppingExperiment.patience, StoppingExperiment.patiences)
    page.table(
      Table(
        "Test error (%) of the epoch that patience goes back to, and after \(stopEpochs) epochs, \(data)",
        columns: [Table.Column("labels")] + patiences.map { .init("patience \($0)", digits: 1) }
          + [.init("last epoch", digits: 1)],
        rows: [
          ("\(percent(Double(StoppingExperiment.wrongLabels))) wrong", stopping.noisy), ("all right", stopping.clean),
        ].map { name, runs in
          let errors =
            patiences.map { StoppingExperiment.stoppedError(runs, patience: $0) } + [StoppingExperiment.lastError(runs)]
          return [TableCell(name)] + errors.map { .measured($0) }
        }))
    /// What stopping with a patience costs where all labels are right, in points, seed by seed.
    func cost(_ patience: Int) -> Summary {
      StoppingExperiment.stoppedError(stopping.clean, patience: patience) - StoppingExperiment.lastError(stopping.clean)
    }
    let (price, hasty) = (cost(patience), cost(1))
    page.prose(
      price.worded(
        above: """
          With right labels going on to the last epoch is better: patience \(patience) costs \(interval(price)) points, patience 1 \
          \(interval(hasty)) (95 % intervals). Early stopping is insurance, and this is its price.
          """,
        below: """
          With right labels, too, stopping with patience \(patience) is better, by \
          \(interval(Summary(price.values.map { -$0 }))) points (95 % interval).
          """,
        withinChance: """
          With right labels patience \(patience) costs \(interval(price)) points, which is within chance, and patience 1 \
          \(interval(hasty)) (95 % intervals).
          """))
  }
}
