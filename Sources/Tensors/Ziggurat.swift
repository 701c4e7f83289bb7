// Fast normally distributed numbers: a table of rectangles under the bell curve.

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension SeededGenerator {
  /// A number from the standard normal distribution N(0, 1), by the ziggurat of Marsaglia and Tsang.
  ///
  /// The area under the curve is cut into 128 layers of equal area. A random point in a random layer lies under the
  /// curve in 97 of 100 cases, at the cost of one multiplication and one comparison; the remaining cases use exp and
  /// log.
  ///
  /// - Source: Marsaglia and Tsang 2000, doi:10.18637/jss.v005.i08, with the layer and the point drawn from separate
  ///   bits as in Doornik 2005.
  public mutating func nextNormal() -> Float {
    let layers = Ziggurat.layers
    return Float(nextNormal(layers))
  }

  /// Fills `numbers` with independent draws from N(0, σ²).
  mutating func fillNormal(_ numbers: UnsafeMutableBufferPointer<Float>, standardDeviation: Float) {
    let layers = Ziggurat.layers
    for i in numbers.indices { numbers[i] = Float(nextNormal(layers)) * standardDeviation }
  }

  @inline(__always) private mutating func nextNormal(_ layers: UnsafePointer<Double>) -> Double {
    while true {
      let bits = next()
      let layer = Int(bits & 127)
      // The upper 53 bits as a number in [−1, 1).
      let place = Double(Int64(bitPattern: bits) >> 11) * 0x1p-52
      let x = place * layers[layer]
      if abs(x) < layers[layer + 1] { return x }
      if layer == 0 { return tail(isNegative: x < 0) }
      // In the region between the rectangle and the curve: accept the point if it lies under the curve.
      let (above, below) = (
        exp(-0.5 * layers[layer] * layers[layer]), exp(-0.5 * layers[layer + 1] * layers[layer + 1])
      )
      let height = above + Double(next() >> 11) * 0x1p-53 * (below - above)
      if height < exp(-0.5 * x * x) { return x }
    }
  }

  /// A number beyond the last rectangle.
  private mutating func tail(isNegative: Bool) -> Double {
    while true {
      let x = log(1 - Double(next() >> 11) * 0x1p-53) / Ziggurat.edge
      let y = log(1 - Double(next() >> 11) * 0x1p-53)
      if -2 * y >= x * x { return isNegative ? x - Ziggurat.edge : Ziggurat.edge - x }
    }
  }
}

/// The right ends of the layers.
private enum Ziggurat {
  /// Where the tail begins.
  static let edge = 3.442619855899

  /// 129 right ends, the widest first; the first is that of the base layer, whose rectangle includes the tail's area.
  nonisolated(unsafe) static let layers: UnsafePointer<Double> = {
    // The area of each layer.
    let area = 9.91256303526217e-3
    let ends = UnsafeMutablePointer<Double>.allocate(capacity: 129)
    var height = exp(-0.5 * edge * edge)
    ends[0] = area / height
    ends[1] = edge
    for layer in 2..<128 {
      ends[layer] = (-2 * log(area / ends[layer - 1] + height)).squareRoot()
      height = exp(-0.5 * ends[layer] * ends[layer])
    }
    ends[128] = 0
    return UnsafePointer(ends)
  }()
}
