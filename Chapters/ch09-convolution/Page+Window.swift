// The sections of chapter 9 about the window and its positions.

import Foundation
import Workbook

extension SlidingWindow {
  /// The question; correlation.
  static func addWindow(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## The question

      A dense layer looks at all pixels at once and has a weight for each of them. A convolution looks through a small \
      window and uses the same few weights everywhere. That is a severe restriction. What does it buy, what does it cost, \
      and what goes into each layer, what comes out? Many beginners get stuck on the shapes.

      ## Part 1: what a convolution computes

      The sum, its shape, a whole net's shapes, the way back: enough to build LeNet (chapter 10).

      ## Sliding a window

      Lay a kernel $w$ of $k \\times k$ numbers on the image $x$, multiply each weight by the pixel under it, add \
      up, write the sum down; then move on by one pixel:
      """)
    page.slide(
      "Nine weights for a whole image: can that be enough?",
      "A dense layer has a weight for every pixel. A convolution uses the same nine everywhere.",
      notes: "Many beginners get stuck on the shapes: ask who did.")
    page.math("y_{ij} = b + \\sum_{u=0}^{k-1} \\sum_{v=0}^{k-1} w_{uv} \\cdot x_{i+u,\\, j+v}")
    let digit = Slide.small(findings.example)
    let sums = correlate(digit, with: Slide.kernel)
    let positions = Slide.positions(sums)
    func place(_ value: Double) -> (row: Int, column: Int) { positions[min(positions.count, max(1, Int(value))) - 1] }
    let strongest =
      positions.indices.max {
        sums[positions[$0].row][positions[$0].column] < sums[positions[$1].row][positions[$1].column]
      } ?? 0
    page.figure(
      Figure(
        "Nine products, one sum: the window writes one pixel of the output, then moves on",
        exploring: FigureParameter(
          "window position", values: positions.indices.map { Double($0 + 1) }, initial: strongest),
        caption: """
          The first test image (\(findings.data)) on 14×14 pixels, white is 1, and Sobel's kernel \
          \(Slide.kernel.map { $0.map { short($0) }.joined(separator: " ") }.joined(separator: " / ")), which answers where it \
          becomes brighter from left to right. Colours are signs: orange above 0 (left edges), blue below (right ones). The \
          window goes along one row; at the last position the output is whole.
          """,
        name: "sliding-window", isWide: true,
        titles: { value in
          let (row, column) = place(value)
          return "Output row \(row + 1), column \(column + 1): \(Slide.sum(digit, row, column))"
        }
      ) { value in .window(WindowPicture(image: digit, kernel: Slide.kernel, position: place(value))) })
    page.project(
      "One output: nine products, added",
      notes: "Move the window. Where is the answer largest, where negative, where 0?")
    page.live(
      "window", "Drag the window, flip a pixel, type a kernel",
      caption: """
        Press a pixel to flip it, pull the window, or move it with the arrow keys; type into the kernel. What does a stride \
        of 2 do to the output? At stride 1, what padding makes it as large as the image of 7×7? What does the blurring kernel make of a single pixel?
        """,
      figure: "sliding-window",
      settings: [
        "side": 3, "stride": 1, "padding": 0, "dilation": 1, "row": 1, "column": 1, "kernel": 0, "speed": 3,
      ])
    page.code("correlate", in: "Correlation.swift")

    let example = findings.example
    var views = ImageGrid(
      columns: 5,
      [picture(example, "the image")]
        + handmade.map { picture(correlate(example, with: $0.kernel, padding: 1), $0.name) }, isSigned: true)
    views.signedLimit = 2
    page.figure(
      Figure(
        "Four kernels of nine numbers, four views of one digit", .images(views),
        caption: """
          The first test image (\(findings.data)). One scale for all: 0 has no colour, what is above it is orange, what is \
          below it blue; from \(short(2)) on either side on all is equally dark.
          """,
        name: "handmade-kernels"))
    page.prose(
      """
      ```text
      \(sideBySide(handmade.map { $0.name == "blur" ? ("blur, times 16", $0.kernel.map { $0.map { 16 * $0 } }) : $0 }))
      ```
      """)
    let (row, column) = positions[strongest]
    let turned = correlate(digit, with: flipped(Slide.kernel))
    page.callout(
      .note,
      """
      Mathematicians call this *correlation*; their convolution turns the kernel by 180° first. Where this kernel gives \
      \(short(sums[row][column], digits: 2)), the turned one gives \(short(turned[row][column], digits: 2)). A network learns \
      its kernels, so it does not matter which of the two it uses, as long as forward and backward agree. Here, as in \
      PyTorch and most others, it is correlation.
      """)
    page.prose(
      """
      A colour image has three channels: red, green, blue. A *filter* is a stack of kernels, one for each channel. Each kernel \
      slides over its own channel, the results are added up pixel by pixel, and one map comes out. A layer has many filters \
      and makes as many maps; these are the channels of the next layer. So 16 filters of 5×5 on 6 channels are \
      16 · 6 · 25 = \(grouped(16 * 6 * 25)) weights.
      """)
    func filter(_ value: Double) -> ChannelSum { ChannelSum(filter: Int(value) - 1) }
    page.figure(
      Figure(
        "One filter, a kernel for each channel: what they make is added up to one map",
        exploring: FigureParameter("filter", values: ChannelSum.filters.indices.map { Double($0 + 1) }),
        caption: "Two channels of 3×3, filters of two 2×2 kernels. Shaded: what makes the pixel at the top left.",
        name: "channels",
        titles: { "Filter \(Int($0)): what its two kernels make is added up to map \(Int($0))" },
        captions: { value in
          """
          Map \(Int(value)), top left (shaded): \(filter(value).firstPixel). Each kernel slides over its own channel; the two \
          parts are added pixel by pixel.
          """
        }
      ) { value in .diagram(filter(value).diagram) })
    page.prose(
      """
      Each map has a bias of its own besides. The window may also move $s$ pixels at a time (the *stride*), and start in a border of $p$ \
      zeros around the image (the *padding*). For image $n$ of a batch, the layer as it is used:

      $$y_{n,m,i,j} = b_m + \\sum_{c,u,v} w_{m,c,u,v} \\cdot x_{n,c,\\,s \\cdot i+u-p,\\,s \\cdot j+v-p}$$
      """)
  }

  /// How many positions a window has.
  static func addSizes(to page: inout Page) {
    page.prose(
      """
      ## Output size

      How many positions does a window have? One at the start, and one more for every stride $s$ that still fits into what \
      is left, with a border of $p$ pixels on each side:

      $$H' = \\left\\lfloor \\frac{H + 2p - k}{s} \\right\\rfloor + 1$$
      """)
    page.figure(
      Figure(
        "Seven pixels, three weights: what stride, padding and dilation do to the output",
        exploring: FigureParameter("window", names: RowWindow.all.map(\.name), initial: 2),
        caption: """
          A row for each output, a column for each pixel (pad: a zero of the border). The number names the weight, first, second or \
          third, that lies on the pixel there; elsewhere there is none. *Valid* and *same* are what libraries call the first two.
          """,
        name: "row-windows", titles: { RowWindow.all[Int($0)].title }
      ) { RowWindow.all[Int($0)].plot })
    page.project("Stride 2: seven pixels become three outputs", notes: "Ask for the count before each other button.")
    page.prose(
      """
      *Dilated* by $d$, a kernel has its weights $d$ pixels apart, and covers $d(k - 1) + 1$ pixels: put that in place of $k$. A \
      *transposed* convolution runs the other way, from the small map to the large one: each pixel, times the kernel, is painted \
      onto the output, a stride apart, and what overlaps adds up. Its output has $(H - 1)s - 2p + k$ pixels.
      """)
    page.predict(
      """
      AlexNet's first layer: an image of 227×227 pixels, windows of 11×11, stride 4, no padding. How many positions does the \
      window have along one side?
      """,
      within: 0.001, answer: Double(outputSize(227, kernel: 11, stride: 4)),
      "$\\lfloor (227 - 11)/4 \\rfloor + 1 = 54 + 1$. With 96 filters that makes 96 maps of 55×55.")
    let sizeCases: [(story: String, size: Int, kernel: Int, stride: Int, padding: Int)] = [
      ("LeNet's conv1", 32, 5, 1, 0), ("the same size again: p = (k − 1)/2", 32, 5, 1, 2), ("pooling 2×2", 28, 2, 2, 0),
      ("AlexNet conv1 on 227", 227, 11, 4, 0), ("AlexNet conv1 on 224", 224, 11, 4, 0),
      ("overlapping pooling 3×3", 55, 3, 2, 0), ("a window larger than the image", 4, 5, 1, 0),
    ]
    page.fold("The formula on \(sizeCases.count) windows") { page in
      page.table(
        Table(
          "Windows along one axis",
          columns: ["case", "size", "kernel", "stride", "padding", "calculation", "positions"],
          rows: sizeCases.map { item in
            let room = item.size + 2 * item.padding - item.kernel
            let result = outputSize(item.size, kernel: item.kernel, stride: item.stride, padding: item.padding)
            return [
              TableCell(item.story), TableCell(item.size), TableCell(item.kernel), TableCell(item.stride),
              TableCell(item.padding),
              TableCell(room < 0 ? "\(short(Double(room))) < 0" : "⌊\(room)/\(item.stride)⌋ + 1"), TableCell(result),
            ]
          }))
    }
  }
}
