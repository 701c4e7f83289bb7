// Backward with sixteen samples in the lanes: the input gradient for images in which few taps reach many of the pixels.

/// Which taps reach each pixel of an unpadded image, for the gradient of a convolution's input.
///
/// In LeNet's C3, a corner pixel is reached by 1 of 25 taps and a central pixel by all 25; the average is 12.75. With
/// neighbouring pixels in the lanes, a vector processes every tap that at least one of them needs, 17.75 on average.
/// With sixteen samples in the lanes, it processes only the taps of its own pixel.
struct PixelPlan: Sendable {
  /// Offsets into the output gradient [M, H′·W′, 16], relative to the pixel; pixels reached by the same taps share
  /// them.
  private(set) var gradientTaps: [Int] = []
  /// Offsets of the corresponding weights in [M, kernel area].
  private(set) var weightTaps: [Int] = []
  /// The index of each pixel's first tap, and the number of its taps.
  private(set) var pixels: [(first: Int, count: Int)] = []

  /// Makes the plan of a convolution with stride 1; the plan is empty if there is little to save.
  init(_ g: ConvolutionGeometry) {
    let (kernel, dilation, output) = (g.window.kernel, g.window.dilation, g.output)
    if g.window.stride != 1 || !g.window.padding.isZero || 4 * g.image.area < 5 * output.area { return }
    /// The taps along one axis that reach a coordinate.
    func reach(_ place: Int, _ taps: Int, _ step: Int, _ size: Int) -> [Int] {
      (0..<taps).filter { 0..<size ~= place - $0 * step }
    }
    let columns = (0..<g.image.width).map { reach($0, kernel.width, dilation.width, output.width) }
    var known: [[[Int]]: (first: Int, count: Int)] = [:]
    for y in 0..<g.image.height {
      let rows = reach(y, kernel.height, dilation.height, output.height)
      for x in 0..<g.image.width {
        if let place = known[[rows, columns[x]]] {
          pixels.append(place)
          continue
        }
        let first = gradientTaps.count
        for m in 0..<g.groupFilters {
          for u in rows {
            for v in columns[x] {
              let position = m * output.area - u * dilation.height * output.width - v * dilation.width
              gradientTaps.append(16 * position)
              weightTaps.append(m * kernel.area + u * kernel.width + v)
            }
          }
        }
        let place = (first, gradientTaps.count - first)
        known[[rows, columns[x]]] = place
        pixels.append(place)
      }
    }
  }
}

extension Convolution {
  /// Computes ∂L/∂x for as many samples as form whole blocks of sixteen, and returns the number of those samples.
  ///
  /// Each row of the product is one channel, each column one sample, and the sums run over the filters and the taps
  /// that reach the pixel. The terms are added in the same order as in `gatheredInputGradient`, whose additional terms
  /// are 0, so the results have the same bits.
  mutating func inputGradientOfSixteens(_ outputGradient: Tensor, into inputGradient: inout Tensor) -> Int {
    let blocks = outputGradient.shape[0] / 16
    if pixelPlan.pixels.isEmpty || blocks == 0 { return 0 }
    let (g, plan) = (geometry, pixelPlan)
    let (area, kernelArea) = (g.output.area, g.window.kernel.area)
    interleaved.resize(to: Shape(blocks, g.filters, area, 16))
    withBases(outputGradient, &interleaved) { source, target in
      Parallel.forEach(chunks: blocks * g.filters, on: (source, target)) { chunk, memory in
        let (source, target) = memory
        let (filter, block) = (chunk % g.filters, chunk / g.filters)
        Kernels.interleave(
          rows: 16, count: area, from: source + (block * 16 * g.filters + filter) * area, rowStride: g.filters * area,
          into: target + chunk * area * 16, width: 16)
      }
    }
    let weightsOfGroup = g.groupChannels * g.groupFilters * kernelArea
    withOffsets(plan.gradientTaps, plan.weightTaps) { gradientTaps, weightTaps in
      withOffsets(channelRows, channelRows) { channelRows, _ in
        withBases(interleaved, flipped, &inputGradient) { dy, w, dx in
          Parallel.forEach(
            chunks: blocks * g.groups * g.image.height, on: (dy, w, dx, gradientTaps, weightTaps, channelRows)
          ) { chunk, memory in
            let (dy, w, dx, gradientTaps, weightTaps, channelRows) = memory
            let (y, group, block, _) = unravel(chunk, g.image.height, g.groups, blocks)
            let width = g.image.width
            Scratch.withFloats(g.groupChannels * width * 16) { sums in
              let gradient = dy + (block * g.filters + group * g.groupFilters) * area * 16
              for x in 0..<width {
                let taps = plan.pixels[y * width + x]
                broadcastProduct(
                  rows: g.groupChannels, taps: taps.count, columns: 16, a: w + group * weightsOfGroup,
                  aRows: channelRows, aTaps: weightTaps + taps.first,
                  b: gradient + (y * g.output.width + x) * 16, bTaps: gradientTaps + taps.first,
                  c: sums + x * 16, cRow: width * 16)
              }
              for c in 0..<g.groupChannels {
                let channel = block * 16 * g.channels + group * g.groupChannels + c
                Kernels.deinterleave(
                  rows: 16, count: width, from: sums + c * width * 16, width: 16,
                  into: dx + (channel * g.image.height + y) * width, rowStride: g.channels * g.image.area)
              }
            }
          }
        }
      }
    }
    return blocks * 16
  }
}
