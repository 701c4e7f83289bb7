// The page of chapter 11: whether depth pays: on digits, on small photographs, and in He et al.'s nets.

import Foundation
import Workbook

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
  /// The direction of the same with one seed or two: that in which all agree.
  func trend(residual: Bool) -> Summary.Direction {
    let values = gain(residual: residual).values
    return values.isEmpty
      ? .withinChance
      : values.allSatisfy { $0 > 0 } ? .above : values.allSatisfy { $0 < 0 } ? .below : .withinChance
  }
  /// Whether plain nets were trained, too.
  var hasPlain: Bool { rows.contains { !$0.net.isResidual } }
  /// Two seeds decide nothing.
  var isMeasured: Bool { seeds > 2 }
  /// `20 residual layers make 1.5 points fewer mistakes on new photographs than 8`; the second time without the end.
  func compared(residual: Bool, again: Bool = false, withInterval: Bool = false) -> String {
    let (gain, nets) = (gain(residual: residual), "\(layers) \(residual ? "residual" : "plain") layers")
    let points = "make \(fixed(abs(gain.mean), 1)) points\(withInterval ? gain.magnitude.intervalNote() : "")"
    let end = again ? "" : " mistakes on new photographs than 8"
    return gain.worded(
      above: "\(nets) \(points) fewer\(end)", below: "\(nets) \(points) more\(end)",
      withinChance:
        "\(nets) err\(again ? "" : " on new photographs") like 8, within chance\(withInterval ? " (\(fixed(gain.mean, 1)) points fewer mistakes, 95 %: \(gain.interval()))" : "")"
    )
  }
}

extension DeeperNetworks.Findings {
  /// The longer training on photographs, if it decides anything.
  var decidedDepth: DepthFindings? { longDepth.flatMap { $0.isMeasured ? $0 : nil } }
  /// Whether depth paid anywhere here, with additions.
  var paysHere: Bool {
    fair.newGain.direction() == .above
      || [depth, longDepth].contains { ($0?.isMeasured ?? false) && $0?.gain(residual: true).direction() == .above }
  }
}

extension DeeperNetworks {
  /// What depth does on digits and on photographs, and what larger nets do.
  static func addDepth(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Does depth pay?

      \(newImages(findings.fair))
      """)
    if let depth = findings.depth, depth.isMeasured { addPhotographs(to: &page, depth, findings.longDepth) }
    let isCaughtUp = findings.ending.map { $0.gap.direction() != .above } ?? false
    page.prose(
      """
      **In He et al.'s trainings of \(grouped(Published.steps)) steps depth pays.** On CIFAR-10 the errors of their residual nets fall from \
      \(fixed(Published.depths[0].error, 2)) % with \(Published.depths[0].layers) layers to \(fixed(Published.best.error, 2)) % with \
      \(Published.best.layers) (mean of five). Their plain net of 56 layers has more training errors than that of 20 to the last step: that \
      is *degradation*. They thought vanishing gradients unlikely to be the reason, and supposed that deep plain nets learn \
      exponentially slowly.\(isCaughtUp ? " Ours on digits is slow, too, but catches up; whether the same reasons held theirs back is open." : "")
      """)
    page.fold("What He et al. published") { addPublished(to: &$0) }
  }

  /// Plain and residual nets of several depths on photographs, after a short training and after a longer one.
  private static func addPhotographs(to page: inout Page, _ depth: DepthFindings, _ long: DepthFindings?) {
    func words(_ depth: DepthFindings) -> String {
      "\(listed(depth.depths.map { "\(6 * $0 + 2)" })) layers learn \(grouped(depth.trainingCount)) of them for \(grouped(depth.steps)) steps"
    }
    page.prose(
      """
      So we try photographs: CIFAR-10 (from JPEG copies), reduced to \(depth.side)×\(depth.side) pixels, flipped and shifted at \
      random, and He et al.'s nets with 16, 32 and 64 channels. In a short training nets of \(words(depth))\
      \(long.map { "; in a longer one \($0.hasPlain ? "" : "residual ")nets of \(words($0))" } ?? "").
      """)
    func interval(_ errors: Summary) -> Double { errors.count > 2 ? errors.uncertainty : errors.deviation }
    func series(_ name: String, _ depth: DepthFindings, residual: Bool, _ color: Int) -> Series {
      let rows = depth.depths.compactMap { depth.row($0, residual: residual) }
      return Series(
        name, x: rows.map { Double($0.net.depth) }, y: rows.map { $0.testErrors.mean },
        deviation: rows.map { interval($0.testErrors) }, style: .lineAndMarkers, isEmphasized: residual, color: color)
    }
    let longer =
      long.map {
        " Longer: \(counted($0.epochs, "epoch")) of \(grouped($0.trainingCount)), \(counted($0.seeds, "seed"))."
      } ?? ""
    func chart(_ depth: DepthFindings) -> Plot {
      let layers = depth.depths.map { Double(6 * $0 + 2) }
      let nets = (depth.rows + [depth.wider].compactMap { $0 }).map(\.testErrors).filter { $0.count > 0 }
      let least = nets.map { $0.mean - interval($0) }.min() ?? 0
      let most = nets.map { $0.mean + interval($0) }.max() ?? 100
      let errors = least.isFinite && most > least ? (least - 0.5).rounded(.down)...(most + 0.5).rounded(.up) : nil
      return .lines(
        LineChart(
          x: Axis(
            "layers", range: (layers.min() ?? 8) - 1...(layers.max() ?? 32) + 1, ticks: layers.map { ($0, short($0)) }),
          y: Axis("new photographs wrong (%)", range: errors),
          (depth.hasPlain ? [series("plain", depth, residual: false, 4)] : [])
            + [series("residual", depth, residual: true, 0)] + widerSeries(depth)))
    }
    let caption = """
      Errors on \(grouped(depth.testCount)) new photographs. Short: \(counted(depth.epochs, "epoch")) of \
      \(grouped(depth.trainingCount)) photographs, \(counted(depth.seeds, "seed")).\(longer)\(widerInCaption(long)) Mean with a 95 % \
      interval; those of differences stand below. Each net has its own rate, which falls as a cosine.
      """
    // Each training has an axis of its own: the differences within one are small beside those between the two.
    page.figure(
      long.map { long in
        Figure(
          depthTitle(depth, long),
          exploring: FigureParameter("training", names: ["longer", "short"]), caption: caption,
          name: "depth"
        ) { chart($0 == 0 ? long : depth) }
      } ?? Figure(depthTitle(depth), chart(depth), caption: caption, name: "depth"))
    page.project(depthSlide(depth, long), notes: "Which lines rise, which fall?")
    page.prose(depthFinding(depth, long))
    page.fold("How this was measured on photographs") { addMethod(to: &$0, depth, long) }
  }

  /// The rates, and the errors on the photographs that were learned from.
  private static func addMethod(to page: inout Page, _ depth: DepthFindings, _ long: DepthFindings?) {
    for (name, depth) in [("short", depth)] + (long.map { [("longer", $0)] } ?? []) {
      page.table(
        Table(
          """
          The \(name) training: rates, chosen by one seed from the errors (%) on \(grouped(depth.keptBack)) photographs kept back, \
          after \(counted(depth.trialEpochs, "epoch"))
          """,
          columns: ["net", .init("rate"), "errors at the rates tried"],
          rows: depth.rows.map { row in
            let tried = row.rates.indices.map { "\(short(row.rates[$0])): \(fixed(row.trials[$0], 1))" }
            return [TableCell(row.net.name), TableCell(short(row.rate)), TableCell(tried.joined(separator: "; "))]
          }))
      page.table(
        Table(
          "The \(name) training: errors (%) on the photographs learned from, and on new ones",
          columns: ["net", .init("learned from", digits: 1), .init("new", digits: 1)],
          rows: depth.rows.reversed().map {
            [TableCell($0.net.name), .measured($0.trainingErrors), .measured($0.testErrors)]
          }))
    }
    page.prose(
      "Batches of 32, momentum 0.9. Where the number of channels changes, a residual block has a projection shortcut.")
  }

  static func depthTitle(_ depth: DepthFindings, _ long: DepthFindings? = nil) -> String {
    let costs = depth.gain(residual: true).direction() == .below
    let gainsNothing = depth.gain(residual: true).direction() != .above
    if let long, long.isMeasured {
      let (plain, residual) = (long.gain(residual: false).direction(), long.gain(residual: true).direction())
      if residual == .above {
        let start = gainsNothing ? "In a short training depth does not pay; " : "On photographs depth pays "
        return start + (gainsNothing ? "in a longer one it does" : "in the longer training")
          + (plain == .above ? "" : ", with additions")
      }
      if long.isWidthBetter { return "On photographs twice the channels help; more layers do not, beyond chance" }
      if costs && residual == .below { return "In the short training and in the longer one depth costs on photographs" }
      return "Errors on photographs by depth, after a short training and a longer one"
    }
    if let long, !long.isMeasured, long.trend(residual: true) != .withinChance, costs {
      let longer = long.seeds == 1 ? "a longer one" : "two longer ones"
      return
        "In a short training depth costs; in \(longer) \(long.layers) residual layers err \(long.trend(residual: true) == .above ? "less" : "more") than 8"
    }
    return depth.gain(residual: true).worded(
      above: "With additions \(depth.layers) layers err less on new photographs than 8",
      below: depth.cure.direction() == .above
        ? "In \(counted(depth.epochs, "epoch")) depth costs on photographs, less with additions"
        : "In \(counted(depth.epochs, "epoch")) \(depth.layers) layers err more on new photographs than 8",
      withinChance: depth.gain(residual: false).direction() == .below
        ? "On photographs depth costs without additions; with them, nothing beyond chance"
        : "Errors on photographs by depth, with additions and without")
  }

  private static func depthSlide(_ depth: DepthFindings, _ long: DepthFindings?) -> String {
    if let long, long.isMeasured {
      if long.isWidthBetter { return "On photographs: more layers, or more channels?" }
      return long.gain(residual: true).worded(
        above: long.gain(residual: false).direction() == .above
          ? "On photographs depth pays, given time" : "On photographs depth pays, with additions and time",
        below: "On photographs depth costs, in longer training too",
        withinChance: "Longer training: depth brings nothing beyond chance")
    }
    return depth.gain(residual: true).worded(
      above: "On photographs depth pays, with additions",
      below:
        "In so few steps depth costs, \(depth.cure.direction() == .above ? "less with additions" : "additions or not")",
      withinChance: "On photographs: errors by depth, plain and residual")
  }

  /// What depth does there in few steps and in many, with additions and without.
  static func depthFinding(_ depth: DepthFindings, _ long: DepthFindings? = nil) -> String {
    let fits =
      depth.degradation.direction() == .above
      ? ", and more on their own training photographs: this is not overfitting" : ""
    let addition =
      depth.cure.direction() == .above
      ? " **With \(depth.layers) layers the addition saves \(fixed(depth.cure.mean, 1)) points\(depth.cure.intervalNote()).**"
      : ""
    let first =
      "In the short training \(depth.compared(residual: false, withInterval: true))\(fits); \(depth.compared(residual: true, again: true, withInterval: true)).\(addition)"
    guard let long, long.seeds > 0 else {
      let time =
        depth.gain(residual: true).direction() == .above
        ? "" : " These nets had \(grouped(depth.steps)) steps, He et al.'s \(grouped(Published.steps))."
      return first + time
    }
    guard long.isMeasured else { return "\(first) \(tooFew(long))" }
    let (plain, residual) = (long.gain(residual: false).direction(), long.gain(residual: true).direction())
    let isNew = depth.gain(residual: true).direction() != .above
    let meaning =
      switch (residual, plain) {
      case (.above, _) where !isNew: ""
      case (.above, let plain) where plain == .above || !long.hasPlain:
        " So here depth paid only with more photographs or more steps: these were not separated."
      case (.above, _):
        " So here depth paid only with additions, and with more photographs or more steps: these were not separated."
      case (.below, _): " So depth pays in neither training here."
      case (.withinChance, _): " So depth has not paid here."
      }
    return """
      \(first)

      **In the longer training \(long.compared(residual: true, withInterval: true))**\(long.hasPlain ? "; \(long.compared(residual: false, again: true, withInterval: true))" : "").\(ownPhotographs(long))\(meaning) \
      \(rateNote(depth, long))\(residual == .above || long.wider != nil ? "\n\n\(heavier(long))" : "")
      """
  }

  /// How the nets of both trainings came by their rates.
  private static func rateNote(_ depth: DepthFindings, _ long: DepthFindings) -> String {
    guard long.isTunedAtLength else {
      return
        "One seed chose the rates in trainings of \(counted(depth.trialEpochs, "epoch")); others may suit the longer training better."
    }
    return """
      Each net has the best of the rates that were tried in trainings as long; in the short training \
      \(counted(depth.trialEpochs, "epoch")) chose it, which favours small rates.
      """
  }

  /// Whether the plain nets differ on the photographs that they learn from, too.
  private static func ownPhotographs(_ long: DepthFindings) -> String {
    guard long.degradation.direction() == .above, let deep = long.deep, let shallow = long.shallow,
      let errors = long.row(deep, residual: false)?.trainingErrors.mean,
      let few = long.row(shallow, residual: false)?.trainingErrors.mean
    else { return "" }
    return
      " On the photographs that they learn from, these plain nets get \(fixed(errors, 1)) % and \(fixed(few, 1)) % wrong: slowness or degradation, this training does not tell which."
  }

  /// What a longer training with one seed or two says: a direction, if all agree, and that it may be chance.
  private static func tooFew(_ long: DepthFindings) -> String {
    let seeds = long.seeds == 1 ? "with the one seed" : "with both seeds"
    func part(_ isResidual: Bool) -> String {
      let errors = [long.deep, long.shallow].map { blocks in
        fixed(blocks.flatMap { long.row($0, residual: isResidual) }?.testErrors.mean ?? .nan, 1)
      }
      let found =
        switch long.trend(residual: isResidual) {
        case .above: "err less than 8 \(seeds)"
        case .below: "err more than 8 \(seeds)"
        case .withinChance: "err less than 8 with one seed and more with the other"
        }
      return
        "\(long.layers) \(isResidual ? "residual" : "plain") layers \(found) (\(errors[0]) % against \(errors[1]) %)"
    }
    return
      "**In the longer training \(part(true))**; \(part(false)). \(long.seeds == 1 ? "One seed is" : "Two seeds are") too few to rule out chance."
  }

  /// What depth does on digits that were not learned from.
  static func newImages(_ nets: DegradationFindings) -> String {
    let (deep, shallow) = (nets.deepResidual.net.depth, nets.shallowResidual.net.depth)
    return nets.newGain.worded(
      above: "On new digits it does: \(deep) residual layers make fewer mistakes than \(shallow).",
      below: "On new digits it does not: \(deep) residual layers make more mistakes than \(shallow).",
      withinChance:
        "On new digits it does not: residual \(deep) is no better than residual \(shallow), beyond chance."
    )
  }

  private static func addPublished(to page: inout Page) {
    page.table(
      Table(
        "Not measured here: errors (%) on 50,000 new photographs of ImageNet, one answer each (He et al. 2016, table 2)",
        columns: ["net", .init("18 layers", digits: 2), .init("34 layers", digits: 2)],
        rows: Published.imageNet.map { [TableCell($0.net), TableCell($0.shallow), TableCell($0.deep)] }))
    page.table(
      Table(
        "Not measured here: residual nets on CIFAR-10 (He et al. 2016, table 6; of 110 layers the mean of five runs, the best has 6.43)",
        columns: ["layers", .init("errors on new photographs (%)", digits: 2)],
        rows: Published.depths.map { [TableCell(grouped($0.layers)), TableCell($0.error)] }))
    page.prose(
      """
      On ImageNet, too, the deeper plain net has more training errors, and three times as many steps did not help. With \
      \(grouped(Published.last.layers)) layers the errors on CIFAR-10 rise again, although that net learns its training images: He et \
      al. suppose that it overfits. Highway networks (Srivastava et al. 2015) had such a shortcut earlier, with a learned gate on it.
      """)
  }

  /// What He et al. 2016 published: residual nets of several depths on CIFAR-10 (table 6; of 110 layers the mean of five
  /// runs, the best of which has 6.43), plain and residual ones on ImageNet
  /// (table 2, top-1 errors on the validation set). Errors in percent.
  enum Published {
    static let steps = 64_000
    static let depths = [(20, 8.75), (32, 7.51), (44, 7.17), (56, 6.97), (110, 6.61), (1202, 7.93)]
      .map { (layers: $0.0, error: $0.1) }
    static let best = depths[4]
    static let last = depths[5]
    static let imageNet = [("plain", 27.94, 28.54), ("residual", 27.88, 25.03)]
      .map { (net: $0.0, shallow: $0.1, deep: $0.2) }
  }
}
