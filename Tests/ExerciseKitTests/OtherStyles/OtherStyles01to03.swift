// Answers of chapters 1 to 3 in other styles than the solutions: whole rows, closures, Double inside, other algebra.

import ExerciseKit
import Foundation

/// A matrix product of whole columns: the transposed weights are laid out first.
enum DenseByColumns: Ex01_1 {
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) throws -> Tensor {
    let (x, w) = (rows(input), rows(weight))
    let y = x.map { sample in
      zip(w, bias.elements).map { row, b in zip(sample, row).reduce(Double(b)) { $0 + $1.0 * $1.1 } }
    }
    return tensor(y)
  }
}

/// The three matrix products of the formula, with a transposition where it says so.
enum DenseBackwardByProducts: Ex01_2 {
  static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor) {
    let (g, x, w) = (rows(outputGradient), rows(input), rows(weight))
    let bias = transposed(g).map { Float($0.reduce(0, +)) }
    return (tensor(product(g, w)), tensor(product(transposed(g), x)), Tensor(vector: bias))
  }
}

/// A straight line through both neighbors, its length measured instead of taken for 2h.
enum GradientByLines: Ex01_3 {
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) throws -> [Double] {
    point.enumerated().map { i, x in
      func moved(to value: Double) -> [Double] {
        Array(point[..<i]) + [value] + Array(point[(i + 1)...])
      }
      let (left, right) = (x - step, x + step)
      return (function(moved(to: right)) - function(moved(to: left))) / (right - left)
    }
  }
}

/// Momentum as an exponential sum, in Double, written back to Float at the end.
enum MomentumInDouble: Ex01_4 {
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) throws -> (weights: [Float], velocities: [Float]) {
    let v = zip(velocities, gradients).map { Double($0) * Double(momentum) + Double($1) }
    return (zip(weights, v).map { Float(Double($0) - $1 * Double(learningRate)) }, v.map(Float.init))
  }
}

/// The sigmoid as a hyperbolic tangent, its derivative as 1/(4 cosh²(x/2)).
enum SigmoidByTanh: Ex02_1 {
  static func sigmoid(_ x: [Float]) throws -> [Float] { x.map { 0.5 * (1 + tanh($0 / 2)) } }
  static func derivative(at x: [Float]) throws -> [Float] {
    x.map { Float(0.25 / pow(cosh(Double($0) / 2), 2)) }
  }
}

/// No branches: a mask of ones and slopes.
enum LeakyByMask: Ex02_2 {
  private static func mask(_ input: [Float], _ slope: Float) -> [Float] {
    input.map { slope + (1 - slope) * ($0 > 0 ? 1 : 0) }
  }
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) throws -> [Float] {
    zip(outputGradient, mask(input, slope)).map(*)
  }
  static func prelu(outputGradient: [Float], input: [Float], alpha: Float) throws -> (input: [Float], alpha: Float) {
    let negative = zip(outputGradient, input).map { Double($0) * Double(min($1, 0)) }
    return (zip(outputGradient, mask(input, alpha)).map(*), Float(negative.reversed().reduce(0, +)))
  }
}

/// max and min instead of a question, `expm1` instead of a difference, and the slope out of the value: α·eˣ = y + α.
enum ELUByExpm1: Ex02_3 {
  static func elu(_ x: [Float], alpha: Float) throws -> [Float] {
    x.map { max($0, 0) + alpha * expm1(min($0, 0)) }
  }
  static func backward(outputGradient: [Float], input: [Float], alpha: Float) throws -> [Float] {
    try zip(zip(outputGradient, input), elu(input, alpha: alpha)).map { pair, y in
      pair.1 > 0 ? pair.0 : pair.0 * (y + alpha)
    }
  }
}

/// All sums first, as one dense layer; the winners are looked up afterwards.
enum MaxoutByDense: Ex02_4 {
  private static func sums(_ input: Tensor, _ weight: Tensor, _ bias: Tensor) -> [[Double]] {
    product(rows(input), transposed(rows(weight))).map { zip($0, bias.elements).map { $0 + Double($1) } }
  }
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, pieces: Int) throws -> Tensor {
    tensor(
      sums(input, weight, bias).map { row in
        stride(from: 0, to: row.count, by: pieces).map { row[$0..<$0 + pieces].max() ?? 0 }
      })
  }
  static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor, bias: Tensor, pieces: Int
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor) {
    // The gradient of the sums: that of the output where a piece won, 0 elsewhere. The rest is a dense layer.
    let routed = zip(sums(input, weight, bias), rows(outputGradient)).map { sums, gradient in
      var row = [Double](repeating: 0, count: sums.count)
      for (unit, value) in gradient.enumerated() {
        let mine = unit * pieces..<(unit + 1) * pieces
        row[mine.max { sums[$0] < sums[$1] } ?? 0] = value
      }
      return row
    }
    return try DenseBackwardByProducts.backward(tensor(routed), input: input, weight: weight)
  }
}

/// A set of the units that ever woke.
enum DeadBySet: Ex02_5 {
  static func deadShare(outputs: Tensor) throws -> Float {
    let units = outputs.shape[1]
    let awake = Set(outputs.elements.indices.filter { outputs.elements[$0] != 0 }.map { $0 % units })
    return 1 - Float(awake.count) / Float(units)
  }
}

/// A running mean: μ ← μ + (x − μ)/n.
enum MeanImageRunning: Ex03_1 {
  static func meanImage(_ train: Tensor) throws -> Tensor {
    let size = train.shape.withoutBatch.count
    var mean = [Float](repeating: 0, count: size)
    for (index, x) in train.elements.enumerated() {
      mean[index % size] += (x - mean[index % size]) / Float(index / size + 1)
    }
    return Tensor(train.shape.withoutBatch, mean)
  }
  static func center(_ images: Tensor, by mean: Tensor) throws -> Tensor {
    Tensor(images.shape, images.elements.enumerated().map { $1 - mean.elements[$0 % mean.count] })
  }
}

/// E[x²] − E[x]², in Double, in one walk over the flat elements.
enum ChannelsByMoments: Ex03_2 {
  static func channelStatistics(_ train: Tensor) throws -> (mean: [Float], standardDeviation: [Float]) {
    let (channels, area) = (train.shape[1], train.shape[2] * train.shape[3])
    var sums = [(one: Double, two: Double)](repeating: (0, 0), count: channels)
    for (index, x) in train.elements.enumerated() {
      sums[index / area % channels].one += Double(x)
      sums[index / area % channels].two += Double(x) * Double(x)
    }
    let m = Double(train.count / channels)
    let deviations = sums.map { max(0, $0.two / m - ($0.one / m) * ($0.one / m)).squareRoot() }
    return (sums.map { Float($0.one / m) }, deviations.map(Float.init))
  }
}

/// Multiplies by 1/σ and adds −μ/σ, as a layer would.
enum StandardizeByScale: Ex03_3 {
  static func standardize(_ images: Tensor, mean: [Float], standardDeviation: [Float]) throws -> Tensor {
    let scale = standardDeviation.map { $0 == 0 ? 1 : 1 / $0 }
    let shift = zip(mean, scale).map { -$0 * $1 }
    var result = images
    for n in 0..<images.shape[0] {
      for c in mean.indices {
        for i in 0..<images.shape[2] {
          for j in 0..<images.shape[3] { result[n, c, i, j] = scale[c] * images[n, c, i, j] + shift[c] }
        }
      }
    }
    return result
  }
}

/// U·x − U·μ instead of U·(x − μ), and the whitening folded into the components.
enum WhiteningByProducts: Ex03_4 {
  static func project(_ samples: Tensor, mean: [Float], components: Tensor) throws -> Tensor {
    let u = transposed(rows(components))
    let center = product([mean.map(Double.init)], u)[0]
    return tensor(product(rows(samples), u).map { zip($0, center).map(-) })
  }
  static func whiten(
    _ samples: Tensor, mean: [Float], components: Tensor, variances: [Float], epsilon: Float
  ) throws -> Tensor {
    let scaled = zip(rows(components), variances).map { row, variance in
      row.map { $0 * pow(Double(variance) + Double(epsilon), -0.5) }
    }
    return try project(samples, mean: mean, components: tensor(scaled))
  }
}

// MARK: Matrices as lists of rows

/// The rows of a matrix.
func rows(_ matrix: Tensor) -> [[Double]] {
  let width = matrix.shape[1]
  return (0..<matrix.shape[0]).map { matrix.elements[$0 * width..<($0 + 1) * width].map(Double.init) }
}

/// A matrix of these rows, of which there is at least one.
func tensor(_ rows: [[Double]]) -> Tensor { Tensor([rows.count, rows[0].count], rows.flatMap { $0.map(Float.init) }) }

func transposed(_ matrix: [[Double]]) -> [[Double]] { matrix[0].indices.map { j in matrix.map { $0[j] } } }

/// A·B, a combination of the rows of B for each row of A.
func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
  a.map { row in
    zip(row, b).reduce([Double](repeating: 0, count: b[0].count)) { sum, term in
      zip(sum, term.1).map { $0 + term.0 * $1 }
    }
  }
}
