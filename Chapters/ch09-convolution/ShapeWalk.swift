// Shape walks: what goes into every layer and what comes out, how far a unit sees, and what ten mistakes say.

import Foundation
import Workbook

/// One step of a shape walk.
struct WalkStep: Sendable {
  var name: String
  /// The layer in a few words: `5×5, stride 1`.
  var layer: String
  /// The calculation of the output size, or what else happens to the shape.
  var arithmetic: String
  var output: Shape
  var parameters: Int
  /// The side of the square of input pixels that one unit can see; nil behind the dense layers, which see everything.
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
    var (layer, parameters) = (entry.layer, 0)
    layer.visitParameters { _, parameter in parameters += parameter.value.count }
    let output = try layer.outputShape(for: shape)
    if let window = window(of: layer) {
      let border = window.padding.isZero ? "" : ", padding \(window.padding)"
      steps.append(
        WalkStep(
          name: entry.name, layer: "\(layer.kind) \(window.kernel), stride \(window.stride.height)\(border)",
          arithmetic: sizeArithmetic(window, over: shape[1]), output: output, parameters: parameters,
          receptiveField: fields.first { $0.name == entry.name }?.field.size.height))
    } else if output != shape || parameters > 0 {
      steps.append(
        WalkStep(
          name: entry.name, layer: layer.kind,
          arithmetic: shape.rank > 1 ? shape.dimensions.map(String.init).joined(separator: "·") : "",
          output: output, parameters: parameters, receptiveField: nil))
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

/// A mistake that everybody makes once, and the network that contains it.
struct ShapeMistake: Sendable {
  /// What was done, in a sentence.
  var story: String
  /// The line of code that is wrong.
  var line: String
  var layers: Sequential
  var input: Shape

  /// What the model says; nil if it lets the mistake pass.
  var message: String? { error?.description }

  /// Whether the message names the layer, what it expects, what it gets, and the arithmetic.
  var isTold: Bool { error.map { !$0.path.isEmpty && !$0.expected.isEmpty && !$0.arithmetic.isEmpty } ?? false }

  /// What the model throws; nil if it lets the mistake pass.
  var error: ShapeError? {
    do throws(ShapeError) {
      _ = try layers.outputShape(for: input)
      return nil
    } catch { return error }
  }
}

extension ShapeMistake {
  /// Ten classic mistakes; each stops LeNet, AlexNet or a residual net before a single number is computed.
  static let classics: [ShapeMistake] = [
    ShapeMistake(
      story: "LeNet-5 gets MNIST as it is, 28×28, and not padded to 32×32.",
      line: "try Model(LeNet5.plus.layers, input: [1, 28, 28], seed: 1)", layers: LeNet5.plus.layers,
      input: [1, 28, 28]),
    ShapeMistake(
      story: "A colour image goes into a network for grey ones.",
      line: "try Model(LeNet5.plus.layers, input: [3, 32, 32], seed: 1)", layers: LeNet5.plus.layers,
      input: [3, 32, 32]),
    ShapeMistake(
      story: "The channels stand last, as in an image file.",
      line: "try Model(LeNet5.plus.layers, input: [32, 32, 1], seed: 1)", layers: LeNet5.plus.layers,
      input: [32, 32, 1]),
    ShapeMistake(
      story: "No `Flatten()` between the last pooling and the first dense layer.",
      line: "\"pool2\": MaxPool(2), \"fc1\": Dense(400, 120)",
      layers: Sequential([
        "conv1": Conv2D(1, 6, kernel: 5), "relu1": ReLU(), "pool1": MaxPool(2), "conv2": Conv2D(6, 16, kernel: 5),
        "relu2": ReLU(), "pool2": MaxPool(2), "fc1": Dense(400, 120),
      ]), input: [1, 32, 32]),
    ShapeMistake(
      story: "One layer's filters were made more; the next layer was not told.",
      line: "\"conv1\": Conv2D(1, 8, kernel: 5), … \"conv2\": Conv2D(6, 16, kernel: 5)",
      layers: Sequential([
        "conv1": Conv2D(1, 8, kernel: 5), "relu1": ReLU(), "pool1": MaxPool(2), "conv2": Conv2D(6, 16, kernel: 5),
      ]), input: [1, 32, 32]),
    ShapeMistake(
      story: "One convolution more than the image can bear.",
      line: "… \"pool3\": MaxPool(2), \"conv4\": Conv2D(32, 32, kernel: 5)",
      layers: Sequential([
        "conv1": Conv2D(1, 6, kernel: 5), "pool1": MaxPool(2), "conv2": Conv2D(6, 16, kernel: 5), "pool2": MaxPool(2),
        "conv3": Conv2D(16, 32, kernel: 3), "pool3": MaxPool(2), "conv4": Conv2D(32, 32, kernel: 5),
      ]), input: [1, 32, 32]),
    ShapeMistake(
      story: "AlexNet's table with the 224×224 that the paper prints, in place of 227×227.",
      line: "try Model(AlexNet.lecture(), input: [3, 224, 224], seed: 1)", layers: alexNetWalk(), input: [3, 224, 224]),
    ShapeMistake(
      story: "AlexNet's second convolution without its padding of 2.",
      line: "\"conv2\": Conv2D(96, 256, kernel: 5)", layers: alexNetWalk(conv2Padding: 0), input: [3, 227, 227]),
    ShapeMistake(
      story: "AlexNet's pooling without its stride: the windows then tile the image, 3 apart and not 2.",
      line: "\"pool1\": MaxPool(3)", layers: alexNetWalk(poolStride: 3), input: [3, 227, 227]),
    ShapeMistake(
      story: "A residual block whose stride halves the image, beside a shortcut that does not.",
      line: "ResidualBlock.basic(64, 128, stride: 2, projection: false)",
      layers: Sequential(["block": ResidualBlock.basic(64, 128, stride: 2, projection: false)]),
      input: [64, 56, 56]),
  ]

  /// The lecture's AlexNet down to its first dense layer, with two places to go wrong.
  private static func alexNetWalk(conv2Padding: Int = 2, poolStride: Int = 2) -> Sequential {
    let pool = MaxPool(3, stride: Extent(poolStride))
    return Sequential([
      "conv1": Conv2D(3, 96, kernel: 11, stride: 4), "relu1": ReLU(), "pool1": pool, "norm1": LocalResponseNorm(),
      "conv2": Conv2D(96, 256, kernel: 5, padding: Padding(conv2Padding)), "relu2": ReLU(), "pool2": pool,
      "norm2": LocalResponseNorm(),
      "conv3": Conv2D(256, 384, kernel: 3, padding: 1), "relu3": ReLU(),
      "conv4": Conv2D(384, 384, kernel: 3, padding: 1), "relu4": ReLU(),
      "conv5": Conv2D(384, 256, kernel: 3, padding: 1), "relu5": ReLU(), "pool3": pool,
      // 4096 units would take 300 MB for a message that does not depend on them.
      "flatten": Flatten(), "fc6": Dense(9216, 16),
    ])
  }
}

/// What the page tells of AlexNet: built once, since its weights take 500 MB.
struct AlexNetFacts: Sendable {
  var walk: [WalkStep]
  var rows: [LayerRow]
  var census: (convolutions: Int, poolings: Int, dense: Int)

  init() throws {
    let (layers, input) = (AlexNet.lecture(), Shape([3, 227, 227]))
    walk = try shapeWalk(layers, input: input)
    rows = table(of: layers, input: input).filter { $0.parameters > 0 }
    census = ch09_convolution.census(of: layers)
  }

  /// The share of the parameters that lies in the dense layers.
  var denseParameters: Double { share { $0.kind == "Dense" ? $0.parameters : 0 } / share { $0.parameters } }
  /// The share of the multiply-adds that lies in the convolutions.
  var convolutionWork: Double { share { $0.kind == "Conv2D" ? $0.multiplyAdds : 0 } / share { $0.multiplyAdds } }

  private func share(_ amount: (LayerRow) -> Int) -> Double { Double(rows.reduce(0) { $0 + amount($1) }) }
}

/// The layers of AlexNet as S1 lists them, word for word.
let listOfS1 = "CONV1 – POOL2 – CONV3 – POOL4 – CONV4 – CONV5 – CONV6 – CONV7 – POOL8 – FC9 – FC10 – SOFTMAX7"

/// How many convolutions, poolings and dense layers (the softmax layer is one) a list of layers names.
func census(of list: String) -> (convolutions: Int, poolings: Int, dense: Int) {
  let words = list.components(separatedBy: " – ")
  func count(_ prefix: String) -> Int { words.count { $0.hasPrefix(prefix) } }
  return (count("CONV"), count("POOL"), count("FC") + count("SOFTMAX"))
}

/// The same of a built network.
func census(of layers: Sequential) -> (convolutions: Int, poolings: Int, dense: Int) {
  (
    layers.entries.count { $0.layer is Conv2D }, layers.entries.count { $0.layer is MaxPool },
    layers.entries.count { $0.layer is Dense }
  )
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
