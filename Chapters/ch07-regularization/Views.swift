// Pictures of what is done to pictures: augmentations, colour jitter.

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

  /// The operations of the picture grid but for the change of brightness, with their names.
  static let operations: [(String, Augmentation)] = [
    ("as it is", Augmentation([])),
    ("shift", Augmentation([RandomShift(by: 2)])),
    ("crop", Augmentation([RandomCrop(padding: 4)])),
    ("rotate", Augmentation([RandomRotation(degrees: 15)])),
    ("flip", Augmentation([HorizontalFlip(probability: 1)])),
    ("equalize", Augmentation([Equalize()])),
    ("solarize", Augmentation([Solarize(threshold: 0.5)])),
    ("posterize", Augmentation([Posterize(bits: 2)])),
  ]

  /// Two digits side by side for each operation, three operations in a row: as large as a slide has room for.
  static func grid(_ findings: PictureFindings, seed: UInt64) -> ImageGrid {
    let digits = findings.digits
    // A 5, which a mirror spoils, and a 6, which is tall.
    let places = [5, 6].map { digit in digits.labels.firstIndex { $0 == UInt8(digit) } ?? digits.count - 1 }
    var pictures = operations.flatMap { name, operation in
      places.map { picture(boldest(operation, digits.picture($0), place: $0, seed: seed), name) }
    }
    pictures += places.map { place in
      picture(digits.picture(place).adding([findings.brightness[place]]), "brightness")
    }
    return ImageGrid(columns: 6, pictures)
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

  /// Digits in ink of one hue on paper of another, lit more or less: a set whose colours vary in few directions.
  static func colored(_ digits: Dataset, count: Int, seed: UInt64) -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: 0xC0)
    let size = digits.imageShape.count
    var pixels: [UInt8] = []
    for place in 0..<min(count, digits.count) {
      let light = 0.55 + 0.45 * generator.nextUniform()
      let warm = 0.25 * generator.nextUniform()
      let paper: [Float] = [0.95, 0.85, 0.6 + warm]
      let ink: [Float] = [0.15 + warm, 0.2, 0.45]
      for channel in 0..<3 {
        for i in 0..<size {
          let amount = Float(digits.pixels[place * size + i]) / 255
          pixels.append(UInt8(255 * light * (paper[channel] * (1 - amount) + ink[channel] * amount)))
        }
      }
    }
    return Dataset(
      name: digits.name, pixels: pixels, labels: Array(digits.labels.prefix(count)),
      imageShape: [3, digits.imageShape[1], digits.imageShape[2]], classCount: digits.classCount)
  }

  /// What a jitter adds to the channels of a picture: the same for every pixel.
  static func change(by jitter: ColorJitter, channels: Int, draw: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed, stream: UInt64(draw))
    return Augmentation([jitter]).applied(to: Tensor(zeros: [channels, 1, 1]), using: &generator).elements
  }

  /// The share of pixels that are black.
  static func blackShare(_ digits: Dataset, count: Int) -> Double {
    let pixels = digits.pixels.prefix(count * digits.imageShape.count)
    return Double(pixels.count { $0 == 0 }) / Double(max(1, pixels.count))
  }
}

extension Tensor {
  /// An image [C, H, W] with a number added to each channel.
  func adding(_ color: [Float]) -> Tensor {
    let plane = shape[1] * shape[2]
    return Tensor(shape, elements.enumerated().map { $1 + color[$0 / plane] })
  }
}

/// What stochastic pooling gives on average: pᵢ = xᵢ/Σx, so Σ pᵢ·xᵢ = Σx²/Σx.
func expectedPool(_ window: [Float]) -> Float {
  let sum = window.reduce(0, +)
  return sum == 0 ? 0 : window.reduce(0) { $0 + $1 * $1 } / sum
}
