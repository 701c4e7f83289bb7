// The page of chapter 4: Adam from each start, the gains of tanh in training, and the weights that the page's lines draw.

import Workbook

extension OwnCase {
  /// The test errors with Adam in the deepest nets: from Xavier's, He's and PyTorch's weights.
  var deepAdam: [Summary]? {
    let nets = Self.starts.indices.compactMap { adam($0, at: WeightInit.deep)?.errors }
    return nets.count == Self.starts.count ? nets : nil
  }

  /// The greatest depth at which nets of a start learn with Adam and every seed; 0 where there is none.
  func learnedWithAdam(_ start: Int) -> Int {
    Self.depths.filter { (adam(start, at: $0)?.errors.maximum ?? 100) < DepthStudy.learned }.max() ?? 0
  }

  /// `From PyTorch's default they make more errors from 18 layers on, and with 30 they guess`.
  var torchWords: String {
    let worse = Self.depths.first { depth in
      guard let torch = adam(2, at: depth)?.errors, let he = adam(1, at: depth)?.errors else { return false }
      return (torch - he).direction() == .above
    }
    let dead = Self.depths.first { (adam(2, at: $0)?.errors.minimum ?? 0) > DepthStudy.guessing - 10 }
    guard let worse else { return "From PyTorch's default they learn as well as from He's" }
    return dead == worse
      ? "From PyTorch's default they guess from \(worse) layers on"
      : "From PyTorch's default they make more errors from \(worse) layers on\(dead.map { ", and with \($0) they guess" } ?? "")"
  }

  /// What to remember of Adam.
  var lesson: String {
    guard let deep = deepAdam else { return "" }
    let torch = deep[2].minimum > DepthStudy.learned ? " (from PyTorch's default it does not)" : ""
    return (deep[0] - deep[1]).worded(
      above: " Adam learns there all the same, but better from He's weights\(torch).",
      below: " Adam learns there all the same, and even better than from He's weights\(torch).",
      withinChance: " Adam learns there all the same, as well as from He's weights\(torch).")
  }

  /// Test errors with Adam by depth.
  var adamTable: Table {
    Table(
      "With Adam: test digits read wrongly (%), each net at the best of \(counted(Self.adamRates.count, "rate")) from \(short(Double(Self.adamRates[0]))) to \(short(Double(Self.adamRates[Self.adamRates.count - 1]))), which other seeds chose; \(counted(Self.seeds.count, "seed"))",
      columns: ["layers", "from Xavier's weights", "from He's", "from PyTorch's default"],
      rows: Self.depths.map { depth in
        [TableCell(depth)]
          + Self.starts.indices.map { start in
            .text((adam(start, at: depth)?.errors).map { $0.formatted(decimals: $0.mean < 20 ? 1 : 0) } ?? "–")
          }
      })
  }

  /// What a last layer of each of `lastGains` gives with SGD and with Adam.
  func drawnErrors(_ optimizer: String) -> [Summary]? {
    let nets = Self.lastGains.compactMap { drawn(optimizer, last: $0)?.errors }
    return nets.count == Self.lastGains.count ? nets : nil
  }

  /// Whether a small last layer does no harm in the deepest net, with neither optimizer: then the page's lines have it.
  var lastIsSmall: Bool {
    let nets = ["SGD", "Adam"].compactMap { drawnErrors($0) }
    return nets.count == 2 && nets.allSatisfy { ($0[1] - $0[0]).direction() != .above }
  }

  /// What the page's lines give in the deepest net.
  func drawnError(_ optimizer: String) -> Summary? { drawnErrors(optimizer)?[lastIsSmall ? 1 : 0] }

  /// What a small last layer does.
  var drawnWords: String {
    guard let sgd = drawnErrors("SGD"), let adam = drawnErrors("Adam"), firstLosses.count == 3 else { return "" }
    let (full, small) = (fixed(firstLosses[1], 2), fixed(firstLosses[2], 2))
    func pair(_ decimals: Int) -> String {
      "\(sgd[1].formatted(decimals: decimals)) % with SGD, \(adam[1].formatted(decimals: decimals)) % with Adam"
    }
    return lastIsSmall
      ? " Only the last layer begins small: with inputs of size 1 the first loss of \(WeightInit.depth) layers is then \(small), not \(full)."
      : " A gain of \(short(Double(Self.lastGains[1]))) in the last layer would bring the first loss nearer to $\\ln C$, but our net of \(WeightInit.deep) layers then errs more: \(pair(0)). (Shallower nets were not tried.)"
  }

  /// How far above ln C the first loss of the page's lines may be.
  var firstLossWords: String {
    guard firstLosses.count == 3 else { return "" }
    return lastIsSmall
      ? " A small last layer sees to that (*What to do*)."
      : " With inputs of size 1 and the lines of *What to do* it may be half a unit higher: \(fixed(firstLosses[1], 2)) with \(WeightInit.depth) layers."
  }

  /// Test errors of tanh by gain.
  var tanhTable: Table? {
    let depths = Self.tanhDepths.filter { !tanhNets($0).isEmpty }
    guard !depths.isEmpty else { return nil }
    return Table(
      "Trained tanh nets: test digits read wrongly (%). SGD, each at the best of \(counted(Self.tanhRates.count, "rate")), which other seeds chose; \(counted(Self.seeds.count, "seed"))",
      columns: ["gain g"] + depths.map { .init("\($0) layers") },
      rows: tanhNets(depths[0]).map { net in
        [.text(net.name)]
          + depths.map { depth in
            .text(tanhNets(depth).first { $0.name == net.name }?.errors.formatted(decimals: 1) ?? "–")
          }
      })
  }
}

extension OwnCase {
  /// Whether all gains of tanh were trained at all depths.
  private var hasTanh: Bool { Self.tanhDepths.allSatisfy { tanhNets($0).count == Self.gains.count } }

  /// The gain of tanh with the fewest errors over all depths: the one to take; nil where they were not trained.
  var tanhGain: String? {
    guard hasTanh else { return nil }
    let sums = Self.gains.indices.map { gain in
      Self.tanhDepths.reduce(0) { $0 + tanhNets($1)[gain].errors.mean }
    }
    return sums.indices.min { sums[$0] < sums[$1] }.map { tanhNets(Self.tanhDepths[0])[$0].name }
  }

  /// What the table of gains says, depth by depth.
  var tanhWords: String {
    guard let gain = tanhGain else { return "" }
    let words = Self.tanhDepths.map { depth in
      let nets = tanhNets(depth)
      let best = nets.min { $0.errors.mean < $1.errors.mean } ?? nets[0]
      let worse = nets.filter { ($0.errors - best.errors).direction() == .above }.map(\.name)
      return
        "with \(depth) layers \(best.name)\(worse.isEmpty ? "" : " (\(listed(worse)) \(worse.count > 1 ? "make" : "makes") more, beyond chance)")"
    }
    let isBest = Self.tanhDepths.allSatisfy { depth in
      tanhNets(depth).min { $0.errors.mean < $1.errors.mean }?.name == gain
    }
    return
      "The fewest errors: \(words.joined(separator: "; ")). \(isBest ? "So we take \(gain)." : "We take \(gain), a compromise between the depths.")"
  }

  /// What to do before a tanh, and why; nil where it was not trained.
  var tanhRow: (what: String, why: String)? {
    guard let gain = tanhGain else { return nil }
    let nets = tanhNets(WeightInit.deep)
    func errors(_ name: String) -> String { "\(fixed(nets.first { $0.name == name }?.errors.mean ?? .nan, 1)) %" }
    let others = [("5/3", nets[nets.count - 1]), ("1", nets[0])].filter { $0.1.name != gain }
    let why =
      "\(WeightInit.deep) layers (the first with \(gain), too), SGD: \(errors(gain)) wrong; "
      + others.map { "with \($0.0) \(errors($0.1.name))" }.joined(separator: ", ")
    return ("tanh: gain \(gain)", why)
  }
}

extension WeightInit {
  /// What the section found, in one sentence; empty where one of its nets did otherwise.
  private static func sum(_ findings: Findings, _ deepest: [Summary]) -> String {
    guard let study = findings.depths, let last = study.nets.last?.depth, study.learnedDepths(3).last == last,
      study.deadFrom(0) != nil, (deepest[0] - deepest[1]).direction() == .above
    else { return "" }
    return
      " In sum: weights that are too small make SGD's first steps too small, and one factor mends it; Adam makes up for a part."
  }

  /// What Adam makes of small weights.
  static func addAdam(to page: inout Page, _ findings: Findings) {
    guard let own = findings.own, let deepest = own.deepAdam else { return }
    let learned = own.learnedWithAdam(0)
    page.prose(
      """
      **This is a limit of SGD.** Adam divides each step by the recent size of the gradient, so a small gradient does not make small steps.
      """)
    page.table(own.adamTable)
    let ahead = (deepest[0] - deepest[1]).worded(
      above: "but better from He's", below: "even better than from He's", withinChance: "as well as from He's")
    page.prose(
      """
      Xavier's nets still learn with \(learned) layers, \(ahead) weights. **\(own.torchWords).**\(sum(findings, deepest))
      """)
  }
}
