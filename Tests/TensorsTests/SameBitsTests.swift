// The two kernels on which everything stands, to the last bit.

import Tensors
import Testing

@Suite("Same bits on every machine") struct SameBitsTests {
  /// Products and inner products of many sizes, in one number. The first digest was computed with vectors of eight lanes
  /// (x86-64-v3) and, emulated, with vectors of four (arm64); the second without fused multiply-add (x86-64).
  @Test("products of every size have the bits of machines with longer and shorter vectors")
  func digest() {
    var state: UInt64 = 88_172_645_463_325_252
    func next() -> Float {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Float(Int64(bitPattern: state) >> 40) / 8_388_608
    }
    let (a, b) = ((0..<4000).map { _ in next() }, (0..<9000).map { _ in next() })
    var c = [Float](repeating: 0, count: 4000)
    let (rows, taps, places) = ((0..<64).map { $0 * 50 }, Array(0..<64), (0..<64).map { $0 * 100 })
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ count: Int) {
      for value in c.prefix(count) { digest = (digest ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3 }
    }
    for m in 1...13 {
      for n in stride(from: 1, through: 100, by: 7) {
        broadcastProduct(
          rows: m, taps: 37, columns: n, a: a, aRows: rows, aTaps: taps, b: b, bTaps: places, c: &c, cRow: n)
        add(m * n)
      }
      for width in [16, 8] {
        innerProducts(
          rows: m, columns: 3, taps: 3, width: width, a: a, aRows: rows, aTaps: taps, b: b, bRows: rows, bTaps: places,
          c: &c, cRow: 3, cColumn: 1)
        add(m * 3)
      }
    }
    #expect(digest == (VectorUnit.isFused ? 0x66b0_adfa_caa5_75ea : 0x0e3f_6d3f_55b1_e059))
  }
}
