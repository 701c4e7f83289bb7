// Which part of batch norm helps, and what noise costs: every version on pixels centred one by one, at its own best rate.

import Foundation
import Workbook

/// Subtracts one fixed input from all: y = x − m. It has no parameters.
///
/// Shapes: [N, D], unchanged; m has D numbers.
struct Centering: Layer {
  let mean: [Float]

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let ones = [Float](repeating: 1, count: mean.count)
    scaleAndShift(input, by: ones, mean.map { -$0 }, into: &output)
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    guard !inputGradient.isEmpty else { return }
    inputGradient = outputGradient
  }

  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {}
}

/// The mean image of a set.
func meanImage(of set: Dataset) -> [Float] {
  let pixels = set.batch(first: set.count).inputs.elements
  var sums = [Float](repeating: 0, count: 784)
  for i in pixels.indices { sums[i % 784] += pixels[i] / Float(set.count) }
  return sums
}

/// The five-layer net with parts of batch norm and with noise.
///
/// The first norm subtracts the mean image from the pixels. So that no version has this for itself, each pixel is centred
/// for all of them.
struct PartsFindings: Codable, Sendable {
  enum Version: String, Codable, CaseIterable, Sendable {
    case none = "no norm"
    case batch = "batch norm"
    case bare = "batch norm without γ and β"
    case mean = "only the mean subtracted"
    case deviation = "only divided by the deviation"
    case layer = "layer norm"
    case noisyBatch = "batch norm, noise after it"
    case noisy = "no norm, the same noise"

    /// - Parameter image: the mean image of the training set, as the net sees it.
    func net(_ image: [Float]) -> Sequential {
      func part(_ subtractsMean: Bool, _ divides: Bool, learns: Bool = true) -> Sequential {
        perceptron(
          .none, centering: image,
          disturbance: { PartNorm(64, subtractsMean: subtractsMean, divides: divides, learns: learns) })
      }
      let noise = Jitter(strength: Float(PartsFindings.noise))
      return switch self {
      case .none: perceptron(.none, centering: image)
      case .batch: perceptron(.batch, centering: image)
      case .bare: part(true, true, learns: false)
      case .mean: part(true, false)
      case .deviation: part(false, true)
      case .layer: perceptron(.layer, centering: image)
      case .noisyBatch: perceptron(.batch, centering: image, disturbance: { noise })
      case .noisy: perceptron(.none, centering: image, disturbance: { noise })
      }
    }
  }

  /// A version at its best rate: the test errors in per cent, one for each seed.
  struct Net: Codable, Sendable {
    var version: Version
    var rate: Double
    var errors: Summary
    /// How far the inputs of the last activation move in a step, over eight seeds; of a net that is shaken or compared
    /// with one.
    var movement: Summary?
  }

  var nets: [Net] = []

  func net(_ version: Version) -> Net? { nets.first { $0.version == version } }
  func errors(_ version: Version) -> Summary? { net(version)?.errors }
  /// The points of error that a version saves over no norm.
  func lead(_ version: Version) -> Summary? {
    errors(.none).flatMap { none in errors(version).map { none - $0 } }
  }
  static let rates = (0...4).map { 0.025 * exp2(Double($0)) }
  /// How many causes are tested, and so how many comparisons chance has.
  static let tests = 5
  /// How strong the noise is: the factor is exp(0.3·a), the shift 0.3·b, with a and b normal.
  static let noise = 0.3
  /// The versions whose inputs are looked at.
  static let moving: [Version] = [.none, .batch, .noisyBatch, .noisy]
}

extension PartsFindings {
  /// Measures the version that is missing: rates chosen with three seeds on images kept back.
  mutating func add(
    _ version: Version, on digits: Digits, validation: Dataset, seeds: [UInt64], _ run: ChapterRun
  ) throws {
    let image = meanImage(of: digits.train)
    let choosing = Array(seeds.prefix(3))
    let ticker = Ticker(version.rawValue, total: Self.rates.count * choosing.count + seeds.count - choosing.count, run)
    defer { ticker.finish() }
    func sweep(_ rates: [Double], _ seeds: [UInt64]) throws -> Sweep {
      try Sweep(rates, seeds: seeds) { rate, seed in
        run.stopIfInterrupted()
        ticker.tick()
        return try trained(
          version.net(image), on: digits, choosingBy: validation, rate: Float(rate), batchSize: 32, epochs: 2,
          seed: seed)
      }
    }
    let first = try sweep(Self.rates, choosing)
    let rate = Self.rates[first.best]
    let rest = try sweep([rate], Array(seeds.dropFirst(choosing.count)))
    var net = Net(
      version: version, rate: rate,
      errors: Summary(first.errors[first.best].values + rest.errors[0].values).rounded())
    if Self.moving.contains(version) { net.movement = try Self.movement(of: net, on: digits, seeds, run) }
    nets.append(net)
  }

  /// Measures how far the inputs move where that is missing.
  mutating func addMovements(on digits: Digits, seeds: [UInt64], _ run: ChapterRun) throws {
    for place in nets.indices where Self.moving.contains(nets[place].version) && nets[place].movement == nil {
      nets[place].movement = try Self.movement(of: nets[place], on: digits, seeds, run)
    }
  }

  /// How far the inputs of the last activation move in a step, looked at ten times in a training at the net's rate.
  private static func movement(
    of net: Net, on digits: Digits, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> Summary {
    let image = meanImage(of: digits.train)
    let (some, steps) = (Array(seeds.prefix(8)), 2 * ((digits.train.count + 31) / 32))
    return Summary(
      try inParallel(some.count) { place in
        run.stopIfInterrupted()
        return Summary(
          try StabilityRun(
            net.version.net(image), on: digits, steps: steps, interval: steps / 10, batchSize: 32,
            rate: Float(net.rate), isTesting: false, seed: some[place]
          ).drifts
        ).mean
      }
    ).rounded()
  }
}
