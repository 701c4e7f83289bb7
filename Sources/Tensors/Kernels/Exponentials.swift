// exp, exp − 1, tanh and the sigmoid for eight numbers at a time.

extension Kernels {
  /// y = eˣ for a run of numbers; relative error below 2⁻²², infinite above 88.72, 0 below −87.33.
  ///
  /// - Source: the polynomial is that of Moshier's Cephes library, `expf`.
  public static func exp(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    apply(x, y, count, exponential)
  }

  /// y = eˣ − 1 for a run of numbers, with the digits that subtracting 1 from eˣ loses near 0; −1 below −87.33.
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

  /// y = tanh x for a run of numbers; near 0 by a polynomial, since 1 − 2/(e²ˣ + 1) loses its digits there.
  public static func tanh(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int) {
    apply(x, y, count) { x in
      let square = x * x
      var p = Vector(repeating: -5.70498872745e-3)
      p = p * square + 2.06390887954e-2
      p = p * square - 5.37397155531e-2
      p = p * square + 1.33314422036e-1
      p = p * square - 3.33332819422e-1
      let near = p * square * x + x
      let far = 1 - 2 / (exponential(x + x) + 1)
      return far.replacing(with: near, where: square .< 0.390625)
    }
  }

  private typealias Vector = SIMD8<Float>

  /// eˣ = 2ⁿ·eʳ with n the integer nearest to x/ln 2, and eʳ from a polynomial on |r| ≤ ln 2 / 2.
  @inline(__always) private static func exponential(_ x: Vector) -> Vector {
    // Not `clamped`: it looks at every lane by itself, to be exact about NaN, and takes longer than all the rest.
    let x0 = x.replacing(with: -87.33, where: x .< -87.33).replacing(with: 88.72, where: x .> 88.72)
    // Adding 1.5·2²³ leaves the rounded integer in the lowest bits of the mantissa.
    let shift = Vector(repeating: 12_582_912)
    let shifted = x0 * 1.442695041 + shift
    let n = shifted - shift
    // ln 2 in two parts, the first with few digits, so that n·ln 2 is exact.
    let r = (x0 - n * 0.693359375) - n * -2.12194440e-4
    let p = remainder(r) * (r * r) + r + 1
    // Two halves of the power of two: 2¹²⁸ has no bit pattern of its own.
    let power = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000
    let half = power &>> 1
    let bits = (half &+ 127) &<< 23
    let otherBits = (power &- half &+ 127) &<< 23
    var y = p * unsafeBitCast(bits, to: Vector.self) * unsafeBitCast(otherBits, to: Vector.self)
    y.replace(with: 0, where: x .< -87.33)
    y.replace(with: .infinity, where: x .> 88.72)
    // NaN is neither, and has stayed NaN in p.
    return y
  }

  /// (eʳ − 1 − r)/r² for |r| ≤ ln 2 / 2.
  @inline(__always) private static func remainder(_ r: Vector) -> Vector {
    var p = Vector(repeating: 1.9875691500e-4)
    p = p * r + 1.3981999507e-3
    p = p * r + 8.3334519073e-3
    p = p * r + 4.1665795894e-2
    p = p * r + 1.6666665459e-1
    return p * r + 5.0000001201e-1
  }

  /// Walks a run eight by eight; the last few travel in a vector of their own.
  ///
  /// `f` stands here once: at two places it would not be inlined, and a call for every vector costs as much as its work.
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
