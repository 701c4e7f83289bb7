// LeNet-5 of 1998, and the two modern variants to which the workbook compares it.

import Tensors

/// LeNet-5 for 32×32 grey images and ten classes.
///
/// | name | input → output | parameters |
/// |---|---|---|
/// | conv1 (C1) | 1×32×32 → 6×28×28, kernel 5 | 156 |
/// | pool1 (S2) | → 6×14×14 | 0 |
/// | conv2 (C3) | → 16×10×10, kernel 5 | 2,416, or 1,516 with the paper's table of connections |
/// | pool2 (S4) | → 16×5×5 | 0 |
/// | fc1 (C5) | 400 → 120 | 48,120 |
/// | fc2 (F6) | 120 → 84 | 10,164 |
/// | fc3 | 84 → 10 | 850 |
///
/// - Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition", doi:10.1109/5.726791.
public struct LeNet5: Hashable, Sendable {
  /// The activation function of the hidden layers.
  public enum Activation: String, CaseIterable, Sendable {
    /// The hyperbolic tangent, as in 1998.
    case tanh
    /// max(0, x).
    case relu
    /// 1/(1 + e⁻ˣ).
    case sigmoid
  }
  /// The pooling between the convolutions.
  public enum Pooling: String, CaseIterable, Sendable {
    /// The mean of each 2×2 window.
    case average
    /// The largest pixel of each 2×2 window.
    case max
  }
  /// Which maps of S2 the filters of C3 see.
  public enum Connections: String, CaseIterable, Sendable {
    /// All six: 2,416 parameters, as usual today.
    case full
    /// Those of the paper's table I: 1,516 parameters, 60 of 96 connections. See ``ConnectionTable/lenet5``.
    case table
  }
  /// The output of the last layer, to which the loss is applied.
  public enum Output: Hashable, Sendable {
    /// Logits, for softmax with cross-entropy.
    case logits
    /// Sigmoids, for mean squared error; with the correct derivative, or with that of the sources' system.
    case sigmoid(Sigmoid.Derivative)
  }

  /// The activation function of the hidden layers.
  public var activation: Activation
  /// The pooling between the convolutions.
  public var pooling: Pooling
  /// The output of the last layer, to which the loss is applied.
  public var output: Output
  /// Whether batch normalization follows every convolution and dense layer, including the last.
  public var hasBatchNorm: Bool
  /// The dropout rate after each hidden dense layer; 0 for no dropout.
  public var dropout: Float
  /// The distribution of the initial weights.
  public var initializer: Initializer
  /// The number of outputs.
  public var classes: Int
  /// Which maps of S2 the filters of C3 see.
  public var connections: Connections

  /// Creates a description; by default the first of the three variants.
  public init(
    activation: Activation = .tanh, pooling: Pooling = .average, output: Output = .sigmoid(.correct),
    hasBatchNorm: Bool = false, dropout: Float = 0, initializer: Initializer = .xavierUniform, classes: Int = 10,
    connections: Connections = .full
  ) {
    self.activation = activation
    self.pooling = pooling
    self.output = output
    self.hasBatchNorm = hasBatchNorm
    self.dropout = dropout
    self.initializer = initializer
    self.classes = classes
    self.connections = connections
  }

  /// LeNet-5: tanh, sigmoid outputs with mean squared error, Xavier initialization.
  public static let plain = LeNet5()
  /// LeNet-5 with the sigmoid derivative of the sources' system, 1 − s² instead of s·(1 − s): SimpleNN,
  /// `headers/activation_layer.h`, class `Sigmoid`.
  public static let published = LeNet5(output: .sigmoid(.published))
  /// LeNet-5+: ReLU, softmax with cross-entropy, initial weights within ±1/√fan-in.
  ///
  /// The sources' system calls this initialization `lecun_uniform` (SimpleNN, `headers/common.h`). LeCun's own is √3
  /// times as wide: ``Initializer/lecunUniform``.
  public static let plus = LeNet5(activation: .relu, output: .logits, initializer: .torchUniform)
  /// LeNet-5++: the same with batch normalization.
  public static let plusPlus = LeNet5(
    activation: .relu, output: .logits, hasBatchNorm: true, initializer: .torchUniform)

  /// The shape of one input.
  public static let inputShape: Shape = [1, 32, 32]

  /// The network.
  public var layers: Sequential {
    Sequential {
      Conv2D(1, 6, kernel: 5, initializer: initializer).named("conv1")
      if hasBatchNorm { BatchNorm(6).named("bn1") }
      hidden.named("act1")
      pool.named("pool1")
      thirdLayer.named("conv2")
      if hasBatchNorm { BatchNorm(16).named("bn2") }
      hidden.named("act2")
      pool.named("pool2")
      Flatten().named("flatten")
      Dense(400, 120, initializer: initializer).named("fc1")
      if hasBatchNorm { BatchNorm(120).named("bn3") }
      hidden.named("act3")
      if dropout > 0 { Dropout(dropping: dropout).named("drop3") }
      Dense(120, 84, initializer: initializer).named("fc2")
      if hasBatchNorm { BatchNorm(84).named("bn4") }
      hidden.named("act4")
      if dropout > 0 { Dropout(dropping: dropout).named("drop4") }
      Dense(84, classes, initializer: initializer).named("fc3")
      if hasBatchNorm { BatchNorm(classes).named("bn5") }
      if case .sigmoid(let derivative) = output {
        Sigmoid(derivative: derivative).named("act5")
      }
    }
  }

  /// The loss for this output.
  public var loss: any Loss {
    output == .logits ? SoftmaxCrossEntropy() as any Loss : MeanSquaredError() as any Loss
  }

  /// C3.
  private var thirdLayer: any Layer {
    switch connections {
    case .full: Conv2D(6, 16, kernel: 5, initializer: initializer)
    case .table: TableConv2D(.lenet5, kernel: 5, initializer: initializer)
    }
  }

  private var hidden: any Layer {
    switch activation {
    case .tanh: Tanh()
    case .relu: ReLU()
    case .sigmoid: Sigmoid()
    }
  }

  private var pool: any Layer {
    switch pooling {
    case .average: AveragePool(2)
    case .max: MaxPool(2)
    }
  }
}
