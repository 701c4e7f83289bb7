// How one layer stretches a small change: Glorot and Bengio's measure of a good start.

import Workbook

/// The two ways to begin that Glorot and Bengio compare.
enum GlorotStart: String, Sendable, CaseIterable {
  /// U(−1/√n, 1/√n), a variance of 1/(3n): the usual way of the time.
  case standard
  /// U(−√6/√(n + m), √6/√(n + m)), a variance of 2/(n + m): theirs.
  case normalized

  var initializer: Initializer { self == .standard ? .torchUniform : .xavierUniform }
}

// snippet: layerJacobians
/// Returns the mean singular value of ∂z′/∂z for each step from one hidden layer to
/// the next.
///
/// The network has five tanh layers. With z′ = tanh(W z) the Jacobian of a layer is
/// J[j, i] = (1 − z′[j]²) · W[j, i].
///
/// - Parameter images: [N, inputs]; the means are over all of them.
func layerJacobians(
  _ start: GlorotStart, width: Int, images: Tensor, seed: UInt64
) -> [Double] {
  var generator = SeededGenerator(seed: seed, stream: 0x61)
  var means: [Double] = []
  var z = images  // [N, inputs], then [N, width]
  for l in 0..<5 {
    var dense = Dense(z.shape[1], width, initializer: start.initializer)
    dense.initialize(using: &generator)
    var tanh = Tanh()
    z = tanh.forward(dense.forward(z))
    if l == 0 { continue }  // from the image to the first hidden layer: not square
    let samples = z.shape[0]
    let values = (0..<samples).flatMap { n in
      var jacobian = dense.weight.value
      for j in 0..<width {
        let slope = 1 - z.elements[n * width + j] * z.elements[n * width + j]
        jacobian.scaleRow(j, by: slope)
      }
      return singularValues(of: jacobian)
    }
    means.append(values.reduce(0, +) / Double(values.count))
  }
  return means
}
// snippet.end

extension Tensor {
  /// Multiplies row `index` of a matrix.
  mutating func scaleRow(_ index: Int, by factor: Float) {
    let width = shape[1]
    withUnsafeMutableElements { elements in
      for i in index * width..<(index + 1) * width { elements[i] *= factor }
    }
  }
}

/// Both ways to begin, over several seeds.
struct JacobianExperiment: Codable, Sendable {
  /// [start][seed][layer], layers 2 to 5.
  var values: [[[Double]]]
}

extension JacobianExperiment {
  init(width: Int, images: Tensor, seeds: [UInt64], report: (Int) -> Void = { _ in }) {
    var done = 0
    values = GlorotStart.allCases.map { start in
      seeds.map { seed in
        defer {
          done += 1
          report(done)
        }
        return layerJacobians(start, width: width, images: images, seed: seed)
      }
    }
  }

  /// Over the seeds, the mean of the layers of one start.
  func summary(_ start: GlorotStart) -> Summary {
    Summary(values[start == .standard ? 0 : 1].map { $0.reduce(0, +) / Double($0.count) })
  }

  /// Over the seeds, layer by layer.
  func layers(_ start: GlorotStart) -> [Summary] {
    let runs = values[start == .standard ? 0 : 1]
    return runs[0].indices.map { layer in Summary(runs.map { $0[layer] }) }
  }
}
