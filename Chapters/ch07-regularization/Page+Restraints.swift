// The section of chapter 7 in which all restraints meet.

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
      same number of steps, a learning rate that falls along half a cosine to 0. The strengths of L2, L1 and max-norm are \
      chosen among three on \(findings.validationCount) validation digits; equalize, solarize, posterize and flip happen to half \
      of the pictures.

      Three names are new. *Max-norm* scales the incoming weights of a unit down wherever their norm is above a limit. *Brightness* is \
      AlexNet's jitter on grey pictures. *Half turns* rotates by any angle up to 180° either way, so that a 6 may become a 9.
      """)
    page.code("trainRestrained", in: "Restraints.swift")
    let offered = ["L2", "L1", "stochastic pooling", "shift", "rotate", "flip"]
    let ranked = offered.indices.sorted {
      board.gain(offered[$0]).mean > board.gain(offered[$1]).mean
    }
    let (best, next) = (ranked[0], ranked[1])
    /// By how much the best of those offered is ahead of the next, seed by seed.
    let lead = board.gain(offered[best]) - board.gain(offered[next])
    page.predict(
      "Which lowers the test error most?", choices: offered + ["no clear winner"],
      answer: isClear(lead) && board.gain(offered[best]).mean > 0 ? best : offered.count,
      """
      \(capitalized(offered[best])) \(change(board.gain(offered[best]), "the test error")), the next, \(offered[next]), \(change(board.gain(offered[next]))): \
      \(lead.formatted(decimals: 1)) apart, \(chance(lead)). Flip \(change(board.gain("flip"))).
      """)
    page.figure(Charts.scoreboard(board, data: data, count: findings.trainingCount))
    page.table(
      Table(
        """
        One net, \(grouped(findings.trainingCount)) digits (\(data)), \(counted(findings.seeds.count, "seed")). Half: of the pictures are changed. \
        Patience: as a share of the epochs
        """,
        columns: [
          "restraint", "strength", .init("training error (%)", digits: 1), .init("test error (%)", digits: 1),
          .init("gain (points)", digits: 1), "",
        ],
        rows: board.entries.indices.map { index in
          let (gain, restraint) = (board.gain(index), board.entries[index])
          return [
            TableCell(restraint.name), .text(restraint.setting), TableCell(board.trainingError(index).mean),
            .measured(board.testError(index)), TableCell(gain.mean),
            .text(index == 0 ? "" : board.verdict(index).rawValue),
          ]
        }))
    page.sideNote(
      """
      A restraint helps or hurts where its gain is *more than chance*: the 95 % interval of its mean, taken seed by \
      seed, leaves out 0 (Student's t), and the mean is above half a point. Fewer than three seeds cannot tell.
      """)
    page.figure(Charts.flipped(board, data: data))
  }
}
