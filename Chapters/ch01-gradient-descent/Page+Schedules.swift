// The page of chapter 1: a rate that falls, and batches of several sizes on digits.

import Foundation
import Workbook

extension GradientDescent {
  /// A rate that falls takes the noise of small batches away.
  ///
  /// - Parameter seed: the first of its seeds.
  static func addFallingRate(to page: inout Page, seed: UInt64, _ found: FallingRate, isTuned: Bool) {
    let ends = found.ends.map { Summary($0) }
    let saved = ends[0] - ends[1]
    let curves = found.excess(from: seed)
    page.prose(
      """
      ### A rate that falls

      Near the bottom the gradient of all samples is 0, but that of a batch is not. So at a constant rate the path dances around the bottom, more \
      widely the larger $\\eta$ is. Therefore let $\\eta$ fall. A common choice is half a wave of the cosine, from the first rate $\\eta_0$ to 0 after $T$ \
      steps:

      $$\\eta_n = \\frac{\\eta_0}{2}\\left(1 + \\cos\\frac{\\pi n}{T}\\right)$$
      """)
    page.figure(
      Figure(
        saved.worded(
          above:
            "A rate that falls to 0 ends \(fixed(ends[1].mean, 4)) above the least loss, a constant one \(fixed(ends[0].mean, 4))",
          below: "A rate that falls to 0 ends further above the least loss than a constant one",
          withinChance: "A rate that falls to 0 makes no difference beyond chance here"),
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("loss above the least one", log: true),
            ["constant rate", "falling rate"].enumerated().map { place, name in
              Series(
                name, x: curves[place].indices.map(Double.init), y: curves[place], style: .line,
                isEmphasized: place == 1, color: place == 0 ? 1 : 0)
            })),
        caption: """
          The line of the figure before, in batches of \(found.batch)\(isTuned ? ", each at its best first rate, " : ", first rates ")\(short(found.rates[0])) and \
          \(short(found.rates[1])); mean of \(counted(ends[0].count, "seed")). Here the last step counts; the figure before has the mean of the last quarter.
          """,
        name: "falling-rate"))
    page.prose(
      """
      Other recipes divide the rate by 10 after a fixed number of epochs (*step decay*), or let it rise linearly over the first steps \
      (*warm-up*). Where single gradients are huge, one *clips* them: a gradient that is longer than a limit is shortened to it \
      (`nn.utils.clip_grad_norm_` in PyTorch).
      """)
  }

  /// The same passes over the same digits, in batches of several sizes.
  static func addDigitBatches(to page: inout Page, _ found: DigitBatches) {
    let sizes = found.sizes
    func name(_ place: Int) -> String {
      place == sizes.count - 1 ? "all \(grouped(sizes[place].size))" : "\(sizes[place].size)"
    }
    // The largest batch that is not the whole set.
    let between = sizes.count - 2
    page.prose(
      """
      ### Batches on digits

      A net with 64 hidden units learns \(grouped(DigitBatches.count)) digits, at the best rate \
      of each batch size. The *test loss* is the loss on digits that were not trained on.
      """)
    page.table(
      Table(
        "\(DigitBatches.passes) epochs of \(grouped(DigitBatches.count)) digits",
        columns: ["batch", .init("steps", digits: 0), .init("test loss", digits: 2)],
        rows: sizes.indices.map { place in
          [
            TableCell(name(place)), TableCell(DigitBatches.passes * DigitBatches.count / sizes[place].size),
            .measured(sizes[place].ends),
          ]
        }))
    page.prose(
      """
      **\(found.smallestWords)** All digits at once give only \
      \(DigitBatches.passes) steps, in which a net learns little at any rate. Batches of \(name(0)) took \
      \(fixed(sizes[0].seconds / sizes[between].seconds, 1)) times as many seconds as batches of \(name(between)), because a machine that works on few \
      numbers at a time is not kept busy.
      """)
  }
}

extension DigitBatches {
  /// The smallest batch beside the next one.
  fileprivate var smallestWords: String {
    let (small, next) = (sizes[0], sizes[1])
    return (small.ends - next.ends).worded(
      above: "Here \(next.size) ends lower than \(small.size).", below: "Here \(small.size) ends lowest.",
      withinChance: "Here \(small.size) is as low as \(next.size), within chance.")
  }
}
