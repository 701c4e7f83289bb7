// The sections of chapter 7 in which all restraints meet, and about the number of weights itself.

import Foundation
import Workbook

extension Regularization {
  /// The scoreboard.
  static func addScoreboard(to page: inout Page, _ findings: Findings) {
    let (data, board) = (findings.data, findings.board)
    page.prose(
      """
      ## Which restraint helps?

      Now all of them on the same job: a small convolutional net, \(grouped(findings.trainingCount)) digits to learn from (\(data)), the \
      same number of steps, a learning rate that falls along half a cosine to 0. The rate and the strengths of L2, L1 and max-norm are \
      each chosen among \(Scoreboard.rates.count) on \(board.tuning.map { $0.digits == findings.trainingCount } ?? true ? "\(grouped(findings.validationCount)) validation digits" : "validation digits, by the recorded full run, which learns from \(grouped(board.tuning?.digits ?? 0))")\
      \(board.atAnEnd.isEmpty ? "" : "; for \(board.atAnEnd.joined(separator: " and ")) the best is an end of the \(Scoreboard.rates.count), so that there may be a better one beyond").\
      \(board.isRateAtAnEnd ? " The bare net may have a better rate beyond \(short(Double(board.rate))); part of every gain could be made up by it." : "")

      *Max-norm* (chapter 6) scales the incoming weights of a unit down wherever their norm is above a limit. \
      *Brightness* is AlexNet's jitter on grey pictures. *Dropout* is chapter 6.
      """)
    page.fold("The training of each, in Swift") { $0.code("trainRestrained", in: "Restraints.swift") }
    let offered = ["L2", "stochastic pooling", "shift", "flip"]
    let best = offered.indices.max { board.gain(offered[$0]).mean < board.gain(offered[$1]).mean } ?? 0
    page.predict(
      "Which lowers the test error most?",
      choices: [
        "L2 on the weights", "pooling that draws at random", "shifting each digit by up to 2 pixels",
        "mirroring half of them",
      ],
      answer: best,
      capitalized(
        offered.map { name in
          let gain = board.gain(name).mean
          return "\(name) \(gain < 0 ? "raises" : "lowers") it by \(fixed(abs(gain), 1)) points"
        }.joined(separator: "; ")) + ".")
    page.project("Which restraint helps most?")
    let comparisons = board.comparisons
    page.prose(
      """
      \(comparisons) comparisons at once: with 95 % intervals, and if no restraint did anything, \
      \(percent(1 - pow(0.95, Double(comparisons)))) of all runs would still show a winner or a loser ($1 - 0.95^{\(comparisons)}$, were they \
      independent). So each bar has a **\(board.level) % interval**, and a restraint helps or hurts only where that leaves out 0 and the \
      mean is beyond half a point.
      """)
    page.figure(Charts.scoreboard(board, data: data, count: findings.trainingCount))
    page.project(
      board.title,
      notes: "Many comparisons at once: only a wider interval that leaves out 0 is a finding.")
    let doubtful = board.doubtful.filter { !board.isAtTheEdge(board.index($0)) }
    page.sideNote(
      """
      \(board.edge)\(doubtful.isEmpty ? "" : "By the wider interval what \(doubtful.map(spoken).joined(separator: ", ")) \(doubtful.count == 1 ? "does" : "do") may still be chance. ")\
      L2, L1 and max-norm were tuned, the others have one setting each: one that ends near 0 here is not therefore useless. A restraint that slows learning down, as shifts do, might gain more from more steps. Not tried here: *label smoothing* (chapter 8); \
      *mixup*, which trains on weighted means of two pictures and of their labels (Zhang and others 2018).
      """)
    page.figure(Charts.flipped(board, data: data))
    page.project(board.flipTitle, notes: "A mirrored 2 is no 2. Which digits are the same in a mirror?")
  }

  /// Double descent.
  static func addDescent(to page: inout Page, _ findings: Findings) {
    let descent = findings.descent
    let (bare, ridge) = (descent.testErrors(descent.bare), descent.testErrors(descent.ridge))
    let (narrow, peak, last) = (descent.bestNarrow, descent.peak, descent.features.count - 1)
    func isLower(_ a: Summary, _ b: Summary) -> Bool { isClear(b - a) ? b.mean > a.mean : b.mean > a.mean + 0.5 }
    page.prose(
      """
      ## Is a smaller net a restraint?

      The oldest advice against overfitting is to use fewer weights. Here is the simplest net whose size can be varied over a \
      factor of \(grouped((descent.features.last ?? 1) / max(1, descent.features[0]))): \
      one layer of random ReLU features that is never trained, and after it a linear map fitted by least squares to \
      \(descent.samples) digits.
      """)
    let answer = isLower(bare[narrow], bare[peak]) ? (isLower(bare[last], bare[peak]) ? 2 : 1) : 0
    page.predict(
      "From \(descent.features[0]) features to \(grouped(descent.features[last])), with \(descent.samples) digits to learn from: how does the test error go?",
      choices: ["it falls all the way", "it falls, then rises for good", "it falls, rises to a peak, and falls again"],
      answer: answer,
      """
      \(fixed(bare[narrow].mean, 0)) % at \(descent.features[narrow]) features, \(fixed(bare[peak].mean, 0)) % at \
      \(descent.features[peak]), \(fixed(bare[last].mean, 0)) % at \(grouped(descent.features[last])).
      """)
    page.project("More and more weights: what does the error do?")
    page.figure(Charts.descent(descent, data: findings.data))
    page.project(
      answer == 0
        ? "More features: the error has no peak"
        : answer == 1
          ? "From some number on, more features err more"
          : descent.features[peak] == descent.samples
            ? "The error peaks where features equal examples" : "The error peaks, and falls again with more features",
      notes: "Then cover the curve without a penalty: what is left of the peak with L2?")
    let rescue = bare[peak] - ridge[peak]
    let square = descent.features.firstIndex(of: descent.samples) ?? peak
    func norm(_ place: Int) -> String { short(Summary(descent.bare[place].map(\.norm)).mean) }
    page.prose(
      """
      With as many features as digits there are, for each class, \(descent.samples) equations for \(descent.samples) unknowns: \
      exactly one map fits them all, whatever weights that takes. Their norm is \(norm(square)) there, and such weights turn a small change of a \
      picture into a large one of the outputs (in the words of statistics, the *variance* is largest there).\(descent.learnedFrom.map {
        " The training error is 0 sooner, from \($0) features on: there the output of the right class is already the largest of the ten, if not yet 1."
      } ?? "") With more features many maps \
      fit, and least squares takes the one with the smallest weights: with \(grouped(descent.features[last])) the norm is \
      \(norm(last)). \(answer == 2 ? "An error that falls, peaks where the fit becomes exact and falls again is called *double descent*. " : "")\
      \(isClear(rescue) && rescue.mean > 0 ? "L2 at its best strength takes \(fixed(rescue.mean, 0)) points off the peak. " : "")Here, \
      then, the number of features is the wrong thing to restrain: take far more than digits, and restrain the size of the weights on them.
      """)
    page.fold("Least squares with a price, in code") { $0.code("ridge", in: "DoubleDescent.swift") }
  }
}

extension Scoreboard {
  /// Whether changed pictures or prices on weights take more off the test error, the best of each, seed by seed.
  fileprivate var title: String {
    guard seeds >= 3 else { return "What each restraint takes off the test error" }
    func best(_ kind: Restraint.Kind) -> Summary { strongest(kind).gain }
    return (best(.augmentation) - best(.weights)).worded(
      above: "Changed pictures help more than prices on weights",
      below: "Prices on weights help more than changed pictures",
      withinChance: "Changed pictures and prices on weights: none is ahead")
  }

  /// Which digits are missed more often with flips, as a slide says it.
  fileprivate var flipTitle: String {
    guard seeds >= 3 else { return "With flips: how many more of each digit are missed?" }
    let suffering = suffersFromFlips.sorted()
    return suffering.isEmpty
      ? "With flips no digit is missed more, beyond chance"
      : "With flips \(suffering.count > 5 ? "most digits" : Charts.listed(suffering)) are missed more often"
  }
}
