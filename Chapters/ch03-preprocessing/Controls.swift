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
      "With --full: measure white paper in other nets (paper) or for thirty epochs (long), the curvatures of digits (spectrum), what dividing by the deviation changes (division), colour photographs, those of --data (photographs), three preparations with three kinds of descent on digits (rule) or on photographs (rule-photographs), or batch norm at one rate (norm, norm-photographs), alone, and write the record with it."
  )
  var part: Part?

  @Flag(
    help: "Calculate the curvatures of the photographs of --data, without any training, and write the record with them."
  )
  var curvatures = false

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case paper, long, spectrum, division, photographs, rule, norm
    case rulePhotographs = "rule-photographs"
    case normPhotographs = "norm-photographs"
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
  /// Whitened digits in the dense net, of which the leading directions alone are kept, and how many.
  var leading: LearningExperiment
  var kept: Int
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

/// Dividing the inputs by σ acts like first weights that start 1/σ times as large and a rate of the first layer that is
/// 1/σ² times as large: in the dense net, each of the two alone.
struct DivisionControl: Codable, Sendable {
  /// 1/σ.
  var factor: Double
  /// The channel mean, with first weights that are 1/σ times as large.
  var weights: PaperNet.End
  /// The channel mean and deviation, with first weights that are σ times as large: the larger rate alone is left.
  var rate: PaperNet.End
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

/// Whitens, and keeps the leading directions alone.
struct LeadingDirections: Preprocessing {
  let whitening: Whitening
  let count: Int
  var name: String { "whitened, leading directions" }

  static func fit(_ train: Tensor) -> LeadingDirections {
    LeadingDirections(whitening: .fit(train), count: train.count / train.shape[0])
  }
  init(whitening: Whitening, count: Int) { (self.whitening, self.count) = (whitening, count) }
  func outputShape(for sample: Shape) -> Shape { [count] }
  func apply(to inputs: inout Tensor) {
    let all = whitening.apply(inputs)
    let (rows, width, elements) = (all.shape[0], all.shape[1], all.elements)
    inputs = Tensor(
      [rows, count], (0..<rows).flatMap { elements[$0 * width..<$0 * width + count] })  // [N, D] → [N, K]
  }
}

/// How many times the root mean square of one batch is that of another.
func sizeRatio(_ first: Tensor, _ second: Tensor) -> Double {
  func meanSquare(_ tensor: Tensor) -> Double {
    tensor.elements.reduce(0) { $0 + Double($1) * Double($1) } / Double(tensor.count)
  }
  return (meanSquare(first) / meanSquare(second)).squareRoot()
}
