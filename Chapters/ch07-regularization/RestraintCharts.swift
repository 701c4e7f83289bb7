// The figures of chapter 7 in which regularizers meet, and that of double descent.

import Foundation
import Workbook

extension Charts {
  /// What the whiskers are, and when a regularizer helps.
  static let colorNote =
    "Whiskers: 95 % intervals. “Helps”: more than half a point, and 0 outside an interval widened for all comparisons."

  /// What every common regularizer takes off the test error; beside them several at once, several nets, and more data.
  ///
  /// - Parameter drawsOwn: whether each seed has its own digits.
  static func scoreboard(_ board: Scoreboard, data: String, count: Int, drawsOwn: Bool) -> Figure {
    let alone = common(board)
    let shown = sorted(board) { _ in true }.filter { alone.contains($0) || others(board).contains($0) }
    let unseen = sorted(board) { $0.isSingle }.filter { !alone.contains($0) }
    let helping = alone.filter { board.verdict($0) == .helps }
    let hurting = alone.filter { board.verdict($0) == .hurts }.map { spoken(board.entries[$0].name) }
    return Figure(
      board.seeds < 3
        ? "What each regularizer takes off the test error"
        : "\(drawsOwn ? "" : "On these \(grouped(count)) digits ")\(helping.count) of these \(alone.count) regularizers help by more than chance\(hurting.isEmpty ? "" : "; \(hurting.joined(separator: " and ")) \(hurting.count == 1 ? "hurts" : "hurt")")",
      Plot(
        Forest(
          rows: shown.map { index in
            let verdict: Forest.Verdict =
              !alone.contains(index)
              ? .comparison
              : board.verdict(index) == .helps ? .helps : board.verdict(index) == .hurts ? .hurts : .undecided
            return Forest.Row(name: board.entries[index].name, gain: board.gain(index), verdict: verdict)
          })),
      caption: """
        Against the bare net (\(fixed(board.testError(0).mean, 1)) % errors on new digits); mean of \
        \(counted(board.seeds, "seed")), \(drawsOwn ? "each with its own \(grouped(count)) digits" : "all with the same \(grouped(count)) digits"); \(data). \(colorNote)\
        \(unseen.isEmpty ? "" : " \(unseen.count) more are in the fold “All regularizers”.")\
        \(board.isRateAtAnEnd && board.steps == nil ? " The rate of all is the best for the bare net (an end of the grid)." : "")
        """,
      name: "restraints", isWide: true)
  }

  /// What else was done to the same net: more data, several regularizers (the first mixture of them), several nets.
  private static func others(_ board: Scoreboard) -> [Int] {
    let mixtures = board.entries.indices.filter { board.entries[$0].kind == .combined }
    return board.entries.indices.filter {
      [.data, .ensemble].contains(board.entries[$0].kind) || board.entries[$0].isPair
    } + mixtures.prefix(1)
  }

  /// The regularizers that one meets most often.
  private static let often: Set<String> = [
    "shift", "rotate", "L2", "L1", "max-norm", "dropout", "label smoothing", "mixup",
    "early stopping", "flip",
  ]

  static func common(_ board: Scoreboard) -> [Int] {
    sorted(board) { $0.isSingle }.filter { often.contains(board.entries[$0].name) }
  }

  /// The places of some entries, the largest gain first.
  private static func sorted(_ board: Scoreboard, _ belongs: (Scoreboard.Entry) -> Bool) -> [Int] {
    board.entries.indices.dropFirst().filter { belongs(board.entries[$0]) }.sorted {
      board.gain($0).mean > board.gain($1).mean
    }
  }

  /// Which digits suffer from flipping.
  static func flipped(_ board: Scoreboard, data: String) -> Figure {
    let more = board.missedMore("flip")
    let suffering = board.suffersFromFlips
    let mistake = suffering.first.flatMap { digit in board.commonMistake(on: digit).map { (digit, $0) } }
    // A cause is named where most of those missed get one other answer, and more of them than without flips.
    let taken = mistake.flatMap { digit, mistake in
      mistake.flipped > 50 && mistake.flipped > mistake.plain
        ? "; most of those missed are taken for \(mistake.answer)s" : nil
    }
    return Figure(
      board.seeds < 3
        ? "Of 100 of each digit, how many more are missed with flips"
        : suffering.isEmpty
          ? "With flips no digit is missed more often by more than chance"
          : "With flips \(fixed(more[suffering[0]].mean, 0)) more of 100 \(suffering[0])s are missed\(taken ?? "")",
      .bars(
        BarChart(
          categories: (0...9).map(String.init),
          y: Axis("how many more of 100 are missed\(board.seeds < 2 ? "" : ", ± 95 % interval")"),
          [
            .init(
              "with flips", more.map { rounded($0.mean, decimals: 1) },
              deviation: more.map { $0.count < 2 ? 0 : $0.uncertainty }, color: 1)
          ])),
      caption: """
        Mean of \(counted(board.seeds, "seed")).\(mistake.map { digit, mistake in
        " With flips \(fixed(mistake.flipped, 0)) % of the missed \(digit)s are taken for \(mistake.answer)s, without flips \(fixed(mistake.plain, 0)) %." }
        ?? "")
        """,
      name: "flips")
  }

  /// `2s, 3s and 5s`, `none`.
  static func names(of digits: [Int]) -> String { digits.isEmpty ? "none" : listed(digits.map { "\($0)s" }) }

  /// The test error of least squares on random features, by their number.
  static func descent(_ descent: DoubleDescent, data: String) -> Figure {
    let (bare, ridge) = (descent.testErrors(descent.bare), descent.testErrors(descent.ridge))
    let training = descent.bare.map { Summary($0.map { 100 * $0.trainingError }) }
    let (peak, last) = (descent.peak, descent.features.count - 1)
    let x = descent.features.map(Double.init)
    func bars(_ summaries: [Summary]) -> [Double] { summaries.map { $0.count < 2 ? 0 : $0.uncertainty } }
    let fall = bare[peak] - bare[last]
    return Figure(
      isClear(fall) && fall.mean > 0
        ? "At \(descent.features[peak]) features for \(descent.samples) digits the test error peaks at \(fixed(bare[peak].mean, 0)) %; with \(grouped(descent.features[last])) it is \(fixed(bare[last].mean, 0)) %"
        : "The test error by the number of features",
      .lines(
        LineChart(
          x: Axis("random features", log: true), y: Axis("error (%), ± 95 % interval", range: 0...100),
          [
            Series(
              "test, no penalty", x: x, y: bare.map(\.mean), deviation: bars(bare), isEmphasized: true, color: 1),
            Series("test, L2 at its best λ", x: x, y: ridge.map(\.mean), color: 0),
            Series("training, no penalty", x: x, y: training.map(\.mean), style: .line, color: 2),
          ], references: [.init(.vertical, at: Double(descent.samples), "as many as digits")])),
      caption: """
        Least squares on random ReLU features; of many solutions the one with the smallest weights. λ is chosen for each number of features on validation digits\(descent.atTheEnd.map { $0.count == 0 ? "" : " (in \($0.count) of \($0.of) fits it is the largest tried)" } ?? ""). Mean of \
        \(counted(bare[0].count, "seed")). \(capitalized(data)).
        """,
      name: "double-descent")
  }
}
