// Exercise 9.5: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex09_5 = Exercise<any Ex09_5.Type>(
    .ex09_5, section: "Pooling", difficulty: .easy,
    hints: [
      "If one pixel under a window grows by 1, by how much does the window's mean grow?",
      "By 1/k², whichever pixel it is. So backward gives g/k² to every pixel under the window, and adds up where "
        + "windows overlap. The input values are not needed.",
      "Backward: the same loops over n, c, i, j, u, v as forward, and in the innermost one "
        + "`dx[n, c, i * stride + u, j * stride + v] += outputGradient[n, c, i, j] / Float(kernel * kernel)`.",
    ],
    cases: [
      forward(
        Tensor([1, 1, 2, 2], [1, 3, 4, 2]), 2, 2, "forward([1, 1, 2, 2] 1 3 / 4 2, kernel: 2, stride: 2)",
        "one window", look: "The mean of 1, 3, 4 and 2 is 2.5."),
      forward(
        Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]), 2, 1,
        "forward([1, 1, 3, 3] 1…9, kernel: 2, stride: 1)", "windows that overlap"),
      forward(
        Examples09.tensor([2, 3, 7, 5], 1), 3, 2, "forward(x of shape [2, 3, 7, 5], kernel: 3, stride: 2)",
        "two samples of three channels"),
      backward([1, 1, 2, 2], 2, 2, "one window"),
      backward(
        [1, 1, 3, 3], 2, 1, "windows that overlap", look: "The pixel in the middle lies under all four windows."),
      backward([1, 1, 5, 5], 2, 2, "a last row and column that no window reaches"),
      backward([2, 2, 5, 7], 3, 2, "two samples of two channels"),
    ],
    mutants: [
      Mutant(
        "sums without dividing",
        effect: "Every pooling layer makes the signal k² times as large; a tanh after it saturates at once.", Sum.self),
      Mutant(
        "divides by k instead of k²",
        effect: "Every pooling layer makes the signal k times as large, and the gradient too.", Side.self),
      Mutant(
        "steps by the kernel, whatever the stride",
        effect: "Overlapping windows lose their overlap; the map shows only a part of the image.",
        NoStride.self),
      Mutant(
        "gives every pixel under a window the whole gradient",
        effect: "The layers below get k² times their gradient: for k = 2, as if the learning rate were 4 times larger.",
        WholeGradient.self),
      Mutant(
        "overwrites the gradient where windows overlap",
        effect: "Pixels under several windows receive only the gradient of the last one.", Overwrites.self),
    ])
}

private func forward(
  _ x: Tensor, _ kernel: Int, _ stride: Int, _ call: String, _ about: String, look: String = ""
) -> Case<any Ex09_5.Type> {
  Case(call, about, look: look, gives: mean(x, kernel, stride)) { try $0.forward(x, kernel: kernel, stride: stride) }
}

private func mean(_ x: Tensor, _ kernel: Int, _ stride: Int) -> Tensor {
  Examples09.tensor(
    Examples09.pooledShape(x.shape, kernel: kernel, stride: stride),
    of: Examples09.pool(Examples09.doubles(x), x.shape, kernel: kernel, stride: stride) {
      $0.reduce(0, +) / Double($0.count)
    })
}

private func backward(
  _ shape: Shape, _ kernel: Int, _ stride: Int, _ about: String, look: String = ""
) -> Case<any Ex09_5.Type> {
  let g = Examples09.tensor(Examples09.pooledShape(shape, kernel: kernel, stride: stride), 7)
  return Case(
    "backward(g of shape \(g.shape), inputShape: \(shape), kernel: \(kernel), stride: \(stride))", about, look: look,
    gives: Examples09.tensor(
      shape,
      of: CentralDifferences.gradient(
        at: Examples09.doubles(Examples09.tensor(shape, 1)), upstream: Examples09.doubles(g)
      ) {
        Examples09.pool($0, shape, kernel: kernel, stride: stride) { $0.reduce(0, +) / Double($0.count) }
      })
  ) { try $0.backward(g, inputShape: shape.dimensions, kernel: kernel, stride: stride) }
}

/// The sum under each window times `factor`.
private func sums(_ x: Tensor, _ kernel: Int, _ stride: Int, factor: Float, step: Int? = nil) -> Tensor {
  var y = Tensor(zeros: Examples09.pooledShape(x.shape, kernel: kernel, stride: stride))
  forEach(y.shape, kernel) { n, c, i, j, u, v in
    let (row, column) = (i * (step ?? stride) + u, j * (step ?? stride) + v)
    if row < x.shape[2] && column < x.shape[3] { y[n, c, i, j] += factor * x[n, c, row, column] }
  }
  return y
}

/// The gradient distributed over each window, times `factor`.
private func handedOut(
  _ g: Tensor, _ shape: [Int], _ kernel: Int, _ stride: Int, factor: Float, adds: Bool = true, step: Int? = nil
) -> Tensor {
  var dx = Tensor(zeros: Shape(shape))
  forEach(g.shape, kernel) { n, c, i, j, u, v in
    let (row, column) = (i * (step ?? stride) + u, j * (step ?? stride) + v)
    if row < shape[2] && column < shape[3] {
      dx[n, c, row, column] = (adds ? dx[n, c, row, column] : 0) + factor * g[n, c, i, j]
    }
  }
  return dx
}

private func forEach(_ output: Shape, _ kernel: Int, _ visit: (Int, Int, Int, Int, Int, Int) -> Void) {
  for n in 0..<output[0] {
    for c in 0..<output[1] {
      for i in 0..<output[2] {
        for j in 0..<output[3] { for u in 0..<kernel { for v in 0..<kernel { visit(n, c, i, j, u, v) } } }
      }
    }
  }
}

private func share(_ kernel: Int) -> Float { 1 / Float(kernel * kernel) }

private enum Sum: Ex09_5 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor { sums(input, kernel, stride, factor: 1) }
  static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) -> Tensor {
    handedOut(outputGradient, inputShape, kernel, stride, factor: 1)
  }
}

private enum Side: Ex09_5 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor {
    sums(input, kernel, stride, factor: 1 / Float(kernel))
  }
  static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) -> Tensor {
    handedOut(outputGradient, inputShape, kernel, stride, factor: 1 / Float(kernel))
  }
}

private enum NoStride: Ex09_5 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor {
    sums(input, kernel, stride, factor: share(kernel), step: kernel)
  }
  static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) -> Tensor {
    handedOut(outputGradient, inputShape, kernel, stride, factor: share(kernel), step: kernel)
  }
}

private enum WholeGradient: Ex09_5 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor {
    sums(input, kernel, stride, factor: share(kernel))
  }
  static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) -> Tensor {
    handedOut(outputGradient, inputShape, kernel, stride, factor: 1)
  }
}

private enum Overwrites: Ex09_5 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor {
    sums(input, kernel, stride, factor: share(kernel))
  }
  static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) -> Tensor {
    handedOut(outputGradient, inputShape, kernel, stride, factor: share(kernel), adds: false)
  }
}
