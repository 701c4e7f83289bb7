// Answers of chapters 10 and 11 in other styles than the solutions.

import ExerciseKit
import Foundation

/// Features and classifier as two networks in one.
enum LeNetOfTwoParts: Ex10_1 {
  static func network(classes: Int) throws -> Sequential {
    let features = Sequential([
      Conv2D(1, 6, kernel: 5), Tanh(), AveragePool(2), Conv2D(6, 16, kernel: 5), Tanh(), AveragePool(2),
    ])
    let classifier = Sequential([
      Flatten(), Dense(400, 120), Tanh(), Dense(120, 84), Tanh(), Dense(84, classes), Sigmoid(),
    ])
    return Sequential([features, classifier])
  }
}

/// A queue of samples that batches are taken from.
enum TrainingByQueue: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float,
    order: (_ epoch: Int) -> [Int], gradient: (_ parameters: [Float], _ batch: [Int]) -> [Float]
  ) throws -> [Float] {
    var (result, epoch) = (parameters, 0)
    while epoch < epochs {
      epoch += 1
      var queue = order(epoch)[...]
      while !queue.isEmpty {
        let slope = gradient(result, Array(queue.prefix(batchSize)))
        queue = queue.dropFirst(batchSize)
        result = zip(result, slope).map { Float(Double($0) - Double(learningRate) * Double($1)) }
      }
    }
    return result
  }
}

/// Writes the whole table out, one rate an epoch.
enum ScheduleByTable: Ex10_3 {
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) throws -> Float {
    let table = zip(lengths, rates).flatMap { Array(repeating: $1, count: $0) }
    return epoch <= table.count ? table[epoch - 1] : rates[rates.count - 1]
  }
}

/// Norms by `hypot` in Double.
enum SharesByHypot: Ex10_4 {
  static func shares(gradients: [[Float]]) throws -> [Float] {
    let norms = gradients.map { $0.reduce(0.0) { hypot($0, Double($1)) } }
    let sum = norms.reduce(0, +)
    return norms.map { sum > 0 ? Float($0 / sum) : 0 }
  }
}

/// Matrix products of whole batches, with masks as matrices of ones and zeros.
enum ResidualByProducts: Ex11_1 {
  private static func rectified(_ a: [[Double]]) -> [[Double]] { a.map { $0.map { max(0, $0) } } }
  private static func masked(_ a: [[Double]], by b: [[Double]]) -> [[Double]] {
    zip(a, b).map { zip($0, $1).map { $1 > 0 ? $0 : 0 } }
  }
  private static func sum(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] { zip(a, b).map { zip($0, $1).map(+) } }

  static func forward(_ input: Tensor, w1: Tensor, w2: Tensor) throws -> Tensor {
    let x = rows(input)
    let hidden = rectified(product(x, transposed(rows(w1))))
    return tensor(rectified(sum(product(hidden, transposed(rows(w2))), x)))
  }
  static func backward(
    _ outputGradient: Tensor, input: Tensor, w1: Tensor, w2: Tensor
  ) throws -> (input: Tensor, w1: Tensor, w2: Tensor) {
    let x = rows(input)
    let before = product(x, transposed(rows(w1)))
    let e = masked(rows(outputGradient), by: sum(x, product(rectified(before), transposed(rows(w2)))))
    let h = masked(product(e, rows(w2)), by: before)
    return (
      tensor(sum(e, product(h, rows(w1)))), tensor(product(transposed(h), x)),
      tensor(product(transposed(e), rectified(before)))
    )
  }
}

/// One table of the block's convolutions that both functions read.
enum BottleneckByTable: Ex11_2 {
  private static func table(_ inputs: Int, _ width: Int, _ expansion: Int, _ stride: Int) -> [(Int, Int)] {
    let leaving = width * expansion
    return [
      (inputs * width, 1), (9 * width * width, stride), (width * leaving, stride),
      (stride == 1 && inputs == leaving ? 0 : inputs * leaving, stride),
    ]
  }
  static func weights(inputs: Int, width: Int, expansion: Int, stride: Int) throws -> [Int] {
    table(inputs, width, expansion, stride).map(\.0)
  }
  static func multiplyAdds(inputs: Int, width: Int, expansion: Int, stride: Int, side: Int) throws -> Int {
    table(inputs, width, expansion, stride).map { $0 * side * side / ($1 * $1) }.reduce(0, +)
  }
}

/// A network for each stage, one after the other in a network.
enum VGGOfStages: Ex11_3 {
  static func network(stages: [Int], channels: [Int], hidden: Int, classes: Int, side: Int) throws -> Sequential {
    let arriving = [3] + channels
    let blocks = stages.indices.map { s in
      let convolutions = (0..<stages[s]).flatMap { index -> [any Layer] in
        [Conv2D(index == 0 ? arriving[s] : channels[s], channels[s], kernel: 3, padding: 1), ReLU()]
      }
      return Sequential(convolutions + [MaxPool(2)])
    }
    let rest = side >> stages.count
    let head = Sequential([
      Flatten(), Dense(arriving[stages.count] * rest * rest, hidden), ReLU(), Dense(hidden, hidden), ReLU(),
      Dense(hidden, classes),
    ])
    return Sequential(blocks + [head])
  }
}

/// One walk over a table of windows; pooling has no channels of its own.
enum AlexNetByTable: Ex11_4 {
  private static let windows = [
    (11, 4, 0, 96), (3, 2, 0, 0), (5, 1, 2, 256), (3, 2, 0, 0), (3, 1, 1, 384), (3, 1, 1, 384), (3, 1, 1, 256),
    (3, 2, 0, 0),
  ]
  static func sides(image: Int) throws -> [Int] {
    windows.reduce(into: [image]) { $0.append(($0.last! - $1.0 + 2 * $1.2) / $1.1 + 1) }.suffix(8)
  }
  static func parameters(image: Int) throws -> [Int] {
    var (counts, arriving) = ([Int](), 3)
    for (kernel, _, _, maps) in windows where maps > 0 {
      counts.append(maps * (arriving * kernel * kernel + 1))
      arriving = maps
    }
    let side = try sides(image: image)[7]
    let units = [arriving * side * side, 4096, 4096, 1000]
    return counts + zip(units, units.dropFirst()).map { ($0 + 1) * $1 }
  }
}

/// A tent behind a tent, each with an output of its own, its slopes in the hidden layer.
enum SawtoothOfTents: Ex11_5 {
  static func network(folds: Int) throws -> Sequential {
    var hidden = Dense(1, 2)
    hidden.weight.value = Tensor([2, 1], [2, 4])
    hidden.bias?.value = Tensor(vector: [0, -2])
    var output = Dense(2, 1, bias: false)
    output.weight.value = Tensor([1, 2], [1, -1])
    let tent: [any Layer] = [hidden, ReLU(), output]
    return Sequential((0..<folds).flatMap { _ in tent })
  }
  static func shallowUnits(folds: Int) throws -> Int { Int(pow(2, Double(folds))) }
}
