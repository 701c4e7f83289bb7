// The fast product, the exponentials and pooling against their definitions.

import Foundation
import Tensors
import Testing

@Suite("Kernels") struct KernelTests {
  static func random(_ shape: Shape, _ stream: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: 3, stream: stream)
    return Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
  }

  @Test(
    "the fast matrix product agrees with the three loops",
    arguments: [
      [1, 1, 1], [2, 3, 4], [5, 7, 15], [6, 25, 16], [7, 9, 17], [13, 31, 64], [50, 40, 300], [4, 1, 79],
    ])
  func matrixProduct(size: [Int]) {
    let (a, b) = (Self.random([size[0], size[1]], 1), Self.random([size[1], size[2]], 2))
    expectClose(Kernels.matrixMultiply(a, b), Kernels.naiveMatrixMultiply(a, b))
  }

  @Test("a product by hand")
  func byHand() {
    let product = Kernels.matrixMultiply(Tensor([2, 2], [1, 2, 3, 4]), Tensor([2, 2], [5, 6, 7, 8]))
    #expect(product == Tensor([2, 2], [19, 22, 43, 50]))
  }

  @Test("a matrix turned, and equations solved by hand")
  func equations() {
    let turned = Tensor([2, 3], [1, 2, 3, 4, 5, 6]).transposed
    #expect(turned.shape == [3, 2] && turned.elements == [1, 4, 2, 5, 3, 6])
    var matrix = [4.0, 2, 2, 3]
    let solved = Kernels.solve(&matrix, [8, 4, 7, 6], columns: 2)
    #expect(zip(solved, [1.25, 0, 1.5, 2]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("inner products agree with their sums, for every number of rows", arguments: 1...13, [8, 16])
  func innerProducts(rows: Int, width: Int) {
    let (taps, columns) = (5, rows % 3 + 1)
    let (a, b) = (Self.random([rows, taps * width], 1), Self.random([columns, taps * width], 2))
    var c = Tensor(zeros: [rows, columns])
    let (places, pieces) = ((0..<max(rows, columns)).map { $0 * taps * width }, (0..<taps).map { $0 * width })
    c.withUnsafeMutableElements { c in
      Tensors.innerProducts(
        rows: rows, columns: columns, taps: taps, width: width, a: a.elements, aRows: places, aTaps: pieces,
        b: b.elements, bRows: places, bTaps: pieces, c: c.baseAddress!, cRow: columns, cColumn: 1)
    }
    for m in 0..<rows {
      for n in 0..<columns {
        let expected = (0..<taps * width).reduce(0.0) { $0 + Double(a[m, $1]) * Double(b[n, $1]) }
        #expect(abs(Double(c[m, n]) - expected) < 1e-5 * Double(taps * width))
      }
    }
  }

  @Test("exp, exp − 1, tanh and the sigmoid agree with the C library to seven digits")
  func exponentials() {
    var xs: [Float] = (0..<4001).map { -100 + Float($0) * 0.05 }
    xs += [0, -0.0, 1e-8, -1e-8, 1e-3, 0.6249, 0.6251, 88.7, 88.73, -87.3, -87.4, 1e30, -1e30]
    var ys = [Float](repeating: 0, count: xs.count)
    func check(
      _ f: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void, _ exact: (Double) -> Double
    ) {
      f(xs, &ys, xs.count)
      for (x, y) in zip(xs, ys) {
        let expected = Float(exact(Double(x)))
        // Denormal results are flushed to 0.
        if expected.isInfinite {
          #expect(y == expected, "at \(x)")
        } else {
          #expect(abs(y - expected) <= 4e-7 * abs(expected) + 1.2e-38, "at \(x): got \(y), expected \(expected)")
        }
      }
    }
    check({ Kernels.exp($0, into: $1, count: $2) }, { exp($0) })
    check({ Kernels.expMinusOne($0, into: $1, count: $2) }, { expm1($0) })
    check({ Kernels.tanh($0, into: $1, count: $2) }, { tanh($0) })
    check({ Kernels.sigmoid($0, into: $1, count: $2) }, { 1 / (1 + exp(-$0)) })
    var nan: [Float] = [0]
    Kernels.tanh([.nan], into: &nan, count: 1)
    #expect(nan[0].isNaN)
  }

  @Test("the tiled 2×2 average equals the general one, odd sizes included", arguments: [4, 5, 10, 28, 33])
  func averagePool(size: Int) throws {
    let x = Self.random([2, 3, size, size], 5)
    let tiled = try #require(PoolingGeometry(image: Extent(size), window: Window(kernel: 2, stride: 2)))
    // Rounding up over an even image, or a dilation over one tap, changes nothing but the path taken.
    let half = size / 2
    var (y, dx) = (Tensor.empty, Tensor(zeros: x.shape))
    Kernels.averagePool(x, geometry: tiled, into: &y)
    let dy = Self.random(y.shape, 6)
    Kernels.averagePoolGradient(dy, geometry: tiled, into: &dx)
    for (n, c, i, j) in [(0, 0, 0, 0), (1, 2, half - 1, half - 1), (0, 1, half / 2, 0), (1, 0, 0, half - 1)] {
      let mean =
        (x[n, c, 2 * i, 2 * j] + x[n, c, 2 * i, 2 * j + 1] + x[n, c, 2 * i + 1, 2 * j] + x[n, c, 2 * i + 1, 2 * j + 1])
        / 4
      #expect(abs(y[n, c, i, j] - mean) < 1e-6)
      #expect(dx[n, c, 2 * i + 1, 2 * j] == dy[n, c, i, j] / 4)
    }
    if size % 2 == 1 { #expect(dx[0, 0, size - 1, 0] == 0) }
  }

  @Test(
    "the fast maxima equal the general one to the bit, ties, NaN and odd sizes included",
    arguments: [
      Window(kernel: 2, stride: 2), Window(kernel: 3, stride: 2, padding: 1), Window(kernel: 3, stride: 2),
      Window(kernel: 3, padding: 1), Window(kernel: 2, stride: 2, dilation: 3),
      Window(kernel: 5, padding: 2, dilation: 2),
    ], [1, 2, 7, 8, 9, 14, 15, 16, 17, 19, 33])
  func maxPool(window: Window, size: Int) throws {
    // Few different values make many ties.
    var x = Self.random([2, 3, size + 1, size + 2], UInt64(size))
    x.withUnsafeMutableElements { x in
      for i in x.indices { x[i] = i % 41 == 7 ? .nan : i % 29 == 3 ? -.infinity : (2 * x[i]).rounded() }
    }
    guard let g = PoolingGeometry(image: Extent(size + 1, size + 2), window: window) else {
      #expect(size < 9)
      return
    }
    let dy = Self.random([2, 3, g.output.height, g.output.width], 6)
    func bits(_ tensor: Tensor) -> [UInt32] { tensor.elements.map { $0.isNaN ? 1 : $0 == 0 ? 0 : $0.bitPattern } }
    var (fast, naive) = (Tensor.empty, Tensor.empty)
    Kernels.maxPool(x, geometry: g, into: &fast)
    Kernels.naiveMaxPool(x, geometry: g, into: &naive)
    #expect(fast.shape == naive.shape && bits(fast) == bits(naive))
    // What the place held before must not show through.
    fast = Tensor(x.shape, repeating: 9)
    Kernels.maxPoolGradient(dy, input: x, geometry: g, into: &fast)
    Kernels.naiveMaxPoolGradient(dy, input: x, geometry: g, into: &naive)
    #expect(fast.shape == naive.shape && bits(fast) == bits(naive))
  }

  @Test("of several equal largest pixels the first receives the gradient")
  func ties() throws {
    let x = Tensor([1, 1, 2, 2], [3, 3, 3, 1])
    let g = try #require(PoolingGeometry(image: 2, window: Window(kernel: 2)))
    var dx = Tensor.empty
    Kernels.maxPoolGradient(Tensor([1, 1, 1, 1], [5]), input: x, geometry: g, into: &dx)
    #expect(dx == Tensor([1, 1, 2, 2], [5, 0, 0, 0]))
  }

  @Test("a wrong shape stops with both shapes in the message")
  func refusal() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Kernels.matrixMultiply(Tensor(zeros: Shape([2, 3])), Tensor(zeros: Shape([2, 3])))
    }
    let message = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(message.contains("[2, 3]·[2, 3]"))
  }
}

@Suite("Seeded generator") struct SeededGeneratorTests {
  @Test("normal numbers have mean 0, variance 1 and the right tails")
  func normal() {
    var generator = SeededGenerator(seed: 1)
    let sample = (0..<200_000).map { _ in Double(generator.nextNormal()) }
    let mean = sample.reduce(0, +) / 200_000
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200_000
    // Five standard errors.
    #expect(abs(mean) < 0.012)
    #expect(abs(variance - 1) < 0.016)
    let beyond = Double(sample.count { abs($0) > 1.96 }) / 200_000
    #expect(abs(beyond - 0.05) < 0.0025)
  }

  @Test("equal seeds give equal sequences, streams differ, a permutation is one")
  func sequences() {
    var (a, b, c) = (SeededGenerator(seed: 9), SeededGenerator(seed: 9), SeededGenerator(seed: 9, stream: 1))
    let first = (0..<10).map { _ in a.next() }
    #expect(first == (0..<10).map { _ in b.next() })
    #expect(first != (0..<10).map { _ in c.next() })
    #expect(a.permutation(of: 100).sorted() == Array(0..<100))
    #expect((0..<1000).allSatisfy { _ in (0..<7).contains(a.nextInt(below: 7)) })
  }
}
