// Sigmoids with large weights in the net of the race.

import Foundation
import Workbook

/// A sigmoid in the net of the race whose weights behind the first layer are so many times the reference.
struct HeavySigmoid: Codable, Sendable {
  var factor: Float
  var racer: Racer

  static let factors: [Float] = [1, 4, 8]
  /// From 0.02 to 41, each twice the one before.
  static let rates: [Float] = (0..<12).map { 0.02 * pow(2, Float($0)) }
}
