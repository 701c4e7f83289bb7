// Digits halved, chosen and inverted, and how much of their variance the first components hold.

import Workbook

/// The share of the variance in the first k components, k = 1 … all.
func explained(_ principal: PrincipalComponents) -> [Double] {
  var sum = 0.0
  return principal.variances.map { variance in
    sum += Double(variance)
    return sum / Double(principal.totalVariance)
  }
}

/// Halves the side of each image by averages of 2×2: enough for digits, and eigenvectors in a moment.
func halved(_ samples: TensorSamples) -> TensorSamples {
  var pool = AveragePool(2)
  return TensorSamples(
    name: samples.name, inputs: pool.forward(samples.inputs), labels: samples.labels, classCount: samples.classCount)
}

extension TensorSamples {
  /// The samples at some places.
  func at(_ indices: [Int]) -> TensorSamples {
    var batch = Batch()
    load(indices[...], into: &batch)
    return TensorSamples(name: name, inputs: batch.inputs, labels: batch.labels, classCount: classCount)
  }
}

/// A batch with black and white exchanged: x′ = 1 − x.
func inverted(_ samples: TensorSamples) -> TensorSamples {
  var result = samples
  result.inputs.withUnsafeMutableElements { pixels in
    for i in pixels.indices { pixels[i] = 1 - pixels[i] }
  }
  return result
}
