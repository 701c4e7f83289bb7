// Answers of chapters 6 to 11 in another process: each function sends its arguments there.

extension RemoteAnswers {
  static let chapters6to11: [ExerciseID: any ExerciseAnswer.Type] = [
    "6.1": Remote06_1.self,
    "6.2": Remote06_2.self,
    "6.3": Remote06_3.self,
    "6.4": Remote06_4.self,
    "7.1": Remote07_1.self,
    "7.2": Remote07_2.self,
    "7.3": Remote07_3.self,
    "7.4": Remote07_4.self,
    "7.5": Remote07_5.self,
    "7.6": Remote07_6.self,
    "8.1": Remote08_1.self,
    "8.2": Remote08_2.self,
    "8.3": Remote08_3.self,
    "8.4": Remote08_4.self,
    "9.1": Remote09_1.self,
    "9.2": Remote09_2.self,
    "9.3": Remote09_3.self,
    "9.4": Remote09_4.self,
    "9.5": Remote09_5.self,
    "9.6": Remote09_6.self,
    "9.7": Remote09_7.self,
    "10.1": Remote10_1.self,
    "10.2": Remote10_2.self,
    "10.3": Remote10_3.self,
    "10.4": Remote10_4.self,
    "11.1": Remote11_1.self,
    "11.2": Remote11_2.self,
    "11.3": Remote11_3.self,
    "11.4": Remote11_4.self,
    "11.5": Remote11_5.self,
  ]
}

private enum Remote06_1: Ex06_1 {
  static func forward(_ input: Tensor, dropping rate: Float, random: Tensor) throws -> Tensor {
    try Remote.call(0, input, rate, random)
  }
  static func backward(_ outputGradient: Tensor, dropping rate: Float, random: Tensor) throws -> Tensor {
    try Remote.call(1, outputGradient, rate, random)
  }
}

private enum Remote06_2: Ex06_2 {
  static func infer(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float) throws -> Tensor {
    try Remote.call(0, input, weight, bias, rate)
  }
}

private enum Remote06_3: Ex06_3 {
  static func forward(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float, random: Tensor) throws
    -> Tensor
  { try Remote.call(0, input, weight, bias, rate, random) }
  static func weightGradient(_ outputGradient: Tensor, input: Tensor, dropping rate: Float, random: Tensor) throws
    -> Tensor
  { try Remote.call(1, outputGradient, input, rate, random) }
}

private enum Remote06_4: Ex06_4 {
  static func average(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) throws -> [Double] {
    try Remote.call(0, hidden, weight, bias, rate)
  }
  static func geometricMean(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) throws
    -> [Double]
  { try Remote.call(1, hidden, weight, bias, rate) }
}

private enum Remote07_1: Ex07_1 {
  static func penalty(_ weights: [Float], l1: Float, l2: Float) throws -> Float { try Remote.call(0, weights, l1, l2) }
  static func gradient(_ weights: [Float], l1: Float, l2: Float) throws -> [Float] {
    try Remote.call(1, weights, l1, l2)
  }
}

private enum Remote07_2: Ex07_2 {
  static func stop(errors: [Float], patience: Int) throws -> (stopped: Int, best: Int) {
    try Remote.call(0, errors, patience)
  }
}

private enum Remote07_3: Ex07_3 {
  static func shifted(_ image: Tensor, down: Int, right: Int) throws -> Tensor {
    try Remote.call(0, image, down, right)
  }
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) throws -> Tensor {
    try Remote.call(1, image, padding, top, left)
  }
}

private enum Remote07_4: Ex07_4 {
  static func solarized(_ levels: [Int], threshold: Int) throws -> [Int] { try Remote.call(0, levels, threshold) }
  static func posterized(_ levels: [Int], bits: Int) throws -> [Int] { try Remote.call(1, levels, bits) }
  static func equalized(_ levels: [Int]) throws -> [Int] { try Remote.call(2, levels) }
}

private enum Remote07_5: Ex07_5 {
  static func pick(_ window: [Float], draw: Float) throws -> Int { try Remote.call(0, window, draw) }
  static func expectation(_ window: [Float]) throws -> Float { try Remote.call(1, window) }
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) throws -> [Float] {
    try Remote.call(2, outputGradient, window, draw)
  }
}

private enum Remote07_6: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) throws -> [[Float]] { try Remote.call(0, gradients, limit) }
}

private enum Remote08_1: Ex08_1 {
  static func gradient(logits: Tensor, targets: Tensor) throws -> Tensor { try Remote.call(0, logits, targets) }
}

private enum Remote08_2: Ex08_2 {
  static func softmax(_ logits: Tensor) throws -> Tensor { try Remote.call(0, logits) }
  static func logSumExp(_ logits: Tensor) throws -> [Float] { try Remote.call(1, logits) }
}

private enum Remote08_3: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) throws -> Float { try Remote.call(0, logits, labels) }
  static func gradient(logits: Tensor, labels: [Int]) throws -> Tensor { try Remote.call(1, logits, labels) }
}

private enum Remote08_4: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) throws -> Double { try Remote.call(0, scores, labels, k) }
}

private enum Remote09_1: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) throws -> Int {
    try Remote.call(0, size, kernel, stride, padding)
  }
}

private enum Remote09_2: Ex09_2 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) throws -> Tensor {
    try Remote.call(0, input, weight, bias, stride, padding)
  }
}

private enum Remote09_3: Ex09_3 {
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) throws -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) { try Remote.call(0, outputGradient, input, weight, stride, padding) }
}

private enum Remote09_4: Ex09_4 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    try Remote.call(0, input, kernel, stride)
  }
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    try Remote.call(1, outputGradient, input, kernel, stride)
  }
}

private enum Remote09_5: Ex09_5 {
  static func forward(_ input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    try Remote.call(0, input, kernel, stride)
  }
  static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) throws -> Tensor {
    try Remote.call(1, outputGradient, inputShape, kernel, stride)
  }
}

private enum Remote09_6: Ex09_6 {
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) throws -> Tensor {
    try Remote.call(0, input, size, alpha, beta, k)
  }
}

private enum Remote09_7: Ex09_7 {
  static func receptiveField(kernels: [Int], strides: [Int]) throws -> Int { try Remote.call(0, kernels, strides) }
}

private enum Remote10_1: Ex10_1 {
  static func network(classes: Int) throws -> Sequential {
    try Remote.network(0, classes)
  }
}

private enum Remote10_3: Ex10_3 {
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) throws -> Float {
    try Remote.call(0, epoch, lengths, rates)
  }
}

private enum Remote10_4: Ex10_4 {
  static func shares(gradients: [[Float]]) throws -> [Float] { try Remote.call(0, gradients) }
}

private enum Remote11_1: Ex11_1 {
  static func forward(_ input: Tensor, w1: Tensor, w2: Tensor) throws -> Tensor { try Remote.call(0, input, w1, w2) }
  static func backward(_ outputGradient: Tensor, input: Tensor, w1: Tensor, w2: Tensor) throws -> (
    input: Tensor, w1: Tensor, w2: Tensor
  ) { try Remote.call(1, outputGradient, input, w1, w2) }
}

private enum Remote11_2: Ex11_2 {
  static func weights(inputs: Int, width: Int, expansion: Int, stride: Int) throws -> [Int] {
    try Remote.call(0, inputs, width, expansion, stride)
  }
  static func multiplyAdds(inputs: Int, width: Int, expansion: Int, stride: Int, side: Int) throws -> Int {
    try Remote.call(1, inputs, width, expansion, stride, side)
  }
}

private enum Remote11_3: Ex11_3 {
  static func network(stages: [Int], channels: [Int], hidden: Int, classes: Int, side: Int) throws -> Sequential {
    try Remote.network(0, stages, channels, hidden, classes, side)
  }
}

private enum Remote11_4: Ex11_4 {
  static func sides(image: Int) throws -> [Int] { try Remote.call(0, image) }
  static func parameters(image: Int) throws -> [Int] { try Remote.call(1, image) }
}

private enum Remote11_5: Ex11_5 {
  static func network(folds: Int) throws -> Sequential {
    try Remote.network(0, folds)
  }
  static func shallowUnits(folds: Int) throws -> Int { try Remote.call(1, folds) }
}

private enum Remote10_2: Ex10_2 {
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float,
    order: (_ epoch: Int) -> [Int], gradient: (_ parameters: [Float], _ batch: [Int]) -> [Float]
  ) throws -> [Float] {
    let arguments: [any Wired] = [parameters, sampleCount, batchSize, epochs, learningRate]
    let wire = try Remote.raw(0, arguments.map(\.wire)) { index, arguments in
      if index == 0, arguments.count == 1, let epoch = Int(wire: arguments[0]) {
        // Epochs beyond these have no order, and their sum could overflow.
        return order(min(max(epoch, -1000), 1000)).wire
      }
      if index == 1, arguments.count == 2, let place = [Float](wire: arguments[0]),
        let batch = [Int](wire: arguments[1])
      {
        return gradient(place, batch).wire
      }
      throw RemoteHalt(.forged)
    }
    guard let result = [Float](wire: wire) else { throw RemoteHalt(.forged) }
    return result
  }
}
