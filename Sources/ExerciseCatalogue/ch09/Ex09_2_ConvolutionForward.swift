// Exercise 9.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex09_2 = Exercise<any Ex09_2.Type>(
    .ex09_2, section: "Sliding a window", difficulty: .medium,
    hints: [
      "Write down which indices the output has: sample, filter, row, column. Each output value is a sum. Over what?",
      "The sum runs over channels c and kernel positions (u, v). The pixel under tap (u, v) of output (i, j) is "
        + "at row i·stride + u − padding and column j·stride + v − padding; outside the image it is 0.",
      "Seven nested loops: n, m, i, j, then c, u, v. Begin with `var sum = bias[m]`, skip pixels outside with `guard "
        + "… else { continue }`, and add `weight[m, c, u, v] * input[n, c, row, column]`.",
    ],
    cases: [
      conv(
        Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]), Tensor([1, 1, 2, 2], [1, 2, 3, 4]), [0], 1, 0,
        "forward(Tensor([1, 1, 3, 3], 1…9), weight: Tensor([1, 1, 2, 2], [1, 2, 3, 4]), bias: 0, stride: 1, padding: 0)",
        "one channel, one filter", look: "The first output is 1·1 + 2·2 + 3·4 + 4·5 = 37."),
      conv(
        Tensor([1, 1, 2, 2], [1, 2, 3, 4]), Tensor([1, 1, 1, 1], [2]), [0.5], 1, 0,
        "forward(Tensor([1, 1, 2, 2], [1, 2, 3, 4]), weight: Tensor([1, 1, 1, 1], [2]), bias: 0.5, stride: 1, padding: 0)",
        "a 1×1 kernel and a bias", look: "The first output is 2·1 + 0.5."),
      conv(
        [1, 2, 4, 4], [2, 2, 3, 3], 1, 0, "two channels, two filters",
        look: "A filter sums over both channels into one map."),
      conv(
        [1, 1, 5, 5], [1, 1, 3, 3], 2, 0, "stride 2",
        look: "The window of output (1, 0) covers rows 2 to 4: row i·stride + u."),
      conv(
        [1, 1, 4, 4], [1, 1, 3, 3], 1, 1, "padding 1: the size stays",
        look: "The window of output (0, 0) begins at row −1 and column −1; skip pixels outside the image: they are 0."),
      conv(
        [2, 1, 4, 4], [1, 1, 3, 3], 1, 0, "two samples", look: "Every sample of the batch has its own output."),
      conv(
        [2, 3, 6, 5], [4, 3, 3, 3], 2, 1, "all together, on an image that is not square",
        look: "Rows run up to H, columns up to W."),
    ],
    mutants: [
      Mutant(
        "rotates the kernel by 180°, which is convolution in the mathematical sense",
        effect:
          "It trains as well from scratch, but weights from PyTorch and other frameworks see mirror images.",
        Flipped.self),
      Mutant(
        "exchanges rows and columns of the kernel",
        effect: "It trains as well from scratch, but weights from other libraries see a transposed image.",
        Exchanged.self),
      Mutant(
        "forgets the bias",
        effect: "Every filter's threshold stays at 0: hardly visible in the loss, but saved models give other results.",
        NoBias.self),
      Mutant(
        "uses only the first channel",
        effect: "After the first layer, a filter sees one map of many; LeNet's C3 learns from a sixth of its input.",
        FirstChannel.self),
      Mutant(
        "steps by 1, whatever the stride",
        effect: "The map shows the upper left corner of the image at full resolution, and never the rest.",
        NoStride.self),
      Mutant(
        "shifts the window by the padding in the wrong direction",
        effect: "The kernel reads pixels below and to the right of its position; every layer shifts the image more.",
        WrongPadding.self),
      Mutant(
        "makes the output larger for the padding but reads as if there were none",
        effect: "The picture moves up and to the left in every layer, and its right and lower edges fade to 0.",
        Unshifted.self),
      Mutant(
        "spreads the pixels of a window by the stride instead of moving the window by it",
        effect:
          "That is dilation: windows are full of gaps, and the right and lower part of the image is never seen.",
        Dilated.self),
      Mutant(
        "computes only the first sample, for the whole batch",
        effect: "All images of a batch get the same prediction; the loss stays at ln C.", FirstSample.self),
    ])
}

private func conv(
  _ x: Tensor, _ w: Tensor, _ b: [Float], _ stride: Int, _ padding: Int, _ call: String, _ about: String,
  look: String = ""
) -> Case<any Ex09_2.Type> {
  let window = Window(kernel: Extent(w.shape[2]), stride: Extent(stride), padding: Padding(padding))
  let bias = Tensor(vector: b)
  return Case(call, about, look: look, gives: right(x, w, bias, window)) {
    try $0.forward(x, weight: w, bias: bias, stride: stride, padding: padding)
  }
}

private func conv(
  _ x: Shape, _ w: Shape, _ stride: Int, _ padding: Int, _ about: String, look: String
) -> Case<any Ex09_2.Type> {
  conv(
    Examples09.tensor(x, 1), Examples09.tensor(w, 2), Examples09.tensor([w[0]], 3).elements, stride, padding,
    "forward(x of shape \(x), weight of shape \(w), bias of shape [\(w[0])], stride: \(stride), padding: \(padding))",
    about, look: look)
}

private func right(_ x: Tensor, _ w: Tensor, _ b: Tensor, _ window: Window) -> Tensor {
  guard
    let g = ConvolutionGeometry(
      channels: x.shape[1], filters: w.shape[0], image: Extent(x.shape[2], x.shape[3]), window: window)
  else { return .empty }
  return Kernels.naiveConvolution(x, weight: w, bias: b, geometry: g)
}

/// The seven loops, with closures for the indices that the mutants get wrong.
private func loops(
  _ x: Tensor, _ w: Tensor, _ b: Tensor, _ s: Int, _ p: Int, channels: (Int) -> Int = { $0 },
  bias: (Float) -> Float = { $0 }, sample: (Int) -> Int = { $0 }, tap: (Int, Int) -> Int = { u, _ in u },
  exchanges: Bool = false,
  row: (_ i: Int, _ u: Int) -> Int
) -> Tensor {
  let (n, c, h, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
  let (m, k) = (w.shape[0], w.shape[2])
  var y = Tensor(zeros: [n, m, Examples09.positions(h, k, s, p), Examples09.positions(width, k, s, p)])
  for a in 0..<n {
    for f in 0..<m {
      for i in 0..<y.shape[2] {
        for j in 0..<y.shape[3] {
          var sum = bias(b[f])
          for channel in 0..<channels(c) {
            for u in 0..<k {
              for v in 0..<k {
                let (y, x0) = (row(i, u), row(j, v))
                guard y >= 0, y < h, x0 >= 0, x0 < width else { continue }
                let (up, across) = exchanges ? (v, u) : (u, v)
                sum += w[f, channel, tap(up, k), tap(across, k)] * x[sample(a), channel, y, x0]
              }
            }
          }
          y[a, f, i, j] = sum
        }
      }
    }
  }
  return y
}

private enum Flipped: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, tap: { u, k in k - 1 - u }, row: { $0 * stride + $1 - padding })
  }
}

private enum Unshifted: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, row: { $0 * stride + $1 })
  }
}

private enum Dilated: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, row: { $0 + $1 * stride - padding })
  }
}

private enum NoBias: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, bias: { _ in 0 }, row: { $0 * stride + $1 - padding })
  }
}

private enum FirstChannel: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, channels: { _ in 1 }, row: { $0 * stride + $1 - padding })
  }
}

private enum NoStride: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, row: { $0 + $1 - padding })
  }
}

private enum WrongPadding: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, row: { $0 * stride + $1 + padding })
  }
}

private enum FirstSample: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, sample: { _ in 0 }, row: { $0 * stride + $1 - padding })
  }
}

private enum Exchanged: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) -> Tensor {
    loops(input, weight, bias, stride, padding, exchanges: true, row: { $0 * stride + $1 - padding })
  }
}
