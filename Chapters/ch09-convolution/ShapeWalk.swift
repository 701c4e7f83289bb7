// Shape walks: what goes into every layer, what comes out, and how far a unit sees.

import Foundation
import Workbook

/// One step of a shape walk.
struct WalkStep: Codable, Sendable {
  var name: String
  /// The layer in a few words: `5×5, stride 1`.
  var layer: String
  /// The calculation of the output size, or what else happens to the shape.
  var arithmetic: String
  /// The shape of what comes out.
  var output: [Int]
  var parameters: Int
  /// The side of the square of input pixels that one unit can see; nil after the dense layers, which see everything.
  var receptiveField: Int?
}

/// The window of a layer that has one.
func window(of layer: any Layer) -> Window? {
  switch layer {
  case let layer as Conv2D: layer.window
  case let layer as TableConv2D: layer.window
  case let layer as MaxPool: layer.window
  case let layer as AveragePool: layer.window
  default: nil
  }
}

/// Walks through the layers that change a shape.
///
/// - Throws: `ShapeError` where a layer cannot take what it is given.
func shapeWalk(_ layers: Sequential, input: Shape) throws(ShapeError) -> [WalkStep] {
  let fields = try receptiveFields(of: layers, input: input)
  var shape = input
  var steps: [WalkStep] = []
  for entry in layers.entries {
    let (layer, parameters) = (entry.layer, entry.layer.parameterCount)
    let output = try layer.outputShape(for: shape)
    if let window = window(of: layer) {
      let border = window.padding.isZero ? "" : ", padding \(window.padding)"
      steps.append(
        WalkStep(
          name: entry.name, layer: "\(layer.kind) \(window.kernel), stride \(window.stride.height)\(border)",
          arithmetic: sizeArithmetic(window, over: shape[1]), output: output.dimensions, parameters: parameters,
          receptiveField: fields.first { $0.name == entry.name }?.field.size.height))
    } else if output != shape || parameters > 0 {
      steps.append(
        WalkStep(
          name: entry.name, layer: layer.kind,
          arithmetic: shape.rank > 1 ? shape.dimensions.map(String.init).joined(separator: "·") : "",
          output: output.dimensions, parameters: parameters, receptiveField: nil))
    }
    shape = output
  }
  return steps
}

/// `(28 + 2·2 − 5)/1 + 1`.
func sizeArithmetic(_ window: Window, over size: Int) -> String {
  let border = window.padding.isZero ? "" : " + 2·\(window.padding.top)"
  return "(\(size)\(border) − \(window.kernel.height))/\(window.stride.height) + 1"
}

/// What the page tells of AlexNet.
struct AlexNetFacts: Codable, Sendable {
  var rows: [LayerRow]
  var census: Census

  /// Takes what is known.
  init(rows: [LayerRow], census: Census) { (self.rows, self.census) = (rows, census) }

  /// The lecture's AlexNet on 227×227 pixels, by formula: built, its weights would take 500 MB.
  init() {
    func convolution(_ name: String, _ c: Int, _ m: Int, _ k: Int, side: Int) -> LayerRow {
      LayerRow(
        name: name, kind: "Conv2D", output: [m, side, side], parameters: convolutionParameters(c, m, kernel: k),
        multiplyAdds: m * c * k * k * side * side)
    }
    func dense(_ name: String, _ inputs: Int, _ outputs: Int) -> LayerRow {
      LayerRow(
        name: name, kind: "Dense", output: [outputs], parameters: ch09_convolution.denseParameters(inputs, outputs),
        multiplyAdds: inputs * outputs)
    }
    rows = [
      convolution("conv1", 3, 96, 11, side: 55), convolution("conv2", 96, 256, 5, side: 27),
      convolution("conv3", 256, 384, 3, side: 13), convolution("conv4", 384, 384, 3, side: 13),
      convolution("conv5", 384, 256, 3, side: 13), dense("fc6", 256 * 6 * 6, 4096), dense("fc7", 4096, 4096),
      dense("fc8", 4096, 1000),
    ]
    census = Census(convolutions: 5, poolings: 3, dense: 3)
  }

  /// The share of the parameters that lies in the dense layers.
  var denseParameters: Double { share { $0.kind == "Dense" ? $0.parameters : 0 } / share { $0.parameters } }
  /// The share of the multiply-adds that lies in the convolutions.
  var convolutionWork: Double { share { $0.kind == "Conv2D" ? $0.multiplyAdds : 0 } / share { $0.multiplyAdds } }

  private func share(_ amount: (LayerRow) -> Int) -> Double { Double(rows.reduce(0) { $0 + amount($1) }) }
}

/// The layers of AlexNet as S1 lists them, word for word.
let listOfS1 = "CONV1 – POOL2 – CONV3 – POOL4 – CONV4 – CONV5 – CONV6 – CONV7 – POOL8 – FC9 – FC10 – SOFTMAX7"

/// How many layers of each kind there are.
struct Census: Codable, Equatable, Sendable {
  var convolutions: Int
  var poolings: Int
  var dense: Int
}

/// How many convolutions, poolings and dense layers (the softmax layer is one) a list of layers names.
func census(of list: String) -> Census {
  let words = list.components(separatedBy: " – ")
  func count(_ prefix: String) -> Int { words.count { $0.hasPrefix(prefix) } }
  return Census(convolutions: count("CONV"), poolings: count("POOL"), dense: count("FC") + count("SOFTMAX"))
}

/// A text broken into lines at its spaces, so that it fits a terminal.
func wrapped(_ text: String, at width: Int) -> String {
  var lines = [""]
  for word in text.split(separator: " ") {
    if lines[lines.count - 1].count + word.count + 1 > width {
      lines.append("  " + word)
    } else {
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
  }
  return lines.joined(separator: "\n")
}
