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
    let starts: [(name: String, start: Start)] = [
      ("output biases 4", .biased), ("output weights ×10", .stretched),
    ]
    return Table(
      "Ten sigmoids, SGD, from bad starts. Runs that get to \(percent(Self.level)) error in \(grouped(limit)) steps, and the steps of those, at the fastest rate; errors (%) of all runs after \(counted(Self.epochs, "epoch")), at the best rate. 5 other seeds chose the rates. Test digits as above",
      columns: [
        "start", "loss", .init("at \(percent(Self.level))"), .init("steps of those", digits: 0),
        .init("errors", digits: 1),
      ],
      rows: starts.flatMap { name, start in
        [Ending.sigmoidSquared, .sigmoidEntropy].map { ending -> [TableCell] in
          let (count, all) = reached(ending, start)
          let there = (lane(ending, from: start)?.judgedSteps ?? []).compactMap { $0.map(Double.init) }
          return [
            TableCell(name), TableCell(ending == .sigmoidSquared ? "squared error" : "cross-entropy"),
            .text("\(count) of \(all)"), there.isEmpty ? "–" : .measured(Summary(there)),
            .measured(errors(ending, start)),
          ]
        }
      })
  }

  /// Whether squared error is stuck by large output weights, and cross-entropy is not.
  var isStuck: Bool {
    let (squared, entropy) = (reached(.sigmoidSquared, .stretched), reached(.sigmoidEntropy, .stretched))
    return 2 * squared.count < squared.of && entropy.count == entropy.of
  }

  var messageOfStarts: String {
    isStuck
      ? "**From output weights ten times too large cross-entropy got all \(reached(.sigmoidEntropy, .stretched).of) nets to \(percent(Self.level)) error, squared error \(reached(.sigmoidSquared, .stretched).count == 0 ? "none" : "few").** "
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
        "From biases of 4 both losses are slow, and we see no difference between their steps: a large rate moves ten biases back."
    )
    let end = (entropy.1 - squared.1).worded(
      above: " Squared error even ends with fewer errors.", below: " Cross-entropy ends with fewer errors.",
      withinChance: "")
    let tried = lane(.sigmoidSquared, from: .stretched).map { $0.steps[$0.fastest(limit: limit)] } ?? []
    let lucky = tried.count { $0 != nil }
    let stretched =
      isStuck
      ? " Large output weights are another matter: the gradient that should shrink them passes the flat slope.\(lucky > 0 ? " Of the \(tried.count) nets that chose the rate \(lucky) did get to \(percent(Self.level)), but the rate was chosen for these; of \(reached(.sigmoidSquared, .stretched).of) others \(reached(.sigmoidSquared, .stretched).count == 0 ? "none" : "\(reached(.sigmoidSquared, .stretched).count)")." : "") So begin with small output weights (chapter 4), and use cross-entropy."
      : ""
    return biased + end + stretched
  }

  private var isAheadFromBiases: Bool {
    (errors(.sigmoidEntropy, .biased) - errors(.sigmoidSquared, .biased)).direction() == .above
  }

  /// Sigmoids over a softmax in steps, and less it in points of error: with cross-entropy, with squared error.
  func endingsInSteps(isAdam: Bool = false) -> [Summary] {
    Self.endings.map { Self.ratio(steps($0, isAdam: isAdam), steps($1, isAdam: isAdam)) }
  }
  func endingsInErrors(isAdam: Bool = false) -> [Summary] {
    Self.endings.map { error($0, isAdam: isAdam) - error($1, isAdam: isAdam) }
  }
  private static let endings: [(Ending, Ending)] = [
    (.sigmoidEntropy, .softmaxEntropy), (.sigmoidSquared, .softmaxSquared),
  ]

  /// Whether a softmax is faster and better than ten sigmoids with both losses and both optimizers.
  private var isEndingFirst: Bool {
    [false, true].allSatisfy { isAdam in
      endingsInSteps(isAdam: isAdam).allSatisfy { $0.direction(from: 1, among: 4) == .above }
        && endingsInErrors(isAdam: isAdam).allSatisfy { $0.direction(among: 4) == .above }
    }
  }

  /// What the ending does apart from the loss.
  var wordsOfEndings: String {
    guard isEndingFirst else { return "" }
    let steps = [false, true].flatMap { endingsInSteps(isAdam: $0) }.map(\.mean)
    let errors = [false, true].flatMap { endingsInErrors(isAdam: $0) }.map(\.mean)
    return """
      **The ending does more here than the loss.** With either loss ten sigmoids take \(fixed(steps.min() ?? 0, 1)) to \(fixed(steps.max() ?? 0, 1)) times the steps of a softmax, and make \(fixed(errors.min() ?? 0, 1)) to \(fixed(errors.max() ?? 0, 1)) points more errors. In a softmax the classes compete: a step that raises one answer lowers the others.


      """
  }

  /// The same for the takeaway.
  var lessonOfEndings: String {
    isEndingFirst ? " A softmax in place of ten sigmoids saved more steps and errors than the choice of the loss." : ""
  }

  /// What the starts come to, for the takeaway.
  var lessonOfStarts: String {
    isStuck
      ? "- From output weights ten times too large only cross-entropy got to \(percent(Self.level)) error in all runs; from output biases of 4 \(isAheadFromBiases ? "squared error ended with fewer errors" : "it was no better").\n"
      : ""
  }
}
