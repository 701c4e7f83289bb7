// The page of chapter 1: all samples, or a few.

import Foundation
import Workbook

extension GradientDescent {
  /// All samples, or a few.
  ///
  /// - Parameter owner: the findings in which the additions stand.
  static func addBatches(to page: inout Page, _ findings: Findings, owner: Findings?) {
    let additions = owner?.additions
    let (batches, batchSizes) = (findings.batches, findings.batches.sizes)
    let excess = batches.excess.map { Summary($0) }
    page.prose(
      """
      ## All samples, or a few?

      **With the same number of passes, many steps with a few samples get further here than few steps with all.** The loss is a mean over all samples, and so \
      is its gradient: with a million samples one step would cost a million forward passes. **Stochastic** gradient descent looks at one sample \
      for each step, **mini-batch** descent at $B$ of them. The mean of a few gradients points roughly in the right direction: its noise \
      shrinks as $1/\\sqrt{B}$. One pass over all samples is called an **epoch**.
      """)

    let (largest, others) = (excess[excess.count - 1].mean, excess.dropLast().map(\.mean))
    let vanishes = others.allSatisfy { largest > 2 * $0 }
    let nearest = excess.indices.min { excess[$0].mean < excess[$1].mean } ?? 0
    // Further than all others by more than chance, where it is not the whole set.
    let furthest = excess.indices.first { place in
      excess.indices.allSatisfy {
        $0 == place || isClear(excess[place] - excess[$0], beyond: 0) && excess[place].mean > excess[$0].mean
      }
    }
    // The rates that each size could choose from are a factor of 1.6 apart: a tenth of the excess may be theirs.
    let isAlone = excess.indices.allSatisfy {
      $0 == nearest || isClear(excess[$0] - excess[nearest], beyond: excess[nearest].mean / 10)
    }
    page.predict(
      "\(batches.epochs) passes over 256 samples. Batches of 1, 4, 16, 64 or all 256, each at its own best constant rate: which end *furthest* from the bottom?",
      choices: [
        "batches of 1, because each step is a guess", "batches of 16", "all 256 at once, because their steps are few",
        "none clearly",
      ],
      answer: vanishes ? 2 : furthest == 0 ? 0 : furthest == 2 ? 1 : 3,
      """
      \(vanishes ? "They have only \(batches.epochs) steps. " : "")A small batch pays for its noise with a small rate, and has the steps to do so.
      """
    )
    page.project("Own rates: which batch size ends furthest away?")
    page.fold("Descent in batches, in Swift") { $0.code("descendInBatches", in: "Batches.swift") }
    page.table(
      Table(
        "A line with two weights, fitted to 256 samples: \(batches.epochs) passes, each batch size at the best of \(BatchExperiment.tried.count) rates (\(counted(excess[0].count, "seed")); mean of the last quarter of the steps)",
        columns: ["batch", "steps", .init("own rate", digits: 3), .init("loss above the least", digits: 4)],
        rows: batchSizes.indices.map {
          [
            TableCell(batchSizes[$0]), TableCell(batches.epochs * 256 / batchSizes[$0]), TableCell(batches.rates[$0]),
            .measured(excess[$0]),
          ]
        }))
    page.slide(
      vanishes
        ? "Small batches arrive; all \(batchSizes[batchSizes.count - 1]) at once get only \(batches.epochs) steps"
        : isAlone
          ? "At its own rate a batch of \(batchSizes[nearest]) ends nearest"
          : "At its own rate no batch size is clearly ahead",
      batchSizes.indices.map { "- batches of \(batchSizes[$0]): \(fixed(excess[$0].mean, 4)) above the least loss" }
        .joined(separator: "\n"))
    page.prose(
      """
      \(scaling(batches)) On a real machine a batch of 1 is also slow, because only many numbers at a time keep it busy. Usual sizes are \
      32 to 256; on a net we have not compared them.
      """)
    // Without a record the rates are not tuned: the falling one begins at twice the constant one, so both have one sum.
    let (small, rate) = (batchSizes[1], batches.rates[1])
    addFallingRate(
      to: &page, seed: (additions == nil ? findings : owner ?? findings).seeds[0],
      additions?.falling
        ?? FallingRate(
          batch: small, epochs: batches.epochs, rates: [rate, 2 * rate],
          seeds: (0..<UInt64(40)).map { findings.seeds[0] &+ $0 }), isTuned: additions != nil)
  }

  /// How the best rate grows with the batch, where it does so as the linear scaling rule has it.
  private static func scaling(_ batches: BatchExperiment) -> String {
    let (sizes, rates) = (batches.sizes.map(Double.init), batches.rates)
    // As far as a grid with steps of 1.6 can tell.
    let follows = sizes.indices.prefix(while: { place in
      let share = (rates[place] / rates[0]) / (sizes[place] / sizes[0])
      return share > 0.63 && share < 1.6
    })
    guard let last = follows.last, last > 0 else { return "" }
    let edge =
      last < sizes.count - 1
      ? "; from \(short(sizes[last + 1])) on the edge of the bowl stops it, so large batches cannot make up for their few steps"
      : ""
    return
      "**Up to batches of \(short(sizes[last])) the best rate grows as the batch does** (the *linear scaling rule*)\(edge)."
  }
}
