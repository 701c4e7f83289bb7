// Numbers and references shared by the exercises of chapter 9.

import ExerciseKit

/// Small tensors for the cases, and reference results in double precision.
enum Examples09 {
  /// Random-looking numbers from −1.5 to 1.5 in steps of ¼; the same on every machine.
  static func tensor(_ shape: Shape, _ salt: Int) -> Tensor {
    Tensor(shape, (0..<shape.count).map { Float(($0 * 37 + salt * 11 + $0 * $0 * 5) % 13 - 6) / 4 })
  }

  /// Similar numbers, no two equal: for windows that search for the largest.
  static func distinct(_ shape: Shape, _ salt: Int) -> Tensor {
    // A stride that is coprime to the modulus visits every remainder once.
    let modulus = 997
    return Tensor(shape, (0..<shape.count).map { Float(($0 * 331 + salt * 101) % modulus - 498) / 249 })
  }

  static func doubles(_ tensor: Tensor) -> [Double] { tensor.elements.map(Double.init) }
  static func tensor(_ shape: Shape, of numbers: [Double]) -> Tensor { Tensor(shape, numbers.map { Float($0) }) }

  /// The number of positions of a window.
  static func positions(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
    (size + 2 * padding - kernel) / stride + 1
  }

  /// Cross-correlation in double precision; `x` is [N, C, H, W], `w` is [M, C, k, k].
  static func convolution(
    _ x: [Double], _ xShape: Shape, _ w: [Double], _ wShape: Shape, _ b: [Double], stride s: Int, padding p: Int
  ) -> [Double] {
    let (n, c, h, width) = (xShape[0], xShape[1], xShape[2], xShape[3])
    let (m, k) = (wShape[0], wShape[2])
    let (rows, columns) = (positions(h, k, s, p), positions(width, k, s, p))
    var y: [Double] = []
    for sample in 0..<n {
      for filter in 0..<m {
        for i in 0..<rows {
          for j in 0..<columns {
            var sum = b[filter]
            for channel in 0..<c {
              for u in 0..<k {
                for v in 0..<k {
                  let (row, column) = (i * s + u - p, j * s + v - p)
                  guard row >= 0, row < h, column >= 0, column < width else { continue }
                  sum +=
                    w[((filter * c + channel) * k + u) * k + v]
                    * x[((sample * c + channel) * h + row) * width + column]
                }
              }
            }
            y.append(sum)
          }
        }
      }
    }
    return y
  }

  /// Pooling in double precision over every channel of [N, C, H, W]: `reduce` receives the numbers under a window.
  static func pool(
    _ x: [Double], _ shape: Shape, kernel k: Int, stride s: Int, _ reduce: ([Double]) -> Double
  ) -> [Double] {
    let (h, w) = (shape[2], shape[3])
    var y: [Double] = []
    for plane in 0..<shape[0] * shape[1] {
      for i in 0..<positions(h, k, s, 0) {
        for j in 0..<positions(w, k, s, 0) {
          var window: [Double] = []
          for u in 0..<k { for v in 0..<k { window.append(x[(plane * h + i * s + u) * w + j * s + v]) } }
          y.append(reduce(window))
        }
      }
    }
    return y
  }

  /// The shape after pooling.
  static func pooledShape(_ shape: Shape, kernel: Int, stride: Int) -> Shape {
    [shape[0], shape[1], positions(shape[2], kernel, stride, 0), positions(shape[3], kernel, stride, 0)]
  }
}
