// What the weights of a trained network show: how little makes it see another digit.

import Foundation
import Workbook

/// How little makes a 7 a 1.
struct SmallChange: Codable, Sendable {
  static let (truth, target) = (7, 1)

  /// ‖change‖/‖image‖ for each image tried, on the scale of black 0 and white 1.
  var lengths: Summary
  /// The share of random changes of the same length that make it any other digit.
  var randomShare: Double
  /// The first image, the change (grey is none), their sum, and the image with a random change as long.
  var image: GreyPicture
  var change: GreyPicture
  var changed: GreyPicture
  var random: GreyPicture
  /// The probability of the answer to each of the three images.
  var probabilities: [Double]
}

extension SmallChange {
  /// Changes the first images of a test set until they are taken for the target; nil where the net reads none of them
  /// rightly, or where its outputs are no logits.
  init?(_ run: TrainedRun, in test: Dataset) {
    guard run.variant.net.output == .logits else { return nil }
    let images = (0..<test.count).lazy.filter { Int(test.labels[$0]) == Self.truth }.prefix(40)
    var generator = SeededGenerator(seed: run.seed, stream: 71)
    var (lengths, flips, tries) = ([Double](), 0, 0)
    var first: SmallChange?
    for index in images {
      let size = test.imageShape.count
      let image = test.pixels[index * size..<(index + 1) * size].map { Float($0) / 255 }
      var reader = DigitReader(run.model.layers)
      guard reader.answer(image).digit == Self.truth, let change = smallChange(of: image, by: &reader) else { continue }
      lengths.append(change.length / image.length)
      // As long, and as free: lighter where it is dark, darker where it is light.
      let random = (0..<5).map { _ -> [Float] in
        let noise = image.map { abs(generator.nextNormal()) * ($0 < 0.5 ? 1 : -1) }
        return image.plus(noise, times: Float(change.length / noise.length))
      }
      let answers = random.map { reader.answer($0) }
      tries += answers.count
      flips += answers.count { $0.digit != Self.truth }
      if first == nil {
        let changed = image.plus(change, times: 1)
        let limit = change.map(abs).max() ?? 1
        first = SmallChange(
          lengths: Summary([]), randomShare: 0, image: GreyPicture(inked: image),
          change: GreyPicture(inked: change.map { 0.5 + 0.5 * $0 / limit }), changed: GreyPicture(inked: changed),
          random: GreyPicture(inked: random[0]),
          probabilities: [reader.answer(image), reader.answer(changed), answers[0]].map(\.probability))
      }
    }
    guard var first else { return nil }
    (first.lengths, first.randomShare) = (Summary(lengths), Double(flips) / Double(max(1, tries)))
    self = first
  }
}

// snippet: smallChange
/// A short change of a picture after which the net sees a 1; nil where none is found.
///
/// Each step is a hundredth of a 7 long, along the gradient of log p(1).
func smallChange(of image: [Float], by reader: inout DigitReader) -> [Float]? {
  var changed = image
  for _ in 0..<100 {
    if reader.answer(changed).digit == SmallChange.target {
      return changed.plus(image, times: -1)
    }
    let gradient = reader.gradient(changed, of: SmallChange.target)
    changed = changed.plus(gradient, times: 0.1 / Float(gradient.length))
      .map { min(1, max(0, $0)) }  // black to white
  }
  return nil
}
// snippet.end

/// A network that reads pictures of 28×28 pixels from 0 to 1.
struct DigitReader {
  private var network: Sequential
  private var output = Tensor.empty

  init(_ network: Sequential) { self.network = network }

  /// Standardized, in a border of two pixels.
  private func input(_ image: [Float]) -> Tensor {
    var input = Tensor(zeros: LeNet5.inputShape.batched(1))
    input.withUnsafeMutableElements { x in
      for (place, pixel) in image.enumerated() {
        x[(place / 28 + 2) * 32 + place % 28 + 2] = (pixel - MNIST.mean) / MNIST.standardDeviation
      }
    }
    return input
  }

  private mutating func probabilities(_ image: [Float]) -> [Double] {
    var pass = Pass(.inference)
    network.forward(input(image), into: &output, in: &pass)
    return softmax(output.elements)
  }

  /// What it says, and its probability.
  mutating func answer(_ image: [Float]) -> (digit: Int, probability: Double) {
    let all = probabilities(image)
    let largest = all.max() ?? 0
    return (all.firstIndex(of: largest) ?? 0, largest)
  }

  /// The probability of one answer.
  mutating func probability(_ image: [Float], of digit: Int) -> Double { probabilities(image)[digit] }

  /// ∂ log p/∂pixel of one answer.
  mutating func gradient(_ image: [Float], of digit: Int) -> [Float] {
    let all = probabilities(image)
    var seed = Tensor(zeros: output.shape)
    seed.withUnsafeMutableElements { seed in
      for (place, p) in all.enumerated() { seed[place] = Float((place == digit ? 1 : 0) - p) }
    }
    let input = input(image)
    var gradient = Tensor(zeros: input.shape)
    network.backward(seed, input: input, output: output, into: &gradient)
    let slopes = gradient.elements
    return image.indices.map { slopes[($0 / 28 + 2) * 32 + $0 % 28 + 2] / MNIST.standardDeviation }
  }
}

extension [Float] {
  /// √Σx².
  fileprivate var length: Double { reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }

  /// Each number and that of another list times a factor.
  fileprivate func plus(_ other: [Float], times factor: Float) -> [Float] { zip(self, other).map { $0 + factor * $1 } }
}

extension GreyPicture {
  /// 28×28 pixels from 0 to 1.
  fileprivate init(inked pixels: [Float]) {
    self.init(
      width: 28, height: 28, pixels: Data(pixels.map { UInt8((255 * min(1, max(0, $0))).rounded()) }))
  }
}
