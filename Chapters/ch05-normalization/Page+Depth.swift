// The page of chapter 5: nets of growing depth.

import Foundation
import Workbook

extension Norms {
  /// The best-known effect: deep nets that begin to learn.
  static func addDepth(to page: inout Page, _ found: DepthFindings, data: String) {
    let depths = found.depths
    let hasDefault = found.fromDefault != nil
    page.prose(
      """
      The best-known effect first: deep nets that begin to learn. We give the net more and more hidden layers and train each for two epochs, with and without batch norm, at its own best rate out of \
      \(found.rates.count) between \(short(found.rates.min() ?? 0, digits: 1)) and \(short(found.rates.max() ?? 0)). \
      \(hasDefault ? "There are two starts: He's weights, which keep the size of the signal in ReLU nets (chapter 4) and so give the net without a norm a fair chance, and weights of the size that PyTorch draws by default, whose variance is a sixth of He's." : "All weights start at He's, which keep the size of the signal in ReLU nets (chapter 4) and so give the net without a norm a fair chance.")
      """)
    let lines: [(name: String, nets: [DepthFindings.Net], color: Int)] =
      [("no norm, He's weights", found.nets[0], 0), ("batch norm, He's weights", found.nets[1], 1)]
      + (found.fromDefault.map { [("no norm, PyTorch's size", $0[0], 3), ("batch norm, PyTorch's size", $0[1], 4)] }
        ?? [])
    let low = (lines.flatMap { $0.nets.map(\.bestErrors.mean) }.min() ?? 4) / 1.2
    page.figure(
      Figure(
        depthTitle(found),
        .lines(
          LineChart(
            x: Axis("hidden layers", log: true, ticks: depths.map { (Double($0), "\($0)") }),
            y: Axis(
              "test error (%), logarithmic scale", log: true, range: low...100,
              ticks: errorTicks.filter { $0 >= low }.map { ($0, short($0)) }),
            lines.map { line in
              Series(
                line.name, x: depths.map(Double.init), y: line.nets.map(\.bestErrors.mean),
                deviation: halfIntervals(line.nets.map(\.bestErrors)), isEmphasized: line.color == 1, color: line.color)
            }, references: [.init(.horizontal, at: 90, "guessing")])),
        caption: """
          Hidden layers of 64 ReLUs, \(grouped(found.trainingCount)) images, 2 epochs. Mean of \(counted(found.seeds, "seed"))\(shadingNote(found.seeds)); \(data).
          """,
        name: "depth"))
    page.project(
      found.plainFailsFrom == nil
        ? "Deeper nets, with batch norm and without" : "Too small weights: deep nets start with batch norm only")
    page.prose(defaultWords(found) + heWords(found))
  }

  /// The ticks of a logarithmic axis of errors in per cent.
  static let errorTicks = [2.0, 3, 4, 6, 10, 20, 30, 50, 90]

  static func depthTitle(_ found: DepthFindings) -> String {
    let deepest = found.depths.max() ?? 0
    let behind = found.behind.contains(deepest)
    if let fails = found.plainFailsFrom, let learns = found.normLearnsTo, learns >= fails {
      return
        "From too small weights nets of \(fails == learns ? "\(fails)" : "\(fails) to \(learns)") layers learn with batch norm only\(behind ? "; from He's, \(deepest) layers learn better without" : "")"
    }
    return behind
      ? "From He's weights batch norm is behind in nets of \(deepest) layers"
      : found.ahead.isEmpty
        ? "Test error by depth, with and without batch norm"
        : "From He's weights batch norm is ahead at \(numbers(found.ahead)) layers"
  }

  private static func numbers(_ depths: [Int]) -> String { listed(depths.map(Double.init)) }

  /// What too small weights do.
  private static func defaultWords(_ found: DepthFindings) -> String {
    guard let nets = found.fromDefault, let fails = found.plainFailsFrom, let learns = found.normLearnsTo,
      learns >= fails, let place = found.depths.firstIndex(of: learns)
    else { return "" }
    return
      "**From too small weights** the picture of the lectures appears. Without a norm every layer shrinks the signal to $1/\\sqrt{6}$, so \(learns) layers leave $6^{-\(learns / 2)}$ of it, and no rate lets the net learn: \(percentage(nets[0][place].bestErrors)) errors\(fails == learns ? "" : ", and as many with \(fails) layers"). With batch norm the size of the weights does not matter, and the net of \(learns) layers makes \(percentage(nets[1][place].bestErrors)).\n\n"
  }

  /// What is left of it from He's weights, and why batch norm does not make nets arbitrarily deep.
  private static func heWords(_ found: DepthFindings) -> String {
    guard let last = found.depths.last, let deep = found.nets[1].last, let plain = found.nets[0].last else { return "" }
    let per = (Double.pi / (Double.pi - 1)).squareRoot()
    let level = found.depths.filter { !found.ahead.contains($0) && !found.behind.contains($0) }
    func errors(_ depth: Int) -> String {
      guard let place = found.depths.firstIndex(of: depth) else { return "" }
      return
        "\(percentage(found.nets[1][place].bestErrors)) errors against \(percentage(found.nets[0][place].bestErrors)) without"
    }
    let verdict = [
      found.ahead.isEmpty ? nil : "batch norm is ahead at \(numbers(found.ahead)) layers",
      level.isEmpty
        ? nil : "at \(numbers(level)) the difference is within chance (\(level.map(errors).joined(separator: "; ")))",
      found.behind.isEmpty
        ? nil : "at \(numbers(found.behind)) it is behind: \(found.behind.map(errors).joined(separator: "; "))",
    ].compactMap(\.self)
    return """
      **From He's weights** the net without a norm needs no help to start: \(verdict.joined(separator: "; ")).\
      \(found.behind.isEmpty ? "" : """
         Why does it fall behind? Batch norm keeps the signal in range, but not the gradient. In theory the gradient of such a net grows on its way back by $\\sqrt{\\pi/(\\pi - 1)} = \(fixed(per, 2))$ per layer at the start \
        (Yang et al. 2019); over the \(last - 2) layers from the last to the second this makes $\(fixed(per, 2))^{\(last - 2)} = \(grouped(Int(pow(per, Double(last - 2)).rounded())))$. Measured before training: \
        \(grouped(Int(deep.gradientRatio.mean.rounded()))) times with batch norm, \(short(plain.gradientRatio.mean, digits: 1)) times without. No one rate suits both ends of such a net. (That this is the whole reason, the numbers do not prove.)
        """)

      \(found.fromDefault == nil ? "The picture of many lectures, a deep net that starts with a norm only, belongs to weights of the wrong size; a figure below shows it for five layers, and deeper nets from such weights were not tried. " : "")So batch norm \
      replaces the right size of the initial weights; it does not by itself make nets arbitrarily deep. For that chapter 11 adds shortcuts.
      """
  }
}
