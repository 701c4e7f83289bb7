// The page of chapter 11: what a linear layer reads of the picture after each block, before training.

import Foundation
import Workbook

extension DeeperNetworks {
  /// What is left to read after all blocks, and what that says of the nets that were trained.
  struct Readings {
    var plain: Summary
    var residual: Summary

    init?(_ findings: Findings) {
      guard let found = findings.readings, let plain = found.net()?.errors.last,
        let residual = found.net(residual: true)?.errors.last
      else { return nil }
      (self.plain, self.residual) = (plain, residual)
    }

    /// Whether a linear layer reads more of the residual net than of the plain one.
    var handsOn: Bool { (plain - residual).direction() == .above }
  }

  /// How it was looked at, the bet, and what follows for the addition.
  static func addReadings(to page: inout Page, _ findings: Findings) {
    guard let found = findings.readings, let ends = Readings(findings), let first = found.net()?.errors.first else {
      return
    }
    let (deep, residual) = (findings.fair.deepPlain.net, findings.fair.deepResidual.net)
    page.prose(
      """
      ## The picture on its way up

      \(vanishing(findings).isRuledOut ? "So the gradient does not vanish. " : "")What becomes of the picture on its way up? Take what an *untrained* net has made of the digits after some of its blocks, and let a single linear layer learn to read it. From \
      what enters the first block it gets \(fixed(first.mean, 0)) % of new digits wrong, and guessing would be 90 %.
      """)
    page.predict(
      """
      The norms keep the signal of \(deep.name) at one size. How many new digits does the linear layer get wrong after all \
      \(deep.blocks) blocks, before any training?
      """,
      choices: ["as many as before the first", "about half", "about 90 %: it guesses"],
      answer: ends.plain.mean > 75 ? 2 : ends.plain.mean > first.mean + 10 ? 1 : 0,
      """
      \(fixed(ends.plain.mean, 0)) % are wrong. A norm keeps the size of a signal, not what a linear layer reads in it.
      """)
    page.project("\(deep.blocks) untrained blocks: can one still read the digit?")
    page.prose(
      ends.handsOn
        ? "**With additions the picture stays linearly readable.** After all blocks of \(residual.name) only \(fixed(ends.residual.mean, 0)) % are wrong. Is that why it learns?"
        : "With additions a linear layer reads no more.")
    let nets: [(String, LinearReadings.Net?, Int)] = [
      ("plain", found.net(), 4), ("residual", found.net(residual: true), 0),
    ]
    page.figure(
      Figure(
        ends.handsOn
          ? "After \(deep.blocks) untrained blocks a linear layer reads the digits from the residual net, not from the plain one"
          : "What a linear layer reads of the digits after each block, before training",
        .lines(
          LineChart(
            x: Axis("blocks passed"), y: Axis("new digits wrong (%)", range: 0...100),
            nets.compactMap { name, net, color in
              net.map { net in
                Series(
                  name, x: found.blocks.map(Double.init), y: net.errors.map(\.mean),
                  isEmphasized: color == 0, color: color)
              }
            })),
        caption: """
          Nets of \(deep.depth) layers before training. A linear layer learns \(grouped(found.trainingCount)) digits from all \
          \(deep.channels)×7×7 numbers after so many blocks: ridge regression on inputs of mean 0 and deviation 1, its penalty chosen on digits kept \
          back. Errors on \(grouped(found.testCount)) new ones, mean of \(counted(ends.plain.count, "seed")).
          """, name: "readings"))
    page.project("With additions the picture stays linearly readable", notes: "Next: is that enough? Is it needed?")
  }
}
