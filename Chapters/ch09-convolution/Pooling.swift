// Pooling: what it does to a picture before anything is learned.

import Foundation
import Workbook

/// The three poolings of the chapter.
enum Pool: CaseIterable, Sendable {
  case average, max, overlapping

  var name: String {
    switch self {
    case .average: "average 2×2"
    case .max: "max 2×2"
    case .overlapping: "max 3×3, stride 2"
    }
  }

  var layer: any Layer {
    switch self {
    case .average: AveragePool(2)
    case .max: MaxPool(2)
    case .overlapping: MaxPool(3, stride: 2)
    }
  }
}

/// An image [1, 1, H, W] from rows of numbers.
func tensor(_ rows: [[Double]]) -> Tensor {
  Tensor([1, 1, rows.count, rows[0].count], rows.flatMap { $0.map { Float($0) } })
}

/// The first map of a tensor [1, C, H, W] as rows of numbers.
func firstMap(_ tensor: Tensor) -> [[Double]] {
  let (height, width) = (tensor.shape[2], tensor.shape[3])
  return (0..<height).map { y in (0..<width).map { Double(tensor.elements[y * width + $0]) } }
}

/// How much of what a layer says changes when the image moves one pixel to the right:
/// ‖P(shifted) − P(image)‖ / ‖P(image)‖, the mean over images [N, C, H, W].
func shiftResponse(_ layer: (any Layer)?, images: Tensor, shifted: Tensor) -> Double {
  func output(_ x: Tensor) -> Tensor {
    guard var layer else { return x }
    return layer.forward(x)
  }
  let (a, b) = (output(images), output(shifted))
  let (count, size) = (a.shape[0], a.count / a.shape[0])
  var total = 0.0
  for n in 0..<count {
    var (change, norm) = (0.0, 0.0)
    for place in n * size..<(n + 1) * size {
      let (before, after) = (Double(a.elements[place]), Double(b.elements[place]))
      change += (after - before) * (after - before)
      norm += before * before
    }
    total += (change / max(norm, 1e-12)).squareRoot()
  }
  return total / Double(count)
}

/// What remains of a shift by one pixel after a pooling: 0 where nothing changes.
struct ShiftResponse: Codable, Sendable {
  var name: String
  var change: Double
}

/// What remains of a shift by one pixel after each pooling, for the left edges of some digits; the first entry is
/// without pooling.
func shiftResponses(on data: Dataset, count: Int) -> [ShiftResponse] {
  var edges = Conv2D(1, 1, kernel: 3, padding: 1, bias: false)
  edges.weight.value = Tensor([1, 1, 3, 3], handmade[0].kernel.flatMap { $0.map { Float($0) } })
  var rectifier = ReLU()
  func maps(_ data: Dataset) -> Tensor {
    var plain = data
    plain.transform = PixelTransform()
    return rectifier.forward(edges.forward(plain.batch(first: count).inputs))
  }
  let (still, moved) = (maps(data), maps(data.shifted(right: 1)))
  func response(_ name: String, _ layer: (any Layer)?) -> ShiftResponse {
    ShiftResponse(name: name, change: shiftResponse(layer, images: still, shifted: moved))
  }
  return [response("no pooling", nil)] + Pool.allCases.map { response($0.name, $0.layer) }
}
