// What can be read off the observers of a run: who gets the gradient, and how far the activations spread.

import Workbook

/// How the gradient was shared among the layers of one run.
struct GradientStory: Codable, Sendable {
  /// The layers, the one next to the image first.
  var layers: [String]
  /// Shares of each layer, averaged over the first tenth of an epoch.
  var beginning: [Double]
  /// Shares of each layer, averaged over the last epoch.
  var end: [Double]
  /// The time, in epochs, at which the first layer has the share that pooling alone would leave it; nil if it never does.
  var recovery: Double?

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
    guard let last = run.gradientTimes.last, !run.gradientLayers.isEmpty else { return nil }
    layers = run.gradientLayers
    func mean(where isMeant: (Double) -> Bool) -> [Double] {
      let rows = zip(run.gradientTimes, run.gradientShares).filter { isMeant($0.0) }.map(\.1)
      return run.gradientLayers.indices.map { layer in
        rows.map { $0[layer] }.reduce(0, +) / Double(max(rows.count, 1))
      }
    }
    beginning = mean { $0 <= max(0.1, run.gradientTimes[0]) }
    end = mean { $0 > last - 1 }
    // Single batches jump about: eight together.
    let share = Self.poolingShares(layers)[0]
    recovery =
      zip(smoothed(run.gradientTimes, over: 8), smoothed(run.gradientShares.map { $0[0] }, over: 8))
      .first { $0.1 >= share }?.0
  }
}

/// The spread of all activation inputs after the last epoch over that after the first; `nil` for a single epoch.
func spreadGrowth(_ run: TrainedRun) -> Double? {
  guard run.inputs.count > 1, let first = run.inputs.first, let last = run.inputs.last else { return nil }
  let ratios = zip(last, first).map { $0.deviation / $1.deviation }
  return ratios.reduce(0, +) / Double(ratios.count)
}

extension VariantFindings.Curves {
  /// The shares of the layers in the gradient over time, mean over the runs of a variant; at most about 150 points.
  init?(gradientsOf runs: [TrainedRun]) {
    guard let first = runs.first, !first.gradientTimes.isEmpty else { return nil }
    let width = max(4, first.gradientTimes.count / 150)
    name = first.variant.name
    layers = first.gradientLayers
    times = smoothed(first.gradientTimes, over: width).map { rounded($0, decimals: 3) }
    values = layers.indices.map { layer in
      meanCurve(runs.map { smoothed($0.gradientShares.map { $0[layer] }, over: width) })
    }
  }

  /// The standard deviation of what enters each activation after each epoch, mean over the runs of a variant.
  init?(driftOf runs: [TrainedRun]) {
    guard let first = runs.first, first.inputs.count > 1 else { return nil }
    name = first.variant.name
    layers = first.inputLayers
    times = []
    values = layers.indices.map { layer in meanCurve(runs.map { $0.inputs.map { $0[layer].deviation } }) }
  }
}

/// The mean of curves with as many points as the shortest, to four decimals.
private func meanCurve(_ curves: [[Double]]) -> [Double] {
  (0..<(curves.map(\.count).min() ?? 0)).map { place in
    rounded(Summary(curves.map { $0[place] }).mean, decimals: 4)
  }
}
