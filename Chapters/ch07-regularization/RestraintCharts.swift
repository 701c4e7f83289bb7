// The figures of chapter 7 in which regularizers meet, and that of double descent.

import Foundation
import Workbook

extension Charts {
  /// What every single regularizer takes off the test error.
  ///
  /// - Parameter drawsOwn: whether each seed has its own digits.
  static func scoreboard(_ board: Scoreboard, data: String, count: Int, drawsOwn: Bool) -> Figure {
    let all = sorted(board) { $0.isSingle }
    let alone = all.filter { common.contains(board.entries[$0].name) }
    let helping = alone.filter { board.verdict($0) == .helps }
    let hurting = alone.filter { board.verdict($0) == .hurts }.map { spoken(board.entries[$0].name) }
    return Figure(
      board.seeds < 3
        ? "What each regularizer takes off the test error"
        : "\(drawsOwn ? "" : "On these \(grouped(count)) digits ")\(helping.count) of these \(alone.count) regularizers help by more than chance\(hurting.isEmpty ? "" : "; \(hurting.joined(separator: " and ")) \(hurting.count == 1 ? "hurts" : "hurt")")",
      bars(board, alone, onSlide: shown(of: alone, on: board)),
      caption: """
        Against the same net without a regularizer (\(fixed(board.testError(0).mean, 1)) % errors on new digits), seed by seed. Mean of \
        \(counted(board.seeds, "seed")), \(drawsOwn ? "each with its own \(grouped(count)) digits" : "all with the same \(grouped(count)) digits"); \(data). Each interval is widened for \(board.comparisons) comparisons at once.\
        \(board.isRateAtAnEnd && board.steps == nil ? " The rate of all is the best for the bare net (an end of the grid)." : "")
        """,
      name: "restraints", isWide: true)
  }

  /// What else was done to the same net: more data, several regularizers, several nets, other batches; nil if nothing.
  static func others(_ board: Scoreboard) -> Figure? {
    let others = sorted(board) { !$0.isSingle }
    guard let best = others.first else { return nil }
    let parts = board.entries[best].name.split(separator: ", ").map(String.init)
    return Figure(
      board.verdict(best) == .helps
        ? "\(parts.count > 1 ? "Together, " : "")\(Regularization.listed(parts)) \(parts.count > 1 ? "save" : "saves") \(fixed(board.gain(best).mean, 1)) points"
        : "What the other trainings take off the test error",
      bars(board, others, onSlide: []),
      caption: "As in the figure above, against the same bare net with batches of 50.", name: "other-trainings",
      isWide: true)
  }

  /// The regularizers that one meets most often.
  private static let common = [
    "shift, rotate", "shift", "rotate", "L2", "max-norm", "dropout", "label smoothing", "mixup",
    "early stopping", "flip",
  ]

  /// The places of some kinds, the largest gain first.
  private static func sorted(_ board: Scoreboard, _ belongs: (Restraint.Kind) -> Bool) -> [Int] {
    board.entries.indices.dropFirst().filter { belongs(board.entries[$0].kind) }.sorted {
      board.gain($0).mean > board.gain($1).mean
    }
  }

  private static func bars(_ board: Scoreboard, _ order: [Int], onSlide: [Int]) -> Plot {
    .bars(
      BarChart(
        categories: order.map { index in
          let entry = board.entries[index]
          return entry.name + (entry.setting.isEmpty ? "" : " (\(entry.setting))")
        },
        y: Axis("points of test error saved\(board.seeds < 2 ? "" : ", ± \(board.level) % interval")"),
        [
          .init(
            "points saved", order.map { rounded(board.gain($0).mean, decimals: 1) },
            deviation: order.map {
              board.gain($0).count < 2 ? 0 : board.gain($0).uncertainty(among: board.comparisons)
            }, color: 0)
        ], onSlide: onSlide))
  }

  /// The places of the bars that a slide has room for: what was asked for, and what its title compares.
  private static func shown(of order: [Int], on board: Scoreboard) -> [Int] {
    let asked = ["L2", "dropout", "shift", "flip", "label smoothing", "mixup"]
    let compared = [Restraint.Kind.augmentation, .weights].map { board.strongest($0).name }
    return order.indices.filter { (asked + compared).contains(board.entries[order[$0]].name) }
  }

  /// How the loss and the error go on after the loss has turned, labels right; nil where no loss was kept.
  static func lossTurns(_ runs: [LearningCurve], data: String) -> Figure? {
    let losses = runs.compactMap(\.testLoss)
    guard losses.count == runs.count, let epochs = losses.first?.count, epochs > 2 else { return nil }
    func mean(_ curves: [[Double]]) -> [Double] {
      (0..<epochs).map { epoch in curves.reduce(0) { $0 + $1[epoch] } / Double(curves.count) }
    }
    let (loss, error) = (mean(losses), mean(runs.map(\.test)))
    guard let least = loss.min(), let fewest = error.min(), least > 0, fewest > 0,
      let turn = loss.firstIndex(of: least)
    else { return nil }
    let rise = Summary(losses.map { 100 * ($0[epochs - 1] / $0[turn] - 1) })
    let after = Summary(runs.map { 100 * ($0.test[epochs - 1] - $0.test[turn]) })
    let x = (1...epochs).map(Double.init)
    return Figure(
      rise.worded(
        above:
          "Right labels: after epoch \(turn + 1) the loss on new digits rises by \(fixed(rise.mean, 0)) %, the error \(after.worded(beyond: 0.5, above: "by \(fixed(after.mean, 1)) points", below: "still falls, by \(fixed(-after.mean, 1)) points", withinChance: "stays"))",
        below: "Right labels: the loss on new digits falls to the end",
        withinChance: "Right labels: loss and error on new digits"),
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("on new digits (smallest value = 1)", range: 0.9...1.8),
          [
            Series("loss", x: x, y: loss.map { $0 / least }, style: .line, isEmphasized: true, color: 1),
            Series("error", x: x, y: error.map { $0 / fewest }, style: .line, color: 0),
          ])),
      caption:
        "All labels are right. Both in multiples of their smallest value: loss \(fixed(least, 2)), error \(fixed(100 * fewest, 1)) %. Mean of \(counted(runs.count, "seed")).\(max((loss.max() ?? 0) / least, (error.max() ?? 0) / fewest) > 1.8 ? " The first epochs are above the frame." : "") \(capitalized(data)).",
      name: "loss-turns")
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
          y: Axis("how many more of 100 are missed\(board.seeds < 2 ? "" : ", ± 99.5 % interval")"),
          [
            .init(
              "with flips", more.map { rounded($0.mean, decimals: 1) },
              deviation: more.map { $0.count < 2 ? 0 : $0.uncertainty(among: 10) }, color: 1)
          ])),
      caption: """
        Share missed with flips less the share missed without. Mean of \(counted(board.seeds, "seed")); \
        each interval is widened for ten digits at once (99.5 %).\(mistake.map { digit, mistake in
        " With flips \(fixed(mistake.flipped, 0)) % of the missed \(digit)s are taken for \(mistake.answer)s, without flips \(fixed(mistake.plain, 0)) %." }
        ?? "")
        """,
      name: "flips")
  }

  /// Digits, and the same in a mirror.
  static func mirrored(_ pictures: PictureFindings) -> Figure {
    let digits = pictures.digits
    let all = [("", Augmentation([])), (" mirrored", Augmentation([HorizontalFlip(probability: 1)]))]
    return Figure(
      "Digits, and the same digits in a mirror",
      .images(
        ImageGrid(
          columns: digits.count,
          all.flatMap { name, change in
            digits.labels.indices.map { place in
              var generator = SeededGenerator(seed: 1, stream: UInt64(place))
              return Views.picture(
                change.applied(to: digits.picture(place), using: &generator), "\(digits.labels[place])\(name)")
            }
          })), caption: "A mirrored digit keeps its label in training.", name: "mirrored")
  }

  /// `2s, 3s and 5s`, `none`.
  static func listed(_ digits: [Int]) -> String {
    let names = digits.map { "\($0)s" }
    guard let last = names.last else { return "none" }
    return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
  }

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
