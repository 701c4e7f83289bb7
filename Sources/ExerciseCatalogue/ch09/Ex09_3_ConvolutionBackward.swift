// Exercise 9.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex09_3 = Exercise<any Ex09_3.Type>(
    .ex09_3, section: "The way back", difficulty: .hard,
    hints: [
      "Do not derive three formulas. In the forward pass, one line multiplies a weight by a pixel and adds the product "
        + "to an output. To which two numbers does the gradient of that output flow?",
      "Run the same loops as in the forward pass. For every product w·x in an output y with g = ∂L/∂y, the weight "
        + "receives g·x and the pixel g·w. Each of them occurs in many products: add up, do not overwrite.",
      "In the innermost loop: `dw[m, c, u, v] += g * input[n, c, row, column]` and "
        + "`dx[n, c, row, column] += g * weight[m, c, u, v]`; outside these loops, once for each output: `db[m] += g`.",
    ],
    cases: [
      gradients(
        Tensor([1, 1, 2, 2], [1, 2, 3, 4]), Tensor([1, 1, 1, 1], [2]), 1, 0, "a 1×1 kernel",
        look: "Every pixel occurs in one product: dx = 2·g. The weight occurs in all four: dw = Σ g·x."),
      gradients(
        [1, 1, 3, 3], [1, 1, 2, 2], 1, 0, "one channel, one filter: the windows overlap",
        look: "The pixel in the middle lies under all four windows and receives a gradient from each."),
      gradients(
        [1, 1, 3, 3], [1, 1, 3, 3], 1, 1, "padding 1",
        look: "A product with a pixel outside the image contributes nothing to any gradient."),
      gradients(
        [1, 1, 5, 5], [1, 1, 3, 3], 2, 0, "stride 2",
        look: "The pixel is found as in the forward pass: row i·stride + u − padding."),
      gradients(
        [2, 1, 3, 3], [1, 1, 2, 2], 1, 0, "two samples",
        look: "Weights and biases sum over both samples; pixels receive gradients only from their own sample."),
      gradients(
        [2, 2, 4, 3], [3, 2, 3, 3], 2, 1, "all together",
        look: "x has the channels c, g the filters m; a weight [m, c, u, v] belongs to both."),
    ],
    mutants: [
      Mutant(
        "overwrites the input gradient where windows overlap, instead of adding",
        effect: "Each pixel receives the gradient of one window of many; the layers below learn from a fraction.",
        Overwrites.self),
      Mutant(
        "divides the weight gradient by the batch size",
        effect: "The loss is already a mean: the weights of this layer learn N times too slowly.", Mean.self),
      Mutant(
        "sums the bias gradient over the samples but uses only one position of each map",
        effect: "The biases learn as if each map had one pixel: hundreds of times too slowly.", OnePosition.self),
      Mutant(
        "rotates the kernel by 180° when computing the input gradient",
        effect: "The layers below get the gradient of a mirrored network; the loss falls slowly or not at all.",
        Flipped.self),
      Mutant(
        "forgets the padding in the backward pass",
        effect: "Gradients arrive one pixel off; edges blur, and deep networks with many padded layers stop learning.",
        NoPadding.self),
      Mutant(
        "ignores the stride in the backward pass",
        effect: "After a strided layer all gradients end up in the upper left corner.", NoStride.self),
    ])
}

private func gradients(
  _ x: Tensor, _ w: Tensor, _ stride: Int, _ padding: Int, _ about: String, look: String = ""
) -> Case<any Ex09_3.Type> {
  let output: Shape = [
    x.shape[0], w.shape[0], Examples09.positions(x.shape[2], w.shape[2], stride, padding),
    Examples09.positions(x.shape[3], w.shape[2], stride, padding),
  ]
  let g = Examples09.tensor(output, 5)
  return Case(
    "backward(g of shape \(output), input of shape \(x.shape), weight of shape \(w.shape), stride: \(stride), "
      + "padding: \(padding))", about, look: look, gives: reference(g, x, w, stride, padding)
  ) {
    let got = try $0.backward(g, input: x, weight: w, stride: stride, padding: padding)
    return Outcome(("input gradient", got.input), ("weight gradient", got.weight), ("bias gradient", got.bias))
  }
}

private func gradients(
  _ x: Shape, _ w: Shape, _ stride: Int, _ padding: Int, _ about: String, look: String
) -> Case<any Ex09_3.Type> {
  gradients(Examples09.tensor(x, 1), Examples09.tensor(w, 2), stride, padding, about, look: look)
}

/// The three gradients by central differences of the forward pass.
private func reference(_ g: Tensor, _ x: Tensor, _ w: Tensor, _ stride: Int, _ padding: Int) -> Outcome {
  let bias = Tensor(zeros: [w.shape[0]])
  let (numbers, upstream) = ((x: Examples09.doubles(x), w: Examples09.doubles(w), b: Examples09.doubles(bias)), g)
  func forward(_ x0: [Double], _ w0: [Double], _ b0: [Double]) -> [Double] {
    Examples09.convolution(x0, x.shape, w0, w.shape, b0, stride: stride, padding: padding)
  }
  let u = Examples09.doubles(upstream)
  let dx = CentralDifferences.gradient(at: numbers.x, upstream: u) { forward($0, numbers.w, numbers.b) }
  let dw = CentralDifferences.gradient(at: numbers.w, upstream: u) { forward(numbers.x, $0, numbers.b) }
  let db = CentralDifferences.gradient(at: numbers.b, upstream: u) { forward(numbers.x, numbers.w, $0) }
  return Outcome(
    ("input gradient", Examples09.tensor(x.shape, of: dx)), ("weight gradient", Examples09.tensor(w.shape, of: dw)),
    ("bias gradient", Examples09.tensor(bias.shape, of: db)))
}

/// The correct loops, with switches for the mutants.
private func loops(
  _ g: Tensor, _ x: Tensor, _ w: Tensor, _ stride: Int, _ padding: Int, overwrites: Bool = false,
  tap: (_ u: Int, _ k: Int) -> Int = { u, _ in u }
) -> (input: Tensor, weight: Tensor, bias: Tensor) {
  var (dx, dw, db) = (Tensor(zeros: x.shape), Tensor(zeros: w.shape), Tensor(zeros: [w.shape[0]]))
  let k = w.shape[2]
  for n in 0..<g.shape[0] {
    for m in 0..<g.shape[1] {
      for i in 0..<g.shape[2] {
        for j in 0..<g.shape[3] {
          let gradient = g[n, m, i, j]
          db[m] += gradient
          for c in 0..<x.shape[1] {
            for u in 0..<k {
              for v in 0..<k {
                let (row, column) = (i * stride + u - padding, j * stride + v - padding)
                guard row >= 0, row < x.shape[2], column >= 0, column < x.shape[3] else { continue }
                dw[m, c, u, v] += gradient * x[n, c, row, column]
                let share = gradient * w[m, c, tap(u, k), tap(v, k)]
                dx[n, c, row, column] = (overwrites ? 0 : dx[n, c, row, column]) + share
              }
            }
          }
        }
      }
    }
  }
  return (dx, dw, db)
}

private enum Overwrites: Ex09_3 {
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) { loops(outputGradient, input, weight, stride, padding, overwrites: true) }
}

private enum Mean: Ex09_3 {
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) {
    var result = loops(outputGradient, input, weight, stride, padding)
    result.weight = result.weight.map { $0 / Float(input.shape[0]) }
    return result
  }
}

private enum OnePosition: Ex09_3 {
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) {
    var result = loops(outputGradient, input, weight, stride, padding)
    result.bias.fill(0)
    for n in 0..<input.shape[0] { for m in 0..<weight.shape[0] { result.bias[m] += outputGradient[n, m, 0, 0] } }
    return result
  }
}

private enum Flipped: Ex09_3 {
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) { loops(outputGradient, input, weight, stride, padding, tap: { u, k in k - 1 - u }) }
}

private enum NoPadding: Ex09_3 {
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) { loops(outputGradient, input, weight, stride, 0) }
}

private enum NoStride: Ex09_3 {
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) { loops(outputGradient, input, weight, 1, padding) }
}
