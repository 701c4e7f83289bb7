// The section of chapter 9 that turns its counts into rules for a net of one's own.

import Workbook

extension SlidingWindow {
  /// How large the windows are, how many filters there are; after each habit, whether this chapter measured it.
  static func addChoosing(to page: inout Page, telling told: Findings) {
    page.prose(
      """
      ## How to choose k, s, p and the number of filters

      These are habits. After each stands what this chapter measured, on digits.

      - *Kernel*: $k = 3$; stack layers to see further, with fewer weights for the same view. Use a larger kernel at most in the \
      first layer, where three channels make it cheap. \(measured(told, 3, "two 3×3 in place of one 5×5", advice: [.chance: "follow it for the fewer weights"]))
      - *Padding*: $p = (k - 1)/2$ with $s = 1$ keeps the size. Not measured here; follow it, for then the shapes change only where you want it.
      - *Stride*: 1, and 2 at the few places where the map is halved (or a pooling of 2×2 there). Not measured here; follow it, for a halved map is a quarter of the work.
      - *Pooling*: maxima of 2×2. \(measured(told, 0, "maxima in place of averages", advice: [.loss: "try both, each at its own rate, for this was one small net (*Do the parts help?*)"])) \
      \(measured(told, 1, "overlapping windows in place of tiling ones", advice: [.chance: "take tiling ones, which are less work"]))
      - *Filters*: 32 or 64 at first, twice as many after each halving. Twice the channels, twice the filters and a quarter of the \
      positions keep the work of a layer the same: $2 \\cdot 2 \\cdot \\frac14 = 1$. \(filterWords(told))
      - *Normalization*: batch norm (chapter 5), no LRN. (*Local response normalization*, AlexNet's, divides each value by a number that grows with the values of the \
      neighbouring channels at the same pixel.) \(measured(told, 2, "LRN added", advice: lrnAdvice(told)))
      - *End*: global average pooling and one dense layer, which saves parameters. \(endWords(told))
      - *Memory*: the outputs of all layers, times the batch size; in training add the parameters, times 3 with momentum, times 4 \
      with Adam (gradients and the optimizer's state). Each number takes 4 bytes.
      """)
  }

  /// Whether to leave LRN out although it saves errors.
  private static func lrnAdvice(_ told: Findings) -> [Comparison.Finding: String] {
    guard let rest = told.gainOverConstant, rest.direction() != .above else { return [:] }
    return [.gain: "leave it out all the same, for a constant in its place saves as much (*Do the parts help?*)"]
  }

  /// What an exchange came to, where each net had its own rate, and what to do after that.
  private static func measured(
    _ told: Findings, _ place: Int, _ name: String, advice: [Comparison.Finding: String]
  ) -> String {
    guard told.hasTunedExchanges, told.gains.indices.contains(place) else { return "Not measured here." }
    let gain = told.gains[place]
    let words =
      switch gain.finding {
      case .gain, .smallGain: "\(fixed(gain.gain.mean, 1)) points fewer errors"
      case .loss: "\(fixed(-gain.gain.mean, 1)) points more errors"
      case .chance: "no difference beyond chance"
      case .tooFewRuns: "too few runs to tell"
      }
    return "Measured here: \(name), \(words)\(advice[gain.finding].map { "; \($0)" } ?? "")."
  }

  /// What more filters saved where digits stand anywhere.
  private static func filterWords(_ told: Findings) -> String {
    guard let many = told.anywhere?.dropFirst().first, let wide = many.wide, let small = many.equal?.errors else {
      return "Not measured here."
    }
    return
      "Measured here: \(wide.factor) times the filters, \(fixed(wide.net.errors.mean, 1)) % errors for \(fixed(small.mean, 1)) % (\(grouped(many.trainingCount)) digits anywhere), not the numbers 32 and 64; so take more where a net does not fit its own images."
  }

  /// What the mean of each map costs in the place of the dense layer, digits in the middle.
  private static func endWords(_ told: Findings) -> String {
    guard let moved = told.movedDigits, let net = told.pooledNet, net.seeds == moved.seeds else {
      return "Not measured here."
    }
    let cost = net.centred[0] - moved.centred[2][0]
    let advice =
      cost.direction() == .above
      ? "; so take it where parameters are scarce or things may stand elsewhere (*Trained in the middle, tested elsewhere*), not for digits in the middle"
      : ""
    return
      "Measured here: \(cost.worded(above: "\(fixed(cost.mean, 1)) points more errors", below: "\(fixed(-cost.mean, 1)) points fewer errors", withinChance: "no difference beyond chance")) in a small net, on digits in the middle\(advice)."
  }
}
