// The page of chapter 11: what the addition does: changes to the deep plain net that do the same without one.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The bet on copies, the changes, their results, and what these say.
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    guard isTested(nets), !findings.changes.isEmpty else { return }
    addReadings(to: &page, findings)
    page.prose("## What the addition does")
    addCopies(to: &page, findings)
    page.prose(
      """
      We change \(nets.deepPlain.net.name) in other ways, too, and train it again.

      \(findings.changes.filter { $0.name != findings.exactCopies?.name && !$0.text.isEmpty }.map { "- **\(sentenceCase($0.name))**\($0.text)" }.joined(separator: "\n"))
      """)
    page.figure(changesFigure(findings))
    page.project(
      changesSlide(findings), notes: "A change is made: does the gap go with it? Each point is a net with its own seed."
    )
    if let table = beginsTable(findings) {
      page.prose(
        """
        How do these nets begin? *ReLUs cut*, *gradient*: what a ReLU cuts off, and by what a layer multiplies the gradient (steps 1 to 3 above). \
        *Read*: new digits read wrongly, as in the section before. *Directions*: change what enters the first block a little, in any of \
        \(49 * nets.deepPlain.net.channels) directions (\(widerName): twice as many); in so many, weak ones counting less, the change comes out of the last.
        """)
      page.table(table)
    }
    page.prose(meaning(findings) ?? found(findings))
    if let task = rotationsTask(findings) {
      page.fold("To do in PyTorch: plain, residual, rotations") { $0.prose(task) }
    }
    page.fold("How this was measured, with intervals") { addMeasured(to: &$0, findings) }
  }

  /// A net that begins as nearly the one of the opening question.
  private static func addCopies(to page: inout Page, _ findings: Findings) {
    guard let copies = findings.exactCopies else { return }
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual)
    page.prose(
      """
      The deep net “could pass on what it gets”, we said at first. So let \(plain.net.name) *begin* like that, without additions. \
      **Copies**\(copies.text) So every block hands on nearly what it gets.
      """)
    page.predict(
      """
      \(sentenceCase(plain.net.name)) left \(fixed(plain.trainingErrors.mean, 1)) % of its training images wrong, \(residual.net.name) \
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

  /// What every net begins with, and what it leaves: each column is a suspect.
  private static func beginsTable(_ findings: Findings) -> Table? {
    guard findings.readings != nil, findings.alikeness != nil else { return nil }
    let shallow = findings.fair.shallowPlain
    let nets =
      [Shown(name: shallow.net.name, errors: shallow.trainingErrors, net: shallow.net, findings, color: 0)]
      + shown(findings).filter { $0.net != nil }
    return Table(
      "What each net begins with, and what it leaves",
      columns: [
        "net", "ReLUs cut", "gradient", "channels", .init("read (%)", digits: 0),
        .init("directions", digits: 0), .init("wrong (%)", digits: 1),
      ],
      rows: nets.map { net in
        let isClosed = net.net?.start == nil
        return [
          TableCell(net.name), TableCell(net.net?.isResidual == true ? "≤ half" : isClosed ? "half" : "2 %"),
          TableCell(
            net.net?.isResidual == true
              ? "→ × 1"
              : "× \(fixed(isClosed ? GradientFindings.theory : GradientFindings.theory(shift: 2), 2))"),
          TableCell(net.net?.start == .identity ? "apart" : "mixed"), net.read.map { TableCell($0.mean) } ?? "–",
          net.alike?.directions.map { .measured($0) } ?? "–", TableCell(net.errors.mean),
        ]
      })
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
      return "\(sentenceCase(first)) Nothing that was tried replaces the addition."
    }
    return "\(sentenceCase(first)) Without any addition, \(best.name) leave about as few mistakes."
  }

  /// What the results say together; nil where they came out otherwise, or not all is there.
  static func meaning(_ findings: Findings) -> String? {
    let nets = findings.fair
    guard let copies = findings.exactCopies, let rotations = findings.exactRotations, let near = findings.nearCopies,
      let open = findings.openReLUs, let wide = findings.widened, let wideNear = findings.wideNear,
      let fading = findings.fading, let size = directionsOrder(findings),
      Ratio(copies.remedy.treated, over: rotations.remedy.treated).direction == .above,
      [rotations, near, open, wide, fading].allSatisfy({ $0.remedy.factor.direction == .above })
    else { return nil }
    let (plain, residual) = (nets.deepPlain.net, nets.deepResidual.net)
    let shallow = directions(nets.shallowPlain.net, findings)
    let isAlike = abs((Double(directions(residual, findings)) ?? 0) / (Double(shallow) ?? 1) - 1) < 0.25
    func read(_ net: DeepNet?) -> Summary? { findings.readings?.nets.first { $0.net == net }?.errors.last }
    let reads = [plain, open.net, near.net, residual].compactMap { read($0)?.mean }
    let isReadOrdered = reads.count == 4 && zip(reads, reads.dropFirst()).allSatisfy { $0 > $1 }
    let readsCopies =
      read(copies.net).flatMap { copies in read(residual).map { (copies - $0).direction() != .above } } ?? false
    let best = Ratio(wideNear.remedy.treated, over: wideNear.remedy.residual).direction
    return """
      **\(isReadOrdered ? "Two columns follow the errors: what can be read, and the directions." : "One column follows the errors: the directions.")** Of \(size) there come \(directions(plain, findings)) through \(plain.name), \(shallow) through \
      \(nets.shallowPlain.net.name), \(directions(residual, findings)) through \(residual.name): **with additions the deep net begins \
      \(isAlike ? "about as open as the shallow one" : "more open").** From plain to open ReLUs, near copies and additions the directions become more\(isReadOrdered ? ", more can be read," : "") and the \
      mistakes fewer, with \(plain.channels) channels and with \(Controls.width): four nets in each row.

      **Two starts fall out of that row.** Rotations let most through, and stay behind \(residual.name) (\(wrong(rotations))). Copies let as much \
      through, and leave \(wrong(copies)): between the two only the mixing differs. Near copies mix, too (\(wrong(near))). A guess: where channels \
      never meet, a layer has nothing new to combine.

      **A good start without additions removes most of the lag.** With \(plain.channels) channels rotations take \
      \(fixed(nets.deepPlain.trainingErrors.mean, 1)) % to \(wrong(rotations)). With \(Controls.width), near copies take \(wrong(wide)) to \
      \(wrong(wideNear))\(best == .withinChance ? ", which \(counted(wideNear.remedy.treated.count, "seed")) cannot tell from additions" : ", additions fewer still").

      **And additions count most at first.** Where they fade out by half-time, the net ends as a plain one, and half of these nets leave \
      \(fixed(fading.remedy.treated.median, 1)) % or less\(fading.remedy.treated.maximum > 10 ? " (one failed, with \(fixed(fading.remedy.treated.maximum, 0)) %)" : ""). \
      That fits De and Smith (2020): beside a growing sum each branch counts less and less, so a residual net begins almost shallow. Seen so, \
      \(plain.name) *begins too deep*.

      **No other suspect explains it alone.** Overfitting and a gradient that vanishes are out. \(sentenceCase(wide.name)) begin with ReLUs \
      half shut and a gradient that grows as fast, and leave \(wrong(wide)); copies have neither fault and leave \(wrong(copies)). \
      \(readsCopies ? "A linear layer reads copies no worse than \(residual.name). " : "")Even steps leave \(wrong(findings.oneSize)), which may be chance. Causes may \
      add up: opening the ReLUs helps (\(wrong(open))), and changes gradient, picture and directions at once.

      **We would bet on this:** a deep net learns fast if many directions come through it at the start, and its channels mix. It is not \
      proved: each change alters more than one column, and rotations are an exception. **The addition gives such a start without \
      care; what else it does is open.**\(isBest(findings, [rotations, fading]) ? " \(sentenceCase(residual.name)) still makes fewer mistakes than rotations and than nets whose additions fade out." : "")
      """
  }

  /// Whether additions leave fewer mistakes than all of these.
  private static func isBest(_ findings: Findings, _ changes: [Change]) -> Bool {
    changes.allSatisfy { Ratio($0.remedy.treated, over: $0.remedy.residual).direction == .above }
  }

  /// In how many directions a small change comes through a net before training, in words.
  static func directions(_ net: DeepNet?, _ findings: Findings) -> String {
    findings.alikeness?.net(net)?.directions.map { fixed($0.mean, 0) } ?? "–"
  }

  /// How many directions there are, where more of them go with fewer mistakes from plain to open ReLUs, near copies and additions in both
  /// widths; nil where they do not.
  static func directionsOrder(_ findings: Findings) -> Int? {
    let all = shown(findings)
    let rows = [findings.fair.deepPlain.net.channels, Controls.width].map { channels in
      all.filter { net in
        net.net.map {
          $0.channels == channels && $0.blocks == findings.fair.deepPlain.net.blocks
            && [nil, .open, .near].contains($0.start)
        } ?? false
      }.sorted { $0.errors.mean > $1.errors.mean }.map { $0.alike?.directions?.mean ?? .nan }
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
