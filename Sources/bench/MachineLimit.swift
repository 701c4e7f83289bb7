// The limits of the machine: independent multiply-adds, and sums of long vectors.

import CVectors
import Tensors

/// The limits with which all other results are compared.
struct MachineLimit: Codable {
  /// Floating-point operations per second on one thread; a multiply-add counts as two.
  var flopsOfOneThread: Double
  /// Floating-point operations per second on all threads together.
  var flops: Double
  /// Bytes per second to and from memory, on all threads.
  var memoryBandwidth: Double
  /// Bytes per second to and from the cores' own caches, on all threads.
  var cacheBandwidth: Double

  /// Measures the limits; the fastest of several runs counts, because a limit cannot be exceeded by chance.
  init(runs: Int) throws {
    func best(_ work: Double, _ body: @escaping () -> Void) throws -> Double {
      try work / measure(runs: max(25, runs), [body])[0].fastest
    }
    let threads = Parallel.threadCount
    // Many short chunks: a thread that starts late takes fewer.
    let chunks = 32 * threads, rounds = 4_000
    let work = Double(rounds * FMAChains.count * 2 * Int(VECTOR_LANES))
    // The sums are stored; otherwise the compiler would remove the work, because its result is never read.
    let sums = UnsafeMutablePointer<Float>.allocate(capacity: chunks)
    sums.initialize(repeating: 0, count: chunks)
    defer { sums.deallocate() }
    flopsOfOneThread = try best(work) { sums[0] = FMAChains.run(rounds: rounds, factor: 0.5 + sums[0] * 1e-9) }
    flops = try best(Double(chunks) * work) {
      Parallel.forEach(chunks: chunks, on: sums) { chunk, sums in
        sums[chunk] = FMAChains.run(rounds: rounds, factor: 0.5 + sums[chunk] * 1e-9)
      }
    }
    demand(sums[0].isFinite, "MachineLimit: the chains of multiply-adds must stay finite, got \(sums[0])")
    // Three vectors of 64 MB do not fit into any cache.
    let large = Triad(floats: 1 << 24)
    memoryBandwidth = try best(Double(large.bytes)) { large.run(chunks: 16 * threads) }
    let small = (0..<threads).map { _ in Triad(floats: 1 << 15) }, repeats = 512
    cacheBandwidth = try best(Double(threads * repeats * small[0].bytes)) {
      Parallel.forEach(chunks: threads, on: small) { thread, small in for _ in 0..<repeats { small[thread].run() } }
    }
  }

  /// The shortest possible time for a number of operations and bytes: the longer of the two times.
  ///
  /// Data that fit into the caches of all threads together are counted at the speed of the caches, otherwise at that of
  /// memory.
  func leastTime(flops work: Double, bytes: Double) -> Double { max(work / flops, bytes / bandwidth(for: bytes)) }

  /// Whether arithmetic is the limit, rather than bandwidth.
  func isArithmetic(flops work: Double, bytes: Double) -> Bool { work / flops >= bytes / bandwidth(for: bytes) }

  private func bandwidth(for bytes: Double) -> Double {
    bytes <= Double(Parallel.threadCount << 20) ? cacheBandwidth : max(memoryBandwidth, 1)
  }

  /// Prints the limits.
  func print(to output: Output) {
    let table = Table(
      "The limit of this machine: \(VectorUnit.name)", [("", -48), ("1 thread", 16), (threadsInUse(), 16)],
      to: output)
    table.row([
      "multiply-adds, \(FMAChains.count) independent chains", billions(flopsOfOneThread) + " GFLOP/s",
      billions(flops) + " GFLOP/s",
    ])
    table.row(["a + s·b of vectors in memory", "", billions(memoryBandwidth) + " GB/s"])
    table.row(["a + s·b of vectors in the cores' caches", "", billions(cacheBandwidth) + " GB/s"])
  }
}

/// Independent chains of multiply-adds: each step depends only on its own chain, and twelve chains keep all units busy.
enum FMAChains {
  static let count = 12

  /// s ← s·x + ½ in every chain, `rounds` times; returns the sum of all.
  ///
  /// - Parameters:
  ///   - rounds: the number of steps.
  ///   - factor: x, about ½, which avoids infinite and subnormal numbers.
  @inline(never) static func run(rounds: Int, factor: Float) -> Float {
    if VECTOR_LANES == 16 {
      chains(SIMD16<Float>.self, rounds, factor)
    } else if VECTOR_LANES == 8 {
      chains(SIMD8<Float>.self, rounds, factor)
    } else {
      chains(SIMD4<Float>.self, rounds, factor)
    }
  }

  @inline(__always) private static func chains<V: SIMD>(_: V.Type, _ rounds: Int, _ factor: Float) -> Float
  where V.Scalar == Float {
    let (x, y) = (V(repeating: factor), V(repeating: 0.5))
    @inline(__always) func step(_ s: V) -> V {
      if VECTOR_FMA == 0 { return s * x + y }
      var sum = y
      sum.addProduct(s, x)
      return sum
    }
    var (a, b, c, d) = (x, x + 1, x + 2, x + 3)
    var (e, f, g, h) = (x + 4, x + 5, x + 6, x + 7)
    var (i, j, k, l) = (x + 8, x + 9, x + 10, x + 11)
    for _ in 0..<rounds {
      (a, b, c, d) = (step(a), step(b), step(c), step(d))
      (e, f, g, h) = (step(e), step(f), step(g), step(h))
      (i, j, k, l) = (step(i), step(j), step(k), step(l))
    }
    return (((a + b) + (c + d)) + ((e + f) + (g + h)) + ((i + j) + (k + l))).sum()
  }
}

/// c = a + s·b for long vectors: two streams are read, one is written.
struct Triad {
  private let a: UnsafeMutablePointer<Float>
  private let b: UnsafeMutablePointer<Float>
  private let c: UnsafeMutablePointer<Float>
  private let count: Int

  /// Allocates the vectors, which are never freed.
  init(floats: Int) {
    count = floats
    (a, b, c) = (.allocate(capacity: floats), .allocate(capacity: floats), .allocate(capacity: floats))
    for vector in [a, b, c] { vector.initialize(repeating: 1, count: floats) }
  }

  /// The number of bytes that one run reads and writes.
  var bytes: Int { 3 * MemoryLayout<Float>.stride * count }

  func run() { run(0, count) }

  func run(chunks: Int) {
    let length = count / chunks / 16 * 16
    Parallel.forEach(chunks: chunks, on: self) { chunk, triad in
      triad.run(chunk * length, chunk == chunks - 1 ? triad.count : (chunk + 1) * length)
    }
  }

  @inline(never) private func run(_ first: Int, _ end: Int) {
    // Sixteen lanes are one, two or four registers, depending on the machine.
    let factor = SIMD16<Float>(repeating: 0.25)
    for place in stride(from: first, to: end, by: 16) {
      let sum = load(a + place) + factor * load(b + place)
      UnsafeMutableRawPointer(c + place).storeBytes(of: sum, as: SIMD16<Float>.self)
    }
  }

  @inline(__always) private func load(_ place: UnsafeMutablePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD16<Float>.self)
  }
}
