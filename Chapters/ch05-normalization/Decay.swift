// Weight decay before a norm: it makes no layer simpler, it sets how far a step turns the weights.

import Foundation
import Workbook

/// Nets with batch norm whose hidden weights decay, and without decay.
///
/// Before a norm a gradient is at right angles to W. So a step adds η²‖∂L/∂W‖² to ‖W‖², decay takes 2ηλ‖W‖², and where the
/// two balance the angle of a step, η‖∂L/∂W‖/‖W‖, is √(2ηλ): of the gradient nothing is left.
/// - Source: van Laarhoven 2017, arXiv:1706.05350, section 3.
struct DecayFindings: Codable, Sendable {
  static let decays = [0, 0.016]

  var trainingCount: Int
  var epochs: Int
  var seeds: Int
  /// λ.
  var decays: [Double]
  /// The last step of each stretch that is averaged over.
  var steps: [Int]
  /// One for each λ.
  var courses: [TurnFindings.Course]

  /// √(2ηλ) in degrees.
  func balance(_ course: TurnFindings.Course, _ place: Int) -> Double {
    (2 * course.rate * decays[place]).squareRoot() * 180 / .pi
  }
  /// The angle of the last steps over that of the balance, seed by seed, with the largest decay.
  var share: Summary {
    let last = courses.count - 1
    return Summary((courses[last].angles.last?.values ?? []).map { $0 / balance(courses[last], last) })
  }
}

extension DecayFindings {
  /// Trains the perceptron of the sweeps with decaying hidden weights, at its best rate.
  init(on digits: Digits, bestRate: Double, seeds: [UInt64], epochs: Int, _ run: ChapterRun) throws {
    let ticker = Ticker("decay", total: Self.decays.count * seeds.count, run)
    defer { ticker.finish() }
    let all = try inParallel(Self.decays.count * seeds.count) { place in
      ticker.tick()
      return try TurnFindings.watched(
        .normalized, on: digits, rate: bestRate, decay: Self.decays[place / seeds.count], epochs: epochs,
        seed: seeds[place % seeds.count])
    }
    let ends = TurnFindings.stretches(of: all.compactMap { $0?.angles.count }.first ?? 0)
    self.init(
      trainingCount: digits.train.count, epochs: epochs, seeds: seeds.count, decays: Self.decays, steps: ends,
      courses: Self.decays.indices.map { place in
        TurnFindings.course(
          Array(all[place * seeds.count..<(place + 1) * seeds.count]), rate: bestRate, ends: ends)
      })
  }
}
