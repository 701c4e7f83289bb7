// The workbook's only source of randomness: the same seed gives the same bits on every run.

/// A small, fast, reproducible random number generator: xoshiro256++ seeded by SplitMix64.
///
/// There is no global generator and no hidden seed: code that needs randomness takes one of these as an argument.
///
///     var generator = SeededGenerator(seed: 1)
///     generator.nextNormal()      // the same number, every time
///
/// - Source: Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators", doi:10.1145/3460772.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  // The four words of state, never all zero.
  private var s0: UInt64, s1: UInt64, s2: UInt64, s3: UInt64

  /// Creates a generator.
  ///
  /// - Parameters:
  ///   - seed: any number; equal seeds give equal sequences.
  ///   - stream: the number of an independent sequence for that seed: one for the weights, one for each epoch, ….
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = SplitMix64(state: seed)
    // The stream is mixed in only after the seed has been mixed once, so (1, 2) and (2, 1) give unrelated sequences.
    mixer.state = mixer.next() ^ (stream &* 0xD1B5_4A32_D192_ED03)
    (s0, s1, s2, s3) = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = Self.rotate(s0 &+ s3, by: 23) &+ s0
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = Self.rotate(s3, by: 45)
    return result
  }

  /// A new generator whose sequence is independent of the later numbers from this one.
  public mutating func split() -> SeededGenerator { SeededGenerator(seed: next(), stream: next()) }

  /// A number from the uniform distribution on [0, 1), in steps of 2⁻²⁴.
  public mutating func nextUniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number from the uniform distribution on `range`.
  public mutating func nextUniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * nextUniform()
  }

  /// An integer from the uniform distribution on 0 ..< `bound`.
  ///
  /// - Precondition: `bound` is positive.
  public mutating func nextInt(below bound: Int) -> Int {
    demand(bound > 0, "SeededGenerator: the bound must be positive, got \(bound)")
    // Lemire's multiplication; the bias is below bound / 2⁶⁴.
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Sets each of `numbers` to 0 with probability `p`, independently, and to `value` otherwise: a mask for dropout.
  public mutating func fillMask(_ numbers: UnsafeMutableBufferPointer<Float>, dropping p: Float, keeping value: Float) {
    // A local copy keeps its state in registers.
    var stream = self
    for i in numbers.indices { numbers[i] = stream.nextUniform() < p ? 0 : value }
    self = stream
  }

  /// A random permutation of 0 ..< `count`, by the Fisher–Yates shuffle.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, nextInt(below: last + 1)) }
    return order
  }

  private static func rotate(_ x: UInt64, by bits: UInt64) -> UInt64 { (x << bits) | (x >> (64 - bits)) }
}

extension Tensor {
  /// Fills the tensor with independent draws from N(0, σ²), on all cores.
  ///
  /// Each run of 65,536 elements has a separate stream, so the numbers do not depend on the number of threads.
  public mutating func fillNormal(standardDeviation: Float, using generator: inout SeededGenerator) {
    let (seed, grain) = (generator.next(), 65_536)
    withUnsafeMutableElements { elements in
      nonisolated(unsafe) let elements = elements
      Parallel.forEach(chunks: (elements.count + grain - 1) / grain) { chunk in
        var stream = SeededGenerator(seed: seed, stream: UInt64(chunk))
        let range = chunk * grain..<min(elements.count, (chunk + 1) * grain)
        stream.fillNormal(UnsafeMutableBufferPointer(rebasing: elements[range]), standardDeviation: standardDeviation)
      }
    }
  }
}

/// The generator that turns one seed into well-mixed state words.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
