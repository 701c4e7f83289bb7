// The page of chapter 11: why the deep net is slow: the changes, an addition that fades out, the suspects in one table.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The suspects, and what came out.
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    guard isTested(nets) else { return }
    let (deep, residual) = (nets.deepPlain.net.name, nets.deepResidual.net.name)
    page.prose(
      """
      ## What is the reason, then?

      \(sentenceCase(deep)) is slow, and the addition makes it fast. Why? We change \(deep), without any addition, and train it again. \
      What counts is the *gap*: how many points more of its training images it gets wrong than \(residual). If a change closes the \
      gap, the addition may work by doing the same.
      """)
    addChanges(to: &page, findings)
    addFading(to: &page, findings)
    addTable(to: &page, runs)
    addDetails(to: &page, runs)
  }

  /// What is changed, and why it may help.
  private static func addChanges(to page: inout Page, _ findings: Findings) {
    let (nets, changes) = (findings.fair, findings.tried)
    guard !changes.isEmpty else { return }
    let growth = findings.flow?.net(residual: false)?.before
    let texts = [
      "steps of one size": """
      **Steps of one size.** Before training the first block gets a larger gradient than the last\
      \(growth.map { ", \(short($0.span)) times as large, \(counted($0.norms.count - 1, "block")) away" } ?? ""). One rate may not \
      suit both (Yang et al. 2019). So before every step we divide each layer's gradient by its root mean square. (That keeps steps large even where the gradient fades.)
      """,
      widerName: """
      **\(widerName)** instead of \(nets.deepPlain.net.channels). Where a layer has few channels, its ReLUs may cut off what no later \
      layer can restore.
      """,
      "open ReLUs": """
      **Open ReLUs.** At the start each ReLU sets half of its inputs to 0. If every norm begins with β = 2 instead of 0, only about \
      2 % of its output is negative: the ReLUs cut almost nothing. Then the gradient no longer grows either.
      """,
      "a start near the identity": """
      **A start near the identity.** The ReLUs are open, and every kernel gets a 1 in its middle for its own channel, beside He's \
      weights at half their size. So at the start each block nearly copies its input, as in the copy of a shallow net.
      """,
    ]
    page.prose(changes.compactMap { texts[$0.name] }.map { "- \($0)" }.joined(separator: "\n"))
    let closing = changes.indices.filter { changes[$0].remedy.answer == .closes }
    guard closing.count < 2 else { return }
    page.predict(
      "Which of these changes to \(nets.deepPlain.net.name) closes the gap alone?",
      choices: changes.map(explained) + ["none of them"], answer: closing.first ?? changes.count,
      "The gap is \(fixed(nets.cure.mean, 1)) points as it is. "
        + changes.map { "With \($0.name) \(fixed($0.remedy.rest.mean, 1)) are left." }.joined(separator: " "))
    // A deck has at most 18 slides, and the addition that fades out asks for one.
    if findings.faded == nil { page.project("Without an addition: which change closes the gap?") }
  }

  /// A change and, in a few words, what it does.
  private static func explained(_ change: Change) -> String {
    switch change.name {
    case "steps of one size": "steps of one size: gradients scaled alike"
    case "open ReLUs": "open ReLUs: at first almost none outputs 0"
    case "a start near the identity": "a start near the identity: blocks nearly copy"
    default: "\(change.name), twice as many"
    }
  }
  /// An addition that is there at first and gone later.
  private static func addFading(to page: inout Page, _ findings: Findings) {
    guard let faded = findings.faded, let fading = findings.fadingRow?.net.fading else { return }
    let nets = findings.fair
    let (deep, residual) = (nets.deepPlain.net.name, nets.deepResidual.net.name)
    page.prose(
      """
      ### An addition that fades out

      One suspect is left: without the addition there is no short path past the blocks. Is that path needed during the whole \
      training? We put a factor $a$ in front of it, which falls evenly from 1 to 0 until the end of epoch \(fading.to). From there on \
      the net is \(deep).
      """)
    page.math("y = \\max(0,\\; a\\,x + F(x))")
    page.fold("The block with a factor, in code") { $0.code("FadingBlock", in: "Fading.swift") }
    let answer: Int? =
      switch faded.answerByCount {
      case .closes: 0
      case .narrows: 1
      case .stays: 2
      case .unclear: nil
      }
    if let answer {
      page.predict(
        """
        The addition is gone by epoch \(fading.to) of \(nets.epochs). In the end \(residual) has \
        \(fixed(faded.residual.mean, 1)) % of its training images wrong, \(deep) \(fixed(faded.usual.mean, 1)) %. And this net?
        """,
        choices: ["about as few as \(residual)", "more, but fewer than \(deep)", "as many as \(deep), or more"],
        answer: answer,
        faded.isCounted
          ? "The middle one of \(faded.treated.count) nets has \(fixed(faded.treated.median, 1)) % wrong."
          : "It has \(fixed(faded.treated.mean, 1)) % wrong, \(points(faded.rest)) points more than \(residual).")
      page.project(
        "An addition that is gone by epoch \(fading.to): what then?",
        notes: "With a = 1 the net is residual, with a = 0 it is plain.")
    }
    let finding = fadingFinding(findings) ?? ""
    let reserve =
      answer == 0 || answer == 1
      ? " But that half has the small steps; most of the learning is done while the path is there." : ""
    let failing = faded.treated.values.max() ?? 0
    let failed =
      faded.isCounted && failing > 2 * faded.treated.median
      ? " One of the nets fails, with \(fixed(failing, 1)) % wrong: taking the path away may itself do harm." : ""
    page.prose(finding + reserve + failed)
  }

  /// All suspects in one table, every net in one figure, and what is known.
  private static func addTable(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    // Two changes that do no more than one are in the fold.
    let dropped = findings.pairs.filter { $0.remedy.answer != .closes }.map(\.suspect)
    let suspects = suspects(findings).filter { !dropped.contains($0.name) }
    let known = suspects.filter { $0.errors == nil }
    page.prose(
      """
      ### The suspects in one table

      For some suspects nothing has to be trained. \
      \(known.map { "*\(sentenceCase($0.name))* is \($0.verdict): \($0.change)." }.joined(separator: " "))
      """)
    if findings.ownRates?.row() != nil, !findings.singleChanges.isEmpty {
      page.figure(causesFigure(findings))
      page.project(
        changesSlide(findings),
        notes: "A cause is taken away: does the gap go with it? Each point is a net with its own seed.")
    }
    page.prose(
      """
      No net has fewer than 0 errors, so whatever makes a net faster squeezes the gap. Hence a second measure: the epoch from which \
      on fewer than \(Int(fewErrors)) % are wrong. A change replaces the addition only if it comes near the last rows in both columns.
      """)
    let (plain, residual) = (nets.deepPlain, nets.deepResidual)
    func cells(_ change: String, _ errors: Summary, _ epochs: Int??, _ verdict: String = "–") -> [TableCell] {
      [TableCell(change), TableCell(errors.mean), TableCell(epochs.map { epochsText($0) } ?? "–"), TableCell(verdict)]
    }
    let wide = DeepNet(blocks: plain.net.blocks, isResidual: true, channels: Controls.width)
    page.table(
      Table(
        "\(sentenceCase(plain.net.name)) with each change: mean errors on its training images after \(counted(nets.epochs, "epoch")), and speed",
        columns: ["change", .init("errors left (%)", digits: 1), "epochs to \(Int(fewErrors)) %", "verdict"],
        rows: [cells("none: \(plain.net.name)", plain.trainingErrors, epochs(of: plain.firstCurve))]
          + suspects.compactMap { suspect in
            suspect.errors.map { cells(suspect.change, $0, suspect.epochs?.changed, suspect.verdict) }
          }
          + [cells("the addition: \(residual.net.name)", residual.trainingErrors, epochs(of: residual.firstCurve))]
          + [findings.controls?.row(wide)?.trainingErrors].compactMap {
            $0.map { errors in
              cells(
                "the addition, \(widerName)", errors, findings.residualCurve(isWide: true).map { epochs(of: $0) })
            }
          }))
    let verdicts = suspects.map { sentenceCase($0.verdict) }
    let found = verdicts.indices.filter { verdicts.firstIndex(of: verdicts[$0]) == $0 }.map { first in
      let names = suspects.indices.filter { verdicts[$0] == verdicts[first] }.map { suspects[$0].name }
      return "- **\(verdicts[first]):** \(names.joined(separator: "; "))"
    }
    page.slide(
      "The suspects, and what is left of each", found.joined(separator: "\n"),
      notes: "What was changed for each, and how large a gap is left? The table has it.")
    page.prose(conclusion(findings))
    let reading = reading(findings)
    if !reading.isEmpty { page.prose(reading) }
  }

  /// The training errors of every net, one point a seed: as it is, and with each change.
  private static func causesFigure(_ findings: Findings) -> Figure {
    let (own, nets) = (findings.ownRates, findings.fair)
    // More columns than these have no room for their names; the table has them all.
    let pair = findings.pairs.min { $0.remedy.rest.mean < $1.remedy.rest.mean }
    let changes = findings.tried + [pair].compactMap { $0 }
    let fading = findings.faded.map { [("fades", $0.treated, 2)] } ?? []
    let shown: [(String, Summary, Int)] =
      [("plain", nets.deepPlain.trainingErrors, 4)] + changes.map { ($0.label, $0.remedy.treated, 3) } + fading
      + [("residual", nets.deepResidual.trainingErrors, 0)]
    // Nets without a mistake have no place on this axis.
    let leastShown = 0.02
    let title =
      if let pair, pair.remedy.gain.direction() == .above {
        "Without any addition, \(pair.name): \(fixed(pair.remedy.treated.mean, 1)) % of the training images wrong instead of \(fixed(nets.deepPlain.trainingErrors.mean, 1)) %"
      } else { "Training images that \(nets.deepPlain.net.name) gets wrong, as it is and with each change" }
    return Figure(
      title,
      .lines(
        LineChart(
          x: Axis(
            "", range: 0.5...Double(shown.count) + 0.5, ticks: shown.indices.map { (Double($0 + 1), shown[$0].0) }),
          y: Axis("training errors (%)", log: true),
          shown.enumerated().map { place, kind in
            let values = kind.1.values
            return Series(
              "",
              x: values.indices.map { Double(place + 1) + 0.3 * (Double($0) / Double(max(1, values.count - 1)) - 0.5) },
              y: values.map { max(leastShown, $0) }, style: .points, color: kind.2)
          },
          references: [
            .init(.horizontal, at: nets.deepPlain.trainingErrors.mean, "plain"),
            .init(.horizontal, at: max(leastShown, nets.deepResidual.trainingErrors.mean), "residual"),
          ])),
      caption: """
        The gap lies between the two lines, the means of plain and residual. Each point is a net with its own seed: \(nets.deepPlain.net.depth) layers after \
        \(counted(own?.epochs ?? nets.epochs, "epoch")), each kind at its own best rate; nets without a mistake are drawn at \(leastShown) %. Only “residual” has additions to the end\
        \(fading.isEmpty ? "" : "; “fades” has them until epoch \(findings.fadingRow?.net.fading?.to ?? 0)"). “Even”: steps of one size; “\(Controls.width) ch.”: \
        \(widerName); “open”: open ReLUs\(findings.nearIdentity == nil ? "" : "; “near id.”: a start near the identity")\(pair.map { "; “both”: \($0.name)" } ?? "").
        """, name: "causes", isWide: true)
  }

  /// The slide of that figure.
  static func changesSlide(_ findings: Findings) -> String {
    switch findings.faded?.answerByCount {
    case .closes: "The addition is needed only in the first half"
    case .narrows:
      findings.faded?.isMostlyGained == true
        ? "The addition is needed mainly in the first half" : "The addition is needed early and, in part, later"
    case .stays: "The addition is needed throughout"
    case .unclear, nil:
      findings.singleChanges.contains { $0.remedy.answer == .closes }
        ? "One change alone closes the gap" : "No single change closes the gap"
    }
  }
}
