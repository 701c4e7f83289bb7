// Chapter 7: how the comparison on digits was made, and all of it, in folds.

import Foundation
import Workbook

extension Regularization {
  static func addDetails(to page: inout Page, _ findings: Findings) {
    let board = findings.shown
    page.fold("How each is trained, and when a gain counts") { addTraining(to: &$0, findings, board) }
    page.fold("All regularizers, with intervals") { addTable(to: &$0, findings, board) }
  }

  /// How each is trained, at which rate, and what is more than chance.
  private static func addTraining(to page: inout Page, _ findings: Findings, _ board: Scoreboard) {
    if let steps = board.steps {
      page.prose(
        """
        The net is that of the script under “What to try first”. \(grouped(steps)) steps of 50 digits are \
        \(counted(max(1, steps * 50 / findings.boardDigits), "epoch")), with a momentum of 0.9. The learning rate falls to 0 like half a cosine wave. Early stopping has a constant rate instead, \
        and a patience of a fifth of the epochs\(stoppingWords(board)).

        Two seeds chose rates and strengths\(findings.ownDigits == nil ? "" : " on one set of \(grouped(findings.boardDigits)) digits"), by factors of 2; \(findings.sameDigits.ratesTried).\(allSeeds(findings))\
        \(board.atAnEnd.isEmpty ? "" : " For \(board.atAnEnd.joined(separator: " and ")) the best strength is an end of those tried, so there may be a better one beyond.")
        """)
    } else {
      page.prose(
        """
        The same number of steps for all, and a learning rate that falls to 0 like half a cosine wave. The rate and the strengths of L2, L1 and max-norm are \
        each chosen among five or more on \(board.tuning.map { $0.digits == findings.trainingCount } ?? true ? "\(grouped(findings.validationCount)) validation digits" : "validation digits, by the recorded full run, which learns from \(grouped(board.tuning?.digits ?? 0))")\
        \(board.atAnEnd.isEmpty ? "" : "; for \(board.atAnEnd.joined(separator: " and ")) the best is an end of those tried, so that there may be a better one beyond").\
        \(board.isRateAtAnEnd ? " The bare net may have a better rate beyond \(short(Double(board.rate)))." : "")
        """)
    }
    let count = board.comparisons
    page.prose(
      """
      With \(count) comparisons some whiskers leave out 0 by chance. So a regularizer *helps* only if 0 lies outside the wider interval of \(board.level) %.
      """)
    page.prose("In Swift, how each regularizer joins the training:")
    page.code("trainRestrained", in: "Restraints.swift")
  }

  /// Early stopping at a rate that does not fall, against that rate alone; empty where it was not measured.
  private static func stoppingWords(_ board: Scoreboard) -> String {
    guard board.has(TunedTraining.constantRate), board.has("early stopping") else { return "" }
    let saved = board.gain("early stopping") - board.gain(TunedTraining.constantRate)
    return saved.worded(
      beyond: 0.5, above: "; against that rate without stopping it saves \(fixed(saved.mean, 1)) points",
      below: "; against that rate without stopping it costs \(fixed(-saved.mean, 1)) points",
      withinChance: "; against that rate without stopping it makes no difference beyond chance")
  }

  /// Whose rates all seeds chose; empty where none were.
  private static func allSeeds(_ findings: Findings) -> String {
    findings.tuned.map { tuned in
      " All seeds chose the rates of the bare net, \(listed(tuned.map(\.name).filter { !["nothing", TunedTraining.constantRate].contains($0) }))."
    } ?? ""
  }

  /// Strengths and errors of each.
  private static func addTable(to page: inout Page, _ findings: Findings, _ board: Scoreboard) {
    page.prose(
      """
      \(board.steps == nil ? "L2, L1 and max-norm were tuned, the others have one setting each. " : "")\
      \(board.edge)\(board.chanceWords)*Equalize*, *solarize* and *posterize* change tones (exercise 7.4); “pooling to the expectation” is stochastic pooling without the draw. *Crop* adds a margin and cuts at random, which is a larger shift. *Stochastic pooling* is explained in the last fold of this page.
      """)
    // Other batches are no regularizer; they count among the comparisons.
    let shown = board.entries.indices.dropFirst().filter { board.entries[$0].kind != .batch }
    let order = [0] + shown.sorted { board.gain($0).mean > board.gain($1).mean }
    page.table(
      Table(
        "Each at its own best rate, \(counted(board.seeds, "seed")): errors in % on its own digits (unchanged, with nothing dropped) and 1000 times the loss there (without the penalty), errors on new digits, and the points saved, ± 95 % interval",
        columns: [
          "training", .init("own errors", digits: 1), .init("own loss", digits: 1), .init("new errors", digits: 1),
          "saved",
        ],
        rows: order.map { index in
          let entry = board.entries[index]
          let gain = board.gain(index)
          return [
            TableCell(entry.name + (entry.setting.isEmpty ? "" : " (\(entry.setting))")),
            TableCell(board.ownError(index).mean), TableCell(1000 * board.ownLoss(index).mean),
            TableCell(board.testError(index).mean),
            index == 0
              ? "–"
              : TableCell("\(fixed(gain.mean, 1))\(gain.count < 3 ? "" : " ± \(fixed(gain.uncertainty, 1))")"),
          ]
        }))
  }
}
