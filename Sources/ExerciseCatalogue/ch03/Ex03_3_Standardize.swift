// Exercise 3.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex03_3 = Exercise<any Ex03_3.Type>(
    .ex03_3, section: "From the training set only", difficulty: .easy,
    hints: [
      "The statistics are given: compute nothing from the images themselves.",
      "x′ = (x − μ)/σ, with the μ and σ of the channel that x belongs to. A channel whose σ is 0 is constant: divide "
        + "by 1 there.",
      "`let channel = i / (height * width) % channels`, and `(x - mean[channel]) / (s > 0 ? s : 1)`.",
    ],
    cases: [
      standardized("one image of 1×2 pixels: 3, 7", Tensor([1, 1, 1, 2], [3, 7]), [5], [2]),
      standardized(
        "one image of two channels: 1, 2 and 30, 50", Tensor([1, 2, 1, 2], [1, 2, 30, 50]), [1, 40], [0.5, 20],
        "each channel has its own statistics"),
      standardized(
        "one image of 1×2 pixels: 4, 5", Tensor([1, 1, 1, 2], [4, 5]), [4], [0],
        "a channel that was constant in training",
        look: "A standard deviation of 0 must not make the result infinite: divide by 1 there."),
      standardized(
        "3 colour images of 2×2", images, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], "ImageNet's statistics"),
    ],
    mutants: [
      Mutant(
        "divides by the variance",
        effect:
          "The result depends on the range of the pixels: 3 times too large for 0 to 1, 80 times too small for 0 to "
          + "255.", Variance.self),
      Mutant(
        "divides before subtracting the mean",
        effect: "The remaining mean is large where σ is small: the inputs are no longer centred.",
        DividesFirst.self),
      Mutant(
        "uses the first channel's statistics for all channels",
        effect: "The channels keep different means, and the valley stays long.", FirstChannel.self),
      Mutant(
        "computes the statistics from the images passed in",
        effect:
          "At test time the answer depends on the rest of the batch, and a difference in brightness between training "
          + "and test images goes unnoticed.", OwnStatistics.self),
      Mutant(
        "divides by a standard deviation of 0",
        effect: "A single constant channel makes the inputs infinite or NaN, and with them every weight.",
        ZeroDivision.self),
    ])
}

private let images: Tensor = {
  var generator = SeededGenerator(seed: 35)
  return Tensor([3, 3, 2, 2], (0..<36).map { _ in generator.nextUniform() })
}()

private func standardized(
  _ name: String, _ images: Tensor, _ mean: [Float], _ deviation: [Float], _ about: String = "", look: String = ""
) -> Case<any Ex03_3.Type> {
  Case(
    "standardize(\(name), mean: \(mean), standardDeviation: \(deviation))", about, look: look,
    gives: mapped(images) { x, c in (x - mean[c]) / (deviation[c] > 0 ? deviation[c] : 1) }
  ) {
    try $0.standardize(images, mean: mean, standardDeviation: deviation)
  }
}

/// Applies `change` to every element and the number of its channel.
private func mapped(_ images: Tensor, _ change: (Float, Int) -> Float) -> Tensor {
  let (channels, plane) = (images.shape[1], images.shape[2] * images.shape[3])
  return Tensor(images.shape, images.elements.enumerated().map { change($1, $0 / plane % channels) })
}

private func safe(_ deviation: Float) -> Float { deviation > 0 ? deviation : 1 }

private enum Variance: Ex03_3 {
  static func standardize(_ images: Tensor, mean: [Float], standardDeviation s: [Float]) -> Tensor {
    mapped(images) { ($0 - mean[$1]) / safe(s[$1] * s[$1]) }
  }
}

private enum DividesFirst: Ex03_3 {
  static func standardize(_ images: Tensor, mean: [Float], standardDeviation s: [Float]) -> Tensor {
    mapped(images) { $0 / safe(s[$1]) - mean[$1] }
  }
}

private enum FirstChannel: Ex03_3 {
  static func standardize(_ images: Tensor, mean: [Float], standardDeviation s: [Float]) -> Tensor {
    mapped(images) { x, _ in (x - mean[0]) / safe(s[0]) }
  }
}

private enum OwnStatistics: Ex03_3 {
  static func standardize(_ images: Tensor, mean _: [Float], standardDeviation _: [Float]) -> Tensor {
    ChannelStandardization.fit(images).apply(images)
  }
}

private enum ZeroDivision: Ex03_3 {
  static func standardize(_ images: Tensor, mean: [Float], standardDeviation s: [Float]) -> Tensor {
    mapped(images) { ($0 - mean[$1]) / s[$1] }
  }
}
