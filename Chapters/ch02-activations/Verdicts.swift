// What the findings say of the sigmoid, of tanh and of ReLU, in words that text, lead, takeaways and slides share.

import Foundation
import Workbook

extension Activations.Findings {
  /// The sigmoid net with the larger weights that suit it, and how many times as large they are.
  var suited: (factor: String, net: DeepNet) {
    matchedSigmoid.flatMap {
      $0.losses.count == deepNets.nets[DeepNet.relu].losses.count ? $0 : nil
    }
    .map { (short(Double(SizedSigmoid.matchedFactor)), $0) }
      ?? (short(Double(DeepNet.kinds[DeepNet.large].factor)), deepNets.nets[DeepNet.large])
  }

  /// What dead units cost, to take home.
  var deathLesson: String {
    guard let units, let best = units.atBest, units.adamBearsDeath else {
      return "If units die, lower the rate."
    }
    return """
      Do not judge a rate by the dead: from He's weights Adam leaves \
      \(fixed(100 * best.adam, 0)) % dead at its best rate.
      """
  }

  /// `With gain 1 (Xavier's), eight layers of sigmoids learn nothing in 1000 steps.`
  private var plainSigmoid: String {
    let net = deepNets.nets[DeepNet.sigmoid]
    guard net.losses.mean > 2 else {
      return "With gain 1 (Xavier's weights), eight layers of sigmoids end at a loss of \(fixed(net.losses.mean, 2))."
    }
    return
      "With gain 1 (Xavier's weights), eight layers of sigmoids learn nothing in \(grouped(deepNets.steps)) steps\(longer)."
  }
  /// `, nor in ten passes through the data`, where they were trained so long.
  private var longer: String {
    deepNets.long.map { long in
      long.net.losses.mean > 2
        ? ", nor in ten passes through the data"
        : ", though in ten passes through the data they come down to a loss of \(fixed(long.net.losses.mean, 2))"
    } ?? ""
  }

  /// The same for the net with larger weights, by its loss and its test error.
  var sigmoidVerdict: String {
    let relu = deepNets.nets[DeepNet.relu]
    let ends = (suited.net.losses - relu.losses).worded(
      above: "a higher training loss than ReLU", below: "a lower training loss than ReLU",
      withinChance: "ReLU's training loss, within chance,")
    let errors = (suited.net.errors - relu.errors).worded(
      above: "more test errors than ReLU", below: "fewer test errors than ReLU",
      withinChance: "as many test errors as ReLU, within chance")
    return "**\(plainSigmoid)** With gain \(suited.factor) they end at \(ends) and make \(errors)."
  }

  /// The same to take home.
  var sigmoidLesson: String {
    let net = deepNets.nets[DeepNet.sigmoid]
    return net.losses.mean > 2
      ? "Eight layers of sigmoids learn nothing with gain 1 (Xavier's weights), and do learn with gain \(suited.factor)."
      : "Eight layers of sigmoids end at a loss of \(fixed(net.losses.mean, 2)) with gain 1 (Xavier's weights)."
  }

  /// The sigmoid net of the race that makes the fewest test errors, of all sizes of its weights.
  var convSigmoid: HeavySigmoid? {
    heavy?.filter { $0.racer.diverged == 0 }.min { $0.racer.errors.mean < $1.racer.errors.mean }
  }

  /// The question, and its answer in short.
  var lead: String {
    let (sigmoid, relu) = (depth.perLayer(1, 0), depth.perLayer(1, DepthExperiment.relu))
    let overSigmoid =
      (relu - sigmoid).direction() == .above
      ? "Over a sigmoid much: a gradient that lives through many layers." : "Over a sigmoid no gradient here."
    return """
      What does ReLU gain over sigmoid and tanh, and what does it cost? \(overSigmoid) Over tanh our small nets show \
      \(overTanh).\(price)
      """
  }

  /// What dead units cost; empty where none was found.
  private var price: String {
    if let best = units?.atBest {
      return best.sgd < 0.02
        ? " Its price, dead units: from He's weights at the best rates hardly any with SGD, \(fixed(100 * best.adam, 0)) % with Adam."
        : " Even at the best rates units die."
    }
    return census.killsOnlyWhereHot
      ? " Its known price, dead units, our two-layer nets paid only at rates that are too high." : ""
  }

  /// What ReLU's test errors beside tanh's show, in all comparisons.
  private var overTanh: String {
    let errors = duels.map { ($0.tanh - $0.relu).direction() }
    switch (errors.contains(.above), errors.contains(.below)) {
    case (true, true): return "a gain in one, a loss in another"
    case (true, false): return "a small gain"
    case (false, _): return "no gain"
    }
  }
  /// What ReLU gains, to take home.
  var gain: String {
    let (sigmoid, tanh, relu) = (depth.perLayer(1, 0), depth.perLayer(1, 1), depth.perLayer(1, DepthExperiment.relu))
    let isMost = log(tanh.mean / sigmoid.mean) > 0.5 * log(relu.mean / sigmoid.mean)
    let overSigmoid =
      (relu - sigmoid).direction() == .above
      ? "Over a sigmoid with the usual first weights ReLU gains much: a gradient that lives through many layers"
        + (isMost ? "; tanh gains most of that." : ".")
      : "Over a sigmoid ReLU gains no gradient here."
    let (won, lost) = (kinds(.above), kinds(.below))
    let overTanh =
      won.isEmpty
      ? "Over tanh our small nets show no gain"
      : lost.isEmpty
        ? "Over tanh our small nets show a small gain"
        : "Over tanh it makes fewer test errors in our \(won) and more in our \(lost), trained by SGD"
    return "\(overSigmoid) \(overTanh)."
  }
  /// The kinds of nets in which tanh makes more, or fewer, test errors than ReLU: `conv net`.
  private func kinds(_ direction: Summary.Direction) -> String {
    let found = duels.filter { ($0.tanh - $0.relu).direction() == direction }
      .map { String($0.task.prefix { $0 != "," }) }
    return listed(found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
  }

  /// How many times ReLU's steps tanh needs to the lowest loss; nil where the race was not run so far.
  var hardRatio: Summary? { longRace.flatMap { $0.converged ? $0.ratio : nil } }

  /// ReLU's speed against tanh's, to take home.
  var tanhLesson: String {
    let digits =
      hardRatio.map { ratio in
        ratio.direction(from: 1) == .above
          ? "Do not expect ReLU to be six times as fast as tanh: on digits tanh needs \(fixed(ratio.mean, 1)) times as many steps"
          : "Do not expect ReLU to be faster than tanh: on digits tanh needs as many steps"
      } ?? "On digits ReLU's gain over tanh is small"
    return digits + (photographs?.lesson ?? "") + "."
  }

  /// tanh against ReLU in the convolutional net: the test errors of both after so many steps.
  var convErrors: [(steps: Int, tanh: Summary, relu: Summary)] {
    [race, longRace].compactMap { race in
      race.map { ($0.limit, $0[.tanh].errors, $0[.relu].errors) }
    }.filter { $0.1.count == $0.2.count && $0.1.count > 0 }
  }
  /// Whether tanh makes more test errors there beyond chance, in the longest race that was run.
  var isTanhBehindInConv: Bool {
    convErrors.last.map { ($0.tanh - $0.relu).direction() == .above } ?? false
  }

  /// A comparison of tanh with ReLU.
  struct Duel {
    var task: String
    /// Down to which loss or error the steps are counted, and when the test errors are.
    var goal: String
    var end: String
    /// Steps of tanh over steps of ReLU, seed by seed; nil where both take the same.
    var ratio: Summary?
    /// Test errors in per cent.
    var tanh: Summary
    var relu: Summary
  }
  /// All of them, in their order on the page.
  var duels: [Duel] {
    func conv(_ race: RaceFindings, _ loss: Double, _ ratio: Summary) -> Duel {
      Duel(
        task: "conv net, digits", goal: "loss \(short(loss))", end: "\(grouped(race.limit)) steps",
        ratio: ratio, tanh: race[.tanh].errors, relu: race[.relu].errors)
    }
    let low = longRace.flatMap { race in hardRatio.map { conv(race, Activations.lowTarget, $0) } }
    let photographs = photographs.flatMap { found -> Duel? in
      guard let (mark, ratio) = found.hardest, let tanh = found[.tanh], let relu = found[.relu] else { return nil }
      return Duel(
        task: "conv net, photographs", goal: "\(short(mark)) % wrong", end: "the goal", ratio: ratio,
        tanh: tanh.errors, relu: relu.errors)
    }
    let deep = Duel(
      task: "\(DeepNet.depth) dense layers, digits", goal: "–", end: "\(grouped(deepNets.steps)) steps", ratio: nil,
      tanh: deepNets.nets[DeepNet.tanh].errors, relu: deepNets.nets[DeepNet.relu].errors)
    // The longer race, whose rates are chosen for a loss near its end, stands for the shorter one.
    return [low ?? conv(race, Activations.target, race.ratio)] + [photographs].compactMap { $0 } + [deep]
  }
}
