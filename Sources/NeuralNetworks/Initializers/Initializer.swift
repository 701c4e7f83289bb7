// The initial distributions of the weights.

import Tensors

/// A distribution from which initial weights are drawn.
///
/// The scaled distributions choose the variance from the size of the layer, so that signals neither vanish nor explode
/// in deep networks:
///
/// | name | Var(w) | for |
/// |---|---|---|
/// | LeCun | 1 / fan-in | tanh, SELU |
/// | Xavier (Glorot) | 2 / (fan-in + fan-out) | tanh, sigmoid |
/// | He (Kaiming) | 2 / fan-in | ReLU |
///
/// A uniform distribution of variance σ² reaches from −√3·σ to √3·σ.
public enum Initializer: Hashable, Sendable {
  /// The same value for every element. Units that start equal stay equal: right for biases, wrong for weights.
  case constant(Float)
  /// N(0, standardDeviation²).
  case normal(standardDeviation: Float)
  /// U(−limit, limit).
  case uniform(limit: Float)
  /// Variance gain² / fan.
  case scaled(Fan, Distribution, gain: Float = 1)

  /// The shape of a distribution, apart from its variance.
  public enum Distribution: Hashable, Sendable {
    /// The normal distribution.
    case normal
    /// The uniform distribution on an interval.
    case uniform
  }

  /// The fan by which the variance is divided.
  public enum Fan: Hashable, Sendable {
    /// The number of inputs of one unit.
    case fanIn
    /// The number of outputs that one input reaches.
    case fanOut
    /// The mean of the two.
    case average
  }

  /// LeCun et al. 1998, "Efficient BackProp", eq. 16: Var(w) = 1/fan-in.
  public static let lecunNormal = Initializer.scaled(.fanIn, .normal)
  /// LeCun, uniform: ±√(3/fan-in).
  public static let lecunUniform = Initializer.scaled(.fanIn, .uniform)
  /// Glorot and Bengio 2010, eq. 12: Var(w) = 2/(fan-in + fan-out).
  public static let xavierNormal = Initializer.scaled(.average, .normal)
  /// Glorot and Bengio 2010, eq. 16: ±√(6/(fan-in + fan-out)).
  public static let xavierUniform = Initializer.scaled(.average, .uniform)
  /// He et al. 2015, eq. 10: Var(w) = 2/fan-in.
  public static let heNormal = Initializer.scaled(.fanIn, .normal, gain: Float(2).squareRoot())
  /// He, uniform: ±√(6/fan-in).
  public static let heUniform = Initializer.scaled(.fanIn, .uniform, gain: Float(2).squareRoot())

  /// PyTorch's default for dense and convolution layers: ±1/√fan-in, a variance of only 1/(3·fan-in).
  public static let torchUniform = Initializer.scaled(.fanIn, .uniform, gain: 1 / Float(3).squareRoot())

  /// The standard deviation of the weights for given fans.
  public func standardDeviation(_ fans: Fans) -> Float {
    switch self {
    case .constant: 0
    case .normal(let standardDeviation): standardDeviation
    case .uniform(let limit): limit / Float(3).squareRoot()
    case .scaled(.fanIn, _, let gain): gain / Float(max(1, fans.fanIn)).squareRoot()
    case .scaled(.fanOut, _, let gain): gain / Float(max(1, fans.fanOut)).squareRoot()
    case .scaled(.average, _, let gain): gain / (Float(max(2, fans.fanIn + fans.fanOut)) / 2).squareRoot()
    }
  }

  /// Fills `weight` with new random numbers.
  ///
  /// - Parameters:
  ///   - weight: [out, in] or [out, in, kernel height, kernel width]; overwritten.
  ///   - fans: by default those of the weight's shape.
  ///   - generator: the source of randomness.
  public func fill(_ weight: inout Tensor, fans: Fans? = nil, using generator: inout SeededGenerator) {
    let sigma = standardDeviation(fans ?? Fans(weightShape: weight.shape))
    switch self {
    case .constant(let value): weight.fill(value)
    case .normal, .scaled(_, .normal, _): weight.fillNormal(standardDeviation: sigma, using: &generator)
    case .uniform, .scaled(_, .uniform, _):
      let limit = sigma * Float(3).squareRoot()
      weight.withUnsafeMutableElements { weight in
        for i in weight.indices { weight[i] = generator.nextUniform(in: -limit...limit) }
      }
    }
  }
}

extension Layer {
  /// Draws the biases of dense and convolution layers as PyTorch does by default: U(−1/√fan-in, 1/√fan-in), with the
  /// fan-in of the layer's weights.
  ///
  /// - Parameters:
  ///   - seed: equal seeds give equal biases.
  public mutating func drawBiases(seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 5)
    var weight: Shape = []
    visitParameters { name, parameter in
      if name.hasSuffix("weight") { weight = parameter.value.shape }
      // The weight γ of a norm is a vector.
      guard name.hasSuffix("bias"), weight.rank > 1 else { return }
      let fans = Fans(weightShape: weight)
      Initializer.uniform(limit: 1 / Float(fans.fanIn).squareRoot()).fill(
        &parameter.value, fans: fans, using: &generator)
    }
  }
}

/// The fan-in and the fan-out of a layer.
public struct Fans: Hashable, Sendable {
  /// The number of inputs of one unit: in, or C/groups · kernel height · kernel width.
  public var fanIn: Int
  /// The number of outputs that one input reaches: out, or M · kernel height · kernel width.
  public var fanOut: Int

  /// Creates fans.
  public init(fanIn: Int, fanOut: Int) {
    self.fanIn = fanIn
    self.fanOut = fanOut
  }

  /// The fans of a weight tensor [out, in, …kernel]; for a vector, both are its length.
  public init(weightShape: Shape) {
    let kernel = weightShape.positions
    fanIn = weightShape.rank > 1 ? weightShape[1] * kernel : weightShape.count
    fanOut = weightShape.rank > 0 ? weightShape[0] * kernel : 1
  }
}

extension Initializer {
  /// The gain that preserves the size of a signal through a nonlinearity, given by its name in PyTorch.
  ///
  /// 1 for `linear` and `sigmoid`, 5/3 for `tanh`, √2 for `relu`, √(2/(1 + slope²)) for `leaky_relu(slope)`, ¾ for `selu`.
  ///
  /// - Returns: the gain, or nil for an unknown name.
  public static func gain(for nonlinearity: String) -> Float? {
    switch nonlinearity {
    case "linear", "identity", "conv2d", "sigmoid": return 1
    case "tanh": return 5 / 3
    case "relu": return Float(2).squareRoot()
    case "selu": return 0.75
    case "leaky_relu": return gain(for: "leaky_relu(0.01)")
    default:
      guard nonlinearity.hasPrefix("leaky_relu("), nonlinearity.hasSuffix(")"),
        let slope = Double(nonlinearity.dropFirst("leaky_relu(".count).dropLast())
      else { return nil }
      return Float((2 / (1 + slope * slope)).squareRoot())
    }
  }
}
