// Answers of chapters 5 and 9 in other styles than the solutions: matrix products, gathered windows, scattered sums.

import ExerciseKit
import Foundation

// MARK: Chapter 5

/// The values of each channel gathered into a list, moments by E[x²] − E[x]², everything in Double.
enum BatchNormByMoments: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    var output = input.elements
    for (c, places) in channels(of: input.shape).enumerated() {
      let x = places.map { Double(input.elements[$0]) }
      let mean = x.reduce(0, +) / Double(x.count)
      let variance = x.map { $0 * $0 }.reduce(0, +) / Double(x.count) - mean * mean
      let scale = Double(gamma[c]) / (max(0, variance) + Double(epsilon)).squareRoot()
      for (place, value) in zip(places, x) { output[place] = Float(value * scale + Double(beta[c]) - mean * scale) }
    }
    return Tensor(input.shape, output)
  }
}

/// The backward pass as a projection: what a shift and a stretch could do is taken out of the gradient.
enum BatchNormByProjection: Ex05_2 {
  static func backward(
    _ outputGradient: Tensor, input: Tensor, gamma: Tensor, epsilon: Float
  ) throws -> (input: Tensor, gamma: Tensor, beta: Tensor) {
    var (dx, dGamma, dBeta) = (input.elements, gamma.elements, gamma.elements)
    for (c, places) in channels(of: input.shape).enumerated() {
      let (x, g) = (places.map { Double(input.elements[$0]) }, places.map { Double(outputGradient.elements[$0]) })
      let m = Double(x.count)
      let mean = x.reduce(0, +) / m
      let centered = x.map { $0 - mean }
      let inverse = 1 / (dot(centered, centered) / m + Double(epsilon)).squareRoot()
      let stretch = dot(g, centered) * inverse
      dGamma[c] = Float(stretch)
      dBeta[c] = Float(g.reduce(0, +))
      for (i, place) in places.enumerated() {
        let rest = g[i] - g.reduce(0, +) / m - centered[i] * inverse * stretch / m
        dx[place] = Float(Double(gamma[c]) * inverse * rest)
      }
    }
    return (Tensor(input.shape, dx), Tensor(vector: dGamma), Tensor(vector: dBeta))
  }
}

/// The running values move by momentum·(batch − old); the unbiased variance is Welford's.
enum RunningByWelford: Ex05_3 {
  static func update(
    mean: [Float], variance: [Float], with batch: Tensor, momentum: Float
  ) throws -> (mean: [Float], variance: [Float]) {
    let fresh = channels(of: batch.shape).map { places -> (Double, Double) in
      var (count, center, spread) = (0.0, 0.0, 0.0)
      for x in places.reversed().map({ Double(batch.elements[$0]) }) {
        count += 1
        let distance = x - center
        center += distance / count
        spread += distance * (x - center)
      }
      return (center, spread / (count - 1))
    }
    func moved(_ old: Float, _ new: Double) -> Float { Float(Double(old) + Double(momentum) * (new - Double(old))) }
    return (zip(mean, fresh).map { moved($0, $1.0) }, zip(variance, fresh).map { moved($0, $1.1) })
  }

  static func infer(
    _ input: Tensor, mean: [Float], variance: [Float], gamma: [Float], beta: [Float], epsilon: Float
  ) throws -> Tensor {
    var output = input
    for c in mean.indices {
      let scale = gamma[c] / sqrt(variance[c] + epsilon)
      for place in channels(of: input.shape)[c] {
        output.withUnsafeMutableElements { $0[place] = $0[place] * scale + (beta[c] - mean[c] * scale) }
      }
    }
    return output
  }
}

/// A sample is a row of a matrix, whatever its shape.
enum LayerNormByRows: Ex05_4 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    let matrix = input.reshaped(to: [input.shape[0], gamma.count])
    let normalized = rows(matrix).map { row -> [Double] in
      let mean = row.reduce(0, +) / Double(row.count)
      let variance = row.map { pow($0 - mean, 2) }.reduce(0, +) / Double(row.count)
      let root = (variance + Double(epsilon)).squareRoot()
      return row.indices.map { (row[$0] - mean) / root * Double(gamma.elements[$0]) + Double(beta.elements[$0]) }
    }
    return tensor(normalized).reshaped(to: input.shape)
  }
}

/// Group norm as the layer norm of N·G shorter samples without γ and β, which come afterwards.
enum GroupNormByLayerNorm: Ex05_5 {
  static func forward(_ input: Tensor, groups: Int, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    let samples = input.shape[0] * groups
    let width = input.count / samples
    let normalized = try LayerNormByRows.forward(
      input.reshaped(to: [samples, width]), gamma: Tensor([width], repeating: 1), beta: Tensor(zeros: [width]),
      epsilon: epsilon)
    var output = normalized.elements
    for (c, places) in channels(of: input.shape).enumerated() {
      for place in places { output[place] = gamma[c] * output[place] + beta[c] }
    }
    return Tensor(input.shape, output)
  }
  static func groupsOfLayerNorm(channels: Int) throws -> Int { channels / channels }
  static func groupsOfInstanceNorm(channels: Int) throws -> Int { channels }
}

/// The scale of each unit repeated over its weights; the bias by the layer's answer to 0.
enum FoldByRepeating: Ex05_6 {
  static func fold(
    weight: Tensor, bias: Tensor, gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float
  ) throws -> (weight: Tensor, bias: Tensor) {
    let scale = zip(gamma, variance).map { Double($0) * pow(Double($1) + Double(epsilon), -0.5) }
    let each = weight.count / scale.count
    let weights = weight.elements.enumerated().map { Float(Double($1) * scale[$0 / each]) }
    let atZero = try RunningByWelford.infer(
      bias.reshaped(to: [1, bias.count]), mean: mean, variance: variance, gamma: gamma, beta: beta, epsilon: epsilon)
    return (Tensor(weight.shape, weights), Tensor(vector: atZero.elements))
  }
}

// MARK: Chapter 9

/// Counts the places by walking.
enum OutputSizeByWalking: Ex09_1 {
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) throws -> Int {
    Array(Swift.stride(from: -padding, through: size + padding - kernel, by: stride)).count
  }
}

/// Every window becomes a row of a matrix (im2col), and the convolution a dense layer.
enum ConvolutionByColumns: Ex09_2 {
  /// For each window of each sample its pixels as places in the flat input; −1 is the border.
  static func windows(_ shape: Shape, _ kernel: Int, _ stride: Int, _ padding: Int) -> [[Int]] {
    let (height, width) = (shape[2], shape[3])
    let starts = { (size: Int) in Array(Swift.stride(from: -padding, through: size + padding - kernel, by: stride)) }
    return (0..<shape[0]).flatMap { n in
      starts(height).flatMap { top in
        starts(width).map { left in
          (0..<shape[1] * kernel * kernel).map { place in
            let (c, u, v) = (place / (kernel * kernel), place / kernel % kernel, place % kernel)
            let (i, j) = (top + u, left + v)
            let isInside = i >= 0 && i < height && j >= 0 && j < width
            return isInside ? ((n * shape[1] + c) * height + i) * width + j : -1
          }
        }
      }
    }
  }

  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) throws -> Tensor {
    let (filters, kernel) = (weight.shape[0], weight.shape[3])
    let places = windows(input.shape, kernel, stride, padding)
    let columns = places.map { $0.map { $0 < 0 ? 0 : Double(input.elements[$0]) } }
    let kernels = rows(weight.reshaped(to: [filters, weight.count / filters]))
    let heights = (input.shape[2] + 2 * padding - kernel) / stride + 1
    let widths = (input.shape[3] + 2 * padding - kernel) / stride + 1
    var output = Tensor(zeros: [input.shape[0], filters, heights, widths])
    for (index, column) in columns.enumerated() {
      let (n, i, j) = (index / (heights * widths), index / widths % heights, index % widths)
      for m in 0..<filters { output[n, m, i, j] = Float(dot(column, kernels[m])) + bias[m] }
    }
    return output
  }
}

/// The same matrix on the way back: two products, and the pixels scattered to where they came from (col2im).
enum ConvolutionBackwardByColumns: Ex09_3 {
  static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor) {
    let (filters, area) = (weight.shape[0], outputGradient.shape[2] * outputGradient.shape[3])
    let places = ConvolutionByColumns.windows(input.shape, weight.shape[3], stride, padding)
    let columns = places.map { $0.map { $0 < 0 ? 0 : Double(input.elements[$0]) } }
    // [windows, M]
    let gradients = places.indices.map { index in
      (0..<filters).map { m in
        Double(outputGradient.elements[(index / area * filters + m) * area + index % area])
      }
    }
    let kernels = rows(weight.reshaped(to: [filters, weight.count / filters]))
    var dx = [Double](repeating: 0, count: input.count)
    for (window, values) in zip(places, product(gradients, kernels)) {
      for (place, value) in zip(window, values) where place >= 0 { dx[place] += value }
    }
    return (
      Tensor(input.shape, dx.map(Float.init)),
      tensor(product(transposed(gradients), columns)).reshaped(to: weight.shape),
      Tensor(vector: transposed(gradients).map { Float($0.reduce(0, +)) })
    )
  }
}

/// Windows as lists of places; each channel of each sample is an image of its own.
enum MaxPoolingByPlaces: Ex09_4 {
  static func images(_ shape: Shape) -> Shape { [shape[0] * shape[1], 1, shape[2], shape[3]] }

  private static func winners(_ input: Tensor, _ kernel: Int, _ stride: Int) -> [Int] {
    ConvolutionByColumns.windows(images(input.shape), kernel, stride, 0).map { window in
      window.reduce(window[0]) { input.elements[$1] > input.elements[$0] ? $1 : $0 }
    }
  }
  static func forward(_ input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    let (height, width) = ((input.shape[2] - kernel) / stride + 1, (input.shape[3] - kernel) / stride + 1)
    return Tensor(
      [input.shape[0], input.shape[1], height, width], winners(input, kernel, stride).map { input.elements[$0] })
  }
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    let pairs = zip(winners(input, kernel, stride), outputGradient.elements)
    let sums = Dictionary(pairs.map { ($0, $1) }, uniquingKeysWith: +)
    return Tensor(input.shape, input.elements.indices.map { sums[$0] ?? 0 })
  }
}

/// Average pooling as a convolution with 1/k², and its way back as the gradient of that convolution.
enum AveragePoolingByConvolution: Ex09_5 {
  private static func mean(_ kernel: Int) -> Tensor {
    Tensor([1, 1, kernel, kernel], repeating: 1 / Float(kernel * kernel))
  }
  static func forward(_ input: Tensor, kernel: Int, stride: Int) throws -> Tensor {
    let images = input.reshaped(to: MaxPoolingByPlaces.images(input.shape))
    let pooled = try ConvolutionByColumns.forward(
      images, weight: mean(kernel), bias: Tensor(zeros: [1]), stride: stride, padding: 0)
    return pooled.reshaped(to: [input.shape[0], input.shape[1], pooled.shape[2], pooled.shape[3]])
  }
  static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) throws -> Tensor {
    let gradients = try ConvolutionBackwardByColumns.backward(
      outputGradient.reshaped(to: MaxPoolingByPlaces.images(outputGradient.shape)),
      input: Tensor(zeros: MaxPoolingByPlaces.images(Shape(inputShape))), weight: mean(kernel), stride: stride,
      padding: 0)
    return gradients.input.reshaped(to: Shape(inputShape))
  }
}

/// exp(−β·ln(…)), with the sum of a pixel's squares as a difference of running sums over the channels.
enum LocalResponseByRunningSums: Ex09_6 {
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) throws -> Tensor {
    let (channels, area) = (input.shape[1], input.shape[2] * input.shape[3])
    var output = input.elements
    for n in 0..<input.shape[0] {
      for pixel in 0..<area {
        let places = (0..<channels).map { (n * channels + $0) * area + pixel }
        let sums = places.reduce(into: [0.0]) { $0.append($0.last! + pow(Double(input.elements[$1]), 2)) }
        for (c, place) in places.enumerated() {
          let sum = sums[min(channels, c + size / 2 + 1)] - sums[max(0, c - size / 2)]
          let divisor = Double(k) + Double(alpha) * sum / Double(size)
          output[place] = Float(Double(input.elements[place]) * exp(-Double(beta) * log(divisor)))
        }
      }
    }
    return Tensor(input.shape, output)
  }
}

/// From the last layer back to the image: n units see (n − 1)·s + k.
enum ReceptiveFieldBackward: Ex09_7 {
  static func receptiveField(kernels: [Int], strides: [Int]) throws -> Int {
    zip(kernels, strides).reversed().reduce(1) { ($0 - 1) * $1.1 + $1.0 }
  }
}

/// The places of each channel in the flat elements of [N, C] or [N, C, H, W].
private func channels(of shape: Shape) -> [[Int]] {
  let area = shape.count / (shape[0] * shape[1])
  return (0..<shape[1]).map { c in (0..<shape.count).filter { $0 / area % shape[1] == c } }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map(*).reduce(0, +) }
