// What can be read off the observers of a run: who gets the gradient, and how far the activations spread.

import Workbook

/// How the gradient was shared among the layers of one run.
struct GradientStory {
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

  /// Whether each layer begins with less than the one above it.
  var fadesTowardsTheImage: Bool { zip(beginning, beginning.dropFirst()).allSatisfy { $0 < $1 } }
}

/// The spread of all activation inputs after the last epoch over that after the first; `nil` for a single epoch.
func spreadGrowth(_ run: TrainedRun) -> Double? {
  guard run.inputs.count > 1, let first = run.inputs.first, let last = run.inputs.last else { return nil }
  let ratios = zip(last, first).map { $0.deviation / $1.deviation }
  return ratios.reduce(0, +) / Double(ratios.count)
}

extension Sessions {
  /// What S0 says about the inside of the networks (figures 3 and 5), against this run.
  static func claimsAboutTheInside(_ results: [VariantResults]) -> [Claim] {
    func runs(_ name: String) -> [TrainedRun] { results.first { $0.variant.name == name }?.runs ?? [] }
    let tanh = runs("LeNet-5").compactMap(GradientStory.init), relu = runs("LeNet-5+").compactMap(GradientStory.init)
    var claims: [Claim] = []
    if let first = tanh.first, let top = first.layers.last {
      let bottom = first.layers[0]
      let low = Summary(tanh.map { 100 * $0.beginning[0] })
      let high = Summary(tanh.map { 100 * ($0.beginning.last ?? 0) })
      let fading = tanh.count(where: \.fadesTowardsTheImage)
      claims.append(
        Claim(
          "With tanh the gradient vanishes towards the image at the start", source: "S0",
          published: "figure 3, falling from \(top) to \(bottom)",
          measured: "\(bottom) \(low) %, \(top) \(high) % of the sum", seeds: tanh.count,
          verdict: low.mean >= high.mean ? .notHere : fading == tanh.count && tanh.count >= 3 ? .reproduced : .partly,
          reason: low.mean >= high.mean
            ? "\(bottom) has no less than \(top)"
            : fading == tanh.count
              ? (tanh.count < 3 ? "a verdict needs three runs" : "layer by layer, in every run")
              : "less below than above, but not layer by layer"))
    }
    if !tanh.isEmpty, !relu.isEmpty {
      // Two readings of "sooner": half of the way that it goes, and half of an equal share.
      func times(_ stories: [GradientStory], _ time: (GradientStory) -> Double?) -> [Double] {
        stories.map { time($0) ?? .infinity }
      }
      func describe(_ times: [Double]) -> String {
        let reached = times.filter(\.isFinite)
        return reached.isEmpty ? "never" : Summary(reached).formatted(decimals: 1)
      }
      let halfway = (times(relu, \.halfway), times(tanh, \.halfway))
      let share = (times(relu, \.recovery), times(tanh, \.recovery))
      let count = min(tanh.count, relu.count)
      func isSooner(_ pair: ([Double], [Double])) -> Bool { zip(pair.0, pair.1).allSatisfy { $0 < $1 } }
      claims.append(
        Claim(
          "With ReLU the lowest layer gets its share of the gradient back sooner", source: "S0",
          published: "figure 3, one run",
          measured:
            "epochs to half its way up: \(describe(halfway.0)), tanh \(describe(halfway.1)); to half of an equal "
            + "share of the four hidden layers: \(describe(share.0)), tanh \(describe(share.1))",
          seeds: count,
          verdict: isSooner(halfway) && isSooner(share)
            ? (count >= 3 ? .reproduced : .partly) : isSooner(halfway) || isSooner(share) ? .partly : .notHere,
          reason: isSooner(halfway) && isSooner(share)
            ? (count < 3 ? "a verdict needs three runs" : "by either measure, in every run")
            : isSooner(halfway)
              ? "it starts lower and climbs faster, and is no sooner at half of an equal share"
              : isSooner(share) ? "sooner at half of an equal share, not on its own way up" : "by neither measure"))
    }
    let without = runs("LeNet-5+").compactMap(spreadGrowth), with = runs("LeNet-5++").compactMap(spreadGrowth)
    if !without.isEmpty, !with.isEmpty {
      let (plain, normalized) = (Summary(without), Summary(with))
      let grows = plain.mean > 1.1
      // The growth that is left has to be less than half of that without.
      let holds = abs(normalized.mean - 1) < (plain.mean - 1) / 2
      claims.append(
        Claim(
          "Activation inputs spread during training, and batch normalization holds them", source: "S0",
          published: "figure 5", measured: "grown to \(plain) times without, \(normalized) times with",
          seeds: min(without.count, with.count),
          verdict: grows && holds && without.count >= 3 ? .reproduced : grows || holds ? .partly : .notHere,
          reason: grows && holds
            ? (without.count < 3 ? "a verdict needs three runs" : "from the first epoch to the last")
            : grows ? "they grow with batch normalization as well" : "they hardly grow without it"))
    }
    return claims
  }
}
