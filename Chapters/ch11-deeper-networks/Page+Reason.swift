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
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.degradation)
    let decay = findings.gradients.shown
    let (plain, added) = (decay.factor(.normalized).mean, decay.factor(.residual).mean)
    guard nets.isLong, nets.gap.direction() == .above, nets.cure.direction() == .above else { return }
    let gradients = "figure \(figureNumber("gradient-norms", on: page))"
    let size =
      plain > 1
      ? "The gradient does not vanish: in the dense stacks of \(gradients) it grows by \(percent(plain - 1)) with each plain layer, by \(percent(added - 1)) with the addition. (In the convolutional nets themselves it was not measured.) That growth is the first candidate: the lowest layers get gradients hundreds of times as large as the highest, so no one rate may suit all (Yang et al. 2019)."
      : "Before training each plain layer multiplies the gradient by \(fixed(plain, 2)), with the addition by \(fixed(added, 2)) (\(gradients))."
    page.prose(
      """
      ## What is the reason, then?

      The plain net of \(nets.deepPlain.net.depth) layers is slow\(nets.lateGain > 0 ? " and was still improving" : ""), and the \
      addition makes it fast. \(size)
      """)
    if let found = runs.live.neighbours { addNeighbours(to: &page, found) }
    page.prose(
      """
      Two more candidates are not tested here. With batch normalization a residual branch begins small beside what passes it, so \
      the net begins shallow (De and Smith 2020). And the sum has short paths, which may do most of the learning (Veit et al. \
      2016).
      """)
  }

  /// The second candidate: gradients that change with every small change of the image.
  static func addNeighbours(to page: inout Page, _ found: GradientNeighbours) {
    guard let plain = found.deepest(residual: false), let residual = found.deepest(residual: true) else { return }
    page.prose(
      """
      The second candidate: the gradients of a deep plain net *shatter* (Balduzzi et al. 2017). Move an image by a tenth of \
      its length. If the gradient at the new place points elsewhere, a step that helps one image does little for its neighbour. \
      The cosine of the angle between the two gradients, before training, is 1 if they point the same way and 0 if they \
      have nothing in common:
      """)
    func series(_ name: String, residual: Bool, color: Int, _ value: (GradientNeighbours.Net) -> Summary) -> Series {
      let nets = found.nets.filter { $0.net.isResidual == residual }
      return Series(
        name, x: nets.map { Double($0.net.depth) }, y: nets.map { value($0).mean },
        deviation: nets.map { value($0).deviation }, style: .lineAndMarkers, color: color)
    }
    page.figure(
      Figure(
        found.gain.worded(
          above: "With additions, neighbours keep more of their gradient in common",
          below: "With additions, neighbours have less of their gradient in common",
          withinChance: "Gradients of neighbours, plain and residual: no difference beyond chance"),
        .lines(
          LineChart(
            x: Axis("layers"), y: Axis("cosine of two gradients", range: -0.1...1),
            [
              series("residual", residual: true, color: 0) { $0.neighbours },
              series("plain", residual: false, color: 4) { $0.neighbours },
              series("residual, two different images", residual: true, color: 7) { $0.strangers },
            ])),
        caption: """
          This run: untrained nets as above, gradients of a random sum of the outputs in the image; mean and standard deviation \
          of \(counted(plain.neighbours.count, "seed")). At \(plain.net.depth) layers: plain \
          \(plain.neighbours.formatted(decimals: 2)), residual \(residual.neighbours.formatted(decimals: 2)).
          """, name: "neighbours"))
    page.project(
      found.gain.worded(
        above: "With additions, similar images still pull alike",
        below: "With additions, similar images pull less alike",
        withinChance: "Do similar images pull alike? No difference is seen"),
      notes: "They pull alike where their gradients have a cosine near 1; 0 is nothing in common.")
    page.prose(
      found.gain.worded(
        above:
          "So the two nets do differ in this. That it is the reason is not shown: the measurement is made before training, and other things differ as well.",
        below: "So this is not what the addition mends.", withinChance: "So this does not tell the two nets apart here."
      ))
    page.fold("How it is measured") { $0.code("likeness", in: "Neighbours.swift") }
  }
}
