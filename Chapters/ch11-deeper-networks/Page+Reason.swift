// The page of chapter 11: what the addition does: how much comes through before training, and starts without additions.

import Foundation
import Workbook

extension DeeperNetworks {
  /// How much comes through, the bet on copies, the starts, their results, and what these say.
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    guard isTested(nets), !findings.changes.isEmpty else { return }
    addReadings(to: &page, findings)
    page.prose("## Where the net begins")
    addDirections(to: &page, findings)
    addCopies(to: &page, findings)
    addStarts(to: &page, findings)
    page.figure(changesFigure(findings))
    page.project(
      changesSlide(findings), notes: "A change is made: does the gap go with it? Each point is a net with its own seed."
    )
    page.prose(meaning(findings) ?? found(findings))
    if let suspects = suspectsTable(findings) {
      page.table(suspects)
      page.prose(bet(findings))
    }
    if let task = rotationsTask(findings) {
      page.fold("To do in PyTorch: plain, residual, rotations") { $0.prose(task) }
    }
    page.fold("More changes, and all with intervals") { addMeasured(to: &$0, findings) }
  }

  /// In how many directions a change comes through before training: the idea of the section.
  private static func addDirections(to page: inout Page, _ findings: Findings) {
    guard meaning(findings) != nil, let size = directionsOrder(findings) else { return }
    let nets = findings.fair
    let (plain, residual, shallow) = (nets.deepPlain.net, nets.deepResidual.net, nets.shallowPlain.net)
    let counts = [shallow, residual].compactMap { findings.alikeness?.net($0)?.directions?.median }
    let isAlike = counts.count == 2 && abs(counts[1] / counts[0] - 1) < 0.25
    page.prose(
      """
      Move the input of the first block of an *untrained* net by the same small amount in every direction: the points you reach form a small ball. Behind the last block it is \
      a stretched ball, and we count how many of its axes are long. The input has \(plain.channels)×7×7 = \(size) numbers: if all axes are equally long, the \
      count is \(size); if the ball has become a line, it is 1.
      """)
    page.figure(ballsFigure())
    page.prose(
      """
      **\(directions(plain, findings)) directions are left behind \(plain.name), \(directions(shallow, findings)) behind \(shallow.name), \(directions(residual, findings)) behind \
      \(residual.name).** A small change in any other direction hardly shows there, and the gradient comes back in as few.

      Why so few? Each layer stretches some axes more than others, and over \(2 * plain.blocks) layers the factors multiply. An axis that each layer leaves a tenth shorter than the longest one has \
      0.9\(superscript(2 * plain.blocks)) = \(percent(pow(0.9, Double(2 * plain.blocks)))) of its length in the end. With additions the input stays \
      in the sum: beside what has been added up, each branch counts less and less (De and Smith 2020).\(isAlike ? " So \(residual.name) begins about as open as \(shallow.depth) layers." : "")
      """)
    page.slide(
      "How many directions come through before training?",
      "Of \(size): \(plain.name) \(directions(plain, findings)), \(shallow.name) \(directions(shallow, findings)), \(residual.name) \(directions(residual, findings)).",
      notes: "A ball goes in, a stretched ball comes out: how many of its axes are long?")
  }

  /// A ball of two directions, and what may become of it.
  private static func ballsFigure() -> Figure {
    let shapes = [("in", 1.0), ("out, nearly a ball", 0.6), ("out, nearly a line", 0.1)]
    return Figure(
      "A ball goes in, a stretched ball comes out: how many of its axes are long?",
      .lines(
        LineChart(
          x: Axis("first direction", range: -1.2...5.8), y: Axis("second direction", range: -1.2...1.2),
          shapes.enumerated().map { place, shape in
            let turns = (0...60).map { 2 * Double.pi * Double($0) / 60 }
            return Series(
              shape.0, x: turns.map { 2.3 * Double(place) + cos($0) }, y: turns.map { shape.1 * sin($0) }, style: .line,
              color: [7, 0, 4][place])
          }, hasEqualScales: true)),
      caption: """
        Drawn for two directions. For axes of the lengths σ the count is (Σσ²)²/Σσ⁴: \(fixed(long(shapes[0].1), 0)) for the ball that \
        goes in, \(fixed(long(shapes[1].1), 1)) for 1 and \(short(shapes[1].1)), \(fixed(long(shapes[2].1), 1)) for 1 and \(short(shapes[2].1)).
        """, name: "balls")
  }

  /// (Σσ²)²/Σσ⁴ of the axes 1 and σ.
  private static func long(_ axis: Double) -> Double {
    let square = axis * axis
    return (1 + square) * (1 + square) / (1 + square * square)
  }

  /// A net that begins as nearly the one of the opening question.
  private static func addCopies(to page: inout Page, _ findings: Findings) {
    guard let copies = findings.exactCopies else { return }
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual)
    page.prose(
      """
      \(meaning(findings) == nil ? "" : "Is that the reason? Then \(plain.net.name) should learn without additions, too, if more comes through it at the start. ")The deep net “could pass on what it gets”, we said at first. \
      Let it *begin* like that. **Copies**\(copies.text) So every block hands on nearly what it gets.
      """)
    page.predict(
      """
      \(capitalized(plain.net.name)) left \(fixed(plain.trainingErrors.mean, 1)) % of its training images wrong, \(residual.net.name) \
      \(fixed(residual.trainingErrors.mean, 1)) %. What do copies leave?
      """,
      choices: [
        "as few as \(residual.net.name)", "clearly fewer than \(plain.net.name), but more than \(residual.net.name)",
        "not clearly fewer than \(plain.net.name)",
      ],
      answer: copies.remedy.factor.direction != .above
        ? 2 : Ratio(copies.remedy.treated, over: copies.remedy.residual).direction == .above ? 1 : 0,
      """
      They leave \(wrong(copies)).\(copies.remedy.factor.direction == .withinChance ? " The difference from \(plain.net.name) may be chance." : "") \
      \(copies.remedy.factor.direction == .above ? "" : "To begin as a net that passes on what it gets is not enough.")
      """)
    page.project("A net that begins by passing on its input: does it learn?")
  }

  /// The other nets of the figure.
  private static func addStarts(to page: inout Page, _ findings: Findings) {
    let others = findings.changes.filter { $0.isMain && $0.name != findings.exactCopies?.name }
    guard !others.isEmpty else { return }
    page.prose(
      """
      What may copies lack? Their channels never meet: each block hands on every channel by itself. So \(others.count) more nets are trained:

      \(others.map { "- **\(capitalized($0.name))**\($0.text)" }.joined(separator: "\n"))
      """)
  }

  /// `4 (3 to 5)`: median, smallest and largest.
  static func range(_ values: Summary) -> String {
    "\(fixed(values.median, 0)) (\(fixed(values.minimum, 0)) to \(fixed(values.maximum, 0)))"
  }

  static func wrong(_ change: Change?) -> String {
    change.map { "\(fixed($0.remedy.treated.mean, 1)) %" } ?? "–"
  }

  /// What was found, where the results say less.
  static func found(_ findings: Findings) -> String {
    let names = findings.helping.map(\.name)
    let first =
      names.isEmpty
      ? "no change takes a part of the gap away beyond chance."
      : "\(listed(names)) \(names.count == 1 && !names[0].hasSuffix("s") ? "takes" : "take") a part of the gap away."
    let closing = findings.changes.filter { $0.remedy.answer == .closes }
    guard let best = closing.min(by: { $0.remedy.rest.mean < $1.remedy.rest.mean }) else {
      return "\(capitalized(first)) Nothing that was tried replaces the addition."
    }
    return "\(capitalized(first)) Without any addition, \(best.name) leave about as few mistakes."
  }

  /// What the results say together; nil where they came out otherwise, or not all is there.
  static func meaning(_ findings: Findings) -> String? {
    let nets = findings.fair
    guard let copies = findings.exactCopies, let rotations = findings.exactRotations, let near = findings.nearCopies,
      let open = findings.openReLUs, let wide = findings.widened, let wideNear = findings.wideNear,
      let fading = findings.fading, directionsOrder(findings) != nil,
      Ratio(copies.remedy.treated, over: rotations.remedy.treated).direction == .above,
      [rotations, near, open, wide, fading].allSatisfy({ $0.remedy.factor.direction == .above })
    else { return nil }
    let (plain, residual) = (nets.deepPlain.net, nets.deepResidual.net)
    let best = Ratio(wideNear.remedy.treated, over: wideNear.remedy.residual).direction
    let rest = Ratio(rotations.remedy.treated, over: rotations.remedy.residual)
    return """
      - **What fits.** Without any addition rotations leave \(wrong(rotations)), not \(fixed(nets.deepPlain.trainingErrors.mean, 1)) %. Additions that fade out help, too: half of these nets leave \
      \(fixed(fading.remedy.treated.median, 1)) % or less, as plain nets in the end.
      - **What does not fit.** Copies have as many directions as rotations, and leave \(wrong(copies)): only the mixing of the channels differs.\(rest.direction == .above ? " And \(residual.name) has fewer than rotations, and leaves \(fixed(nets.deepResidual.trainingErrors.mean, 1)) %." : "")
      - **Channels.** With \(Controls.width) instead of \(plain.channels) channels near copies leave \(wrong(wideNear))\(best == .withinChance ? ", as additions do, as far as \(counted(wideNear.remedy.treated.count, "seed")) tell" : ""). The usual start leaves \(wrong(wide)) there, though its \
      \(directions(wide.net, findings)) directions are few.
      """
  }

  /// A verdict on each suspect; nil where `meaning` is.
  private static func suspectsTable(_ findings: Findings) -> Table? {
    guard meaning(findings) != nil, let flow = findings.flow?.net(residual: false), let copies = findings.exactCopies,
      let ends = Readings(findings), let after = flow.after,
      let calmed = calmed(findings), let rotations = findings.exactRotations, let wide = findings.widened,
      let read = findings.readings?.nets.first(where: { $0.net == copies.net })?.errors.last
    else { return nil }
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual.net)
    let starts = startGrowth(findings)
    let isRead = (read - ends.residual).direction() != .above && copies.remedy.factor.direction != .above
    return Table(
      "Why is \(plain.net.name) slow? A verdict on each suspect",
      columns: ["suspect", "what we saw", "verdict"],
      rows: [
        [
          "overfitting", TableCell("\(fixed(plain.trainingErrors.mean, 1)) % of its own training images are wrong"),
          "out",
        ],
        [
          "the gradient vanishes",
          TableCell(
            "before training it grows; after an epoch \(after.factor.worded(from: 1, above: "too", below: "it shrinks", withinChance: "it does not shrink beyond chance"))"
          ),
          TableCell(vanishing(findings).isRuledOut ? "out" : "open"),
        ],
        [
          "the gradient explodes",
          TableCell(
            "it grows \(short(flow.before.span))-fold before training\(starts?.words ?? ""); \(calmed.words)"
          ),
          TableCell(calmed.helps ? "a part" : starts?.isTurned == true ? "does not explain it alone" : "open"),
        ],
        [
          "the picture is lost to a linear layer",
          TableCell(
            "it reads \(fixed(ends.plain.mean, 0)) % wrongly behind \(plain.net.name), \(fixed(read.mean, 0)) % behind copies, which leave \(wrong(copies))"
          ),
          TableCell(isRead ? "does not explain it alone" : "open"),
        ],
        [
          "too deep a start: few directions",
          TableCell(
            "\(directions(plain.net, findings)), plain \(findings.fair.shallowPlain.net.depth) \(directions(findings.fair.shallowPlain.net, findings)), \(residual.name) \(directions(residual, findings)); rotations have \(directions(rotations.net, findings)) and leave \(wrong(rotations)), but copies have \(directions(copies.net, findings)), too"
          ), "a part, we would bet",
        ],
        [
          "too few channels",
          TableCell("\(wrong(wide)) with \(Controls.width), and the usual start"),
          TableCell(wide.remedy.factor.worded(above: "a part", below: "out", withinChance: "open")),
        ],
      ])
  }

  /// Growth and errors of copies and rotations, and whether the one whose gradient grows less leaves more mistakes.
  private static func startGrowth(_ findings: Findings) -> (words: String, isTurned: Bool)? {
    guard let copies = findings.exactCopies, let rotations = findings.exactRotations,
      let still = findings.startFlow?.net(copies.net)?.before.span,
      let growing = findings.startFlow?.net(rotations.net)?.before.span
    else { return nil }
    let isTurned =
      still < growing && Ratio(copies.remedy.treated, over: rotations.remedy.treated).direction == .above
    return (
      ", \(short(still))-fold in copies, \(short(growing))-fold in rotations\(isTurned ? ", which leave fewer mistakes" : "")",
      isTurned
    )
  }

  /// What helps against a gradient that grows: small steps at first, and steps of one size; nil where neither was trained.
  private static func calmed(_ findings: Findings) -> (words: String, helps: Bool)? {
    let changes = [
      findings.warmedUp.map {
        ($0, "small steps in the first \(Controls.warmUp) epochs (a warm-up) leave \(wrong($0))")
      },
      findings.oneSize.map { ($0, "steps of one size in every layer leave \(wrong($0))") },
    ].compactMap { $0 }
    guard !changes.isEmpty else { return nil }
    let helps = changes.contains { $0.0.remedy.factor.direction == .above }
    return (listed(changes.map(\.1)) + (helps ? "" : ", within chance"), helps)
  }

  /// What remains to believe.
  private static func bet(_ findings: Findings) -> String {
    let residual = findings.fair.deepResidual.net.name
    return """
      **We would bet:** \(findings.fair.deepPlain.net.name) is slow in part because few directions come through it at the start; with additions more come through, without care. \
      It is not proved. We thought of the directions only after the trainings, and the starts change more than these: their ReLUs cut less. **What else the addition does is open.**
      """
  }

  /// In how many directions a small change comes through a net before training, in words.
  static func directions(_ net: DeepNet?, _ findings: Findings) -> String {
    findings.alikeness?.net(net)?.directions.map { fixed($0.median, 0) } ?? "–"
  }

  /// How many directions there are, where more of them go with fewer mistakes from plain to open ReLUs, near copies and additions in both
  /// widths; nil where they do not.
  static func directionsOrder(_ findings: Findings) -> Int? {
    let all = shown(findings).filter { $0.name != fadingName }
    let rows = [findings.fair.deepPlain.net.channels, Controls.width].map { channels in
      all.filter { net in
        net.net.map {
          $0.channels == channels && $0.blocks == findings.fair.deepPlain.net.blocks
            && [nil, .open, .near].contains($0.start)
        } ?? false
      }.sorted { $0.errors.mean > $1.errors.mean }.map { $0.alike?.directions?.median ?? .nan }
    }
    let isOrdered = rows.allSatisfy { row in row.count == 4 && zip(row, row.dropFirst()).allSatisfy { $0 < $1 } }
    return isOrdered ? all[0].size : nil
  }

  /// Whether the gradient of the plain net becomes small on its way back, before training and after an epoch.
  static func vanishing(_ findings: Findings) -> (isRuledOut: Bool, evidence: String) {
    let flow = findings.flow?.net(residual: false)
    let before =
      flow.map { $0.before.factor.direction(from: 1) }
      ?? (findings.gradients.shown.factor(.normalized).mean > 1 ? .above : .below)
    let after = flow?.after?.factor.direction(from: 1)
    func words(_ direction: Summary.Direction, _ stage: GradientFlow.Stage?) -> String {
      let size = stage.map { " \(short($0.span))-fold" } ?? ""
      return switch direction {
      case .above: "it grows\(size)"
      case .below: "it shrinks\(size)"
      case .withinChance: size.isEmpty ? "no change beyond chance" : "it is\(size), which may be chance"
      }
    }
    return (
      before != .below && after != .below,
      words(before, flow?.before) + (after.map { "; after an epoch \(words($0, flow?.after))" } ?? "")
    )
  }
}
