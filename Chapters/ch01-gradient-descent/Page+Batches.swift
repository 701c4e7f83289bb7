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

      The loss is a mean over all samples, and so is its gradient. With a million samples one step would cost a million \
      forward passes. **Stochastic** gradient descent looks at one sample for each step, **mini-batch** descent at $B$ of them. The mean \
      of a few gradients points roughly in the right direction. How roughly? A mean of $B$ independent numbers \
      spreads $1/\\sqrt{B}$ times as much as one of them. One pass over all samples is called an **epoch**.
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
    let level = excess.indices.filter {
      $0 == nearest || !isClear(excess[$0] - excess[nearest], beyond: excess[nearest].mean / 10)
    }
    let isAlone = level.count == 1
    let levelWords = level.map { "\(batchSizes[$0])" }.joined(separator: " or ")
    let more = excess.map { $0 - excess[nearest] }
    let apart = level.filter { $0 != nearest }.allSatisfy { isClear(more[$0], beyond: 0) }
    let worse = batchSizes.indices.dropLast().filter { !level.contains($0) && isClear(more[$0], beyond: 0) }
    page.predict(
      "\(batches.epochs) passes over 256 samples. Batches of 1, 4, 16, 64 or all 256, each at its own best constant rate: which end *furthest* from the bottom?",
      choices: ["1: each step is a guess", "16", "all 256: few steps", "none clearly"],
      answer: vanishes ? 2 : furthest == 0 ? 0 : furthest == 2 ? 1 : 3,
      """
      \(vanishes ? "All 256 at once: \(batches.epochs) steps are too few. " : "")Nearest are batches of \(levelWords)\(isAlone ? "" : apart ? ", which a grid of rates with steps of 1.6 cannot separate" : ", which these seeds cannot tell apart"). \
      A small batch pays for its noise with a small rate, and has the steps to do so.
      """
    )
    page.project("Own rates: which batch size ends furthest away?")
    page.figure(
      Figure(
        isAlone && vanishes
          ? "Each at its own rate, batches of \(batchSizes[nearest]) end nearest to the bottom; for all \(batchSizes[batchSizes.count - 1]) at once \(batches.epochs) steps are too few"
          : vanishes
            ? "At their own rates batches of \(levelWords) end nearest to the bottom; for all \(batchSizes[batchSizes.count - 1]) at once \(batches.epochs) steps are too few"
            : "Each batch size at its own rate, after \(batches.epochs) passes over the data",
        exploring: FigureParameter(
          "batch size", values: batchSizes.map(Double.init), initial: vanishes ? 1 : nearest),
        caption: """
          A line with two weights fitted to 256 noisy samples. Every path has seen each sample \(batches.epochs) times. How far it ends above \
          the least loss is averaged over the last quarter of its steps.
          """,
        name: "batch-paths",
        titles: { size in
          let index = batchSizes.firstIndex(of: Int(size)) ?? 0
          return
            "Batch \(Int(size)): \(counted(batches.walks[index].a.count - 1, "step")) at a rate of \(short(batches.rates[index])), \(short(excess[index].mean)) above the least loss"
        }
      ) { size in
        let index = batchSizes.firstIndex(of: Int(size)) ?? 0
        // The path of all samples at once stands beside each of the others.
        let paths = [index, batchSizes.count - 1].prefix(index == batchSizes.count - 1 ? 1 : 2).map { place in
          let isAll = place == batchSizes.count - 1
          return Series(
            isAll ? "all \(batchSizes[place]) at once" : "batches of \(batchSizes[place])", x: batches.walks[place].a,
            y: batches.walks[place].b, style: isAll ? .arrows : .line, isEmphasized: place == index,
            color: isAll ? 0 : 1)
        }
        return .contour(
          ContourPlot(
            x: Axis("first weight", range: -1.2...1.8), y: Axis("second weight", range: -1.4...0.9),
            heights: batches.valley.heights(-1.2...1.8, -1.4...0.9),
            paths: paths, hasEqualScales: true))
      })
    page.project(
      vanishes
        ? "Small batches arrive; all \(batchSizes[batchSizes.count - 1]) at once get only \(batches.epochs) steps"
        : isAlone
          ? "At its own rate a batch of \(batchSizes[nearest]) ends nearest"
          : "At its own rate no batch size is clearly ahead"
    )
    let common = batches.commonExcess.map { Summary($0).mean }
    let suited = common.indices.min { common[$0] < common[$1] } ?? 0
    let sameData =
      worse.isEmpty
      ? ""
      : "Every seed gives all sizes the same data; seed by seed, "
        + worse.map { "\(batchSizes[$0]) ends \(more[$0].withInterval(4))" }.joined(separator: " and ")
        + " above batches of \(batchSizes[nearest]). "
    page.fold("All batch sizes, with their rates and intervals") {
      $0.table(
        Table(
          "The same data, \(batches.epochs) times over; \(counted(batches.noise[0].count, "seed")). Own rates: of \(BatchExperiment.tried.count) from \(short(BatchExperiment.tried[0])) to \(short(BatchExperiment.tried[BatchExperiment.tried.count - 1])), chosen on other seeds",
          columns: [
            "batch", "steps", .init("own rate", digits: 3), .init("above the least loss, last quarter", digits: 4),
            "above batches of \(batchSizes[nearest]), 95 %",
          ],
          rows: batchSizes.indices.map {
            [
              TableCell(batchSizes[$0]), TableCell(batches.walks[$0].a.count - 1), TableCell(batches.rates[$0]),
              .measured(excess[$0]), $0 == nearest ? "–" : TableCell(more[$0].interval(4)),
            ]
          }))
      $0.prose(
        """
        \(sameData)A common rate favours the batches that it happens to suit: at a rate of \(batches.commonRate), batches of \
        \(batchSizes[0]) end \(fixed(common[0], 4)) above the least loss and those of \(batchSizes[suited]) only \(fixed(common[suited], 4)).
        """)
    }
    page.prose(
      """
      \(scaling(batches))

      \(additions == nil ? "This is a line with two weights, and the price is counted in samples. In seconds it is different: a graphics processor computes large batches faster per sample. Usual sizes are 32 to 256: large enough to keep the machine busy, small enough to leave many steps." : "")
      """)
    // Without a record the rates are not tuned: the falling one begins at twice the constant one, so both have one sum.
    let (small, rate) = (batchSizes[1], batches.rates[1])
    addFallingRate(
      to: &page, seed: (additions == nil ? findings : owner ?? findings).seeds[0],
      additions?.falling
        ?? FallingRate(
          batch: small, epochs: batches.epochs, rates: [rate, 2 * rate],
          seeds: (0..<UInt64(40)).map { findings.seeds[0] &+ $0 }), isTuned: additions != nil)
    if let additions { addDigitBatches(to: &page, additions.digits) }
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
