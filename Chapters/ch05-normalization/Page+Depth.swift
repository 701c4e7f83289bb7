// The page of chapter 5: nets of growing depth.

import Foundation
import Workbook

extension Norms {
  /// The best-known effect: a deep net that learns with a norm only.
  static func addDepth(to page: inout Page, _ found: DepthFindings, data: String) {
    let (plain, normed, depths) = (found.nets[0], found.nets[1], found.depths)
    page.prose(
      """
      The best-known effect first. We give the net more and more hidden layers and train each for two epochs, with and without batch norm. All weights \
      start at He's, which keep the size of the signal in ReLU nets of any depth (chapter 4), so the net without a norm has a fair start. Each net has its own best rate, out of \
      \(found.rates.count) between \(short(found.rates.min() ?? 0, digits: 1)) and \(short(found.rates.max() ?? 0)).
      """)
    let top = 100.0
    let means = [plain, normed].map { $0.map(\.bestErrors.mean) }
    let low = (means.flatMap(\.self).min() ?? 4) / 1.2
    page.figure(
      Figure(
        depthTitle(found),
        .lines(
          LineChart(
            x: Axis("hidden layers", log: true, ticks: depths.map { (Double($0), "\($0)") }),
            y: Axis(
              "test error (%), logarithmic scale", log: true, range: low...top,
              ticks: errorTicks.filter { $0 >= low }.map { ($0, short($0)) }),
            zip(pair, means).map { kind, values in
              Series(
                kind == .none ? "no norm" : kind.name, x: depths.map(Double.init), y: values,
                isEmphasized: kind == .batch, color: kind.color)
            }, references: [.init(.horizontal, at: 90, "guessing")])),
        caption: """
          Hidden layers of 64 ReLUs, \(grouped(found.trainingCount)) images, 2 epochs. Mean of \(counted(found.seeds, "seed")), \(data).
          """, name: "depth"))
    page.project(
      found.plainFailsFrom == nil ? "Deeper nets, with batch norm and without" : "Deep nets start with batch norm only")
    let rows = depths.indices.map { place -> [TableCell] in
      [
        TableCell("\(depths[place])"), .measured(plain[place].bestErrors), .measured(normed[place].bestErrors),
        TableCell("\(plain[place].learning) and \(normed[place].learning) of \(found.seeds)"),
        TableCell(fixed(plain[place].difference.mean, 2)),
      ]
    }
    page.table(
      Table(
        "Errors (%) at the best rate; how many seeds learn, without and with a norm (below \(Int(SweepFindings.limit)) % errors); and, before training and without a norm, what differs from image to image as a share of the size",
        columns: ["hidden layers", .init("no norm", digits: 1), .init("batch norm", digits: 1), "learn", "differs"],
        rows: rows))
    page.prose(depthWords(found))
  }

  /// The ticks of a logarithmic axis of errors in per cent.
  static let errorTicks = [2.0, 3, 4, 5, 7, 10, 20, 30, 50, 90]

  static func depthTitle(_ found: DepthFindings) -> String {
    if let fails = found.plainFailsFrom, let learns = found.deepestLearning, learns >= fails {
      return learns == found.depths.max()
        ? "From \(fails) hidden layers on, only the nets with batch norm learn"
        : "\(fails) hidden layers learn with batch norm only; \(found.depths.max() ?? 0) do not learn with it either"
    }
    let saved = found.saved
    return saved.indices.contains { isClear(saved[$0], beyond: 0) && saved[$0].mean > 0 }
      ? "The deeper the net, the more batch norm saves" : "Test error by depth, with and without batch norm"
  }

  /// Why: without a norm the images become alike; with one the gradient grows on the way back.
  static func depthWords(_ found: DepthFindings) -> String {
    guard let first = found.depths.first, let last = found.depths.last, let shallow = found.net(0, at: first),
      let deep = found.net(0, at: last), let normed = found.net(1, at: last)
    else { return "" }
    let law = 2.0.squareRoot() / (3 * Double.pi)
    let foreseen = 1 / (1 / shallow.difference.mean + law * Double(last - first))
    let perLayer = (Double.pi / (Double.pi - 1)).squareRoot()
    let layers = last - 2
    return """
      Why? Not because the signal shrinks: He's weights keep its size. But the images become alike. A ReLU makes all outputs positive, so after every layer \
      any two images point in more similar directions. Let $d$ be what differs from image to image, as a share of the size of the numbers. In wide layers $1/d$ grows by $\\sqrt{2}/(3\\pi) = \(fixed(law, 2))$ with every layer \
      (from the formula of Cho and Saul 2009). From $d = \(fixed(shallow.difference.mean, 2))$ in \(first) layers this foretells $\(fixed(foreseen, 2))$ in \(last); measured is \
      \(fixed(deep.difference.mean, 2)) (table). So the last layers see almost the same numbers for every image. \
      Batch norm subtracts in every layer what all images of the batch have in common and divides by what is left, so $d = 1$ by construction. \
      (The table shows what batch norm repairs. That this alone is why the deep net fails, it does not prove.)

      The repair has a price. Before training, the gradient of a net of \(last) layers with batch norm is \(short(normed.gradientRatio.mean, digits: 2)) times as large in the second layer as in the last; \
      without a norm it is \(short(deep.gradientRatio.mean, digits: 2)) times as large. In theory it grows by $\\sqrt{\\pi/(\\pi - 1)} = \(fixed(perLayer, 2))$ per layer \
      (Yang et al. 2019), which makes $\(fixed(perLayer, 2))^{\(layers)} = \(short(pow(perLayer, Double(layers)), digits: 2))$. So batch norm alone does not make nets \
      arbitrarily deep; chapter 11 adds shortcuts.
      """
  }
}

extension DepthFindings {
  /// The smallest depth from which on the net without a norm learns with no seed.
  var plainFailsFrom: Int? {
    guard let place = depths.indices.first(where: { place in nets[0][place...].allSatisfy { $0.learning == 0 } }) else {
      return nil
    }
    return depths[place]
  }
  /// The largest depth at which the net with batch norm learns with every seed.
  var deepestLearning: Int? { depths.indices.last { nets[1][$0].learning == seeds }.map { depths[$0] } }
}
