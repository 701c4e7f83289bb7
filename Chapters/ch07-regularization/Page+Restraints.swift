// The sections of chapter 7 in which all restraints meet, and about the number of weights itself.

import Foundation
import Workbook

extension Regularization {
  /// The scoreboard.
  static func addScoreboard(to page: inout Page, _ findings: Findings) {
    let (data, board) = (findings.data, findings.shown)
    addJob(to: &page, findings, board)
    let comparisons = board.comparisons
    let fooled = 100 * (1 - pow(0.95, Double(comparisons)))
    page.predict(
      """
      We are going to compare \(comparisons) trainings with the bare one. Suppose that none of them really changes the test error, and that each is judged by a 95 % interval. \
      In what share of all such experiments does at least one of them seem to help or to hurt?
      """,
      unit: "%", within: 0.15, answer: fooled,
      """
      Each one passes for harmless with probability 0.95. If they were independent, all of them would pass with $0.95^{\(comparisons)}$, which is \(fixed(100 - fooled, 0)) %. In the \
      other cases, $1 - 0.95^{\(comparisons)}$, at least one looks like a winner or a loser and is none.
      """)
    page.prose(
      """
      So each bar gets a **\(board.level) % interval**. It leaves out only $0.05/\(comparisons)$, so the chance of even one false winner among \(comparisons) is at most 5 %. \
      We say that a restraint helps or hurts only if its interval leaves out 0 and its mean is beyond half a point. (Early stopping is at a disadvantage in this comparison: the learning rate has not yet fallen when it stops.)
      """)
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
    page.figure(Charts.scoreboard(board, data: data, count: findings.boardDigits, drawsOwn: findings.ownDigits != nil))
    page.project(
      board.title,
      notes: "Many comparisons at once: only a wider interval that leaves out 0 is a finding.")
    let doubtful = board.doubtful.filter { !board.isAtTheEdge(board.index($0)) }
    page.prose(board.togetherWords)
    page.sideNote(
      """
      \(board.edge)\(doubtful.isEmpty ? "" : "By the wider interval what \(doubtful.map(spoken).joined(separator: ", ")) \(doubtful.count == 1 ? "does" : "do") may still be chance. ")\
      \(board.steps == nil ? "L2, L1 and max-norm were tuned, the others have one setting each" : "The changes of pictures have one setting each"), so one that ends near 0 here may still be useful elsewhere. \
      Not tried: *label smoothing* (chapter 8) and \
      *mixup*, which trains on weighted means of two pictures and of their labels (Zhang and others 2018).
      """)
    if board.steps != nil {
      page.prose("### Less fit?\n\n" + board.fitWords)
      page.fold("Every restraint: rate, errors and loss") { addTable(to: &$0, board) }
    }
    page.prose(
      """
      ### Why flips hurt

      Which digits suffer from flips? \(findings.ownDigits == nil ? "" : "(Here all nets learn the same digits.)")
      """)
    page.figure(Charts.flipped(findings.sameDigits, data: data))
    page.project(findings.sameDigits.flipTitle, notes: "A mirrored 2 is no 2. Which digits are the same in a mirror?")
    if let mirror = findings.mirror { page.prose(mirrorWords(mirror)) }
  }

  /// Where a mirror keeps the label.
  static func mirrorWords(_ mirror: MirrorFindings) -> String {
    "So a flip hurts where it changes the label. What if it does not? 0, 1 and 8 are digits in a mirror, too. We train on these three alone (\(mirror.count) to learn from, each way at its own rate, \(counted(mirror.gain.count, "seed"))). The net gets \(fixed(mirror.errors[0].mean, 1)) % of new digits wrong without flips and \(fixed(mirror.errors[1].mean, 1)) % with them: "
      + mirror.gain.worded(
        above: "flips help there, by \(interval(mirror.gain)) points.",
        below:
          "they hurt there as well, by \(interval(mirror.gain.magnitude)) points: a mirrored 1 leans the other way, as no 1 of the test does.",
        withinChance: "no difference beyond chance (\(interval(mirror.gain)) points), and no harm.")
  }

  /// The job and the net, and in a fold how each is trained.
  private static func addJob(to page: inout Page, _ findings: Findings, _ board: Scoreboard) {
    let digits = findings.boardDigits
    let own = Summary(board.entries[0].runs.map { 100 * $0.trainingError })
    let hasOwnRates = board.steps != nil
    page.prose(
      """
      ## Which restraint helps?

      Now all regularizers get the same job: \(grouped(digits)) digits to learn from (\(findings.data)), and a small convolutional net (chapter 9).\
      \(findings.ownDigits == nil ? "" : " Each of \(counted(board.seeds, "seed")) draws its own \(grouped(digits)) of the digits, so the luck of the draw is part of the scatter.") \
      \(hasOwnRates ? "**Each restraint has its own best learning rate; L2, L1, max-norm and dropout also have their best strength, the changes of pictures one fixed strength.** Rates and strengths were chosen on validation digits. " : "")\
      Without a restraint the net gets \(fixed(own.mean, 1)) % of its own digits wrong, and \(fixed(board.testError(0).mean, 1)) % of new ones\(own.mean < 0.1 ? ": it has learned its digits by heart" : "").
      """)
    page.fold("How each is trained") { page in
      if let steps = board.steps {
        page.prose(
          """
          One convolution with 6 kernels of 5×5 that move by 2 pixels at a time, a max pooling, a dense layer of 48 ReLU units, 10 outputs. \(grouped(steps)) steps of 50 digits are \
          \(counted(max(1, steps * 50 / digits), "epoch")), with a momentum of 0.9. The learning rate falls to 0 like the first half of a cosine wave. Two seeds chose rates and strengths\(findings.ownDigits == nil ? "" : ", on one set of \(grouped(digits)) digits"). \
          \(board.ratesTried) L2, L1, max-norm and dropout have the best of several strengths\(board.atAnEnd.isEmpty ? "" : "; for \(board.atAnEnd.joined(separator: " and ")) that is an end of them, so there may be a better one beyond").

          *Max-norm* (chapter 6) scales the incoming weights of a unit down whenever their norm is above a limit. *Brightness* is AlexNet's random colour on grey pictures. \
          “Half” changes half of the pictures. *Dropout* (chapter 6) has only 48 units to drop from here. Early stopping has a patience of a fifth of the epochs. *Stochastic pooling* is explained under *Further points*. \
          “Pooling to the expectation” is stochastic pooling in which nothing is drawn.
          """)
      } else {
        page.prose(
          """
          The same number of steps for all, and a learning rate that falls to 0 like the first half of a cosine wave. The rate and the strengths of L2, L1 and max-norm are \
          each chosen among five or more on \(board.tuning.map { $0.digits == findings.trainingCount } ?? true ? "\(grouped(findings.validationCount)) validation digits" : "validation digits, by the recorded full run, which learns from \(grouped(board.tuning?.digits ?? 0))")\
          \(board.atAnEnd.isEmpty ? "" : "; for \(board.atAnEnd.joined(separator: " and ")) the best is an end of those tried, so that there may be a better one beyond").\
          \(board.isRateAtAnEnd ? " The bare net may have a better rate beyond \(short(Double(board.rate))); part of every gain could be made up by it." : "")

          *Max-norm* (chapter 6) scales the incoming weights of a unit down whenever their norm is above a limit. \
          *Brightness* is AlexNet's random colour on grey pictures. *Dropout* is explained in chapter 6.
          """)
      }
      page.code("trainRestrained", in: "Restraints.swift")
    }
  }

  /// Rates, strengths, errors and losses of each.
  private static func addTable(to page: inout Page, _ board: Scoreboard) {
    let hasLosses = board.ownLoss(0) != nil
    let order = [0] + board.entries.indices.dropFirst().sorted { board.gain($0).mean > board.gain($1).mean }
    page.table(
      Table(
        "Each restraint at its own best rate, \(counted(board.seeds, "seed")): errors in % on its own digits (unchanged, with nothing dropped) and on new ones, the loss on its own, and the points saved ± half of the \(board.level) % interval",
        columns: ["restraint", "rate", .init("own errors", digits: 1)] + (hasLosses ? ["own loss"] : [])
          + [.init("new errors", digits: 1), "saved"],
        rows: order.map { index in
          let entry = board.entries[index]
          let gain = board.gain(index)
          return [
            TableCell(entry.name + (entry.setting.isEmpty ? "" : " (\(entry.setting))")),
            .text(short(Double(entry.rate ?? board.rate))), TableCell(board.ownError(index).mean),
          ] + (hasLosses ? [.text(short(board.ownLoss(index)?.mean ?? .nan, digits: 2))] : []) + [
            .measured(board.testError(index)),
            index == 0
              ? "–"
              : TableCell(
                "\(fixed(gain.mean, 1))\(gain.count < 3 ? "" : " ± \(fixed(gain.uncertainty(among: board.comparisons), 1))")"
              ),
          ]
        }))
  }

  /// The moons under narrower nets.
  private static func addWidths(
    to page: inout Page, _ found: WidthSweep, _ sweep: PenaltySweep, _ lines: [MoonLines]?, _ spread: [MoonSpread]?
  ) {
    let wide = [\MoonRun.trainingError, \.testError].map { path in
      Summary(sweep.runs[0][0].map { 100 * $0[keyPath: path] })
    }
    let (own, new) = (found.trainingErrors + [wide[0]], found.testErrors + [wide[1]])
    page.table(
      Table(
        "Errors (%) on the two moons without a penalty, by the number of units in each hidden layer; \(counted(wide[1].count, "seed"))",
        columns: ["units"] + (found.widths + [64]).map { .init("\($0)", digits: 1) },
        rows: [("own points", own), ("new points", new)].map { name, errors in
          [TableCell(name)] + errors.map { TableCell.measured($0) }
        }))
    page.prose(widthWords(found, wide: wide[1]))
    let drawn = spread.map { MoonSpread.drawn($0, beside: lines) } ?? lines
    if let drawn, drawn.count > 1, drawn.allSatisfy({ $0.lines.count > 1 }) { page.figure(Charts.variance(drawn)) }
    if let spread, spread.count > 2 { addSpread(to: &page, spread) }
  }

  /// Whether a narrower net errs less on new points than the widest.
  static func widthWords(_ found: WidthSweep, wide: Summary) -> String {
    let best = found.validationErrors.indices.min {
      found.validationErrors[$0].mean < found.validationErrors[$1].mean
    }
    guard let best, wide.count >= 3, found.testErrors[best].count == wide.count else { return "" }
    let gain = wide - found.testErrors[best]
    return gain.worded(
      beyond: 0.5,
      above:
        "So a narrower net is a restraint: \(found.widths[best]) units, the best on validation points, save \(fixed(gain.mean, 1)) points against 64\(gain.intervalNote()). ",
      below: "So a narrower net is no restraint here: even the best of them makes more errors than 64 units. ",
      withinChance:
        "Is a narrower net a restraint? \(capitalized(counted(gain.count, "seed"))) cannot tell. The best on validation points, \(found.widths[best]) units, saves \(fixed(gain.mean, 1)) points against 64\(gain.intervalNote()). "
    )
      + "A net can fail in two ways. Nets with other points may all be wrong in the same way; that error is called *bias*. Or each net follows its own \(Moon.points) points, and other points give another line; that error is called *variance*."
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

      The oldest advice against overfitting is to use fewer weights.\(findings.widths == nil ? "" : " First we take the net of the moons, with narrower layers and without a penalty:")
      """)
    if let widths = findings.widths { addWidths(to: &page, widths, findings.sweep, findings.lines, findings.spread) }
    page.prose(
      """
      \(findings.widths == nil ? "" : "And what happens with far more weights? ")For this we take the second job, the simplest net whose size we can vary by a \
      factor of \(grouped((descent.features.last ?? 1) / max(1, descent.features[0]))). \
      It has one layer of random ReLU features that is never trained. After it comes a linear map, fitted by least squares to \
      \(descent.samples) digits.
      """)
    let answer = isLower(bare[narrow], bare[peak]) ? (isLower(bare[last], bare[peak]) ? 2 : 1) : 0
    page.predict(
      "From \(descent.features[0]) features to \(grouped(descent.features[last])), with \(descent.samples) digits to learn from: what does the test error do?",
      drawing: "test, no penalty",
      """
      It \(["falls all the way", "falls, then rises for good", "falls, rises to a peak, and falls again"][answer]): \(fixed(bare[narrow].mean, 0)) % at \(descent.features[narrow]) features, \(fixed(bare[peak].mean, 0)) % at \
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
      Why the peak? With as many features as digits there are, for each class, \(descent.samples) equations for \(descent.samples) unknowns. \
      Exactly one map fits them all, however large its weights must be. Their norm is \(norm(square)) there. Such weights turn a small change of a \
      picture into a large change of the outputs, so the variance is largest there.\(descent.learnedFrom.map {
        " (The training error is 0 already from \($0) features on. There the output of the right class is the largest of the ten, if not yet 1.)"
      } ?? "")

      With more features many maps fit, and least squares takes the one with the smallest weights. With \(grouped(descent.features[last])) features their norm is \
      \(norm(last)). \(answer == 2 ? "An error that falls, peaks where the fit becomes exact, and falls again is called *double descent*. " : "")\
      \(isClear(rescue) && rescue.mean > 0 ? "L2 at its best strength takes \(fixed(rescue.mean, 0)) points off the peak. " : "")\
      So the number of features is the wrong thing to restrain here: take far more features than digits, and restrain the size of the weights.\
      \(answer == 2 ? " The first sentence of this chapter was too simple. In this linear model it is not the number of weights that overfits, but their size. (In a deep net size has to be measured with more care, since in front of a batch norm it means nothing.)" : "")
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
      withinChance: "Neither changed pictures nor prices are ahead")
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
