// What a layer costs: parameters and multiply-adds, by formula and as built.

import Foundation
import Workbook

/// The parameters of a convolution: each of the `outputs` filters has k² weights
/// for every channel it sees, and one bias.
func convolutionParameters(_ inputs: Int, _ outputs: Int, kernel: Int) -> Int {
  outputs * (inputs * kernel * kernel + 1)
}

/// The parameters of a dense layer: a weight for every input of a unit, and one bias.
func denseParameters(_ inputs: Int, _ outputs: Int) -> Int { outputs * (inputs + 1) }

/// im2col of one channel: the pixels under each place of the window, a column each.
func columns(of image: [[Double]], kernel k: Int) -> [[Double]] {
  let (height, width) = (image.count - k + 1, image[0].count - k + 1)
  return (0..<k * k).map { weight in
    (0..<height * width).map { output in
      image[output / width + weight / k][output % width + weight % k]
    }
  }
}

/// One row of the table of LeNet-5: the layer's name, in brackets that of the paper, its sum in words, and what it comes to.
struct CountRow: Equatable, Sendable {
  var name: String
  var arithmetic: String
  var output: Shape
  var parameters: Int
  var multiplyAdds: Int
}

/// LeNet-5 with the paper's names, counted by formula.
func lenetCounts() -> [CountRow] {
  func convolution(_ name: String, _ c: Int, _ m: Int, _ k: Int, over size: Int) -> CountRow {
    let side = outputSize(size, kernel: k)
    return CountRow(
      name: name, arithmetic: "\(m) · (\(c)·\(k)·\(k) + 1)", output: [m, side, side],
      parameters: convolutionParameters(c, m, kernel: k), multiplyAdds: m * c * k * k * side * side)
  }
  func dense(_ name: String, _ inputs: Int, _ outputs: Int) -> CountRow {
    CountRow(
      name: name, arithmetic: "\(outputs) · (\(inputs) + 1)", output: [outputs],
      parameters: denseParameters(inputs, outputs), multiplyAdds: inputs * outputs)
  }
  return [
    convolution("conv1 (C1)", 1, 6, 5, over: 32),
    CountRow(name: "pool1", arithmetic: "pooling 2×2", output: [6, 14, 14], parameters: 0, multiplyAdds: 0),
    convolution("conv2 (C3)", 6, 16, 5, over: 14),
    CountRow(name: "pool2", arithmetic: "pooling 2×2", output: [16, 5, 5], parameters: 0, multiplyAdds: 0),
    dense("fc1 (C5)", 16 * 5 * 5, 120), dense("fc2 (F6)", 120, 84), dense("fc3 (output)", 84, 10),
  ]
}

/// One layer of a built network.
struct LayerRow: Codable, Equatable, Sendable {
  var name: String
  var kind: String
  /// The shape of what comes out.
  var output: [Int]
  var parameters: Int
  var multiplyAdds: Int
}

/// The table of a network without drawing its weights; empty where the layers do not fit.
func table(of layers: Sequential, input: Shape) -> [LayerRow] {
  var shape = input
  var rows: [LayerRow] = []
  for entry in layers.entries {
    let layer = entry.layer
    guard let output = try? layer.outputShape(for: shape) else { return [] }
    rows.append(
      LayerRow(
        name: entry.name, kind: layer.kind, output: output.dimensions, parameters: layer.parameterCount,
        multiplyAdds: layer.multiplyAdds(for: shape)))
    shape = output
  }
  return rows
}

/// The weights of `count` 3×3 layers against those of one layer that sees as far, C channels in and out.
func stackedWeights(count: Int, channels: Int) -> (side: Int, stacked: Int, single: Int) {
  let side = 2 * count + 1
  return (side, count * 9 * channels * channels, side * side * channels * channels)
}

/// Small maps beside each other as text, each under its name.
func sideBySide(_ maps: [(name: String, rows: [[Double]])]) -> String {
  let columns = maps.map { name, rows -> [String] in
    let lines = [name] + rows.map { row in row.map { short($0) }.map { pad($0, 3) }.joined(separator: " ") }
    let width = lines.map(\.count).max() ?? 0
    return lines.map { $0 + String(repeating: " ", count: width - $0.count) }
  }
  let height = columns.map(\.count).max() ?? 0
  return (0..<height).map { line in
    columns.map { line < $0.count ? $0[line] : String(repeating: " ", count: $0[0].count) }.joined(separator: "     ")
  }.joined(separator: "\n")
}

private func pad(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
