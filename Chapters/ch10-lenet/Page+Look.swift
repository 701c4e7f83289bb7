// The page of chapter 10: what a trained network tells apart, and what deceives it.

import Foundation
import Workbook

extension LeNet {
  /// Test images by their pixels, and by the last hidden layer.
  static func addFeatures(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let shown = runs.looked
    guard let view = shown.inside else { return }
    let planes = [view.pixels, view.features]
    page.prose(
      """
      ## What the layers are for

      The last layer can only separate digits by flat boundaries. All layers before it have to move the images to places where \
      flat boundaries are enough. Do they? Take three digits that look alike, 4, 7 and 9.\(runs.reported.flat.map(flatFinding) ?? "") \
      The figure shows the pixels and the trained outputs as points in the plane in which they vary most.
      """)
    page.figure(
      Figure(
        "The same test images as pixels, and as the last hidden layer has them",
        exploring: FigureParameter("seen as", names: ["pixels", "\(view.features.width) features"], initial: 1),
        caption: "",
        name: "features",
        titles: { value in
          let plane = planes[Int(value)]
          return
            Int(value) == 0
            ? "As pixels the three digits \(plane.ownMean < 0.9 ? "overlap in this plane" : "lie apart")"
            : "As the \(plane.width) features of fc2 they \(plane.ownMean > 0.9 ? "lie apart" : "overlap")"
        },
        captions: { value in
          """
          LeNet-5++, seed \(shown.seed), \(planes[0].points.map(\.count).reduce(0, +)) test images. The axes are the two directions \
          in which \(Int(value) == 0 ? "their \(planes[0].width) pixels (each the mean of 2×2)" : "the \(planes[1].width) outputs of act4") \
          vary most (principal components, chapter 3). In this plane \(percent(planes[Int(value)].ownMean)) of the images lie \
          nearest to the mean of their own digit.
          """
        }
      ) { value in
        let plane = planes[Int(value)]
        return .lines(
          LineChart(
            x: Axis("first component"), y: Axis("second component"),
            zip(ImagePlane.digits, plane.points).enumerated().map { index, digit in
              Series(
                "\(digit.0)", x: digit.1.map { $0[0] }, y: digit.1.map { $0[1] }, style: .points, color: index)
            }, hasEqualScales: true))
      })
    page.project(
      view.features.ownMean > 0.9 && view.pixels.ownMean < 0.9
        ? "In the net's features the three digits lie apart" : "Three digits, as pixels and as features",
      notes: "Then switch to the pixels, where they overlap.")
  }

  /// Over how many pixels the change is spread.
  static func spreadFinding(_ change: SmallChange) -> String {
    // Mid-grey is no change.
    let squares = change.change.pixels.map { pow(Double($0) - 127.5, 2) }
    let sum = squares.reduce(0, +)
    var (half, pixels) = (0.0, 0)
    for square in squares.sorted(by: >) where 2 * half < sum { (half, pixels) = (half + square, pixels + 1) }
    let onInk = zip(squares, change.image.pixels).reduce(0) { $0 + ($1.1 > 0 ? $1.0 : 0) } / max(sum, 1e-9)
    return
      "In the picture above half of the squared change lies in \(pixels) of the \(squares.count) pixels\(onInk > 0.25 ? ": a part of it rubs out ink of the 7, the rest is spread thinly over the paper" : "")."
  }

  /// What one softmax layer makes of pixels and of features.
  static func flatFinding(_ flat: FlatBoundaries) -> String {
    let (pixels, features) = (flat.pixels.errors.mean, flat.features.errors.mean)
    let ratio = pixels / max(features, 1e-9)
    return """
       A softmax layer alone draws flat boundaries. Trained on the \(grouped(flat.pixels.width)) pixels of these digits, it gets \
      \(fixed(pixels, 1)) % of their \(grouped(flat.testCount)) test images wrong. Trained on the \(flat.features.width) outputs of \
      LeNet-5++'s last hidden layer, it gets \(fixed(features, 2)) % wrong\(ratio > 1.5 ? ", \(short(ratio, digits: 2)) times fewer" : "") \
      (means of \(counted(flat.pixels.errors.count, "seed"))).\(flat.untrained.map { untrainedFinding($0.errors.mean, pixels) } ?? "")
      """
  }

  /// What the layers do before they have learned anything.
  private static func untrainedFinding(_ untrained: Double, _ pixels: Double) -> String {
    " Is that the work of training? From the same \(untrained > pixels ? "84 outputs before training (one draw of the initial weights) it gets \(fixed(untrained, 1)) % wrong, more than from the pixels. So it is." : "84 outputs before training it gets \(fixed(untrained, 1)) % wrong: the layers with random weights already do a part of it.")"
  }

  /// A 7 that is taken for a 1.
  static func addSmallChange(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let shown = runs.looked
    guard let change = shown.inside?.change else { return }
    let share = 100 * change.lengths.mean
    let tried = 5 * change.lengths.count
    let images = change.lengths.count
    let changed =
      change.randomShare == 0
      ? "for none of the \(images) images"
      : "in \(percent(change.randomShare)) of \(tried) cases"
    page.prose(
      """
      ## What makes a 7 a 1

      The gradient can change pixels as well as weights. Start at the picture of a 7, follow the gradient that makes the answer \
      1 more probable, and stop as soon as the network says 1. The length of a picture, or of a change, is the square root of \
      the sum of its squared pixels. The numbers below are those of LeNet-5++; the listing deceives whichever `model` was \
      trained last.
      """)
    page.prose(
      """
      ```python
      # After the listings above. The first test image is a 7; from 0 (black) to 1 (white).
      x = (test_set.data[0].view(1, 1, 28, 28) / 255).requires_grad_()
      def prepare(x): return F.pad((x - 0.1307) / 0.3081, (2, 2, 2, 2))
      while model(prepare(x)).argmax() != 1:
          torch.log_softmax(model(prepare(x)), 1)[0, 1].backward()
          with torch.no_grad():
              x += 0.1 * x.grad / x.grad.norm()  # a hundredth of a 7 long
              x.clamp_(0, 1)
          x.grad = None
      ```
      """)
    page.fold("The same in Swift") { $0.code("smallChange", in: "LookInside.swift") }
    page.predict(
      "Follow the gradient until the net reads a 7 as a 1. How long is the change on average, in per cent of the length of the image?",
      unit: "%", within: 0.25,
      answer: share,
      """
      Of the first 40 sevens of the test set, LeNet-5++ reads \(change.lengths.count) correctly, and all of these could be changed into a 1.
      """)
    page.project("How small a change makes a 7 a 1?")
    page.figure(
      Figure(
        "A change \(fixed(share, 0)) % as long as the image makes a 7 a 1",
        .images(
          ImageGrid(
            columns: 4,
            [
              change.image.picture("7, \(percent(change.probabilities[0]))"),
              change.change.picture("change, more contrast"),
              change.changed.picture("1, \(percent(change.probabilities[1]))"),
              change.random.picture(
                change.randomShare == 0 ? "random: 7, \(percent(change.probabilities[2]))" : "as long, at random"),
            ])),
        caption: """
          LeNet-5++, seed \(shown.seed). Below each picture stands the answer, and how sure the net is of it. In the second \
          picture grey means no change. Over \(change.lengths.count) sevens ‖change‖/‖image‖ is \
          \(change.lengths.formatted(decimals: 2)). Random changes of the same length, five for each image, change the answer \
          \(changed).
          """, name: "small-change"))
    page.project(
      share < 40
        ? "A faint change, and the net reads this 7 as a 1" : "Follow the gradient, and the net reads this 7 as a 1",
      notes: "On average the change is \(fixed(share, 0)) % as long as the image.")
    page.prose(
      """
      Why does the gradient find such a change, and a random direction not? Call the gradient of $\\log p(1)$ with respect to the pixels $g$. A small change \
      $d$ changes $\\log p(1)$ by $g \\cdot d$, to first order. Along $g$ that is $\\|g\\|\\,\\|d\\|$, the most that a change of this \
      length can do. A change in a random direction lies mostly across $g$: in a picture of 784 pixels its part along $g$ is \
      typically
      """)
    page.math("\\frac{\\|g\\|\\,\\|d\\|}{\\sqrt{784}} = \\frac{1}{28}\\, \\|g\\|\\,\\|d\\|")
    page.prose(
      """
      So it does about a 28th as much. \(spreadFinding(change)) The change is not invisible: you see grey smears, but you would \
      not read a 1.

      Such *adversarial* images (Szegedy et al. 2014) have \
      been found for practically every network that was not trained against them, however few test errors it made. The test set \
      contains digits that people wrote. It contains none that somebody searched for to deceive the network.
      """)
  }
}

extension PageRuns<VariantFindings> {
  /// The network into which the page looks.
  var looked: BestRun { reported.best.inside != nil ? reported.best : live.best }
}
