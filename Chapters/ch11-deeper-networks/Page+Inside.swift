// The page of chapter 11: the loss around two nets.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The loss around two trained nets.
  static func addLandscape(to page: inout Page, _ findings: Findings) {
    guard findings.landscapes.count == 2 else { return }
    let nets = findings.landscapes
    page.fold("The loss around two trained nets (Li et al. 2018)") { page in
      page.prose(
        """
        Along two random directions Li et al. find a rugged loss around a plain net of 56 layers, and a smooth one with additions; \
        around ours of \(findings.fair.deepPlain.net.depth) layers \
        \(nets.allSatisfy { $0.valleys == 1 } ? "both are smooth bowls" : "we see \(nets.map { "\(counted($0.valleys, "minimum", "minima")) (\($0.name))" }.joined(separator: " and "))"), but two directions of thousands show little.
        """)
      let reach = nets[0].reach
      page.figure(
        Figure(
          "The loss around the trained weights, without and with additions",
          exploring: FigureParameter("net", names: nets.map(\.name)),
          caption:
            "log₁₀ of the mean loss on training images, first seed; 1 is as far as each filter is long. Guessing among ten costs log₁₀ ln 10 = 0.36.",
          name: "landscape"
        ) { value in
          .contour(
            ContourPlot(
              x: Axis("first direction", range: -reach...reach), y: Axis("second direction", range: -reach...reach),
              heights: nets[Int(value)].losses, levels: [-2, -1.5, -1, -0.5, 0, 0.36, 0.5, 1, 1.5, 2],
              hasEqualScales: true))
        })
    }
  }
}
