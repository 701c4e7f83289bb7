// Operations on the brightness of pixels.

import Tensors

extension Pictures {
  /// The image after histogram equalization of each channel: all tones occur about equally often.
  ///
  /// With h the histogram over 256 levels and H(v) = h(0) + … + h(v − 1), level v becomes ⌊(⌊s/2⌋ + H(v))/s⌋ for the step
  /// s = ⌊(pixels − h(brightest level in use))/255⌋. A channel with s = 0 (too few pixels, or a single tone) is
  /// unchanged.
  ///
  /// - Source: the operation used by AutoAugment (Cubuk et al. 2019, table 6), as in Pillow's `ImageOps.equalize`.
  public static func equalized(_ image: Tensor) -> Tensor {
    demandPicture(image)
    let plane = image.shape[1] * image.shape[2]
    var result = image
    result.withUnsafeMutableElements { x in
      for start in stride(from: 0, to: x.count, by: plane) {
        var histogram = [Int](repeating: 0, count: 256)
        for i in start..<start + plane { histogram[level(x[i])] += 1 }
        let brightest = histogram.last { $0 > 0 } ?? 0
        let step = (plane - brightest) / 255
        if step == 0 { continue }
        var table: [Float] = []
        var darker = step / 2
        for count in histogram {
          table.append(Float(min(255, darker / step)) / 255)
          darker += count
        }
        for i in start..<start + plane { x[i] = table[level(x[i])] }
      }
    }
    return result
  }

  /// The solarized image: tones from `threshold` up are inverted, y = 1 − x where x ≥ threshold.
  ///
  /// - Source: Cubuk et al. 2019, table 6.
  public static func solarized(_ image: Tensor, threshold: Float) -> Tensor {
    var result = image
    result.withUnsafeMutableElements { x in
      for i in x.indices where x[i] >= threshold { x[i] = 1 - x[i] }
    }
    return result
  }

  /// The posterized image, which keeps only the `bits` highest of the 8 bits of each pixel.
  ///
  /// - Source: Cubuk et al. 2019, table 6.
  public static func posterized(_ image: Tensor, bits: Int) -> Tensor {
    demand((1...8).contains(bits), "Pictures: posterizing keeps 1 to 8 bits, got \(bits)")
    let mask = 0xFF << (8 - bits) & 0xFF
    var result = image
    result.withUnsafeMutableElements { x in
      for i in x.indices { x[i] = Float(level(x[i]) & mask) / 255 }
    }
    return result
  }

  /// The level 0 … 255 of a value from 0 to 1; values outside this range are clipped.
  private static func level(_ value: Float) -> Int { Int((min(1, max(0, value)) * 255).rounded()) }
}

/// Equalizes the histogram of an image: ``Pictures/equalized(_:)``.
public struct Equalize: ImageOperation {
  /// Creates the operation.
  public init() {}

  public var name: String { "equalize" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    image = Pictures.equalized(image)
  }
}

/// Inverts bright tones: ``Pictures/solarized(_:threshold:)``.
public struct Solarize: ImageOperation {
  /// The smallest value that is inverted, 0 … 1.
  public let threshold: Float

  /// Creates the operation; values from `threshold` on are inverted.
  public init(threshold: Float = 0.5) {
    demand((0...1).contains(threshold), "Solarize: the threshold lies in 0…1, got \(threshold)")
    self.threshold = threshold
  }

  public var name: String { "solarize from \(threshold)" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    image = Pictures.solarized(image, threshold: threshold)
  }
}

/// Keeps only the highest bits of each pixel: ``Pictures/posterized(_:bits:)``.
public struct Posterize: ImageOperation {
  /// The number of bits that are kept, of 8.
  public let bits: Int

  /// Creates the operation, which keeps `bits` of 8 bits, 1 to 8.
  public init(bits: Int) {
    demand((1...8).contains(bits), "Posterize: keeps 1 to 8 bits, got \(bits)")
    self.bits = bits
  }

  public var name: String { "posterize to \(bits) bit\(bits == 1 ? "" : "s")" }

  public func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    image = Pictures.posterized(image, bits: bits)
  }
}
