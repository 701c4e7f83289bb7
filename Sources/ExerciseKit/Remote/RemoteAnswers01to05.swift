// Answers of chapters 1 to 5 in another process: each function sends its arguments there.

extension RemoteAnswers {
  static let chapters1to5: [ExerciseID: any ExerciseAnswer.Type] = [
    "1.1": Remote01_1.self,
    "1.2": Remote01_2.self,
    "1.3": Remote01_3.self,
    "1.4": Remote01_4.self,
    "2.1": Remote02_1.self,
    "2.2": Remote02_2.self,
    "2.3": Remote02_3.self,
    "2.4": Remote02_4.self,
    "2.5": Remote02_5.self,
    "3.1": Remote03_1.self,
    "3.2": Remote03_2.self,
    "3.3": Remote03_3.self,
    "3.4": Remote03_4.self,
    "4.1": Remote04_1.self,
    "4.2": Remote04_2.self,
    "4.3": Remote04_3.self,
    "4.4": Remote04_4.self,
    "5.1": Remote05_1.self,
    "5.2": Remote05_2.self,
    "5.3": Remote05_3.self,
    "5.4": Remote05_4.self,
    "5.5": Remote05_5.self,
    "5.6": Remote05_6.self,
  ]
}

private enum Remote01_1: Ex01_1 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) throws -> Tensor {
    try Remote.call(0, input, weight, bias)
  }
}

private enum Remote01_2: Ex01_2 {
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor) throws -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) { try Remote.call(0, outputGradient, input, weight) }
}

private enum Remote01_4: Ex01_4 {
  static func step(weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float)
    throws -> (weights: [Float], velocities: [Float])
  { try Remote.call(0, weights, gradients, velocities, learningRate, momentum) }
}

private enum Remote02_1: Ex02_1 {
  static func sigmoid(_ x: [Float]) throws -> [Float] { try Remote.call(0, x) }
  static func derivative(at x: [Float]) throws -> [Float] { try Remote.call(1, x) }
}

private enum Remote02_2: Ex02_2 {
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) throws -> [Float] {
    try Remote.call(0, outputGradient, input, slope)
  }
  static func prelu(outputGradient: [Float], input: [Float], alpha: Float) throws -> (input: [Float], alpha: Float) {
    try Remote.call(1, outputGradient, input, alpha)
  }
}

private enum Remote02_3: Ex02_3 {
  static func elu(_ x: [Float], alpha: Float) throws -> [Float] { try Remote.call(0, x, alpha) }
  static func backward(outputGradient: [Float], input: [Float], alpha: Float) throws -> [Float] {
    try Remote.call(1, outputGradient, input, alpha)
  }
}

private enum Remote02_4: Ex02_4 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, pieces: Int) throws -> Tensor {
    try Remote.call(0, input, weight, bias, pieces)
  }
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, bias: Tensor, pieces: Int) throws -> (
    input: Tensor, weight: Tensor, bias: Tensor
  ) { try Remote.call(1, outputGradient, input, weight, bias, pieces) }
}

private enum Remote02_5: Ex02_5 {
  static func deadShare(outputs: Tensor) throws -> Float { try Remote.call(0, outputs) }
}

private enum Remote03_1: Ex03_1 {
  static func meanImage(_ train: Tensor) throws -> Tensor { try Remote.call(0, train) }
  static func center(_ images: Tensor, by mean: Tensor) throws -> Tensor { try Remote.call(1, images, mean) }
}

private enum Remote03_2: Ex03_2 {
  static func channelStatistics(_ train: Tensor) throws -> (mean: [Float], standardDeviation: [Float]) {
    try Remote.call(0, train)
  }
}

private enum Remote03_3: Ex03_3 {
  static func standardize(_ images: Tensor, mean: [Float], standardDeviation: [Float]) throws -> Tensor {
    try Remote.call(0, images, mean, standardDeviation)
  }
}

private enum Remote03_4: Ex03_4 {
  static func project(_ samples: Tensor, mean: [Float], components: Tensor) throws -> Tensor {
    try Remote.call(0, samples, mean, components)
  }
  static func whiten(_ samples: Tensor, mean: [Float], components: Tensor, variances: [Float], epsilon: Float) throws
    -> Tensor
  { try Remote.call(1, samples, mean, components, variances, epsilon) }
}

private enum Remote04_1: Ex04_1 {
  static func fans(weightShape: [Int]) throws -> [Int] { try Remote.call(0, weightShape) }
}

private enum Remote04_2: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) throws -> [Float] {
    try Remote.call(0, fanIn, fanOut, random)
  }
}

private enum Remote04_3: Ex04_3 {
  static func standardDeviation(weightShape: [Int]) throws -> Float { try Remote.call(0, weightShape) }
}

private enum Remote04_4: Ex04_4 {
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) throws -> [Double] {
    try Remote.call(0, standardDeviation, fanIn, depth, isRectified)
  }
}

private enum Remote05_1: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    try Remote.call(0, input, gamma, beta, epsilon)
  }
}

private enum Remote05_2: Ex05_2 {
  static func backward(_ outputGradient: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) throws -> (
    input: Tensor, gamma: Tensor, beta: Tensor
  ) { try Remote.call(0, outputGradient, input, gamma, epsilon) }
}

private enum Remote05_3: Ex05_3 {
  static func update(mean: [Float], variance: [Float], with batch: Tensor, momentum: Float) throws -> (
    mean: [Float], variance: [Float]
  ) { try Remote.call(0, mean, variance, batch, momentum) }
  static func infer(_ input: Tensor, mean: [Float], variance: [Float], gamma: [Float], beta: [Float], epsilon: Float)
    throws -> Tensor
  { try Remote.call(1, input, mean, variance, gamma, beta, epsilon) }
}

private enum Remote05_4: Ex05_4 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    try Remote.call(0, input, gamma, beta, epsilon)
  }
}

private enum Remote05_5: Ex05_5 {
  static func forward(_ input: Tensor, groups: Int, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    try Remote.call(0, input, groups, gamma, beta, epsilon)
  }
  static func groupsOfLayerNorm(channels: Int) throws -> Int { try Remote.call(1, channels) }
  static func groupsOfInstanceNorm(channels: Int) throws -> Int { try Remote.call(2, channels) }
}

private enum Remote05_6: Ex05_6 {
  static func fold(
    weight: Tensor, bias: Tensor, gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float
  ) throws -> (weight: Tensor, bias: Tensor) { try Remote.call(0, weight, bias, gamma, beta, mean, variance, epsilon) }
}

private enum Remote01_3: Ex01_3 {
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) throws -> [Double] {
    let wire = try Remote.raw(0, [point.wire, step.wire]) { _, arguments in
      guard arguments.count == 1, let place = [Double](wire: arguments[0]) else { throw RemoteHalt(.forged) }
      guard place.count == point.count else {
        throw RemoteError("the function takes \(point.count) numbers, and was called with \(place.count)")
      }
      return function(place).wire
    }
    guard let gradient = [Double](wire: wire) else { throw RemoteHalt(.forged) }
    return gradient
  }
}
