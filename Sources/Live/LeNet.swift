// LeNet-5, built from the core's layers for the panels of chapter 10.

import Datasets
import NeuralNetworks
import Tensors

/// LeNet-5++ with the same layers as `LeNet5.plusPlus`, for a ``Stack``; a test compares the two.
enum LeNet {
  /// The layers, with ReLU and average pooling, with or without batch normalization.
  static func layers(isNormalized: Bool = true, initializer: Initializer = .torchUniform) -> [BoxedLayer] {
    func normalized(_ channels: Int) -> [BoxedLayer] { isNormalized ? [BatchNorm(channels).boxed] : [] }
    var layers = [Conv2D(1, 6, kernel: 5, initializer: initializer).boxed]  // 6×28×28
    layers += normalized(6) + [ReLU().boxed, AveragePool(2).boxed]  // 6×14×14
    layers += [Conv2D(6, 16, kernel: 5, initializer: initializer).boxed]  // 16×10×10
    layers += normalized(16) + [ReLU().boxed, AveragePool(2).boxed, Flatten().boxed]  // 400
    layers += [Dense(400, 120, initializer: initializer).boxed] + normalized(120) + [ReLU().boxed]
    layers += [Dense(120, 84, initializer: initializer).boxed] + normalized(84) + [ReLU().boxed]
    layers += [Dense(84, 10, initializer: initializer).boxed] + normalized(10)
    return layers
  }

  /// The indices of the first and the second ReLU in the normalized network.
  static let (firstMaps, secondMaps) = (2, 6)

  /// The network's input for a 28×28 image with ink from 0 to 1: standardized and padded, [1, 1, 32, 32].
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

  /// The probabilities eᶻ/Σeᶻ.
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
