// Making pictures smaller or larger.

import Tensors

extension RasterImage {
  /// The picture at another size, by the triangle filter widened to the pixels of the result.
  ///
  /// Each new pixel is the mean of the old ones weighted by max(0, 1 − |distance|/s), s = max(1, old/new) old pixels wide:
  /// linear interpolation when the picture grows, and when it shrinks no pixel is passed over, so that fine patterns do
  /// not turn into coarse ones. First the rows, then the columns, each rounded to bytes, with weights in steps of 2⁻²². Byte
  /// for byte this is what Pillow calls `BILINEAR`, on which torchvision's published accuracies rest.
  public func resized(width newWidth: Int, height newHeight: Int) -> RasterImage {
    demand(newWidth > 0 && newHeight > 0, "RasterImage: a size of \(newWidth)×\(newHeight)")
    var source = pixels
    if newWidth != width {
      source = Self.resample(source, lines: height, lineStride: 3 * width, from: width, to: newWidth, step: 3)
    }
    // After the first pass lines are the columns of the picture.
    if newHeight != height {
      source = Self.resampleColumns(source, width: newWidth, from: height, to: newHeight)
    }
    return RasterImage(width: newWidth, height: newHeight, pixels: source)
  }

  /// Weights are integers with so many fractional bits.
  private static let fraction = 22

  /// The old pixels that a new one is made of, and their weights, which sum to 1 but for rounding.
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
