// The page of chapter 1: a rate that falls.

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

      **Let the rate fall to 0 by the end of the training.** At the bottom the gradient of all samples is 0, but that of a batch is not. So at a \
      constant rate the path dances around the bottom, more widely the larger $\\eta$ is. A common choice is half a wave of the cosine, from \
      the first rate $\\eta_0$ to 0 after $T$ steps:

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
          A line with two weights, fitted to 256 samples: 4 passes in batches of \(found.batch)\(isTuned ? ", each at its best first rate, " : ", first rates ")\
          \(short(found.rates[0])) and \(short(found.rates[1])). Mean of \(counted(ends[0].count, "seed")); at the end \
          \(fixed(ends[0].mean, 4)) ± \(fixed(ends[0].deviation, 4)) and \(fixed(ends[1].mean, 4)) ± \(fixed(ends[1].deviation, 4)).
          """,
        name: "falling-rate"))
    page.prose(
      """
      Other recipes divide the rate by 10 after some epochs (*step decay*), or let it rise at first (*warm-up*). A gradient \
      longer than a limit can be shortened to it: *clipping*, `nn.utils.clip_grad_norm_`.
      """)
  }
}
