// Convolution as one matrix product: the pixels under each window become a column (im2col).

extension Kernels {
  /// Writes the pixels under every position of the window into a matrix: one column for each output pixel.
  ///
  /// Row (c·kh + u)·kw + v of the result holds pixel x[c, i·s + u·d − p, j·s + v·d − p] for all (i, j); zeros outside
  /// the image. A pixel is copied once for each window that covers it: k² times if the stride is 1.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W].
  ///   - sample: the index of the sample, in 0 ..< N.
  ///   - g: the sizes of a convolution in one group.
  /// - Returns: [C·kh·kw, H′·W′].
  /// - Source: Chellapilla, Puri and Simard 2006, "High performance convolutional neural networks for document
  ///   processing", section 3.
  public static func im2col(_ input: Tensor, sample: Int = 0, geometry g: ConvolutionGeometry) -> Tensor {
    demand(g.groups == 1, "im2col: one group expected, got \(g.groups)")
    demand(
      input.shape.rank == 4 && input.shape.withoutBatch == [g.channels, g.image.height, g.image.width],
      "im2col: [N, \(g.channels), \(g.image.height), \(g.image.width)] expected, got \(input.shape)")
    demand(0 <= sample && sample < input.shape[0], "im2col: sample \(sample) is not one of \(input.shape[0])")
    let (k, s, d, p) = (g.window.kernel, g.window.stride, g.window.dilation, g.window.padding)
    let (height, width) = (g.image.height, g.image.width)
    var columns = Tensor(zeros: [g.taps, g.output.area])
    columns.withUnsafeMutableElements { target in
      input.withUnsafeElements { x in
        for row in 0..<g.taps {
          let (c, u, v) = (row / k.area, row % k.area / k.width, row % k.width)
          let plane = (sample * g.channels + c) * height * width
          for i in 0..<g.output.height {
            let y = i * s.height + u * d.height - p.top
            if y < 0 || y >= height { continue }
            let place = row * g.output.area + i * g.output.width
            for j in 0..<g.output.width {
              let column = j * s.width + v * d.width - p.left
              if column >= 0 && column < width { target[place + j] = x[plane + y * width + column] }
            }
          }
        }
      }
    }
    return columns
  }

  /// Cross-correlation as a matrix product, sample by sample: y = W·im2col(x) + b.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W].
  ///   - weight: W, [M, C, kernel height, kernel width], read as a matrix [M, C·kh·kw].
  ///   - bias: b, [M], or nil.
  ///   - g: all sizes.
  /// - Returns: y, [N, M, H′, W′].
  public static func im2colConvolution(
    _ input: Tensor, weight: Tensor, bias: Tensor?, geometry g: ConvolutionGeometry
  ) -> Tensor {
    let filters = weight.reshaped(to: [g.filters, g.taps])
    let samples = input.shape[0]
    var output = Tensor(zeros: [samples, g.filters, g.output.height, g.output.width])
    let size = g.filters * g.output.area
    for n in 0..<samples {
      let columns = im2col(input, sample: n, geometry: g)  // [C·kh·kw, H′·W′]
      let product = matrixMultiply(filters, columns)  // [M, H′·W′]
      output.withUnsafeMutableElements { y in
        product.withUnsafeElements { product in
          for place in 0..<size { y[n * size + place] = product[place] }
        }
        if let bias {
          for place in 0..<size {
            y[n * size + place] += bias.elements[place / g.output.area]
          }
        }
      }
    }
    return output
  }
}
