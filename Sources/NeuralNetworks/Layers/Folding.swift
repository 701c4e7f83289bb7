// Folding batch normalization into the preceding layer.

import Tensors

extension BatchNorm {
  /// Returns a convolution that computes, in inference, the same as `convolution` followed by this layer.
  ///
  /// With running statistics, batch normalization scales and shifts each channel. With s = γ/√(σ² + ε):
  /// W′ = s·W, b′ = (b − μ)·s + β. The results are equal up to the rounding of Float.
  /// - Precondition: the convolution has as many outputs as this layer has channels.
  /// - Source: Jacob et al. 2018, arXiv:1712.05877, section 3.2.
  public func folded(into convolution: Conv2D) -> Conv2D {
    var folded = convolution
    fold(&folded.weight, &folded.bias, of: "Conv2D")
    return folded
  }

  /// Returns a dense layer that computes, in inference, the same as `dense` followed by this layer.
  ///
  /// - Precondition: the dense layer has as many outputs as this layer has channels.
  public func folded(into dense: Dense) -> Dense {
    var folded = dense
    fold(&folded.weight, &folded.bias, of: "Dense")
    return folded
  }

  private func fold(_ weight: inout Parameter, _ bias: inout Parameter?, of kind: String) {
    let outputs = weight.value.shape[0]
    demand(outputs == channels, "BatchNorm: \(channels) channels cannot fold into \(kind) with \(outputs) outputs")
    let width = weight.value.count / outputs
    var shifts = bias ?? Parameter([outputs], decays: false)
    for c in 0..<outputs {
      // In double precision: the difference of bias and mean may cancel.
      let deviation = (Double(runningVariance.elements[c]) + Double(epsilon)).squareRoot()
      let scale = Double(self.weight.value.elements[c]) / deviation
      weight.value.withUnsafeMutableElements { w in
        for i in c * width..<(c + 1) * width { w[i] = Float(Double(w[i]) * scale) }
      }
      let center = Double(runningMean.elements[c])
      let shift = Double(self.bias.value.elements[c])
      shifts.value.withUnsafeMutableElements { $0[c] = Float((Double($0[c]) - center) * scale + shift) }
    }
    bias = shifts
  }
}
