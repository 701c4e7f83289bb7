// The geometry of a convolution, and the six loops that define it.

/// All sizes of a convolution that maps a sample `[C, H, W]` to `[M, H′, W′]`.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Input channels C, over all groups.
  public var channels: Int
  /// Output channels M, over all groups.
  public var filters: Int
  /// The input's height and width.
  public var image: Extent
  /// Kernel, stride, padding and dilation.
  public var window: Window
  /// The number of independent groups into which the input and output channels are divided.
  public var groups: Int
  /// The output's height and width H′, W′.
  public let output: Extent

  /// Creates a geometry, or returns nil if the window does not fit into the image.
  public init?(channels: Int, filters: Int, image: Extent, window: Window, groups: Int = 1) {
    guard let output = window.outputSize(over: image) else { return nil }
    self.channels = channels
    self.filters = filters
    self.image = image
    self.window = window
    self.groups = groups
    self.output = output
  }

  /// Input channels that one filter sees.
  public var groupChannels: Int { channels / groups }
  /// Filters of one group.
  public var groupFilters: Int { filters / groups }
  /// The number of terms in one output element: C/groups · kernel height · kernel width.
  public var taps: Int { groupChannels * window.kernel.area }
  /// The shape of the weights, [M, C/groups, kernel height, kernel width].
  public var weightShape: Shape { Shape(filters, groupChannels, window.kernel.height, window.kernel.width) }
  /// Multiply-adds of one sample.
  public var multiplyAdds: Int { filters * taps * output.area }
}

extension Kernels {
  /// Cross-correlation by its definition, the reference for the fast kernel:
  /// y[n, m, i, j] = b[m] + Σ w[m, c, u, v] · x[n, c, i·s + u·d − p, j·s + v·d − p], zeros outside the image.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W].
  ///   - weight: w, [M, C/groups, kernel height, kernel width].
  ///   - bias: b, [M], or nil.
  ///   - g: all sizes.
  /// - Returns: y, [N, M, H′, W′].
  public static func naiveConvolution(
    _ input: Tensor, weight: Tensor, bias: Tensor?, geometry g: ConvolutionGeometry
  ) -> Tensor {
    var output = Tensor(zeros: [input.shape[0], g.filters, g.output.height, g.output.width])
    output.withUnsafeMutableElements { y in
      forEachTap(samples: input.shape[0], g) { out, source, w in y[out] += input.elements[source] * weight.elements[w] }
      if let bias {
        for place in y.indices { y[place] += bias.elements[place / g.output.area % g.filters] }
      }
    }
    return output
  }

  /// The gradients of ``naiveConvolution(_:weight:bias:geometry:)``: the same loops, with the product rule.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y, [N, M, H′, W′].
  ///   - input: x, [N, C, H, W].
  ///   - weight: w, [M, C/groups, kernel height, kernel width].
  ///   - g: all sizes.
  /// - Returns: ∂L/∂x, ∂L/∂w and ∂L/∂b = Σ ∂L/∂y over samples and positions.
  public static func naiveConvolutionGradients(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor, geometry g: ConvolutionGeometry
  ) -> (input: Tensor, weight: Tensor, bias: Tensor) {
    var (dInput, dWeight, dBias) = (Tensor(zeros: input.shape), Tensor(zeros: weight.shape), Tensor(zeros: [g.filters]))
    dInput.withUnsafeMutableElements { dx in
      dWeight.withUnsafeMutableElements { dw in
        forEachTap(samples: input.shape[0], g) { out, source, w in
          dx[source] += outputGradient.elements[out] * weight.elements[w]
          dw[w] += outputGradient.elements[out] * input.elements[source]
        }
      }
    }
    dBias.withUnsafeMutableElements { db in
      for (place, gradient) in outputGradient.elements.enumerated() {
        db[place / g.output.area % g.filters] += gradient
      }
    }
    return (dInput, dWeight, dBias)
  }

  /// Visits every product of a convolution: the indices of an output element, an input pixel, and the weight that
  /// connects them.
  private static func forEachTap(
    samples: Int, _ g: ConvolutionGeometry, _ visit: (_ output: Int, _ input: Int, _ weight: Int) -> Void
  ) {
    let (k, s, d, p) = (g.window.kernel, g.window.stride, g.window.dilation, g.window.padding)
    for n in 0..<samples {
      for m in 0..<g.filters {
        let firstChannel = m / g.groupFilters * g.groupChannels
        for i in 0..<g.output.height {
          for j in 0..<g.output.width {
            let out = ((n * g.filters + m) * g.output.height + i) * g.output.width + j
            for c in 0..<g.groupChannels {
              for u in 0..<k.height {
                for v in 0..<k.width {
                  let (y, x) = (i * s.height + u * d.height - p.top, j * s.width + v * d.width - p.left)
                  guard y >= 0, y < g.image.height, x >= 0, x < g.image.width else { continue }
                  let source = ((n * g.channels + firstChannel + c) * g.image.height + y) * g.image.width + x
                  visit(out, source, ((m * g.groupChannels + c) * k.height + u) * k.width + v)
                }
              }
            }
          }
        }
      }
    }
  }
}
