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
    page.fold("Other kernels, and what they cost") { page in
      page.table(
        Table(
          "Weights of a layer from C channels to C, and where it is used",
          columns: ["kernel", "weights", "what it does", "used in"],
          rows: [
            ["3×3", "9 C²", "sees 3×3 pixels of all channels", "VGG"],
            ["1×1", "C²", "mixes the channels of one pixel", "GoogLeNet, ResNet (chapter 11)"],
            ["3×3, dilated by 2", "9 C²", "skips every second pixel, and so sees 5×5", "segmentation"],
            ["3×3, depthwise", "9 C", "one slice for each channel, none mixed", "MobileNet, with a 1×1 after it"],
            ["2×2, transposed, stride 2", "4 C²", "the way back of a convolution: makes the map larger", "U-Net"],
          ]))
    }
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
          "AlexNet on 227×227 pixels, with all channels in one tower; the paper divided them among two processors.",
        name: "alexnet-shares", isWide: true))
    page.project("Parameters in the dense layers, work in the convolutions")
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
      worth it. On small ones few filters use each copied pixel, and the copying dominates. The workbook's own kernel (*shifts*) \
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
    page.prose(
      """
      The matrix of *The same weights everywhere* says the same: turned over (transposed), it leads back. And the same comes \
      out when the kernel turned by 180°, `d c / b a`, slides over $g$ with a border of $k - 1$ zeros (at stride 1).

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
