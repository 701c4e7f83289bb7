// The sections of chapter 9 about the window and its positions.

import Foundation
import Workbook

extension SlidingWindow {
  /// The question; correlation.
  static func addWindow(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    page.prose(
      """
      ## The question

      A dense layer has a weight for every pixel of the image. A convolution looks through a small window and uses the same few \
      weights everywhere. What does this restriction gain, and what does it cost?

      **It gains where neighbouring pixels belong together.** And beginners get stuck on one question first: which shape goes into each layer, and which comes out?\
      \(isRecorded ? "\n\nThe test errors come from the recorded run; the claims show today's smaller one as well." : "")
      """)
    page.sideNote(
      """
      Words from earlier chapters. The *rate* (learning rate) is the length of a training step; an *epoch* is one pass through \
      all training images (chapter 1). A *ReLU* replaces negative numbers by 0 (chapter 2). MNIST is a set of 70,000 \
      handwritten digits.
      """)
    page.prose(
      """
      ## Part 1: what a convolution computes

      ## Sliding a window

      Lay a kernel $w$ of $k \\times k$ numbers on the image $x$. Multiply each weight by the pixel under it, add the products \
      up (with a bias $b$), and write the sum down. Then move the kernel on by one pixel:
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
          The first test digit (\(findings.data)) at 14×14 pixels; white is 1. This kernel, Sobel's, finds left edges (orange, \
          above 0) and right edges (blue, below 0). Rows and columns are counted from 0, as in the formula.
          """,
        name: "sliding-window", isWide: true,
        titles: { value in
          let (row, column) = place(value)
          return "Output row \(row), column \(column): \(Slide.sum(digit, row, column))"
        }
      ) { value in .window(WindowPicture(image: digit, kernel: Slide.kernel, position: place(value))) })
    page.project(
      "One output: nine products, added",
      notes: "Move the window. Where is the answer largest, where negative, where 0?")
    page.prose(
      """
      In NumPy, for an image `x` and a kernel `w`:

      ```python
      def correlate(x, w):
          k = w.shape[0]
          y = np.zeros((x.shape[0] - k + 1, x.shape[1] - k + 1))
          for i in range(y.shape[0]):
              for j in range(y.shape[1]):
                  y[i, j] = (x[i:i+k, j:j+k] * w).sum()   # k·k products, one sum
          return y
      ```
      """)

    let example = findings.example
    var views = ImageGrid(
      columns: 5,
      [picture(example, "the image")]
        + handmade.map { picture(correlate(example, with: $0.kernel, padding: 1), $0.name) }, isSigned: true)
    views.signedLimit = 2
    page.figure(
      Figure(
        "Four kernels of nine numbers, four views of one digit", .images(views),
        caption: "All pictures share one scale: orange is above 0, blue below 0.",
        name: "handmade-kernels"))
    page.prose(
      """
      ```text
      \(sideBySide(handmade.map { $0.name == "blur" ? ("blur, times 9", $0.kernel.map { $0.map { (9 * $0).rounded() } }) : $0 }))
      ```
      """)
    page.callout(
      .note,
      """
      Mathematicians call this *correlation*; their convolution turns the kernel by 180° first. A net learns its kernels, so it \
      does not matter which of the two it uses. PyTorch and this workbook use correlation.
      """)
    page.prose(
      """
      A colour image has three channels: red, green, blue. A *filter* has a kernel for each channel; the results are added up \
      pixel by pixel, and one map comes out. A layer has many filters, and their maps are the channels of the next layer. So 16 \
      filters of 5×5 on 6 channels have 16 · 6 · 25 = \(grouped(16 * 6 * 25)) weights.
      """)
    func filter(_ value: Double) -> ChannelSum { ChannelSum(filter: Int(value) - 1) }
    page.figure(
      Figure(
        "One filter has a kernel for each channel; their results add up to one map",
        exploring: FigureParameter("filter", values: ChannelSum.filters.indices.map { Double($0 + 1) }),
        caption: "Two channels of 3×3 and filters of two 2×2 kernels.",
        name: "channels",
        titles: { "Filter \(Int($0)): the results of its two kernels add up to map \(Int($0))" },
        captions: { "The shaded pixel: \(filter($0).firstPixel)." }
      ) { value in .diagram(filter(value).diagram) })
    page.prose(
      """
      Each map also has its own bias. The window may move $s$ pixels at a time (the *stride*), and may start in a border of $p$ \
      zeros (the *padding*). For image $n$ of a batch, the complete layer computes:

      $$y_{n,m,i,j} = b_m + \\sum_{c,u,v} w_{m,c,u,v} \\cdot x_{n,c,\\,s \\cdot i+u-p,\\,s \\cdot j+v-p}$$

      For one image in NumPy, with `w` of $[M, C, k, k]$:

      ```python
      def conv2d(x, w, b, s=1, p=0):
          x, k = np.pad(x, ((0, 0), (p, p), (p, p))), w.shape[2]
          h, v = [(n - k) // s + 1 for n in x.shape[1:]]
          y = np.zeros((len(w), h, v))
          for m in range(len(w)):                # every filter
              for i in range(h):
                  for j in range(v):             # at every position
                      y[m, i, j] = (x[:, s*i:s*i+k, s*j:s*j+k] * w[m]).sum() + b[m]
          return y
      ```

      In PyTorch:

      ```python
      conv = nn.Conv2d(6, 16, kernel_size=5, stride=1, padding=0)
      conv.weight.shape   # [16, 6, 5, 5]: filter, channel, row, column
      conv.bias.shape     # [16]
      conv(x).shape       # x of [N, 6, 14, 14] gives [N, 16, 10, 10]
      ```
      """)
  }

  /// How many positions a window has.
  static func addSizes(to page: inout Page) {
    page.prose(
      """
      ## Output size

      How many positions does a window have? The padded image has $H + 2p$ pixels along one side. The window covers $k$ of them \
      at its first position, and has one more position for every stride $s$ that fits into the rest:

      $$H' = \\left\\lfloor \\frac{H + 2p - k}{s} \\right\\rfloor + 1$$
      """)
    page.figure(
      Figure(
        "Seven pixels, three weights: what stride, padding and dilation do",
        exploring: FigureParameter("window", names: RowWindow.all.map(\.name), initial: 1),
        caption: """
          Each row is an output, each column a pixel (pad: a zero of the border). The number says which of the three weights \
          lies on the pixel.
          """,
        name: "row-windows", titles: { RowWindow.all[Int($0)].title }
      ) { RowWindow.all[Int($0)].plot })
    page.project("Padding 1 keeps seven pixels; stride 2 leaves three", notes: "Ask for the count before each button.")
    page.prose(
      """
      A kernel *dilated* by $d$ has its weights $d$ pixels apart and covers $d(k - 1) + 1$ pixels; put this number in place of \
      $k$.
      """)
    page.live(
      "window", "Drag the window, flip a pixel, type a kernel",
      caption: """
        Change stride, padding and dilation, and work out the size of the output first.
        """,
      figure: "sliding-window",
      settings: [
        "side": 3, "stride": 1, "padding": 0, "dilation": 1, "row": 1, "column": 1, "kernel": 0, "speed": 3,
      ])
    page.predict(
      """
      AlexNet's first layer: an image of 227×227 pixels, windows of 11×11, stride 4, no padding. How many positions does the \
      window have along one side?
      """,
      within: 0.001, answer: Double(outputSize(227, kernel: 11, stride: 4)),
      "$\\lfloor (227 - 11)/4 \\rfloor + 1 = 54 + 1$. With 96 filters the layer makes 96 maps of 55×55.")
  }
}
