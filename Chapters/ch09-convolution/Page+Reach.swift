// The section of chapter 9 about how far a unit sees.

import Foundation
import Workbook

extension SlidingWindow {
  /// The receptive field by arithmetic.
  static func addReceptiveField(to page: inout Page) {
    page.prose(
      """
      ## How far a unit sees

      A unit of the second layer sees a few units of the first layer, and each of those sees a few pixels. A window of $k$ adds \
      $k - 1$ steps to the view. The length of a step is the product of all strides before it:

      $$r_l = r_{l-1} + (k - 1) \\cdot j_{l-1}, \\qquad j_l = j_{l-1} \\cdot s, \\qquad r_0 = j_0 = 1$$

      Here $r$ is the *receptive field*, the number of pixels that a unit sees along one side, and $j$ is the *jump*, the distance \
      between the fields of two neighbouring units.
      """)
    page.figure(fieldFigure)
    page.project("Two layers up, one unit sees six pixels", notes: "Five pixels each, moved by one: six together.")
    page.table(fieldTable)
    page.fold("The same in code") { page in
      page.prose(
        """
        The code keeps a third number, the `corner`: the first pixel of the first unit's field. A border of $p$ zeros moves it \
        outwards by $p \\cdot j$, so it can be negative.
        """)
      page.code("through", in: "Sources/NeuralNetworks/ReceptiveField.swift")
    }
    let channelsOfStack = 256
    let stacks = [2, 3].map { stackedWeights(count: $0, channels: channelsOfStack) }
    page.prose(
      """
      So two 3×3 convolutions see \(field(ofStack: 2))×\(field(ofStack: 2)) pixels, three \
      \(field(ofStack: 3))×\(field(ofStack: 3)). With $C$ channels in and out, three of them have $3 \\cdot 9 C^2 = 27 C^2$ \
      weights; one 7×7 convolution that sees as much has $49 C^2$. With $C = \(channelsOfStack)$ these are \
      \(grouped(stacks[1].stacked)) and \(grouped(stacks[1].single)) weights. Two 3×3 convolutions have \
      \(grouped(stacks[0].stacked)) weights, one 5×5 has \(grouped(stacks[0].single)). The stack also has a ReLU between its \
      layers. VGG (Simonyan and Zisserman 2015, chapter 11) is built of such stacks.

      This arithmetic says how far a unit *can* see. How far does it really look? The gradient answers: send a 1 back from the \
      middle unit of the last layer, and observe which pixels receive a gradient. The part that really counts is called the \
      *effective receptive field* (Luo et al. 2016). In the figures below we call the squared gradient the *footprint* of the unit \
      for short.
      """)
    page.fold("The gradient of one unit, in code") { page in
      page.prose("The code builds a random stack, sets one output gradient in the middle to 1, and sends it back.")
      page.code("footprint", in: "Footprint.swift")
    }
  }

  /// The recursion with LeNet's numbers.
  private static var fieldTable: Table {
    let windows = [
      ("conv1", Window(kernel: 5)), ("pool1", Window(kernel: 2, stride: 2)), ("conv2", Window(kernel: 5)),
      ("pool2", Window(kernel: 2, stride: 2)),
    ]
    var field = ReceptiveField.pixel
    let rows = windows.map { name, window -> [TableCell] in
      let before = field
      field = field.through(window)
      let (k, s) = (window.kernel.height, window.stride.height)
      return [
        TableCell(name), TableCell("\(window.kernel), stride \(s)"),
        TableCell("\(before.size.height) + \(k - 1) · \(before.jump.height) = \(field.size.height)"),
        TableCell("\(before.jump.height) · \(s) = \(field.jump.height)"),
      ]
    }
    return Table(
      "The receptive fields in LeNet",
      columns: ["layer", "window", "field r", "jump j"], rows: rows)
  }

  /// The footprint: how far a unit looks.
  static func addFootprints(to page: inout Page, _ findings: Findings) {
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
          Root mean square of the gradient at each pixel over \(reach.networks) random nets of 8 channels with ReLU, the largest \
          set to 1. The coloured blob holds 95 % of the squared gradient. The dark square around it is seen, but hardly used: its \
          gradients are smaller than those of the blob, but not 0. It has \(supportsFit ? "the side" : "not always the side") \
          that the arithmetic gives, $2L + 1$ for $L$ layers. Grey pixels are not seen.
          """,
        name: "footprint",
        titles: { depth in
          let footprint = footprints[depths.firstIndex(of: Int(depth)) ?? 0]
          let side = "\(footprint.support)×\(footprint.support)"
          return
            "After \(counted(Int(depth), "layer")) a unit sees \(side) pixels; \(percent(footprint.usedShare)) of them, the colours from \(fixed(footprint.usedLimit, 2)) to 1, hold 95 % of its squared gradient"
        }
      ) { depth in
        let footprint = footprints[depths.firstIndex(of: Int(depth)) ?? 0]
        let peak = footprint.mass.joined().max() ?? 1
        return .heatMap(
          HeatMap(
            footprint.mass.map { $0.map { $0 > 0 ? ($0 / peak).squareRoot() : .nan } },
            xLabel: "column of the image", yLabel: "row",
            valueRange: footprint.usedLimit...1))
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
          σ is the standard deviation of the footprint (the effective receptive field) along one axis. The weights are random; nothing is \
          trained. Both axes are logarithmic, so a power law is a straight line and its slope is the exponent (fitted from \
          \(depths[1]) layers on): \(fixed(exponent, 2)) for the footprint, \(fixed(reach.fieldExponent, 2)) for the field. The \
          field is $2L + 1$; its exponent is less than 1 because of the added 1.
          """,
        name: "footprint-growth"))
    page.prose(
      """
      Why the root? The gradient of a pixel is a sum over all paths from the unit to the pixel, and each path is a product of \
      weights, and of a 0 or 1 at every ReLU. The zeros thin all paths alike on average, so they do not change the shape. The \
      weights are independent and have mean 0. If we square the sum and average over many random nets, the products of \
      two different paths average to 0, and only the squares remain. So each 3×3 layer spreads the mean squared gradient of a pixel \
      evenly over its nine neighbours. Along one axis this is a random step of −1, 0 or 1 pixels, each equally likely. Such a step \
      has the variance ⅔. The steps of different layers are independent, so their variances add up, and after $L$ layers $\\sigma = \\sqrt{2L/3}$ and $2\\sigma = 2\\sqrt{2L/3}$. For \
      ten layers this gives \(fixed(2 * (20.0 / 3).squareRoot(), 1)) pixels; we measure \(fixed(ten.width, 1)). All this holds \
      for random weights. Luo et al. (2016) report that the footprint grows when a net is trained; this is not measured here.
      """)
  }
}
