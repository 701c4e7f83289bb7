// Pictures of what augmentations do to pictures.

import Foundation
import Workbook

/// Rows of pictures: what each operation makes of one digit.
enum Views {
  /// A picture for a grid, [1, H, W] or [3, H, W] with values from 0 to 1.
  static func picture(_ image: Tensor, _ caption: String = "") -> ImageGrid.Picture {
    .init(
      width: image.shape[2], height: image.shape[1], pixels: image.elements.map { min(1, max(0, $0)) },
      channels: image.shape[0], caption: caption)
  }

  /// The operations of the picture grid, with their names.
  static let operations: [(String, Augmentation)] = [
    ("as it is", Augmentation([])),
    ("shift", Augmentation([RandomShift(by: 2)])),
    ("rotate", Augmentation([RandomRotation(degrees: 15)])),
    ("flip", Augmentation([HorizontalFlip(probability: 1)])),
  ]

  /// One digit under each operation, side by side.
  static func grid(_ findings: PictureFindings, seed: UInt64) -> ImageGrid {
    let digits = findings.digits
    // A 5, which a mirror spoils.
    let place = digits.labels.firstIndex(of: 5) ?? 0
    let pictures = operations.map { name, operation in
      picture(boldest(operation, digits.picture(place), place: place, seed: seed), name)
    }
    return ImageGrid(columns: 4, pictures)
  }

  /// Of a few draws the one that changes a picture most, so that the change can be seen.
  private static func boldest(_ operation: Augmentation, _ image: Tensor, place: Int, seed: UInt64) -> Tensor {
    let draws = (0..<8).map { draw in
      var generator = SeededGenerator(seed: seed, stream: UInt64(place + 100 * draw))
      return operation.applied(to: image, using: &generator)
    }
    func change(_ other: Tensor) -> Float { zip(image.elements, other.elements).reduce(0) { $0 + abs($1.0 - $1.1) } }
    return draws.max { change($0) < change($1) } ?? image
  }

  /// The first digit of each class from 0, as many as asked for.
  static func firstOfEach(_ digits: Dataset, _ classes: [UInt8]) -> [Int] {
    classes.compactMap { digits.labels.firstIndex(of: $0) }
  }
}

/// What stochastic pooling gives on average: pᵢ = xᵢ/Σx, so Σ pᵢ·xᵢ = Σx²/Σx.
func expectedPool(_ window: [Float]) -> Float {
  let sum = window.reduce(0, +)
  return sum == 0 ? 0 : window.reduce(0) { $0 + $1 * $1 } / sum
}
