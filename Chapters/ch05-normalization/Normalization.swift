// The four normalizations, side by side: what each averages over, and how to ask for one.

import Foundation
import Workbook

/// The four normalizations, and none.
enum Normalization: String, CaseIterable, Codable, Sendable {
  case none, batch, layer, instance, group

  /// The four without `none`.
  static let four: [Normalization] = [.batch, .layer, .instance, .group]

  var name: String { self == .none ? "none" : rawValue + " norm" }
  /// Its colour in all figures.
  var color: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The layer for samples of `shape`, [C, H, W] or [features]; nil for `none`.
  func makeLayer(_ shape: Shape, groups: Int = 4) -> (any Layer)? {
    switch self {
    case .none: nil
    case .batch: BatchNorm(shape[0])
    case .layer: LayerNorm(shape)
    case .instance: InstanceNorm(shape[0])
    case .group: GroupNorm(shape[0], groups: groups)
    }
  }

  /// The cube of samples × channels × positions with the values that share their statistics with the first.
  var cube: NormalizationCube {
    switch self {
    case .none: NormalizationCube(name) { n, c, p in n == 0 && c == 0 && p == 0 }
    case .batch: NormalizationCube(name) { _, c, _ in c == 0 }
    case .layer: NormalizationCube(name) { n, _, _ in n == 0 }
    case .instance: NormalizationCube(name) { n, c, _ in n == 0 && c == 0 }
    case .group: NormalizationCube(name) { n, c, _ in n == 0 && c < 3 }
    }
  }
}
