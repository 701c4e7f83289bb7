// The page of chapter 8: nets whose outputs all begin wrong, and what speaks for cross-entropy after all.

import Foundation
import Workbook

extension Losses {
  /// All outputs wrong alike.
  static func addBadStarts(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.nets, findings.data)
    let rare = 0.01
    let how =
      nets.starts == nil
      ? "The two losses have different rates, so compare each loss with itself at ½."
      : "Each loss has for each start the rate with the fewest errors from there, on other digits."
    page.prose(
      """
      ### Is a net ever so wrong?

      With small random weights all outputs say about ½ at first, where the sigmoid is steepest. So a net hardly ever begins as badly as our single neuron. Here it does: the biases of the ten sigmoids are \
      set so that all say nearly 0 (one of ten is wrong) or nearly 1 (nine of ten are). \(how)
      """)
    page.figure(nets.starts.map { Charts.wrongStarts($0, data: data) } ?? Charts.biases(nets.stuck, data: data))
    if let starts = nets.starts {
      page.project(starts.slide, notes: "Each loss at the rate that suits the start: so the rate is not the reason.")
      page.prose(starts.reading)
    }
    page.sideNote(
      """
      If a class is rare, begin its output at its share $q$, with the bias $b = \\ln\\frac{q}{1 - q}$: \
      \(fixed(log(rare / (1 - rare)), 1).replacingOccurrences(of: "-", with: "−")) for one in \(Int(1 / rare)) (Lin et al. 2017).
      """)
  }
}

extension WrongStarts {
  /// A loss from a start.
  func at(_ ending: Ending, _ bias: Float) -> Start? { starts.first { $0.ending == ending && $0.bias == bias } }

  /// By how many points each loss ends behind itself from ½, squared error first.
  func costs(_ bias: Float, _ measure: (Start) -> Summary = { $0.error }) -> [Summary] {
    Self.endings.compactMap { ending in
      guard let there = at(ending, bias), let half = at(ending, 0) else { return nil }
      return measure(there) - measure(half)
    }
  }

  /// The two ends: the least bias, at which the outputs begin near 0, and the largest.
  var ends: (low: Float, high: Float) { (Self.biases.first ?? 0, Self.biases.last ?? 0) }

  /// `both losses suffer`, `only squared error suffers`, `neither loss suffers`: who ends a point behind itself from ½.
  func suffering(_ bias: Float, _ measure: (Start) -> Summary = { $0.error }) -> String {
    let found = costs(bias, measure).map { $0.direction(beyond: 1) == .above }
    return found == [true, true]
      ? "both losses suffer"
      : found == [true, false]
        ? "only squared error suffers" : found == [false, true] ? "only cross-entropy suffers" : "neither loss suffers"
  }

  var slide: String {
    suffering(ends.high) == "both losses suffer"
      ? "All outputs near 1: neither loss recovers quickly" : "All outputs wrong alike: which loss recovers?"
  }

  /// What the figure comes to, and what is known of the cause.
  var reading: String {
    func pair(_ bias: Float, _ measure: (Start) -> Summary) -> String {
      Self.endings.compactMap { at($0, bias) }.map { fixed(measure($0).mean, 1) }.joined(separator: " and ")
    }
    let (low, high) = ends
    let isLost = suffering(high) == "both losses suffer"
    let isLate = suffering(high, { $0.late }) == "both losses suffer"
    let first =
      isLost
      ? "**From near 1 neither loss recovers quickly: the full push of cross-entropy does not save the net.**"
      : "From near 1 \(suffering(high))."
    let late =
      "After \(counted(later, "epoch")), squared error and cross-entropy \(isLate ? "still have" : "have") \(pair(high, { $0.late })) % errors, from ½ \(pair(0, { $0.late })) %."
    let rates = at(.sigmoidSquared, low).flatMap { there in
      at(.sigmoidSquared, 0).flatMap { half in
        suffering(low) == "neither loss suffers" && there.rate > half.rate
          ? " From near 0 neither suffers; but squared error needs a rate of \(short(Double(there.rate))) there, and \(short(Double(half.rate))) from ½."
          : nil
      }
    }
    return "\(first) \(late)\(rates ?? "")\n\n\(cause)"
  }

  /// What holding the hidden layer says of the cause.
  private var cause: String {
    let high = ends.high
    func mean(_ bias: Float, _ measure: (Start) -> Summary) -> String {
      Self.endings.compactMap { at($0, bias) }.map { fixed(measure($0).mean, 0) }.joined(separator: " and ")
    }
    // By how much holding helps from near 1 more than it does from ½.
    let gains = Self.endings.compactMap { ending -> (gain: Summary, held: Summary)? in
      guard let there = at(ending, high), let half = at(ending, 0) else { return nil }
      return ((there.error - there.held) - (half.error - half.held), there.held - half.held)
    }
    let helps = gains.map { $0.gain.direction() == .above }
    let isAll = gains.allSatisfy { $0.held.direction(beyond: 1) != .above }
    let held =
      "holding the hidden layer as it begins, for the first \(Self.hold) steps"
    let ends = Self.endings.compactMap { at($0, high) }.map { fixed($0.held.mean, 0) }.joined(separator: " and ")
    let without = mean(high) { $0.error }
    let answer =
      helps == [true, true]
      ? isAll
        ? "The harm is done in the hidden layer, in the first steps: \(held), cures it (\(ends) % errors)."
        : "A part of the harm is done in the hidden layer, in the first steps: \(held), helps (\(ends) % errors). The rest is not explained."
      : helps.contains(true)
        ? "But \(held), helps with \(helps[0] ? "squared error" : "cross-entropy") alone (\(ends) % errors). So the cause is not settled."
        : "But \(held), \(gains.allSatisfy { $0.gain.direction() == .below } ? "does harm" : "does not help"): after \(counted(epochs, "epoch")) \(ends) % errors with it, \(without) without. So the cause is open."
    return
      "What is known of the cause: after training from near 1, \(mean(high, { $0.deaf })) % of the hidden units say nearly 1, or nearly −1, to nearly every digit, from ½ \(mean(0, { $0.deaf })) %. Such units tell the outputs nothing. \(answer)"
  }
}

extension NetFindings {
  /// How many times as large as that of cross-entropy the fastest rate of squared error is: after sigmoids, after a softmax.
  private func rateFactors(_ paces: Sprints) -> [Double] {
    [(0, 2), (3, 4)].map { Double(paces.rates[paces.fastest($0.0)] / paces.rates[paces.fastest($0.1)]) }
  }

  /// What the data say for cross-entropy, a line each.
  private func support(_ neuron: NeuronFindings, paces: Sprints?) -> [String] {
    var lines: [String] = []
    if let slow = neuron.steps(.squaredError, from: 2), let fast = neuron.steps(.crossEntropy, from: 2), slow > 2 * fast
    {
      lines.append(
        "*No stuck unit.* The single neuron that is badly wrong learns in \(fast) steps instead of \(slow), and no fixed rate makes up for the difference, which grows with the error."
      )
    }
    if let paces, let same = paces.leads(at: common)?[0], same.direction(from: 1) == .above {
      let factors = rateFactors(paces).map { short($0) }
      lines.append(
        "*Speed at small rates.* At \(common) it is \(fixed(same.mean, 1)) times as fast after sigmoids; squared error needs a rate \(factors[0] == factors[1] ? factors[0] : factors.joined(separator: " to ")) times as large."
      )
    }
    if stepsAtBest != nil {
      lines.append("*Fewer steps after a softmax*, at the best rate of each, too (above).")
    }
    return lines
  }

  /// What they do not say, as phrases.
  var unsupported: [String] {
    var phrases: [String] = []
    if tuned.allSatisfy({ $0.direction(among: pairs) != .above }) {
      phrases.append("fewer errors after \(counted(epochs, "epoch"))")
    }
    if let squared = endings?.first(where: { $0.ending == .softmaxSquared }),
      let entropy = endings?.first(where: { $0.ending == .softmaxEntropy }),
      (squared.error[squared.epochs - 1] - entropy.error[entropy.epochs - 1]).direction() != .above
    {
      phrases.append("better probabilities after \(counted(entropy.epochs, "epoch")) (below)")
    }
    if let starts, starts.suffering(starts.ends.high) == "both losses suffer" {
      phrases.append("the rescue of a net whose outputs all begin near 1")
    }
    return phrases
  }

  /// Why take cross-entropy, after all: what the data support, what custom adds, what the data do not support.
  func whyEntropy(_ neuron: NeuronFindings, paces: Sprints?) -> String {
    """
    ### Why take cross-entropy still?

    If each loss has the rate that suits it, \(stepsAtBest == nil ? "little" : "only a part") is left of the difference in this net. So what speaks for cross-entropy?

    \(reasonsForEntropy(neuron, paces: paces))
    """
  }

  /// The same as a list.
  func reasonsForEntropy(_ neuron: NeuronFindings, paces: Sprints?) -> String {
    let lines =
      support(neuron, paces: paces) + [
        "*Beyond our data:* it has the meaning of a likelihood, so its value can be read (ln 10 is guessing); libraries have it ready and stable; and the learning rates of most recipes were found with it."
      ]
    let last = unsupported.isEmpty ? [] : ["*Not supported here:* \(unsupported.joined(separator: "; "))."]
    return (lines + last).map { "- " + $0 }.joined(separator: "\n")
  }
}

extension Charts {
  /// The error soon after the start against the bias of the outputs, each loss at the rate that suits the start.
  static func wrongStarts(_ found: WrongStarts, data: String) -> Figure {
    let (low, high) = found.ends
    let worst = found.starts.flatMap(\.error.values).max() ?? 100
    return Figure(
      "Where all outputs begin near 1 \(found.suffering(high)), each at the rate that suits this start; where they begin near 0 \(found.suffering(low))",
      .lines(
        LineChart(
          x: Axis(
            "what all outputs say at first (the bias grows in equal steps)",
            range: Double(low) - 0.8...Double(high) + 0.8,
            ticks: WrongStarts.biases.map { (Double($0), share(sigmoid(Double($0)))) }),
          y: Axis("test error (%)", range: 0...max(20, 10 * (worst / 10 + 0.1).rounded(.up))),
          WrongStarts.endings.enumerated().map { place, ending in
            let starts = found.starts.filter { $0.ending == ending }
            return Series(
              ending.name,
              x: starts.flatMap { start in
                start.error.values.map { _ in Double(start.bias) + 0.35 * Double(2 * place - 1) }
              },
              y: starts.flatMap(\.error.values), style: .points, color: ending.color)
          })),
      caption: """
        Each point is a run, \(counted(found.starts.first?.error.count ?? 0, "seed")) for each loss and start, drawn side by side: its test error after \
        \(counted(found.epochs, "epoch")) (\(data)). The rates, from left to right: squared error \
        \(rates(found, .sigmoidSquared)); cross-entropy \(rates(found, .sigmoidEntropy)).
        """,
      name: "output-bias")
  }

  private static func rates(_ found: WrongStarts, _ ending: Ending) -> String {
    found.starts.filter { $0.ending == ending }.map { short(Double($0.rate)) }.joined(separator: ", ")
  }
}
