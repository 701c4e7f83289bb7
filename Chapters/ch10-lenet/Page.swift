// The page of chapter 10, from its findings alone.

import Foundation
import Workbook

extension LeNet {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    switch findings {
    case .variants(let found):
      let runs = pageRuns(found, recorded)
      var page = page(
        lead: """
          In 1998 a network of seven layers learned to read handwritten digits. Here a plainer version of it learns again, \
          first with parts of its time, then with ReLU, cross-entropy and batch normalization\
          \(runs.reported.taught?[.all] == nil ? "" : ", at last with all that chapters 4 to 9 taught"). What do they earn?
          """)
      addQuestion(to: &page, runs)
      addExperiment(to: &page, runs)
      addWrongDerivative(to: &page, runs)
      addRates(to: &page, runs)
      addOwnRates(to: &page, runs.reported, origin: runs.origin)
      addParts(to: &page, runs)
      addGradients(to: &page, runs)
      addDrift(to: &page, runs)
      addMistakes(to: &page, runs)
      addKernels(to: &page, runs)
      addFeatures(to: &page, runs)
      addSmallChange(to: &page, runs)
      addReading(to: &page, found)
      addLive(to: &page)
      addReaders(to: &page, runs)
      page.reportsRecord = runs.isRecorded
      claims(findings).forEach { page.claim($0) }
      addEnding(to: &page, runs)
      return page
    case .mine(let found): return learnersPage(found)
    }
  }

  /// The question, and the network.
  static func addQuestion(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let findings = runs.live
    page.slide(
      "How much of LeNet's error do thirty years remove?",
      "ReLU for tanh, cross-entropy for squared errors, batch normalization after every layer. Which of them earns what?",
      notes: "S0 published numbers for it. One of them probably comes from a mistake in its program.")
    page.prose(
      """
      ## The question

      The chapters before this one blamed several things for slow or failed training: saturating activations, squared error \
      after a sigmoid, weights of the wrong size. If they are right, a LeNet-5 with these parts replaced must learn faster \
      and end lower. Does it, and which part earns it?

      ## The network

      A digit of 28×28 pixels, standardized and padded to 32×32, goes through two convolutions, each followed by a pooling \
      that halves the image, and three dense layers.
      """)
    page.figure(
      Figure(
        "LeNet-5++: the layers of 1998, batch normalization after each, ReLU, softmax",
        .diagram(networkDiagram(findings)),
        caption: """
          Drawn from the network as built. Above: what is computed. Below: the shape (6×28² is six maps of 28×28), and the parameters of LeNet-5; batch \
          normalization adds two for each channel or unit. A block is as high and as deep as its maps, and as thick as the \
          square root of their number; a bar is as high as the square root of its units.
          """, name: "network", isWide: true))
    page.project("LeNet-5++: 1998's layers with ReLU, softmax, batch norm")
    page.sideNote(
      "LeCun et al. 1998, *Gradient-based learning applied to document recognition*. There the activation was 1.7159 tanh(2x/3), the second convolution (C3) was connected by a table, each pooling had a factor and a bias to learn, the outputs were distances to drawn digits, and a method that estimates curvatures trained it one image at a time. Here, as in S0, whose figure 1 this is: plain tanh, full connections, plain averages, ten sigmoids, gradient descent in batches. So its error is not that of 1998."
    )
    page.prose(
      """
      Four networks have these convolutions and dense layers, and differ in what lies between them:

      - **LeNet-5**: tanh, a sigmoid at each of the ten outputs, squared error, Xavier's initial weights;
      - **LeNet-5, wrong σ′**: the same with a mistake in the sigmoid's derivative, of which more below;
      - **LeNet-5+**: ReLU, softmax with cross-entropy, initial weights within ±1/√fan-in (the number of inputs);
      - **LeNet-5++**: LeNet-5+ with batch normalization after every convolution and dense layer, the last included (as in \
      S0; Ioffe and Szegedy leave the outputs alone).

      In code (`thirdLayer` is conv2, the third layer C3 of 1998; `dropout` is 0 in all four):
      """)
    page.code("layers", in: "Sources/NeuralNetworks/Models/LeNet5.swift")
    page.slide(
      "Four LeNets: what each one changes",
      """
      - **LeNet-5**: tanh, sigmoid outputs, squared error
      - **wrong σ′**: the same, but with $1 - s^2$ for the slope $s(1 - s)$ of the sigmoid
      - **LeNet-5+**: ReLU, softmax, cross-entropy
      - **LeNet-5++**: LeNet-5+ and batch normalization
      """, notes: "The second one is a published program's bug: the slope of tanh.")
    page.prose(
      """
      All learn by plain gradient descent, with a rate of \(findings.rate) and batches of \(findings.batch) (as in S0). An \
      epoch is this loop, once through all images in a shuffled order:
      """)
    page.code("trainingLoop", in: "TrainingLoop.swift")
  }

  /// LeNet-5 as boxes, from the counts of its layers.
  private static func networkDiagram(_ findings: VariantFindings) -> Diagram {
    func layer(_ name: String) -> VariantFindings.LayerCount? { findings.layers.first { $0.name == name } }
    let stages = [
      ("image", "scaled"), ("conv1", "5×5, BN, ReLU"), ("pool1", "mean 2×2"), ("conv2", "5×5, BN, ReLU"),
      ("pool2", "mean 2×2"), ("fc1", "BN, ReLU"), ("fc2", "BN, ReLU"), ("fc3", "BN, softmax"),
    ]
    let nodes = stages.enumerated().flatMap { index, stage -> [Diagram.Node] in
      let found = layer(stage.0)
      let output = found?.output ?? [1, 32, 32]
      let isMap = output.count == 3
      let side = Double(output[output.count - 1])
      let (width, height) =
        isMap ? (0.08 * Double(output[0]).squareRoot(), side * 1.2 / 32) : (0.08, 0.105 * side.squareRoot())
      let parameters = found.map { $0.parameters > 0 ? grouped($0.parameters) : "" } ?? ""
      let x = 1.4 * Double(index)
      return [
        Diagram.Node(
          "", x: x, y: 0, form: isMap ? .volume : .box, size: (width: width, height: height),
          color: index == 0 ? 7 : isMap ? 0 : 3),
        Diagram.Node(
          isMap ? "\(output[0])×\(output[1])²" : output.map(String.init).joined(separator: "×"), x: x, y: -0.95,
          detail: parameters, form: .plain,
          size: (width: 1.42, height: 0.4)),
        Diagram.Node(stage.0, x: x, y: 1.35, detail: stage.1, form: .plain, size: (width: 1.42, height: 0.4)),
      ]
    }
    let edges = (0..<stages.count - 1).map { Diagram.Edge(3 * $0, 3 * ($0 + 1)) }
    return Diagram(nodes, edges: edges)
  }

  /// S0's table and its learning curves.
  static func addExperiment(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let (reported, live) = (runs.reported, runs.live)
    page.prose("## The experiment")
    if !reported.hasPublishedSize, reported.results.count == 4 {
      page.predict(
        "Which of the four makes the fewest mistakes after this run?", choices: reported.results.map(\.shownName),
        answer: reported.results.firstIndex { $0.name == reported.ranking[0].name } ?? 0,
        "\(reported.ranking.map { "\($0.shownName): \($0.finalError.formatted(decimals: 1)) %" }.joined(separator: "; "))."
      )
    } else if let wrong = reported.named("LeNet-5, published σ′"), reported.results.count == 4 {
      let place = reported.ranking.firstIndex { $0.name == wrong.name } ?? 0
      page.predict(
        """
        One of the four has a bug, the wrong σ′: tanh's derivative for the sigmoid's, at least twice as large. Which place \
        does it take after \(counted(reported.epochs, "epoch"))?
        """,
        choices: [
          "first, ahead of LeNet-5++", "second, ahead of LeNet-5+", "third, ahead of LeNet-5",
          "last: a wrong gradient cannot learn well",
        ],
        answer: place,
        "\(reported.ranking.map { "\($0.shownName): \($0.finalError.formatted(decimals: 2)) %" }.joined(separator: "; "))."
      )
      page.project("Where does the net with the bug end?")
    }
    if reported.epochs > 1 && reported.isTrained {
      if reported.results.count > 1, let plus = reported.named("LeNet-5++") {
        let errors = plus.errors.map(\.mean), first = errors[0], last = errors[errors.count - 1]
        let half = (errors.firstIndex { $0 < first / 2 } ?? errors.count) + 1
        page.predict(
          "How does LeNet-5++'s test error go down over \(counted(reported.epochs, "epoch"))?", drawing: "LeNet-5++",
          """
          From \(short(first)) % after the first epoch to \(short(last)) %. \
          \(half <= errors.count ? "Half of the first epoch's mistakes are gone after epoch \(half)." : "Half of the first epoch's mistakes are still there.")
          """)
      }
      page.figure(curves(reported, runs, name: "test-error"))
      page.project("\(reported.ranking[0].shownName) ends with the fewest mistakes")
    }
    page.table(errorTable(runs))
    page.slide(
      reported.named("LeNet-5++").map {
        "LeNet-5++: 0.78 % errors published, \($0.finalError.formatted(decimals: 2)) % here"
      } ?? "The errors, published and here",
      reported.results.map { result in
        let published = result.published.map { "\(fixed($0.mean, 2)) % published, " } ?? ""
        return "- **\(result.shownName)**: \(published)\(result.finalError.formatted(decimals: 2)) % here"
      }.joined(separator: "\n"), notes: "Here: after \(counted(reported.epochs, "epoch")).")
    page.sideNote(
      """
      Published: S0, table 1, mean and standard deviation of five runs. LeNet-5++'s 0.78 % is the 99.22 % of its abstract; \
      S1 gives LeNet 99.05 %. LeCun et al. report 0.95 %, and 0.8 % with distorted digits \
      added\(reported.named("LeNet-5++").map { "; LeNet-5++ has \($0.finalError.formatted(decimals: 2)) % without" } ?? ""). Training \
      error: over the last epoch, while the weights move.
      """)
    if runs.isRecorded, live.epochs > 1 {
      page.fold("The curves of this run") { $0.figure(curves(live, runs, name: "test-error-live")) }
    }
    if let plusPlus = reported.named("LeNet-5++"), plusPlus.trainingError.mean < plusPlus.finalError.mean / 2 {
      let plus = reported.named("LeNet-5+")
      let isLessOverfit = plus.map {
        $0.trainingError.mean <= plusPlus.trainingError.mean && isClear($0.finalError - plusPlus.finalError, beyond: 0)
      }
      page.prose(
        """
        The training errors say what is left to do. LeNet-5++ makes \(plusPlus.trainingError.formatted(decimals: 2)) % \
        mistakes on the images it learns from, counted while it trains\
        \(reported.best.trained.map { " (afterwards, in test mode, the net of seed \(reported.best.seed) has \(fixed($0, 2)) %)" } ?? ""), \
        and \(plusPlus.finalError.formatted(decimals: 2)) % on new ones. What remains is that gap, and some digits that nobody could read (the mistakes are shown below). \
        \(isLessOverfit == true ? "At this rate LeNet-5+ learns its training images as well, and LeNet-5++ makes fewer mistakes on new ones. " : "")\
        Chapters 6 and 7 are about the remedies.
        """)
    }
  }

  /// Test errors over the epochs.
  private static func curves(_ findings: VariantFindings, _ runs: PageRuns<VariantFindings>, name: String) -> Figure {
    let ranking = findings.ranking
    let (best, next) = (ranking[0], ranking.count > 1 ? ranking[1] : nil)
    let isAhead = next.map { isClear($0.finalError - best.finalError, beyond: 0) } ?? false
    let isLive = runs.isRecorded && name.hasSuffix("live")
    return Figure(
      isLive
        ? "This run, \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) images: \(best.shownName) \(isAhead ? "is ahead" : "has the fewest mistakes so far")"
        : isAhead
          ? "\(best.shownName) ends lowest, at \(best.finalError.formatted(decimals: 2)) % errors"
          : "After \(counted(findings.epochs, "epoch")) \(best.shownName) has the fewest mistakes",
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("test error (%)", log: true),
          findings.results.map {
            Series(
              $0.shownName, y: $0.errors.map(\.mean),
              deviation: findings.seeds.count > 3 ? $0.errors.map(\.deviation) : [],
              style: findings.epochs > 8 ? .line : .lineAndMarkers, isEmphasized: $0.name == best.name,
              color: $0.color)
          })),
      caption:
        "\(isLive ? "" : runs.origin)\(findings.data), \(grouped(findings.testCount)) test images, \(findings.seeds.count > 3 ? "mean and standard deviation of \(findings.seeds.count) seeds" : findings.seeds.count > 1 ? "mean of \(findings.seeds.count) seeds" : "one seed").",
      name: name)
  }

  /// The errors at the end: published, recorded, and of this run.
  private static func errorTable(_ runs: PageRuns<VariantFindings>) -> Table {
    let (reported, live) = (runs.reported, runs.live)
    var columns: [Table.Column] = [
      "network", "published, 30 epochs (%)", .init("test error (%)", digits: 2), .init("training error (%)", digits: 2),
    ]
    if runs.isRecorded { columns.append(.init("this run, test (%)", digits: 1)) }
    return Table(
      "After \(counted(reported.epochs, "epoch")) of \(grouped(reported.trainingCount)) images, \(counted(reported.seeds.count, "seed"))\(runs.isRecorded ? "; this run: \(counted(live.epochs, "epoch")) of \(grouped(live.trainingCount)), \(counted(live.seeds.count, "seed"))" : "")",
      columns: columns,
      rows: reported.results.map { result in
        var row: [TableCell] = [
          TableCell(result.shownName),
          result.published.map { TableCell("\(fixed($0.mean, 2)) ± \(fixed($0.deviation, 2))") } ?? "–",
          .measured(result.finalError), .measured(result.trainingError),
        ]
        if runs.isRecorded { row.append(live.named(result.name).map { .measured($0.finalError) } ?? "–") }
        return row
      })
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    page.callout(.takeaway, takeaway(runs.reported))
    let title = "Check gradients; compare each at its own rate"
    if let lines = shortTakeaway(runs.reported) { page.slide(title, lines) } else { page.project(title) }
    if runs.isRecorded {
      page.prose(
        "This run stops after \(counted(runs.live.epochs, "epoch")) of \(grouped(runs.live.trainingCount)) images; of claims about the end it decides nothing."
      )
    }
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, doi:10.1109/5.726791",
      "S0: *Understanding and Improving Convolutional Neural Networks*, and its program, github.com/stnamjef/SimpleNN",
      "Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*",
      "Szegedy et al. 2014, *Intriguing properties of neural networks*, arXiv:1312.6199",
    ])
  }
}
