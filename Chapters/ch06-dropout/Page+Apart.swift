// The page of chapter 6: what pixels and hidden units save apart, and who learns wrong labels by heart.

import Workbook

extension Dropouts.Findings {
  /// What is saved at each width of `controls.apart`: by pixels alone, by hidden units alone, by both.
  var apartGains: [Summary.Row]? {
    guard let apart = controls?.apart, apart.wide != nil else { return nil }
    let places = apart.widths.compactMap { byWidth.settings.firstIndex(of: $0) }
    guard places.count == apart.widths.count else { return nil }
    let plain = places.map { byWidth.nets[0][$0].testErrors }
    return [
      .init("pixels", zip(plain, apart.pixels).map { $0 - $1.testErrors }),
      .init("hidden units", zip(plain, apart.units).map { $0 - $1.testErrors }),
      .init("both", zip(plain, places).map { $0 - byWidth.nets[1][$1].testErrors }),
    ]
  }

  /// The same over the number of images.
  var sizeGains: [Summary.Row]? {
    guard let apart = controls?.apart, apart.sizes == bySize.settings, apart.unitsBySize.count == apart.sizes.count,
      apart.pixelsBySize.count == apart.sizes.count
    else { return nil }
    let plain = bySize.nets[0].map(\.testErrors)
    return [
      .init("pixels", zip(plain, apart.pixelsBySize).map { $0 - $1.testErrors }),
      .init("hidden units", zip(plain, apart.unitsBySize).map { $0 - $1.testErrors }),
      .init("both", bySize.gains),
    ]
  }
}

extension Summary {
  /// What one thing saves, setting by setting.
  struct Row {
    var name: String
    var gains: [Summary]
    init(_ name: String, _ gains: [Summary]) { (self.name, self.gains) = (name, gains) }
    var first: Summary { gains[0] }
    var last: Summary { gains[gains.count - 1] }
  }
}

/// `1.2 ± 0.4`: a mean and half of its 95 % interval.
func spread(_ gain: Summary) -> String { "\(fixed(gain.mean, 1)) ± \(fixed(gain.uncertainty, 1))" }

extension Dropouts {
  /// Points of what each saves, side by side so that none hides another.
  static func gainChart(_ rows: [Summary.Row], at settings: [Int], x label: String) -> Plot {
    let seeds = rows.flatMap(\.gains).map(\.count).min() ?? 0
    return .lines(
      LineChart(
        x: Axis(label, log: true, ticks: settings.map { (Double($0), grouped($0)) }),
        y: Axis("points of test error saved" + intervalLabel(seeds)),
        rows.enumerated().map { place, row in
          Series(
            row.name, x: settings.map { Double($0) * [0.97, 1, 1.03][place % 3] }, y: row.gains.map(\.mean),
            deviation: row.gains.map { $0.count < 3 ? 0 : $0.uncertainty }, style: .points, isEmphasized: place == 0,
            color: [2, 0, 1][place % 3])
        },
        references: [.init(.horizontal, at: 0, "as without dropout")]))
  }

  /// `Dropped pixels save at every width; half of the hidden units saves 0.4 points with 256 and costs 2.9 with 32`.
  static func apartTitle(_ rows: [Summary.Row], _ widths: [Int]) -> String {
    let (pixels, units) = (rows[0], rows[1])
    let first =
      pixels.gains.allSatisfy(saves)
      ? "Dropped pixels save at every width"
      : "Dropped pixels save at \(pixels.gains.count(where: saves)) of \(widths.count) widths"
    return
      "\(first); dropping half of the hidden units \(effectOrNone(units.last, size)) with layers of \(widths[widths.count - 1]), and \(effectOrNone(units.first, size)) with layers of \(widths[0])"
  }

  /// What pixels and hidden units save, each alone and together, in one sentence.
  static func apartWords(_ rows: [Summary.Row], _ widths: [Int]) -> String {
    let (pixels, units, both) = (rows[0], rows[1], rows[2])
    return
      "In layers of \(widths[widths.count - 1]), dropping a fifth of the pixels \(effectOrNone(pixels.last, size)), dropping half of the hidden units \(effectOrNone(units.last, size)), dropping both \(effectOrNone(both.last, size)). In layers of \(widths[0]) the pixels \(plural(pixels.first)), the hidden units \(plural(units.first))."
  }

  /// Wrong labels at one rate: who learns them by heart.
  static func addByHeart(to page: inout Page, _ nets: [Tuned], _ findings: Findings) {
    let names = ["nothing dropped", "pixels", "hidden units", "both"]
    let learned = nets.map { $0.learnedByHeart.mean }
    func frame(_ value: @escaping (RunErrors) -> [Double]?, _ label: String, _ range: ClosedRange<Double>) -> Plot {
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis(label + intervalLabel(nets[0].runs.count), range: range),
          nets.indices.map { net in
            let runs = nets[net].runs.compactMap(value)
            let curve = (runs.first ?? []).indices.map { epoch in Summary(runs.map { $0[epoch] }) }
            return Series(
              names[net], y: curve.map(\.mean), deviation: curve.map { $0.count < 3 ? 0 : $0.uncertainty },
              style: .line,
              isEmphasized: net == 2, color: [6, 2, 0, 1][net])
          }))
    }
    let highest = nets.flatMap { $0.runs.flatMap { $0.curve.dropFirst(3) } }.max() ?? 30
    // On the images of the curves, so that the title says what the figure shows.
    let ends = nets.map { net in Summary(net.runs.compactMap(\.curve.last)) }
    let gain = ends[0] - ends[3]
    let titles = [
      "By the end \(percent(learned[0])) of the wrong labels are learned by heart, \(percent(learned[1])) with dropped pixels, \(percent(learned[2])) with dropped hidden units, \(percent(learned[3])) with both",
      gain.worded(
        above:
          "At this rate the net with both dropped ends with \(fixed(gain.mean, 1)) points fewer errors on new images than the plain net",
        below:
          "At this rate the net with both dropped ends with \(fixed(-gain.mean, 1)) points more errors on new images than the plain net",
        withinChance: "Errors on new images, epoch by epoch"),
    ]
    page.figure(
      Figure(
        titles[0], exploring: FigureParameter("shown", names: ["wrong labels given", "error on new images"]),
        caption: """
          All at one learning rate, \(short(Double(nets[0].rate), digits: 3)), the best for the plain net with right labels. Errors on a thousand test \
          images. Mean of \(counted(nets[0].runs.count, "seed"))\(intervalBars(nets[0].runs.count, "shading")); \(findings.data).
          """,
        name: "wrong-labels", titles: { titles[Int($0)] }
      ) { shown in
        shown == 0
          ? frame({ $0.answered.map { $0.map { 100 * $0 } } }, "wrong labels given (%)", 0...100)
          : frame({ $0.curve }, "error on new images (%)", 0...(highest * 1.1).rounded(.up))
      })
    page.project(
      learned[0] - learned[2] > 0.3
        ? "Dropped hidden units keep wrong labels from being learned"
        : gain.worded(
          above: "With wrong labels, dropout errs less at one rate",
          below: "With wrong labels, dropout errs more at one rate",
          withinChance: "Who learns the wrong labels by heart?"))
  }
}
