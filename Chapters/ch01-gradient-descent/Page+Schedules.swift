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
    let steps = curves[0].count - 1
    let late = Summary(Array(curves[0].suffix(steps / 4))).mean
    page.prose(
      """
      ### A rate that falls

      At a constant rate the steps of a small batch never become small. Near the bottom the gradient of all samples is 0, but that of a batch is \
      not, so the path dances around the bottom. The size of the dance grows with $\\eta$. So let $\\eta$ fall as the training goes on. A common \
      choice is half a wave of the cosine, from the first rate $\\eta_0$ to 0 after $T$ steps:

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
          The line of figure 8 in batches of \(found.batch), so $T$ = \(steps) steps; mean of \(counted(ends[0].count, "seed")). \
          \(isTuned ? "The best constant rate" : "The constant rate") is \(short(found.rates[0])); \
          \(isTuned ? "the best falling one" : "the falling one") begins at \(short(found.rates[1])). After the last step the difference is \
          \(fixed(saved.magnitude.mean, 4)) (95 % interval: \(saved.magnitude.interval(4))). Figure 8 averages over the last quarter of the \
          steps; here that average is \(fixed(late, 4)) at the constant rate.
          """,
        name: "falling-rate"))
    page.prose(
      """
      Other recipes divide the rate by 10 after a fixed number of epochs (*step decay*), or let it rise linearly over the first steps \
      (*warm-up*). Warm-up should help where the curvature is largest at the start, as in *The edge of a net* at the rates 1.4 and 4: small first \
      steps let the curvature fall before long ones are taken. It was not measured here. Weight decay, which pulls all weights towards 0, is chapter 7; Adam with a weight decay of its own is called AdamW.
      """)
  }

  /// The same passes over the same digits, in batches of several sizes.
  static func addDigitBatches(to page: inout Page, _ found: DigitBatches) {
    let sizes = found.sizes
    func name(_ place: Int) -> String {
      place == sizes.count - 1 ? "all \(grouped(sizes[place].size))" : "\(sizes[place].size)"
    }
    let (best, fast) = (
      sizes.indices.min { sizes[$0].ends.mean < sizes[$1].ends.mean } ?? 0,
      sizes.indices.min { sizes[$0].seconds < sizes[$1].seconds } ?? 0
    )
    // Those that the seeds cannot tell from the lowest.
    let level = sizes.indices.filter { $0 == best || !isClear(sizes[$0].ends - sizes[best].ends, beyond: 0) }
    let (whole, names) = (sizes[sizes.count - 1], level.map(name))
    let lowest =
      names.count == 1
      ? "batches of \(names[0]) have the lowest test loss, \(fixed(sizes[best].ends.mean, 2))"
      : "batches of \(names.dropLast().joined(separator: ", ")) and \(names[names.count - 1]) end within chance of each other, "
        + "at test losses of \(fixed(sizes[best].ends.mean, 2)) to \(fixed(level.map { sizes[$0].ends.mean }.max() ?? 0, 2))"
    page.prose(
      """
      ### Batches on digits

      So far the price was counted in samples. In seconds it is different, because a machine may take less time for a sample in a large batch. \
      So here is a net with 64 hidden units on \(grouped(DigitBatches.count)) digits: \(DigitBatches.passes) epochs for every batch size, each \
      at its best rate.
      """)
    page.figure(
      Figure(
        "After \(DigitBatches.passes) epochs \(lowest)",
        exploring: FigureParameter("price", names: ["samples", "seconds"]),
        caption: """
          Test loss on 1,000 digits, mean of \(counted(sizes[0].ends.count, "seed")), recorded run. Best rates: \
          \(sizes.indices.map { "\(name($0)): \(short(sizes[$0].rate))" }.joined(separator: "; ")). The seconds are those of this library on two cores, without a graphics processor.
          """,
        name: "digit-batches",
        titles: { frame in
          frame == 0
            ? "After \(DigitBatches.passes) epochs \(lowest); all at once end at \(fixed(whole.ends.mean, 2))"
            : "The same epochs take \(short(sizes[0].seconds)) s in batches of \(name(0)) and \(short(sizes[fast].seconds)) s in batches of \(name(fast))"
        }
      ) { frame in
        .lines(
          LineChart(
            x: Axis(frame == 0 ? "epochs" : "seconds", log: frame == 1), y: Axis("test loss", log: true),
            sizes.indices.map { place in
              let size = sizes[place]
              let scale = frame == 0 ? 1 : size.seconds / Double(DigitBatches.passes)
              // Seconds are on a logarithmic axis: the start has no place there.
              let places = size.epochs.indices.filter { frame == 0 || size.epochs[$0] > 0 }
              return Series(
                name(place), x: places.map { size.epochs[$0] * scale }, y: places.map { size.losses[$0] },
                style: .lineAndMarkers, isEmphasized: place == best, color: [1, 0, 2, 3][place])
            }))
      })
    page.table(
      Table(
        "\(DigitBatches.passes) epochs of \(grouped(DigitBatches.count)) digits",
        columns: ["batch", .init("steps", digits: 0), .init("test loss", digits: 3), .init("seconds", digits: 2)],
        rows: sizes.indices.map { place in
          [
            TableCell(name(place)), TableCell(DigitBatches.passes * DigitBatches.count / sizes[place].size),
            .measured(sizes[place].ends), TableCell(sizes[place].seconds),
          ]
        }))
    page.prose(
      """
      All digits at once give only \(DigitBatches.passes) steps, and in so few steps a net learns little at any rate. Very small batches give \
      many steps, but the machine then works on few numbers at a time: batches of \(name(0)) take \
      \(fixed(sizes[0].seconds / sizes[fast].seconds, 1)) times as long as batches of \(name(fast)).

      \(whole.seconds > 1.5 * sizes[fast].seconds ? "That all digits at once are slow again is a property of this library on two cores. Probably so many numbers do not fit into the cache, the processor’s small fast memory. On a graphics processor a large batch is usually not slower per sample: the samples per second grow with the batch and then stay level. " : "")\
      The price of a large batch is the number of steps, and memory. One usually takes sizes of 32 to 256: large enough to keep the machine \
      busy, small enough to leave many steps.
      """)
  }
}
