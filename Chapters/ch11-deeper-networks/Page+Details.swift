// The page of chapter 11: how the changes were tested, in folds, and the gradient in the two deep nets.

import Foundation
import Workbook

extension DeeperNetworks {
  static let begunTitle = "Growth and shattered gradients before training"

  /// The details, for second readings.
  static func addDetails(to page: inout Page, _ runs: PageRuns<Findings>) {
    let findings = runs.reported
    addMeasured(to: &page, findings)
    addBegun(to: &page, findings)
  }

  /// How it was measured, with intervals.
  private static func addMeasured(to page: inout Page, _ findings: Findings) {
    let changes =
      findings.tried + [findings.wideOpen, findings.wideCopies].compactMap { $0 } + findings.otherPairs
      + [findings.fading].compactMap { $0 }
    guard findings.ownRates != nil, !changes.isEmpty else { return }
    page.fold("How this was measured, with intervals") { page in
      page.prose(method(findings))
      page.table(factorTable(findings))
      page.table(
        Table(
          "Learning rates, and points by which the net is still behind the residual one",
          columns: ["what was changed", .init("rate"), "still behind"],
          rows: changes.map { change in
            [
              TableCell(change.name), TableCell(change.rate.map { short($0) } ?? "–"),
              TableCell(points(change.remedy.rest)),
            ]
          }))
    }
  }

  /// Every net in numbers; the middle one beside the mean, which one failed net of ten can move far.
  private static func factorTable(_ findings: Findings) -> Table {
    Table(
      """
      Training images wrong, mean and median, and how many times fewer than with \(findings.fair.deepPlain.net.name): beyond \
      chance where 1 lies outside the interval
      """,
      columns: [
        "net", .init("mean (%)", digits: 1), .init("median (%)", digits: 1), "epochs to \(Int(fewErrors)) %",
        "times fewer",
      ],
      rows: shown(findings).map { net in
        [
          TableCell(net.name), TableCell(net.errors.mean), TableCell(net.errors.median),
          TableCell(net.epochs.map { epochsText($0) } ?? "–"), TableCell(net.factor?.text ?? "1"),
        ]
      })
  }

  /// The protocol.
  private static func method(_ findings: Findings) -> String {
    let nets = findings.fair
    let wide =
      findings.widened.map {
        " A net with \(widerName) is compared with a residual net of as many channels, and has \(counted($0.remedy.treated.count, "seed"))."
      } ?? " Wider nets were not tried."
    return """
      Each net has its own learning rate, the best of a row in which each rate is twice the one before: the one with the fewest errors \
      in trainings with \(findings.ownRates?.row()?.tried.first?.kept.count ?? 0) other seeds, on digits kept back or on the training images. Nets are compared seed by \
      seed, \(counted(nets.deepPlain.trainingErrors.count, "seed")) unless the text says otherwise; epochs are the mean of \
      \(DeepRun.curveSeeds) seeds.

      Errors differ by factors, so chance is judged by ratios (differences of logarithms). A net without a mistake counts as half an \
      image. The intervals of ratios are wider than those of 95 %, because \(Remedy.tried) changes were tried; “still \
      behind” has a 95 % interval.\(wide)
      """
  }

  /// How far growth and cosine spread before training.
  private static func spread(_ findings: Findings) -> String {
    guard let begun = findings.ownRates?.begun, let seeds = begun.first?.neighbours.count,
      let widest = begun.max(by: { $0.neighbours.deviation < $1.neighbours.deviation })
    else { return "" }
    let net = widest.net.start == .identity ? " (exact copies)" : ""
    return """
      Means of \(seeds) untrained nets; the largest standard deviation is \(fixed(begun.map(\.factor.deviation).max() ?? .nan, 2)) for \
      growth and \(fixed(widest.neighbours.deviation, 2))\(net) for the cosine.
      """
  }

  /// What open ReLUs do to the gradient, where it becomes smaller on its way back.
  private static func shrinking(_ findings: Findings) -> String? {
    guard let open = findings.ownRates?.before(start: .open), open.factor.direction(from: 1) == .below else {
      return nil
    }
    return """
      With open ReLUs the factor 0.71/0.58 of a layer becomes 1/1. Measured, the gradient even shrinks. Perhaps the zeros around each \
      map do that (not tested): beside outputs of mean 2 they stand out, so the norm divides by more.
      """
  }

  /// The gradient's growth in the nets of the comparison themselves.
  static func addFlow(to page: inout Page, _ flow: GradientFlow) {
    guard let plain = flow.net(residual: false), let residual = flow.net(residual: true) else { return }
    func chart(_ plain: GradientFlow.Stage, _ residual: GradientFlow.Stage) -> Plot {
      .lines(
        LineChart(
          x: Axis("block, from the image on"), y: Axis("length of the gradient", log: true),
          [("plain", plain, 4), ("residual", residual, 0)].map { name, stage, color in
            Series(
              name, x: stage.norms.indices.map { Double($0 + 1) }, y: stage.norms.map { pow(10, $0.mean) },
              style: .line,
              isEmphasized: color == 4, color: color)
          }))
    }
    let caption = """
      ‖∂L/∂x‖ at the input of each block: mean loss of \(flow.images) training images, mean of the logarithms over \
      \(counted(plain.before.factor.count, "seed")). The gradient comes from the right.
      """
    if let after = plain.after, let other = residual.after {
      page.figure(
        Figure(
          flowTitle(plain), exploring: FigureParameter("when", names: ["before training", "after an epoch"]),
          caption: caption, name: "flow"
        ) { $0 == 0 ? chart(plain.before, residual.before) : chart(after, other) })
    } else {
      page.figure(Figure(flowTitle(plain), chart(plain.before, residual.before), caption: caption, name: "flow"))
    }
  }

  /// The title of that figure.
  static func flowTitle(_ plain: GradientFlow.Net) -> String {
    let start = plain.before.factor.worded(
      from: 1,
      above: "Before training the gradient of \(plain.net.name) grows on its way back",
      below: "Before training the gradient of \(plain.net.name) shrinks on its way back",
      withinChance: "Before training the gradient of \(plain.net.name) keeps its size, within chance")
    guard let after = plain.after?.factor else { return start }
    return start + "; after one epoch "
      + after.worded(
        from: 1, above: "it grows by \(percent(after.mean - 1)) a layer",
        below: "it shrinks by \(percent(1 - after.mean)) a layer", withinChance: "it keeps its size, within chance")
  }

  /// The gradients of the nets before training: how they grow, and how much neighbours have in common.
  static func addBegun(to page: inout Page, _ findings: Findings) {
    // Steps of one size begin like the plain net, an addition that fades out like the residual one.
    let rows = shown(findings).filter { ![findings.oneSize?.name, findings.fading?.name].contains($0.name) }
      .compactMap { net in net.before.map { (net, $0) } }
    guard !rows.isEmpty || findings.neighbours != nil else { return }
    page.fold(begunTitle) { page in
      page.prose(
        """
        *Growth* is what a layer multiplies the gradient by on its way back. For the *cosine* take the slope of an output in every \
        pixel, for an image and for a copy of it that is moved a little, by a tenth of its length. If the net is smooth, the two lists \
        of slopes point the same way: their cosine is 1. If it is 0, they have nothing in common, and the gradient is called \
        *shattered* (Balduzzi et al. 2017). In a shattered net a step that helps one image does little for its neighbour.\
        \(isUnordered(findings) ? " But the cosine does not order the nets: with open ReLUs it is larger than in \(findings.fair.deepResidual.net.name), and the net learns worse." : "")
        """)
      if !rows.isEmpty {
        page.table(
          Table(
            "Before training, and what is wrong (%) after \(counted(findings.fair.epochs, "epoch")). \(spread(findings))",
            columns: [
              "net", .init("growth", digits: 2), .init("cosine", digits: 2), .init("wrong (%)", digits: 1),
            ],
            rows: rows.map { net, begun in
              [
                TableCell(net.name), TableCell(begun.factor.mean), TableCell(begun.neighbours.mean),
                TableCell(net.errors.mean),
              ]
            }))
        if let text = shrinking(findings) { page.prose(text) }
      }
      if let found = findings.neighbours { addNeighbours(to: &page, found) }
    }
  }

  /// The cosine at several depths.
  private static func addNeighbours(to page: inout Page, _ found: GradientNeighbours) {
    guard let plain = found.deepest(residual: false), let residual = found.deepest(residual: true) else { return }
    func series(_ name: String, residual: Bool, color: Int, _ value: (GradientNeighbours.Net) -> Summary) -> Series {
      let nets = found.nets.filter { $0.net.isResidual == residual }
      return Series(
        name, x: nets.map { Double($0.net.depth) }, y: nets.map { value($0).mean },
        deviation: nets.map { value($0).deviation }, style: .lineAndMarkers, color: color)
    }
    page.figure(
      Figure(
        found.gain.worded(
          above: "With additions, neighbours keep more of their gradient in common",
          below: "With additions, neighbours have less of their gradient in common",
          withinChance: "Gradients of neighbours, plain and residual: no difference beyond chance"),
        .lines(
          LineChart(
            x: Axis("layers"), y: Axis("cosine of two gradients", range: -0.1...1),
            [
              series("residual", residual: true, color: 0) { $0.neighbours },
              series("plain", residual: false, color: 4) { $0.neighbours },
              series("residual, two different images", residual: true, color: 7) { $0.strangers },
            ])),
        caption: """
          Untrained nets; the slopes are those of a random sum of the outputs. Mean and standard deviation of \
          \(counted(plain.neighbours.count, "seed")). At \(plain.net.depth) layers: plain \
          \(plain.neighbours.formatted(decimals: 2)), residual \(residual.neighbours.formatted(decimals: 2)).
          """, name: "neighbours"))
  }
}
