// Correlation by hand: a small kernel slid over a small image, position by position.

import Foundation
import Workbook

/// Slides `kernel` over `image` and writes the sum of the products down everywhere.
func correlate(
  _ image: [[Double]], with kernel: [[Double]], stride: Int = 1, padding: Int = 0
) -> [[Double]] {
  let (height, width, k) = (image.count, image[0].count, kernel.count)
  // Outside the image everything is 0: a black border.
  func pixel(_ y: Int, _ x: Int) -> Double {
    image.indices.contains(y) && image[y].indices.contains(x) ? image[y][x] : 0
  }
  let rows = outputSize(height, kernel: k, stride: stride, padding: padding)
  let columns = outputSize(width, kernel: k, stride: stride, padding: padding)
  return (0..<rows).map { i in
    (0..<columns).map { j in
      var sum = 0.0
      for u in 0..<k {
        for v in 0..<k {
          let (y, x) = (i * stride + u - padding, j * stride + v - padding)
          sum += kernel[u][v] * pixel(y, x)
        }
      }
      return sum
    }
  }
}

/// The positions of a window along one axis: the first one, and one more for each
/// stride that still fits.
func outputSize(_ size: Int, kernel: Int, stride: Int = 1, padding: Int = 0) -> Int {
  let room = size + 2 * padding - kernel
  return room < 0 ? 0 : room / stride + 1
}

/// The first figure: a real digit, small enough to see each pixel, and a kernel that looks for left edges.
enum Slide {
  static let kernel: [[Double]] = handmade[0].kernel

  /// A 28×28 digit averaged over windows of 2×2, in tenths, so that sums come out in the head.
  static func small(_ digit: [[Double]]) -> [[Double]] {
    (0..<digit.count / 2).map { y in
      (0..<digit[0].count / 2).map { x in
        let (upper, lower) = (digit[2 * y], digit[2 * y + 1])
        let sum: Double = upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]
        return (10 * sum / 4).rounded() / 10
      }
    }
  }

  /// The positions shown: along the output row with the largest answer, then the last one, when the output is whole.
  static func positions(_ output: [[Double]]) -> [(row: Int, column: Int)] {
    let row = output.indices.max { (output[$0].max() ?? 0) < (output[$1].max() ?? 0) } ?? 0
    return output[row].indices.map { (row, $0) } + [(output.count - 1, output[0].count - 1)]
  }

  /// `0.3·(−1) + 0.9·2 + … = 2.4`: the products that are not 0, at most four of them.
  static func sum(_ image: [[Double]], _ row: Int, _ column: Int) -> String {
    let terms = kernel.indices.flatMap { u in
      kernel[u].indices.compactMap { v -> String? in
        let (pixel, weight) = (image[row + u][column + v], kernel[u][v])
        return pixel * weight == 0 ? nil : "\(short(pixel))·\(weight < 0 ? "(\(short(weight)))" : short(weight))"
      }
    }
    let total = short(correlate(image, with: kernel)[row][column], digits: 2)
    if terms.isEmpty { return "nothing but zeros" }
    return terms.prefix(4).joined(separator: " + ") + (terms.count > 4 ? " + …" : "") + " = \(total)"
  }
}

/// Kernels that people wrote before networks learned theirs.
let handmade: [(name: String, kernel: [[Double]])] = [
  ("left edges", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
  ("top edges", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
  ("blur", Array(repeating: Array(repeating: 1.0 / 9, count: 3), count: 3)),
  ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
]

/// One image of a data set as rows of brightness 0 … 1, without its border.
func rows(of data: Dataset, at index: Int) -> [[Double]] {
  let (height, width) = (data.imageShape[1], data.imageShape[2])
  let start = index * data.imageShape.count
  return (0..<height).map { y in (0..<width).map { Double(data.pixels[start + y * width + $0]) / 255 } }
}

/// Rows of numbers as a picture.
func picture(_ rows: [[Double]], _ caption: String) -> ImageGrid.Picture {
  ImageGrid.Picture(
    width: rows[0].count, height: rows.count, pixels: rows.flatMap { $0.map { Float($0) } }, caption: caption)
}
