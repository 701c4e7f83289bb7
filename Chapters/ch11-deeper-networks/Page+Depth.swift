// The page of chapter 11: whether depth pays: on digits, on small photographs, and in He et al.'s nets.

import Foundation
import Workbook

extension DepthFindings {
  var depths: [Int] { Set(rows.map(\.net.blocks)).sorted() }
  private func errors(_ blocks: Int?, residual: Bool) -> Row? { blocks.flatMap { row($0, residual: residual) } }
  var shallow: Int? { depths.first }
  var deep: Int? { depths.last }

  /// By how many points the deepest net errs less on new photographs than the shallowest one.
  func gain(residual: Bool) -> Summary {
    guard let shallow = errors(shallow, residual: residual), let deep = errors(deep, residual: residual) else {
      return Summary([])
    }
    return shallow.testErrors - deep.testErrors
  }
  /// By how many points the deepest plain net errs more on its own photographs than the best shallower one.
  var degradation: Summary {
    guard let deep = errors(deep, residual: false),
      let best = rows.filter({ !$0.net.isResidual && $0.net != deep.net })
        .min(by: { $0.trainingErrors.mean < $1.trainingErrors.mean })
    else { return Summary([]) }
    return deep.trainingErrors - best.trainingErrors
  }
  /// By how many points the deepest plain net errs more on new photographs than the residual one.
  var cure: Summary {
    guard let plain = errors(deep, residual: false), let residual = errors(deep, residual: true) else {
      return Summary([])
    }
    return plain.testErrors - residual.testErrors
  }
  /// Two seeds decide nothing.
  var isMeasured: Bool { (rows.first?.testErrors.count ?? 0) > 2 }
}

extension DeeperNetworks {
  /// What depth does on digits and on photographs, and what larger nets do.
  static func addDepth(to page: inout Page, _ findings: Findings) {
    let nets = findings.fair
    let isCaughtUp = findings.ending.map { $0.gap.direction() != .above } ?? false
    page.prose(
      """
      ### Does depth pay?

      \(newImages(nets))\(onSpirals(findings))
      """)
    if let depth = findings.depth, depth.isMeasured { addPhotographs(to: &page, depth) }
    page.prose(
      """
      **In He et al.'s long trainings depth pays.** On all 50,000 photographs of CIFAR-10 the errors of their residual nets fall from \
      \(fixed(Published.depths[0].error, 2)) % with \(Published.depths[0].layers) layers to \(fixed(Published.best.error, 2)) % with \
      \(Published.best.layers). Their plain net of 56 layers has more training errors than that of 20 to the last of 64,000 \
      steps. They call this *degradation*.\(isCaughtUp ? " On digits ours catches up, perhaps because two thousand of them can be learned by heart. What follows asks why a narrow deep net is slow on digits; whether the same reasons held theirs back is open." : "")
      """)
    page.fold("What He et al. published") { addPublished(to: &$0) }
  }

  /// Plain and residual nets of several depths on photographs.
  private static func addPhotographs(to page: inout Page, _ depth: DepthFindings) {
    let layers = listed(depth.depths.map { "\(6 * $0 + 2)" })
    page.prose(
      """
      We try photographs as well: \(grouped(depth.trainingCount)) of CIFAR-10 (from JPEG copies), reduced to \
      \(depth.side)×\(depth.side) pixels, flipped and shifted at random. The nets have He et al.'s design, with 16, 32 and 64 channels, \
      and \(layers) layers.
      """)
    func series(_ name: String, residual: Bool, _ color: Int, _ value: (DepthFindings.Row) -> Summary) -> Series {
      let rows = depth.depths.compactMap { depth.row($0, residual: residual) }
      return Series(
        name, x: rows.map { Double($0.net.depth) }, y: rows.map { value($0).mean },
        deviation: rows.map { value($0).deviation }, style: .lineAndMarkers, color: color)
    }
    page.figure(
      Figure(
        depthTitle(depth),
        .lines(
          LineChart(
            x: Axis("layers", ticks: depth.depths.map { (Double(6 * $0 + 2), "\(6 * $0 + 2)") }), y: Axis("errors (%)"),
            [
              series("plain, new", residual: false, 4) { $0.testErrors },
              series("residual, new", residual: true, 0) { $0.testErrors },
              series("plain, training", residual: false, 3) { $0.trainingErrors },
              series("residual, training", residual: true, 2) { $0.trainingErrors },
            ])),
        caption: """
          Photographs wrong after \(counted(depth.epochs, "epoch")), among those learned from and among \(grouped(depth.testCount)) \
          new ones. Mean ± standard deviation of \(counted(depth.rows[0].testErrors.count, "seed")); each net has its own rate, which \
          falls as a cosine.
          """, name: "depth"))
    page.project(
      depth.gain(residual: true).worded(
        above: "On photographs depth pays, with additions",
        below:
          "In so few steps depth costs, \(depth.cure.direction() == .above ? "less with additions" : "additions or not")",
        withinChance: "On photographs: errors by depth, plain and residual"),
      notes: "Which lines rise, which fall? Look at the photographs that were learned from, too.")
    page.prose(depthFinding(depth))
    page.fold("How this was measured on photographs") { page in
      page.table(
        Table(
          "Rates chosen by errors (%) on \(grouped(depth.keptBack)) photographs kept back, after \(counted(depth.trialEpochs, "epoch")), one seed",
          columns: ["net", .init("rate"), "errors at the rates tried"],
          rows: depth.rows.map { row in
            [
              TableCell(row.net.name), TableCell(short(row.rate)),
              TableCell(
                row.rates.indices.map { "\(short(row.rates[$0])): \(fixed(row.trials[$0], 1))" }.joined(separator: "; ")
              ),
            ]
          }))
      page.prose(
        "Batches of 32, momentum 0.9. Where the number of channels changes, a residual block has a projection.")
      page.code("photographNet", in: "Depth.swift")
    }
  }

  static func depthTitle(_ depth: DepthFindings) -> String {
    let layers = "\(6 * (depth.deep ?? 0) + 2)"
    let costs = depth.gain(residual: false).direction() == .below
    return depth.gain(residual: true).worded(
      above: "With additions \(layers) layers err less on new photographs than 8",
      below: depth.cure.direction() == .above
        ? "In \(counted(depth.epochs, "epoch")) depth costs on photographs, less with additions"
        : "In \(counted(depth.epochs, "epoch")) \(layers) layers err more on new photographs than 8",
      withinChance: costs
        ? "On photographs depth costs without additions; with them, nothing beyond chance"
        : "Errors on photographs by depth, with additions and without")
  }

  /// What depth does there without additions and with them, one number each.
  static func depthFinding(_ depth: DepthFindings) -> String {
    func points(_ difference: Summary) -> String { "\(fixed(abs(difference.mean), 1)) points" }
    let (residual, plain) = (depth.gain(residual: true), depth.gain(residual: false))
    let layers = "\(6 * (depth.deep ?? 0) + 2)"
    let fits = depth.degradation.direction() == .above ? ", and more on their own as well: this is not overfitting" : ""
    let first = plain.worded(
      above:
        "Without additions depth pays: \(layers) plain layers make \(points(plain)) fewer mistakes on new photographs than 8.",
      below:
        "Without additions depth costs: \(layers) plain layers make \(points(plain)) more mistakes on new photographs than 8\(fits).",
      withinChance: "Without additions depth brings nothing beyond chance.")
    let second = residual.worded(
      above: "With additions depth pays: \(layers) layers make \(points(residual)) fewer mistakes than 8.",
      below:
        "With additions it costs \(depth.cure.direction() == .above ? "less" : "as well"): \(points(residual)) more than with 8 layers\(depth.cure.direction() == .above ? ", but \(fixed(depth.cure.mean, 1)) fewer than without additions" : "").",
      withinChance:
        "With additions it costs nothing that \(counted(residual.count, "seed")) can tell from chance, and brings nothing."
    )
    let small =
      residual.direction() == .above
      ? ""
      : " The likely reason is time: these nets had \(grouped(depth.epochs * ((depth.trainingCount + 31) / 32))) steps, He et al.'s \(grouped(64_000))."
    return "**\(first)** \(second)\(small)"
  }

  /// What depth does on digits that were not learned from.
  static func newImages(_ nets: DegradationFindings) -> String {
    let (deep, shallow) = (nets.deepResidual.net.depth, nets.shallowResidual.net.depth)
    return nets.newGain.worded(
      above: "On new digits it does: \(deep) residual layers make fewer mistakes than \(shallow).",
      below: "On new digits it does not: \(deep) residual layers make more mistakes than \(shallow).",
      withinChance:
        "On new digits it does not: residual \(deep) is no better than residual \(shallow), beyond chance. \(shallow) layers are enough for them."
    )
  }

  /// What depth does on two spirals, where it was measured.
  private static func onSpirals(_ findings: Findings) -> String {
    guard let factors = findings.factors, let none = factors.row(0),
      let net = factors.row(ScalingFindings.root(factors.blocks)), (none.errors - net.errors).direction() == .above
    else { return "" }
    let place = " (*Scaling the branch*)."
    guard let wide = factors.shallow else {
      return
        " On two spirals \(2 * factors.blocks) layers with additions beat one layer of 32 units. That does not say that depth did it: the deep net has hundreds of times as many weights, and a wide layer was not tried\(place)"
    }
    let sizes = "\(fixed(net.errors.mean, 1)) % of new points wrong, the wide layer \(fixed(wide.errors.mean, 1)) %"
    let start =
      " On two spirals \(2 * factors.blocks) layers with additions meet one hidden layer with as many weights: "
    return (wide.errors - net.errors).worded(
      above: start
        + "the deep net gets \(sizes) after as many epochs\(wide.trainingErrors.mean > 10 ? ", which has not learned its own points by then" : "")\(place)",
      below: start + "the deep net gets \(sizes), so here it does not pay either\(place)",
      withinChance: start + "the deep net gets \(sizes), no difference beyond chance\(place)")
  }

  private static func addPublished(to page: inout Page) {
    page.table(
      Table(
        "Not measured here: errors (%) on 50,000 new photographs of ImageNet, one answer each (He et al. 2016, table 2)",
        columns: ["net", .init("18 layers", digits: 2), .init("34 layers", digits: 2)],
        rows: Published.imageNet.map { [TableCell($0.net), TableCell($0.shallow), TableCell($0.deep)] }))
    page.table(
      Table(
        "Not measured here: residual nets on CIFAR-10 (He et al. 2016, table 6)",
        columns: [.init("layers")] + Published.depths.map { .init(grouped($0.layers)) },
        rows: [["errors on new photographs (%)"] + Published.depths.map { TableCell(fixed($0.error, 2)) }]))
    page.prose(
      """
      On ImageNet, too, the deeper plain net has more training errors, and three times as many steps did not help. With \
      \(grouped(Published.last.layers)) layers the errors on CIFAR-10 rise again, although that net learns its training images: He et \
      al. suppose that it overfits. The addition was not the first way to train tens of layers: highway networks (Srivastava et al. \
      2015) had such a shortcut with a learned gate on it.
      """)
  }

  /// What He et al. 2016 published: residual nets of several depths on CIFAR-10 (table 6), plain and residual ones on ImageNet
  /// (table 2, top-1 errors on the validation set). Errors in percent.
  private enum Published {
    static let depths = [(20, 8.75), (32, 7.51), (44, 7.17), (56, 6.97), (110, 6.43), (1202, 7.93)]
      .map { (layers: $0.0, error: $0.1) }
    static let best = depths[4]
    static let last = depths[5]
    static let imageNet = [("plain", 27.94, 28.54), ("residual", 27.88, 25.03)]
      .map { (net: $0.0, shallow: $0.1, deep: $0.2) }
  }
}
