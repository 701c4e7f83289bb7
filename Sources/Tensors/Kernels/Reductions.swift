// Sums, in a fixed order.

extension Kernels {
  /// Σ x over a run of numbers, in sixteen lanes that are added at the end.
  public static func sum(_ x: UnsafePointer<Float>, count: Int) -> Float {
    var lanes = SIMD16<Float>()
    var i = 0
    while i + 16 <= count {
      lanes += UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self)
      i += 16
    }
    var total = lanes.sum()
    while i < count {
      total += x[i]
      i += 1
    }
    return total
  }

  /// Σ x·(y − shift) over two runs of numbers.
  public static func dot(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, minus shift: Float = 0, count: Int
  ) -> Float {
    var lanes = SIMD16<Float>()
    let center = SIMD16<Float>(repeating: shift)
    var i = 0
    while i + 16 <= count {
      let v = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self)
      lanes += v * (UnsafeRawPointer(y + i).loadUnaligned(as: SIMD16<Float>.self) - center)
      i += 16
    }
    var total = lanes.sum()
    while i < count {
      total += x[i] * (y[i] - shift)
      i += 1
    }
    return total
  }

  /// Σ (x − mean)² over a run of numbers.
  public static func squaredDeviations(_ x: UnsafePointer<Float>, from mean: Float, count: Int) -> Float {
    var lanes = SIMD16<Float>()
    let center = SIMD16<Float>(repeating: mean)
    var i = 0
    while i + 16 <= count {
      let v = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self) - center
      lanes += v * v
      i += 16
    }
    var total = lanes.sum()
    while i < count {
      total += (x[i] - mean) * (x[i] - mean)
      i += 1
    }
    return total
  }
}
