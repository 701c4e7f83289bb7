// The price that dropout puts on contributions, without any dropout: what is added to the loss of a net in which nothing is
// random.

import Workbook

/// What masks add to the mean loss, as a penalty of its own, for the nets of `Recipe` without batch norm.
///
/// One of two. With h the inputs of a layer above hidden units, W its weights, and N images in a batch:
/// - `factor`: λ·Σᵢⱼ Wᵢⱼ²·meanₙ hₙⱼ² for each such layer: with λ = p/(1 − p) the price of linear units with squared error;
/// - `pixels` and `hidden`, the shares dropped: the mean cross-entropy under masks less that without, to second order in
///   the noise. With probabilities q of an image and Jₖᵢ = ∂zₖ/∂hᵢ it is ½·p/(1 − p)·meanₙ Σᵢ hₙᵢ²·Var Jₖᵢ, the variance
///   over classes k drawn from q.
/// - Source: Wager, Wang and Liang 2013, arXiv:1307.1493, section 2, for one layer.
struct Price: Codable, Hashable, Sendable {
  /// λ; 0 for none.
  var factor: Float = 0
  /// The shares whose masks are paid for.
  var pixels: Float = 0
  var hidden: Float = 0

  /// Adds the gradient of the price to those of a net's last step.
  ///
  /// - Returns: the price of the batch of that step.
  @discardableResult
  func charge(_ model: inout Model) -> Double {
    let names = model.layers.entries.map(\.name)
    let inputs = ["flatten", "act1", "act2"].compactMap { names.firstIndex(of: $0) }
      .map { model.layers.activation(at: $0) }
    let weights = ["fc1", "fc2", "out"].compactMap { (model.layers[$0] as? Dense)?.weight.value }
    demand(inputs.count == 3 && weights.count == 3, "Price: three dense layers expected, got \(weights.count)")
    var sum = PriceSum(inputs: inputs, weights: weights, logits: model.output)
    if factor > 0 { for layer in 1...2 { sum.add(factor, to: layer) } }
    if pixels > 0 || hidden > 0 { sum.addMasks([pixels, hidden, hidden].map { 0.5 * $0 / (1 - $0) }) }
    let gradients = sum.parameterGradients()
    model.visitParameters { name, parameter in
      if let gradient = gradients[name] { accumulate(gradient, to: &parameter.gradient) }
    }
    return sum.total
  }
}

/// A price, and its gradients with respect to all that it depends on.
private struct PriceSum {
  /// The inputs of the three layers, [N, in], their weights, [out, in], and the probabilities, [N, K].
  let inputs: [Tensor]
  let weights: [Tensor]
  let probabilities: Tensor
  var total = 0.0
  var ofInputs: [Tensor]
  var ofWeights: [Tensor]
  var ofLogits: Tensor

  init(inputs: [Tensor], weights: [Tensor], logits: Tensor) {
    var softmax = Softmax()
    (self.inputs, self.weights, probabilities) = (inputs, weights, softmax.forward(logits))
    ofInputs = inputs.map { Tensor(zeros: $0.shape) }
    ofWeights = weights.map { Tensor(zeros: $0.shape) }
    ofLogits = Tensor(zeros: logits.shape)
  }

  private var samples: Int { probabilities.shape[0] }
  private var classes: Int { probabilities.shape[1] }
  private func map(_ layer: Int) -> LinearMap {
    LinearMap(inputs: weights[layer].shape[1], outputs: weights[layer].shape[0])
  }

  /// Adds λ·Σᵢⱼ Wᵢⱼ²·meanₙ hₙⱼ² for the inputs h of a layer.
  mutating func add(_ factor: Float, to layer: Int) {
    let (h, w, share) = (inputs[layer], weights[layer], 1 / Float(samples))
    let activity = columnSums(h.map { share * $0 * $0 })  // meanₙ hₙⱼ²
    let length = columnSums(w.map { $0 * $0 })  // Σᵢ Wᵢⱼ²
    for (a, l) in zip(activity, length) { total += Double(factor * a * l) }
    // ∂/∂W = 2λ·W·mean h², ∂/∂h = 2λ·h·Σ W²/N
    addColumns(of: w, times: activity.map { 2 * factor * $0 }, to: &ofWeights[layer])
    let slopes = length.map { 2 * factor * share * $0 }
    addColumns(of: h, times: slopes, to: &ofInputs[layer])
  }

  /// Adds what masks cost to second order.
  ///
  /// - Parameter strengths: ½·p/(1 − p) for the inputs of each layer.
  mutating func addMasks(_ strengths: [Float]) {
    let lowest = strengths.firstIndex { $0 > 0 } ?? 2
    // J at the inputs of the last layer is its weights, for every image: [N·K, in].
    let rows = samples * classes
    var jacobian = Tensor(Shape(rows, weights[2].shape[1]), (0..<samples).flatMap { _ in weights[2].elements })
    var passed = [Tensor](repeating: .empty, count: 3)
    var charges = passed
    var ofProbabilities = Tensor(zeros: probabilities.shape)
    for layer in (lowest...2).reversed() {
      charges[layer] = charge(strengths[layer], layer, jacobian, &ofProbabilities)
      guard layer > lowest else { break }
      // One layer down: J·D·W, with D = 1 where ReLU lets through, and else 0.
      passed[layer] = jacobian
      passReLU(inputs[layer], &passed[layer])
      jacobian = Tensor(zeros: Shape(rows, weights[layer - 1].shape[1]))
      var map = map(layer - 1)
      map.inputGradient(passed[layer], weight: weights[layer - 1], into: &jacobian)
    }
    // And up again: the gradient with respect to J.
    var ofJacobian = charges[lowest]
    for layer in lowest..<2 {
      var (map, above) = (map(layer), Tensor.empty)
      map.weightGradient(passed[layer + 1], input: ofJacobian, into: &ofWeights[layer])
      map.forward(ofJacobian, weight: weights[layer], bias: nil, into: &above)
      passReLU(inputs[layer + 1], &above)
      accumulate(charges[layer + 1], to: &above)
      ofJacobian = above
    }
    addSamples(of: ofJacobian, to: &ofWeights[2])
    // ∂/∂zₖ = qₖ·(∂/∂qₖ − Σ q·∂/∂q)
    let (q, d, classes) = (probabilities.elements, ofProbabilities.elements, classes)
    ofLogits.withUnsafeMutableElements { z in
      for first in stride(from: 0, to: q.count, by: classes) {
        let mean = (first..<first + classes).reduce(Float(0)) { $0 + q[$1] * d[$1] }
        for i in first..<first + classes { z[i] += q[i] * (d[i] - mean) }
      }
    }
  }

  /// Adds strength·meanₙ Σᵢ hₙᵢ²·Var Jₖᵢ for the inputs of a layer, and returns the gradient with respect to J.
  private mutating func charge(
    _ strength: Float, _ layer: Int, _ jacobian: Tensor, _ ofProbabilities: inout Tensor
  ) -> Tensor {
    var ofJacobian = Tensor(zeros: jacobian.shape)
    let (samples, classes, width, share) = (samples, classes, inputs[layer].shape[1], strength / Float(samples))
    var sum: Float = 0
    withPointers(inputs[layer], &ofInputs[layer]) { h, dh in
      withPointers(jacobian, &ofJacobian) { j, dj in
        withPointers(probabilities, &ofProbabilities) { q, dq in
          var (n, place) = (0, 0)
          while n < samples {
            let (q, dq, first) = (q + n * classes, dq + n * classes, n * classes * width)
            var i = 0
            while i < width {
              let x = h[place]
              if x != 0 {
                var (k, at, mean, square) = (0, first + i, Float(0), Float(0))
                while k < classes {
                  mean += q[k] * j[at]
                  square += q[k] * j[at] * j[at]
                  (k, at) = (k + 1, at + width)
                }
                let (weight, variance) = (share * x * x, square - mean * mean)
                sum += weight * variance
                dh[place] += 2 * share * x * variance
                (k, at) = (0, first + i)
                while k < classes {
                  dj[at] = 2 * weight * q[k] * (j[at] - mean)
                  dq[k] += weight * (j[at] - 2 * mean) * j[at]
                  (k, at) = (k + 1, at + width)
                }
              }
              (i, place) = (i + 1, place + 1)
            }
            n += 1
          }
        }
      }
    }
    total += Double(sum)
    return ofJacobian
  }

  /// The gradients of all parameters, by name: those of the inputs and of the logits sent back through the net.
  func parameterGradients() -> [String: Tensor] {
    var (gradients, ofSums) = ([String: Tensor](), ofLogits)
    for (layer, name) in [(2, "out"), (1, "fc2"), (0, "fc1")] {
      var (map, weight) = (map(layer), Tensor(zeros: weights[layer].shape))
      map.weightGradient(ofSums, input: inputs[layer], into: &weight)
      accumulate(ofWeights[layer], to: &weight)
      var bias = Tensor(zeros: [weights[layer].shape[0]])
      map.biasGradient(ofSums, into: &bias)
      (gradients["\(name).weight"], gradients["\(name).bias"]) = (weight, bias)
      guard layer > 0 else { break }
      var below = Tensor(zeros: inputs[layer].shape)
      map.inputGradient(ofSums, weight: weights[layer], into: &below)
      accumulate(ofInputs[layer], to: &below)
      passReLU(inputs[layer], &below)
      ofSums = below
    }
    return gradients
  }
}

/// The bare numbers of two tensors.
private func withPointers(
  _ x: Tensor, _ y: inout Tensor, _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  x.withUnsafeElements { x in
    y.withUnsafeMutableElements { y in
      if let x = x.baseAddress, let y = y.baseAddress { body(x, y) }
    }
  }
}

/// y += x
private func accumulate(_ x: Tensor, to y: inout Tensor) {
  let count = x.count
  withPointers(x, &y) { x, y in
    var i = 0
    while i < count {
      y[i] += x[i]
      i += 1
    }
  }
}

/// y[n, i] += factors[i]·x[n, i]
private func addColumns(of x: Tensor, times factors: [Float], to y: inout Tensor) {
  let (count, width) = (x.count, factors.count)
  withPointers(x, &y) { x, y in
    factors.withUnsafeBufferPointer { factors in
      guard let factors = factors.baseAddress else { return }
      var (i, column) = (0, 0)
      while i < count {
        y[i] += factors[column] * x[i]
        (i, column) = (i + 1, column + 1 == width ? 0 : column + 1)
      }
    }
  }
}

/// y[k, i] += Σₙ x[n·K + k, i]
private func addSamples(of x: Tensor, to y: inout Tensor) {
  let (count, size) = (x.count, y.count)
  withPointers(x, &y) { x, y in
    var (i, place) = (0, 0)
    while i < count {
      y[place] += x[i]
      (i, place) = (i + 1, place + 1 == size ? 0 : place + 1)
    }
  }
}

/// Sets x to 0 where the unit's output h, [N, width], is 0; x has one row or K rows for each of h.
private func passReLU(_ h: Tensor, _ x: inout Tensor) {
  let (samples, width) = (h.shape[0], h.shape[1])
  let rows = x.count / max(1, h.count)
  withPointers(h, &x) { h, x in
    var (n, place) = (0, 0)
    while n < samples {
      var row = 0
      while row < rows {
        var i = 0
        while i < width {
          if h[n * width + i] <= 0 { x[place] = 0 }
          (i, place) = (i + 1, place + 1)
        }
        row += 1
      }
      n += 1
    }
  }
}

/// Σₙ x[n, i]
private func columnSums(_ x: Tensor) -> [Float] {
  var (map, sums) = (LinearMap(inputs: x.shape[1], outputs: 1), Tensor(zeros: Shape(1, x.shape[1])))
  map.weightGradient(Tensor(Shape(x.shape[0], 1), repeating: 1), input: x, into: &sums)
  return sums.elements
}
