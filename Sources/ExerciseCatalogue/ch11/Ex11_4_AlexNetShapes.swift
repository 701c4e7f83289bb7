// Exercise 11.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex11_4 = Exercise<any Ex11_4.Type>(
    .ex11_4, section: "The families", difficulty: .easy,
    hints: [
      "Use the formula of exercise 9.1 eight times, each time with the size from the previous step.",
      "Write the eight windows down as (kernel, stride, padding): 11 4 0, 3 2 0, 5 1 2, 3 2 0, three times 3 1 1, 3 2 0. "
        + "A convolution from C to M channels has M·(C·k² + 1) parameters; the first dense layer takes "
        + "256·side·side features.",
      "Loop over the windows with `size = (size + 2 * padding - kernel) / stride + 1`. The channels are 3, 96, 256, 384, "
        + "384, 256 with kernels 11, 5, 3, 3, 3; the dense layers go to 4096, 4096 and 1000 units.",
    ],
    cases: [
      sides(227, "the size that leaves no remainder"),
      sides(224, "the size printed in the paper", look: "(224 − 11)/4 is 53.25: rounded down."),
      sides(67, "the smallest image that leaves one pixel"),
      sides(323, "a larger image"),
      parameters(227, "62,378,344 in all"),
      parameters(67, "an image that leaves one pixel", look: "Only the first dense layer depends on the image's size."),
    ],
    mutants: [
      Mutant(
        "pads the first convolution by 2, as torchvision's AlexNet does",
        effect: "It suits 224×224 as 227×227 does here, but all shapes and weights are those of another network.",
        PadsFirst.self),
      Mutant(
        "pools without overlap",
        effect: "55 becomes 18 instead of 27; the first dense layer receives a fraction of its features.", Tiles.self),
      Mutant(
        "forgets the padding of the second convolution",
        effect: "27 becomes 23, and the network ends with 5×5 maps: the classic mistake in a first AlexNet.",
        NoPadding.self),
      Mutant(
        "forgets the biases",
        effect: "The count is 10,568 too small and matches no published number.", NoBiases.self),
      Mutant(
        "counts the features after the last pooling along one axis only",
        effect: "The first dense layer is built for 1,536 features and receives 9,216.", OneAxis.self),
    ])
}

private func sides(_ image: Int, _ about: String, look: String = "") -> Case<any Ex11_4.Type> {
  Case("sides(image: \(image))", about, look: look, gives: reference(image).sides) { try $0.sides(image: image) }
}

private func parameters(_ image: Int, _ about: String, look: String = "") -> Case<any Ex11_4.Type> {
  Case("parameters(image: \(image))", about, look: look, gives: reference(image).parameters) {
    try $0.parameters(image: image)
  }
}

/// The windows and channels of the library's layers, without their weights, which take 250 MB.
private func reference(_ image: Int) -> (sides: [Int], parameters: [Int]) { Walk().walk(image) }

/// The walk through the layers, with switches for the mutants.
private struct Walk {
  var firstPadding = 0
  var secondPadding = 2
  var poolStride = 2
  var bias = 1
  var countsBothAxes = true

  func walk(_ image: Int) -> (sides: [Int], parameters: [Int]) {
    let windows = [
      (11, 4, firstPadding), (3, poolStride, 0), (5, 1, secondPadding), (3, poolStride, 0), (3, 1, 1), (3, 1, 1),
      (3, 1, 1), (3, poolStride, 0),
    ]
    var (size, sides) = (image, [Int]())
    for (kernel, stride, padding) in windows {
      // The library's arithmetic, which is tested against the convolutions themselves.
      let window = Window(kernel: Extent(kernel), stride: Extent(stride), padding: Padding(padding))
      size = window.outputSize(over: Extent(size))?.height ?? 0
      sides.append(size)
    }
    let convolutions = [(3, 96, 11), (96, 256, 5), (256, 384, 3), (384, 384, 3), (384, 256, 3)]
    let features = 256 * size * (countsBothAxes ? size : 1)
    return (
      sides,
      convolutions.map { $1 * ($0 * $2 * $2 + bias) }
        + [(features, 4096), (4096, 4096), (4096, 1000)].map { $1 * ($0 + bias) }
    )
  }
}

private protocol Walked: Ex11_4 { static var walk: Walk { get } }

extension Walked {
  static func sides(image: Int) throws -> [Int] { walk.walk(image).sides }
  static func parameters(image: Int) throws -> [Int] { walk.walk(image).parameters }
}

private enum PadsFirst: Walked { static var walk: Walk { Walk(firstPadding: 2) } }
private enum Tiles: Walked { static var walk: Walk { Walk(poolStride: 3) } }
private enum NoPadding: Walked { static var walk: Walk { Walk(secondPadding: 0) } }
private enum NoBiases: Walked { static var walk: Walk { Walk(bias: 0) } }
private enum OneAxis: Walked { static var walk: Walk { Walk(countsBothAxes: false) } }
