// Exercise 9.7: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex09_7 = Exercise<any Ex09_7.Type>(
    .ex09_7, section: "How far a unit sees", difficulty: .easy,
    hints: [
      "After two 3×3 convolutions, a unit sees 5×5, not 6×6 and not 9×9. What does each layer add?",
      "A window of k adds k − 1 steps, counting both ends. In the first layer a step is one pixel; in later layers it "
        + "is the product of all strides before the layer.",
      "`var (field, jump) = (1, 1)`; for each layer first `field += (kernel - 1) * jump`, then `jump *= stride`.",
    ],
    cases: [
      field([], [], "no layer: a pixel sees itself"),
      field([3], [1], "one 3×3"),
      field([3, 3], [1, 1], "two 3×3 see 5×5"),
      field([3, 3, 3], [1, 1, 1], "three 3×3 see 7×7"),
      field([2, 3], [2, 1], "after pooling, a step is two pixels", look: "2 + (3 − 1)·2 = 6."),
      field([3, 2], [1, 2], "a stride at the very end does not widen the field"),
      field([5, 2, 5, 2], [1, 2, 1, 2], "LeNet-5 down to its second pooling"),
      field([11, 3, 5, 3, 3, 3, 3, 3], [4, 2, 1, 2, 1, 1, 1, 2], "AlexNet down to its last pooling"),
    ],
    mutants: [
      Mutant(
        "adds up the kernels instead of kernel − 1",
        effect: "Three 3×3 convolutions seem to see 9×9: the network gets too few layers for its task.", Sum.self),
      Mutant(
        "multiplies by the layer's own stride as well",
        effect: "Strided layers seem to see a larger area than they do.", OwnStride.self),
      Mutant(
        "ignores the strides",
        effect: "Pooling seems to add almost nothing, though it lets a network see the whole image.", NoStride.self
      ),
      Mutant(
        "adds the strides instead of multiplying them",
        effect: "Deep in a network, the receptive field comes out several times too small.", AddedStrides.self),
      Mutant(
        "multiplies the kernels",
        effect: "The receptive field seems to explode with depth, and networks are built too shallow.", Product.self),
    ])
}

private func field(_ kernels: [Int], _ strides: [Int], _ about: String, look: String = "") -> Case<any Ex09_7.Type> {
  Case(
    "receptiveField(kernels: \(kernels), strides: \(strides))", about, look: look,
    gives: zip(kernels, strides).reduce(ReceptiveField.pixel) {
      $0.through(Window(kernel: Extent($1.0), stride: Extent($1.1)))
    }.size.height
  ) { try $0.receptiveField(kernels: kernels, strides: strides) }
}

private enum Sum: Ex09_7 {
  static func receptiveField(kernels: [Int], strides: [Int]) -> Int {
    var (field, jump) = (1, 1)
    for (kernel, stride) in zip(kernels, strides) {
      field += kernel * jump
      jump *= stride
    }
    return field
  }
}

private enum OwnStride: Ex09_7 {
  static func receptiveField(kernels: [Int], strides: [Int]) -> Int {
    var (field, jump) = (1, 1)
    for (kernel, stride) in zip(kernels, strides) {
      jump *= stride
      field += (kernel - 1) * jump
    }
    return field
  }
}

private enum NoStride: Ex09_7 {
  static func receptiveField(kernels: [Int], strides: [Int]) -> Int { kernels.reduce(1) { $0 + $1 - 1 } }
}

private enum AddedStrides: Ex09_7 {
  static func receptiveField(kernels: [Int], strides: [Int]) -> Int {
    var (field, jump) = (1, 1)
    for (index, kernel) in kernels.enumerated() {
      field += (kernel - 1) * jump
      jump = index == 0 ? strides[0] : jump + strides[index]
    }
    return field
  }
}

private enum Product: Ex09_7 {
  static func receptiveField(kernels: [Int], strides: [Int]) -> Int { kernels.reduce(1, *) }
}
