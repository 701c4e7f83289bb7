// The page of chapter 5: nets of growing depth.

import Foundation
import Workbook

extension Norms {
  /// The best-known effect: deep nets that begin to learn.
  static func addDepth(to page: inout Page, _ found: DepthFindings, data: String) {
    let depths = found.depths
    page.prose(
      """
      ### Deep nets

      We give the net more and more hidden layers, each depth at its own best rate. \
      One start has He's weights, which keep the size of the signal in ReLU nets (chapter 4).\(found.fromDefault == nil ? "" : " The other has PyTorch's default weights, whose variance is a sixth of He's.")
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
    let (per, spread) = (growth, (0.5 - 0.5 / Double.pi).squareRoot())
    guard let last = depths.last, let deep = found.nets[1].last, found.behind.contains(last) else { return }
    page.fold("Why \(fixed(per, 2)) times per layer") {
      $0.prose(
        """
        A ReLU passes half of the gradient's squares, a factor of 0.71. The outputs of a ReLU spread by $\\sqrt{1/2 - 1/(2\\pi)} = \(fixed(spread, 2))$ only, \
        because a part of their size is their mean, and the next norm divides by this spread: \
        $0.71/\(fixed(spread, 2)) = \\sqrt{\\pi/(\\pi - 1)} = \(fixed(per, 2))$ (chapter 11 derives it). \
        From layer \(last) back to layer 2 this makes \(grouped(Int(pow(per, Double(last - 2)).rounded()))); measured before training, the gradient grows \
        \(grouped(Int(deep.gradientRatio.mean.rounded()))) times.
        """)
    }
  }

  /// How many times the gradient grows on its way back through a ReLU and a norm.
  private static let growth = (Double.pi / (Double.pi - 1)).squareRoot()

  /// The ticks of a logarithmic axis of errors in per cent.
  static let errorTicks = [2.0, 3, 4, 6, 10, 20, 30, 50, 90]

  static func depthTitle(_ found: DepthFindings) -> String {
    let deepest = found.depths.max() ?? 0
    let behind = found.behind.contains(deepest)
    if let fails = found.plainFailsFrom, let learns = found.normLearnsTo, learns >= fails {
      return
        "From too small weights nets of \(fails == learns ? "\(fails)" : "\(fails) to \(learns)") layers learn with batch norm only\(behind ? "; from He's, \(deepest) layers learn faster without" : "")"
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
    guard found.fromDefault != nil, let fails = found.plainFailsFrom, let learns = found.normLearnsTo, learns >= fails
    else { return "" }
    return
      "**From too small weights nets of \(fails == learns ? "\(fails)" : "\(fails) to \(learns)") layers learn with batch norm only.** Without a norm every layer shrinks the signal to $1/\\sqrt{6}$, so \(learns) layers leave $6^{-\(learns / 2)}$ of it, and no rate helps.\n\n"
  }

  /// What is left of it from He's weights, and why batch norm does not make nets arbitrarily deep.
  private static func heWords(_ found: DepthFindings) -> String {
    guard let last = found.depths.last else { return "" }
    let per = growth
    guard found.behind.contains(last) else {
      return "**From He's weights the net without a norm starts as well.**"
    }
    return """
      **From He's weights the net of \(last) layers is behind with batch norm after two epochs.** Both nets are far from trained then. \
      Batch norm keeps the signal in range, but not the gradient: it grows on its way back \(fixed(per, 2)) times per layer (Yang et al. 2019). \
      So one rate hardly suits both ends of such a net; chapter 11 adds shortcuts.
      """
  }
}
