// Stochastic pooling, DropConnect, the recurrent layer, folding, control of gradients, warm-up, binary cross-entropy.

import Foundation
import NeuralNetworks
import Tensors
import Testing
import Training

@Suite("Additions") struct AdditionTests {
  private func noise(_ shape: Shape, seed: UInt64 = 5) -> Tensor {
    var generator = SeededGenerator(seed: seed)
    return Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
  }

  @Test("recurrent: gradients through five moments agree with central differences")
  func recurrentGradient() {
    var (layer, generator) = (Recurrent(3, 4), SeededGenerator(seed: 2))
    layer.initialize(using: &generator)
    let result = checkGradients(of: layer, input: noise([2, 5, 3]), mode: .training)
    #expect(result.entries.count == 4 && result.worst < 3e-3, "\(result)")
  }

  @Test("recurrent: tanh(1), then tanh(2·tanh(1)) where the second input is 0")
  func recurrentByHand() {
    var layer = Recurrent(1, 1)
    layer.weight.value.fill(1)
    layer.recurrentWeight.value.fill(2)
    let h = layer.forward(Tensor([1, 2, 1], [1, 0])).elements
    #expect(abs(h[0] - 0.76159416) < 1e-6 && abs(h[1] - 0.90924317) < 1e-4, "\(h)")
  }

  @Test("recurrent: refuses moments of another width")
  func recurrentRefusal() {
    let error = #expect(throws: ShapeError.self) { _ = try Recurrent(3, 4).outputShape(for: [5, 2]) }
    #expect(error?.description.contains("the input has 2 features at each time step, 3 are expected") == true)
  }

  @Test("stochastic pooling: inference gives Σx²/Σx, training draws 3 three times as often as 1")
  func stochasticPool() {
    var layer = StochasticPool(2)
    let x = Tensor([1, 1, 2, 2], [1, 3, 0, -5])
    #expect(layer.forward(x).elements == [2.5])
    let many = Tensor([4000, 1, 2, 2], (0..<4000).flatMap { _ in [1, 3, 0, -5] as [Float] })
    let drawn = layer.forward(many, mode: .training, seed: 3).elements
    #expect(drawn.allSatisfy { $0 == 1 || $0 == 3 })
    // Three quarters, within five standard deviations.
    #expect(abs(Double(drawn.count { $0 == 3 }) / 4000 - 0.75) < 0.035)
    #expect(layer.forward(Tensor([1, 1, 2, 2], [-1, 0, 0, -2]), mode: .training).elements == [0])
  }

  @Test("stochastic pooling: gradients of both modes agree with central differences", arguments: [true, false])
  func stochasticPoolGradient(isTraining: Bool) {
    let x = noise([2, 2, 5, 5])
    let input = x.map { abs($0) + 0.3 }
    if !isTraining {
      let result = checkGradients(of: StochasticPool(3, stride: 2), input: input, mode: .inference)
      #expect(result.worst < 3e-3, "\(result)")
      return
    }
    // In training the draw depends on the input: the gradient goes to the drawn pixels, and their sum is kept.
    var layer = StochasticPool(2)
    let y = layer.forward(input, mode: .training, seed: 1)
    let dx = layer.backward(Tensor(y.shape, repeating: 1), input: input, output: y)
    #expect(dx.elements.reduce(0, +) == Float(y.count))
    #expect(zip(dx.elements, input.elements).filter { $0.0 == 1 }.map(\.1).sorted() == y.elements.sorted())
  }

  @Test("DropConnect: inference is the dense layer; training leaves weights out and doubles the rest")
  func dropConnect() {
    var layer = DropConnect(40, 30, dropping: 0.5, bias: false)
    layer.dense.weight.value.fill(1)
    let x = Tensor([1, 40], repeating: 1)
    #expect(layer.forward(x).elements == [Float](repeating: 40, count: 30))
    let y = layer.forward(x, mode: .training, seed: 4).elements
    #expect(y.allSatisfy { $0.truncatingRemainder(dividingBy: 2) == 0 } && Set(y).count > 3)
    #expect(abs(y.reduce(0, +) / 30 - 40) < 6)
    _ = layer.backward(Tensor([1, 30], repeating: 1), input: x, output: Tensor([1, 30], y))
    #expect(Set(layer.dense.weight.gradient.elements) == [0, 2])
  }

  @Test("DropConnect: with one seed the gradients agree with central differences")
  func dropConnectGradient() {
    var (layer, generator) = (DropConnect(6, 4, dropping: 0.3), SeededGenerator(seed: 2))
    layer.initialize(using: &generator)
    let result = checkGradients(of: layer, input: noise([3, 6]), mode: .training)
    #expect(result.worst < 3e-3, "\(result)")
  }

  @Test("a folded batch norm leaves the outputs where they were, to 1e-5", arguments: [true, false])
  func folding(hasBias: Bool) {
    var generator = SeededGenerator(seed: 8)
    var (convolution, dense) = (Conv2D(2, 5, kernel: 3, padding: 1, bias: hasBias), Dense(6, 5, bias: hasBias))
    convolution.initialize(using: &generator)
    dense.initialize(using: &generator)
    var norm = BatchNorm(5)
    norm.weight.value = Tensor(vector: [0.5, 1, 2, -1, 1.5])
    norm.bias.value = Tensor(vector: [0.1, -0.2, 0, 1, 0.3])
    norm.runningMean = Tensor(vector: [0.3, -0.1, 0.2, 0, 0.5])
    norm.runningVariance = Tensor(vector: [0.5, 1, 0.1, 2, 0.8])
    let (image, vector) = (noise([2, 2, 6, 6]), noise([4, 6]))
    // A forward pass before the fold: nothing that the layer keeps may survive in the copy.
    let (wantedImage, wanted) = (norm.forward(convolution.forward(image)), norm.forward(dense.forward(vector)))
    var (foldedConvolution, foldedDense) = (norm.folded(into: convolution), norm.folded(into: dense))
    func distance(_ a: Tensor, _ b: Tensor) -> Float { zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0 }
    #expect(distance(foldedConvolution.forward(image), wantedImage) < 1e-5)
    #expect(distance(foldedDense.forward(vector), wanted) < 1e-5)
    #expect(distance(convolution.forward(image), wantedImage) > 0.1)
  }

  @Test("clipping: [3, 4] to norm 1 is [0.6, 0.8], to value 3.5 is [3, 3.5]; a short gradient stays")
  func clipping() {
    var layer = Dense(2, 1, bias: false)
    layer.weight.gradient = Tensor([1, 2], [3, 4])
    var other = layer
    #expect(layer.clipGradients(toNorm: 1) == 5)
    #expect(zip(layer.weight.gradient.elements, [0.6, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(layer.clipGradients(toNorm: 2) < 1.001)
    #expect(abs(layer.weight.gradient.elements[0] - 0.6) < 1e-6)
    other.clipGradients(toValue: 3.5)
    #expect(other.weight.gradient.elements == [3, 3.5])
  }

  @Test("penalties touch weights and no biases; max-norm shrinks long rows only")
  func penalties() {
    var layer = Dense(2, 2)
    layer.weight.value = Tensor([2, 2], [3, -4, 0, 1])
    layer.bias?.value = Tensor(vector: [7, 7])
    // ½·8 + ½·½·26.
    #expect(layer.addPenalty(l1: 0.5, l2: 0.5) == 4 + 6.5)
    #expect(layer.weight.gradient.elements == [2, -2.5, 0, 1])
    #expect(layer.bias?.gradient.elements == [0, 0])
    layer.constrainNorms(to: 2.5)
    #expect(layer.weight.value.elements == [1.5, -2, 0, 1])
    #expect(layer.bias?.value.elements == [7, 7])
  }

  @Test("warm-up rises in a line to the schedule underneath; milestones drop the rate after their epochs")
  func schedules() {
    let warm = WarmUp(StepDecay(1, factor: 0.5, every: 4), over: 4)
    #expect((1...5).map { warm(epoch: $0) } == [0.25, 0.5, 0.75, 1, 0.5])
    let steps = MultiStepDecay(1, factor: 0.5, after: [2, 3])
    #expect((1...5).map { steps(epoch: $0) } == [1, 1, 0.5, 0.25, 0.25])
  }

  @Test("binary cross-entropy: a logit of 0 costs ln 2, a huge wrong one costs its size; the gradient agrees")
  func binaryCrossEntropy() {
    var gradient = Tensor.empty
    let loss = BinaryCrossEntropy()
    let even = loss.evaluate(Tensor(zeros: [1, 1]), .values(Tensor([1, 1], [1])), gradient: &gradient)
    #expect(abs(even - log(2)) < 1e-9 && gradient.elements == [-0.5])
    let wrong = loss.evaluate(Tensor([1, 1], [1000]), .values(Tensor(zeros: [1, 1])), gradient: &gradient)
    #expect(wrong == 1000 && gradient.elements == [1])
    let target = Target.values(Tensor([2, 3], [0, 1, 0.3, 1, 0, 0.9]))
    #expect(checkGradients(of: loss, output: noise([2, 3]), target: target).worst < 1e-3)
    #expect(loss.evaluate(Tensor([1, 1], [.nan]), .values(Tensor(zeros: [1, 1])), gradient: &gradient).isNaN)
  }
}
