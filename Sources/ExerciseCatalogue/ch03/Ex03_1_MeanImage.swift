// Exercise 3.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex03_1 = Exercise<any Ex03_1.Type>(
    .ex03_1, section: "From the training set only", difficulty: .easy,
    hints: [
      "The mean image has as many numbers as one image. Which of the four axes is averaged over?",
      "With `let size = train.shape.withoutBatch.count`, image n begins at element n · size. Add up the images element "
        + "by element and divide by their number. Centring subtracts the mean passed in, not the images' own mean.",
      "`for i in train.elements.indices { sum[i % size] += train.elements[i] }`; to centre, "
        + "`images.elements[i] - mean.elements[i % size]`, in a `Tensor(images.shape, …)`.",
    ],
    cases: [
      Case(
        "meanImage(two images of 1×2 pixels: 1, 2 and 3, 6)", gives: Tensor([1, 1, 2], [2, 4])
      ) { try $0.meanImage(pair) },
      Case(
        "center(an image 5, 5, by: 2, 4)", "an image that was not in the training set",
        look: "The mean comes from the training set, not from the images being centred.",
        gives: Tensor([1, 1, 1, 2], [3, 1])
      ) { try $0.center(Tensor([1, 1, 1, 2], [5, 5]), by: Tensor([1, 1, 2], [2, 4])) },
      Case("meanImage(7 colour images of 3×4)", "three channels", gives: MeanImage.fit(colours).mean) {
        try $0.meanImage(colours)
      },
      Case(
        "center(4 other colour images, by: that mean)", gives: MeanImage.fit(colours).apply(others)
      ) { try $0.center(others, by: MeanImage.fit(colours).mean) },
    ],
    mutants: [
      Mutant(
        "averages over all pixels of a channel as well",
        effect:
          "That is VGG's channel mean: each pixel keeps a mean of its own, and part of the long valley remains.",
        ChannelWise.self),
      Mutant(
        "adds up the images without dividing by their number",
        effect: "Inputs become hugely negative: the first layer saturates, and the loss diverges or stagnates.",
        Sum.self),
      Mutant(
        "divides by the number of pixels instead of images",
        effect: "The mean is off by a constant factor, and the inputs keep most of their own mean.", ByPixels.self),
      Mutant(
        "centres images by their own mean",
        effect: "It looks right in training. At test time the answer depends on the rest of the batch, and a single "
          + "image becomes all zeros.", OwnMean.self),
      Mutant(
        "adds the mean instead of subtracting it",
        effect: "The mean doubles, and the length of the valley grows with its square.", Added.self),
    ])
}

private let pair = Tensor([2, 1, 1, 2], [1, 2, 3, 6])
private let colours = random([7, 3, 3, 4], seed: 31)
private let others = random([4, 3, 3, 4], seed: 32)

private func random(_ shape: Shape, seed: UInt64) -> Tensor {
  var generator = SeededGenerator(seed: seed)
  return Tensor(shape, (0..<shape.count).map { _ in generator.nextUniform() })
}

private func sums(_ images: Tensor, dividedBy divisor: Float) -> Tensor {
  let size = images.shape.withoutBatch.count
  var sums = [Float](repeating: 0, count: size)
  for (i, value) in images.elements.enumerated() { sums[i % size] += value }
  return Tensor(images.shape.withoutBatch, sums.map { $0 / divisor })
}

private func mean(_ images: Tensor) -> Tensor { sums(images, dividedBy: Float(images.shape[0])) }

private func shifted(_ images: Tensor, by mean: Tensor, sign: Float = -1) -> Tensor {
  Tensor(images.shape, images.elements.enumerated().map { $1 + sign * mean.elements[$0 % mean.count] })
}

private enum ChannelWise: Ex03_1 {
  static func meanImage(_ train: Tensor) -> Tensor {
    let mean = mean(train)
    let plane = mean.shape[1] * mean.shape[2]
    return Tensor(
      mean.shape,
      mean.elements.indices.map { i in
        let first = i / plane * plane
        return mean.elements[first..<first + plane].reduce(0, +) / Float(plane)
      })
  }
  static func center(_ images: Tensor, by mean: Tensor) -> Tensor { shifted(images, by: mean) }
}

private enum Sum: Ex03_1 {
  static func meanImage(_ train: Tensor) -> Tensor { sums(train, dividedBy: 1) }
  static func center(_ images: Tensor, by mean: Tensor) -> Tensor { shifted(images, by: mean) }
}

private enum ByPixels: Ex03_1 {
  static func meanImage(_ train: Tensor) -> Tensor { sums(train, dividedBy: Float(train.shape[2] * train.shape[3])) }
  static func center(_ images: Tensor, by mean: Tensor) -> Tensor { shifted(images, by: mean) }
}

private enum OwnMean: Ex03_1 {
  static func meanImage(_ train: Tensor) -> Tensor { mean(train) }
  static func center(_ images: Tensor, by _: Tensor) -> Tensor { shifted(images, by: mean(images)) }
}

private enum Added: Ex03_1 {
  static func meanImage(_ train: Tensor) -> Tensor { mean(train) }
  static func center(_ images: Tensor, by mean: Tensor) -> Tensor { shifted(images, by: mean, sign: 1) }
}
