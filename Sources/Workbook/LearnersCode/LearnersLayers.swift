// Layers that compute with the reader's code: the library keeps the weights, the reader's functions do the rest.

import Basics
import ExerciseKit
import Foundation
import NeuralNetworks
import Tensors

/// Replaces the layers of a network with the reader's functions.
package enum LearnersLayers {
  /// The exercises that can replace a network's layers.
  package static let exercises: [ExerciseEntry] = [.ex01_1, .ex01_2, .ex09_2, .ex09_3, .ex09_4, .ex09_5]

  /// The same network with every layer replaced for which the reader has both the forward and the backward pass.
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
      guard let forward = mine.answer(to: .ex01_1, as: (any Ex01_1.Type).self),
        let backward = mine.answer(to: .ex01_2, as: (any Ex01_2.Type).self)
      else {
        return nil
      }
      return LearnersLayer(layer: layer, exercises: ("1.1", "1.2")) { input, parameters in
        try forward.forward(input, weight: parameters[0], bias: parameters[1])
      } backward: { outputGradient, input, parameters in
        let gradients = try backward.backward(outputGradient, input: input, weight: parameters[0])
        return (gradients.input, [gradients.weight, gradients.bias])
      }
    case let layer as Conv2D where layer.bias != nil && layer.groups == 1 && isPlain(layer.window):
      guard let forward = mine.answer(to: .ex09_2, as: (any Ex09_2.Type).self),
        let backward = mine.answer(to: .ex09_3, as: (any Ex09_3.Type).self)
      else {
        return nil
      }
      let (stride, padding) = (layer.window.stride.height, layer.window.padding.top)
      return LearnersLayer(layer: layer, exercises: ("9.2", "9.3")) { input, parameters in
        try forward.forward(input, weight: parameters[0], bias: parameters[1], stride: stride, padding: padding)
      } backward: { outputGradient, input, parameters in
        let gradients = try backward.backward(
          outputGradient, input: input, weight: parameters[0], stride: stride, padding: padding)
        return (gradients.input, [gradients.weight, gradients.bias])
      }
    case let layer as MaxPool where isPlain(layer.window) && layer.window.padding.isZero:
      let (kernel, stride) = (layer.window.kernel.height, layer.window.stride.height)
      return mine.answer(to: .ex09_4, as: (any Ex09_4.Type).self).map { answer in
        LearnersLayer(layer: layer, exercises: ("9.4", "9.4")) { input, _ in
          try answer.forward(input, kernel: kernel, stride: stride)
        } backward: { outputGradient, input, _ in
          (try answer.backward(outputGradient, input: input, kernel: kernel, stride: stride), [])
        }
      }
    case let layer as AveragePool where isPlain(layer.window) && layer.window.padding.isZero:
      let (kernel, stride) = (layer.window.kernel.height, layer.window.stride.height)
      return mine.answer(to: .ex09_5, as: (any Ex09_5.Type).self).map { answer in
        LearnersLayer(layer: layer, exercises: ("9.5", "9.5")) { input, _ in
          try answer.forward(input, kernel: kernel, stride: stride)
        } backward: { outputGradient, input, _ in
          let shape = input.shape.dimensions
          return (try answer.backward(outputGradient, inputShape: shape, kernel: kernel, stride: stride), [])
        }
      }
    default: return nil
    }
  }

  /// Whether a window is one that the exercises cover: square, the same stride and padding on all sides, undilated.
  private static func isPlain(_ window: Window) -> Bool {
    let (kernel, stride, padding) = (window.kernel, window.stride, window.padding)
    return kernel.height == kernel.width && stride.height == stride.width && window.dilation.area == 1
      && Set([padding.top, padding.left, padding.bottom, padding.right]).count == 1
  }
}

/// A layer that keeps its weights and computes with the reader's code.
private struct LearnersLayer: Layer {
  var layer: any Layer
  /// The exercises whose answers compute the two passes.
  let exercises: (forward: String, backward: String)
  /// Computes the outputs from the inputs and the layer's parameters, in order.
  let forward: @Sendable (_ input: Tensor, _ parameters: [Tensor]) throws -> Tensor
  /// Computes the gradients of inputs and parameters.
  let backward:
    @Sendable (_ outputGradient: Tensor, _ input: Tensor, _ parameters: [Tensor]) throws -> (
      input: Tensor, parameters: [Tensor]
    )

  var kind: String { layer.kind + " (yours)" }
  func outputShape(for input: Shape) throws(ShapeError) -> Shape { try layer.outputShape(for: input) }
  func multiplyAdds(for input: Shape) -> Int { layer.multiplyAdds(for: input) }
  mutating func initialize(using generator: inout SeededGenerator) { layer.initialize(using: &generator) }
  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try layer.visitParameters(visit)
  }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    guard let shape = try? layer.outputShape(for: input.shape.withoutBatch) else {
      stop("\(kind) does not accept inputs of shape \(input.shape)")
    }
    let values = values
    let result = answered(exercises.forward) { try forward(input, values) }
    output = checked(result, is: shape.batched(input.shape[0]), exercises.forward)
  }

  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    let values = values
    let gradients = answered(exercises.backward) { try backward(outputGradient, input, values) }
    let exercise = exercises.backward
    var index = 0
    layer.visitParameters { _, parameter in
      parameter.gradient = checked(gradients.parameters[index], is: parameter.value.shape, exercise)
      index += 1
    }
    if !inputGradient.isEmpty { inputGradient = checked(gradients.input, is: input.shape, exercise) }
  }

  /// The parameters' values, in the layer's order.
  private var values: [Tensor] { layer.parameters.map { $0.parameter.value } }
}

/// Calls the reader's function; if it throws, ends the program, because a layer cannot throw.
private func answered<Result>(_ exercise: String, _ work: () throws -> Result) -> Result {
  do { return try work() } catch { stop("your answer to exercise \(exercise) threw an error: \(error)") }
}

/// Ends the program if the reader's function returns a tensor of the wrong shape.
private func checked(_ tensor: Tensor, is shape: Shape, _ exercise: String) -> Tensor {
  if tensor.shape != shape {
    stop("your answer to exercise \(exercise): expected the shape \(shape), got \(tensor.shape)")
  }
  return tensor
}

private func stop(_ message: String) -> Never {
  printError("\n\(message)")
  exit(1)
}
