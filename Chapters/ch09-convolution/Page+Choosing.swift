// The section of chapter 9 that turns its counts into rules for a net of one's own.

import Workbook

extension SlidingWindow {
  /// How large the windows are, how many filters there are: each habit, what this chapter measured, and what to do.
  static func addChoosing(to page: inout Page, telling told: Findings) {
    page.prose(
      """
      ## How to choose k, s, p and the number of filters

      The habits come from nets for photographs, our numbers from small nets on digits.
      """)
    let rows: [(habit: String, number: String, advice: String)] = [
      ("32 or 64 filters at first", filterNumber(told), "add filters while the errors on images kept back fall"),
      (
        "batch norm, no LRN", lrnNumber(told),
        "leave LRN out; batch norm (chapter 5) sets the scale; `nn.BatchNorm2d(m)`"
      ),
      (
        "depthwise + 1×1", found(told, PartExchange.apart, "for a full 5×5"),
        "only where work or parameters are scarce (not compared at equal work)"
      ),
      (
        "mean of each map at the end", endNumber(told),
        "where things move or parameters are scarce, with padding; for centred digits a dense layer"
      ),
      ("padding (k − 1)/2, stride 1", "the map keeps its size", "then shapes change only where you want it"),
      (
        "halve the map by pooling 2×2 or stride 2", "a quarter of the work behind it",
        "double the filters there: 2 · 2 · ¼ keeps the work of a layer"
      ),
      (
        "3×3 kernels, stacked",
        found(told, PartExchange.stack, "two 3×3 for one 5×5")
          + (told.exchange(PartExchange.stack).map { $0.nets.isEmpty ? "" : " (\($0.nets.dropFirst(2)))" } ?? ""),
        "take 3×3: fewer weights for the same view; `nn.Conv2d(c, m, 3, padding=1)`"
      ),
      (
        "maxima of windows that tile", poolingNumber(told),
        told.torchExchanges.first?.gain.finding == .gain
          ? "begin with these: `nn.MaxPool2d(2)`" : "either, in a net that is well scaled; `nn.MaxPool2d(2)`"
      ),
    ]
    page.table(
      Table(
        "Habits, our numbers, and what to do", columns: ["habit", "our number", "what to do"],
        rows: rows.map { [TableCell($0.habit), TableCell($0.number), TableCell($0.advice)] }))
  }

  /// What an exchange came to, where each net had its own rate, with scaled maps where that was measured.
  private static func found(_ told: Findings, _ exchange: String, _ name: String) -> String {
    guard told.hasTunedExchanges, let gain = told.exchange(exchange)?.gain else { return "not measured" }
    return switch gain.finding {
    case .gain, .smallGain: "\(name): \(fixed(gain.gain.mean, 1)) points fewer errors"
    case .loss: "\(name): \(fixed(-gain.gain.mean, 1)) points more errors"
    case .chance: "\(name): no difference that we could see"
    case .tooFewRuns: "\(name): too few runs to tell"
    }
  }

  /// What maxima and overlapping windows come to.
  private static func poolingNumber(_ told: Findings) -> String {
    let gain = told.torchExchanges.first?.gain
    let torch = gain.flatMap {
      $0.finding == .gain ? "; with PyTorch's first weights \(fixed($0.gain.mean, 1)) points fewer" : nil
    }
    let scale = told.bestPooling == nil ? "" : ", each at its best scale"
    return found(told, PartExchange.pooling, "maxima for averages\(scale)") + (torch ?? "") + "; "
      + found(told, PartExchange.overlap, "overlapping for tiling")
  }

  /// What LRN saves, and what a constant does in its place.
  private static func lrnNumber(_ told: Findings) -> String {
    guard told.hasTunedExchanges else { return "not measured" }
    guard let rest = told.gainOverConstant else { return found(told, PartExchange.lrn, "LRN") }
    return rest.direction() == .above
      ? found(told, PartExchange.lrn, "LRN") : "LRN saves no more than a constant in its place"
  }

  /// What more filters saved where digits stand anywhere.
  private static func filterNumber(_ told: Findings) -> String {
    guard let few = told.anywhere?.first, let many = told.anywhere?.dropFirst().first, let wide = many.wide else {
      return "not measured"
    }
    return "\(wide.factor) times the filters, digits anywhere: \(few.filterWords(with: many))"
  }

  /// What the mean of each map costs in the place of the dense layer, digits in the middle.
  private static func endNumber(_ told: Findings) -> String {
    guard let moved = told.movedDigits, let net = told.paddedNet ?? told.pooledNet, net.seeds == moved.seeds else {
      return "not measured"
    }
    let cost = net.centred[0] - moved.centred[0]
    let far = zip(net.centred, moved.centred).map { $0 - $1 }.last ?? cost
    return (told.paddedNet == nil ? "" : "with padding ")
      + cost.worded(
        above: "\(cost.formatted(decimals: 1)) points more errors (\(counted(cost.count, "seed")))",
        below: "\(fixed(-cost.mean, 1)) points fewer errors",
        withinChance: "no difference that we could see") + " on digits in the middle"
      + far.worded(
        above: "", below: ", \(fixed(-far.mean, 0)) fewer on digits moved by \(moved.shifts.last ?? 0) pixels",
        withinChance: "")
  }
}
