// Scaling of images.

import Tensors

extension RasterImage {
  /// The image scaled to another size, by a triangle filter whose width is adapted to the scale.
  ///
  /// Each new pixel is the mean of the old pixels, weighted by max(0, 1 − |distance|/s), with s = max(1, old/new) old
  /// pixels. When the image is enlarged, this is linear interpolation. When it is reduced, every old pixel contributes,
  /// which avoids aliasing. Rows are processed first, then columns; each result is rounded to bytes, and the weights
  /// are multiples of 2⁻²². The result is byte for byte that of Pillow's `BILINEAR`, with which torchvision's published
  /// accuracies were measured.
  public func resized(width newWidth: Int, height newHeight: Int) -> RasterImage {
    demand(newWidth > 0 && newHeight > 0, "RasterImage: a size of \(newWidth)×\(newHeight)")
    var source = pixels
    if newWidth != width {
      source = Self.resample(source, lines: height, lineStride: 3 * width, from: width, to: newWidth, step: 3)
    }
    // The second pass processes the columns of the image.
    if newHeight != height {
      source = Self.resampleColumns(source, width: newWidth, from: height, to: newHeight)
    }
    return RasterImage(width: newWidth, height: newHeight, pixels: source)
  }

  /// The number of fractional bits of the weights, which are integers.
  private static let fraction = 22

  /// The old pixels that contribute to each new pixel, and their weights, which sum to 1 except for rounding.
  private static func weights(from old: Int, to new: Int) -> [(first: Int, weights: [Int])] {
    let scale = Double(old) / Double(new)
    let support = max(1, scale)
    return (0..<new).map { index in
      let center = (Double(index) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let end = min(old, Int(center + support + 0.5))
      let raw = (first..<end).map { max(0, 1 - abs((Double($0) - center + 0.5) / support)) }
      let sum = raw.reduce(0, +)
      return (first, raw.map { Int(0.5 + $0 / sum * Double(1 << fraction)) })
    }
  }

  private static func resample(
    _ source: [UInt8], lines: Int, lineStride: Int, from old: Int, to new: Int, step: Int
  ) -> [UInt8] {
    let table = weights(from: old, to: new)
    var result = [UInt8](repeating: 0, count: lines * new * 3)
    result.withUnsafeMutableBufferPointer { output in
      source.withUnsafeBufferPointer { input in
        for line in 0..<lines {
          for (index, entry) in table.enumerated() {
            for color in 0..<3 {
              var sum = 1 << (fraction - 1)
              var place = line * lineStride + entry.first * step + color
              for weight in entry.weights {
                sum += weight * Int(input[place])
                place += step
              }
              output[(line * new + index) * 3 + color] = UInt8(min(255, sum >> fraction))
            }
          }
        }
      }
    }
    return result
  }

  private static func resampleColumns(_ source: [UInt8], width: Int, from old: Int, to new: Int) -> [UInt8] {
    let row = 3 * width
    var result = [UInt8](repeating: 0, count: new * row)
    var sums = [Int](repeating: 0, count: row)
    for (index, entry) in weights(from: old, to: new).enumerated() {
      for i in 0..<row { sums[i] = 1 << (fraction - 1) }
      for (offset, weight) in entry.weights.enumerated() {
        let start = (entry.first + offset) * row
        for i in 0..<row { sums[i] += weight * Int(source[start + i]) }
      }
      for i in 0..<row { result[index * row + i] = UInt8(min(255, sums[i] >> fraction)) }
    }
    return result
  }
}
