// How one layer stretches a small change: Glorot and Bengio's measure of a good start.

import Workbook

/// The two ways to begin that Glorot and Bengio compare.
enum GlorotStart: String, Sendable, CaseIterable {
  /// U(−1/√n, 1/√n), a variance of 1/(3n): the usual way of the time.
  case standard
  /// U(−√6/√(n + m), √6/√(n + m)), a variance of 2/(n + m): theirs.
  case normalized

  /// As tables and claims call it.
  var name: String { self == .standard ? "usual in 2010" : "Glorot and Bengio's" }
  var initializer: Initializer { self == .standard ? .torchUniform : .xavierUniform }
}

/// By how much a small change of its input is stretched by each step from one hidden layer to the next.
struct LayerStretch: Codable, Sendable {
  /// The mean and the root-mean-square singular value of ∂y′/∂y, layers 2 to 5.
  var means: [Double]
  var rootMeanSquares: [Double]
  /// The size of a random gradient that was sent back through these four layers, over its size before.
  var gradient: Double
}

/// Measures the Jacobians ∂y′/∂y of the steps from one hidden layer to the next.
///
/// The network has five tanh layers. With y′ = tanh(W y) the Jacobian of a layer is
/// J[j, i] = (1 − y′[j]²) · W[j, i].
///
/// - Parameter images: [N, inputs]; the means are over all of them.
func layerStretch(
  _ start: GlorotStart, width: Int, images: Tensor, seed: UInt64
) -> LayerStretch {
  var generator = SeededGenerator(seed: seed, stream: 0x61)
  var stretch = LayerStretch(means: [], rootMeanSquares: [], gradient: 0)
  var jacobians: [[Tensor]] = []  // [layer][image], each [width, width]
  var y = images  // [N, inputs], then [N, width]
  for l in 0..<5 {
    var dense = Dense(y.shape[1], width, initializer: start.initializer)
    dense.initialize(using: &generator)
    var tanh = Tanh()
    y = tanh.forward(dense.forward(y))
    if l == 0 { continue }  // from the image to the first hidden layer: not square
    let ofImages = (0..<y.shape[0]).map { n in
      var jacobian = dense.weight.value
      for j in 0..<width {
        let slope = 1 - y.elements[n * width + j] * y.elements[n * width + j]
        jacobian.scaleRow(j, by: slope)
      }
      return jacobian
    }
    let values = ofImages.flatMap { singularValues(of: $0) }
    let count = Double(values.count)
    stretch.means.append(values.reduce(0, +) / count)
    let meanSquare = values.reduce(0) { $0 + $1 * $1 } / count
    stretch.rootMeanSquares.append(meanSquare.squareRoot())
    jacobians.append(ofImages)
  }
  let sizes = (0..<y.shape[0]).map { n in
    var gradient = Tensor(zeros: [1, width])
    gradient.fillNormal(standardDeviation: 1, using: &generator)
    let before = gradient.length
    for layer in jacobians.reversed() {
      // A row times J, by a dense layer that has Jᵀ for weights.
      var transposed = Dense(width, width, bias: false)
      transposed.weight.value = layer[n].transposed(width)
      gradient = transposed.forward(gradient)
    }
    return gradient.length / before
  }
  stretch.gradient = Summary(sizes).mean
  return stretch
}

extension Tensor {
  /// Multiplies row `index` of a matrix.
  mutating func scaleRow(_ index: Int, by factor: Float) {
    let width = shape[1]
    withUnsafeMutableElements { elements in
      for i in index * width..<(index + 1) * width { elements[i] *= factor }
    }
  }

  /// A square matrix with rows and columns exchanged.
  func transposed(_ width: Int) -> Tensor {
    let all = elements
    return Tensor(shape, (0..<all.count).map { all[$0 % width * width + $0 / width] })
  }

  /// √Σx².
  var length: Double { elements.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
}

/// Both starts, over several seeds.
struct JacobianExperiment: Codable, Sendable {
  /// [start][seed].
  var runs: [[LayerStretch]]
}

extension JacobianExperiment {
  init(width: Int, images: Tensor, seeds: [UInt64], report: (Int) -> Void = { _ in }) {
    var done = 0
    runs = GlorotStart.allCases.map { start in
      seeds.map { seed in
        defer {
          done += 1
          report(done)
        }
        return layerStretch(start, width: width, images: images, seed: seed)
      }
    }
  }

  /// Over the seeds, what `value` takes from one start.
  func summary(_ start: GlorotStart, _ value: (LayerStretch) -> Double) -> Summary {
    Summary(runs[start == .standard ? 0 : 1].map(value))
  }
  /// The mean singular value, and the root-mean-square one, averaged over the layers.
  func mean(_ start: GlorotStart) -> Summary { summary(start) { Summary($0.means).mean } }
  func rootMeanSquare(_ start: GlorotStart) -> Summary { summary(start) { Summary($0.rootMeanSquares).mean } }
  func gradient(_ start: GlorotStart) -> Summary { summary(start, \.gradient) }
}
