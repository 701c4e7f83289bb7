// Exercise 9.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex09_4 = Exercise<any Ex09_4.Type>(
    .ex09_4, section: "Pooling", difficulty: .medium,
    hints: [
      "The backward pass must know which pixel was the largest: search again. What if one pixel wins in two windows?",
      "For each output, find the first largest pixel under its window, row by row. Forward writes its value; backward "
        + "adds the output's gradient to that pixel alone. Windows overlap if the stride is smaller than the kernel.",
      "Start with the window's first pixel as the best and continue with `if value > best { … }`; never start at 0: "
        + "maps can be negative everywhere. Then `dx[n, c, bestRow, bestColumn] += g`.",
    ],
    cases: [
      forward(
        Tensor([1, 1, 4, 4], [1, 3, 2, 1, 4, 2, 0, 1, 0, 1, 5, 2, 2, 1, 3, 6]), 2, 2,
        "forward([1, 1, 4, 4] 1 3 2 1 / 4 2 0 1 / 0 1 5 2 / 2 1 3 6, kernel: 2, stride: 2)", "windows without overlap"),
      forward(
        Tensor([1, 1, 2, 2], [-3, -1, -4, -2]), 2, 2, "forward([1, 1, 2, 2] −3 −1 / −4 −2, kernel: 2, stride: 2)",
        "all negative", look: "The largest of negative numbers is negative."),
      forward(
        Tensor([1, 1, 3, 3], [1, 9, 2, 3, 4, 5, 6, 7, 8]), 2, 1,
        "forward([1, 1, 3, 3] 1 9 2 / 3 4 5 / 6 7 8, kernel: 2, stride: 1)", "windows that overlap"),
      forward(
        Examples09.distinct([2, 3, 7, 5], 1), 3, 2, "forward(x of shape [2, 3, 7, 5], kernel: 3, stride: 2)",
        "AlexNet's windows, two samples of three channels"),
      backward(Examples09.distinct([1, 1, 4, 4], 2), 2, 2, "windows without overlap"),
      backward(
        Tensor([1, 1, 3, 3], [1, 2, 1, 2, 9, 2, 1, 2, 1]), 2, 1, "the 9 in the middle wins all four windows",
        look: "A pixel that wins several windows receives all their gradients."),
      ties(),
      backward(Examples09.distinct([2, 2, 5, 7], 3), 3, 2, "AlexNet's windows"),
    ],
    mutants: [
      Mutant(
        "starts the search for the largest at 0",
        effect: "After a ReLU nothing shows; after tanh or without an activation, whole maps come out as 0.",
        FromZero.self),
      Mutant(
        "overwrites the gradient of a pixel that wins more than one window",
        effect: "With overlapping windows the strongest pixels lose most of their gradient.", Overwrites.self),
      Mutant(
        "gives the gradient to every pixel that equals the largest",
        effect: "Flat regions (a black background after a ReLU) receive many times the gradient.", AllTies.self),
      Mutant(
        "chooses the last of equal pixels instead of the first",
        effect: "It trains as well, but gradients differ from those of PyTorch and of this workbook.",
        LastTie.self),
      Mutant(
        "steps by the kernel, whatever the stride",
        effect: "Overlapping pooling loses its overlap: AlexNet's maps shrink from 55 to 18 instead of 27.",
        NoStride.self),
      Mutant(
        "shares the gradient among all pixels of the window, as average pooling does",
        effect: "Pixels that did not matter get a gradient, and the one that did gets only a fraction.", Shared.self),
    ])
}

private func forward(
  _ x: Tensor, _ kernel: Int, _ stride: Int, _ call: String, _ about: String, look: String = ""
) -> Case<any Ex09_4.Type> {
  let shape = Examples09.pooledShape(x.shape, kernel: kernel, stride: stride)
  return Case(
    call, about, look: look,
    gives: Examples09.tensor(
      shape,
      of: Examples09.pool(Examples09.doubles(x), x.shape, kernel: kernel, stride: stride) { $0.max() ?? 0 })
  ) { try $0.forward(x, kernel: kernel, stride: stride) }
}

private func backward(
  _ x: Tensor, _ kernel: Int, _ stride: Int, _ about: String, look: String = ""
) -> Case<any Ex09_4.Type> {
  let g = Examples09.tensor(Examples09.pooledShape(x.shape, kernel: kernel, stride: stride), 7)
  return Case(
    "backward(g of shape \(g.shape), input of shape \(x.shape), kernel: \(kernel), stride: \(stride))", about,
    look: look,
    gives: Examples09.tensor(
      x.shape,
      of: CentralDifferences.gradient(at: Examples09.doubles(x), upstream: Examples09.doubles(g)) {
        Examples09.pool($0, x.shape, kernel: kernel, stride: stride) { $0.max() ?? 0 }
      })
  ) { try $0.backward(g, input: x, kernel: kernel, stride: stride) }
}

/// At a tie there is no derivative; by convention the first pixel in reading order gets the gradient.
private func ties() -> Case<any Ex09_4.Type> {
  let x = Tensor([1, 1, 2, 2], [1, 5, 5, 5])
  return Case(
    "backward([[3]], input: [1, 1, 2, 2] 1 5 / 5 5, kernel: 2, stride: 2)", "three pixels are the largest",
    look: "Among equal pixels, the first in reading order receives the gradient.",
    gives: Tensor([1, 1, 2, 2], [0, 3, 0, 0])
  ) { try $0.backward(Tensor([1, 1, 1, 1], [3]), input: x, kernel: 2, stride: 2) }
}

/// Visits each window with the index of the output and the indices of the pixels under it.
private func windows(
  _ shape: Shape, _ kernel: Int, _ stride: Int, step: Int? = nil, _ visit: (_ output: Int, _ pixels: [Int]) -> Void
) {
  let output = Examples09.pooledShape(shape, kernel: kernel, stride: stride)
  var place = 0
  for plane in 0..<shape[0] * shape[1] {
    for i in 0..<output[2] {
      for j in 0..<output[3] {
        var pixels: [Int] = []
        for u in 0..<kernel {
          for v in 0..<kernel {
            let (row, column) = (i * (step ?? stride) + u, j * (step ?? stride) + v)
            if row < shape[2] && column < shape[3] { pixels.append((plane * shape[2] + row) * shape[3] + column) }
          }
        }
        visit(place, pixels)
        place += 1
      }
    }
  }
}

/// Max pooling, with switches for the mutants.
private func pooled(_ x: Tensor, _ kernel: Int, _ stride: Int, from start: Float? = nil, step: Int? = nil) -> Tensor {
  var y = [Float](
    repeating: 0, count: Examples09.pooledShape(x.shape, kernel: kernel, stride: stride).count)
  windows(x.shape, kernel, stride, step: step) { place, pixels in
    y[place] = max(start ?? -.infinity, pixels.map { x.elements[$0] }.max() ?? start ?? 0)
  }
  return Tensor(Examples09.pooledShape(x.shape, kernel: kernel, stride: stride), y)
}

private func gradient(
  _ g: Tensor, _ x: Tensor, _ kernel: Int, _ stride: Int, step: Int? = nil,
  _ give: (_ dx: inout [Float], _ pixels: [Int], _ largest: [Int], _ gradient: Float) -> Void
) -> Tensor {
  var dx = [Float](repeating: 0, count: x.count)
  windows(x.shape, kernel, stride, step: step) { place, pixels in
    let top = pixels.map { x.elements[$0] }.max() ?? 0
    let largest = pixels.filter { x.elements[$0] == top }
    if !largest.isEmpty { give(&dx, pixels, largest, g.elements[place]) }
  }
  return Tensor(x.shape, dx)
}

private enum FromZero: Ex09_4 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor { pooled(input, kernel, stride, from: 0) }
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) -> Tensor {
    gradient(outputGradient, input, kernel, stride) { $0[$2[0]] += $3 }
  }
}

private enum Overwrites: Ex09_4 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor { pooled(input, kernel, stride) }
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) -> Tensor {
    gradient(outputGradient, input, kernel, stride) { $0[$2[0]] = $3 }
  }
}

private enum AllTies: Ex09_4 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor { pooled(input, kernel, stride) }
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) -> Tensor {
    gradient(outputGradient, input, kernel, stride) { dx, _, largest, g in largest.forEach { dx[$0] += g } }
  }
}

private enum LastTie: Ex09_4 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor { pooled(input, kernel, stride) }
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) -> Tensor {
    gradient(outputGradient, input, kernel, stride) { $0[$2[$2.count - 1]] += $3 }
  }
}

private enum NoStride: Ex09_4 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor {
    pooled(input, kernel, stride, step: kernel)
  }
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) -> Tensor {
    gradient(outputGradient, input, kernel, stride, step: kernel) { $0[$2[0]] += $3 }
  }
}

private enum Shared: Ex09_4 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) -> Tensor { pooled(input, kernel, stride) }
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) -> Tensor {
    gradient(outputGradient, input, kernel, stride) { dx, pixels, _, g in
      pixels.forEach { dx[$0] += g / Float(pixels.count) }
    }
  }
}
