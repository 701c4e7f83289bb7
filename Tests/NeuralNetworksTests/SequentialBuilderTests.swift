// The braces of a sequence, and a model's step.

import NeuralNetworks
import Tensors
import Testing

@Suite struct SequentialBuilderTests {
  private func network(isNormalized: Bool, depth: Int, pooling: MaxPool?) -> Sequential {
    Sequential {
      Conv2D(1, 4, kernel: 3).named("conv")
      if isNormalized { BatchNorm(4).named("norm") }
      if let pooling { pooling } else { AveragePool(2).named("mean") }
      for index in 0..<depth {
        Tanh().named("tanh\(index + 1)")
      }
      Flatten()
      switch depth {
      case 0: ReLU()
      default: Sigmoid().named("end")
      }
    }
  }

  @Test("conditions and loops decide on layers; one without a name is called by its place")
  func names() {
    #expect(
      network(isNormalized: true, depth: 2, pooling: MaxPool(2)).entries.map(\.name)
        == ["conv", "norm", "2", "tanh1", "tanh2", "5", "end"])
    let plain = network(isNormalized: false, depth: 0, pooling: nil)
    #expect(plain.entries.map(\.name) == ["conv", "mean", "2", "3"])
    #expect(plain.entries.map { $0.layer.kind } == ["Conv2D", "AveragePool", "Flatten", "ReLU"])
  }

  @Test("parameters and buffers are read under the names under which they are visited, and belong to the model")
  func reading() {
    var layers = network(isNormalized: true, depth: 1, pooling: nil)
    var visited: [String] = []
    layers.visitParameters { name, parameter in
      visited.append(name)
      parameter.value.fill(2)
    }
    #expect(layers.parameters.map(\.name) == visited)
    #expect(layers.parameters.allSatisfy { $0.parameter.value.elements.allSatisfy { $0 == 2 } })
    #expect(layers.buffers.map(\.name) == ["norm.running_mean", "norm.running_var"])
    #expect(layers.parameterCount == 4 * 9 + 4 + 2 * 4)
  }

  @Test("a step is forward, loss and backward, and a summed loss is the mean times the number of samples")
  func step() throws {
    var generator = SeededGenerator(seed: 3)
    var inputs = Tensor(zeros: [5, 2])
    inputs.fillNormal(standardDeviation: 1, using: &generator)
    let target = Target.values(inputs.map { 2 * $0 })
    for pair in [
      (MeanSquaredError(), MeanSquaredError(reduction: .sum)),
      (SoftmaxCrossEntropy(), SoftmaxCrossEntropy(reduction: .sum)),
      (NegativeLogLikelihood(), NegativeLogLikelihood(reduction: .sum)),
    ] as [(any Loss, any Loss)] {
      var model = try Model(Sequential { Dense(2, 2) }, input: [2], seed: 1)
      var (apart, pass) = (model, Pass(.training))
      let value = model.step(inputs, target, pair.0, in: &pass)
      let output = apart.forward(inputs, mode: .training)
      var gradient = Tensor.empty
      #expect(value == pair.0.evaluate(output, target, gradient: &gradient) && model.output == output)
      _ = apart.backward(gradient, input: inputs, output: output)
      #expect(model.parameters.map(\.parameter.gradient) == apart.parameters.map(\.parameter.gradient))

      let mean = model.parameters[0].parameter.gradient
      let sum = model.step(inputs, target, pair.1, in: &pass)
      #expect(abs(sum - 5 * value) < 1e-5 * abs(sum))
      for (s, m) in zip(model.parameters[0].parameter.gradient.elements, mean.elements) {
        #expect(abs(s - 5 * m) < 1e-5 * max(1, abs(s)))
      }
    }
  }

  @Test("an input's gradient that nobody asks for changes no other, and ends at the first layer with parameters")
  func unwantedInputGradient() throws {
    let layers = Sequential {
      Flatten().named("flatten")
      Dropout(dropping: 0.5).named("drop")
      Dense(6, 4, initializer: .heNormal).named("fc1")
      ReLU().named("act")
      Dense(4, 2, initializer: .heNormal).named("fc2")
    }
    var generator = SeededGenerator(seed: 7)
    var inputs = Tensor(zeros: [3, 1, 2, 3])
    inputs.fillNormal(standardDeviation: 1, using: &generator)
    var asked = try Model(layers, input: [1, 2, 3], seed: 1)
    let output = asked.forward(inputs, mode: .training, seed: 2)
    var unasked = asked
    _ = asked.backward(output, input: inputs, output: output)
    var nothing = Tensor.empty
    unasked.backward(output, input: inputs, output: output, into: &nothing)
    #expect(nothing.isEmpty)
    #expect(unasked.parameters.map(\.parameter.gradient) == asked.parameters.map(\.parameter.gradient))
    #expect(unasked.layers.activationGradient(at: 2) == asked.layers.activationGradient(at: 2))
    #expect(asked.layers.activationGradient(at: 1).shape == [3, 6])
    #expect(unasked.layers.activationGradient(at: 1).isEmpty && unasked.layers.activationGradient(at: 0).isEmpty)
  }
}
