// Where the mean matters: pixels centred one by one without a norm, and the mean subtracted in the later layers alone.

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

extension HalvesFindings {
  /// Nets that say in which layers the mean matters.
  enum Place: String, Codable, CaseIterable, Sendable {
    case pixels = "no norm, each pixel centred"
    case later = "only the mean subtracted, not in the first layer"

    /// - Parameter image: the mean image of the training set, as the net sees it.
    func net(_ image: [Float]) -> Sequential {
      switch self {
      case .pixels: perceptron(.none, centering: image)
      case .later: perceptron(.none, disturbance: { HalfNorm(64, keeping: .mean) }, from: 2)
      }
    }
  }

  /// One of them at its best rate: the test errors in per cent, one for each seed.
  struct PlacedNet: Codable, Sendable {
    var place: Place
    var rate: Double
    var errors: Summary
  }

  /// Measures them as the others were: rates chosen with four seeds on images kept back.
  mutating func addPlaces(on digits: Digits, validation: Dataset, seeds: [UInt64], _ run: ChapterRun) throws {
    let pixels = digits.train.batch(first: digits.train.count).inputs.elements
    var image = [Float](repeating: 0, count: 784)
    for i in pixels.indices { image[i % 784] += pixels[i] / Float(digits.train.count) }
    let mean = image
    places = try Place.allCases.map { place in
      let (rate, errors) = try Self.measured(
        place.net(mean), on: digits, validation: validation, seeds: seeds, tick: run.stopIfInterrupted)
      return PlacedNet(place: place, rate: rate, errors: errors)
    }
  }

  /// The best rate of a net, and the test errors there, one for each seed.
  static func measured(
    _ net: @autoclosure @Sendable () -> Sequential, on digits: Digits, validation: Dataset, seeds: [UInt64],
    tick: @Sendable () -> Void
  ) throws -> (rate: Double, errors: Summary) {
    let choosing = Array(seeds.prefix(4))
    func sweep(_ rates: [Double], _ seeds: [UInt64]) throws -> Sweep {
      try Sweep(rates, seeds: seeds) { rate, seed in
        tick()
        return try trained(
          net(), on: digits, choosingBy: validation, rate: Float(rate), batchSize: 32, epochs: 2, seed: seed)
      }
    }
    let first = try sweep(rates, choosing)
    let rest = try sweep([rates[first.best]], Array(seeds.dropFirst(choosing.count)))
    return (rates[first.best], Summary(first.errors[first.best].values + rest.errors[0].values).rounded())
  }
}
