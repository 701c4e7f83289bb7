// What may be done to a picture without its losing its label, and the pipeline that does it.

import Datasets
import Tensors
import Testing

/// A picture of one channel from its rows.
private func picture(_ rows: [[Float]]) -> Tensor { Tensor([1, rows.count, rows[0].count], rows.flatMap(\.self)) }

/// An operation that adds a random number, to see which one was drawn.
private struct AddNoise: ImageOperation {
  let name = "noise"
  func apply(to image: inout Tensor, using generator: inout SeededGenerator) {
    let value = generator.nextUniform()
    image.withUnsafeMutableElements { for i in $0.indices { $0[i] += value } }
  }
}

@Suite("Image operations") struct ImageOperationTests {
  let image = picture([[1, 2, 3], [4, 5, 6], [7, 8, 9]])

  @Test("a shift moves what is there and shows black behind it")
  func shift() {
    #expect(Pictures.shifted(image, down: 1, right: -1) == picture([[0, 0, 0], [2, 3, 0], [5, 6, 0]]))
    #expect(Pictures.shifted(image, down: 0, right: 0) == image)
    #expect(Pictures.shifted(image, down: 3, right: 0, fill: 5) == Tensor([1, 3, 3], repeating: 5))
  }

  @Test("a reflecting shift shows the mirror image, the border pixel once")
  func reflect() {
    #expect(Pictures.shiftedReflecting(image, down: 1, right: 0) == picture([[4, 5, 6], [1, 2, 3], [4, 5, 6]]))
    #expect(Pictures.shiftedReflecting(image, down: 0, right: -2) == picture([[3, 2, 1], [6, 5, 4], [9, 8, 7]]))
  }

  @Test("a flip mirrors left and right, twice is nothing, channels stay apart")
  func flip() {
    #expect(Pictures.flipped(image) == picture([[3, 2, 1], [6, 5, 4], [9, 8, 7]]))
    let two = Tensor([2, 1, 2], [1, 2, 3, 4])
    #expect(Pictures.flipped(two).elements == [2, 1, 4, 3])
    #expect(Pictures.flipped(Pictures.flipped(image)) == image)
  }

  @Test("a quarter turn counter-clockwise takes the right column to the top row; half a turn is two of them")
  func rotate() {
    func near(_ a: Tensor, _ b: Tensor) -> Bool { zip(a.elements, b.elements).allSatisfy { abs($0 - $1) < 1e-4 } }
    #expect(near(Pictures.rotated(image, degrees: 90), picture([[3, 6, 9], [2, 5, 8], [1, 4, 7]])))
    #expect(near(Pictures.rotated(image, degrees: 180), picture([[9, 8, 7], [6, 5, 4], [3, 2, 1]])))
    #expect(near(Pictures.rotated(image, degrees: 0), image))
    // An eighth of a turn looks beyond the corners and, for the corner, at the middle between nothing and an edge.
    let eighth = Pictures.rotated(Tensor([1, 3, 3], repeating: 1), degrees: 45)
    #expect(eighth[0, 1, 1] == 1 && eighth[0, 0, 0] < 0.7 && eighth[0, 0, 1] > 0.4)
  }

  /// 32×32 tones, and the weighted sum by which two pictures are compared.
  private let tones = Tensor([1, 32, 32], (0..<1024).map { Float($0 * $0 / 7 % 200) / 255 })
  private func digest(_ x: Tensor) -> Int {
    x.elements.enumerated().reduce(0) { $0 + ($1.offset % 13 + 1) * Int(($1.element * 255).rounded()) }
  }

  @Test("two tones that cover half a picture each become black and white")
  func equalizeByHand() {
    let half = Tensor([1, 2, 255], (0..<510).map { $0 < 255 ? 10 / 255 : 20 / 255 })
    #expect(Pictures.equalized(half).elements == (0..<510).map { $0 < 255 ? 0 : 1 })
    // A single tone has nothing to spread, and four pixels have no step.
    #expect(Pictures.equalized(Tensor([1, 20, 20], repeating: 0.2)) == Tensor([1, 20, 20], repeating: 0.2))
    #expect(Pictures.equalized(image.scaled(1 / 9)) == image.scaled(1 / 9))
  }

  @Test("equalize, solarize and posterize give what Pillow gives for the same picture")
  func pillow() {
    #expect(digest(Pictures.equalized(tones)) == 1_142_626)
    #expect(digest(Pictures.solarized(tones, threshold: 128 / 255)) == 499_760)
    #expect(digest(Pictures.posterized(tones, bits: 3)) == 557_952)
  }

  @Test("solarize turns bright tones over, posterize drops bits, both by hand")
  func tonesByHand() {
    let x = Tensor([1, 1, 3], [0.25, 0.5, 0.75])
    #expect(Pictures.solarized(x, threshold: 0.5).elements == [0.25, 0.5, 0.25])
    let levels = Tensor([1, 1, 3], [255, 127, 128].map { Float($0) / 255 })
    #expect(Pictures.posterized(levels, bits: 1).elements == [128, 0, 128].map { Float($0) / 255 })
    #expect(Pictures.posterized(levels, bits: 8) == levels)
  }

  @Test("random shifts reach every distance up to their limit and no further")
  func shiftRange() {
    var generator = SeededGenerator(seed: 1)
    var dot = Tensor(zeros: [1, 7, 7])
    dot[0, 3, 3] = 1
    for operation in [RandomShift(by: 2), RandomCrop(padding: 2)] as [any ImageOperation] {
      var places: Set<Int> = []
      for _ in 0..<500 {
        var moved = dot
        operation.apply(to: &moved, using: &generator)
        places.insert(moved.elements.firstIndex(of: 1) ?? -1)
      }
      let expected = (1...5).flatMap { row in (1...5).map { row * 7 + $0 } }
      #expect(places == Set(expected), "\(operation.name)")
    }
  }

  @Test("a flip happens about half the time; never and always are possible")
  func probability() {
    var generator = SeededGenerator(seed: 1)
    func share(_ operation: any ImageOperation) -> Double {
      let flipped = (0..<400).count { _ in
        var copy = image
        operation.apply(to: &copy, using: &generator)
        return copy != image
      }
      return Double(flipped) / 400
    }
    #expect(abs(share(HorizontalFlip()) - 0.5) < 0.1)
    #expect(share(HorizontalFlip(probability: 0)) == 0 && share(HorizontalFlip(probability: 1)) == 1)
    #expect(abs(share(Sometimes(0.25, AlwaysFlip())) - 0.25) < 0.1)
    let half = OneOf([HorizontalFlip(probability: 0), HorizontalFlip(probability: 1)])
    #expect(abs(share(half) - 0.5) < 0.1)
  }

  private struct AlwaysFlip: ImageOperation {
    let name = "flip"
    func apply(to image: inout Tensor, using generator: inout SeededGenerator) { image = Pictures.flipped(image) }
  }

  @Test("colour jitter moves all pixels of an image alike, along the directions of the training set's colours")
  func jitter() {
    // Red and green vary together, blue not at all: the first direction is (1, 1, 0)/√2.
    let pixels: [UInt8] = [0, 255, 0, 255, 90, 90]
    let train = Dataset(name: "two pixels", pixels: pixels, labels: [0], imageShape: [3, 1, 2], classCount: 1)
    let jitter = ColorJitter.fit(train, standardDeviation: 0.5)
    // The variance of 0 and 1 is ¼ for each of two channels.
    #expect(abs(jitter.eigenvalues[0] - 0.5) < 1e-6 && jitter.eigenvalues[1] < 1e-6)
    var generator = SeededGenerator(seed: 3)
    var strengths: [Float] = []
    for _ in 0..<2_000 {
      var copy = train.picture(0)
      jitter.apply(to: &copy, using: &generator)
      let change = zip(copy.elements, train.picture(0).elements).map { $0 - $1 }
      #expect(change[4] == 0 && change[5] == 0)
      #expect(abs(change[0] - change[1]) < 1e-6 && abs(change[0] - change[2]) < 1e-6)
      strengths.append(change[0])
    }
    // 0.5 · ½ · 1/√2 = 0.177
    let deviation = (strengths.reduce(0) { $0 + $1 * $1 } / 2_000).squareRoot()
    #expect(abs(deviation - 0.177) < 0.01)
  }

  @Test("mistakes are named with both numbers")
  func refusals() async {
    let bits = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Posterize(bits: 9) }
    #expect(text(bits).contains("Posterize: keeps 1 to 8 bits, got 9"))
    let shift = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RandomShift(by: -1)
    }
    #expect(text(shift).contains("RandomShift: the limit must not be negative, got -1"))
  }

  private func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }
}

@Suite("Augmentation") struct AugmentationTests {
  let digits = SyntheticDigits.dataset(count: 40, seed: 2)
  let pipeline = Augmentation([RandomShift(by: 2), RandomRotation(degrees: 15), Sometimes(0.5, Solarize())])

  private func batch(_ augmentation: Augmentation, seed: UInt64, threads: Int = 2) -> Batch {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = threads
    var generator = SeededGenerator(seed: seed)
    var batch = Batch()
    digits.load(Array(0..<40)[...], into: &batch, augmentedBy: augmentation, using: &generator)
    return batch
  }

  @Test("the same seed gives the same bits for any number of threads, another seed others")
  func seeded() {
    let one = batch(pipeline, seed: 1, threads: 1)
    #expect(batch(pipeline, seed: 1, threads: 3).inputs == one.inputs)
    #expect(batch(pipeline, seed: 2).inputs != one.inputs)
    #expect(one.labels == digits.labels.map { Int($0) })
  }

  @Test("an empty pipeline loads what is loaded without one", arguments: [PixelTransform.lenet, .unitPadded])
  func empty(transform: PixelTransform) {
    var set = digits
    set.transform = transform
    var generator = SeededGenerator(seed: 1)
    var augmented = Batch()
    set.load([5, 3][...], into: &augmented, augmentedBy: Augmentation([]), using: &generator)
    let plain = set.batch([5, 3][...])
    #expect(augmented.inputs.shape == plain.inputs.shape && augmented.labels == plain.labels)
    #expect(zip(augmented.inputs.elements, plain.inputs.elements).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("operations come in their order and see the pixels from 0 to 1, before the standardization")
  func order() {
    let steps = Augmentation([Solarize(threshold: 0), RandomShift(by: 0), Solarize(threshold: 1)])
    let inverted = batch(steps, seed: 1).inputs
    // 1 − x, standardized; x where 1 − x is 1 again. The border of the transform is none of the operations' business.
    let plain = digits.batch(first: 1).inputs
    #expect(inverted[0, 0, 0, 0] == 0)
    let x = plain[0, 0, 16, 16] * MNIST.standardDeviation + MNIST.mean
    let expected = abs(x) < 1e-5 ? 0 : 1 - x
    #expect(abs(inverted[0, 0, 16, 16] * MNIST.standardDeviation + MNIST.mean - expected) < 1e-5)
  }

  @Test("each image of a batch draws numbers of its own")
  func independent() {
    let inputs = batch(Augmentation([AddNoise()]), seed: 1).inputs
    let corners = Set((0..<40).map { inputs[$0, 0, 2, 2] })
    #expect(corners.count > 30)
  }

  @Test("samples held as floats are augmented as they are, and before a preprocessing")
  func tensors() {
    let samples = TensorSamples(
      name: "dots", inputs: Tensor([3, 1, 1, 2], [0, 1, 0, 1, 0, 1]), labels: [0, 0, 0], classCount: 1)
    var generator = SeededGenerator(seed: 1)
    var result = Batch()
    let flip = Augmentation([HorizontalFlip(probability: 1)])
    samples.load([0, 1, 2][...], into: &result, augmentedBy: flip, using: &generator)
    #expect(result.inputs.elements == [1, 0, 1, 0, 1, 0])
    samples.preprocessed(by: MeanImage.fit(samples.inputs))
      .load([0][...], into: &result, augmentedBy: flip, using: &generator)
    #expect(result.inputs.elements == [1, -1])
  }
}

extension Tensor {
  fileprivate func scaled(_ factor: Float) -> Tensor { Tensor(shape, elements.map { $0 * factor }) }
}
