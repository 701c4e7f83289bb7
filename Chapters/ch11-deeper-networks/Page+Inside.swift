// The page of chapter 11: a look inside: where a net looks, and the loss around two nets.

import Foundation
import Workbook

extension DeeperNetworks {
  /// One picture.
  static func addWalk(to page: inout Page, _ slim: SlimFindings) {
    let walk = slim.walk
    let names = Dataset.classNames(of: slim.data)
    let isRight = walk.answer == walk.truth
    let answer = isRight ? "the \(names[walk.truth])" : "“\(names[walk.answer])”"
    func sure(_ probability: Double) -> String { percent(max(0, probability)) }
    page.prose(
      """
      Left, the square that costs most is framed. The *saliency*, what a small change of each pixel does, looks like \
      noise here.
      """)
    page.figure(
      Figure(
        // Where the square lies, and whether it does much, is another net's another time.
        "The grey square that costs most leaves the net \(sure(walk.probability - walk.largestFall)) sure of \(answer), instead of \(sure(walk.probability))",
        .images(
          ImageGrid(
            columns: 3,
            [
              walk.framed.picture("a \(names[walk.truth])"),
              walk.occlusion.picture("occlusion"),
              walk.saliency.picture("saliency"),
            ])),
        caption: """
          The first test image (\(slim.data)\(slim.data == "CIFAR-10" ? ", the mean of its colours" : "")) and the ResNet of \
          this run. \(isRight ? "" : "The answer is wrong. ")Occlusion (Zeiler and Fergus 2014): white where a 7×7 square of the \
          mean grey costs the answer most of its probability. Saliency: |∂ logit/∂ pixel|, one backward pass.
          """, name: "occlusion"))
    page.code("saliency", in: "Picture.swift")
  }

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
