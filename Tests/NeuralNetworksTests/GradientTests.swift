// Every layer's backward pass against central differences, and one sum of each by hand.

import NeuralNetworks
import Tensors
import Testing
import Training

/// A layer and the shape of one sample for it.
struct GradientCase: CustomTestStringConvertible, Sendable {
  var layer: any Layer
  var sample: Shape
  var batch = 4
  var mode = Mode.training

  init(_ layer: any Layer, _ sample: Shape, batch: Int = 4, mode: Mode = .training) {
    (self.layer, self.sample, self.batch, self.mode) = (layer, sample, batch, mode)
  }

  var testDescription: String { "\(layer.kind) on \(batch) × \(sample)\(mode == .inference ? ", inference" : "")" }

  static let all: [GradientCase] = [
    .init(Dense(7, 5), [7]), .init(Dense(20, 3, bias: false), [20]),
    .init(Conv2D(2, 3, kernel: 3), [2, 6, 5]), .init(Conv2D(2, 4, kernel: 3, stride: 2, padding: 1), [2, 7, 7]),
    .init(Conv2D(4, 4, kernel: 3, padding: 1, groups: 2), [4, 5, 5]),
    .init(Conv2D(1, 2, kernel: 3, padding: 2, dilation: 2), [1, 6, 6]),
    .init(AveragePool(2), [3, 6, 6]), .init(AveragePool(3, stride: 2, padding: 1, countsPadding: false), [2, 7, 7]),
    .init(MaxPool(3, stride: 2), [2, 7, 7]), .init(Flatten(), [2, 3, 3]),
    .init(BatchNorm(5), [5], batch: 8), .init(BatchNorm(3), [3, 4, 4]),
    .init(BatchNorm(3), [3, 4, 4], mode: .inference),
    .init(LayerNorm([7]), [7]), .init(LayerNorm([2, 3, 3]), [2, 3, 3]), .init(GroupNorm(4, groups: 2), [4, 3, 3]),
    .init(InstanceNorm(3), [3, 4, 4]), .init(LocalResponseNorm(size: 3, alpha: 0.5, k: 1), [5, 2, 2]),
    .init(GlobalAveragePool(), [3, 4, 5]), .init(GlobalMaxPool(), [3, 4, 5]),
    .init(AdaptiveAveragePool(Extent(2, 3)), [2, 5, 7]), .init(Dropout(dropping: 0.4), [9]),
    .init(ResidualBlock.basic(2, 3, stride: 2), [2, 6, 6], mode: .inference),
    .init(Tanh(), [9]), .init(Sigmoid(), [9]), .init(ReLU(), [9]), .init(LeakyReLU(slope: 0.1), [9]),
    .init(ELU(), [9]), .init(SELU(), [9]), .init(GELU(), [9]), .init(GELU(approximate: true), [9]),
    .init(Softplus(), [9]), .init(HardSigmoid(), [9]), .init(PReLU(), [9]), .init(PReLU(channels: 3), [3, 4, 4]),
    .init(Softmax(), [6]), .init(LogSoftmax(), [6]), .init(Softmax(), [3, 2, 2]), .init(Maxout(6, 4, pieces: 3), [6]),
    .init(
      Sequential([Conv2D(1, 2, kernel: 3), BatchNorm(2), Tanh(), AveragePool(2), Flatten(), Dense(8, 3)]), [1, 6, 6]),
  ]
}

@Suite("Gradients") struct GradientTests {
  @Test("the backward pass agrees with central differences", arguments: GradientCase.all)
  func agrees(_ c: GradientCase) {
    var (layer, generator) = (c.layer, SeededGenerator(seed: 11))
    layer.initialize(using: &generator)
    let shape = c.sample.batched(c.batch)
    // Kept off 0, where rectifiers have a kink.
    let input = Tensor(
      shape,
      (0..<shape.count).map { _ in
        let x = generator.nextNormal()
        return abs(x) < 0.05 ? x + (x < 0 ? -0.1 : 0.1) : x
      })
    let result = Self.check(layer, input, c.mode)
    #expect(result.worst < 3e-3, "\(result)")
  }

  /// Opens the existential.
  private static func check(_ layer: some Layer, _ input: Tensor, _ mode: Mode) -> GradientCheck {
    checkGradients(of: layer, input: input, mode: mode)
  }

  @Test("the check finds the published sigmoid derivative out")
  func findsMistake() {
    let input = Tensor([2, 3], [-2, -1, 0.5, 1, 2, 3])
    #expect(checkGradients(of: Sigmoid(), input: input).worst < 1e-3)
    #expect(checkGradients(of: Sigmoid(derivative: .published), input: input).worst > 0.3)
  }

  @Test("the gradients of the losses agree with central differences, smoothed labels included")
  func losses() {
    let output = Tensor([3, 4], [0.1, 0.7, -0.4, 0.3, 1.2, -0.8, 0.2, 0.5, -0.3, 0.9, 0.6, -1.1])
    let target = Target.classes([2, 0, 3])
    #expect(checkGradients(of: SoftmaxCrossEntropy(), output: output, target: target).worst < 1e-3)
    #expect(checkGradients(of: SoftmaxCrossEntropy(labelSmoothing: 0.1), output: output, target: target).worst < 1e-3)
    #expect(checkGradients(of: MeanSquaredError(), output: output, target: target).worst < 1e-3)
    #expect(checkGradients(of: NegativeLogLikelihood(), output: output, target: target).worst < 1e-3)
  }
}

@Suite("Layers by hand") struct LayerTests {
  @Test("dense: [1, 2] · [[1, 1], [0, 3]]ᵀ + [10, 20] = [13, 26]")
  func dense() {
    var layer = Dense(2, 2)
    layer.weight.value = Tensor([2, 2], [1, 1, 0, 3])
    layer.bias?.value = Tensor(vector: [10, 20])
    #expect(layer.forward(Tensor([1, 2], [1, 2])) == Tensor([1, 2], [13, 26]))
  }

  @Test("batch norm: 1 and 3 become −1 and 1; the running variance takes the unbiased estimate")
  func batchNorm() {
    var layer = BatchNorm(1, momentum: 0.5, epsilon: 0)
    let y = layer.forward(Tensor([2, 1], [1, 3]), mode: .training)
    #expect(y == Tensor([2, 1], [-1, 1]))
    #expect(layer.runningMean.elements == [1])
    // (1 − ½)·1 + ½·2: the biased variance is 1, the unbiased one 2.
    #expect(layer.runningVariance.elements == [1.5])
  }

  @Test("average and max pooling of 1 … 4")
  func pooling() {
    let x = Tensor([1, 1, 2, 2], [1, 2, 3, 4])
    var (average, largest) = (AveragePool(2), MaxPool(2))
    #expect(average.forward(x).elements == [2.5])
    #expect(largest.forward(x).elements == [4])
  }

  @Test("softmax with cross-entropy: equal logits cost ln C, and huge ones do not overflow")
  func crossEntropy() {
    var gradient = Tensor.empty
    let even = SoftmaxCrossEntropy().evaluate(Tensor(zeros: [1, 10]), .classes([3]), gradient: &gradient)
    #expect(abs(even - 2.302585) < 1e-6)
    let sure = SoftmaxCrossEntropy().evaluate(Tensor([1, 2], [1000, -1000]), .classes([1]), gradient: &gradient)
    #expect(abs(sure - 2000) < 1e-3 && gradient.elements == [1, -1])
  }

  @Test("momentum: the second step is longer by μ times the first; Nesterov looks ahead")
  func momentum() {
    var parameter = Parameter(Tensor(vector: [0]))
    parameter.gradient = Tensor(vector: [1])
    var (heavy, ahead) = (SGD(momentum: 0.5), SGD(momentum: 0.5, nesterov: true))
    for expected in [-1, -2.5] as [Float] {
      heavy.update(&parameter, at: 0, learningRate: 1)
      #expect(parameter.value.elements == [expected])
    }
    parameter.value.fill(0)
    ahead.update(&parameter, at: 0, learningRate: 1)
    #expect(parameter.value.elements == [-1.5])
  }

  @Test("a model that does not fit names the layer, both shapes and the arithmetic")
  func shapeErrors() throws {
    var entries = LeNet5.plain.layers.entries
    let place = try #require(entries.firstIndex { $0.name == "fc1" })
    entries[place].layer = Dense(256, 120)
    let error = #expect(throws: ShapeError.self) {
      _ = try Model(Sequential(entries), input: LeNet5.inputShape, seed: 1)
    }
    #expect(error?.description.hasPrefix("layer 8 fc1 (Dense): expects 256 features, receives [400]") == true)
    let narrow = #expect(throws: ShapeError.self) {
      _ = try Model(Sequential(["conv": Conv2D(3, 8, kernel: 7)]), input: [1, 5, 5], seed: 1)
    }
    #expect(narrow?.description.contains("the input has 1 channel, 3 are expected") == true)
    let small = #expect(throws: ShapeError.self) {
      _ = try Model(Sequential(["conv": Conv2D(1, 8, kernel: 7)]), input: [1, 5, 5], seed: 1)
    }
    #expect(small?.description.contains("(5 − 7)/1 + 1 = −1") == true, "\(String(describing: small))")
  }

  @Test("initial weights have the variance their rule promises")
  func initializers() {
    var generator = SeededGenerator(seed: 1)
    let rules: [(Initializer, Double)] = [
      (.lecunNormal, 1.0 / 300), (.xavierNormal, 2.0 / 700), (.heNormal, 2.0 / 300), (.lecunUniform, 1.0 / 300),
      (.xavierUniform, 2.0 / 700), (.heUniform, 2.0 / 300),
    ]
    for (rule, expected) in rules {
      var weight = Tensor(zeros: [400, 300])
      rule.fill(&weight, using: &generator)
      let squares = weight.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(squares / Double(weight.count) / expected - 1) < 0.03, "\(rule)")
    }
    #expect(Fans(weightShape: [16, 6, 5, 5]) == Fans(fanIn: 150, fanOut: 400))
  }

  @Test("schedules: the sources' table, and a cosine that ends at its minimum")
  func schedules() {
    let rates: [Float] = [5e-4, 5e-4, 2e-4, 2e-4, 2e-4, 5e-5, 5e-5, 5e-5, 5e-5, 1e-5, 1e-5]
    let table = StepTable.lenet
    #expect((1...11).map { table(epoch: $0) } == rates)
    let cosine = CosineDecay(1, minimum: 0.1, over: 10)
    let (first, middle, last) = (cosine(epoch: 1), cosine(epoch: 6), cosine(epoch: 11))
    #expect(first == 1 && abs(middle - 0.55) < 1e-6 && abs(last - 0.1) < 1e-6)
  }
}
