// Weight decay before a norm: it makes no layer simpler, it sets how far a step turns the weights.

import Foundation
import Workbook

/// Nets whose hidden weights decay, with batch norm and without.
///
/// Before a norm a gradient is at right angles to W. So a step adds η²‖∂L/∂W‖² to ‖W‖², decay takes 2ηλ‖W‖², and where the
/// two balance the angle of a step, η‖∂L/∂W‖/‖W‖, is √(2ηλ): of the gradient nothing is left.
/// - Source: van Laarhoven 2017, arXiv:1706.05350, section 3.
struct DecayFindings: Codable, Sendable {
  static let decays = [0, 0.001, 0.004, 0.016]

  var trainingCount: Int
  var epochs: Int
  var seeds: Int
  /// λ.
  var decays: [Double]
  /// The last step of each stretch that is averaged over.
  var steps: [Int]
  /// One for each λ.
  var courses: [TurnFindings.Course]
  /// The control, the net without a norm at its own best rate: one for each λ.
  var plain: [TurnFindings.Course]

  /// √(2ηλ) in degrees.
  func balance(_ course: TurnFindings.Course, _ place: Int) -> Double {
    (2 * course.rate * decays[place]).squareRoot() * 180 / .pi
  }
  /// The angle of the last steps over that of the balance, seed by seed.
  func share(of courses: [TurnFindings.Course], _ place: Int) -> Summary {
    let course = courses[place]
    return Summary((course.angles.last?.values ?? []).map { $0 / balance(course, place) })
  }
  /// The points of error that so much decay saves.
  func saved(_ place: Int) -> Summary { courses[0].errors - courses[place].errors }
  /// Whether with every decay the last steps turn the weights by the balance, to within a tenth.
  var settles: Bool {
    decays.indices.dropFirst().allSatisfy {
      let share = share(of: courses, $0)
      return share.count >= 3 && abs(share.mean - 1) < 0.1
    }
  }
}

extension DecayFindings {
  /// Trains the perceptron of the sweeps with decaying hidden weights, each net at its best rate.
  init(on digits: Digits, bestRates: [Double], seeds: [UInt64], epochs: Int, _ run: ChapterRun) throws {
    let nets = [TurnedNet.normalized, .plain]
    let each = Self.decays.count * seeds.count
    let ticker = Ticker("decay", total: nets.count * each, run)
    defer { ticker.finish() }
    let all = try inParallel(nets.count * each) { place in
      ticker.tick()
      let net = nets[place / each]
      return try TurnFindings.watched(
        net, on: digits, rate: bestRates[net.pairPlace], decay: Self.decays[place % each / seeds.count], epochs: epochs,
        seed: seeds[place % seeds.count])
    }
    let ends = TurnFindings.stretches(of: all.compactMap { $0?.angles.count }.first ?? 0)
    func courses(_ net: Int) -> [TurnFindings.Course] {
      Self.decays.indices.map { place in
        let first = net * each + place * seeds.count
        return TurnFindings.course(
          Array(all[first..<first + seeds.count]), rate: bestRates[nets[net].pairPlace], ends: ends)
      }
    }
    self.init(
      trainingCount: digits.train.count, epochs: epochs, seeds: seeds.count, decays: Self.decays, steps: ends,
      courses: courses(0), plain: courses(1))
  }
}
