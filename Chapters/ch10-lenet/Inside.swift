// What can be read off the observers of a run: who gets the gradient.

import Workbook

/// How the gradient was shared among the layers of one run.
struct GradientStory: Codable, Sendable {
  /// The layers, the one next to the image first.
  var layers: [String]
  /// Shares of each layer, averaged over the first tenth of an epoch.
  var beginning: [Double]

  // snippet: poolingShares
  /// The shares if nothing but pooling changed the gradient's size: a 2×2 mean sends a
  /// quarter to each of four pixels, so ‖δ‖ below it is √(4·(¼)²) = ½ of that above.
  static func poolingShares(_ layers: [String]) -> [Double] {
    let sizes = layers.map { $0 == "conv1" ? 0.25 : $0 == "conv2" ? 0.5 : 1 }
    return sizes.map { $0 / sizes.reduce(0, +) }
  }
  // snippet.end

  /// What the first layer has at the start, over what pooling alone would leave it.
  var start: Double { beginning[0] / Self.poolingShares(layers)[0] }
}

extension GradientStory {
  /// Reads the story; `nil` where nothing was observed.
  init?(_ run: TrainedRun) {
    guard let first = run.gradientTimes.first, !run.gradientLayers.isEmpty else { return nil }
    layers = run.gradientLayers
    let rows = zip(run.gradientTimes, run.gradientShares).filter { $0.0 <= max(0.1, first) }.map(\.1)
    beginning = run.gradientLayers.indices.map { layer in
      rows.map { $0[layer] }.reduce(0, +) / Double(max(rows.count, 1))
    }
  }
}
