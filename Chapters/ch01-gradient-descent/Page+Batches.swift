// The page of chapter 1: all samples, or a few.

import Foundation
import Workbook

extension GradientDescent {
  /// All samples, or a few.
  ///
  /// - Parameter owner: the findings in which the additions stand.
  static func addBatches(to page: inout Page, _ findings: Findings, owner: Findings?) {
    page.prose(
      """
      ## All samples, or a few?

      **A step may look at a few samples only: its gradient is cheap, and noisy.** The loss is a mean over all samples: with a million \
      of them one step would cost a million forward passes. **Stochastic** gradient descent looks at one sample for each step, \
      **mini-batch** descent at $B$; the noise of their mean shrinks as $1/\\sqrt{B}$. One pass over all samples is an **epoch**.
      """)
    if let found = owner?.digitBatches { addDigitBatches(to: &page, found) }
    page.fold("Descent in batches, in Swift") { $0.code("descendInBatches", in: "Batches.swift") }
    let additions = owner?.additions
    // Without a record the rates are not tuned: the falling one begins at twice the constant one, so both have one sum.
    addFallingRate(
      to: &page, seed: (additions == nil ? findings : owner ?? findings).seeds[0],
      additions?.falling
        ?? FallingRate(
          batch: 4, epochs: FallingRate.epochs, rates: [0.08, 0.16],
          seeds: (0..<UInt64(40)).map { findings.seeds[0] &+ $0 }), isTuned: additions != nil)
  }

  /// Batches of several sizes on digits.
  private static func addDigitBatches(to page: inout Page, _ found: DigitBatches) {
    let (sizes, errors, own) = (DigitBatches.sizes, found.errors, found.own)
    let steps = sizes.map { MethodRates.epochs * LongRun.count / $0 }
    let last = sizes.count - 1
    // The size that makes more errors than every other, by more than chance.
    let worst = sizes.indices.first { place in
      sizes.indices.allSatisfy { $0 == place || (errors[place] - errors[$0]).direction(among: last) == .above }
    }
    page.predict(
      "\(MethodRates.epochs) passes over \(grouped(LongRun.count)) digits, by plain descent, in batches of 8, 32, 128 or 512, each at its own best rate. Which net makes the *most* errors?",
      choices: ["that of 8: each step is a guess", "that of 32", "that of 512: its steps are few", "none clearly"],
      answer: worst == 0 ? 0 : worst == 1 ? 1 : worst == last ? 2 : 3,
      """
      \(worst == last ? "It has only \(steps[last]) steps. " : "")A small batch pays for its noise with a small rate, and has the steps to do so.
      """)
    page.project("Own rates: which batch size makes most errors?")
    page.table(
      Table(
        "The digits net, each batch size at the best of \(DigitBatches.rates.count) first rates, which fall to 0 (\(counted(errors[0].count, "seed")); errors on \(grouped(10_000)) other digits; time on one thread)",
        columns: [
          "batch", "steps", "own rate", .init("errors (%)", digits: 1), .init("time, batch 32 = 1", digits: 1),
        ],
        rows: sizes.indices.map {
          [
            TableCell(sizes[$0]), TableCell(steps[$0]), .text(short(own[$0])), .measured(errors[$0].inPercent),
            TableCell(found.seconds[$0] / found.seconds[1]),
          ]
        }))
    page.slide(
      worst == last ? "Batches of \(sizes[last]) have too few steps" : "Batch sizes, each at its own rate",
      sizes.indices.map { "- batches of \(sizes[$0]): \(fixed(100 * errors[$0].mean, 1)) % errors" }.joined(
        separator: "\n"))
    let best = sizes.indices.min { errors[$0].mean < errors[$1].mean } ?? 0
    let isClear = sizes.indices.allSatisfy {
      $0 == best || (errors[$0] - errors[best]).direction(among: last) == .above
    }
    page.prose(
      """
      **Batches of \(sizes[best]) make the fewest errors here\(isClear ? "" : ", though not beyond chance").** The best rate grows with the \
      batch\(own[last] == own[last - 1] ? ", but not for ever: beyond \(sizes[last - 1]) it stays, so large batches cannot make up for their few steps" : ""). \
      The *linear scaling rule* would have it grow as fast as the batch. \
      On a graphics card small batches lose more time than here.
      """)
  }
}
