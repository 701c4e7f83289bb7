// The sections of chapter 9 about what a convolution costs.

import Foundation
import Workbook

extension SlidingWindow {
  /// Parameters and multiply-adds of LeNet-5.
  static func addCost(to page: inout Page) {
    page.prose(
      """
      ## What it costs

      Two numbers describe the cost of a layer. *Parameters* are stored and learned; *multiply-adds* are computed, for \
      every image. In a dense layer the two are the same but for the biases. A convolution uses each of its weights at every position, so it \
      has few parameters and many multiply-adds: $M \\cdot (C \\cdot k^2 + 1)$ of the first, $M \\cdot C \\cdot k^2 \\cdot \
      H' W'$ of the second, from $C$ channels to $M$.
      """)
    let lenet = lenetCounts()
    page.table(
      Table(
        "LeNet-5, counted; in brackets the names of the paper",
        columns: ["layer", "calculation", "output", "parameters", "multiply-adds"],
        rows: lenet.map {
          [
            TableCell($0.name), TableCell($0.arithmetic), TableCell("\($0.output)"), TableCell($0.parameters),
            TableCell($0.multiplyAdds),
          ]
        } + [
          [
            "**total**", "", "", TableCell(lenet.reduce(0) { $0 + $1.parameters }),
            TableCell(lenet.reduce(0) { $0 + $1.multiplyAdds }),
          ]
        ]))
    let weighted = lenet.count { $0.parameters > 0 }
    page.sideNote(
      """
      S1 says that LeNet-5 has its name from these \(weighted) layers with weights. The series LeNet-1, LeNet-4, LeNet-5 \
      suggests a version number. The paper counts seven layers, without \
      the input: in 1998 the poolings had a weight and a bias for each map, here they have none.
      """)
    let connections = ConnectionTable.lenet5
    let fanIns = connections.inputsOfFilter.map(\.count)
    let fanInCounts = Set(fanIns).sorted().map { fanIn in
      let filters = fanIns.count { $0 == fanIn }
      return
        "\(filters) \(filters == 1 ? "sees" : "see") \(fanIn == connections.inputs ? "all \(fanIn)" : "\(fanIn)") maps"
    }
    let fanInTitle =
      "Of the \(connections.outputs) filters of conv2, \(fanInCounts.joined(separator: ", "))"
    page.fold("The table of 1998") { page in
      page.prose(
        """
        In 1998 conv2 (there C3) was cheaper still. Of the \(connections.inputs * connections.outputs) pairs of an incoming map and a \
        filter only \(connections.connectionCount) were connected, by a hand-made table: \
        $\(connections.connectionCount) \\cdot 25 + \(connections.outputs) = \(grouped(tableParameters))$ parameters in place \
        of \(grouped(lenet[2].parameters)). The paper's main reason is to break the symmetry: filters that see different \
        maps are forced to learn different features. The other is to keep the number of connections within bounds.
        """)
      page.figure(
        Figure(
          fanInTitle,
          .heatMap(
            HeatMap(
              (0..<connections.inputs).map { map in
                connections.inputsOfFilter.map { $0.contains(map) ? 1.0 : 0.0 }
              }, rows: (0..<connections.inputs).map { "\($0)" }, columns: (0..<connections.outputs).map { "\($0)" },
              xLabel: "filter of conv2", yLabel: "map of pool1", showsNumbers: true, valueRange: 0...1)),
          caption: "1: the filter sees the map, 0: it does not. The connection table of LeCun et al. 1998, table I.",
          name: "connection-table"))
    }
  }

  /// Where AlexNet has its weights and its work.
  static func addAlexNet(to page: inout Page, _ findings: Findings) {
    let alexNet = findings.alexNet
    let largestLayer = alexNet.rows.max { $0.parameters < $1.parameters }
    let largestName = largestLayer?.name ?? ""
    page.predict(
      "AlexNet has five convolutions and three dense layers. Which layer holds the most parameters?",
      choices: [
        "conv1, with its 11×11 kernels", "conv3, in the middle", "fc6, the first dense layer", "fc8, 1000 classes",
      ],
      answer: ["conv1": 0, "conv3": 1, "fc6": 2, "fc8": 3][largestName] ?? 2,
      """
      \(largestName) has \(grouped(largestLayer?.parameters ?? 0)) of \
      \(grouped(alexNet.rows.reduce(0) { $0 + $1.parameters })). The dense layers hold \
      \(percent(alexNet.denseParameters)) of the parameters; the convolutions do \(percent(alexNet.convolutionWork)) of the \
      work.
      """)
    let (allParameters, allWork) = (
      Double(alexNet.rows.reduce(0) { $0 + $1.parameters }), Double(alexNet.rows.reduce(0) { $0 + $1.multiplyAdds })
    )
    page.project("Where are AlexNet's 62 million parameters?")
    page.figure(
      Figure(
        alexNet.denseParameters > 0.5 && alexNet.convolutionWork > 0.5
          ? "The parameters are in the dense layers, the work in the convolutions"
          : "Parameters and work lie in the same layers",
        .bars(
          BarChart(
            categories: alexNet.rows.map(\.name), y: Axis("share (%)"),
            [
              .init("parameters", alexNet.rows.map { 100 * Double($0.parameters) / allParameters }, color: 1),
              .init("multiply-adds", alexNet.rows.map { 100 * Double($0.multiplyAdds) / allWork }, color: 0),
            ])),
        caption:
          "AlexNet on 227×227 pixels. The *parameters* are in the dense layers, not the memory: in training the maps are kept as well, \(grouped(alexNet.rows.first.map { $0.output.reduce(1, *) } ?? 0)) numbers for each image after conv1 alone.",
        name: "alexnet-shares", isWide: true))
    page.project("Parameters in the dense layers, work in the convolutions")
  }

  /// A convolution taken apart: depthwise and 1×1, counted and tried.
  static func addTakenApart(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let shape: Shape = [64, 28, 28]
    func cost(_ layers: [any Layer], _ input: Shape) -> (parameters: Int, work: Int) {
      let rows = table(of: Sequential(layers), input: input)
      return (rows.reduce(0) { $0 + $1.parameters }, rows.reduce(0) { $0 + $1.multiplyAdds })
    }
    let depthwise = Conv2D(64, 64, kernel: 3, padding: 1, groups: 64)
    let mixing = Conv2D(64, 128, kernel: 1)
    let rows: [(String, String, (parameters: Int, work: Int))] = [
      ("3×3", "128 · (64 · 9 + 1)", cost([Conv2D(64, 128, kernel: 3, padding: 1)], shape)),
      ("3×3 in 2 groups", "128 · (32 · 9 + 1)", cost([Conv2D(64, 128, kernel: 3, padding: 1, groups: 2)], shape)),
      ("depthwise 3×3", "64 · (1 · 9 + 1)", cost([depthwise], shape)),
      ("1×1", "128 · (64 · 1 + 1)", cost([mixing], shape)),
      ("depthwise 3×3, then 1×1", "the two together", cost([depthwise, mixing], shape)),
    ]
    let (whole, apart) = (rows[0].2, rows[4].2)
    page.prose(
      """
      ### Depthwise and 1×1: a convolution taken apart

      A convolution does two things at once: it looks around, and it mixes the channels. They can be had one after the other. A \
      *depthwise* convolution looks around: each filter sees one channel alone, $C \\cdot k^2$ weights. A *1×1* convolution mixes: a \
      dense layer over the channels of one pixel, the same for every pixel, $C \\cdot M$ weights. (Between the whole and the depthwise \
      lie *groups*: in $G$ groups a filter sees $C/G$ channels.) From 64 channels to 128 on maps of 28×28:
      """)
    page.table(
      Table(
        "From 64 channels to 128 on 28×28 pixels, counted with the biases",
        columns: ["layer", "calculation", "parameters", "multiply-adds"],
        rows: rows.map { [TableCell($0.0), TableCell($0.1), TableCell($0.2.parameters), TableCell($0.2.work)] }))
    page.project(
      "Depthwise, then 1×1: an eighth of the weights", notes: "Count the rows together before showing the last.")
    let bottleneck = cost(
      [Conv2D(256, 64, kernel: 1), Conv2D(64, 64, kernel: 3, padding: 1), Conv2D(64, 256, kernel: 1)], [256, 28, 28])
    let wide = cost([Conv2D(256, 256, kernel: 3, padding: 1)], [256, 28, 28])
    let exchange = (recorded ?? findings).exchanges.dropFirst(5).first
    let small = (
      cost([Conv2D(6, 16, kernel: 5)], [6, 14, 14]),
      cost([Conv2D(6, 6, kernel: 5, groups: 6), Conv2D(6, 16, kernel: 1)], [6, 14, 14])
    )
    let tried = exchange.map { exchange -> String in
      let gain = exchange.gain.gain
      return
        "\n\nWhat does it cost in errors? LeNet's conv2 taken apart that way has \(grouped(small.1.parameters)) parameters in place of \(grouped(small.0.parameters)), and \(grouped(small.1.work)) multiply-adds in place of \(grouped(small.0.work)). On \(grouped((recorded ?? findings).trainingCount)) digits (recorded run, \(counted(gain.count, "seed"))) the error goes from \(exchange.from.formatted(decimals: 2)) to \(exchange.to.formatted(decimals: 2)) %: "
        + gain.worded(
          above: "\(fixed(gain.mean, 2)) points fewer\(gain.magnitude.intervalNote(2)).",
          below:
            "\(fixed(-gain.mean, 2)) points more\(gain.magnitude.intervalNote(2)). A depthwise filter cannot combine maps while it looks.",
          withinChance: "no difference beyond chance (\(gain.interval(2)) points saved).")
    }
    page.prose(
      """
      That is \(fixed(Double(whole.work) / Double(apart.work), 1)) times less work: the share is \
      $(k^2 C + C M)/(k^2 C M) = 1/M + 1/k^2$, for 3×3 kernels and many channels a ninth. MobileNet is built of it (Howard et al. \
      2017). A 1×1 also narrows a stack before an expensive layer: ResNet (chapter 11) goes from 256 channels to 64 by a 1×1, looks \
      around with a 3×3, and goes back to 256 by a 1×1, with \(grouped(bottleneck.parameters)) parameters in place of the \
      \(grouped(wide.parameters)) of one 3×3 on 256 channels.\(tried ?? "")
      """)
  }

  /// im2col, and three ways to the same sums.
  static func addMatrixProduct(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## One matrix product

      Processors and their libraries are made to multiply matrices. A convolution can be made into one. Copy the \
      $C k^2$ pixels under each window into a column (*im2col*: image to columns); write the filters as rows; then

      $$Y = W \\cdot \\mathrm{im2col}(x), \\qquad [M, C k^2] \\cdot [C k^2, H' W'] = [M, H' W']$$
      """)
    page.code("columns", in: "Counting.swift")
    let little = columns(of: [[1, 2, 3], [4, 5, 6], [7, 8, 9]], kernel: 2)
    page.table(
      Table(
        "The image 1 2 3 / 4 5 6 / 7 8 9 under a 2×2 window: four columns, one for each output pixel",
        columns: ["weight", "(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"],
        rows: little.enumerated().map { row, numbers in
          [TableCell("w[\(row / 2), \(row % 2)]")] + numbers.map { TableCell(Int($0)) }
        }))
    page.prose(
      """
      The price is memory: with stride 1 each pixel is copied up to $k^2$ times. On large layers, with a library's product, that is \
      worth it. On small ones few filters use each copied pixel, and the copying dominates. The workbook's own routine (*shifts*) \
      does the same sum without copies: for each of the $k^2$ weights it adds $w$ times the whole image, moved by $(u, v)$, to \
      the whole output, in long runs of neighbouring numbers, which a processor handles several at a time. \
      \(im2colWords(findings.timings))
      """)
    page.table(
      Table(
        "Times in milliseconds, measured in this run\(findings.threads > 1 ? "; the loops and the copying on one thread, the product after im2col and the shifts on \(findings.threads)" : ", on one thread")",
        columns: [
          "convolution", "multiply-adds", .init("loops of the formula", digits: 2), .init("im2col", digits: 2),
          .init("shifts", digits: 3),
        ],
        rows: findings.timings.map {
          [
            TableCell($0.name), TableCell($0.multiplyAdds), TableCell($0.naive),
            TableCell($0.im2col), TableCell($0.fast),
          ]
        }))
    page.fold("Why the loops of the formula are so slow") {
      $0.prose(
        """
        \(loopWords(findings.timings)) The shifts check nothing in their inner loops, since a border of zeros is laid around the \
        image beforehand, and handle several numbers at once\(findings.threads > 1 ? ", on \(findings.threads) threads" : "").
        """)
    }
    let disagreement = findings.timings.map(\.disagreement).max() ?? 0
    page.sideNote(
      "The three agree to within \(short(disagreement)) of the largest output: the order of the additions differs, and Float rounds."
    )
  }

  /// How much slower im2col is than the shifts, and why.
  private static func im2colWords(_ timings: [TimedResult]) -> String {
    let ratios = timings.map { $0.im2col / $0.fast }
    guard let least = ratios.min(), let most = ratios.max(), least > 1.2 else { return "" }
    return """
      On the small layers below, with the workbook's own product, im2col takes \(fixed(least, 0)) to \(fixed(most, 0)) times as long.
      """
  }

  /// What the time of the plain loops is spent on.
  private static func loopWords(_ timings: [TimedResult]) -> String {
    let each = timings.map { 1e6 * $0.naive / Double(max(1, $0.multiplyAdds)) }.max() ?? 0
    return """
      The loops of the formula take up to \(fixed(each, 0)) nanoseconds for each product and sum. That is no measure of how good \
      the shifts are: these loops are written to be read, and each product fetches both factors through the tensor, with \
      its checks, and asks anew whether the pixel lies in the image. A loop over bare memory in C needs a nanosecond or two.
      """
  }

  /// The gradients.
  static func addWayBack(to page: inout Page) {
    page.prose(
      """
      ## The way back

      Every output is a sum of products $w \\cdot x$. So by the chain rule, with $g = \\partial L / \\partial y$, each \
      weight collects $g$ times the pixels that lay under it, and each pixel $g$ times the weights that lay on it.
      """)
    page.figure(wayBackFigure)
    page.project(
      "Backwards, every output paints its kernel on the image",
      notes: "g is the gradient of the output, a to d the kernel. Let them paint the lower row with g = 1.")
    let (image, upstream) = ([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], [[1.0, 1], [0, 0]])
    let weights = correlate(image, with: upstream)
    page.prose(
      """
      Learning needs the gradient of the weights. The same $g$, and let the image be 1 2 3 / 4 5 6 / 7 8 9. The first output read \
      1 2 / 4 5 under $a$ $b$ / $c$ $d$, the second 2 3 / 5 6; both have $g = 1$, the other two 0. So each weight adds up what lay under it:

      ```text
      \(sideBySide([("first output read", [[1, 2], [4, 5]]), ("second output read", [[2, 3], [5, 6]]), ("gradient of the kernel", weights)]))
      ```

      $\\partial L/\\partial a = 1 \\cdot 1 + 1 \\cdot 2 = \(short(weights[0][0]))$, and so on. That is again a convolution: $g$, slid over the image like a kernel.

      For the pixels the same comes out when the kernel turned by 180°, `d c / b a`, slides over $g$ with a border of $k - 1$ zeros (at stride 1).

      In code there is nothing to derive: the same loops as forward, and in place of `y += w * x` the two lines \
      `dw += g * x` and `dx += g * w`.
      """)
    page.fold("The three gradients with their indices") { page in
      page.prose(
        """
        $$\\frac{\\partial L}{\\partial b_m} = \\sum_{n,i,j} g_{n,m,i,j}$$

        $$\\frac{\\partial L}{\\partial w_{m,c,u,v}} = \\sum_{n,i,j} g_{n,m,i,j} \\cdot x_{n,c,\\,s \\cdot i+u-p,\\,s \\cdot j+v-p}$$

        $$\\frac{\\partial L}{\\partial x_{n,c,a,d}} = \\sum_{m,u,v} w_{m,c,u,v} \\cdot g_{n,m,i,j}$$

        In the last one $(i, j)$ is the output for which the weight $(u, v)$ lay on the pixel $(a, d)$: $s \\cdot i + u - p = a$ and \
        $s \\cdot j + v - p = d$. Where there is no such output, the term is missing.
        """)
    }
  }
}
