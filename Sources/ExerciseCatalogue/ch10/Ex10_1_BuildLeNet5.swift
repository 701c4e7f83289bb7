// Exercise 10.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex10_1 = Exercise<any Ex10_1.Type>(
    .ex10_1, section: "The network", difficulty: .medium,
    hints: [
      "Follow the image: 32×32, then 28, 14, 10, 5. Which layer removes 4 pixels, and which one halves the size?",
      "Two rounds of convolution (5×5), tanh, average pooling (2×2), then three dense layers. The first of them sees "
        + "all 16 maps of 5×5 as one row of numbers; a sigmoid follows the last, a tanh each of the others.",
      "`Sequential([Conv2D(1, 6, kernel: 5), Tanh(), AveragePool(2), Conv2D(6, 16, kernel: 5), …, Flatten(), "
        + "Dense(400, 120), Tanh(), …, Sigmoid()])`",
    ],
    cases: [
      Case(
        "network(classes: 10), parameter counts of the layers", "in order, weights and biases together",
        look: "The table on the page; a convolution has out·in·5·5 weights and out biases.",
        gives: parameterCounts(of: LeNet5.plain.layers)
      ) { parameterCounts(of: try $0.network(classes: 10)) },
      Case(
        "network(classes: 10), output shape of each layer", "for an image [1, 32, 32], in order",
        look: "Every convolution is followed by its activation, and then by pooling.",
        gives: outputShapes(of: LeNet5.plain.layers)
      ) { outputShapes(of: try fitting(try $0.network(classes: 10))) },
      Case(
        "network(classes: 10), its output for a fixed image", "every weight set to a small number by its index",
        look: "The shapes are right; are tanh, average pooling and the last sigmoid where they belong?",
        gives: answer(of: LeNet5.plain.layers)
      ) { answer(of: try fitting(try $0.network(classes: 10))) },
      Case(
        "network(classes: 3), its output for a fixed image", "another number of classes",
        gives: answer(of: LeNet5(classes: 3).layers)
      ) { answer(of: try fitting(try $0.network(classes: 3))) },
    ],
    mutants: [
      Mutant(
        "uses max pooling, as later networks do",
        effect: "It trains, often better; but it is not LeNet-5, which uses average pooling.", MaxPooling.self),
      Mutant(
        "uses ReLU where LeNet-5 has tanh",
        effect: "That is the first half of LeNet-5+: the gradient no longer fades in saturated units.",
        Rectified.self),
      Mutant(
        "leaves out the sigmoid at the end",
        effect: "Outputs are then unbounded; 0 and 1 are targets but no longer limits.",
        NoSigmoid.self),
      Mutant(
        "goes from 400 to 84 and only then to 120",
        effect: "The parameter counts of three layers are wrong, and published weights do not fit.", Swapped.self),
      Mutant(
        "has no activation between the convolution and its pooling",
        effect: "Convolution and averaging are both linear: together they amount to one larger convolution.",
        NoActivation.self),
      Mutant(
        "always has ten outputs",
        effect: "For any other number of classes, the labels do not match the outputs.", AlwaysTen.self),
    ])
}

/// The network, if its layers fit together; otherwise the error names the layer that does not fit.
private func fitting(_ network: Sequential) throws -> Sequential {
  try network.demandFit(for: LeNet5.inputShape)
  return network
}

/// The number of parameters of each layer that has any.
private func parameterCounts(of network: Sequential) -> [Int] {
  network.flattenedLayers.map { $0.parameterCount }.filter { $0 > 0 }
}

/// The number of outputs of each layer for a 32×32 image, without flattening layers.
private func outputShapes(of network: Sequential) -> [Int] {
  var shape = LeNet5.inputShape
  var sizes: [Int] = []
  for layer in network.flattenedLayers {
    guard let next = try? layer.outputShape(for: shape) else { return sizes }
    shape = next
    if !(layer is Flatten) { sizes.append(shape.count) }
  }
  return sizes
}

/// The outputs for one image, with weights that depend only on their index; empty if the layers do not fit.
private func answer(of network: Sequential) -> [Float] {
  guard var model = try? Model(network, input: LeNet5.inputShape, seed: 1) else { return [] }
  model.visitParameters { _, parameter in
    let scale = 1 / Float(parameter.value.count).squareRoot()
    let weights = (0..<parameter.value.count).map { sin(Float($0) * 0.7 + 1) * 8 * scale }
    parameter.value = Tensor(parameter.value.shape, weights)
  }
  let pixels = (0..<1024).map { sin(Float($0) * 0.11) + cos(Float($0) * 0.037) }
  let image = Tensor([1, 1, 32, 32], pixels)
  var output = Tensor.empty
  var pass = Pass(.inference)
  model.forward(image, into: &output, in: &pass)
  return output.elements
}

private enum MaxPooling: Ex10_1 {
  static func network(classes: Int) -> Sequential { LeNet5(pooling: .max, classes: classes).layers }
}

private enum Rectified: Ex10_1 {
  static func network(classes: Int) -> Sequential { LeNet5(activation: .relu, classes: classes).layers }
}

private enum NoSigmoid: Ex10_1 {
  static func network(classes: Int) -> Sequential { LeNet5(output: .logits, classes: classes).layers }
}

private enum AlwaysTen: Ex10_1 {
  static func network(classes: Int) -> Sequential { LeNet5.plain.layers }
}

private enum Swapped: Ex10_1 {
  static func network(classes: Int) -> Sequential {
    Sequential([
      Conv2D(1, 6, kernel: 5),
      Tanh(),
      AveragePool(2),
      Conv2D(6, 16, kernel: 5),
      Tanh(),
      AveragePool(2),
      Flatten(),
      Dense(400, 84),
      Tanh(),
      Dense(84, 120),
      Tanh(),
      Dense(120, classes),
      Sigmoid(),
    ])
  }
}

private enum NoActivation: Ex10_1 {
  static func network(classes: Int) -> Sequential {
    Sequential([
      Conv2D(1, 6, kernel: 5),
      AveragePool(2),
      Conv2D(6, 16, kernel: 5),
      AveragePool(2),
      Flatten(),
      Dense(400, 120),
      Tanh(),
      Dense(120, 84),
      Tanh(),
      Dense(84, classes),
      Sigmoid(),
    ])
  }
}
