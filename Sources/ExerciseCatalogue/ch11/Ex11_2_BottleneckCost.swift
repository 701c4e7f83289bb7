// Exercise 11.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex11_2 = Exercise<any Ex11_2.Type>(
    .ex11_2, section: "The bottleneck", difficulty: .easy,
    hints: [
      "How many weights has a convolution from C to M channels with a k×k kernel? How often is each of them used?",
      "C·M·k² weights, each used once for every pixel of the layer's output. The three convolutions go from inputs to "
        + "width, width to width, width to expansion·width. A shortcut needs weights if size or channels change.",
      "`let outputs = expansion * width`; down = inputs·width, middle = 9·width², up = width·outputs, shortcut = "
        + "`stride != 1 || inputs != outputs ? inputs * outputs : 0`. Only the first works on side² pixels; the other "
        + "three on (side/stride)², since the 3×3 has the stride.",
    ],
    cases: [
      weights(256, 64, 4, 1, "the block of S1: 16,384 + 36,864 + 16,384, no shortcut"),
      weights(1, 1, 2, 1, "one channel: 1, 9, 2 and a shortcut of 2"),
      weights(64, 64, 4, 1, "ResNet-50's first block: 64 channels become 256"),
      weights(256, 128, 4, 2, "the first block of the second stage"),
      weights(512, 128, 4, 2, "equal channels, but stride 2", look: "A stride alone needs a projection too."),
      work(256, 64, 4, 1, 56, "on 56×56 pixels"),
      work(4, 2, 2, 2, 4, "a small block with stride 2"),
      work(256, 128, 4, 2, 56, "the first block of the second stage", look: "The 3×3 convolution has the stride."),
    ],
    mutants: [
      Mutant(
        "counts a 3×3 kernel as 3 weights",
        effect: "The 3×3 convolution looks cheap and the bottleneck pointless.", Three.self),
      Mutant(
        "applies the 3×3 convolution to the wide channels",
        effect: "That is a block without a bottleneck: 16 times the work in the middle.", Wide.self),
      Mutant(
        "forgets the shortcut's projection",
        effect: "Input and output cannot be added at the start of a stage; the model cannot be built.", NoShortcut.self),
      Mutant(
        "projects in every block",
        effect: "A fifth more weights, and no block keeps the identity shortcut, the point of the design.",
        AlwaysShortcut.self),
      Mutant(
        "ignores the stride in the multiply-adds",
        effect: "Every stage seems four times as expensive as it is.", NoStride.self),
      Mutant(
        "gives the stride to the first 1×1 convolution",
        effect: "That is the paper's form, a little cheaper and a little worse; weights from torchvision expect the "
          + "other.", EarlyStride.self),
    ])
}

private func weights(
  _ inputs: Int, _ width: Int, _ expansion: Int, _ stride: Int, _ about: String, look: String = ""
) -> Case<any Ex11_2.Type> {
  Case(
    "weights(inputs: \(inputs), width: \(width), expansion: \(expansion), stride: \(stride))", about, look: look,
    gives: built(inputs, width, expansion, stride)
  ) { try $0.weights(inputs: inputs, width: width, expansion: expansion, stride: stride) }
}

private func work(
  _ inputs: Int, _ width: Int, _ expansion: Int, _ stride: Int, _ side: Int, _ about: String, look: String = ""
) -> Case<any Ex11_2.Type> {
  Case(
    "multiplyAdds(inputs: \(inputs), width: \(width), expansion: \(expansion), stride: \(stride), side: \(side))",
    about,
    look: look,
    gives: ResidualBlock.bottleneck(inputs, width: width, expansion: expansion, stride: stride)
      .multiplyAdds(for: [inputs, side, side])
  ) { try $0.multiplyAdds(inputs: inputs, width: width, expansion: expansion, stride: stride, side: side) }
}

/// The weights of the library's block.
private func built(_ inputs: Int, _ width: Int, _ expansion: Int, _ stride: Int) -> [Int] {
  let block = ResidualBlock.bottleneck(inputs, width: width, expansion: expansion, stride: stride)
  func convolutions(_ layers: Sequential) -> [Int] {
    layers.entries.compactMap { ($0.layer as? Conv2D)?.weight.value.count }
  }
  return convolutions(block.residual) + (block.shortcut.map(convolutions) ?? [0])
}

/// The correct sums, with parameters for the mutants.
private struct Sums {
  var taps = 9
  var wide = false
  var hasShortcut: (_ needed: Bool) -> Bool = { $0 }
  var strideAt = 1  // 0: first, 1: middle, 2: nowhere

  func weights(_ inputs: Int, _ width: Int, _ expansion: Int, _ stride: Int) -> [Int] {
    let outputs = expansion * width
    return [
      inputs * width, wide ? taps * outputs * outputs : taps * width * width, width * outputs,
      hasShortcut(stride != 1 || inputs != outputs) ? inputs * outputs : 0,
    ]
  }

  func work(_ inputs: Int, _ width: Int, _ expansion: Int, _ stride: Int, _ side: Int) -> Int {
    let w = weights(inputs, width, expansion, stride)
    let (before, after) = (side * side, (side / stride) * (side / stride))
    return switch strideAt {
    case 0: after * w.reduce(0, +)
    case 1: before * w[0] + after * (w[1] + w[2] + w[3])
    default: before * w.reduce(0, +)
    }
  }
}

private protocol Summed: Ex11_2 { static var sums: Sums { get } }

extension Summed {
  static func weights(inputs: Int, width: Int, expansion: Int, stride: Int) throws -> [Int] {
    sums.weights(inputs, width, expansion, stride)
  }
  static func multiplyAdds(inputs: Int, width: Int, expansion: Int, stride: Int, side: Int) throws -> Int {
    sums.work(inputs, width, expansion, stride, side)
  }
}

private enum Three: Summed { static var sums: Sums { Sums(taps: 3) } }
private enum Wide: Summed { static var sums: Sums { Sums(wide: true) } }
private enum NoShortcut: Summed { static var sums: Sums { Sums(hasShortcut: { _ in false }) } }
private enum AlwaysShortcut: Summed { static var sums: Sums { Sums(hasShortcut: { _ in true }) } }
private enum NoStride: Summed { static var sums: Sums { Sums(strideAt: 2) } }
private enum EarlyStride: Summed { static var sums: Sums { Sums(strideAt: 0) } }
