// Normalization within a sample, pooling to a fixed size, dropout, residual blocks: by hand, and against differences.

import Foundation
import Tensors
import Testing

@testable import NeuralNetworks

/// The largest relative deviation of a layer's gradients from central differences of Σ weights·output.
private func worstDeviation<L: Layer>(_ layer: L, _ input: Tensor, mode: Mode = .training) -> Double {
  var layer = layer
  var generator = SeededGenerator(seed: 7)
  let y = layer.forward(input, mode: mode)
  var weights = Tensor(zeros: y.shape)
  weights.fillNormal(standardDeviation: 1, using: &generator)
  func loss(_ layer: L, _ x: Tensor) -> Double {
    var copy = layer
    return zip(copy.forward(x, mode: mode).elements, weights.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  let before = layer
  let found = layer.backward(weights, input: input, output: y)
  let h: Float = 1e-2
  func norm(_ pairs: [(Double, Double)]) -> Double {
    let difference = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    return difference / max(1e-6, pairs.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot())
  }
  var deviations = [
    norm(
      (0..<input.count).map { i in
        var (up, down) = (input.elements, input.elements)
        up[i] += h
        down[i] -= h
        let slope = loss(before, Tensor(input.shape, up)) - loss(before, Tensor(input.shape, down))
        return (Double(found.elements[i]), slope / Double(2 * h))
      })
  ]
  for (index, gradient) in layer.parameters.map({ $0.parameter.gradient }).enumerated() {
    deviations.append(
      norm(
        (0..<gradient.count).map { i in
          func shifted(by step: Float) -> Double {
            var (copy, place) = (before, 0)
            copy.visitParameters { _, parameter in
              if place == index { parameter.value.withUnsafeMutableElements { $0[i] += step } }
              place += 1
            }
            return loss(copy, input)
          }
          return (Double(gradient.elements[i]), (shifted(by: h) - shifted(by: -h)) / Double(2 * h))
        }))
  }
  return deviations.max() ?? .infinity
}

private func noise(_ shape: Shape, seed: UInt64 = 3) -> Tensor {
  var (x, generator) = (Tensor(zeros: shape), SeededGenerator(seed: seed))
  x.fillNormal(standardDeviation: 1, using: &generator)
  return x
}

@Suite struct SampleNormalizationTests {
  @Test("[1, 3 | 10, 30] in two groups becomes ∓1 in each, then γ and β of the channel")
  func byHand() {
    var norm = GroupNorm(4, groups: 2, epsilon: 0)
    norm.weight.value = Tensor(vector: [1, 2, 1, 1])
    norm.bias.value = Tensor(vector: [0, 0, 0, 5])
    #expect(norm.forward(Tensor([1, 4], [1, 3, 10, 30])).elements == [-1, 2, -1, 6])
  }

  @Test("a group for each channel is instance normalization; one group is layer normalization")
  func ends() {
    let x = noise([2, 4, 3, 3])
    var (instance, layer) = (InstanceNorm(4), LayerNorm([4, 3, 3]))
    var (separate, together) = (GroupNorm(4, groups: 4), GroupNorm(4, groups: 1))
    #expect(instance.forward(x) == separate.forward(x))
    #expect(layer.forward(x) == together.forward(x))
  }

  @Test("the gradients of all four agree with central differences")
  func gradients() {
    #expect(worstDeviation(GroupNorm(4, groups: 2), noise([2, 4, 3, 2])) < 2e-3)
    #expect(worstDeviation(InstanceNorm(3), noise([2, 3, 3, 3])) < 2e-3)
    #expect(worstDeviation(LayerNorm([2, 3]), noise([3, 2, 3])) < 2e-3)
    #expect(worstDeviation(LocalResponseNorm(size: 4, alpha: 0.5), noise([2, 6, 2, 2])) < 2e-3)
  }

  @Test("local response of [1, 2, 3] with n = 3, α = 3, β = 1, k = 1 is x over 1 + the squares around it")
  func localResponse() {
    var norm = LocalResponseNorm(size: 3, alpha: 3, beta: 1, k: 1)
    let y = norm.forward(Tensor([1, 3, 1, 1], [1, 2, 3])).elements
    for (got, wanted) in zip(y, [1 / 6, 2 / 15, 3 / 14] as [Float]) { #expect(abs(got - wanted) < 1e-6) }
  }

  @Test("other channels than announced are refused with both numbers")
  func refusals() {
    #expect(throws: ShapeError.self) { try GroupNorm(4, groups: 2).outputShape(for: [5, 2, 2]) }
    #expect(throws: ShapeError.self) { try LayerNorm([4]).outputShape(for: [5]) }
    let error = #expect(throws: ShapeError.self) { try InstanceNorm(4).outputShape(for: [5, 2, 2]) }
    #expect(error?.description.contains("the input has 5 channels, 4 are expected") == true)
  }
}

@Suite struct FixedSizePoolingTests {
  @Test("a row of 5 in 2 parts: columns 0–2 and 2–4 share the middle one")
  func adaptive() {
    var pool = AdaptiveAveragePool(Extent(1, 2))
    #expect(pool.forward(Tensor([1, 1, 1, 5], [1, 2, 6, 4, 5])).elements == [3, 5])
  }

  @Test("the mean and the largest of a channel; the gradient of the largest goes to the first of equals")
  func global() {
    let x = Tensor([1, 1, 2, 2], [1, 4, 4, 3])
    var (mean, largest) = (GlobalAveragePool(), GlobalMaxPool())
    #expect(mean.forward(x).elements == [3])
    let y = largest.forward(x)
    #expect(y.shape == [1, 1, 1, 1])
    #expect(y.elements == [4])
    #expect(largest.backward(Tensor([1, 1, 1, 1], [2]), input: x, output: y).elements == [0, 2, 0, 0])
  }

  @Test("gradients agree with central differences, bigger and smaller than the image")
  func gradients() {
    #expect(worstDeviation(AdaptiveAveragePool(Extent(2, 4)), noise([2, 2, 5, 3])) < 1e-3)
    #expect(worstDeviation(GlobalAveragePool(), noise([2, 3, 3, 2])) < 1e-3)
  }
}

@Suite struct DropoutTests {
  @Test("what stays is doubled at p = ½, inference changes nothing, and about half goes")
  func inverted() {
    var dropout = Dropout(dropping: 0.5)
    let ones = Tensor([1, 10_000], repeating: 1)
    let y = dropout.forward(ones, mode: .training, seed: 1)
    #expect(Set(y.elements) == [0, 2])
    #expect(abs(y.elements.reduce(0, +) / 10_000 - 1) < 0.06)  // six standard errors of 0.01
    #expect(dropout.backward(ones, input: ones, output: y) == y)
    #expect(dropout.forward(ones, mode: .inference) == ones)
  }

  @Test("the original form scales in inference instead")
  func original() {
    var dropout = Dropout(dropping: 0.25, inverted: false)
    let ones = Tensor([1, 100], repeating: 1)
    #expect(Set(dropout.forward(ones, mode: .training).elements) == [0, 1])
    #expect(dropout.forward(ones, mode: .inference).elements.allSatisfy { $0 == 0.75 })
  }
}

@Suite struct ResidualBlockTests {
  @Test("a block whose last γ is 0 is the identity behind a ReLU")
  func identity() throws {
    var block = ResidualBlock.basic(3, 3)
    var generator = SeededGenerator(seed: 1)
    block.initialize(using: &generator)
    block.visitParameters { if $0 == "bn2.weight" { $1.value.fill(0) } }
    let x = noise([2, 3, 4, 4])
    #expect(block.forward(x, mode: .training).elements == x.elements.map { max(0, $0) })
  }

  @Test("shapes that cannot be added are refused")
  func refusal() {
    #expect(throws: ShapeError.self) { try ResidualBlock.basic(3, 4, projection: false).outputShape(for: [3, 8, 8]) }
  }

  @Test("ResNet-18 has the published parameters, multiply-adds and names")
  func resnet18() throws {
    let layers = ResNet.resnet18.layers
    #expect(try layers.outputShape(for: ResNet.inputShape) == [1000])
    #expect(layers.multiplyAdds(for: ResNet.inputShape) == 1_814_073_344)
    let names = layers.parameters.map(\.name)
    #expect(layers.parameterCount == 11_689_512)
    #expect(names.contains("layer2.0.downsample.0.weight") && names.contains("layer4.1.bn2.bias"))
  }
}
