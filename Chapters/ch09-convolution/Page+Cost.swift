// The sections of chapter 9 about what a convolution costs.

import Foundation
import Workbook

extension SlidingWindow {
  /// Parameters and multiply-adds of LeNet-5.
  static func addCost(to page: inout Page) {
    page.prose(
      """
      ## What it costs

      **A convolution has few parameters and does much work.** *Parameters* are stored and learned, *multiply-adds* are computed \
      for every image. In a dense layer the two numbers are equal except for the biases. A convolution uses each of its weights at \
      every position: from $C$ channels to $M$ channels it has $M \\cdot (C \\cdot k^2 + 1)$ parameters and \
      $M \\cdot C \\cdot k^2 \\cdot H' W'$ multiply-adds.
      """)
    let lenet = lenetCounts()
    let (conv2, fc1) = (lenet[2], lenet[4])
    page.prose(
      """
      LeNet's conv2 has $16 \\cdot (6 \\cdot 5^2 + 1) = \(grouped(conv2.parameters))$ parameters and \
      \(grouped(conv2.multiplyAdds)) multiply-adds; its dense layer fc1 has \(grouped(fc1.parameters)) and \
      \(grouped(fc1.multiplyAdds)).
      """)
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
          "AlexNet on 227×227 pixels, in one piece.",
        name: "alexnet-shares", isWide: true))
    page.project("Parameters in the dense layers, work in the convolutions")
    let maps = Double(alexNet.rows.first.map { $0.output.reduce(1, *) } ?? 0)
    let pooledLayer = 1000 * (256 + 1)
    let denseLayers = alexNet.rows.filter { $0.name.hasPrefix("fc") }.reduce(0) { $0 + $1.parameters }
    page.prose(
      """
      **To save parameters, change the dense layers.** The usual remedy is *global average pooling*: replace each map by its mean \
      before the last layer, as ResNet does (chapter 11). AlexNet's last maps would become 256 numbers, and one layer from these \
      to 1000 classes would replace fc6, fc7 and fc8 with \(fixed(Double(denseLayers) / Double(pooledLayer), 0)) times fewer parameters.

      *Memory* is a third cost: training keeps all maps for the backward pass. The maps of conv1 alone take \
      \(grouped(Int((4 * 128 * maps / 1e6).rounded()))) MB for a batch of 128. Each parameter takes 4 bytes, its gradient \
      4 more, and the optimizer's state 4 more with momentum and 8 with Adam.
      """)
  }

  /// A convolution taken apart: depthwise and 1×1, counted.
  static func addTakenApart(to page: inout Page) {
    func cost(_ layers: [any Layer], _ input: Shape) -> (parameters: Int, work: Int) {
      let rows = table(of: Sequential(layers), input: input)
      return (rows.reduce(0) { $0 + $1.parameters }, rows.reduce(0) { $0 + $1.multiplyAdds })
    }
    let shape: Shape = [64, 28, 28]
    let depthwise = Conv2D(64, 64, kernel: 3, padding: 1, groups: 64)
    let mixing = Conv2D(64, 128, kernel: 1)
    let rows: [(String, (parameters: Int, work: Int))] = [
      ("3×3", cost([Conv2D(64, 128, kernel: 3, padding: 1)], shape)),
      ("depthwise 3×3", cost([depthwise], shape)),
      ("1×1", cost([mixing], shape)),
      ("depthwise 3×3, then 1×1", cost([depthwise, mixing], shape)),
    ]
    let (whole, apart) = (rows[0].1, rows[3].1)
    page.prose(
      """
      ### Depthwise and 1×1: a convolution taken apart

      A convolution does two jobs at once: it looks around, and it mixes the channels. **Done one after the other, they need far \
      less work.** A *depthwise* convolution looks around: each filter sees only one channel, which takes $C \\cdot k^2$ weights. A *1×1* \
      convolution mixes: it is a dense layer over the channels of one pixel, with $C \\cdot M$ weights. In PyTorch, from 64 channels \
      to 128:

      ```python
      nn.Conv2d(64, 64, 3, padding=1, groups=64)   # depthwise: 64 groups of one channel
      nn.Conv2d(64, 128, 1)                        # 1×1
      ```
      """)
    page.table(
      Table(
        "Parameters (with biases) and multiply-adds, from 64 channels to 128 on maps of 28×28",
        columns: ["layer", "parameters", "multiply-adds"],
        rows: rows.map { [TableCell($0.0), TableCell($0.1.parameters), TableCell($0.1.work)] }))
    page.project(
      "Depthwise, then 1×1: an eighth of the weights", notes: "Count the rows together before showing the last.")
    page.prose(
      """
      The two together need \(fixed(Double(whole.work) / Double(apart.work), 1)) times less work, counted, not timed; their share is \
      $(k^2 C + C M)/(k^2 C M) = 1/M + 1/k^2$. MobileNet is built in this way (Howard et al. 2017). A 1×1 \
      convolution can also reduce the channels before an expensive layer, as in ResNet (chapter 11).
      """)
  }

  /// im2col, and three ways to the same sums.
  static func addMatrixProduct(to page: inout Page, _ findings: Findings) {
    let image: [[Double]] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    page.prose(
      """
      ## One matrix product

      Processors are fast at multiplying matrices, and a convolution can be written as a matrix product. Copy the $C k^2$ pixels \
      under each window into a column (*im2col*: image to columns), and write the $M$ filters as rows:

      $$Y = W \\cdot \\mathrm{im2col}(x), \\qquad [M, C k^2] \\cdot [C k^2, H' W'] = [M, H' W']$$

      In NumPy, for one channel, with the kernel as one row of $W$:

      ```python
      def im2col(x, k):
          h, w = x.shape[0] - k + 1, x.shape[1] - k + 1
          return np.stack([x[i:i+k, j:j+k].ravel()
                           for i in range(h) for j in range(w)], axis=1)

      y = W @ im2col(x, k)      # [M, k·k] times [k·k, h·w]
      ```

      For the image of *The way back* and windows of 2×2:

      ```text
      \(sideBySide([("image", image), ("a column for each output", columns(of: image, kernel: 2))]))
      ```

      The price is memory: with stride 1 each pixel is copied up to $k^2$ times.
      """)
  }

  /// The gradients.
  static func addWayBack(to page: inout Page) {
    page.prose(
      """
      ## The way back

      Every output is a sum of products $w \\cdot x$. Let $g = \\partial L / \\partial y$ be the gradient of the loss with respect to \
      an output. By the chain rule, each weight collects $g$ times the pixels that lay under it, and each pixel collects $g$ \
      times the weights that lay on it:
      """)
    page.figure(wayBackFigure)
    page.project(
      "Backwards, every output paints its kernel on the image",
      notes: "g is the gradient of the output, a to d the kernel. Let them paint the lower row with g = 1.")
    let (image, upstream) = ([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], [[1.0, 1], [0, 0]])
    let weights = correlate(image, with: upstream)
    page.prose(
      """
      Learning needs the gradient of the weights. Take the same $g$ and an image with the numbers 1 to 9. Only the first two \
      outputs have $g = 1$, so each weight adds up the two pixels that lay under it:

      ```text
      \(sideBySide([("image", image), ("first output read", [[1, 2], [4, 5]]), ("second output read", [[2, 3], [5, 6]]), ("gradient of the kernel", weights)]))
      ```

      This is again a convolution: $g$ slides over the image like a kernel. The gradient of the pixels is one too. At stride 1, the \
      kernel turned by 180° slides over $g$ with a border of $k - 1$ zeros:

      ```text
      turned kernel    g with zeros      gradient of x
         d c             0 0 0 0           a   a+b   b
         b a             0 1 1 0           c   c+d   d
                         0 0 0 0           0    0    0
                         0 0 0 0
      ```

      At the top in the middle, the lower row of the turned kernel lies on the two ones: $b \\cdot 1 + a \\cdot 1 = a + b$.

      The code has the same loops as the forward pass. For one channel, one filter and stride 1, in NumPy:

      ```python
      k = w.shape[0]
      dw, dx = np.zeros_like(w), np.zeros_like(x)
      for i in range(g.shape[0]):
          for j in range(g.shape[1]):
              for u in range(k):
                  for v in range(k):
                      # forward:  y[i, j] += w[u, v] * x[i+u, j+v]
                      dw[u, v]     += g[i, j] * x[i+u, j+v]
                      dx[i+u, j+v] += g[i, j] * w[u, v]
      ```
      """)
    page.fold("The three gradients with their indices") { page in
      page.prose(
        """
        $$\\frac{\\partial L}{\\partial b_m} = \\sum_{n,i,j} g_{n,m,i,j}$$

        $$\\frac{\\partial L}{\\partial w_{m,c,u,v}} = \\sum_{n,i,j} g_{n,m,i,j} \\cdot x_{n,c,\\,s \\cdot i+u-p,\\,s \\cdot j+v-p}$$

        $$\\frac{\\partial L}{\\partial x_{n,c,a,d}} = \\sum_{m,u,v} w_{m,c,u,v} \\cdot g_{n,m,i,j}$$

        In the last formula $(i, j)$ is the output for which the weight $(u, v)$ lay on the pixel $(a, d)$: $s \\cdot i + u - p = a$ and \
        $s \\cdot j + v - p = d$. Where there is no such output, there is no such term.
        """)
    }
  }
}
