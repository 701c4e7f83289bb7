// The page of chapter 11: why the deep net is slow: what is changed in it, and the results.

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

      We change \(deep) and train it again. If a change closes the gap to \(residual), the addition may work by doing the same. All \
      on digits, where a training is short enough for \(counted(nets.deepPlain.trainingErrors.count, "seed")) and a rate of its own.
      """)
    addChanges(to: &page, findings)
    addHandingOn(to: &page, findings)
    addResults(to: &page, findings)
    addDetails(to: &page, runs)
  }

  /// Three changes one at a time, and the bet on them.
  private static func addChanges(to page: inout Page, _ findings: Findings) {
    let nets = findings.fair
    let growth = findings.flow?.net(residual: false)?.before
    let wider = nets.deepPlain.net.channels > 0 ? Controls.width / nets.deepPlain.net.channels : 0
    let texts: [(Change?, String)] = [
      (
        findings.oneSize,
        """
        **Steps of one size.** Before training the first block of this net gets a larger gradient than the last\
        \(growth.map { ", \(short($0.span)) times as large" } ?? ""). One rate may not suit both (Yang et al. 2019). So before every \
        step we divide each layer's gradient by its root mean square.
        """
      ),
      (
        findings.openReLUs,
        """
        **Open ReLUs.** At the start each ReLU sets half of its inputs to 0. If every norm begins with β = 2 instead of 0, only about \
        2 % of its output is negative.
        """
      ),
      (
        findings.widened,
        """
        **\(widerName)** instead of \(nets.deepPlain.net.channels). Where a layer has few channels, its ReLUs may cut off what no \
        later layer can restore. But the kernels also have \(wider * wider) times as many weights.
        """
      ),
    ]
    let list = texts.filter { $0.0 != nil }.map { "- \($0.1)" }
    guard !list.isEmpty else { return }
    page.prose("Three changes, one at a time:\n\n" + list.joined(separator: "\n"))
    page.slide("What is changed in \(nets.deepPlain.net.name)", changesOnSlide(findings))
    let asked = [findings.oneSize, findings.openReLUs, findings.widened].compactMap { $0 }
    guard asked.count > 1,
      let best = asked.indices.min(by: { asked[$0].remedy.treated.mean < asked[$1].remedy.treated.mean })
    else { return }
    let usual = nets.deepPlain.trainingErrors
    page.predict(
      "No addition: which change leaves the fewest training images wrong?", choices: asked.map(\.name), answer: best,
      """
      \(sentenceCase(nets.deepPlain.net.name)) has \(fixed(usual.mean, 1)) % wrong as it is; \
      \(asked.map { "with \($0.name) \(fixed($0.remedy.treated.mean, 1)) %" }.joined(separator: ", ")).\(unsure(asked))
      """)
  }

  /// Which of the changes may have helped by chance.
  private static func unsure(_ changes: [Change]) -> String {
    let open = changes.filter { $0.remedy.factor.direction == .withinChance }.map(\.name)
    return open.isEmpty ? "" : " Of \(listed(open)) the gain may be chance."
  }

  /// The changes in a line each.
  private static func changesOnSlide(_ findings: Findings) -> String {
    let lines: [(Change?, String)] = [
      (findings.oneSize, "*Steps of one size* for all layers."),
      (findings.openReLUs, "*Open ReLUs:* every norm begins with β = 2."),
      (findings.widened, "*\(widerName)* instead of \(findings.fair.deepPlain.net.channels)."),
      (findings.exactCopies, "*Exact copies:* open ReLUs, and each kernel begins as a 1 in its middle."),
      (findings.exactRotations, "*Exact rotations:* a random orthogonal matrix in place of the 1s."),
    ]
    return lines.filter { $0.0 != nil }.map { "- \($0.1)" }.joined(separator: "\n")
  }

  /// Kernels that hand on what they get, as a copy or turned, and the bet on them.
  private static func addHandingOn(to page: inout Page, _ findings: Findings) {
    guard let copies = findings.exactCopies, let rotations = findings.exactRotations,
      let ratio = findings.exactOverRotations
    else { return }
    page.prose(
      """
      **Copies and rotations.** A deep block of a residual net begins near a copy of its input. Is that what counts? We give the plain net open \
      ReLUs and kernels that hand on what they get. *Exact copies:* every kernel begins as a 1 in its middle for its own channel, and \
      0 elsewhere. *Exact rotations:* a random orthogonal matrix stands in place of the 1s (after Xiao et al. 2018). It keeps all \
      lengths, mixes the channels, and copies nothing.
      """)
    page.predict(
      "Which of the two starts leaves fewer training images wrong?",
      choices: ["exact copies", "exact rotations", "as many, within chance"],
      answer: ratio.worded(above: 1, below: 0, withinChance: 2),
      """
      Exact rotations leave \(fixed(rotations.remedy.treated.mean, 1)) % wrong, exact copies \
      \(fixed(copies.remedy.treated.mean, 1)) %: \(ratio.text) times as many. \(copyFinding(findings))
      """)
    page.project("Copies or rotations: which start is better?")
    if let task = rotationsTask(findings) {
      page.fold("To do in PyTorch: plain, residual, rotations") { $0.prose(task) }
    }
  }

  /// What the two starts say of copies.
  private static func copyFinding(_ findings: Findings) -> String {
    needsNoCopy(findings)
      ? "So a block need not begin near a copy. Copies keep the signal's length, too, but they do not mix the channels."
      : "Whether a copy is needed stays open."
  }

  /// The comparison as an exercise, at the rates of the record.
  private static func rotationsTask(_ findings: Findings) -> String? {
    guard let own = findings.ownRates, let plain = own.row()?.fewest?.rate,
      let residual = own.row(residual: true)?.fewest?.rate, let rotated = findings.exactRotations?.rate
    else { return nil }
    let nets = findings.fair
    return """
      Exact rotations, with the net from above without “self.shortcut(x) +”:

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
      import torch, torchvision
      from torch import nn

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
      \(short(rotated)). Which errors do you expect? The figure below has ours.
      """
  }

  /// Every net in one figure, the answer, and what else was tried.
  private static func addResults(to page: inout Page, _ findings: Findings) {
    page.prose("### The changes side by side\n\n\(sureAnswer(findings))")
    if !findings.tried.isEmpty, findings.ownRates?.row() != nil {
      page.figure(changesFigure(findings, shown(findings, isWhole: false)))
      page.project(
        changesSlide(findings),
        notes: "A change is made: does the gap go with it? Each point is a net with its own seed.")
    }
    addSuspects(to: &page, findings)
  }

  /// A net of the figure and the table.
  struct Shown {
    var name: String
    /// Short enough to stand beside a figure.
    var label: String {
      [" with ", ", "].reduce(name) { $0.replacing($1 + widerName, with: ", \(Controls.width) ch.") }
    }
    var errors: Summary
    /// The epoch from which on few images are wrong; nil inside where there is none, outside where it was not recorded.
    var epochs: Int??
    /// How many times fewer mistakes than the plain net makes; nil for that one.
    var factor: Ratio?
    var color: Int
    /// Its gradient before training; nil where that was not measured.
    var before: OwnRates.Begun?
  }
  /// The plain net, its changes and the residual nets; without those of the folds where not `isWhole`.
  static func shown(_ findings: Findings, isWhole: Bool = true) -> [Shown] {
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual)
    let changes =
      isWhole
      ? findings.tried + [findings.wideOpen, findings.wideCopies, findings.fading].compactMap { $0 }
      : [
        findings.oneSize, findings.openReLUs, findings.exactCopies, findings.exactRotations, findings.widened,
        findings.wideOpen,
      ].compactMap { $0 }
    let wide = DeepNet(blocks: plain.net.blocks, isResidual: true, channels: Controls.width)
    let own = findings.ownRates
    func factor(_ errors: Summary) -> Ratio { Ratio(plain.trainingErrors, over: errors) }
    return [
      Shown(
        name: plain.net.name, errors: plain.trainingErrors, epochs: epochs(of: plain.firstCurve), color: 4,
        before: own?.before())
    ]
      + changes.map {
        Shown(
          name: $0.name, errors: $0.remedy.treated, epochs: $0.epochs?.changed, factor: $0.remedy.factor,
          color: $0.name == findings.fading?.name ? 2 : 3, before: findings.before($0))
      }
      + [
        Shown(
          name: residual.net.name, errors: residual.trainingErrors, epochs: epochs(of: residual.firstCurve),
          factor: factor(residual.trainingErrors), color: 0, before: own?.before(residual: true))
      ]
      + [findings.controls?.row(wide)?.trainingErrors].compactMap { errors in
        errors.map {
          Shown(
            name: "\(residual.net.name), \(widerName)", errors: $0,
            epochs: findings.residualCurve(isWide: true).map { epochs(of: $0) }, factor: factor($0), color: 0,
            before: own?.before(residual: true, channels: Controls.width))
        }
      }
  }

  /// The training errors of every net, one point a seed: as it is, and with each change.
  private static func changesFigure(_ findings: Findings, _ shown: [Shown]) -> Figure {
    let nets = findings.fair
    // Nets without a mistake have no place on this axis.
    let leastShown = Ratio.least
    let title =
      if let both = withoutCopies(findings) {
        "Without any addition, \(both.name) leave \(fixed(both.remedy.treated.mean, 1)) % of the training images wrong, not \(fixed(nets.deepPlain.trainingErrors.mean, 1)) %"
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
        after \(counted(nets.epochs, "epoch")), each kind at its own best rate. Nets without a mistake are drawn at half an image, \(leastShown) %.
        """, name: "causes")
  }

  /// The slide of that figure.
  static func changesSlide(_ findings: Findings) -> String {
    if withoutCopies(findings) != nil { return "Without an addition: open ReLUs and more channels help" }
    return findings.tried.contains { $0.remedy.answer == .closes }
      ? "One change alone closes the gap" : "No single change closes the gap"
  }
}
