// Exercise 9.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex09_1 = Exercise<any Ex09_1.Type>(
    .ex09_1, section: "Output size", difficulty: .easy,
    hints: [
      "Lay the window at the left edge of the padded image: that is one position. How far can it still move?",
      "The padded image has size + 2·padding pixels; the window covers kernel of them. The rest is the room to move, "
        + "and every full stride in it gives one more position. If the window does not fit, there is no position.",
      "`let room = size + 2 * padding - kernel`; below 0 the answer is 0, else `room / stride + 1`, "
        + "where integer division rounds down.",
    ],
    cases: [
      size(5, 3, 1, 0, gives: 3, "three positions: at 0, 1 and 2"),
      size(5, 3, 2, 0, gives: 2, "stride 2: at 0 and 2"),
      size(32, 5, 1, 0, gives: 28, "LeNet's C1"),
      size(32, 5, 1, 2, gives: 32, "padding on both sides", look: "The padding is added on both sides."),
      size(28, 2, 2, 0, gives: 14, "pooling"),
      size(227, 11, 4, 0, gives: 55, "AlexNet's conv1"),
      size(
        224, 11, 4, 0, gives: 54, "a stride that leaves a remainder", look: "A last, partial step does not count."),
      size(13, 3, 2, 1, gives: 7, "stride and padding"),
      size(6, 3, 2, 0, gives: 2, "a pixel is left over", look: "A last, partial step does not count."),
      size(
        3, 7, 2, 0, gives: 0, "a window that does not fit",
        look: "If the window does not fit even once, there is no position: 0."),
      size(
        10, 11, 4, 0, gives: 0, "a window larger by one",
        look: "Integer division rounds towards 0: −1 / 4 is 0, and 0 + 1 is 1."),
    ],
    mutants: [
      Mutant(
        "forgets the first position, the + 1",
        effect: "Every map comes out one pixel too small; the first dense layer receives too few features.",
        NoFirst.self),
      Mutant(
        "adds the padding on one side only",
        effect: "Layers that should keep the image size shrink it; a deep network runs out of pixels.", OneSide.self),
      Mutant(
        "rounds up instead of down",
        effect: "The last window extends past the edge and reads pixels that do not exist.", RoundsUp.self),
      Mutant(
        "divides by the stride before subtracting the kernel",
        effect: "With stride 1 all is well; AlexNet's first layer comes out at 46 instead of 55.", EarlyDivision.self),
      Mutant(
        "does not notice that the window does not fit",
        effect: "An impossible network is built, and it fails far from the faulty layer.", Trusting.self),
      Mutant(
        "adds the stride before dividing, and notices only windows that are a little too large",
        effect: "Feature maps of negative size are passed on; the network fails far from the faulty layer.",
        HalfTrusting.self),
    ])
}

private func size(
  _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, gives expected: Int, _ about: String = "",
  look: String = ""
) -> Case<any Ex09_1.Type> {
  Case(
    "outputSize(\(size), kernel: \(kernel), stride: \(stride), padding: \(padding))", about, look: look, gives: expected
  ) {
    try $0.outputSize(size, kernel: kernel, stride: stride, padding: padding)
  }
}

private enum NoFirst: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) -> Int {
    max(0, size + 2 * padding - kernel) / stride
  }
}

private enum OneSide: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) -> Int {
    let room = size + padding - kernel
    return room < 0 ? 0 : room / stride + 1
  }
}

private enum RoundsUp: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) -> Int {
    let room = size + 2 * padding - kernel
    return room < 0 ? 0 : (room + stride - 1) / stride + 1
  }
}

private enum EarlyDivision: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) -> Int {
    size + 2 * padding < kernel ? 0 : (size + 2 * padding) / stride - kernel + 1
  }
}

private enum Trusting: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) -> Int {
    (size + 2 * padding - kernel) / stride + 1
  }
}

private enum HalfTrusting: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) -> Int {
    (size + 2 * padding - kernel + stride) / stride
  }
}
