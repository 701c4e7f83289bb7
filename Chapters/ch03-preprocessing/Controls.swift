// Controls: where an experiment changes two things at once, each of them alone.

import ArgumentParser
import Workbook

/// What is measured beside the chapter's experiments.
struct PreprocessingOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Flag(help: "With --full: measure the controls and the ε of whitening, those alone, and write the record with them.")
  var controls = false
  @Option(
    help:
      "With --full: measure white paper for thirty epochs (long) or with the channel mean (paper), three preparations with three kinds of descent on digits (rule), batch norm at one rate (norm), or colour photographs, those of --data (photographs, photograph-settings, pictures), alone, and write the record with it."
  )
  var part: Part?

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case long, paper, photographs, pictures, rule, norm
    case photographSettings = "photograph-settings"
  }

  func validate() throws {
    try shared.requireFull(for: "--controls", controls)
    try shared.requireFull(for: "--part", part != nil)
  }
}

/// Each of these changes one thing of several.
struct ControlFindings: Codable, Sendable {
  var sums: SumControl
  /// Raw digits in the convolutional net, their pixels in another order, the same one for all images.
  var shuffled: LearningExperiment
  /// PCA's coordinates in the convolutional net in another order: the strong ones all over the picture, not in its first rows.
  var scattered: LearningExperiment
}

/// Black on white, with the sizes of the first layer's sums exchanged between raw pixels and centred ones.
struct SumControl: Codable, Sendable {
  /// How many times as large the sums of raw pixels are, with the same first weights.
  var factor: Double
  /// Raw pixels, the first weights divided by the factor.
  var raw: LearningExperiment
  /// The mean image subtracted, the first weights multiplied by it.
  var centred: LearningExperiment

  /// The losses of both, each at its best rate.
  var losses: (raw: Summary, centred: Summary) { (raw.best(.raw).loss, centred.best(.meanImage).loss) }
}

/// Puts the pixels of every image in one other order, which takes its neighbourhoods away and nothing else.
struct ShuffledPixels: Preprocessing {
  /// [place]: the pixel that comes there.
  let order: [Int]
  var name: String { "shuffled" }

  init(order: [Int]) { self.order = order }
  static func fit(_ train: Tensor) -> ShuffledPixels {
    var generator = SeededGenerator(seed: 1, stream: 0x5F)
    return ShuffledPixels(order: generator.permutation(of: train.count / train.shape[0]))
  }
  func apply(to inputs: inout Tensor) {
    let before = inputs.elements
    inputs.withUnsafeMutableElements { x in
      for i in x.indices { x[i] = before[i / order.count * order.count + order[i % order.count]] }
    }
  }
}

/// One preparation after another, as pictures again in between.
struct InTurn: Preprocessing {
  let first: any Preprocessing
  let second: any Preprocessing
  var name: String { first.name + ", " + second.name }

  init(_ first: any Preprocessing, _ second: any Preprocessing) { (self.first, self.second) = (first, second) }
  /// Nothing: its parts are fitted before.
  static func fit(_ train: Tensor) -> InTurn { InTurn(AsTheyAre(), AsTheyAre()) }
  func apply(to inputs: inout Tensor) {
    let shape = inputs.shape
    inputs = second.apply(first.apply(inputs).reshaped(to: shape))
  }
}

/// How many times the root mean square of one batch is that of another.
func sizeRatio(_ first: Tensor, _ second: Tensor) -> Double {
  func meanSquare(_ tensor: Tensor) -> Double {
    tensor.elements.reduce(0) { $0 + Double($1) * Double($1) } / Double(tensor.count)
  }
  return (meanSquare(first) / meanSquare(second)).squareRoot()
}
