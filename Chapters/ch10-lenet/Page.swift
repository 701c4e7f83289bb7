// The page of chapter 10, from its findings alone.

import Foundation
import Workbook

extension LeNet {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    switch findings {
    case .variants(let found):
      var page = page(
        lead: """
          In 1998 a network of seven layers learned to read handwritten digits. Here it learns again, in front of you, nearly as \
          it was, and with what the years since have added: ReLU, softmax with cross-entropy, batch normalization.
          """)
      addQuestion(to: &page, found)
      addExperiment(to: &page, found, run)
      addWrongDerivative(to: &page, found)
      addGradients(to: &page, found)
      addDrift(to: &page, found)
      addMistakes(to: &page, found)
      addKernels(to: &page, found)
      addReading(to: &page, found)
      addSchedule(to: &page, found)
      claims(findings).forEach { page.claim($0) }
      addEnding(to: &page, found)
      return page
    case .mine(let found): return minePage(found)
    }
  }

  /// The question, and the network.
  static func addQuestion(to page: inout Page, _ findings: VariantFindings) {
    page.prose(
      """
      ## The question

      The chapters before this one blamed several things for slow or failed training: saturating activations, squared error \
      behind a sigmoid, weights of the wrong size, activations that drift. If all that is true, a LeNet-5 with these parts \
      replaced must learn faster and end lower. Does it?

      ## The network

      A digit of 28×28 pixels, standardized and padded to 32×32, goes through two convolutions, each followed by a pooling \
      that halves the image, and three dense layers.
      """)
    page.table(
      Table(
        "LeNet-5, layer by layer", columns: ["layer", "kind", "output", "parameters", "multiply-adds"],
        rows: (findings.layers + [findings.total]).enumerated().map { index, layer in
          [
            TableCell(index < findings.layers.count ? layer.name : "**total**"), TableCell(layer.kind),
            TableCell("\(Shape(layer.output))"), TableCell(layer.parameters), TableCell(layer.multiplyAdds),
          ]
        }))
    page.sideNote(
      "LeCun et al. 1998, *Gradient-based learning applied to document recognition*. There C3 was connected by a table, each pooling had a factor and a bias to learn, the output measured distances, and a second-order method trained it one image at a time. Here, as in S0: full connections, plain averages, ten sigmoids, gradient descent in batches."
    )
    page.code("trainVariant", in: "Experiments.swift")

    page.prose(
      """
      The variants have the same convolutions and dense layers, and differ in what lies between them:

      - **LeNet-5**: tanh, a sigmoid at each of the ten outputs, squared error, Xavier's first weights;
      - **LeNet-5, published σ′**: the same with a mistake in the sigmoid's derivative, of which more below;
      - **LeNet-5+**: ReLU, softmax with cross-entropy, first weights from ±1/√fan-in;
      - **LeNet-5++**: LeNet-5+ with batch normalization behind every convolution and dense layer.

      All are trained by plain gradient descent with a learning rate of \(findings.rate) in batches of \(findings.batch), on \
      \(grouped(findings.trainingCount)) images (\(findings.data)), for \(counted(findings.epochs, "epoch"))\
      \(findings.seeds.count > 1 ? " and \(findings.seeds.count) seeds" : "").
      """)
  }

  /// The question of the chapter, and its answer.
  static func addExperiment(to page: inout Page, _ findings: VariantFindings, _ run: RunRecord) {
    let (results, ranking) = (findings.results, findings.ranking)
    let (best, worst) = (ranking[0], ranking[ranking.count - 1])
    if results.count > 1 {
      page.predict(
        "Which network makes the fewest mistakes on the test set after this run?", choices: results.map(\.name),
        answer: results.firstIndex { $0.name == best.name } ?? 0,
        "\(best.name) ends at \(best.finalError) % errors, \(worst.name) at \(worst.finalError) %.")
    }
    page.prose("## The experiment")
    if findings.epochs > 1 && findings.isTrained {
      page.figure(
        Figure(
          "\(best.name) \(findings.isLedThroughout ? "is ahead from the first epoch to the last" : "ends ahead"): \(best.finalError) % errors\(ranking.count > 1 ? "; next is \(ranking[1].name) with \(ranking[1].finalError) %" : "")",
          .lines(
            LineChart(
              x: Axis("epoch"), y: Axis("test error (%)", log: true),
              results.map {
                Series(
                  $0.name, y: $0.errors.map(\.mean),
                  deviation: findings.seeds.count > 1 ? $0.errors.map(\.deviation) : [],
                  isEmphasized: $0.name == best.name, color: $0.color)
              })),
          caption:
            "\(findings.data), \(grouped(findings.testCount)) test images\(findings.seeds.count > 1 ? ", mean and standard deviation of \(findings.seeds.count) runs" : ", one run").",
          name: "test-error"))
    }
    page.table(
      Table(
        "After \(counted(findings.epochs, "epoch")), \(findings.data)",
        columns: [
          "network", .init("training loss", digits: 4), .init("test error (%)", digits: 2), "published, 30 epochs (%)",
          .init("seconds per epoch, fastest", digits: 2),
        ],
        rows: results.map {
          [
            TableCell($0.name), TableCell($0.finalLoss), .measured($0.finalError),
            TableCell($0.published), TableCell($0.fastestEpoch),
          ]
        }))
    page.sideNote(
      "Training loss: the squared error where the outputs are sigmoids, else the cross-entropy; the two cannot be compared. Published: S0, table 1, mean and standard deviation of five runs of 30 epochs\(run.size == "full" ? "" : "; `--full` repeats it at that size")."
    )
  }

  /// The wrong derivative.
  static func addWrongDerivative(to page: inout Page, _ findings: VariantFindings) {
    if let correct = findings.named("LeNet-5"),
      let published = findings.results.first(where: \.hasPublishedSlope)
    {
      page.prose(
        """
        ## A mistake that helped

        The first row of the published table was made by a program whose sigmoid has a wrong derivative: $1 - s^2$, which \
        belongs to tanh, for $s(1 - s)$, where $s = \\sigma(z)$ is the output. A gradient check finds it in a second: the slope measured by central differences \
        agrees with one of the two formulas.
        """)
      page.table(
        Table(
          "The slope of the sigmoid",
          columns: [
            .init("z", digits: 1), .init("measured", digits: 5), .init("s(1 − s)", digits: 5),
            .init("1 − s², published", digits: 5),
          ],
          rows: sigmoidSlopes(at: [-6, -4, -2, 0, 2, 4, 6]).map {
            [TableCell($0.z), TableCell($0.measured), TableCell($0.correct), TableCell($0.published)]
          }))
      let (right, wrong) = (correct.finalError, published.finalError)
      page.callout(
        .erratum("S0"),
        """
        With the right derivative LeNet-5 ends this run at \(right) % errors, with the published one at \(wrong) %. \
        \(wrong.mean < right.mean
          ? "The wrong one learns faster: where an output is confidently wrong near 0, s(1 − s) all but switches the correction off, and 1 − s² leaves it on. It is also larger everywhere, at least twice, so a part of the gain may be that of a larger learning rate (chapter 8 gives each its own). Either way the published row owes its speed to a mistake that removes the very slow-down its text explains."
          : "In this run the wrong one is no faster, which is not what longer runs show.") \
        An easy mistake: both functions are S-shaped, and training goes on without a complaint.

        \(orderUnderBoth(findings.results))
        """)
    }
  }

  /// The learning rate, step by step.
  static func addSchedule(to page: inout Page, _ findings: VariantFindings) {
    page.prose(
      """
      ## The learning rate, step by step

      S1 lets the rate fall in steps: \(LeNetOptions.describe(.lenet)). Far from the minimum a large step saves time; near \
      it, steps of that size jump over it, and only smaller ones go further down. `--schedule step` trains with this table, \
      `--schedule cosine` with a rate that falls smoothly. The runs above keep \(findings.rate) throughout, as S0 did.
      """)
    page.sideNote(
      "The paper of 1998 has one step more, 0.0001 for three passes in the middle, and its rates are those of a method that gives every weight a step of its own. For plain gradient descent they are small."
    )
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: VariantFindings) {
    page.callout(.takeaway, takeaway(findings.results))
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, doi:10.1109/5.726791",
      "S0: *Understanding and Improving Convolutional Neural Networks*, the report whose table this chapter repeats",
    ])
  }
}
