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
  /// The time, in epochs, at which the first layer has half of an equal share among the layers that every variant has in
  /// front of a hidden activation; `nil` if it never gets there.
  var recovery: Double?
  /// Half of an equal share among these: an eighth of four.
  var halfShare: Double
  /// The layers in front of a hidden activation. The outputs have an activation of their own in LeNet-5 only, so a share
  /// in the sum over all would not be the same thing in each.
  private static let hidden = ["conv1", "conv2", "fc1", "fc2"]
  /// The time, in epochs, at which the first layer is half the way from its share at the beginning to that at the end.
  var halfway: Double?

  /// Whether each layer begins with less than the one above it.
  var fadesTowardsTheImage: Bool { zip(beginning, beginning.dropFirst()).allSatisfy { $0 < $1 } }
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
    let times = smoothed(run.gradientTimes, over: 8)
    func time(of share: Double, in shares: [Double]) -> Double? {
      zip(times, smoothed(shares, over: 8)).first { $0.1 >= share }?.0
    }
    let places = run.gradientLayers.indices.filter { Self.hidden.contains(run.gradientLayers[$0]) }
    halfShare = 0.5 / Double(max(1, places.count))
    recovery = time(
      of: halfShare,
      in: run.gradientShares.map { row in
        let sum = places.reduce(0) { $0 + row[$1] }
        return sum > 0 ? row[0] / sum : 0
      })
    halfway =
      end[0] > beginning[0] ? time(of: (beginning[0] + end[0]) / 2, in: run.gradientShares.map { $0[0] }) : nil
  }
}

/// The spread of all activation inputs after the last epoch over that after the first; `nil` for a single epoch.
func spreadGrowth(_ run: TrainedRun) -> Double? {
  guard run.inputs.count > 1, let first = run.inputs.first, let last = run.inputs.last else { return nil }
  let ratios = zip(last, first).map { $0.deviation / $1.deviation }
  return ratios.reduce(0, +) / Double(ratios.count)
}
