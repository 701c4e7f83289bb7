// The normalization cubes: samples × channels × positions, with the elements that share one mean and variance.

import Workbook

extension Plot {
  /// The normalization cubes (N, C, H·W).
  static func cubes(_ cubes: [NormalizationCube]) -> Plot { Plot(NormalizationCubes(cubes: cubes)) }
}

/// One of the cubes that show which elements share their statistics.
struct NormalizationCube: Sendable {
  /// `batch norm`.
  var name: String
  /// The elements (n, c, position) that share one mean and variance with the first.
  var isShared: @Sendable (_ n: Int, _ c: Int, _ position: Int) -> Bool
  /// The extents drawn: samples, channels, positions.
  var extents: (n: Int, c: Int, positions: Int)
  /// Creates a cube.
  init(
    _ name: String, extents: (n: Int, c: Int, positions: Int) = (4, 6, 4),
    isShared: @escaping @Sendable (_ n: Int, _ c: Int, _ position: Int) -> Bool
  ) {
    self.name = name
    self.extents = extents
    self.isShared = isShared
  }
}

/// Cubes in a row.
struct NormalizationCubes: PlotKind {
  var cubes: [NormalizationCube]
}
