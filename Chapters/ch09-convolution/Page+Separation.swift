// The part of chapter 9 that takes windows and equal weights apart.

import Foundation
import Workbook

extension SlidingWindow {
  /// Three nets of the same units, with less and less freedom.
  static func addSeparation(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    guard let live = findings.separation else { return }
    let kept = larger(live, recorded)
    let separation = kept ?? live
    let seeds = separation.dense.ordered.count
    page.prose(
      """
      ### Windows and equal weights, one at a time

      Shuffling makes two restrictions useless at once: the windows and the equal weights. To separate them, we add one at a \
      time. Three nets have the same units in the same layers. In the *dense* net every unit sees the whole layer before it. In \
      the net with *windows* a unit sees only its window, as in a convolution, but it has its own weights (such a layer is called \
      *locally connected*). In the third net these weights are also *equal* everywhere (weight sharing), which makes it a \
      convolution. All three use max pooling of 2×2.
      """)
    let told = reported(findings, recorded)
    if let races = told.anywhere, races.first?.saving != nil {
      addAnywhere(to: &page, races, told)
      page.prose(
        """
        ### Digits in the middle

        MNIST's own digits stand in the middle, so each unit sees nearly the same part of each digit and equal weights have \
        less to give.
        """)
    }
    let own = choices(findings, recorded)
    let nets = [("dense", separation.dense), ("windows", separation.local), ("equal weights", separation.shared)]
    func bars(_ name: String, _ errors: [Summary], _ color: Int) -> BarChart.Bars {
      .init(name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
    }
    let chosen = nets.map { "\($0.0) \(short(Double($0.1.orderedRate))) and \(short(Double($0.1.shuffledRate)))" }
    let rates = separation.rates ?? SeparationExperiment.fewRates
    page.figure(
      Figure(
        separation.title(bySeed: own),
        .bars(
          BarChart(
            categories: nets.map(\.0), y: Axis("test error (%)"),
            [
              bars("pixels in order", own ?? nets.map(\.1.ordered), 0),
              bars("pixels shuffled", nets.map(\.1.shuffled), 1),
            ])),
        caption: """
          \(kept == nil ? "" : "Recorded full run. ")\(findings.data) at 14×14 pixels, \(grouped(separation.trainingCount)) training \
          images, \(seeds == 1 ? "one seed" : "mean and standard deviation of \(seeds) seeds").\(own == nil ? "" : " In order every seed chooses its own learning rate; shuffled, each net has one.") The nets have \
          \(list(nets.map { grouped($0.1.parameters) })) parameters.
          """,
        name: "windows-and-weights"))
    page.project(
      separation.slideTitle(bySeed: own),
      notes: "Each step takes one freedom away. Shuffled, which step hurts?")
    addSavings(to: &page, separation, bySeed: own)
    page.prose(bothFigures(findings, separation, recorded: recorded))
    page.fold("How the three nets were measured\(kept == nil ? "" : ", and this run's numbers")") { page in
      page.prose(
        """
        The nets have 6 maps of 10×10 from windows of 5×5, 16 maps of 3×3 from windows of 3×3, and ten outputs. They learn for \
        \(counted(separation.epochs, "epoch")) and are tested on \(grouped(separation.testCount)) images. Each has its own learning \
        rate for each order of the pixels: of \(rates.count) rates from \(short(Double(rates[0]))) to \
        \(short(Double(rates[rates.count - 1]))) the one with the fewest errors on \(grouped(separation.validationCount)) digits that \
        were kept back (\(counted(min(RateContest.choosing, seeds), "seed"))).\(own == nil ? "" : " The figure's bars in order come from a second measurement, in which every seed chooses its own rate in the same way.") The chosen rates, in order and shuffled: \
        \(chosen.joined(separator: "; ")).\(ends(nets, of: rates))\(learned(nets.map(\.1)))
        """)
      if kept != nil {
        page.prose(
          "This run is shorter (\(grouped(live.trainingCount)) images, \(counted(live.epochs, "epoch"))). Errors in order and shuffled: \(row(live)).\(cutShort(live))"
        )
      }
      page.prose(
        """
        Windows without equal weights are a dense layer whose weights are 0 outside the windows and stay 0.
        """)
    }
  }

  /// The recorded experiment, where it is the larger one.
  static func larger(_ live: SeparationExperiment, _ recorded: Findings?) -> SeparationExperiment? {
    recorded?.separation.flatMap { $0.trainingCount > live.trainingCount ? $0 : nil }
  }

  /// What the figure at equal parameters and the one at equal units say together.
  private static func bothFigures(
    _ findings: Findings, _ separation: SeparationExperiment, recorded: Findings?
  ) -> String {
    let lead = equalSize(findings, recorded: recorded).gain
    let own = choices(findings, recorded)
    let change = separation.sameUnits(own)
    let parameters = lead.worded(
      above:
        "the convolution makes \(fixed(lead.mean, 1)) points fewer errors than the dense net\(lead.intervalNote()), which can afford only \(denseUnits(parameters: findings.locality.dense.parameters)) units",
      below:
        "the convolution makes \(fixed(-lead.mean, 1)) points more errors than the dense net",
      withinChance: "the convolution and the dense net do not differ beyond chance")
    let times = "with 1/\(fixed(separation.saving, 0)) of the parameters"
    let note =
      own == nil
      ? change.magnitude.intervalNote() : "\(change.magnitude.intervalNote().dropLast()); every seed at its own rate)"
    let units = change.worded(
      above: "it makes \(fixed(change.mean, 1)) points fewer errors\(note), \(times)",
      below: "it makes \(fixed(-change.mean, 1)) points more errors\(note), \(times)",
      withinChance: "the errors do not differ beyond chance (\(change.interval(1)) points fewer), \(times)")
    return """
      So do they pay? With the same number of *parameters*, \(parameters). With the same *units*, \(units) \
      (\(grouped(separation.shared.parameters)) instead of \(grouped(separation.dense.parameters))). Windows and equal weights \
      allow many units with few parameters.
      """
  }

  /// That a best rate lies at an end of the grid, and whose.
  private static func ends(_ nets: [(String, SeparatedNet)], of rates: [Float]) -> String {
    let names = nets.filter { $0.1.isAtEnd(of: rates) }.map(\.0)
    return names.isEmpty ? "" : " At the end of the range lies a rate of: \(list(names))."
  }

  /// The errors of a smaller run, `dense 10.3 and 10.5 % …`.
  private static func row(_ separation: SeparationExperiment) -> String {
    [("dense", separation.dense), ("windows", separation.local), ("equal weights", separation.shared)].map {
      "\($0.0) \(fixed($0.1.ordered.mean, 1)) and \(fixed($0.1.shuffled.mean, 1)) %"
    }.joined(separator: "; ")
  }

  /// What the nets still have wrong of the digits that they learned from.
  private static func learned(_ nets: [SeparatedNet]) -> String {
    let errors = nets.compactMap { $0.orderedTraining?.mean }
    guard errors.count == nets.count, let most = errors.max() else { return "" }
    return most < 1
      ? " After training, in order, all three get less than \(most < 0.1 ? "0.1" : most < 0.5 ? "0.5" : "1") % of their training digits wrong, so the training is long enough."
      : " After training, in order, they get \(list(errors.map { fixed($0, 1) })) % of their training digits wrong."
  }

  /// Why a small run may turn the order round: its net of equal weights has not learned its own digits yet.
  private static func cutShort(_ live: SeparationExperiment) -> String {
    guard let own = live.shared.orderedTraining?.mean, let dense = live.dense.orderedTraining?.mean, own > 2 * dense,
      live.shared.ordered.mean > live.dense.ordered.mean
    else { return "" }
    return """
       Here the convolution is the worst of the three, but its training is too short: it still gets \(fixed(own, 1)) % of its \
      training digits wrong, the dense net \(fixed(dense, 1)) %.
      """
  }

  /// What each step saves, with its intervals, and what follows.
  private static func addSavings(to page: inout Page, _ separation: SeparationExperiment, bySeed: [Summary]?) {
    guard separation.windows.isMeasured else {
      return page.prose("So few runs cannot tell the steps from chance.")
    }
    /// With spaces at which no line breaks.
    func cell(_ gain: Summary) -> TableCell {
      let interval = bySeed == nil ? SeparationExperiment.interval(gain) : gain.interval(2)
      return TableCell("\(fixed(gain.mean, 2)) (\(interval))".replacing(" ", with: "\u{A0}"))
    }
    let level = short(100 - 5 / Double(SeparationExperiment.comparisons), digits: 4)
    var rows: [[TableCell]] = [
      [
        "windows", cell(bySeed.map { $0[0] - $0[1] } ?? separation.windows.gain), cell(separation.shuffledWindows.gain),
      ],
      [
        "equal weights", cell(bySeed.map { $0[1] - $0[2] } ?? separation.equality.gain),
        cell(separation.shuffledEquality.gain),
      ],
    ]
    if bySeed != nil {
      rows.append([
        "both together", cell(separation.sameUnits(bySeed)),
        cell(separation.dense.shuffled - separation.shared.shuffled),
      ])
    }
    page.table(
      Table(
        "Points of test error that each step saves, with \(bySeed == nil ? "intervals at \(level) %, so that four hold together at 95 %" : "95 % intervals")",
        columns: ["step", "in order", "shuffled"], rows: rows))
    page.prose(separation.words(bySeed: bySeed))
  }

  /// The errors of the three nets where every seed chose its own rate; nil where that was not measured.
  private static func choices(_ findings: Findings, _ recorded: Findings?) -> [Summary]? {
    (recorded ?? findings).separationBySeed.flatMap { $0.count == 3 ? $0 : nil }
  }

  /// The line of the takeaway.
  static func unitsTakeaway(_ findings: Findings, _ recorded: Findings?) -> String? {
    findings.separation.map { larger($0, recorded) ?? $0 }?.takeaway(bySeed: choices(findings, recorded))
  }

  /// `a, b and c`.
  static func list(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }
}

extension SeparationExperiment {
  /// What the figure says: of both together, where every seed chose its own rate, else of each.
  func title(bySeed: [Summary]?) -> String {
    if windows.gain.count < 3 {
      return "Windows and equal weights, taken apart; so few runs cannot tell a gain from chance"
    }
    if bySeed != nil {
      let mixed = dense.shuffled - shared.shuffled
      return """
        In order, windows and equal weights together \(effect(sameUnits(bySeed))) with 1/\(fixed(saving, 0)) of the parameters; \
        shuffled, they \(effect(mixed))
        """
    }
    let order =
      Self.isClear(windows.gain) || Self.isClear(equality.gain)
      ? parts(windows.gain, equality.gain) : "neither windows nor equal weights change the error beyond chance"
    return "In order, \(order); shuffled, \(parts(shuffledWindows.gain, shuffledEquality.gain))"
  }

  /// What the table says: in order, where the choice of the rates matters, and shuffled.
  func words(bySeed: [Summary]?) -> String {
    var words = "With the pixels in order, \(parts(windows.gain, equality.gain))."
    if let bySeed {
      let steps = [bySeed[0] - bySeed[1], bySeed[1] - bySeed[2]]
      let together = sameUnits(bySeed)
      words = """
        With the pixels in order, windows and equal weights together \(effect(together))\
        \(together.magnitude.intervalNote()) with 1/\(fixed(saving, 0)) of the parameters.
        """
      words +=
        together.direction() == .above && steps.allSatisfy { $0.direction() == .withinChance }
        ? " Which of the two does it cannot be said here: each step alone is within chance."
        : " Alone, windows \(effect(steps[0])), and equal weights \(effect(steps[1]))."
    } else if Self.isClear(equality.gain) {
      words +=
        " The learning rates were chosen on only \(grouped(validationCount)) digits, so take this as likely, not as proven."
    }
    let costs = [shuffledWindows.gain, shuffledEquality.gain].allSatisfy { Self.isClear($0) && $0.mean < 0 }
    return words + " With the pixels shuffled, \(parts(shuffledWindows.gain, shuffledEquality.gain))"
      + (costs ? ": a window then shows no edge, and no pattern is useful everywhere." : ".")
  }

  /// `save 0.5 points`, at 95 %.
  private func effect(_ gain: Summary) -> String {
    gain.worded(
      above: "save \(fixed(gain.mean, 1)) points", below: "cost \(fixed(-gain.mean, 1)) points",
      withinChance: "change nothing beyond chance")
  }

  /// What the convolution takes off the error of the dense net of the same units; where every seed chose its own rate, there.
  func sameUnits(_ bySeed: [Summary]?) -> Summary { bySeed.map { $0[0] - $0[2] } ?? dense.ordered - shared.ordered }

  /// The same for a slide.
  func slideTitle(bySeed: [Summary]?) -> String {
    func costs(_ gain: Summary) -> Bool { Self.isClear(gain) && gain.mean < 0 }
    if bySeed != nil, costs(dense.shuffled - shared.shuffled), sameUnits(bySeed).direction() == .above {
      return "Together they save \(fixed(sameUnits(bySeed).mean, 1)) points in order; shuffled, they cost"
    }
    if !costs(shuffledWindows.gain) || !costs(shuffledEquality.gain) { return "Windows and equal weights, taken apart" }
    if costs(windows.gain) || costs(equality.gain) { return "Shuffled, windows cost errors, and so do equal weights" }
    if Self.isClear(equality.gain), bySeed == nil { return "In order equal weights pay; shuffled, they cost" }
    return [local, shared].allSatisfy { costs($0.ordered - $0.shuffled) }
      ? "Shuffling hurts both nets that look through windows" : "In order no cost is seen; shuffled, both cost"
  }

  /// How many times fewer parameters the net with windows and equal weights has.
  var saving: Double { Double(dense.parameters) / Double(max(1, shared.parameters)) }

  /// One line of the takeaway; nil where nothing is beyond chance.
  func takeaway(bySeed: [Summary]?) -> String? {
    let (ordered, mixed) = (sameUnits(bySeed), dense.shuffled - shared.shuffled)
    guard ordered.count >= 3 else { return nil }
    func points(_ gain: Summary) -> String {
      gain.worded(
        above: "\(fixed(gain.mean, 1)) points fewer errors", below: "\(fixed(-gain.mean, 1)) points more errors",
        withinChance: "as many errors as the dense net, within chance,")
    }
    return """
      With the same units and 1/\(fixed(saving, 0)) of the parameters, a convolution makes \(points(ordered)) on pixels in \
      order\(ordered.magnitude.intervalNote()), and \(points(mixed)) on shuffled pixels.
      """
  }

  /// `windows change nothing beyond chance, and equal weights save 0.7 points`.
  private func parts(_ windows: Summary, _ equality: Summary) -> String {
    "windows \(part(windows)), and equal weights \(part(equality))"
  }

  /// `save 1.2 points`, `cost 0.3 points`, `change nothing beyond chance`.
  private func part(_ gain: Summary) -> String {
    if !Self.isClear(gain) { return "change nothing beyond chance" }
    return "\(gain.mean > 0 ? "save" : "cost") \(fixed(abs(gain.mean), 1)) points"
  }
}
