// The sections of chapter 7 in which all restraints meet, and about the number of weights itself.

import Foundation
import Workbook

extension Regularization {
  /// The scoreboard.
  static func addScoreboard(to page: inout Page, _ findings: Findings) {
    let (data, board) = (findings.data, findings.shown)
    if let steps = board.steps {
      addJob(to: &page, findings, board, steps: steps)
    } else {
      page.prose(
        """
        ## Which restraint helps?

        Now all of them on the same job: a small convolutional net, \(grouped(findings.trainingCount)) digits to learn from (\(data)), the \
        same number of steps, a learning rate that falls along half a cosine to 0. The rate and the strengths of L2, L1 and max-norm are \
        each chosen among five or more on \(board.tuning.map { $0.digits == findings.trainingCount } ?? true ? "\(grouped(findings.validationCount)) validation digits" : "validation digits, by the recorded full run, which learns from \(grouped(board.tuning?.digits ?? 0))")\
        \(board.atAnEnd.isEmpty ? "" : "; for \(board.atAnEnd.joined(separator: " and ")) the best is an end of those tried, so that there may be a better one beyond").\
        \(board.isRateAtAnEnd ? " The bare net may have a better rate beyond \(short(Double(board.rate))); part of every gain could be made up by it." : "")

        *Max-norm* (chapter 6) scales the incoming weights of a unit down wherever their norm is above a limit. \
        *Brightness* is AlexNet's jitter on grey pictures. *Dropout* is chapter 6.
        """)
    }
    page.fold("The training of each, in Swift") { $0.code("trainRestrained", in: "Restraints.swift") }
    let comparisons = board.comparisons
    let fooled = 100 * (1 - pow(0.95, Double(comparisons)))
    page.predict(
      """
      Suppose that none of \(comparisons) restraints does anything, and each is judged by a 95 % interval. In what share of all such runs does \
      at least one of them seem to help or to hurt?
      """,
      unit: "%", within: 0.15, answer: fooled,
      """
      Each is spared with probability 0.95, all of them with $0.95^{\(comparisons)}$, were they independent: \(fixed(100 - fooled, 0)) %. The others, \
      $1 - 0.95^{\(comparisons)}$, show a winner or a loser that is none.
      """)
    page.prose(
      """
      So each bar has a **\(board.level) % interval**: $0.05/\(comparisons)$ is left outside, so that even one false winner among \(comparisons) has a chance of at most 5 %. A restraint helps or hurts only where its interval leaves out 0 and the \
      mean is beyond half a point.
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
    page.figure(Charts.scoreboard(board, data: data, count: findings.boardDigits))
    page.project(
      board.title,
      notes: "Many comparisons at once: only a wider interval that leaves out 0 is a finding.")
    let doubtful = board.doubtful.filter { !board.isAtTheEdge(board.index($0)) }
    if board.steps != nil { page.prose(board.fitWords + again(findings)) }
    page.sideNote(
      """
      \(board.edge)\(doubtful.isEmpty ? "" : "By the wider interval what \(doubtful.map(spoken).joined(separator: ", ")) \(doubtful.count == 1 ? "does" : "do") may still be chance. ")\
      \(board.steps == nil ? "L2, L1 and max-norm were tuned, the others have one setting each" : "The changes of pictures have one setting each"): one that ends near 0 here is not therefore useless. A restraint that slows learning down, as shifts do, might gain more from more steps. Not tried here: *label smoothing* (chapter 8); \
      *mixup*, which trains on weighted means of two pictures and of their labels (Zhang and others 2018).
      """)
    if board.steps != nil { addTable(to: &page, board) }
    page.figure(Charts.flipped(findings.sameDigits, data: data))
    page.project(findings.sameDigits.flipTitle, notes: "A mirrored 2 is no 2. Which digits are the same in a mirror?")
    if let mirror = findings.mirror { page.prose(mirrorWords(mirror)) }
  }

  /// Where a mirror keeps the label.
  static func mirrorWords(_ mirror: MirrorFindings) -> String {
    "So flips as such are not bad; flips that change the label are. 0, 1 and 8 are digits in a mirror, too. On these three alone (\(mirror.count) to learn from, each way at its own rate, \(counted(mirror.gain.count, "seed"))) the net errs on \(fixed(mirror.errors[0].mean, 1)) % without flips and on \(fixed(mirror.errors[1].mean, 1)) % with them: "
      + mirror.gain.worded(
        above: "flips help there, by \(interval(mirror.gain)) points.",
        below:
          "they hurt there as well, by \(interval(mirror.gain.magnitude)) points: a mirrored 1 leans the other way, as no 1 of the test does.",
        withinChance: "no difference beyond chance (\(interval(mirror.gain)) points), and no harm.")
  }

  /// The job, the net and the steps, where each restraint has its own rate.
  private static func addJob(to page: inout Page, _ findings: Findings, _ board: Scoreboard, steps: Int) {
    let digits = findings.boardDigits
    let own = Summary(board.entries[0].runs.map { 100 * $0.trainingError })
    page.prose(
      """
      ## Which restraint helps?

      Now all of them on the same job: \(grouped(digits)) digits to learn from (\(findings.data)), and a small net: one convolution to 6 maps \
      (5×5, stride 2), a max pooling, a dense layer of 48 ReLU units, 10 outputs. \(grouped(steps)) steps of 50 digits are \(counted(max(1, steps * 50 / digits), "epoch")); the learning \
      rate falls along half a cosine to 0. **Each restraint has the learning rate that is best for it** on digits kept back (two seeds choose; a rate below and one above it were tried as well), and L2, L1, \
      max-norm and dropout the best of several strengths\(board.atAnEnd.isEmpty ? "" : "; for \(board.atAnEnd.joined(separator: " and ")) that is an end of them, so that there may be a better one beyond")\(findings.recordedCount == nil ? "" : " (recorded run)"). The bare net ends at \
      \(fixed(own.mean, 1)) % errors on its own digits, and at \(fixed(board.testError(0).mean, 1)) % on new ones: it has learned its digits by heart.

      *Max-norm* (chapter 6) scales the incoming weights of a unit down wherever their norm is above a limit. \
      *Brightness* is AlexNet's jitter on grey pictures. *Dropout* is chapter 6; the layer here has 48 units, few to drop from.
      """)
  }

  /// Rates, strengths and errors of each.
  private static func addTable(to page: inout Page, _ board: Scoreboard) {
    page.fold("Each restraint's rate, and its errors on its own digits and on new ones") {
      $0.table(
        Table(
          "Each restraint at its own best rate; \(counted(board.seeds, "seed")); gain in points, ± half of the \(board.level) % interval",
          columns: [
            "restraint", "rate", .init("own digits (%)", digits: 1), .init("new digits (%)", digits: 1), "gain",
          ],
          rows: board.entries.indices.map { index in
            let entry = board.entries[index]
            let gain = board.gain(index)
            return [
              TableCell(entry.name + (entry.setting.isEmpty ? "" : " (\(entry.setting))")),
              TableCell(short(Double(entry.rate ?? board.rate), digits: 3)),
              TableCell(board.ownError(index).mean), .measured(board.testError(index)),
              index == 0
                ? "–"
                : TableCell(
                  "\(fixed(gain.mean, 1))\(gain.count < 3 ? "" : " ± \(fixed(gain.uncertainty(among: board.comparisons), 1))")"
                ),
            ]
          }))
    }
  }

  /// Some of them again, by this run.
  private static func again(_ findings: Findings) -> String {
    guard let again = findings.again, again.entries.count > 1 else { return "" }
    let testedOn = findings.shown.testError(0)
    let gains = again.entries.indices.dropFirst().map {
      "\(spoken(again.entries[$0].name)) \(interval(again.gain($0)))"
    }
    return
      " Some of them again in this run, at the same rates, \(counted(again.seeds, "seed")), on the first \(grouped(again.testCounts.reduce(0, +))) digits of the test file, of which the bare net gets \(fixed(again.testError(0).mean, 1)) % wrong: \(gains.joined(separator: ", ")) points gained (95 % intervals).\(again.testError(0).mean > testedOn.mean + 1 ? " They are harder than the whole file (\(fixed(testedOn.mean, 1)) %), so there is more to gain." : "")"
  }

  /// The moons under narrower nets.
  private static func addWidths(to page: inout Page, _ found: WidthSweep, _ sweep: PenaltySweep, _ lines: [MoonLines]?)
  {
    let wide = [\MoonRun.trainingError, \.testError].map { path in
      Summary(sweep.runs[0][0].map { 100 * $0[keyPath: path] })
    }
    let (own, new) = (found.trainingErrors + [wide[0]], found.testErrors + [wide[1]])
    page.table(
      Table(
        "Errors (%) on the two moons without a penalty, by the units in each of the two hidden layers; \(counted(wide[1].count, "seed"))",
        columns: ["units"] + (found.widths + [64]).map { .init("\($0)", digits: 1) },
        rows: [("own points", own), ("new points", new)].map { name, errors in
          [TableCell(name)] + errors.map { TableCell.measured($0) }
        }))
    page.prose(widthWords(found, wide: wide[1]))
    if let lines, lines.count > 1, lines.allSatisfy({ $0.lines.count > 1 }) { page.figure(Charts.variance(lines)) }
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
        "So a narrower net restrains: \(found.widths[best]) units, the best on points set aside, save \(fixed(gain.mean, 1)) points against 64\(gain.intervalNote()). ",
      below: "So a narrower net does not restrain: even the best of these errs more than 64 units. ",
      withinChance:
        "Whether a narrower net restrains, \(counted(gain.count, "seed")) cannot tell: the best on points set aside, \(found.widths[best]) units, saves \(fixed(gain.mean, 1)) points against 64\(gain.intervalNote()). "
    )
      + "Too few units miss the rule itself (*bias*); with more, the line follows these very \(Moon.points) points, and is another one for other points (*variance*)."
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

      The oldest advice against overfitting is to use fewer weights.\(findings.widths == nil ? "" : " First the net of the moons, with narrower layers and no penalty:")
      """)
    if let widths = findings.widths { addWidths(to: &page, widths, findings.sweep, findings.lines) }
    page.prose(
      """
      \(findings.widths == nil ? "" : "And far beyond? ")Here is the simplest net whose size can be varied over a \
      factor of \(grouped((descent.features.last ?? 1) / max(1, descent.features[0]))): \
      one layer of random ReLU features that is never trained, and after it a linear map fitted by least squares to \
      \(descent.samples) digits.
      """)
    let answer = isLower(bare[narrow], bare[peak]) ? (isLower(bare[last], bare[peak]) ? 2 : 1) : 0
    page.predict(
      "From \(descent.features[0]) features to \(grouped(descent.features[last])), with \(descent.samples) digits to learn from: how does the test error go?",
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
      With as many features as digits there are, for each class, \(descent.samples) equations for \(descent.samples) unknowns: \
      exactly one map fits them all, whatever weights that takes. Their norm is \(norm(square)) there, and such weights turn a small change of a \
      picture into a large one of the outputs: there the variance is largest.\(descent.learnedFrom.map {
        " The training error is 0 sooner, from \($0) features on: there the output of the right class is already the largest of the ten, if not yet 1."
      } ?? "")

      With more features many maps \
      fit, and least squares takes the one with the smallest weights: with \(grouped(descent.features[last])) the norm is \
      \(norm(last)). \(answer == 2 ? "An error that falls, peaks where the fit becomes exact and falls again is called *double descent*. " : "")\
      \(isClear(rescue) && rescue.mean > 0 ? "L2 at its best strength takes \(fixed(rescue.mean, 0)) points off the peak. " : "")Here, \
      then, the number of features is the wrong thing to restrain: take far more than digits, and restrain the size of the weights on them.\
      \(answer == 2 ? " So the first sentence of this chapter was too simple: in this linear model it is not the number of weights that overfits, but the size that they need for the fit. (In a deep net size has to be measured with more care: in front of a batch norm it means nothing.)" : "")
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
