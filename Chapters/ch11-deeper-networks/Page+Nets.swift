// The page of chapter 11: the nets that are changed, in a figure and in tables.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The comparison as an exercise, at the rates of the record.
  static func rotationsTask(_ findings: Findings) -> String? {
    guard let own = findings.ownRates, let plain = own.row()?.fewest?.rate,
      let residual = own.row(residual: true)?.fewest?.rate, let rotated = findings.exactRotations?.rate
    else { return nil }
    let nets = findings.fair
    return """
      Rotations, in the plain net from above:

      ```python
      def rotated(net):
          with torch.no_grad():
              for block in net[3:\(3 + nets.deepPlain.net.blocks)]:
                  for layer, norm in (block.branch[0], block.branch[2]):
                      turn = torch.empty(layer.out_channels, layer.in_channels)
                      layer.weight.zero_()
                      layer.weight[:, :, 1, 1] = nn.init.orthogonal_(turn)
                      norm.bias.fill_(2)
          return net
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

      print(train(deep_net(residual=False), \(short(plain))))           # ours: \(fixed(nets.deepPlain.trainingErrors.mean, 1))
      print(train(deep_net(), \(short(residual))))                         # \(fixed(nets.deepResidual.trainingErrors.mean, 1))
      print(train(rotated(deep_net(residual=False)), \(short(rotated))))  # \(wrong(findings.exactRotations).dropLast(2))
      ```

      Ours are means of \(counted(nets.deepPlain.trainingErrors.count, "seed")); single seeds differ much.
      """
  }

  /// A net of the figure and the tables.
  struct Shown {
    var name: String
    var errors: Summary
    var rate: Double?
    /// How many times fewer mistakes than the plain net makes; nil for that one.
    var factor: Ratio?
    /// How many times as many as the residual net with as many channels; nil for that one.
    var rest: Ratio?
    /// As it begins; nil where it begins as another one.
    var net: DeepNet?
    /// What was seen of it before training.
    var alike: Alikeness.Net?
    /// What a linear layer reads wrongly behind the last block.
    var read: Summary?
    /// How many times as large the gradient is at the first block as at the last, before training.
    var growth: Double?
    var color: Int
    /// Whether it stands in the figure, not only in the fold.
    var isMain = true
    /// With the directions that come through, where they were counted.
    var label: String { name + (alike?.directions.map { " (\(fixed($0.median, 0)))" } ?? "") }
    /// The numbers behind each block.
    var size: Int { 49 * (net?.channels ?? 0) }

    init(
      name: String, errors: Summary, rate: Double? = nil, factor: Ratio? = nil, rest: Ratio? = nil, net: DeepNet?,
      _ findings: Findings, color: Int, isMain: Bool = true
    ) {
      self.isMain = isMain
      (self.name, self.errors, self.rate, self.factor, self.rest) = (name, errors, rate, factor, rest)
      (self.net, self.color, alike) = (net, color, findings.alikeness?.net(net))
      read = findings.readings?.nets.first { $0.net == net }?.errors.last
      growth = (findings.startFlow?.net(net) ?? findings.flow?.net(net))?.before.span
    }
  }

  /// The plain net, its changes and the residual nets.
  static func shown(_ findings: Findings) -> [Shown] {
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual)
    let wide = findings.controls?.row(DeepNet(blocks: plain.net.blocks, isResidual: true, channels: Controls.width))
    func factor(_ errors: Summary) -> Ratio { Ratio(plain.trainingErrors, over: errors) }
    return [
      Shown(
        name: plain.net.name, errors: plain.trainingErrors, rate: findings.ownRates?.row()?.fewest?.rate,
        rest: Ratio(plain.trainingErrors, over: residual.trainingErrors), net: plain.net, findings, color: 4)
    ]
      + findings.changes.map {
        Shown(
          name: $0.name, errors: $0.remedy.treated, rate: $0.rate, factor: $0.remedy.factor,
          rest: Ratio($0.remedy.treated, over: $0.remedy.residual),
          net: $0.name == fadingName ? residual.net : $0.net, findings, color: 3, isMain: $0.isMain)
      }
      + [
        Shown(
          name: residual.net.name, errors: residual.trainingErrors,
          rate: findings.ownRates?.row(residual: true)?.fewest?.rate,
          factor: factor(residual.trainingErrors), net: residual.net, findings, color: 0)
      ]
      + [wide?.trainingErrors].compactMap { errors in
        errors.map {
          Shown(
            name: "\(residual.net.name), \(widerName)", errors: $0, rate: wide?.rate, factor: factor($0),
            net: wide?.net, findings, color: 0, isMain: false)
        }
      }
  }

  /// The training errors of every net, one point a seed: as it is, and with each change.
  static func changesFigure(_ findings: Findings) -> Figure {
    let (nets, shallow) = (findings.fair, findings.fair.shallowPlain)
    let shown =
      (shown(findings).filter(\.isMain)
      + [Shown(name: shallow.net.name, errors: shallow.trainingErrors, net: shallow.net, findings, color: 2)])
      .sorted { Ratio($0.errors, over: $1.errors).value > 1 }
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
        \(findings.alikeness == nil ? "" : "In brackets: the directions that come through before training, median of \(counted(findings.alikeness?.nets.first?.signals.count ?? 0, "seed")). ")\
        Each point is a net with its own seed, with \(nets.deepPlain.net.channels) channels unless named, \
        after \(counted(nets.epochs, "epoch")), each at its own best rate. Nets without a mistake are drawn at half an image, \(leastShown) %.
        """, name: "causes")
  }

  /// The slide of that figure.
  static func changesSlide(_ findings: Findings) -> String {
    meaning(findings) != nil
      ? "Good starts without additions close a part of the gap"
      : findings.changes.contains { $0.remedy.answer == .closes }
        ? "One change alone closes the gap" : "No single change closes the gap"
  }

  /// The changes that the figure does not show, and all of them with intervals.
  static func addMeasured(to page: inout Page, _ findings: Findings) {
    let (nets, residual) = (findings.fair, findings.fair.deepResidual.trainingErrors)
    let plain = nets.deepPlain.trainingErrors
    let others = findings.changes.filter { !$0.isMain && !$0.text.isEmpty }
    page.prose(
      """
      \(others.map { "- **\(capitalized($0.name))**\($0.text)" }.joined(separator: "\n"))

      \(meaning(findings) == nil ? "" : "\(order(findings))\n\n")\(zeroStart(findings))
      """)
    let all = shown(findings)
    let shallow = Shown(
      name: nets.shallowPlain.net.name, errors: nets.shallowPlain.trainingErrors,
      rate: findings.ownRates?.row(deep: false)?.fewest?.rate, net: nets.shallowPlain.net, findings, color: 2)
    page.table(
      Table(
        "Before training: directions (median and range); how many times as large the gradient is at the first block as at the last; new digits that a linear layer reads wrongly behind the last block. After it: training images wrong",
        columns: [
          "net", .init("rate"), "directions", .init("gradient"), .init("read wrongly (%)", digits: 0),
          .init("wrong (%)", digits: 1),
        ],
        rows: (all + [shallow]).map { net in
          [
            TableCell(net.name), TableCell(net.rate.map { short($0) } ?? "–"),
            net.alike?.directions.map { TableCell(range($0)) } ?? "–", TableCell(net.growth.map { short($0) } ?? "–"),
            net.read.map { TableCell($0.mean) } ?? "–", .measured(net.errors),
          ]
        }))
    page.table(
      Table(
        "How many times fewer mistakes than with \(nets.deepPlain.net.name), how many times as many as with additions and as many channels",
        columns: ["net", "times fewer", "times as many"],
        rows: all.map { [TableCell($0.name), TableCell($0.factor?.text ?? "1"), TableCell($0.rest?.text ?? "1")] }))
    page.prose(
      """
      Learning rates were chosen as those above, with \(findings.ownRates?.row()?.tried.first?.kept.count ?? 0) other seeds (\(widerName): 2): for plain and residual nets, copies, open ReLUs and even steps \
      on digits kept back, for the others on the training images.\(sameChoice(findings)) The ratios are geometric means of the seeds' ratios, not ratios of the mean errors; \
      \(counted(plain.count, "seed")), \(widerName) \(findings.widened?.remedy.treated.count ?? 0). The intervals are wider than those of 95 %, because \(Remedy.tried) changes were tried, some of them not shown. \
      A net without a mistake counts as half an image: \(residual.values.count { $0 == 0 }) of \(residual.count) residual nets made none. Counted as a whole image, the ratio of \(nets.deepPlain.net.name) to residual falls from \
      \(short(Ratio(plain, over: residual).value)) to \(short(Ratio(plain, over: residual, least: 2 * Ratio.least).value)).
      """)
    page.table(triedTable(findings))
    addAlike(to: &page, findings)
  }

  /// The training errors at the rates that were tried.
  private static func triedTable(_ findings: Findings) -> Table {
    let nets = findings.changes.filter {
      $0.net?.channels != Controls.width && !$0.tried.isEmpty && $0.name != findings.oneSize?.name
    }
    let rates = Set(nets.flatMap { $0.tried.map(\.rate) }).sorted()
    return Table(
      "Training images wrong (%) at the rates that were tried; –: not tried",
      columns: [.init("rate")] + nets.map { .init($0.name, digits: 1) },
      rows: rates.map { rate in
        [TableCell(short(rate))]
          + nets.map { net in net.tried.first { $0.rate == rate }.map { TableCell($0.training.mean) } ?? "–" }
      })
  }

  /// Whether the training images would have chosen as the digits kept back did.
  private static func sameChoice(_ findings: Findings) -> String {
    let kept = [findings.exactCopies, findings.openReLUs, findings.oneSize].compactMap { $0 }
    let same = kept.filter { change in
      change.tried.min { $0.training.mean < $1.training.mean }?.rate == change.rate
    }
    return same.isEmpty ? "" : " (These would choose the same rate for \(listed(same.map(\.name))).)"
  }

  /// Which nets the number of directions orders, and which it does not.
  private static func order(_ findings: Findings) -> String {
    let (plain, residual) = (findings.fair.deepPlain.net, findings.fair.deepResidual.net)
    return """
      Directions and errors: \(plain.name), open ReLUs, near copies and \(residual.name) are in one order, with \(plain.channels) channels and with \(Controls.width): the more directions, \
      the fewer mistakes. Copies, rotations, additions that fade out, and \(plain.channels) channels beside \(Controls.width) are not.
      """
  }

  /// The residual net that begins as copies do.
  private static func zeroStart(_ findings: Findings) -> String {
    let (full, zero) = findings.branches
    guard findings.ownRates?.compared != nil, (zero.early - full.early).direction() == .above else { return "" }
    return """
      A residual net with $\\gamma = 0$ in its branches begins by handing on its input, as copies do. It also learns slowly at first, but leaves \
      \(fixed(zero.trainingErrors.mean, 1)) % after \(counted(findings.fair.epochs, "epoch")) (*Scaling the branch*).
      """
  }

  /// What the directions are, and what two images have in common before training.
  private static func addAlike(to page: inout Page, _ findings: Findings) {
    guard let alikeness = findings.alikeness else { return }
    func cosine(_ net: DeepNet?) -> String { alikeness.net(net).map { fixed(max(0, $0.gradients.mean), 2) } ?? "–" }
    let (plain, residual) = (findings.fair.deepPlain.net, findings.fair.deepResidual.net)
    page.prose(
      """
      The directions are the *participation ratio* of the singular values σ of the Jacobian of all blocks, with the statistics of the batch; mean of two images, median of \(counted(alikeness.nets.first?.signals.count ?? 0, "seed")). \
      All σ equal is called *isometry*; Xiao et al. (2018) build it.

      Gradient: by steps 1 to 3 above a layer multiplies it by \(fixed(GradientFindings.theory, 2)) where ReLUs cut half, by \(fixed(GradientFindings.theory(shift: 2), 2)) where they cut 2 %.

      *Shattered gradients* (Balduzzi et al. 2017): the mean cosine of two images' gradients is \(cosine(plain)) in \(plain.name), \(cosine(residual)) in \(residual.name), but \
      \(cosine(findings.widened?.net)) with \(widerName), too (\(wrong(findings.widened)) wrong).
      """)
  }
}
