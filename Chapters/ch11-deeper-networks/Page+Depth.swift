// The page of chapter 11: whether depth pays: on digits, on small photographs, and in He et al.'s nets.

import Foundation
import Workbook

extension DeeperNetworks {
  /// What depth does on digits and on photographs, and what larger nets do.
  static func addDepth(to page: inout Page, _ findings: Findings) {
    let (steps, long) = (findings.depthSteps, findings.decidedDepth)
    page.prose(
      """
      ## Does depth pay?

      \(steps.map { "\(stepMessage($0)) " } ?? "")\(newImages(findings.fair))
      """)
    guard let depth = findings.depth, depth.isMeasured else {
      page.prose(published(nil))
      return
    }
    addPhotographs(to: &page, depth, long, steps)
  }

  /// What more layers gained in He et al.'s nets.
  private static func published(_ ours: DepthFindings?) -> String {
    let times = ours.map {
      ", \(fixed(Double(Published.batch * Published.steps) / Double($0.epochs * $0.trainingCount), 0)) times as many photographs as ours"
    }
    return """
      **In a much longer training more layers paid.** He et al. (2016a) trained for \(grouped(Published.steps)) steps of \
      \(Published.batch) photographs of 32×32 pixels\(times ?? ""). Their residual nets of \
      \(listed(Published.depths.map { grouped($0.layers) })) layers had \(listed(Published.depths.map { fixed($0.error, 2) })) % errors on new ones.
      """
  }

  /// Nets of several depths on photographs, after a longer training and after a short one.
  private static func addPhotographs(
    to page: inout Page, _ depth: DepthFindings, _ long: DepthFindings?, _ steps: DepthSteps?
  ) {
    page.prose(
      """
      The photographs are CIFAR-10 (from JPEG copies), reduced to \(depth.side)×\(depth.side) pixels, flipped and shifted at \
      random. The nets are He et al.'s for them, of 16, then 32, then 64 channels.\(steps.map(stepNets) ?? "")
      """)
    page.figure(depthFigure(depth, long, steps))
    page.project(
      steps.flatMap {
        $0.gain.direction() == .above ? "On photographs depth pays up to \($0.deep.net.depth) layers" : nil
      }
        ?? depth.cure.worded(
          above: "On photographs, too, the addition saves a deep net",
          below: "On photographs the addition costs errors",
          withinChance: "On photographs: errors by depth, plain and residual"), notes: "Which lines rise, which fall?")
    if let long {
      let findings = [steps.map(stepFinding), longFinding(long), published(long)].compactMap { $0 }
      page.prose(
        "### The longer training: more layers, or more channels\n\n\(findings.joined(separator: "\n\n"))")
    } else {
      page.prose(published(depth))
    }
    page.prose(
      "### The shorter training: with the addition and without\n\n\(depthFinding(depth))\(long?.hasPlain == false ? " In \(grouped(long?.steps ?? 0)) steps no plain nets of these depths were trained." : "")"
    )
    page.fold("How this was measured on photographs") { addMethod(to: &$0, depth, long, steps) }
  }

  /// What the section says, in its first sentence.
  private static func stepMessage(_ steps: DepthSteps) -> String {
    let (few, many) = (steps.few[0].net.depth, steps.deep.net.depth)
    return steps.gain.worded(
      above:
        "**On photographs \(many) layers make fewer mistakes than \(few) with about as many weights; but depth is not all that differs.**",
      below: "**On photographs \(few) layers make fewer mistakes than \(many) with about as many weights.**",
      withinChance: "**On photographs we cannot tell \(many) layers from \(few) with about as many weights.**")
  }

  /// The nets of few layers.
  private static func stepNets(_ steps: DepthSteps) -> String {
    return """
       Beside the residual net of \(steps.deep.net.depth) layers stand plain ones of \
      \(listed(steps.few.map { "\($0.net.depth)" })) with more channels, so that all have about as many weights.
      """
  }

  /// What more layers gain where the number of weights stays.
  static func stepFinding(_ steps: DepthSteps) -> String {
    let (few, many) = (steps.few[0].net.depth, steps.deep.net.depth)
    let next =
      steps.few.count > 1
      ? steps.gain(over: steps.few[1]).worded(
        above: ", and \(fixed(steps.gain(over: steps.few[1]).mean, 1)) fewer than \(steps.few[1].net.depth)",
        below: "; \(steps.few[1].net.depth) do better",
        withinChance: "; \(steps.few[1].net.depth) cannot be told from \(many)") : ""
    let first = steps.gain.worded(
      above: "**\(many) layers make \(fixed(steps.gain.mean, 1)) points fewer mistakes than \(few)\(next).**",
      below: "\(many) layers make \(fixed(-steps.gain.mean, 1)) points more mistakes than \(few)\(next).",
      withinChance: "\(many) layers and \(few) err alike, within chance\(next).")
    let views = steps.few.map { "\($0.net.view)×\($0.net.view)" }
    return """
      \(first) But a unit also sees more: behind \
      \(listed(steps.few.map { "\($0.net.depth - 1)" })) convolutions \(listed(views)) pixels, behind \(many - 1) the whole picture.
      """
  }

  /// The errors by depth, in a figure with a frame for each training.
  private static func depthFigure(_ depth: DepthFindings, _ long: DepthFindings?, _ steps: DepthSteps?) -> Figure {
    func interval(_ errors: Summary) -> Double { errors.count > 2 ? errors.uncertainty : errors.deviation }
    func line(_ name: String, _ rows: [DepthFindings.Row], isEmphasized: Bool = false, _ color: Int) -> Series {
      Series(
        name, x: rows.map { Double($0.net.depth) }, y: rows.map { $0.testErrors.mean },
        deviation: rows.map { interval($0.testErrors) }, style: .lineAndMarkers, isEmphasized: isEmphasized,
        color: color)
    }
    func chart(_ depth: DepthFindings, _ steps: DepthSteps?) -> Plot {
      func rows(residual: Bool) -> [DepthFindings.Row] { depth.depths.compactMap { depth.row($0, residual: residual) } }
      let layers = (steps?.few ?? []).map { Double($0.net.depth) } + depth.depths.map { Double(6 * $0 + 2) }
      let nets = (depth.rows + (steps?.few ?? [])).map(\.testErrors).filter { $0.count > 0 }
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
          (steps.map { [line("as many weights", $0.few + [$0.deep], 3)] } ?? [])
            + (depth.hasPlain ? [line("plain", rows(residual: false), 4)] : [])
            + [line("residual", rows(residual: true), isEmphasized: true, 0)] + [wider].compactMap { $0 }))
    }
    func words(_ depth: DepthFindings) -> String {
      "\(grouped(depth.steps)) steps: \(counted(depth.epochs, "epoch")) of \(grouped(depth.trainingCount)) photographs, \(counted(depth.seeds, "seed"))"
    }
    let fewer = steps.map { ", of the nets with fewer layers \($0.few[0].testErrors.count)" } ?? ""
    let caption = """
      \(grouped(depth.testCount)) new photographs, mean with a 95 % interval. \(long.map { "\(words($0))\(fewer). " } ?? "")\
      \(words(depth))\(depth.gain(residual: true).direction() == .below ? "; there \(6 * (depth.shallow ?? 1) + 2) layers beat \(depth.layers)" : ""). Each net has its own rate, chosen by one seed.
      """
    // Each training has an axis of its own: the differences within one are small beside those between the two.
    return long.map { long in
      Figure(
        depthTitle(depth), exploring: FigureParameter("steps", names: [long, depth].map { grouped($0.steps) }),
        caption: caption,
        name: "depth", titles: { $0 == 0 ? stepTitle(long, steps) : depthTitle(depth) }
      ) { $0 == 0 ? chart(long, steps) : chart(depth, nil) }
    } ?? Figure(depthTitle(depth), chart(depth, nil), caption: caption, name: "depth")
  }

  /// Where depth pays in the longer training.
  private static func stepTitle(_ long: DepthFindings, _ steps: DepthSteps?) -> String {
    guard let steps, steps.gain.direction() == .above else { return "Errors on photographs after the longer training" }
    let end = long.gain(residual: true).worded(
      above: "\(long.layers) pay more", below: "\(long.layers) cost errors",
      withinChance: "whether \(long.layers) gain more, we cannot tell")
    return "From \(steps.few[0].net.depth) to \(steps.deep.net.depth) layers depth pays; \(end)"
  }

  static func depthTitle(_ depth: DepthFindings) -> String {
    depth.cure.worded(
      above:
        "In \(grouped(depth.steps)) steps the addition saves \(depth.layers) layers \(fixed(depth.cure.mean, 0)) points of errors",
      below: "On photographs the addition costs \(depth.layers) layers \(fixed(-depth.cure.mean, 0)) points",
      withinChance: "Errors on photographs by depth, with additions and without")
  }

  /// What the addition and depth do there.
  static func depthFinding(_ depth: DepthFindings) -> String {
    let fits =
      depth.degradation.direction() == .above
      ? " The plain net also makes more errors on its training photographs: again this is not overfitting." : ""
    let addition = depth.cure.worded(
      above: "**With \(depth.layers) layers the addition saves \(fixed(depth.cure.mean, 1)) points of errors.**",
      below: "**With \(depth.layers) layers the addition costs \(fixed(-depth.cure.mean, 1)) points.**",
      withinChance: "With \(depth.layers) layers the addition changes nothing beyond chance.")
    let few = depth.gain(residual: true).worded(
      above: "And with additions \(depth.layers) layers make fewer mistakes than 8.",
      below: "But in so few steps 8 layers do better still.",
      withinChance: "But 8 layers do as well, within chance.")
    let additions = depth.shallowCure.worded(
      above: " These, too, gain by the additions.", below: "",
      withinChance: " To these the additions make no difference beyond chance.")
    return
      "\(addition)\(fits) \(few)\(additions)"
  }

  /// What more layers, and more channels, gain in the longer training.
  private static func longFinding(_ long: DepthFindings) -> String {
    let gain = long.gain(residual: true)
    let depth = gain.worded(
      above: "There \(long.layers) residual layers make \(fixed(gain.mean, 1)) points fewer mistakes than 8.",
      below: "There \(long.layers) residual layers make more mistakes than 8.",
      withinChance:
        "**Whether \(long.layers) residual layers gain more than 8, we cannot tell:** between \(fixed(gain.mean - gain.uncertainty, 1)) and \(fixed(gain.mean + gain.uncertainty, 1)) points (95 %, \(counted(gain.count, "seed")), compared seed by seed)."
    )
    return "\(depth)\(wider(long))"
  }

  /// The rates, and the errors on the photographs that were learned from.
  private static func addMethod(
    to page: inout Page, _ depth: DepthFindings, _ long: DepthFindings?, _ steps: DepthSteps?
  ) {
    let rows =
      ((steps?.few ?? []) + (long?.rows.reversed() ?? [])).map { (long?.steps ?? 0, $0) }
      + depth.rows.reversed().map { (depth.steps, $0) }
    page.table(
      Table(
        "Each net's rate, the best for one seed, and the errors (%) at that rate",
        columns: [
          "net", .init("steps"), .init("weights"), .init("rate"), .init("own photographs", digits: 1),
          .init("new", digits: 1),
        ],
        rows: rows.map { steps, row in
          [
            TableCell(row.net.name), TableCell(steps), TableCell(row.net.layers.parameterCount),
            TableCell(short(row.rate)),
            .measured(row.trainingErrors), .measured(row.testErrors),
          ]
        }))
    let choice = ([depth] + [long].compactMap { $0 }).map { depth in
      "\(grouped(depth.steps)) steps: after \(counted(depth.trialEpochs, "epoch")) on \(grouped(depth.keptBack)) photographs kept back"
    }
    page.prose(
      """
      Rates were chosen, \(choice.joined(separator: "; ")), as for digits; the few epochs may cost a slow net most. Batches of 32, momentum 0.9. \
      The net of 2 layers has 5×5 windows and reads 4×4 places of every map; the others read its mean.
      """)
  }

  /// What depth does on digits that were not learned from.
  static func newImages(_ nets: DegradationFindings) -> String {
    let (deep, shallow) = (nets.deepResidual.net.depth, nets.shallowResidual.net.depth)
    return nets.newGain.worded(
      above: "On new digits it does: \(deep) residual layers make fewer mistakes than \(shallow).",
      below: "On new digits depth costs: \(deep) residual layers make more mistakes than \(shallow).",
      withinChance:
        "On new digits we see no gain: residual \(deep) is no better than residual \(shallow), beyond chance.")
  }

  /// What He et al. 2016a published: residual nets of several depths on CIFAR-10 (table 6). Errors in percent.
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
       **Twice the channels in 8 layers \(first)\(second).** That net has \(size) as the deep one\(gain.direction() == .above ? " (*wide ResNets*, Zagoruyko and Komodakis 2016)" : "").
      """
  }
}

/// Nets of few layers beside a deeper one with about as many weights, all trained alike.
struct DepthSteps {
  /// The fewest layers first.
  var few: [DepthFindings.Row]
  var deep: DepthFindings.Row

  /// By how many points the deep net errs less on new photographs; the seeds are those that both have.
  func gain(over row: DepthFindings.Row) -> Summary { row.testErrors - deep.testErrors }
  var gain: Summary { gain(over: few[0]) }
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
  /// The same for the shallowest.
  var shallowCure: Summary {
    guard let plain = errors(shallow, residual: false), let residual = errors(shallow, residual: true) else {
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
  /// The nets of few layers beside the shallow residual one of that training; nil where there are none, or of few seeds.
  var depthSteps: DepthSteps? {
    let few = (fewLayers?.rows ?? []).filter { $0.net.convolutions != nil && $0.testErrors.count > 2 }
    guard !few.isEmpty, let long = decidedDepth, let shallow = long.shallow,
      let deep = long.row(shallow, residual: true)
    else { return nil }
    return DepthSteps(few: few.sorted { $0.net.depth < $1.net.depth }, deep: deep)
  }
}
