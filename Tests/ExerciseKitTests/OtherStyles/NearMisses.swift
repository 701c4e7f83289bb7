// Wrong answers that no catalogue lists: two mistakes at once, another formula, a constant, an error instead of a number.

import ExerciseKit
import Foundation

/// Two known mistakes at once: the gradients of weights and biases are means, and all signs are turned.
enum MeanAndUphill: Ex01_2 {
  static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor) {
    let right = try DenseBackwardByProducts.backward(outputGradient, input: input, weight: weight)
    let samples = Float(input.shape[0])
    func turned(_ t: Tensor, _ factor: Float) -> Tensor { Tensor(t.shape, t.elements.map { -$0 * factor }) }
    return (turned(right.input, 1), turned(right.weight, 1 / samples), turned(right.bias, 1 / samples))
  }
}

/// Three straight pieces instead of the curve.
enum HardSigmoid: Ex02_1 {
  static func sigmoid(_ x: [Float]) throws -> [Float] { x.map { min(1, max(0, 0.5 + $0 / 4)) } }
  static func derivative(at x: [Float]) throws -> [Float] { x.map { abs($0) < 2 ? 0.25 : 0 } }
}

/// Half the range for the standard deviation.
enum HalfTheRange: Ex03_2 {
  static func channelStatistics(_ train: Tensor) throws -> (mean: [Float], standardDeviation: [Float]) {
    let area = train.shape[2] * train.shape[3]
    let spreads = (0..<train.shape[1]).map { c -> Float in
      let x = train.elements.indices.filter { $0 / area % train.shape[1] == c }.map { train.elements[$0] }
      return (x.max()! - x.min()!) / 2
    }
    return (try ChannelsByMoments.channelStatistics(train).mean, spreads)
  }
}

/// The limit of a uniform distribution with 1/fan-in.
enum ThreeOverFanIn: Ex04_3 {
  static func standardDeviation(weightShape: [Int]) throws -> Float {
    (3 / Float(weightShape.dropFirst().reduce(1, *))).squareRoot()
  }
}

/// γ·(x̂ + β).
enum ScaledShift: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    let shift = Tensor(vector: zip(gamma.elements, beta.elements).map(*))
    return try BatchNormByMoments.forward(input, gamma: gamma, beta: shift, epsilon: epsilon)
  }
}

/// Twice the patience.
enum WaitsTwice: Ex07_2 {
  static func stop(errors: [Float], patience: Int) throws -> (stopped: Int, best: Int) {
    try StoppingByPrefixes.stop(errors: errors, patience: 2 * patience)
  }
}

/// A temperature of 2.
enum Warm: Ex08_2 {
  private static func warm(_ t: Tensor) -> Tensor { Tensor(t.shape, t.elements.map { $0 / 2 }) }
  static func softmax(_ logits: Tensor) throws -> Tensor { try OnlineSoftmax.softmax(warm(logits)) }
  static func logSumExp(_ logits: Tensor) throws -> [Float] { try OnlineSoftmax.logSumExp(warm(logits)) }
}

/// Two known mistakes at once: the sign of the gradient is turned and the sum is not divided by N.
enum SignAndSum: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) throws -> Float {
    try CrossEntropyByDifferences.loss(logits: logits, labels: labels)
  }
  static func gradient(logits: Tensor, labels: [Int]) throws -> Tensor {
    let right = try CrossEntropyByDifferences.gradient(logits: logits, labels: labels)
    return Tensor(right.shape, right.elements.map { -$0 * Float(labels.count) })
  }
}

/// Half, whatever is asked.
enum Constant: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) throws -> Double { 0.5 }
}

/// To the nearest number instead of down.
enum RoundsToNearest: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) throws -> Int {
    max(0, Int((Double(size + 2 * padding - kernel) / Double(stride)).rounded()) + 1)
  }
}

/// A white border.
enum PadsWithOnes: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) throws -> Tensor {
    let shape: Shape = [input.shape[0], input.shape[1], input.shape[2] + 2 * padding, input.shape[3] + 2 * padding]
    var padded = Tensor(shape, repeating: 1)
    for n in 0..<input.shape[0] {
      for c in 0..<input.shape[1] {
        for i in 0..<input.shape[2] {
          for j in 0..<input.shape[3] { padded[n, c, i + padding, j + padding] = input[n, c, i, j] }
        }
      }
    }
    return try ConvolutionByColumns.forward(padded, weight: weight, bias: bias, stride: stride, padding: 0)
  }
}

/// Throws where it should answer, in the later stages alone.
enum Refuses: Ex10_3 {
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) throws -> Float {
    guard epoch <= lengths[0] else { throw CheckerError("no rate") }
    return rates[0]
  }
}

/// exp(‖g‖)/Σ exp(‖g‖).
enum SoftmaxOfNorms: Ex10_4 {
  static func shares(gradients: [[Float]]) throws -> [Float] {
    let powers = gradients.map { exp($0.reduce(0) { $0 + $1 * $1 }.squareRoot()) }
    return powers.map { $0 / powers.reduce(0, +) }
  }
}
