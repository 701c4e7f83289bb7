// What chapter 9 measures.

import Workbook

/// The sliding window: what goes into a convolution, what comes out, what it costs, how far it sees.
enum SlidingWindow: ChapterProgram {
  static let number = 9
  typealias Options = ConvolutionOptions

  struct Findings: Codable, Sendable {
    /// What the networks were trained on.
    var data: String
    var trainingCount: Int
    var testCount: Int
    var epochs: Int
    var seeds: [UInt64]
    /// The first test image, 28 × 28 grey values, 0 … 255.
    var digit: [UInt8]
    var locality: LocalityExperiment
    var parts: PartsExperiment
    /// How much of a shift by one pixel each pooling lets through, over so many images.
    var responses: [ShiftResponse]
    var responseCount: Int
    var reach: ReachFindings
    /// The shapes of LeNet-5 and of AlexNet.
    var lenet: [WalkStep]
    var alexNet: AlexNetFacts
    /// Windows and equal weights, taken apart; records made before it have none.
    var separation: SeparationExperiment?
    /// Two nets of one size, each at its own rate: of full runs alone.
    var ownRates: OwnRateRace?
    /// The errors of the three nets of `separation` in order, each seed at the rate that it chose for itself; added to
    /// the record net by net.
    var separationBySeed: [Summary]?
    /// The convolution of `separation` on digits that were moved; added to the record.
    var movedDigits: MovedDigits?
    /// The dense net of `ownRates` and one as deep as LeNet, on the 28×28 pixels without the border of LeNet's images, each
    /// at one rate for both orders of the pixels; added to the record.
    var unpadded: [SeparatedNet]?
    /// Nets on digits that stand anywhere, with few training images and with many; added to the record.
    var anywhere: [AnywhereRace]?
    /// The mean of each map in place of the dense layer, on digits that were moved; added to the record.
    var pooledNet: PooledNet?
    /// The same with padding, which gives larger maps; added to the record.
    var paddedNet: PooledNet?
    /// Nets with one part exchanged, each at a rate of its own; added to the record net by net.
    var tunedParts: [TunedPart]?
    /// What LRN multiplies the values of a trained net by; added to the record.
    var scaleControl: ScaleControl?
    /// Exchanged parts in a net whose maps are multiplied by a constant; added to the record net by net.
    var scaledParts: [TunedPart]?
    /// Nets with PyTorch's first weights; added to the record net by net.
    var torchParts: [TunedPart]?
  }

  static func data(_ findings: Findings) -> String { findings.data }

  /// The side of the square that a unit after so many 3×3 convolutions can see.
  static func field(ofStack count: Int) -> Int {
    (0..<count).reduce(ReceptiveField.pixel) { field, _ in field.through(Window(kernel: 3)) }.size.height
  }
}

/// How far a unit looks.
struct ReachFindings: Codable, Sendable {
  /// The random networks over which each footprint is a mean.
  var networks: Int
  /// One for each depth.
  var footprints: [Footprint]

  var depths: [Int] { footprints.map(\.depth) }
  /// After ten layers.
  var ten: Footprint { footprints[depths.firstIndex(of: 10) ?? 0] }
  /// The exponent p of width ∝ depthᵖ, from the second depth on.
  var exponent: Double { growthExponent(Array(depths.dropFirst()), footprints.dropFirst().map(\.deviation)) }
  /// At how many depths the gradient ends where the arithmetic says.
  var fitting: Int { footprints.count { $0.support == SlidingWindow.field(ofStack: $0.depth) } }
}

extension SlidingWindow.Findings {
  /// The digit as rows of brightness 0 … 1.
  var example: [[Double]] {
    rows(of: Dataset(name: "", pixels: digit, labels: [0], imageShape: [1, 28, 28], classCount: 10), at: 0)
  }
  /// What order in the pixels takes off the error of the dense net.
  var denseCost: Comparison { Comparison(from: locality.dense.shuffled, to: locality.dense.ordered) }
  /// What the convolutional net takes off the error of the dense one, with the pixels in order and shuffled.
  var advantage: Comparison { Comparison(from: locality.dense.ordered, to: locality.convolutional.ordered) }
  var shuffledAdvantage: Comparison { Comparison(from: locality.dense.shuffled, to: locality.convolutional.shuffled) }
}
