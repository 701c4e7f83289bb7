// exp, exp − 1, tanh and the sigmoid, for eight numbers at a time.

import CVectors

extension Kernels {
  /// y = eˣ for a run of numbers; relative error below 2⁻²², infinite above 88.72, 0 below −87.33.
  ///
  /// - Source: the polynomial is that of Moshier's Cephes library, `expf`.
  public static func exp(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    apply(x, y, count, exponential)
  }

  /// y = eˣ − 1 for a run of numbers, without the cancellation near 0 of subtracting 1 from eˣ; −1 below −87.33.
  public static func expMinusOne(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    apply(x, y, count) { x in
      let near = remainder(x) * (x * x) + x
      return (exponential(x) - 1).replacing(with: near, where: x * x .< 0.12)
    }
  }

  /// y = 1 / (1 + e⁻ˣ) for a run of numbers.
  public static func sigmoid(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    apply(x, y, count) { x in 1 / (1 + exponential(-x)) }
  }

  /// y = tanh x for a run of numbers, by a quotient of polynomials in x²: one division and no exponential.
  ///
  /// Beyond ±7.905 the nearest `Float` is ±1, and for |x| below 0.0004 it is x itself.
  /// - Source: the coefficients are those of Eigen's `generic_fast_tanh_float`.
  public static func tanh(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    apply(x, y, count) { x in
      let limit: Float = 7.905_311
      let x0 = x.replacing(with: limit, where: x .> limit).replacing(with: -limit, where: x .< -limit)
      let square = x0 * x0
      var p = Vector(repeating: -2.760_768_5e-16)
      p = fused(p, square, 2.000_187_9e-13)
      p = fused(p, square, -8.604_672e-11)
      p = fused(p, square, 5.122_297e-08)
      p = fused(p, square, 1.485_722_4e-05)
      p = fused(p, square, 6.372_619e-04)
      p = fused(p, square, 4.893_524_6e-03)
      var q = Vector(repeating: 1.198_258_4e-06)
      q = fused(q, square, 1.185_347_06e-04)
      q = fused(q, square, 2.268_434_6e-03)
      q = fused(q, square, 4.893_525e-03)
      return (x0 * p / q).replacing(with: x, where: square .< 1.6e-7)
    }
  }

  /// a·b + c, fused if the machine supports it.
  @inline(__always) private static func fused(_ a: Vector, _ b: Vector, _ c: Float) -> Vector {
    if VECTOR_FMA != 0 { Vector(repeating: c).addingProduct(a, b) } else { a * b + c }
  }

  private typealias Vector = SIMD8<Float>

  /// eˣ = 2ⁿ·eʳ, where n is the integer nearest to x/ln 2 and eʳ is a polynomial on |r| ≤ ln 2 / 2.
  @inline(__always) private static func exponential(_ x: Vector) -> Vector {
    // Not `clamped`: it handles every lane separately, to treat NaN exactly, and takes longer than everything else
    // here.
    let x0 = x.replacing(with: -87.33, where: x .< -87.33).replacing(with: 88.72, where: x .> 88.72)
    // Adding 1.5·2²³ leaves the rounded integer in the lowest bits of the mantissa.
    let shift = Vector(repeating: 12_582_912)
    let shifted = x0 * 1.442695041 + shift
    let n = shifted - shift
    // ln 2 is split into two parts; the first has few digits, so its product with n is exact.
    let r = (x0 - n * 0.693359375) - n * -2.12194440e-4
    let p = remainder(r) * (r * r) + r + 1
    // The power of two is applied in two halves, because 2¹²⁸ is not a finite `Float`.
    let power = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000
    let half = power &>> 1
    let bits = (half &+ 127) &<< 23
    let otherBits = (power &- half &+ 127) &<< 23
    var y = p * unsafeBitCast(bits, to: Vector.self) * unsafeBitCast(otherBits, to: Vector.self)
    y.replace(with: 0, where: x .< -87.33)
    y.replace(with: .infinity, where: x .> 88.72)
    // NaN satisfies neither condition and is still NaN in p.
    return y
  }

  /// (eʳ − 1 − r)/r² for |r| ≤ ln 2 / 2.
  @inline(__always) private static func remainder(_ r: Vector) -> Vector {
    var p = Vector(repeating: 1.9875691500e-4)
    p = fused(p, r, 1.3981999507e-3)
    p = fused(p, r, 8.3334519073e-3)
    p = fused(p, r, 4.1665795894e-2)
    p = fused(p, r, 1.6666665459e-1)
    return fused(p, r, 5.0000001201e-1)
  }

  /// Applies `f` to a run of numbers, eight at a time; the last few are copied into a separate vector.
  ///
  /// `f` is called at one place only: at two it would not be inlined, and a call for each vector costs as much as its
  /// work.
  @inline(__always) private static func apply(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int, _ f: (Vector) -> Vector
  ) {
    var i = 0
    while i < count {
      let present = min(8, count - i)
      var v = Vector()
      if present == 8 {
        v = UnsafeRawPointer(x + i).loadUnaligned(as: Vector.self)
      } else {
        for lane in 0..<present { v[lane] = x[i + lane] }
      }
      v = f(v)
      if present == 8 {
        UnsafeMutableRawPointer(y + i).storeBytes(of: v, as: Vector.self)
      } else {
        for lane in 0..<present { y[i + lane] = v[lane] }
      }
      i += 8
    }
  }
}
