// The instruments themselves: a gradient check that finds a planted mistake, singular values known by hand.

import NeuralNetworks
import Tensors
import Testing
import Training

/// y = w ⊙ x, with a mistake in its backward pass where asked for.
private struct Scale: Layer {
  enum Mistake: CaseIterable { case none, input, weight, oneElement, nan }
  var mistake: Mistake
  var weight = Parameter(Tensor(vector: [0.5, -1, 2]))

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output = Tensor(input.shape, input.elements.indices.map { input.elements[$0] * weight.value.elements[$0 % 3] })
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    weight.gradient.fill(0)
    for i in 0..<input.count {
      let g = outputGradient.elements[i]
      weight.gradient[i % 3] += g * input.elements[i]
      inputGradient.withUnsafeMutableElements {
        $0[i] = g * weight.value.elements[i % 3] * (mistake == .input ? 0.99 : 1)
      }
    }
    switch mistake {
    case .weight: weight.gradient = Tensor([3], weight.gradient.elements.map { 2 * $0 })
    case .oneElement: weight.gradient[1] += 0.5
    case .nan: weight.gradient[2] = .nan
    case .none, .input: break
    }
  }

  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit("weight", &weight)
  }
}

@Suite struct GradientCheckTests {
  private let input = Tensor([2, 3], [0.3, -0.7, 1.1, 0.9, 0.2, -0.4])

  @Test("a right backward pass passes")
  func right() {
    let check = checkGradients(of: Scale(mistake: .none), input: input)
    #expect(check.entries.map(\.name) == ["input", "weight"])
    #expect(check.passes(), "\(check)")
  }

  @Test("a factor of 0.99 in one gradient is found, and only there")
  func wrongFactor() {
    let check = checkGradients(of: Scale(mistake: .input), input: input)
    #expect(abs(check.entries[0].relativeError - 0.01) < 1e-3)
    #expect(check.entries[1].relativeError < 1e-3)
    #expect(!check.passes())
  }

  @Test("one wrong element is found and named with both values")
  func wrongElement() {
    let entry = checkGradients(of: Scale(mistake: .oneElement), input: input).entries[1]
    #expect(entry.worstIndex == [1])
    #expect(abs(entry.analytic - entry.numeric - 0.5) < 1e-2)
  }

  @Test("NaN does not slip through")
  func nan() {
    let check = checkGradients(of: Scale(mistake: .nan), input: input)
    #expect(!check.passes())
    #expect(check.entries[1].worstIndex == [2])
  }

  @Test("the published derivative of the sigmoid does not pass, the right one does")
  func sigmoid() {
    #expect(checkGradients(of: Sigmoid(), input: input).passes())
    #expect(checkGradients(of: Sigmoid(derivative: .published), input: input).worst > 0.1)
  }

  @Test("whole networks pass, batch normalization and all")
  func network() throws {
    let check = checkGradients(of: try smallModel(), input: clouds(6, seed: 1).inputs)
    #expect(check.entries.count == 7)
    #expect(check.passes(), "\(check)")
  }

  @Test("losses pass")
  func losses() {
    let output = Tensor([2, 3], [0.1, -0.4, 0.8, 1.2, 0.3, -0.9])
    #expect(checkGradients(of: SoftmaxCrossEntropy(), output: output, target: .classes([2, 0])).passes())
    #expect(checkGradients(of: MeanSquaredError(), output: output, target: .classes([1, 1])).passes())
  }
}

@Suite struct DiagnosticsTests {
  @Test("singular values of small matrices, by hand")
  func singular() {
    func close(_ a: [Double], _ b: [Double]) -> Bool {
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 }
    }
    #expect(close(singularValues(of: Tensor([2, 2], [3, 0, 0, -4])), [4, 3]))
    // AᵀA of [[1, 1], [0, 1]] has the eigenvalues (3 ± √5)/2.
    #expect(close(singularValues(of: Tensor([2, 2], [1, 1, 0, 1])), [1.618033988, 0.618033988]))
    #expect(close(singularValues(of: Tensor([1, 3], [2, 3, 6])), [7]))
    #expect(close(singularValues(of: Tensor([3, 2], [1, 2, 2, 4, 3, 6])), [8.366600265, 0]))
    #expect(close(singularValues(of: Tensor(zeros: [2, 3])), [0, 0]))
  }

  @Test("the squares of the singular values add up to the sum of all squares")
  func energy() {
    var generator = SeededGenerator(seed: 1)
    let matrix = Tensor([20, 33], (0..<660).map { _ in generator.nextNormal() })
    let values = singularValues(of: matrix)
    #expect(values.count == 20)
    let energy = matrix.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(values.reduce(0) { $0 + $1 * $1 } / energy - 1) < 1e-9)
  }

  @Test("the Jacobian of a dense layer is its weight")
  func jacobians() throws {
    var generator = SeededGenerator(seed: 2)
    var dense = Dense(3, 2)
    dense.initialize(using: &generator)
    let matrix = jacobian(of: dense, at: Tensor([1, 3], [1, 2, 3]))
    #expect(matrix == dense.weight.value)
    let values = singularValues(of: matrix)
    let mean = meanSingularValue(of: dense, on: Tensor([2, 3], [1, 2, 3, 4, 5, 6]))
    #expect(abs(mean - (values[0] + values[1]) / 2) < 1e-9)
  }

  @Test("dead units are counted, by place or by channel")
  func units() {
    // Two samples, two channels of two places: of channel 0 one place fires, of channel 1 none.
    let outputs = Tensor([2, 2, 1, 2], [0, 0, 0, 0, 0, 0.995, 0, 0])
    #expect(deadUnitShare(of: outputs) == 0.75)
    #expect(deadUnitShare(of: outputs, perChannel: true) == 0.5)
  }

  @Test("statistics of five numbers, by hand")
  func statistics() {
    let statistics = TensorStatistics(Tensor(vector: [1, 2, 3, 4, 5]), bins: 4)
    #expect(statistics.mean == 3)
    #expect(statistics.deviation == 2.0.squareRoot())
    #expect(statistics.histogram == [1, 1, 1, 2])
    #expect(TensorStatistics(Tensor(vector: [7, 7]), bins: 3).histogram == [2, 0, 0])
    #expect(TensorStatistics(Tensor(vector: [1, 2, 30]), bins: 2, range: 0...4).histogram == [1, 1])
  }

  @Test("every layer's output can be had by name")
  func outputs() throws {
    let rows = layerOutputs(of: try smallModel().layers, on: clouds(4, seed: 1).inputs)
    #expect(rows.map(\.name) == ["fc1", "bn1", "act1", "fc2"])
    #expect(rows.map(\.output.shape) == [[4, 8], [4, 8], [4, 8], [4, 3]])
    #expect(rows[2].output.elements.allSatisfy { $0.magnitude <= 1 })
  }
}
