// The section of chapter 9 about how far a unit sees.

import Foundation
import Workbook

extension SlidingWindow {
  /// The receptive field by arithmetic.
  static func addReceptiveField(to page: inout Page) {
    page.prose(
      """
      ## How far a unit sees

      A unit of the second layer sees a few units of the first, and each of those sees a few pixels. A window of $k$ adds $k - 1$ \
      steps to the view; dilated by $d$ it adds $d(k - 1)$, with no more weights. The length of a step is the product of all strides before it:

      $$r_l = r_{l-1} + (k - 1) \\cdot j_{l-1}, \\qquad j_l = j_{l-1} \\cdot s, \\qquad r_0 = j_0 = 1$$

      Here $r$ is the *receptive field*, the number of pixels that a unit sees along one side, and $j$ is the *jump*, the distance \
      between the fields of two neighbouring units.
      """)
    page.figure(fieldFigure)
    let stacks = [2, 3].map { stackedWeights(count: $0, channels: 1) }
    page.prose(
      """
      In LeNet \(fieldWords) pixels along one side. The jump doubles at each pooling.

      **Stacks of 3×3 see far with few weights.** Two of them see \(stacks[0].side)×\(stacks[0].side) pixels, three \
      \(stacks[1].side)×\(stacks[1].side). With $C$ channels in and out, two have $\(stacks[0].stacked) C^2$ weights, one 5×5 has \
      $\(stacks[0].single) C^2$; three have $\(stacks[1].stacked) C^2$, one 7×7 has $\(stacks[1].single) C^2$. The stack also has a \
      ReLU between its layers. VGG (Simonyan and Zisserman 2015, chapter 11) is built of such stacks.

      ### How much of its field a unit uses

      The arithmetic says how far a unit *can* see. How far does it really look? Send a 1 back from the middle unit of the last \
      layer, and observe which pixels receive a gradient:

      ```python
      x.requires_grad_()
      net(x)[0, 0, middle, middle].backward()
      footprint = x.grad[0, 0] ** 2        # the mean of many random nets
      ```

      The part that really counts is the *effective receptive field* (Luo et al. 2016). We call the squared gradient the \
      *footprint* of the unit.
      """)
  }

  /// The recursion with LeNet's numbers: `conv1 $1 + 4 \cdot 1 = 5$, …`.
  private static var fieldWords: String {
    let windows = [
      ("conv1", Window(kernel: 5)), ("pool1", Window(kernel: 2, stride: 2)), ("conv2", Window(kernel: 5)),
      ("pool2", Window(kernel: 2, stride: 2)),
    ]
    var field = ReceptiveField.pixel
    return windows.map { name, window in
      let before = field
      field = field.through(window)
      return
        "\(name) sees $\(before.size.height) + \(window.kernel.height - 1) \\cdot \(before.jump.height) = \(field.size.height)$"
    }.joined(separator: ", ")
  }

  /// The footprint: how far a unit looks.
  static func addFootprints(to page: inout Page, _ findings: Findings, trained: TrainedFootprint?) {
    let reach = findings.reach
    let (footprints, depths, ten) = (reach.footprints, reach.depths, reach.ten)
    let footprintShares = [0.95, 0.6, 0.3, 0.1]
    page.predict(
      """
      After ten 3×3 convolutions with random weights a unit sees \(field(ofStack: 10))×\(field(ofStack: 10)) pixels, its \
      receptive field. The gradient of a pixel says how much this pixel changes the unit. What share of the pixels holds 95 % of \
      the squared gradient?
      """,
      choices: footprintShares.map { "about \(percent($0))" },
      answer: footprintShares.indices.min {
        abs(footprintShares[$0] - ten.usedShare) < abs(footprintShares[$1] - ten.usedShare)
      } ?? 0,
      """
      The share is \(percent(ten.usedShare)). A pixel in the middle reaches the unit by very many routes across the image, a pixel \
      in the corner by only one. So the gradient has the shape of a bell.
      """)
    page.project("What share of the pixels it sees does a unit use?")
    let exponent = reach.exponent
    let isShrinking = zip(footprints, footprints.dropFirst()).allSatisfy { $0.usedShare > $1.usedShare }
    let supportsFit = reach.fitting == footprints.count
    page.figure(
      Figure(
        isShrinking
          ? "Before training: the deeper the stack, the smaller the share of its field that is used, \(percent(ten.usedShare)) after ten layers"
          : "Before training, the share of the field that is used does not shrink steadily with the depth; after ten layers it is \(percent(ten.usedShare))",
        exploring: FigureParameter(
          "3×3 layers", values: depths.map(Double.init), initial: depths.firstIndex(of: 10) ?? 0),
        caption: """
          Root mean square of the gradient over \(reach.networks) random nets with \(Footprint.channels) channels and ReLUs, the largest \
          set to 1. The blob holds 95 % of the squared gradient. The square around it is seen, but hardly used, and drawn as 0; it has \(supportsFit ? "the side" : "not always the side") \
          that the arithmetic gives, $2L + 1$ for $L$ layers.
          """,
        name: "footprint",
        titles: { depth in
          let footprint = footprints[depths.firstIndex(of: Int(depth)) ?? 0]
          let side = "\(footprint.support)×\(footprint.support)"
          return
            "After \(counted(Int(depth), "layer")) a unit sees \(side) pixels; \(percent(footprint.usedShare)) of them hold 95 % of its squared gradient, with random weights"
        }
      ) { depth in
        let footprint = footprints[depths.firstIndex(of: Int(depth)) ?? 0]
        return .heatMap(
          HeatMap(footprint.picture, xLabel: "column of the image", yLabel: "row", valueRange: 0...1))
      })
    page.project(
      "A unit looks mostly at the middle", notes: "Slide from one layer to twelve: field and footprint part.")
    page.figure(
      Figure(
        exponent < 0.75
          ? "Before training, the field grows with the depth, the footprint \(abs(exponent - 0.5) < 0.08 ? "only with its root" : "more slowly") (exponent \(fixed(exponent, 2)))"
          : "The footprint grows nearly as fast as the field (exponent \(fixed(exponent, 2))) before training",
        .lines(
          LineChart(
            x: Axis("3×3 layers", log: true, ticks: depths.map { (Double($0), "\($0)") }),
            y: Axis("pixels", log: true, ticks: [1, 2, 3, 5, 10, 20, 30].map { (Double($0), "\($0)") }),
            [
              Series(
                "receptive field", x: depths.map(Double.init), y: footprints.map { Double($0.support) }, color: 7),
              Series(
                "2 σ of the footprint", x: depths.map(Double.init), y: footprints.map(\.width),
                isEmphasized: true, color: 0),
            ])),
        caption: """
          σ is the standard deviation of the footprint along one axis. On logarithmic axes a power law is a straight line, and its \
          slope is the exponent (fitted from \(depths[1]) layers on).
          """,
        name: "footprint-growth"))
    page.prose(
      """
      **Why the root?** The gradient of a pixel is a sum over all paths from the unit to the pixel, and each path is a product of \
      weights. The weights are independent and have mean 0. So if we square the sum and average over many nets, the products of \
      two different paths average to 0, and only the squares remain: each 3×3 layer spreads the mean squared gradient evenly over \
      nine pixels. Along one axis this is a random step of −1, 0 or 1 pixels, with the variance ⅔. \
      The variances of $L$ steps add up, so $2\\sigma = 2\\sqrt{2L/3}$. For ten layers this gives \
      \(fixed(2 * (20.0 / 3).squareRoot(), 1)) pixels; we measure \(fixed(ten.width, 1)). All this holds for random weights; Luo \
      et al. (2016) report that the footprint grows in training.\(trained?.words ?? "")
      """)
  }
}

extension TrainedFootprint {
  /// What training does to the share of its pixels that a unit uses.
  var words: String {
    (after - before).worded(
      above: " In LeNet's conv2 we see this too:", below: " In LeNet's conv2 we do not see this:",
      withinChance: " In LeNet's conv2 we see no change beyond chance:")
        + """
         95 % lie on \(fixed(before.mean, 0)) % of its \(Self.side)×\(Self.side) pixels before and on \
        \(fixed(after.mean, 0)) % after training.
        """
  }
}
