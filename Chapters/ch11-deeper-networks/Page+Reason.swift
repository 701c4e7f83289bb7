// The page of chapter 11: the loss around the trained weights, and what is known of the reason.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The loss around what was learned.
  static func addLandscape(to page: inout Page, _ runs: PageRuns<Findings>) {
    let landscapes = runs.reported.landscapes
    guard landscapes.count == 2 else { return }
    let (a, b) = (landscapes[0].shareOfValley, landscapes[1].shareOfValley)
    let isAlike = b <= 1.2 * a && a <= 1.2 * b
    page.prose(
      """
      Li et al. (2018) draw the loss around the trained weights along two random directions, and find the plain net's rugged at \
      56 layers. We drew it for our \(runs.reported.degradation.deepPlain.net.depth) layers: \
      \(landscapes.allSatisfy { $0.valleys == 1 } ? "both are smooth bowls" : "they have \(landscapes.map { "\($0.valleys)" }.joined(separator: " and ")) minima"), \
      \(isAlike ? "of about the same width" : "of different width"): the loss is below half that of guessing on \(percent(a)) of the \
      plane without additions, on \(percent(b)) with them. Two directions of thousands show little.
      """)
    let reach = landscapes[0].reach
    page.figure(
      Figure(
        "The loss around the trained weights, without and with additions",
        exploring: FigureParameter("additions", values: [0, 1], initial: 0), caption: "", name: "landscape",
        titles: { value in
          let shown = landscapes[Int(value)]
          return
            "\(shown.name): the loss is below half that of guessing on \(percent(shown.shareOfValley)) of the plane"
        },
        captions: { value in
          "\(runs.origin)\(landscapes[Int(value)].name), first seed: log₁₀ of the mean loss on training images; 1 is as far as each filter is long, so that a step means the same for both nets. Guessing among ten costs log₁₀ ln 10 = 0.36."
        }
      ) { value in
        .contour(
          ContourPlot(
            x: Axis("first direction", range: -reach...reach), y: Axis("second direction", range: -reach...reach),
            heights: landscapes[Int(value)].losses, levels: [-2, -1.5, -1, -0.5, 0, 0.36, 0.5, 1, 1.5, 2],
            hasEqualScales: true))
      })
    page.code("landscape", in: "Landscape.swift")
  }

  /// What the page can say of the reason, and what it cannot.
  static func addReason(to page: inout Page, _ findings: Findings) {
    let (nets, decay) = (findings.degradation, findings.gradients.shown)
    let (plain, added) = (decay.factor(.normalized).mean, decay.factor(.residual).mean)
    guard nets.isLong, nets.gap.direction() == .above, nets.cure.direction() == .above else { return }
    let number = figureNumber("gradient-norms", on: page)
    let gradient =
      plain > 1
      ? "The gradient does not vanish: before training, batch normalization makes it grow by \(percent(plain - 1)) with each plain layer (figure \(number)), by \(percent(added - 1)) with the addition."
      : "Before training, each plain layer multiplies the gradient by \(fixed(plain, 2)), with the addition by \(fixed(added, 2)) (figure \(number))."
    let responses =
      nets.quieter.direction() == .withinChance
      ? ""
      : "The two nets differ in their responses (figure \(figureNumber("responses", on: page))): that may be a cause or a consequence. "
    page.prose(
      """
      ## What is the reason, then?

      \(gradient) \(responses)What this page shows is that the plain net of \(nets.deepPlain.net.depth) layers is \
      slow\(nets.lateGain > 0 ? " and was still improving" : ""), and that the addition makes it fast. Why? Three candidates: \
      the gradients of a deep plain net become like noise, those of neighbouring inputs uncorrelated (Balduzzi et al. 2017); \
      with batch normalization a residual branch begins small beside what passes it, so the net begins shallow (De and Smith \
      2020); and the sum has short paths that do most of the learning (Veit et al. 2016). None is tested here.
      """)
  }
}
