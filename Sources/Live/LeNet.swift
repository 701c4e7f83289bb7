// LeNet-5 from the core's layers, for the panels of chapter 10.

import Datasets
import NeuralNetworks
import Tensors

/// LeNet-5++ as `LeNet5.plusPlus` builds it, layer for layer, in a ``Stack``: a test holds the two against each other.
enum LeNet {
  /// The layers, ReLU and average pooling between them, with or without batch normalization.
  static func layers(isNormalized: Bool = true, initializer: Initializer = .torchUniform) -> [HeldLayer] {
    func normalized(_ channels: Int) -> [HeldLayer] { isNormalized ? [BatchNorm(channels).held] : [] }
    var layers = [Conv2D(1, 6, kernel: 5, initializer: initializer).held]  // 6×28×28
    layers += normalized(6) + [ReLU().held, AveragePool(2).held]  // 6×14×14
    layers += [Conv2D(6, 16, kernel: 5, initializer: initializer).held]  // 16×10×10
    layers += normalized(16) + [ReLU().held, AveragePool(2).held, Flatten().held]  // 400
    layers += [Dense(400, 120, initializer: initializer).held] + normalized(120) + [ReLU().held]
    layers += [Dense(120, 84, initializer: initializer).held] + normalized(84) + [ReLU().held]
    layers += [Dense(84, 10, initializer: initializer).held] + normalized(10)
    return layers
  }

  /// The places of the first and the second rectified maps among the normalized layers.
  static let (firstMaps, secondMaps) = (2, 6)

  /// The input of a 28×28 picture with ink from 0 to 1: standardized, inside a border, [1, 1, 32, 32].
  static func input(_ ink: [Float]) -> Tensor {
    var input = Tensor(zeros: [1, 1, 32, 32])
    input.withUnsafeMutableElements { pixels in
      for row in 0..<28 {
        for column in 0..<28 {
          pixels[(row + 2) * 32 + column + 2] = (ink[row * 28 + column] - MNIST.mean) / MNIST.standardDeviation
        }
      }
    }
    return input
  }

  /// eᶻ/Σeᶻ.
  static func softmax(_ logits: [Float]) -> [Float] {
    let largest = logits.max() ?? 0
    let shifted = Tensor(vector: logits.map { $0 - largest })
    var powers = [Float](repeating: 0, count: logits.count)
    shifted.withUnsafeElements { x in
      powers.withUnsafeMutableBufferPointer { y in
        if let x = x.baseAddress, let y = y.baseAddress { Kernels.exp(x, into: y, count: logits.count) }
      }
    }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
