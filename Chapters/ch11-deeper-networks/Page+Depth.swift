// The page of chapter 11: whether depth pays: on digits, on small photographs, and in He et al.'s nets.

import Foundation
import Workbook

extension DeeperNetworks {
  /// What depth does on digits and on photographs, and what larger nets do.
  static func addDepth(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Does depth pay?

      To learn as fast is not yet a gain. \(newImages(findings.fair))
      """)
    if let depth = findings.depth, depth.isMeasured { addPhotographs(to: &page, depth, findings.decidedDepth) }
    let few = findings.decidedDepth ?? findings.depth
    page.prose(
      """
      **In long trainings depth does pay.** He et al. (2016) trained for \(grouped(Published.steps)) steps of \
      \(Published.batch) photographs\(few.map { ", \(fixed(Double(Published.batch * Published.steps) / Double($0.epochs * $0.trainingCount), 0)) times as many as ours" } ?? ""), of 32×32 pixels.
      """)
    page.table(
      Table(
        "Not measured here: residual nets on CIFAR-10 (He et al. 2016, table 6; of 110 layers the mean of five runs)",
        columns: ["layers", .init("errors on new photographs (%)", digits: 2)],
        rows: Published.depths.map { [TableCell(grouped($0.layers)), TableCell($0.error)] }))
    page.prose(
      """
      Their *plain* net of 56 layers had more errors on its own training photographs than that of 20, to the last step. An error that \
      patience does not take away is called *degradation*. They thought a vanishing gradient unlikely to be its reason, and supposed \
      that deep plain nets learn exponentially slowly. Whether theirs has the reasons that we find for our slow net, \
      our small nets cannot say.
      """)
  }

  /// Plain and residual nets of several depths on photographs, after a short training and after a longer one.
  private static func addPhotographs(to page: inout Page, _ depth: DepthFindings, _ long: DepthFindings?) {
    page.prose(
      """
      So we try photographs: CIFAR-10 (from JPEG copies), reduced to \(depth.side)×\(depth.side) pixels, flipped and shifted at \
      random, and the nets that He et al. built for them. The maps have 16, then 32, then 64 channels.
      """)
    page.figure(depthFigure(depth, long))
    page.project(
      depth.cure.worded(
        above: "On photographs, too, the addition saves a deep net", below: "On photographs the addition costs errors",
        withinChance: "On photographs: errors by depth, plain and residual"), notes: "Which lines rise, which fall?")
    page.prose(depthFinding(depth, long))
    page.fold("How this was measured on photographs") { addMethod(to: &$0, depth, long) }
  }

  /// The errors by depth, in a figure with a frame for each training.
  private static func depthFigure(_ depth: DepthFindings, _ long: DepthFindings?) -> Figure {
    func interval(_ errors: Summary) -> Double { errors.count > 2 ? errors.uncertainty : errors.deviation }
    func series(_ name: String, _ depth: DepthFindings, residual: Bool, _ color: Int) -> Series {
      let rows = depth.depths.compactMap { depth.row($0, residual: residual) }
      return Series(
        name, x: rows.map { Double($0.net.depth) }, y: rows.map { $0.testErrors.mean },
        deviation: rows.map { interval($0.testErrors) }, style: .lineAndMarkers, isEmphasized: residual, color: color)
    }
    func chart(_ depth: DepthFindings) -> Plot {
      let layers = depth.depths.map { Double(6 * $0 + 2) }
      let nets = depth.rows.map(\.testErrors).filter { $0.count > 0 }
      let least = nets.map { $0.mean - interval($0) }.min() ?? 0
      let most = nets.map { $0.mean + interval($0) }.max() ?? 100
      let errors = least.isFinite && most > least ? (least - 0.5).rounded(.down)...(most + 0.5).rounded(.up) : nil
      let wider = depth.decidedWider.map { wider in
        Series(
          "twice the channels", x: [Double(wider.net.depth)], y: [wider.testErrors.mean],
          deviation: [interval(wider.testErrors)], style: .points, color: 7)
      }
      return .lines(
        LineChart(
          x: Axis(
            "layers", range: (layers.min() ?? 8) - 1...(layers.max() ?? 32) + 1, ticks: layers.map { ($0, short($0)) }),
          y: Axis("new photographs wrong (%)", range: errors),
          (depth.hasPlain ? [series("plain", depth, residual: false, 4)] : [])
            + [series("residual", depth, residual: true, 0)] + [wider].compactMap { $0 }))
    }
    func words(_ depth: DepthFindings) -> String {
      "\(counted(depth.epochs, "epoch")) of \(grouped(depth.trainingCount)) photographs, \(grouped(depth.steps)) steps, \(counted(depth.seeds, "seed"))"
    }
    let caption = """
      Errors on \(grouped(depth.testCount)) new photographs. Short: \(words(depth)).\(long.map { " Longer: \(words($0))." } ?? "") \
      Mean with a 95 % interval. Each net has its own rate, which falls as a cosine.
      """
    // Each training has an axis of its own: the differences within one are small beside those between the two.
    return long.map { long in
      Figure(
        depthTitle(depth), exploring: FigureParameter("training", names: ["short", "longer"]), caption: caption,
        name: "depth"
      ) { chart($0 == 0 ? depth : long) }
    } ?? Figure(depthTitle(depth), chart(depth), caption: caption, name: "depth")
  }

  static func depthTitle(_ depth: DepthFindings) -> String {
    depth.cure.worded(
      above: "On photographs the addition saves \(depth.layers) layers \(fixed(depth.cure.mean, 0)) points of errors",
      below: "On photographs the addition costs \(depth.layers) layers \(fixed(-depth.cure.mean, 0)) points",
      withinChance: "Errors on photographs by depth, with additions and without")
  }

  /// What the addition and depth do there.
  static func depthFinding(_ depth: DepthFindings, _ long: DepthFindings? = nil) -> String {
    let fits =
      depth.degradation.direction() == .above
      ? " The plain net also makes more errors on its own training photographs: again this is not overfitting." : ""
    let addition = depth.cure.worded(
      above: "**With \(depth.layers) layers the addition saves \(fixed(depth.cure.mean, 1)) points of errors.**",
      below: "**With \(depth.layers) layers the addition costs \(fixed(-depth.cure.mean, 1)) points.**",
      withinChance: "With \(depth.layers) layers the addition changes nothing beyond chance.")
    let few = depth.gain(residual: true).worded(
      above: "And with additions \(depth.layers) layers make fewer mistakes than 8.",
      below: "But in so few steps 8 layers do better still, with additions or without.",
      withinChance: "But 8 layers do as well, within chance.")
    return """
      \(addition)\(fits) \(few)\(long.map { "\n\n" + longFinding($0) } ?? "")
      """
  }

  /// What more layers, and more channels, gain in the longer training.
  private static func longFinding(_ long: DepthFindings) -> String {
    let gain = long.gain(residual: true)
    let depth = gain.worded(
      above: "there \(long.layers) residual layers make \(fixed(gain.mean, 1)) points fewer mistakes than 8.",
      below: "there, too, \(long.layers) residual layers make more mistakes than 8.",
      withinChance:
        "there \(counted(gain.count, "seed")) cannot tell \(long.layers) residual layers from 8: what depth gains lies between \(fixed(gain.mean - gain.uncertainty, 1)) and \(fixed(gain.mean + gain.uncertainty, 1)) points (95 %)."
    )
    return "The longer training had more photographs and more steps; \(depth)\(wider(long))"
  }

  /// The rates, and the errors on the photographs that were learned from.
  private static func addMethod(to page: inout Page, _ depth: DepthFindings, _ long: DepthFindings?) {
    for (name, depth) in [("short", depth)] + (long.map { [("longer", $0)] } ?? []) {
      page.table(
        Table(
          """
          The \(name) training: each net's rate, the best for one seed after \(counted(depth.trialEpochs, "epoch")) on \
          \(grouped(depth.keptBack)) photographs kept back, of the rates tried; errors (%) at that rate
          """,
          columns: ["net", .init("rate"), "rates tried", .init("own photographs", digits: 1), .init("new", digits: 1)],
          rows: depth.rows.reversed().map { row in
            [
              TableCell(row.net.name), TableCell(short(row.rate)),
              TableCell("\(short(row.rates.min() ?? .nan)) to \(short(row.rates.max() ?? .nan))"),
              .measured(row.trainingErrors), .measured(row.testErrors),
            ]
          }))
    }
    page.prose(
      """
      Each rate tried is twice the one before. Batches of 32, momentum 0.9. Where the number of channels changes, a residual block has \
      a projection shortcut.
      """)
  }

  /// What depth does on digits that were not learned from.
  static func newImages(_ nets: DegradationFindings) -> String {
    let (deep, shallow) = (nets.deepResidual.net.depth, nets.shallowResidual.net.depth)
    return nets.newGain.worded(
      above: "On new digits it is one: \(deep) residual layers make fewer mistakes than \(shallow).",
      below: "On new digits depth costs: \(deep) residual layers make more mistakes than \(shallow).",
      withinChance: "On new digits we see none: residual \(deep) is no better than residual \(shallow), beyond chance.")
  }

  /// What He et al. 2016 published: residual nets of several depths on CIFAR-10 (table 6). Errors in percent.
  enum Published {
    static let (steps, batch) = (64_000, 128)
    static let depths = [(20, 8.75), (56, 6.97), (110, 6.61)].map { (layers: $0.0, error: $0.1) }
  }
}

extension DeeperNetworks {
  /// Whether a wider net of few layers, with about as many weights as the deep one, gains as much.
  private static func wider(_ long: DepthFindings) -> String {
    guard let shallow = long.shallow, let deep = long.deep, deep > shallow, let wider = long.decidedWider,
      let gain = long.widerOverShallow, let overDeep = long.widerOverDeep
    else { return "" }
    func weights(_ net: PhotographNet) -> Int { net.layers.parameterCount }
    let share = Double(weights(wider.net)) / Double(weights(PhotographNet(blocks: deep, isResidual: true)))
    let size = abs(share - 1) < 0.05 ? "about as many weights" : "\(fixed(share, 1)) times as many weights"
    let first = gain.worded(
      above: "make \(fixed(gain.mean, 1)) points fewer mistakes than with the usual channels",
      below: "make more mistakes than with the usual channels",
      withinChance: "do as well as with the usual channels, within chance")
    let second = overDeep.worded(
      above: ", and fewer than \(long.layers) layers", below: ", but more than \(long.layers) layers",
      withinChance: "; \(long.layers) layers cannot be told from them")
    return """
       **Twice the channels in 8 layers \(first)\(second).** That net has \(size) as the deep one.
      """
  }
}

extension DepthFindings {
  var depths: [Int] { Set(rows.map(\.net.blocks)).sorted() }
  var shallow: Int? { depths.first }
  var deep: Int? { depths.last }
  /// The layers of the deepest nets.
  var layers: Int { 6 * (deep ?? 0) + 2 }
  var seeds: Int { rows.filter { $0.net.width == nil }.map(\.testErrors.count).min() ?? 0 }
  var steps: Int { epochs * ((trainingCount + 31) / 32) }
  private func errors(_ blocks: Int?, residual: Bool) -> Row? { blocks.flatMap { row($0, residual: residual) } }

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
  /// Whether plain nets were trained, too.
  var hasPlain: Bool { rows.contains { !$0.net.isResidual } }
  /// Two seeds decide nothing.
  var isMeasured: Bool { seeds > 2 }

  /// The wider net of few layers, if enough seeds of it were trained.
  var decidedWider: Row? { wider.flatMap { $0.testErrors.count > 2 ? $0 : nil } }
  /// By how many points the wider net errs less on new photographs than the deepest residual net.
  var widerOverDeep: Summary? {
    decidedWider.flatMap { wider in errors(deep, residual: true).map { $0.testErrors - wider.testErrors } }
  }
  /// The same, less than the residual net of as few layers.
  var widerOverShallow: Summary? {
    decidedWider.flatMap { wider in errors(shallow, residual: true).map { $0.testErrors - wider.testErrors } }
  }
  /// Whether width gains more than depth.
  var isWidthBetter: Bool { widthGain != nil && widerOverDeep?.direction() == .above }
  /// By how many points the wider net errs less than the residual net of as few layers; nil where that may be chance.
  var widthGain: Double? { widerOverShallow.flatMap { $0.direction() == .above ? $0.mean : nil } }
}

extension DeeperNetworks.Findings {
  /// The longer training on photographs, if it decides anything.
  var decidedDepth: DepthFindings? { longDepth.flatMap { $0.isMeasured ? $0 : nil } }
}
