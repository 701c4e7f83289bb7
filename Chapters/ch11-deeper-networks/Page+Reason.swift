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

      \(sentenceCase(deep)) is slow, and the addition makes it fast. Why? We change \(deep), without any addition, and train it again: one thing \
      at a time, except in the last change, which builds on open ReLUs. What counts is the *gap*: how many percentage points more of \
      its training images it gets wrong than \(residual). If a change closes the gap, the addition may work by doing the same. If a \
      gap is left, this suspect is not the whole reason. This measure has a floor: no net has fewer than 0 mistakes, so whatever \
      makes a net learn faster squeezes the gap.
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
    let growth = findings.flow?.net(residual: false)?.before.span
    let texts = [
      "steps of one size": """
      **Steps of one size.** Before training the first block gets a larger gradient than the last\(growth.map { ", \(short($0)) times as large" } ?? ""). \
      One learning rate may not suit them all (Yang et al. 2019). So before every step we divide the gradient of each layer's \
      weights by its root mean square.
      """,
      widerName: """
      **\(widerName)** instead of \(nets.deepPlain.net.channels). Where a layer has few channels, its ReLUs may cut off what no later \
      layer can restore.
      """,
      "open ReLUs": """
      **Open ReLUs.** At the start each ReLU sets half of its inputs to 0. If every norm begins with β = 2 instead of 0, its output has \
      mean 2 and deviation 1. Only about 2 % of it is then negative, so the ReLUs are *open*: they cut almost nothing. On the \
      way back the gradient then loses nothing, and on the way forward the deviation stays 1. So the factor 0.71/0.58 of a layer \
      becomes 1/1, and the gradient no longer grows.\(openFinding(findings))
      """,
      "a start near the identity": """
      **A start near the identity.** The ReLUs are open, and every kernel gets a 1 in its middle for its own channel, added to He's \
      weights at half their size. So at the start each block passes on its input, more or less, as it does in the copy of a shallow \
      net (Zagoruyko and Komodakis 2017 train such nets).
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

  /// What the gradient does where the ReLUs are open, and why.
  private static func openFinding(_ findings: Findings) -> String {
    guard shrinks(findings), let factor = findings.ownRates?.before(start: .open)?.factor.mean else { return "" }
    let layers = 30
    return """
       Measured, it even shrinks, × \(fixed(factor, 2)) a layer: to about 1/\(Int((1 / pow(factor, Double(layers))).rounded())) over \
      \(layers) layers. The zeros around each map do that. Beside outputs of mean 2 they stand out, the norm takes this difference \
      for a part of the deviation, and divides by more.
      """
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

      One suspect is left. The addition is a short path past every block, for the signal and for the gradient, and it is there during \
      the whole training (Veit et al. 2016). Is it needed that long? We put a factor $a$ in front of it:
      """)
    page.math("y = \\max(0,\\; a\\,x + F(x))")
    page.prose(
      """
      At the start $a = 1$, and the net is \(residual). Then $a$ falls evenly, from step to step, and reaches 0 at the end of epoch \
      \(fading.to). From there on the net is \(deep).
      """)
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
    page.prose(
      answer == nil ? fadingFinding(findings) ?? "" : fadingCounts(faded, nets) + fadingReservation(faded, fading, nets)
    )
    addEarly(to: &page, findings)
  }

  /// The nets counted, where the mean of them says nothing.
  private static func fadingCounts(_ faded: Remedy, _ nets: DegradationFindings) -> String {
    guard faded.isCounted else { return "" }
    let (sorted, count) = (faded.treated.values.sorted(), faded.treated.count)
    let others =
      sorted[count - 1] > 2 * sorted[count - 2]
      ? "One of the \(count) nets fails, with \(fixed(sorted[count - 1], 1)) % wrong; the others end at \(fixed(sorted[0], 1)) to \(fixed(sorted[count - 2], 1)) %."
      : "The \(count) nets end at \(fixed(sorted[0], 1)) to \(fixed(sorted[count - 1], 1)) %."
    return """
      \(others) The mean, \(fixed(faded.treated.mean, 1)) %, says little about such numbers, so we count: with \(faded.fewer) of the \
      \(count) seeds this net makes fewer mistakes than \(nets.deepPlain.net.name), and with \
      \(faded.more == count ? "all \(count)" : "\(faded.more)") more than \(nets.deepResidual.net.name). If chance alone decided, \
      \(faded.fewer) of \(count) or more on one side would come in less than 5 % of such experiments. \
      \(faded.isMostlyGained ? "So the second half of the training can nearly do without the path. But that half has the small steps: most of the learning is done while the path is there. " : "")
      """
  }

  /// What else the fading may have done.
  private static func fadingReservation(_ faded: Remedy, _ fading: Fading, _ nets: DegradationFindings) -> String {
    switch faded.answerByCount {
    case .closes:
      "In its last \(counted(nets.epochs - fading.to, "epoch")) it is a plain net, and it is not slow any more. So the second half of the training can do without the path."
    case .narrows, .stays:
      "Taking the path away in the middle of a training may itself do harm, and \(counted(nets.epochs - fading.to, "epoch")) may be too few to mend it. That was not tested apart."
    case .unclear: ""
    }
  }

  /// All suspects in one table, every net in one figure, and what is known.
  private static func addTable(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    let suspects = suspects(findings)
    page.prose(
      """
      ### The suspects in one table

      \(unchanged(suspects, nets))

      \(tableRule(findings))
      """)
    page.table(
      Table(
        "Why is \(nets.deepPlain.net.name) slow? Points gained on it and its gap to \(nets.deepResidual.net.name) after \(counted(nets.epochs, "epoch")), with intervals",
        columns: ["suspect", "what was changed", "points gained", "gap that is left", "verdict"],
        rows: suspects.filter { !$0.gain.isEmpty }.map {
          [TableCell($0.name), TableCell($0.change), TableCell($0.gain), TableCell($0.gap), TableCell($0.verdict)]
        }))
    // The whole table is too long for a slide.
    let dropped = findings.pairs.filter { $0.remedy.answer != .closes }.map(\.suspect)
    let named = suspects.filter { !dropped.contains($0.name) }
    let verdicts = named.map { sentenceCase($0.verdict) }
    let found = verdicts.indices.filter { verdicts.firstIndex(of: verdicts[$0]) == $0 }.map { first in
      let names = named.indices.filter { verdicts[$0] == verdicts[first] }.map { named[$0].name }
      return "- **\(verdicts[first]):** \(names.joined(separator: "; "))"
    }
    page.slide(
      "The suspects, and what is left of each", found.joined(separator: "\n"),
      notes: "What was changed for each, and how large a gap is left? The table has it.")
    if findings.ownRates?.row() != nil, !findings.singleChanges.isEmpty {
      page.figure(causesFigure(findings))
      page.project(
        changesSlide(findings),
        notes: "A cause is taken away: does the gap go with it? Each point is a net with its own seed.")
    }
    let sums = sums(findings)
    if !sums.isEmpty { page.prose(sums) }
    page.prose(conclusion(findings))
    let reading = reading(findings)
    if !reading.isEmpty { page.prose(reading) }
  }

  /// The suspects for which nothing had to be trained, in one sentence.
  private static func unchanged(_ suspects: [Suspect], _ nets: DegradationFindings) -> String {
    let known = suspects.filter { $0.gain.isEmpty }
    return
      "For some suspects nothing more has to be trained. The whole gap, \(points(nets.cure)) points, is there all the same. "
      + known.map { "*\(sentenceCase($0.name))* is \($0.verdict): \($0.change)." }.joined(separator: " ")
  }

  /// How the verdicts come about, and what else the table shows.
  private static func tableRule(_ findings: Findings) -> String {
    let nets = findings.fair
    let wide =
      findings.widened.map {
        " A net with \(widerName) is compared with a residual net of as many channels, and has \(counted($0.treated.count, "seed")), the first of the \($0.usual.count); for these seeds the gap with \(nets.deepPlain.net.channels) channels is \(fixed(Summary(Array($0.gap.values.prefix($0.treated.count))).mean, 1)) points."
      } ?? " Wider nets were not tried."
    let near =
      findings.identityGain.map {
        " The start near the identity must also gain on open ReLUs alone; it gains \(points($0)) points on them."
      } ?? ""
    let curves: [String] = [findings.ownRates?.row()?.fewest?.run, findings.ownRates?.row(residual: true)?.run]
      .compactMap {
        $0.map { epochs(of: $0.firstCurve).map { "\($0)" } ?? "never" }
      }
    let timed = suspects(findings).filter { $0.epochs.contains(";") }
      .map { "with \($0.change) from epoch \($0.epochs.prefix { $0 != ";" }) on" }
    let speed =
      curves.count < 2
      ? ""
      : """


      The gap has its floor at 0: whatever makes a net faster squeezes it. So a gap that is gone does not say that the changed net is as \
      fast. Fewer than \(Int(fewErrors)) % of the training images are wrong from epoch \(curves[0]) on in \(nets.deepPlain.net.name) and \
      from epoch \(curves[1]) on in \(nets.deepResidual.net.name)\(timed.isEmpty ? "" : "; \(timed.joined(separator: ", "))") \
      (mean of \(DeepRun.curveSeeds) seeds). For the other changes this was not recorded.
      """
    return """
      Each verdict rests on the *points gained*: how many points fewer training errors the changed net has than \
      \(nets.deepPlain.net.name) as it is. Four changes were tried, so the interval allows for that and is wider than a 95 % interval. \
      If it lies above 0, the suspect is “a part” of the reason. If only the 95 % interval does, the verdict is “perhaps”. If less \
      than a tenth of the gap is left, it is “nearly all”.\(near)\(wide)\(speed)
      """
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
          y: Axis("training errors (%)"),
          shown.enumerated().map { place, kind in
            let values = kind.1.values
            return Series(
              "",
              x: values.indices.map { Double(place + 1) + 0.3 * (Double($0) / Double(max(1, values.count - 1)) - 0.5) },
              y: values, style: .points, color: kind.2)
          })),
      caption: """
        Each point is a net with its own seed: \(nets.deepPlain.net.depth) layers after \
        \(counted(own?.epochs ?? nets.epochs, "epoch")), each kind at its own best rate. Only “residual” has additions to the end\
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
