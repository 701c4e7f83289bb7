// Exercise 3.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex03_2 = Exercise<any Ex03_2.Type>(
    .ex03_2, section: "From the training set only", difficulty: .medium,
    hints: [
      "Three axes are averaged over, one is not. How many numbers enter each mean?",
      "Channel c of image n is the block of H·W elements that begins at (n·C + c)·H·W. Compute the mean of all blocks "
        + "of a channel, then the mean of the squared distances from it, then the square root.",
      "`let channel = i / plane % channels` for element i with `plane = height * width`; divide the sums by "
        + "`images * plane`, and take the square root of the second.",
    ],
    cases: [
      statistics("two images of 1×2 pixels: 1, 2 and 3, 6", Tensor([2, 1, 1, 2], [1, 2, 3, 6])),
      statistics(
        "one image of two channels: 1, 3 and 10, 10", Tensor([1, 2, 1, 2], [1, 3, 10, 10]),
        "a channel that never changes has a standard deviation of 0"),
      statistics(
        "two images, one dark and one bright: 0, 0 and 1, 1", Tensor([2, 1, 1, 2], [0, 0, 1, 1]),
        "each image is constant",
        look: "Take the standard deviation over all pixels of the set, not the mean over single images."),
      statistics("5 colour images of 4×3", colours, "three channels"),
      statistics("3 bright images of 2×2", bright, "a mean far from 0"),
    ],
    mutants: [
      Mutant(
        "returns the variance instead of the standard deviation",
        effect:
          "Inputs divided by it depend on the range of the pixels: 3 times too large for 0 to 1, 80 times too small "
          + "for 0 to 255.", Variance.self),
      Mutant(
        "divides by one less than the number of pixels",
        effect: "Harmless for a data set, visible for a few pixels; code that loads the statistics expects the other.",
        Unbiased.self),
      Mutant(
        "averages the standard deviations of single images",
        effect: "Differences in brightness between images are missed: the inputs keep a standard deviation above 1.",
        PerImage.self),
      Mutant(
        "pools all channels",
        effect: "A red tint shared by all images remains, as a mean that differs between channels.", Together.self
      ),
      Mutant(
        "forgets to subtract the mean before squaring",
        effect: "For bright images the result is mostly their mean, and dividing by it leaves almost nothing.",
        RootMeanSquare.self),
    ])
}

private let colours: Tensor = {
  var generator = SeededGenerator(seed: 33)
  return Tensor([5, 3, 4, 3], (0..<180).map { Float($0 / 12 % 3) * 0.3 + generator.nextUniform() })
}()

private let bright: Tensor = {
  var generator = SeededGenerator(seed: 34)
  return Tensor([3, 1, 2, 2], (0..<12).map { _ in 5 + generator.nextUniform() })
}()

private func statistics(_ name: String, _ images: Tensor, _ about: String = "", look: String = "") -> Case<
  any Ex03_2.Type
> {
  Case(
    "channelStatistics(\(name))", about, look: look,
    gives: Outcome(("mean", blocks(images).map(mean)), ("standard deviation", blocks(images).map { root(spread($0)) }))
  ) { answer in
    let result = try answer.channelStatistics(images)
    return Outcome(("mean", result.mean), ("standard deviation", result.standardDeviation))
  }
}

/// All pixels of each channel.
private func blocks(_ images: Tensor) -> [[Double]] {
  let (channels, plane) = (images.shape[1], images.shape[2] * images.shape[3])
  return (0..<channels).map { channel in
    images.elements.enumerated().filter { $0.offset / plane % channels == channel }.map { Double($0.element) }
  }
}

private func mean(_ values: [Double]) -> Float { Float(values.reduce(0, +) / Double(values.count)) }

/// The mean of the squared distances from the mean.
private func spread(_ values: [Double], minus: Double = 0) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, Double(values.count) - minus)
}

private func root(_ value: Double) -> Float { Float(value.squareRoot()) }

private enum Variance: Ex03_2 {
  static func channelStatistics(_ train: Tensor) -> (mean: [Float], standardDeviation: [Float]) {
    (blocks(train).map(mean), blocks(train).map { Float(spread($0)) })
  }
}

private enum Unbiased: Ex03_2 {
  static func channelStatistics(_ train: Tensor) -> (mean: [Float], standardDeviation: [Float]) {
    (blocks(train).map(mean), blocks(train).map { root(spread($0, minus: 1)) })
  }
}

private enum PerImage: Ex03_2 {
  static func channelStatistics(_ train: Tensor) -> (mean: [Float], standardDeviation: [Float]) {
    let plane = train.shape[2] * train.shape[3]
    let deviations = blocks(train).map { block in
      let images = stride(from: 0, to: block.count, by: plane).map { Array(block[$0..<$0 + plane]) }
      return mean(images.map { spread($0).squareRoot() })
    }
    return (blocks(train).map(mean), deviations)
  }
}

private enum Together: Ex03_2 {
  static func channelStatistics(_ train: Tensor) -> (mean: [Float], standardDeviation: [Float]) {
    let all = blocks(train).flatMap { $0 }
    let channels = train.shape[1]
    return (
      Array(repeating: mean(all), count: channels), Array(repeating: root(spread(all)), count: channels)
    )
  }
}

private enum RootMeanSquare: Ex03_2 {
  static func channelStatistics(_ train: Tensor) -> (mean: [Float], standardDeviation: [Float]) {
    (
      blocks(train).map(mean),
      blocks(train).map { block in root(block.reduce(0) { $0 + $1 * $1 } / Double(block.count)) }
    )
  }
}
