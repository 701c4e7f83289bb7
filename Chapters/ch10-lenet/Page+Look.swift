// The page of chapter 10: a look into one trained net, and what deceives it.

import Foundation
import Workbook

extension VariantFindings {
  /// The net that is looked into, and its name: that of the first listing, or in short runs S0's best.
  var shownLook: (look: BestRun, name: String) {
    look.map { ($0, Steps.Net.normed.name) } ?? (best, (named("LeNet-5++") ?? ranking[0]).shownName)
  }
}

extension LeNet {
  /// Its mistakes and its filters.
  static func addLook(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    let (shown, name) = reported.shownLook
    let wrong = shown.confusion.joined().reduce(0, +) - shown.rightCount
    page.prose(
      """
      ## Inside one net

      The rest looks into one net, the first seed of \(name). \
      It misreads \(grouped(wrong)) of \(grouped(reported.testCount)) test images, and of some of these mistakes it is very sure.
      """)
    page.fold("Its most confident mistakes") { addMistakes(to: &$0, runs) }
    addKernels(to: &page, runs)
  }

  /// What it misreads.
  private static func addMistakes(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    let (shown, name) = reported.shownLook
    let classes = Dataset.classNames(of: reported.data)
    let certainties = certainties(of: shown.mistakes)
    let mistakes = shown.mistakes.enumerated().map { place, mistake in
      mistake.bitmap.picture(
        "\(classes[mistake.truth]), taken for \(classes[mistake.answer])\(certainties.map { ": \(certainty($0[place]))" } ?? "")"
      )
    }
    if !mistakes.isEmpty {
      page.figure(
        Figure(
          "\(mistakes.count == 1 ? "The one mistake" : "The \(mistakes.count) most confident mistakes"): would you have read \(mistakes.count == 1 ? "it" : "them") correctly?",
          .images(ImageGrid(columns: 3, mistakes)),
          caption:
            "\(name), seed \(shown.seed); \(reported.data).\(certainties == nil ? "" : " Below each picture: the right digit, the answer, and its probability.")",
          name: "worst-mistakes"))
      page.project("Would you have read these digits correctly?")
    }
  }

  /// A probability that is nearly 1 is not told as 1.
  private static func certainty(_ probability: Double) -> String {
    probability > 0.9995 ? "over 99.9 %" : "\(fixed(100 * probability, 1)) %"
  }

  /// The probability that the recorded network gives to each of its mistakes; nil where these are not its mistakes.
  static func certainties(of mistakes: [BestRun.Mistake]) -> [Double]? {
    guard let model = recordedModel(), !mistakes.isEmpty else { return nil }
    var reader = DigitReader(model.layers)
    let answers = mistakes.compactMap { mistake -> Double? in
      guard mistake.bitmap.pixels.count == 28 * 28 else { return nil }
      let answer = reader.answer(mistake.bitmap.pixels.map { Float($0) / 255 })
      return answer.digit == mistake.answer ? answer.probability : nil
    }
    return answers.count == mistakes.count ? answers : nil
  }

  /// What it looks for.
  private static func addKernels(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let (findings, shown) = (runs.reported, runs.reported.shownLook.look)
    let kernels = shown.kernels.enumerated().map { index, kernel in
      ImageGrid.Picture(
        width: kernel.width, height: kernel.height, pixels: kernel.weights, caption: "filter \(index + 1)")
    }
    let maps = shown.maps.enumerated().map { $1.picture($0 == 0 ? "the digit" : "filter \($0)") }
    page.fold("The filters of the first layer, and what they make of a digit") {
      $0.prose(edgeFinding(shown.kernels))
      $0.figure(
        Figure(
          "The six kernels of the first layer", .images(ImageGrid(columns: 6, kernels, isSigned: true)),
          caption: "The 5×5 weights of conv1; orange is positive, blue negative.",
          name: "kernels"))
      $0.figure(
        Figure(
          "A \(BestRun.shownDigit) as the six filters of conv1 see it", .images(ImageGrid(columns: 7, maps)),
          caption: """
            The first \(BestRun.shownDigit) of the test set (\(findings.data)): the outputs of ReLU, each map from its darkest to its brightest pixel. The frame of a map is where its filter sees the grey border.
            """, name: "feature-maps"))
    }
  }

  /// The kernels that are nearest to an edge detector, in words.
  static func edgeFinding(_ kernels: [BestRun.Kernel]) -> String {
    let edges = kernels.map(\.edge)
    let near = edges.indices.filter { edges[$0].share > 0.4 }.map { "filter \($0 + 1) to \(edges[$0].name)" }
    return """
      A kernel that is positive on one side and negative on the other answers to an edge of a stroke\
      \(near.isEmpty ? "" : ": \(listed(near))").
      """
  }

  /// A 7 that is taken for a 1.
  static func addSmallChange(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    guard let change = runs.reported.shownLook.look.change ?? runs.live.best.change else { return }
    let share = 100 * change.lengths.mean
    let images = change.lengths.count
    let flips = Int((change.randomShare * Double(5 * images)).rounded())
    page.prose(
      """
      ## What makes a 7 a 1

      The gradient can change pixels as well as weights. Start at the picture of a 7, follow the gradient that makes the answer \
      1 more probable, and stop as soon as the net says 1.

      ```python
      # `model` from *The experiment*. The first test image is a 7; 0 is black, 1 white.
      x = (tests.data[0].view(1, 1, 28, 28) / 255).requires_grad_()
      def prepare(x): return F.pad((x - 0.1307) / 0.3081, (2, 2, 2, 2))
      for step in range(100):
          if model(prepare(x)).argmax() == 1: break
          torch.log_softmax(model(prepare(x)), 1)[0, 1].backward()
          with torch.no_grad():
              x += 0.1 * x.grad / x.grad.norm()  # a hundredth of a 7 long
              x.clamp_(0, 1)
          x.grad = None
      ```
      """)
    page.fold("The same in Swift") { $0.code("smallChange", in: "LookInside.swift") }
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
          The same net. Below each picture: the answer, and how sure the net is of it. The length of a picture is \
          the root of the sum of its squared pixels; mean over \(images < 40 ? "\(images) of the first 40 sevens of the test set: where the net read a 7 and a change was found" : "the first 40 sevens of the test set, all of which could be changed"). \
          Of \(5 * images) random changes as long, \(flips == 0 ? "none changes" : flips == 1 ? "one changes" : "\(flips) change") the answer.
          """, name: "small-change"))
    page.project(
      share < 40
        ? "A faint change, and the net reads this 7 as a 1" : "Follow the gradient, and the net reads this 7 as a 1",
      notes: "On average the change is \(fixed(share, 0)) % as long as the image.")
    page.prose(
      """
      Such *adversarial* images (Szegedy et al. 2014) have been found for practically every net that was not trained \
      against them, however few test errors it made: a test set contains no digits that somebody searched for to deceive the net.
      """)
  }

  /// The reader's own picture.
  static func addReading(to page: inout Page, _ findings: VariantFindings) {
    guard let answer = findings.reading else { return }
    let best = findings.named("LeNet-5++") ?? findings.ranking[0]
    page.prose("## Your digit")
    let isSoftmax = best.hasSoftmax
    page.figure(
      Figure(
        "\(best.shownName) reads a \(answer.digit), with \(percent(answer.outputs[answer.digit]))",
        .bars(
          BarChart(
            categories: (0...9).map(String.init), y: Axis(isSoftmax ? "probability" : "output", range: 0...1),
            [.init(isSoftmax ? "probability" : "output", answer.outputs)])),
        caption: isSoftmax ? "Softmax of the ten outputs." : "The ten outputs after their sigmoids.",
        name: "your-digit")
    )
    page.figure(
      Figure(
        "What the network was shown", .images(ImageGrid(columns: 1, [answer.bitmap.picture("")])),
        caption:
          "The ink is cut out, fitted into 20×20 pixels, and moved until its centre of mass is the middle of 28×28, as in MNIST.",
        name: "your-digit-prepared"))
  }
}
