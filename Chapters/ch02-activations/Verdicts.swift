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
    return
      "**\(plainSigmoid)** With gain \(suited.factor) they learn, and end at \(ends). Why not 4, if the slope is ¼? "
      + "Larger weights make larger sums, and there the slope is smaller."
  }

  /// The same to take home.
  var sigmoidLesson: String {
    let net = deepNets.nets[DeepNet.sigmoid]
    return net.losses.mean > 2
      ? "With plain descent and no batch norm \(DeepNet.depth) layers learn nothing with gain 1 in \(grouped(deepNets.steps)) steps, and learn with gain \(suited.factor)."
      : "Eight layers of sigmoids end at a loss of \(fixed(net.losses.mean, 2)) with gain 1 (Xavier's weights)."
  }

  /// The question, and its answer in short.
  var lead: String {
    let (sigmoid, relu) = (depth.perLayer(1, 0), depth.perLayer(1, DepthExperiment.relu))
    let why =
      (relu - sigmoid).direction() == .above
      ? "its gradient lives through many layers, a sigmoid's does not." : "most recipes are made for it."
    return """
      Which function should stand between two layers? Begin with ReLU: \(why)\
      \(widest.map { " The choice among tanh, ReLU, ELU and GELU was worth at most \(fixed($0, 1)) points of errors in five settings." } ?? "")\
      \(firstWeights?.lesson.isEmpty == false ? " More depends on a deep net's first weights and on batch norm." : "")
      """
  }

  /// tanh's test errors minus ReLU's, seed by seed, in each net from the best of its first weights.
  var tanhDifferences: [Summary.Direction] {
    if choices.contains(where: { $0.name == "tanh" }) { return differences(of: "tanh") }
    return [
      (race[.tanh].errors - race[.relu].errors).direction(),
      (deepNets.nets[DeepNet.tanh].errors - deepNets.nets[DeepNet.relu].errors).direction(),
    ]
  }

  /// What ReLU gains, to take home.
  var gain: String {
    let (sigmoid, relu) = (depth.perLayer(1, 0), depth.perLayer(1, DepthExperiment.relu))
    let overSigmoid =
      (relu - sigmoid).direction() == .above
      ? "Over a sigmoid with its usual first weights ReLU gains a gradient"
        + ": after \(Activations.depth) layers \(left(relu: true)) of its length is left, with tanh \(left(relu: false))."
      : "Compared with a sigmoid ReLU gains no gradient here."
    let (won, lost) = (kinds(.above), kinds(.below))
    let none = "none of our nets beyond chance"
    let overTanh = "is ahead in \(won.isEmpty ? none : won), and behind in \(lost.isEmpty ? none : lost)"
    return
      "\(overSigmoid) Against tanh\(choices.isEmpty ? "" : " from its best first weights") it \(overTanh).\(slower)"
  }
  /// Whether tanh needs more steps in the conv net, with a space before it.
  private var slower: String {
    hardRatio.map { $0.direction(from: 1) == .above ? " In the conv net it is faster." : "" } ?? ""
  }
  /// What the layers of figure 3 leave of a gradient with the reference weights.
  private func left(relu: Bool) -> String {
    short(depth.typical(1, relu ? DepthExperiment.relu : 1)[Activations.depth - 1])
  }
  /// The nets in which tanh makes more, or fewer, test errors than ReLU.
  private func kinds(_ direction: Summary.Direction) -> String {
    let found = tanhDifferences
    let places = found.indices.filter { found[$0] == direction }
    return choices.isEmpty ? listed(places.map { ["the conv net", "the deep net"][$0] }) : Self.named(places)
  }

  /// How many times ReLU's steps tanh needs to the lowest loss; nil where the race was not run so far.
  var hardRatio: Summary? { longRace.flatMap { $0.converged ? $0.ratio : nil } }

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
}
