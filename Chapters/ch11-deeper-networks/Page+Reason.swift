// The page of chapter 11: what the addition does: changes to the deep plain net that do the same without one.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The changes, their results, and what these say.
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    guard isTested(nets), !findings.changes.isEmpty else { return }
    let (deep, residual) = (nets.deepPlain.net, nets.deepResidual.net)
    page.prose(
      """
      ## What the addition does

      \(vanishing(findings).isRuledOut ? "So the gradient does not vanish. " : "")What becomes of the picture on its way up?
      """)
    addReadings(to: &page, findings)
    page.prose(
      """
      We leave the addition out, change \(deep.name) in another way, and train it again.

      \(findings.changes.map { "- \($0.description)" }.joined(separator: "\n"))
      """)
    page.slide("What is changed in \(deep.name)", changesOnSlide(findings))
    addReadingsFigure(to: &page, findings)
    page.figure(changesFigure(findings))
    page.project(
      changesSlide(findings), notes: "A change is made: does the gap go with it? Each point is a net with its own seed."
    )
    page.prose(meaning(findings))
    if let text = alikeText(findings) { page.prose(text) }
    if let table = suspectsTable(findings), let suspects = suspects(findings) {
      page.table(table)
      page.prose("**\(verdicts(suspects))**")
      if let known = knownOfAddition(findings) { page.prose(known) }
    }
    if let task = rotationsTask(findings) {
      page.fold("To do in PyTorch: plain, residual, rotations") { $0.prose(task) }
    }
    page.fold("How this was measured, with intervals") { addMeasured(to: &$0, findings) }
  }

  /// The changes in a line each.
  private static func changesOnSlide(_ findings: Findings) -> String {
    ([
      findings.oneSize.map { _ in "*Even steps* for all layers." },
      findings.openReLUs.map { _ in "*Open ReLUs:* the norms in the blocks begin with β = 2." },
      findings.exactCopies.map { _ in "*Copies:* each kernel begins as a 1 in its middle." },
      findings.exactRotations.map { _ in "*Rotations:* a random orthogonal matrix in place of the 1s." },
      findings.widened.map { _ in "*\(widerName)* instead of \(findings.fair.deepPlain.net.channels)." },
    ] as [String?]).compactMap { $0 }.map { "- " + $0 }.joined(separator: "\n")
  }

  /// What the results say together.
  static func meaning(_ findings: Findings) -> String {
    guard let readings = Readings(findings) else { return found(findings) }
    let enough =
      readings.isNotEnough
      ? """
      **That a linear layer can read the picture is not enough.** From copies it can (\(fixed(readings.copies.mean, 0)) % wrong), and that net \
      leaves \(wrong(findings.exactCopies)) of its training images wrong.
      """ : ""
    let needed =
      readings.isNotNeeded
      ? """
      **Nor is it needed \(reach(findings)):** rotations do that, and from them it reads little \
      (\(fixed(readings.rotations.mean, 0)) % wrong).
      """ : ""
    return ["\(enough) \(needed)", opened(findings, readings), widerText(findings)].compactMap { $0 }
      .joined(separator: "\n\n")
  }

  /// What opening the ReLUs does; nil where it does not help.
  private static func opened(_ findings: Findings, _ readings: Readings) -> String? {
    guard let open = findings.openReLUs, open.remedy.factor.direction == .above, readings.opens else { return nil }
    return """
      **Opening the ReLUs helps (\(wrong(open))), but changes three things at once.** Less is cut off; by steps 1 to 3 above the \
      gradient grows \(fixed(GradientFindings.theory(shift: 2), 2))-fold a layer, not \(fixed(GradientFindings.theory, 2))-fold; and the \
      picture stays readable.
      """
  }

  /// The wider net, which is another one; and the addition beside all of them.
  private static func widerText(_ findings: Findings) -> String? {
    guard let wide = findings.widened, let both = findings.wideOpen else { return nil }
    let more = Ratio(wide.remedy.treated, over: both.remedy.treated).worded(
      above: "", below: "", withinChance: "; this difference may be chance")
    return """
      **A wider net tests no suspect alone.** \(sentenceCase(wide.name)) leave \(wrong(wide)), with open ReLUs \(wrong(both))\(more). \(isBest(findings) ? "Every change in this figure leaves more mistakes than a residual net with as many channels." : "")
      """
  }

  static func wrong(_ change: Change?) -> String {
    change.map { "\(fixed($0.remedy.treated.mean, 1)) %" } ?? "–"
  }

  /// Whether every change leaves more mistakes than a residual net with as many channels.
  private static func isBest(_ findings: Findings) -> Bool {
    findings.changes.allSatisfy { Ratio($0.remedy.treated, over: $0.remedy.residual).direction == .above }
  }

  /// The addition's part in it, for the takeaway; nil where that was not measured, or came out otherwise.
  static func handedOn(_ findings: Findings) -> String? {
    guard let readings = Readings(findings), readings.handsOn else { return nil }
    let rest =
      switch (readings.isNotEnough, readings.isNotNeeded) {
      case (true, true): " That alone is not enough to learn well, nor needed \(reach(findings))."
      case (true, false): " That alone is not enough to learn well."
      case (false, true): " That is not needed \(reach(findings))."
      case (false, false): ""
      }
    return "With additions the digits stay linearly readable through all layers, before any training.\(rest)"
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

  /// The comparison as an exercise, at the rates of the record.
  private static func rotationsTask(_ findings: Findings) -> String? {
    guard let own = findings.ownRates, let plain = own.row()?.fewest?.rate,
      let residual = own.row(residual: true)?.fewest?.rate, let rotated = findings.exactRotations?.rate
    else { return nil }
    let nets = findings.fair
    return """
      Rotations, in the net from above without “self.shortcut(x) +”:

      ```python
      def rotate(net):
          with torch.no_grad():
              for block in net[3:\(3 + nets.deepPlain.net.blocks)]:
                  for layer, norm in (block.branch[0], block.branch[2]):
                      turn = torch.empty(layer.out_channels, layer.in_channels)
                      layer.weight.zero_()
                      layer.weight[:, :, 1, 1] = nn.init.orthogonal_(turn)
                      norm.bias.fill_(2)
      ```

      The training; it returns how many training images are wrong, in percent:

      ```python
      import torchvision

      data = torchvision.datasets.MNIST("data", download=True)
      x = data.data[:\(nets.trainingCount), None] / 255
      x, y = (x - x.mean()) / x.std(), data.targets[:\(nets.trainingCount)]

      def train(net, rate, epochs=\(nets.epochs)):
          steps = torch.optim.SGD(net.parameters(), rate, momentum=0.9)
          fall = torch.optim.lr_scheduler.CosineAnnealingLR(
              steps, epochs * len(x) // \(nets.batch))
          for _ in range(epochs):
              order = torch.randperm(len(x))[:len(x) // \(nets.batch) * \(nets.batch)]
              for i in order.split(\(nets.batch)):
                  steps.zero_grad()
                  nn.functional.cross_entropy(net(x[i]), y[i]).backward()
                  steps.step()
                  fall.step()
          net.eval()
          with torch.no_grad():
              return 100 * (net(x).argmax(1) != y).float().mean().item()
      ```

      Train \(nets.deepPlain.net.name) at the rate \(short(plain)), with the shortcut at \(short(residual)), and rotated without it at \
      \(short(rotated)).
      """
  }

  /// A net of the figure and the table.
  private struct Shown {
    var name: String
    var errors: Summary
    var rate: Double?
    /// How many times fewer mistakes than the plain net makes; nil for that one.
    var factor: Ratio?
    /// How many times as many as the residual net with as many channels; nil for that one.
    var rest: Ratio?
    /// How alike two images are to it before training.
    var alike: Alikeness.Net?
    var color: Int
    /// Short enough to stand beside a figure.
    var label: String {
      name.replacing(
        "ReLUs and \(widerName)", with: "+ \(Controls.width) ch."
      )
      .replacing(", \(widerName)", with: " + \(Controls.width)")
    }
  }

  /// The plain net, its changes and the residual nets.
  private static func shown(_ findings: Findings) -> [Shown] {
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual)
    let wide = findings.controls?.row(DeepNet(blocks: plain.net.blocks, isResidual: true, channels: Controls.width))
    func factor(_ errors: Summary) -> Ratio { Ratio(plain.trainingErrors, over: errors) }
    func alike(_ net: DeepNet?) -> Alikeness.Net? { findings.alikeness?.net(net) }
    return [
      Shown(
        name: plain.net.name, errors: plain.trainingErrors, rate: findings.ownRates?.row()?.fewest?.rate,
        rest: Ratio(plain.trainingErrors, over: residual.trainingErrors), alike: alike(plain.net), color: 4)
    ]
      + findings.changes.map {
        Shown(
          name: $0.name, errors: $0.remedy.treated, rate: $0.rate, factor: $0.remedy.factor,
          rest: Ratio($0.remedy.treated, over: $0.remedy.residual), alike: alike($0.net), color: 3)
      }
      + [
        Shown(
          name: residual.net.name, errors: residual.trainingErrors,
          rate: findings.ownRates?.row(residual: true)?.fewest?.rate,
          factor: factor(residual.trainingErrors), alike: alike(residual.net), color: 0)
      ]
      + [wide?.trainingErrors].compactMap { errors in
        errors.map {
          Shown(
            name: "\(residual.net.name), \(widerName)", errors: $0, rate: wide?.rate, factor: factor($0),
            alike: alike(wide?.net), color: 0)
        }
      }
  }

  /// The training errors of every net, one point a seed: as it is, and with each change.
  private static func changesFigure(_ findings: Findings) -> Figure {
    let (nets, shown) = (findings.fair, shown(findings))
    // Nets without a mistake have no place on this axis.
    let leastShown = Ratio.least
    let title =
      if let best = findings.exactRotations, best.remedy.factor.direction == .above {
        "Without any addition, \(best.name) leave \(wrong(best)) of the training images wrong, not \(fixed(nets.deepPlain.trainingErrors.mean, 1)) %"
      } else { "Training images that \(nets.deepPlain.net.name) gets wrong, as it is and with each change" }
    func place(_ index: Int) -> Double { Double(shown.count - index) }
    return Figure(
      title,
      .lines(
        LineChart(
          x: Axis("training images wrong (%)", log: true),
          y: Axis(
            "", range: 0.4...Double(shown.count) + 0.6,
            ticks: shown.indices.reversed().map { (place($0), shown[$0].label) }
          ),
          shown.enumerated().map { index, net in
            let values = net.errors.values
            return Series(
              "", x: values.map { max(leastShown, $0) },
              y: values.indices.map {
                place(index) + 0.4 * (Double($0) / Double(max(1, values.count - 1)) - 0.5)
              }, style: .points, color: net.color)
          })),
      caption: """
        Each point is a net with its own seed: \(nets.deepPlain.net.depth) layers, \(nets.deepPlain.net.channels) channels unless named, \
        after \(counted(nets.epochs, "epoch")), each at its own best rate. Nets without a mistake are drawn at half an image, \(leastShown) %.
        """, name: "causes")
  }

  /// The slide of that figure.
  static func changesSlide(_ findings: Findings) -> String {
    Readings(findings)?.isNotEnough == true
      ? "Readable is not enough; other changes help, too"
      : findings.changes.contains { $0.remedy.answer == .closes }
        ? "One change alone closes the gap" : "No single change closes the gap"
  }

  /// How it was measured, with intervals.
  private static func addMeasured(to page: inout Page, _ findings: Findings) {
    let nets = findings.fair
    page.prose(
      """
      Each net has its own learning rate, of a row in which each is twice the one before: the one with the fewest errors \
      in trainings with \(findings.ownRates?.row()?.tried.first?.kept.count ?? 0) other seeds, on digits kept back or on the training images. \
      Nets are compared by ratios, seed by seed, \(counted(nets.deepPlain.trainingErrors.count, "seed")), \(widerName) with \
      \(findings.widened?.remedy.treated.count ?? 0). A net without a mistake counts as half an image. The intervals are wider than those of 95 %, because \(Remedy.tried) changes were tried.
      """)
    page.table(
      Table(
        "Training images wrong; how many times fewer than with \(nets.deepPlain.net.name), how many times as many as with additions and as many channels",
        columns: ["net", .init("rate"), .init("wrong (%)", digits: 1), "times fewer", "times as many"],
        rows: shown(findings).map { net in
          [
            TableCell(net.name), TableCell(net.rate.map { short($0) } ?? "–"), .measured(net.errors),
            TableCell(net.factor?.text ?? "1"), TableCell(net.rest?.text ?? "1"),
          ]
        } + earlierRows(findings)))
    if let earlier = findings.earlier {
      page.prose(
        """
        The last \(earlier.count), not in the figure, were measured by an earlier version of this program. “Beside He's kernels”: \
        added to He's weights at half their size.\(contrast(findings))\(fading(findings))
        """)
    }
    addAlike(to: &page, findings)
    page.prose("Even steps in Swift:")
    page.code("even", in: "Causes.swift")
  }

  /// The changes that the figure does not show.
  private static func earlierRows(_ findings: Findings) -> [[TableCell]] {
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual)
    let wide = findings.controls?.row(DeepNet(blocks: plain.net.blocks, isResidual: true, channels: Controls.width))
    return (findings.earlier ?? []).map { change in
      let additions = change.channels == plain.net.channels ? residual.trainingErrors : wide?.trainingErrors
      return [
        TableCell(change.name), TableCell(short(change.rate)), .measured(change.trainingErrors),
        TableCell(Ratio(plain.trainingErrors, over: change.trainingErrors).text),
        TableCell(additions.map { Ratio(change.trainingErrors, over: $0).text } ?? "–"),
      ]
    }
  }

  /// Open ReLUs in the wider net against the wider net alone.
  private static func contrast(_ findings: Findings) -> String {
    guard let wide = findings.widened, let both = findings.wideOpen else { return "" }
    let ratio = Ratio(wide.remedy.treated, over: both.remedy.treated)
    return " \(sentenceCase(both.name)) leave \(ratio.text) times fewer than \(wide.name) alone."
  }

  /// Additions that are there only at first.
  private static func fading(_ findings: Findings) -> String {
    guard let fading = findings.earlier?.first(where: { $0.name.hasPrefix("additions that fade") }),
      Ratio(findings.fair.deepPlain.trainingErrors, over: fading.trainingErrors).direction == .above,
      Ratio(fading.trainingErrors, over: findings.fair.deepResidual.trainingErrors).direction == .above
    else { return "" }
    return
      " \(sentenceCase(fading.name)) leave fewer mistakes than \(findings.fair.deepPlain.net.name), more than additions that stay."
  }

  /// The cosines of every net.
  private static func addAlike(to page: inout Page, _ findings: Findings) {
    guard let alikeness = findings.alikeness else { return }
    page.table(
      Table(
        "Training images wrong; before training: new digits that a linear layer reads wrongly behind the last block, and the mean cosine of two images' signals there, and of their gradients with respect to all weights",
        columns: [
          "net", .init("wrong (%)", digits: 1), .init("read (%)", digits: 0), .init("signals", digits: 2),
          .init("gradients", digits: 2),
        ],
        rows: shown(findings).compactMap { net in
          net.alike.map {
            [
              TableCell(net.name), .measured(net.errors), read($0.net, findings), .measured($0.signals),
              .measured($0.gradients),
            ]
          }
        }))
    page.prose(
      """
      All pairs of \(alikeness.images) training images, one image at a time, with norms that keep the statistics of all; \
      \(counted(alikeness.nets.first?.signals.count ?? 0, "seed")). Even steps begin as the plain net.
      """)
  }

  /// What a linear layer reads wrongly behind the last block of a net of the usual width.
  private static func read(_ net: DeepNet, _ findings: Findings) -> TableCell {
    guard net.channels == findings.fair.deepPlain.net.channels,
      let errors = findings.readings?.net(net.start, residual: net.isResidual)?.errors.last
    else { return "–" }
    return .measured(errors)
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
