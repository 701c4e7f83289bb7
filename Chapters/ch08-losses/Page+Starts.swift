// The page of chapter 8: nets that begin badly wrong, as the single neuron did.

import Foundation
import Workbook

extension TunedRace {
  /// How many of the judging runs of a lane reach the level, and of how many.
  private func reached(_ ending: Ending, _ start: Start?) -> (count: Int, of: Int) {
    let steps = lane(ending, from: start)?.judgedSteps ?? []
    return (steps.count { $0 != nil }, steps.count)
  }
  private func steps(_ ending: Ending, _ start: Start?) -> Summary {
    Summary((lane(ending, from: start)?.judgedSteps ?? []).map { Double($0 ?? limit) })
  }
  private func errors(_ ending: Ending, _ start: Start?) -> Summary {
    Summary((lane(ending, from: start)?.judgedTest ?? []).map { 100 * Double($0) / Double(testCount) })
  }
  /// Both losses from each start.
  var tableOfStarts: Table {
    func cell(_ ending: Ending, _ start: Start?) -> TableCell {
      let (count, all) = reached(ending, start)
      return count == all
        ? .measured(steps(ending, start)) : .text("\(count == 0 ? "none" : "\(count)") of \(all) runs")
    }
    let starts: [(name: String, start: Start?)] = [
      ("small random weights, as above", nil), ("output biases 4", .biased),
      ("output weights ten times as large", .stretched),
    ]
    return Table(
      "Ten sigmoids, SGD: steps to \(percent(Self.level)) error, each at its fastest rate, or how many runs get there, and errors (%) after \(counted(Self.epochs, "epoch")), each at its best rate. \(counted(Self.judges, "seed")); from bad starts 5 others chose the rates",
      columns: [
        "start", .init("steps, squared error", digits: 0), .init("steps, cross-entropy", digits: 0),
        .init("errors, squared error", digits: 1), .init("errors, cross-entropy", digits: 1),
      ],
      rows: starts.map { name, start in
        [
          TableCell(name), cell(.sigmoidSquared, start), cell(.sigmoidEntropy, start),
          .measured(errors(.sigmoidSquared, start)), .measured(errors(.sigmoidEntropy, start)),
        ]
      })
  }

  /// Whether squared error is stuck by large output weights, and cross-entropy is not.
  var isStuck: Bool {
    let (squared, entropy) = (reached(.sigmoidSquared, .stretched), reached(.sigmoidEntropy, .stretched))
    return 2 * squared.count < squared.of && entropy.count == entropy.of
  }

  var messageOfStarts: String {
    isStuck
      ? "**Where large output weights saturate the outputs, most nets stay stuck with squared error, and cross-entropy gets all of them out.** "
      : ""
  }

  var readingOfStarts: String {
    let squared = (steps(.sigmoidSquared, .biased), errors(.sigmoidSquared, .biased))
    let entropy = (steps(.sigmoidEntropy, .biased), errors(.sigmoidEntropy, .biased))
    // A run that does not get there counts with its length.
    let biased = Self.ratio(squared.0, entropy.0).worded(
      from: 1, above: "From biases of 4 squared error is the slower one.",
      below: "From biases of 4 cross-entropy is the slower one.",
      withinChance:
        "From biases of 4 both losses are slow, and we see no difference between them: a large rate moves ten biases back."
    )
    let end = (entropy.1 - squared.1).worded(
      above: " Squared error even ends with fewer errors.", below: " Cross-entropy ends with fewer errors.",
      withinChance: "")
    let tried = lane(.sigmoidSquared, from: .stretched).map { $0.steps[$0.fastest(limit: limit)] } ?? []
    let lucky = tried.count { $0 != nil }
    let stretched =
      isStuck
      ? " Large weights are another matter: every weight has to shrink, and its gradient passes the flat slope.\(lucky > 0 ? " (\(lucky) of the \(tried.count) nets that chose the rate did get out.)" : "") So begin with small output weights (chapter 4), and use cross-entropy."
      : ""
    return biased + end + stretched
  }

  /// What the starts come to, for the takeaway.
  var lessonOfStarts: String {
    isStuck
      ? " Where output weights were ten times too large, only cross-entropy got to \(percent(Self.level)) error in all runs."
      : ""
  }
}
