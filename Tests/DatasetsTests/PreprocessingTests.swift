// Statistics of the training set, and what they do to other sets.

import Datasets
import Tensors
import Testing

/// Correlated samples [count, 2, 2, width / 4] about a mean that is far from 0.
private func correlated(_ count: Int, width: Int = 8, seed: UInt64 = 1) -> Tensor {
  var generator = SeededGenerator(seed: seed)
  let mixing = (0..<width * width).map { _ in generator.nextNormal() }
  var elements: [Float] = []
  for _ in 0..<count {
    let source = (0..<width).map { _ in generator.nextNormal() }
    for row in 0..<width {
      elements.append(3 + (0..<width).reduce(Float(0)) { $0 + mixing[row * width + $1] * source[$1] })
    }
  }
  return Tensor([count, 2, 2, width / 4], elements)
}

/// The covariance of the columns of [N, …], entry (i, j) at i·D + j.
private func covariance(_ x: Tensor) -> [Double] {
  let (count, width) = (x.shape[0], x.shape.withoutBatch.count)
  let column = { (i: Int) in (0..<count).map { Double(x.elements[$0 * width + i]) } }
  let columns = (0..<width).map { i in
    let values = column(i)
    let mean = values.reduce(0, +) / Double(count)
    return values.map { $0 - mean }
  }
  return columns.flatMap { a in columns.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Double(count) } }
}

private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
}

private func identity(_ n: Int) -> [Double] { (0..<n * n).map { $0 / n == $0 % n ? 1 : 0 } }

@Suite("Preprocessing by mean and deviation") struct MomentPreprocessingTests {
  /// Two images of two channels of two pixels.
  let train = Tensor([2, 2, 1, 2], [1, 2, 10, 30, 3, 6, 50, 70])

  @Test("the mean image is the mean of each element")
  func meanImage() {
    let fitted = MeanImage.fit(train)
    #expect(fitted.mean == Tensor([2, 1, 2], [2, 4, 30, 50]))
    #expect(fitted.apply(train).elements == [-1, -2, -20, -20, 1, 2, 20, 20])
  }

  @Test("the channel mean is one number for all positions")
  func channelMean() {
    let fitted = ChannelMean.fit(train)
    #expect(fitted.mean == [3, 40])
    #expect(fitted.apply(train).elements == [-2, -1, -30, -10, 0, 3, 10, 30])
  }

  @Test("dividing by the deviation of all N values, not of N − 1")
  func standardization() {
    let fitted = ChannelStandardization.fit(Tensor([2, 1, 1, 2], [1, 1, 3, 3]))
    #expect(fitted.mean == [2] && fitted.standardDeviation == [1])
    let x = correlated(50)
    let result = ChannelStandardization.fit(x).apply(x)
    for channel in 0..<2 {
      let values = result.elements.enumerated().filter { $0.offset / 4 % 2 == channel }.map { Double($0.element) }
      let mean = values.reduce(0, +) / Double(values.count)
      #expect(abs(mean) < 1e-5)
      #expect(abs(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count) - 1) < 1e-5)
    }
  }

  @Test("a channel that never changes becomes 0 and not a division by zero")
  func constant() {
    let x = Tensor([3, 1, 1, 1], repeating: 7)
    #expect(ChannelStandardization.fit(x).apply(x).elements == [0, 0, 0])
  }

  @Test("a test set is prepared with the training set's numbers, not with its own")
  func trainingOnly() {
    let test = Tensor([1, 2, 1, 2], [5, 5, 5, 5])
    #expect(MeanImage.fit(train).apply(test).elements == [3, 1, -25, -45])
    #expect(ChannelMean.fit(train).apply(test).elements == [2, 2, -35, -35])
    let own = ChannelMean.fit(test).apply(test).elements
    #expect(own == [0, 0, 0, 0])
  }

  @Test("the features of points in the plane are their channels")
  func points() {
    let x = Tensor([2, 2], [0, 10, 2, 30])
    #expect(ChannelStandardization.fit(x).apply(x).elements == [-1, -1, 1, 1])
  }

  @Test("the exact sums over bytes agree with those over floats")
  func bytes() {
    let digits = SyntheticDigits.dataset(count: 60, seed: 3, transform: PixelTransform())
    let transform = PixelTransform.standardizing(digits)
    let fitted = ChannelStandardization.fit(digits.inputs)
    #expect(abs(transform.mean[0] - fitted.mean[0]) < 1e-6)
    #expect(abs(transform.standardDeviation[0] - fitted.standardDeviation[0]) < 1e-6)
  }

  @Test("samples go through it batch by batch, labels untouched")
  func samples() {
    let moons = Moons.samples(count: 20, seed: 1)
    let prepared = moons.preprocessed(by: ChannelStandardization.fit(moons.inputs))
    var batch = Batch()
    prepared.load([3, 7][...], into: &batch)
    #expect(batch.labels == [1, 1] && batch.inputs.shape == [2, 2])
    let all = ChannelStandardization.fit(moons.inputs).apply(moons.inputs)
    #expect(Array(batch.inputs.elements.prefix(2)) == Array(all.elements[6..<8]))
    let leading = moons.preprocessed(by: PrincipalComponents.fit(moons.inputs, components: 1))
    #expect(leading.sampleShape == [1] && leading.inputs.shape == [20, 1])
  }

  @Test("nothing can be fitted on no samples")
  func empty() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MeanImage.fit(Tensor(zeros: [0, 1, 2, 2]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("MeanImage: fit needs [N, …] with N at least 1, got [0, 1, 2, 2]"), "\(text)")
  }

  @Test("another shape is refused with both")
  func shapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MeanImage.fit(Tensor(zeros: [2, 1, 2, 2])).apply(Tensor(zeros: [2, 1, 3, 3]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("MeanImage: was fitted on samples [1, 2, 2], receives [1, 3, 3]"), "\(text)")
  }
}

@Suite("Principal components and whitening") struct ComponentPreprocessingTests {
  @Test("points on a diagonal vary along it alone")
  func diagonal() {
    let x = Tensor([4, 2], [1, 2, 2, 3, 3, 4, 4, 5])
    let fitted = PrincipalComponents.fit(x)
    // The variance of 1, 2, 3, 4 is 1.25 in each coordinate, so 2.5 along the diagonal.
    #expect(abs(fitted.variances[0] - 2.5) < 1e-6 && fitted.variances[1] < 1e-6)
    let half = Float(0.5).squareRoot()
    #expect(abs(fitted.components[0, 0] - half) < 1e-6 && abs(fitted.components[0, 1] - half) < 1e-6)
    let scores = fitted.apply(x)
    #expect(zip(scores.elements, [-3, 0, -1, 0, 1, 0, 3, 0]).allSatisfy { abs($0 - Float($1) * half) < 1e-5 })
  }

  @Test("the components are orthonormal, the scores uncorrelated, their variances those reported", arguments: [8, 160])
  func diagonalizes(width: Int) {
    let x = correlated(2 * width, width: width)
    let fitted = PrincipalComponents.fit(x)
    let u = fitted.components
    let products = Kernels.naiveMatrixMultiply(u, Tensor([width, width], transposed(u.elements, width)))
    #expect(largestDifference(products.elements.map { Double($0) }, identity(width)) < 1e-4)
    #expect(zip(fitted.variances, fitted.variances.dropFirst()).allSatisfy { $0 >= $1 })
    let scores = covariance(fitted.apply(x))
    let expected = (0..<width * width).map { $0 / width == $0 % width ? Double(fitted.variances[$0 / width]) : 0 }
    #expect(largestDifference(scores, expected) < 1e-4 * Double(fitted.variances[0]))
    #expect(abs(fitted.totalVariance - fitted.variances.reduce(0, +)) < 1e-3 * fitted.totalVariance)
  }

  @Test("all components rebuild the samples; some leave exactly the variance that they lack")
  func reconstruction() {
    let x = correlated(40)
    let all = PrincipalComponents.fit(x)
    let rebuilt = all.reconstruct(all.apply(x))
    #expect(rebuilt.shape == x.shape)
    #expect(zip(rebuilt.elements, x.elements).allSatisfy { abs($0 - $1) < 1e-4 })
    let some = PrincipalComponents.fit(x, components: 3)
    let error = zip(some.reconstruct(some.apply(x)).elements, x.elements).reduce(0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
    let lacking = all.variances[3...].reduce(0, +)
    #expect(abs(error / 40 - lacking) < 1e-3 * lacking)
  }

  @Test("white data has the unit matrix as covariance, turned back or not", arguments: [false, true])
  func whitens(rotatesBack: Bool) {
    let x = correlated(60)
    let white = Whitening.fit(x, epsilon: 0, rotatesBack: rotatesBack).apply(x)
    #expect(white.shape == (rotatesBack ? x.shape : [60, 8]))
    #expect(largestDifference(covariance(white), identity(8)) < 1e-3)
  }

  @Test("epsilon leaves a variance of λ/(λ + ε)")
  func epsilon() {
    let x = correlated(60)
    let principal = PrincipalComponents.fit(x)
    let epsilon = principal.variances[4]
    let white = covariance(Whitening(principal, epsilon: epsilon).apply(x))
    for (k, variance) in principal.variances.enumerated() {
      #expect(abs(white[k * 9] - Double(variance / (variance + epsilon))) < 1e-4)
    }
  }

  @Test("a direction without any variance becomes 0, not noise")
  func degenerate() {
    let x = Tensor([4, 2], [1, 2, 2, 3, 3, 4, 4, 5])
    let white = Whitening.fit(x, epsilon: 0).apply(x)
    #expect((0..<4).allSatisfy { white[$0, 1] == 0 } && abs(white[0, 0]) > 1)
  }

  @Test("turned back, the result stays closer to the inputs than along the components")
  func zca() {
    let x = correlated(60)
    let principal = PrincipalComponents.fit(x)
    let centered = MeanImage.fit(x).apply(x)
    func distance(_ rotatesBack: Bool) -> Float {
      let white = Whitening(principal, epsilon: 0, rotatesBack: rotatesBack).apply(x)
      return zip(white.elements, centered.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect(distance(true) < distance(false))
  }

  @Test("one thread fits the same bits as two")
  func threads() {
    let x = correlated(200, width: 144)
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 2
    let two = PrincipalComponents.fit(x)
    Parallel.threadCount = 1
    #expect(PrincipalComponents.fit(x) == two)
  }

  @Test("more components than there are numbers are refused")
  func tooMany() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = PrincipalComponents.fit(Tensor(zeros: [2, 3]), components: 4)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("samples of 3 numbers have 1…3 components, got 4"), "\(text)")
  }

  private func transposed(_ x: [Float], _ n: Int) -> [Float] { (0..<n * n).map { x[$0 % n * n + $0 / n] } }
}
