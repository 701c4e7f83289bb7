// Layers whose arithmetic is the reader's: the library keeps the weights, the reader's functions do the rest.

import ExerciseKit
import Foundation
import NeuralNetworks
import Tensors

/// Puts the reader's functions in the place of a network's layers.
package enum LearnersLayers {
  /// The exercises that a network's layers can be taken from.
  package static let exercises: [any AnyExercise] = [
    Catalogue.ex01_1, Catalogue.ex01_2, Catalogue.ex09_2, Catalogue.ex09_3, Catalogue.ex09_4, Catalogue.ex09_5,
  ]

  /// The same network with every layer replaced for which both forward and backward pass are the reader's.
  ///
  /// - Returns: the network, and the names of the layers that were replaced.
  package static func replacing(in network: Sequential, with mine: LearnersCode) -> (Sequential, replaced: [String]) {
    var replaced: [String] = []
    let entries = network.entries.map { entry -> Sequential.Entry in
      guard let layer = layer(for: entry.layer, mine) else { return entry }
      replaced.append(entry.name)
      return Sequential.Entry(name: entry.name, layer: layer)
    }
    return (Sequential(entries), replaced)
  }

  private static func layer(for layer: any Layer, _ mine: LearnersCode) -> (any Layer)? {
    switch layer {
    case let layer as Dense where layer.bias != nil:
      guard let forward = mine.answer(to: Catalogue.ex01_1), let backward = mine.answer(to: Catalogue.ex01_2) else {
        return nil
      }
      return LearnersDense(layer: layer, forward: forward, backward: backward)
    case let layer as Conv2D where layer.bias != nil && layer.groups == 1 && isPlain(layer.window):
      guard let forward = mine.answer(to: Catalogue.ex09_2), let backward = mine.answer(to: Catalogue.ex09_3) else {
        return nil
      }
      return LearnersConv2D(layer: layer, forward: forward, backward: backward)
    case let layer as MaxPool where isPlain(layer.window) && layer.window.padding.isZero:
      return mine.answer(to: Catalogue.ex09_4).map { LearnersMaxPool(layer: layer, answer: $0) }
    case let layer as AveragePool where isPlain(layer.window) && layer.window.padding.isZero:
      return mine.answer(to: Catalogue.ex09_5).map { LearnersAveragePool(layer: layer, answer: $0) }
    default: return nil
    }
  }

  /// Whether a window is one that the exercises know: square, the same stride and padding on all sides, undilated.
  private static func isPlain(_ window: Window) -> Bool {
    let (kernel, stride, padding) = (window.kernel, window.stride, window.padding)
    return kernel.height == kernel.width && stride.height == stride.width && window.dilation.area == 1
      && Set([padding.top, padding.left, padding.bottom, padding.right]).count == 1
  }

  /// Calls the reader's function; what it throws ends the program, for a layer has nobody to throw to.
  fileprivate static func call<Result>(_ exercise: String, _ work: () throws -> Result) -> Result {
    do { return try work() } catch {
      FileHandle.standardError.write(Data("\nyour answer to exercise \(exercise) threw an error: \(error)\n".utf8))
      exit(1)
    }
  }

  /// Ends the program where the reader's function returns something of the wrong shape.
  fileprivate static func check(_ tensor: Tensor, is shape: Shape, _ exercise: String) -> Tensor {
    if tensor.shape != shape {
      FileHandle.standardError.write(
        Data("\nyour answer to exercise \(exercise): expected the shape \(shape), got \(tensor.shape)\n".utf8))
      exit(1)
    }
    return tensor
  }
}

/// The dense layer of exercises 1.1 and 1.2.
private struct LearnersDense: Layer {
  var layer: Dense
  let forward: any Ex01_1.Type
  let backward: any Ex01_2.Type

  var kind: String { "Dense (yours)" }
  func outputShape(for input: Shape) throws(ShapeError) -> Shape { try layer.outputShape(for: input) }
  func multiplyAdds(for input: Shape) -> Int { layer.multiplyAdds(for: input) }
  mutating func initialize(using generator: inout SeededGenerator) { layer.initialize(using: &generator) }
  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try layer.visitParameters(visit)
  }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let bias = layer.bias?.value ?? Tensor([layer.outputs])
    let result = LearnersLayers.call("1.1") { try forward.forward(input, weight: layer.weight.value, bias: bias) }
    output = LearnersLayers.check(result, is: [input.shape[0], layer.outputs], "1.1")
  }

  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let gradients = LearnersLayers.call("1.2") {
      try backward.backward(outputGradient, input: input, weight: layer.weight.value)
    }
    layer.weight.gradient = LearnersLayers.check(gradients.weight, is: layer.weight.value.shape, "1.2")
    layer.bias?.gradient = LearnersLayers.check(gradients.bias, is: [layer.outputs], "1.2")
    if !inputGradient.isEmpty { inputGradient = LearnersLayers.check(gradients.input, is: input.shape, "1.2") }
  }
}

/// The convolution of exercises 9.2 and 9.3.
private struct LearnersConv2D: Layer {
  var layer: Conv2D
  let forward: any Ex09_2.Type
  let backward: any Ex09_3.Type

  var kind: String { "Conv2D (yours)" }
  func outputShape(for input: Shape) throws(ShapeError) -> Shape { try layer.outputShape(for: input) }
  func multiplyAdds(for input: Shape) -> Int { layer.multiplyAdds(for: input) }
  mutating func initialize(using generator: inout SeededGenerator) { layer.initialize(using: &generator) }
  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try layer.visitParameters(visit)
  }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let window = layer.window
    let bias = layer.bias?.value ?? Tensor([layer.outputs])
    let result = LearnersLayers.call("9.2") {
      try forward.forward(
        input, weight: layer.weight.value, bias: bias, stride: window.stride.height, padding: window.padding.top)
    }
    let shape = (try? layer.outputShape(for: input.shape.withoutBatch)) ?? input.shape.withoutBatch
    output = LearnersLayers.check(result, is: shape.batched(input.shape[0]), "9.2")
  }

  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let window = layer.window
    let gradients = LearnersLayers.call("9.3") {
      try backward.backward(
        outputGradient, input: input, weight: layer.weight.value, stride: window.stride.height,
        padding: window.padding.top)
    }
    layer.weight.gradient = LearnersLayers.check(gradients.weight, is: layer.weight.value.shape, "9.3")
    layer.bias?.gradient = LearnersLayers.check(gradients.bias, is: [layer.outputs], "9.3")
    if !inputGradient.isEmpty { inputGradient = LearnersLayers.check(gradients.input, is: input.shape, "9.3") }
  }
}

/// The max pooling of exercise 9.4.
private struct LearnersMaxPool: Layer {
  let layer: MaxPool
  let answer: any Ex09_4.Type

  var kind: String { "MaxPool (yours)" }
  func outputShape(for input: Shape) throws(ShapeError) -> Shape { try layer.outputShape(for: input) }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let (kernel, stride) = (layer.window.kernel.height, layer.window.stride.height)
    output = LearnersLayers.call("9.4") { try answer.forward(input, kernel: kernel, stride: stride) }
  }

  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let (kernel, stride) = (layer.window.kernel.height, layer.window.stride.height)
    let gradient = LearnersLayers.call("9.4") {
      try answer.backward(outputGradient, input: input, kernel: kernel, stride: stride)
    }
    inputGradient = LearnersLayers.check(gradient, is: input.shape, "9.4")
  }
}

/// The average pooling of exercise 9.5.
private struct LearnersAveragePool: Layer {
  let layer: AveragePool
  let answer: any Ex09_5.Type

  var kind: String { "AveragePool (yours)" }
  func outputShape(for input: Shape) throws(ShapeError) -> Shape { try layer.outputShape(for: input) }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let (kernel, stride) = (layer.window.kernel.height, layer.window.stride.height)
    output = LearnersLayers.call("9.5") { try answer.forward(input, kernel: kernel, stride: stride) }
  }

  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let (kernel, stride) = (layer.window.kernel.height, layer.window.stride.height)
    let gradient = LearnersLayers.call("9.5") {
      try answer.backward(
        outputGradient, inputShape: input.shape.dimensions, kernel: kernel, stride: stride)
    }
    inputGradient = LearnersLayers.check(gradient, is: input.shape, "9.5")
  }
}
