// Exercise 7.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex07_3 = Exercise<any Ex07_3.Type>(
    .ex07_3, section: "Data augmentation", difficulty: .medium,
    hints: [
      "For each pixel of the result, ask where it came from. Some come from outside.",
      "Pixel (i, j) of the shifted picture was at (i − down, j − right). A crop is a shift: row i of the piece is row "
        + "i + top of the padded picture, which is row i + top − padding of the picture.",
      "`let (row, column) = (i - down, j - right)`, check that both lie inside, then `result[c, i, j] = image[c, row, "
        + "column]`; and `cropped` is `shifted(image, down: padding - top, right: padding - left)`.",
    ],
    cases: [
      shift(line, 0, 1, "shifted([1, 1, 3] 1 2 3, down: 0, right: 1)", "to the right"),
      shift(line, 0, -1, "shifted([1, 1, 3] 1 2 3, down: 0, right: −1)", "to the left"),
      shift(square, 1, 0, "shifted([1, 2, 3] 1 2 3 / 4 5 6, down: 1, right: 0)", "down"),
      shift(square, 5, 0, "shifted([1, 2, 3] 1 2 3 / 4 5 6, down: 5, right: 0)", "completely out of the picture"),
      shift(
        numbers([3, 4, 5]), -2, 1, "shifted([3, 4, 5], down: −2, right: 1)", "three channels, up and to the right"),
      crop(square, 1, 1, 1, "cropped([1, 2, 3] 1 2 3 / 4 5 6, padding: 1, top: 1, left: 1)", "the picture itself"),
      crop(
        square, 1, 0, 0, "cropped([1, 2, 3] 1 2 3 / 4 5 6, padding: 1, top: 0, left: 0)", "the upper left corner",
        look: "The corner of the padded picture is padding: the contents move down and to the right."),
      crop(numbers([2, 5, 4]), 2, 4, 1, "cropped([2, 5, 4], padding: 2, top: 4, left: 1)", "two channels"),
    ],
    mutants: [
      Mutant(
        "moves the picture in the opposite direction",
        effect: "Random shifts do not suffer, since both directions are equally likely; deliberate shifts are wrong.",
        OtherWay.self),
      Mutant(
        "exchanges rows and columns",
        effect: "Where the shifts differ by axis, digits lose strokes instead of margins.", Axes.self),
      Mutant(
        "wraps around: pixels that leave on one side enter on the other",
        effect: "Strokes appear on the far side of the picture: a feature that no real digit has.", Wraps.self),
      Mutant(
        "repeats the pixels at the border instead of 0",
        effect: "Strokes that touch the border are stretched into bars.", Repeats.self),
      Mutant(
        "ignores the padding when it crops",
        effect: "The picture moves only up and to the left: half of the shifts are missing.", NoPadding.self),
      Mutant(
        "moves only the first channel",
        effect: "The colours of a colour picture separate, as in a bad print.", FirstChannel.self),
    ])
}

private let line = Tensor([1, 1, 3], [1, 2, 3])
private let square = Tensor([1, 2, 3], [1, 2, 3, 4, 5, 6])
private func numbers(_ shape: Shape) -> Tensor {
  Tensor(shape, (0..<shape.count).map { Float(($0 * 29) % 97 + 1) / 97 })
}

private func shift(_ image: Tensor, _ down: Int, _ right: Int, _ call: String, _ about: String) -> Case<any Ex07_3.Type>
{
  Case(call, about, gives: Pictures.shifted(image, down: down, right: right)) {
    try $0.shifted(image, down: down, right: right)
  }
}

/// The reference: pads the picture and cuts out the piece.
private func crop(
  _ image: Tensor, _ padding: Int, _ top: Int, _ left: Int, _ call: String, _ about: String, look: String = ""
) -> Case<any Ex07_3.Type> {
  let (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
  var padded = Tensor(zeros: [channels, height + 2 * padding, width + 2 * padding])
  var piece = Tensor(zeros: image.shape)
  for c in 0..<channels {
    for i in 0..<height { for j in 0..<width { padded[c, i + padding, j + padding] = image[c, i, j] } }
    for i in 0..<height { for j in 0..<width { piece[c, i, j] = padded[c, i + top, j + left] } }
  }
  let expected = piece
  return Case(call, about, look: look, gives: expected) {
    try $0.cropped(image, padding: padding, top: top, left: left)
  }
}

/// Shared by the mutants: y[c, i, j] = x[c, source(i, j)], or 0 if there is no source.
private func moved(_ image: Tensor, _ source: (_ c: Int, _ i: Int, _ j: Int) -> (Int, Int)?) -> Tensor {
  let (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
  var result = Tensor(zeros: image.shape)
  for c in 0..<channels {
    for i in 0..<height {
      for j in 0..<width {
        guard let (row, column) = source(c, i, j), (0..<height).contains(row), (0..<width).contains(column) else {
          continue
        }
        result[c, i, j] = image[c, row, column]
      }
    }
  }
  return result
}

private enum OtherWay: Ex07_3 {
  static func shifted(_ image: Tensor, down: Int, right: Int) -> Tensor {
    moved(image) { _, i, j in (i + down, j + right) }
  }
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) -> Tensor {
    shifted(image, down: padding - top, right: padding - left)
  }
}

private enum Axes: Ex07_3 {
  static func shifted(_ image: Tensor, down: Int, right: Int) -> Tensor {
    moved(image) { _, i, j in (i - right, j - down) }
  }
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) -> Tensor {
    shifted(image, down: padding - top, right: padding - left)
  }
}

private enum Wraps: Ex07_3 {
  static func shifted(_ image: Tensor, down: Int, right: Int) -> Tensor {
    let (height, width) = (image.shape[1], image.shape[2])
    return moved(image) { _, i, j in
      (((i - down) % height + height) % height, ((j - right) % width + width) % width)
    }
  }
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) -> Tensor {
    shifted(image, down: padding - top, right: padding - left)
  }
}

private enum Repeats: Ex07_3 {
  static func shifted(_ image: Tensor, down: Int, right: Int) -> Tensor {
    moved(image) { _, i, j in
      (min(max(i - down, 0), image.shape[1] - 1), min(max(j - right, 0), image.shape[2] - 1))
    }
  }
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) -> Tensor {
    shifted(image, down: padding - top, right: padding - left)
  }
}

private enum NoPadding: Ex07_3 {
  static func shifted(_ image: Tensor, down: Int, right: Int) -> Tensor {
    Pictures.shifted(image, down: down, right: right)
  }
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) -> Tensor {
    shifted(image, down: -top, right: -left)
  }
}

private enum FirstChannel: Ex07_3 {
  static func shifted(_ image: Tensor, down: Int, right: Int) -> Tensor {
    moved(image) { c, i, j in c == 0 ? (i - down, j - right) : (i, j) }
  }
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) -> Tensor {
    shifted(image, down: padding - top, right: padding - left)
  }
}
