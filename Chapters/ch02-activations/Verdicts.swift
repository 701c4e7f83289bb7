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

  /// The same for the net with larger weights.
  var sigmoidVerdict: String {
    let ends = (suited.net.losses - deepNets.nets[DeepNet.relu].losses).worded(
      above: "a higher training loss than ReLU", below: "a lower training loss than ReLU",
      withinChance: "ReLU's training loss, within chance")
    return "**\(plainSigmoid)** With gain \(suited.factor) they learn, and end at \(ends)."
  }

  /// The same to take home.
  var sigmoidLesson: String {
    let net = deepNets.nets[DeepNet.sigmoid]
    return net.losses.mean > 2
      ? "Without batch norm \(DeepNet.depth) layers learn little or nothing with gain 1, and learn with gain \(suited.factor)."
      : "Eight layers of sigmoids end at a loss of \(fixed(net.losses.mean, 2)) with gain 1 (Xavier's weights)."
  }

  /// The question, and its answer in short.
  var lead: String {
    let (sigmoid, relu) = (depth.perLayer(1, 0), depth.perLayer(1, DepthExperiment.relu))
    let overSigmoid =
      (relu - sigmoid).direction() == .above
      ? "Over sigmoids with their usual first weights it gains much: a gradient that lives through many layers."
      : "Compared with a sigmoid no gradient here."
    return """
      What does ReLU gain over sigmoid and tanh, and what does it cost? \(overSigmoid) Over tanh our nets show \
      \(overTanh).\(price)
      """
  }

  /// What dead units cost; empty where none was found.
  private var price: String {
    if let best = units?.atBest {
      return best.sgd < 0.02 && best.adam < 0.1
        ? " From He's weights few units die at the best rates." : " Even at the best rates units die."
    }
    return census.killsOnlyWhereHot
      ? " In two layers units die only at too high rates." : ""
  }

  /// tanh's test errors minus ReLU's, seed by seed, in each net at the better of its gains.
  var tanhDifferences: [(net: String, direction: Summary.Direction)] {
    if choices.contains(where: { $0.function == "tanh" }) {
      return Array(zip(Self.choiceNets, differences(of: "tanh")))
    }
    return [
      ("conv net", (race[.tanh].errors - race[.relu].errors).direction()),
      (
        "\(DeepNet.depth) dense layers",
        (deepNets.nets[DeepNet.tanh].errors - deepNets.nets[DeepNet.relu].errors).direction()
      ),
    ]
  }

  /// What ReLU's test errors beside tanh's show, in all comparisons.
  private var overTanh: String {
    let words = ["none", "one", "two", "three", "four"]
    let found = tanhDifferences.map(\.direction)
    let (gains, losses) = (found.count { $0 == .above }, found.count { $0 == .below })
    if gains == 0 { return "no gain" }
    if losses == 0 { return "a small gain" }
    return "a gain in \(words[gains]), a loss in \(gains == 1 && losses == 1 ? "another" : words[losses])"
  }
  /// What ReLU gains, to take home.
  var gain: String {
    let (sigmoid, tanh, relu) = (depth.perLayer(1, 0), depth.perLayer(1, 1), depth.perLayer(1, DepthExperiment.relu))
    let isMost = log(tanh.mean / sigmoid.mean) > 0.5 * log(relu.mean / sigmoid.mean)
    let overSigmoid =
      (relu - sigmoid).direction() == .above
      ? "Over a sigmoid with its usual first weights ReLU gains much: a gradient that lives through many layers"
        + (isMost ? "; tanh gains most of that." : ".")
      : "Compared with a sigmoid ReLU gains no gradient here."
    let (won, lost) = (kinds(.above), kinds(.below))
    let overTanh =
      won.isEmpty
      ? "Compared with tanh our nets show no gain"
      : lost.isEmpty
        ? "Compared with tanh our nets show a small gain"
        : "Beside tanh at its better gain it makes fewer test errors in our \(won), and more in our \(lost)"
    return "\(overSigmoid) \(overTanh)."
  }
  /// The nets in which tanh makes more, or fewer, test errors than ReLU.
  private func kinds(_ direction: Summary.Direction) -> String {
    listed(tanhDifferences.filter { $0.direction == direction }.map { $0.net + ($0.net == "conv net" ? fades : "") })
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
  /// What becomes of ReLU's lead there in a longer training; empty where most of it stays.
  private var fades: String {
    guard let first = convErrors.first, let last = convErrors.last, last.steps > first.steps, isTanhBehindInConv,
      (last.tanh - last.relu).mean < 0.4 * (first.tanh - first.relu).mean
    else { return "" }
    return " (most of this is gone after \(grouped(last.steps)) steps)"
  }
  /// How far tanh is behind there after few steps, and after many.
  var convWords: String {
    guard let first = convErrors.first, let last = convErrors.last, last.steps > first.steps, isTanhBehindInConv else {
      return ""
    }
    let (early, late) = ((first.tanh - first.relu).mean, (last.tanh - last.relu).mean)
    return """
      In the conv net tanh is \(fixed(early, 1)) points behind ReLU after \(grouped(first.steps)) steps; after \(grouped(last.steps)) steps \
      \(fixed(late, 1)) are left.
      """
  }
  /// Whether tanh makes more test errors there beyond chance, in the longest race that was run.
  var isTanhBehindInConv: Bool {
    convErrors.last.map { ($0.tanh - $0.relu).direction() == .above } ?? false
  }
}
