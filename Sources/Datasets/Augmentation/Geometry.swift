// Shifts, reflections and rotations of images.

import Foundation
import Tensors

/// Deterministic operations on images [C, H, W], on which the random operations are based.
public enum Pictures {
  /// The image shifted by whole pixels: y[c, i, j] = x[c, i − down, j − right]; uncovered pixels are `fill`.
  public static func shifted(_ image: Tensor, down: Int, right: Int, fill: Float = 0) -> Tensor {
    mapped(image) { row, column in
      (row - down, column - right)
    } outside: { _ in
      fill
    }
  }

  /// The image shifted by whole pixels; uncovered pixels are filled by reflection at the border, without repeating the
  /// border pixels.
  ///
  /// - Precondition: the shift is smaller than the image.
  public static func shiftedReflecting(_ image: Tensor, down: Int, right: Int) -> Tensor {
    let (height, width) = (image.shape[1], image.shape[2])
    demand(
      abs(down) < height && abs(right) < width,
      "Pictures: a shift with reflection must be smaller than \(height)×\(width), got \(down), \(right)")
    func reflect(_ i: Int, _ size: Int) -> Int { i < 0 ? -i : i >= size ? 2 * size - 2 - i : i }
    return mapped(image) { row, column in
      (reflect(row - down, height), reflect(column - right, width))
    } outside: { _ in
      0
    }
  }

  /// The image mirrored left to right: y[c, i, j] = x[c, i, W − 1 − j].
  public static func flipped(_ image: Tensor) -> Tensor {
    let last = image.shape[2] - 1
    return mapped(image) { row, column in
      (row, last - column)
    } outside: { _ in
      0
    }
  }

  /// The image rotated counter-clockwise about its centre, with bilinear interpolation; pixels outside the image are
  /// `fill`.
  public static func rotated(_ image: Tensor, degrees: Float, fill: Float = 0) -> Tensor {
    demandPicture(image)
    let (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
    let angle = degrees * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let (middleY, middleX) = (Float(height - 1) / 2, Float(width - 1) / 2)
    var result = Tensor(zeros: image.shape)
    result.withUnsafeMutableElements { output in
      image.withUnsafeElements { input in
        func pixel(_ plane: Int, _ row: Int, _ column: Int) -> Float {
          0 <= row && row < height && 0 <= column && column < width
            ? input[plane + row * width + column] : fill
        }
        for row in 0..<height {
          for column in 0..<width {
            // Rotate back from the result to the source. Rows count downwards, so the signs are those of a clockwise
            // rotation.
            let (y, x) = (Float(row) - middleY, Float(column) - middleX)
            let (sourceY, sourceX) = (middleY + cosine * y + sine * x, middleX - sine * y + cosine * x)
            let (top, left) = (sourceY.rounded(.down), sourceX.rounded(.down))
            let (v, u) = (sourceY - top, sourceX - left)
            let (i, j) = (Int(top), Int(left))
            for channel in 0..<channels {
              let plane = channel * height * width
              let upper = (1 - u) * pixel(plane, i, j) + u * pixel(plane, i, j + 1)
              let lower = (1 - u) * pixel(plane, i + 1, j) + u * pixel(plane, i + 1, j + 1)
              output[plane + row * width + column] = (1 - v) * upper + v * lower
            }
          }
        }
      }
    }
    return result
  }

  /// y[c, i, j] = x[c, source(i, j)], or `outside(c)` if the source lies outside the image.
  private static func mapped(
    _ image: Tensor, _ source: (Int, Int) -> (Int, Int), outside: (Int) -> Float
  ) -> Tensor {
    demandPicture(image)
    let (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
    var result = Tensor(zeros: image.shape)
    result.withUnsafeMutableElements { output in
      image.withUnsafeElements { input in
        for row in 0..<height {
          for column in 0..<width {
            let (i, j) = source(row, column)
            let isInside = 0 <= i && i < height && 0 <= j && j < width
            for channel in 0..<channels {
              let plane = channel * height * width
              output[plane + row * width + column] = isInside ? input[plane + i * width + j] : outside(channel)
            }
          }
        }
      }
    }
    return result
  }

  static func demandPicture(_ image: Tensor) {
    demand(image.shape.rank == 3, "Pictures: an image is [C, H, W], got \(image.shape)")
  }
}

/// Shifts an image by up to `limit` whole pixels in each direction, uniformly; uncovered pixels are black.
public struct RandomShift: ImageOperation {
  /// The largest shift, in pixels.
  public let limit: Int

  /// Creates a shift by up to `limit` pixels, at least 0.
  public init(by limit: Int) {
    demand(limit >= 0, "RandomShift: the limit must not be negative, got \(limit)")
    self.limit = limit
  }

  public var name: String { "shift by up to \(limit)" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    let down = generator.nextInt(below: 2 * limit + 1) - limit
    let right = generator.nextInt(below: 2 * limit + 1) - limit
    image = Pictures.shifted(image, down: down, right: right)
  }
}

/// Pads the image on each side and takes a random crop of the original size.
///
/// With black padding this is a shift by up to `padding`; with `reflects` the padding is a reflection of the image.
///
/// - Source: He et al. 2016, section 4.2 (CIFAR-10: 4 pixels on each side, a random 32×32 crop).
public struct RandomCrop: ImageOperation {
  /// The number of pixels added on each side.
  public let padding: Int
  /// Whether the padding reflects the image instead of being black.
  public let reflects: Bool

  /// Creates a crop from an image padded by `padding` pixels, at least 0; with reflection, fewer than the image's size.
  public init(padding: Int, reflects: Bool = false) {
    demand(padding >= 0, "RandomCrop: the padding must not be negative, got \(padding)")
    self.padding = padding
    self.reflects = reflects
  }

  public var name: String { "crop with \(reflects ? "reflected " : "")padding \(padding)" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    // The crop starts at (top, left) of the padded image, so its contents move by (padding − top, padding − left).
    let (top, left) = (generator.nextInt(below: 2 * padding + 1), generator.nextInt(below: 2 * padding + 1))
    image =
      reflects
      ? Pictures.shiftedReflecting(image, down: padding - top, right: padding - left)
      : Pictures.shifted(image, down: padding - top, right: padding - left)
  }
}

/// Mirrors the image left to right, with some probability.
///
/// Suitable for cats, but not for digits and letters.
///
/// - Source: Krizhevsky et al. 2012, section 4.1.
public struct HorizontalFlip: ImageOperation {
  /// The probability of a flip, 0 … 1.
  public let probability: Float

  /// Creates a flip that is applied with `probability`, 0 … 1.
  public init(probability: Float = 0.5) {
    demand((0...1).contains(probability), "HorizontalFlip: a probability lies in 0…1, got \(probability)")
    self.probability = probability
  }

  public var name: String { "horizontal flip" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    if generator.nextUniform() < probability { image = Pictures.flipped(image) }
  }
}

/// Rotates the image about its centre by an angle from the uniform distribution on −limit … limit degrees.
public struct RandomRotation: ImageOperation {
  /// The largest angle, in degrees.
  public let limit: Float

  /// Creates a rotation by up to `degrees`, at least 0.
  public init(degrees limit: Float) {
    demand(limit >= 0, "RandomRotation: the limit must not be negative, got \(limit)")
    self.limit = limit
  }

  public var name: String { "rotation by up to \(limit)°" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    image = Pictures.rotated(image, degrees: generator.nextUniform(in: -limit...limit))
  }
}
