// The fast convolution against the six loops that define it.

import Tensors
import Testing

/// One convolution to try.
struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  var samples: Int, channels: Int, filters: Int, image: Extent, window: Window, groups = 1

  var testDescription: String {
    "\(samples)×\(channels)→\(filters), \(image), kernel \(window.kernel), stride \(window.stride), "
      + "padding \(window.padding), dilation \(window.dilation), groups \(groups)"
  }

  static let all: [ConvolutionCase] = [
    .init(samples: 2, channels: 1, filters: 6, image: 32, window: Window(kernel: 5)),
    .init(samples: 3, channels: 6, filters: 16, image: 14, window: Window(kernel: 5)),
    .init(samples: 1, channels: 3, filters: 4, image: Extent(9, 7), window: Window(kernel: 3, padding: 1)),
    .init(samples: 2, channels: 4, filters: 5, image: 8, window: Window(kernel: 1)),
    .init(samples: 2, channels: 4, filters: 6, image: 9, window: Window(kernel: 3, stride: 2, padding: 1)),
    .init(samples: 1, channels: 3, filters: 8, image: 23, window: Window(kernel: 11, stride: 4, padding: 2)),
    .init(samples: 2, channels: 4, filters: 6, image: 10, window: Window(kernel: 3, padding: 1), groups: 2),
    .init(samples: 2, channels: 4, filters: 4, image: 10, window: Window(kernel: 3, stride: 2, padding: 1), groups: 4),
    .init(samples: 1, channels: 2, filters: 3, image: 12, window: Window(kernel: 3, padding: 2, dilation: 2)),
    .init(
      samples: 2, channels: 2, filters: 3, image: Extent(7, 11),
      window: Window(kernel: Extent(2, 4), stride: Extent(1, 2), padding: Padding(top: 0, left: 2, bottom: 1, right: 1))
    ),
    .init(
      samples: 2, channels: 2, filters: 7, image: Extent(6, 5),
      window: Window(kernel: Extent(3, 2), padding: Padding(top: 2, left: 0, bottom: 1, right: 1))),
    .init(samples: 2, channels: 3, filters: 5, image: 11, window: Window(kernel: 3, stride: 2)),
    .init(samples: 1, channels: 1, filters: 1, image: 3, window: Window(kernel: 3)),
    .init(samples: 1, channels: 50, filters: 53, image: 40, window: Window(kernel: 3, padding: 1)),
  ]

  func tensor(_ shape: Shape, _ stream: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: 7, stream: stream)
    return Tensor(shape, (0..<shape.count).map { _ in generator.nextNormal() })
  }
}

@Suite("Convolution") struct ConvolutionTests {
  @Test("the fast kernel agrees with the definition, forward and backward", arguments: ConvolutionCase.all)
  func agrees(_ c: ConvolutionCase) throws {
    let g = try #require(
      ConvolutionGeometry(channels: c.channels, filters: c.filters, image: c.image, window: c.window, groups: c.groups))
    let x = c.tensor([c.samples, c.channels, c.image.height, c.image.width], 1)
    let (w, b) = (c.tensor(g.weightShape, 2), c.tensor([c.filters], 3))
    let dy = c.tensor([c.samples, c.filters, g.output.height, g.output.width], 4)

    var fast = Convolution(g)
    var (y, dx, dw, db) = (Tensor.empty, Tensor(zeros: x.shape), Tensor(zeros: w.shape), Tensor(zeros: b.shape))
    // Twice: the second time in the workspaces of the first.
    for _ in 0..<2 {
      fast.forward(x, weight: w, bias: b, into: &y)
      fast.weightGradient(dy, input: x, into: &dw, bias: &db)
      fast.inputGradient(dy, weight: w, into: &dx)
    }
    let expected = Kernels.naiveConvolutionGradients(dy, input: x, weight: w, geometry: g)
    expectClose(y, Kernels.naiveConvolution(x, weight: w, bias: b, geometry: g))
    expectClose(dx, expected.input)
    expectClose(dw, expected.weight)
    expectClose(db, expected.bias)
  }

  @Test("a sum that a person can do: a 2×2 kernel of ones over 1 … 9")
  func byHand() throws {
    let g = try #require(ConvolutionGeometry(channels: 1, filters: 1, image: 3, window: Window(kernel: 2)))
    var y = Tensor.empty
    var convolution = Convolution(g)
    convolution.forward(
      Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]), weight: Tensor([1, 1, 2, 2], repeating: 1),
      bias: Tensor([1], [10]),
      into: &y)
    #expect(y == Tensor([1, 1, 2, 2], [22, 26, 34, 38]))
  }

  @Test("one thread and two give the same bits")
  func threads() throws {
    let c = ConvolutionCase.all[1]
    let g = try #require(ConvolutionGeometry(channels: 6, filters: 16, image: 14, window: Window(kernel: 5)))
    let (x, w) = (c.tensor([3, 6, 14, 14], 1), c.tensor(g.weightShape, 2))
    func run() -> Tensor {
      var y = Tensor.empty
      var convolution = Convolution(g)
      convolution.forward(x, weight: w, bias: nil, into: &y)
      return y
    }
    let several = run()
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    #expect(run() == several)
  }
}

/// Expects every element within 1e-5 of the largest one expected: rounding of sums in another order, no more.
func expectClose(_ got: Tensor, _ expected: Tensor, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(got.shape == expected.shape, sourceLocation: sourceLocation)
  guard got.shape == expected.shape else { return }
  let scale = max(1, expected.elements.map(abs).max() ?? 0)
  let worst = zip(got.elements, expected.elements).enumerated()
    .map { (index: $0.offset, error: abs($0.element.0 - $0.element.1)) }.max { !($0.error >= $1.error) }
  if let worst {
    #expect(
      worst.error <= 1e-5 * scale,
      "element \(worst.index): got \(got.elements[worst.index]), expected \(expected.elements[worst.index])",
      sourceLocation: sourceLocation)
  }
}

@Suite("im2col") struct Im2colTests {
  @Test("the columns of 1…9 under a 2×2 window")
  func byHand() throws {
    let g = try #require(ConvolutionGeometry(channels: 1, filters: 1, image: 3, window: Window(kernel: 2)))
    let columns = Kernels.im2col(Tensor([1, 1, 3, 3], (1...9).map { Float($0) }), geometry: g)
    #expect(columns == Tensor([4, 4], [1, 2, 4, 5, 2, 3, 5, 6, 4, 5, 7, 8, 5, 6, 8, 9]))
  }

  @Test("the matrix product gives what the six loops give", arguments: ConvolutionCase.all.filter { $0.groups == 1 })
  func product(_ c: ConvolutionCase) throws {
    let g = try #require(
      ConvolutionGeometry(channels: c.channels, filters: c.filters, image: c.image, window: c.window))
    let x = c.tensor([c.samples, c.channels, c.image.height, c.image.width], 1)
    let (w, b) = (c.tensor(g.weightShape, 2), c.tensor([c.filters], 3))
    let expected = Kernels.naiveConvolution(x, weight: w, bias: b, geometry: g)
    let got = Kernels.im2colConvolution(x, weight: w, bias: b, geometry: g)
    #expect(got.shape == expected.shape)
    #expect(zip(got.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-3 })
  }
}
