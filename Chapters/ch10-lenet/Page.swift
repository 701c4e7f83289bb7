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
          How much do ReLU, cross-entropy, batch normalization and the other ideas of the earlier chapters improve \
          LeNet-5?\(answer(runs.reported))
          """)
      addQuestion(to: &page, runs)
      addNetwork(to: &page, runs)
      addDrawing(to: &page)
      addExperiment(to: &page, runs)
      addParts(to: &page, runs)
      addRates(to: &page, runs)
      addTaught(to: &page, runs.reported)
      addWrongDerivative(to: &page, runs)
      addMistakes(to: &page, runs)
      addFeatures(to: &page, runs)
      addKernels(to: &page, runs)
      addSmallChange(to: &page, runs)
      addReading(to: &page, found)
      addLearning(to: &page)
      addTakeaway(to: &page, runs)
      page.reportsRecord = runs.isRecorded
      claims(findings).forEach { page.claim($0) }
      addEnding(to: &page, runs)
      return page
    case .mine(let found): return learnersPage(found)
    }
  }

  /// The question, and which comparison answers which part of it.
  static func addQuestion(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    page.slide(
      "How much of LeNet's error do thirty years remove?",
      "ReLU, cross-entropy and batch normalization have come since 1998. Which of them lowers the error, and by how much?",
      notes: "Each network is trained twice: at one rate for all, and at the rate that suits it.")
    page.prose(
      """
      ## The question

      In 1998 LeNet-5, with 60,000 weights, learned to read digits. Everybody has heard that ReLU is better than tanh, that cross-entropy is better than squared error, and that batch \
      normalization allows larger learning rates. Here we keep the layers of LeNet-5, change the rest one thing at a time, and \
      count the mistakes.

      The comparison has to be fair, and that is half of this chapter: a learning rate that suits one network can be far too \
      small for another.
      """)
    if let map = comparisons(runs.reported) {
      page.table(map)
      page.prose(
        """
        An epoch is one pass through the digits; runs differ in their *seed*, which fixes everything random in them. Few digits or \
        few epochs mean more errors, so compare numbers within one row only. The comparisons take about an hour to read. What \
        follows them, from *What LeNet-5++ gets wrong* on, is optional.
        """)
    }
  }

  /// A map of the page; nil where not all of it was measured.
  private static func comparisons(_ findings: VariantFindings) -> Table? {
    guard let slow = findings.slowAblation, let own = findings.ownAblation, let sweep = findings.allRates,
      let few = findings.leftOutFew, findings.ownRates != nil
    else { return nil }
    // Figure 1 shows the network; the fold on gradients, where it was measured, has one figure or two.
    let gradients = findings.named("LeNet-5")?.runs.contains { $0.story != nil } == true
    let rates = 4 + (gradients ? findings.updates == nil ? 1 : 2 : 0)
    func size(_ digits: Int, _ epochs: Int) -> TableCell {
      TableCell("\(grouped(digits)) digits, \(counted(epochs, "epoch"))")
    }
    let (fewest, most) = (slow.cells[0].errors.count, own.cells[0].errors.count)
    let tried = sweep.curves.flatMap(\.errors).map(\.count)
    return Table(
      "The four comparisons of this page",
      columns: ["question", "networks", "trained on", "seeds", "answer"],
      rows: [
        [
          "Which has the fewest errors?", "LeNet-5 to LeNet-5 today", size(findings.trainingCount, findings.epochs),
          TableCell("\(findings.seeds.count)"), "figure 2",
        ],
        [
          "ReLU, loss or first weights?", "the eight from LeNet-5 to LeNet-5+",
          size(findings.trainingCount, slow.epochs),
          TableCell(fewest == most ? "\(most)" : "\(fewest) and \(most)"), "figure 3",
        ],
        [
          "Which rates does each bear?", "with batch norm and without", size(findings.trainingCount, sweep.epochs),
          TableCell(rangeText(tried.min() ?? 0, tried.max() ?? 0)), TableCell("figure \(rates)"),
        ],
        [
          "Which part is missed?", "LeNet-5 today, less one part", size(Worth.fewDigits, Worth.fewEpochs),
          TableCell("\(few.whole.count)"), TableCell("figure \(rates + 1)"),
        ],
      ])
  }

  private static func rangeText(_ low: Int, _ high: Int) -> String { low == high ? "\(low)" : "\(low) or \(high)" }

  /// The layers, and what each network changes.
  static func addNetwork(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let findings = runs.live
    page.prose(
      """
      ## The network

      The input is a digit of 28×28 pixels. The pixels are shifted and scaled so that over the training set they have mean 0 \
      and standard deviation 1, and a border of two pixels makes the picture 32×32. Two convolutions follow, each with a \
      pooling that halves the picture, and then three dense layers.
      """)
    page.figure(
      Figure(
        "The layers that all networks share, drawn as LeNet-5++ has them",
        .diagram(networkDiagram(findings)),
        caption: """
          Drawn from the network as it is built. Above each layer: what it computes (BN is batch normalization). Below: the \
          shape of its output, where 6×28² means six maps of 28×28, and the number of its parameters in LeNet-5. Batch \
          normalization adds two parameters for each map or unit. Blocks are maps, bars are units.
          """, name: "network", isWide: true))
    page.project("LeNet-5++: 1998's layers with ReLU, softmax, batch norm")
    let (hasMore, hasNorm) = (runs.reported.taught != nil, runs.reported.normRow != nil)
    page.prose(
      """
      \(hasMore ? hasNorm ? "Five" : "Four" : "Three") networks share these convolutions and dense layers. Read the first + as *ReLU and \
      cross-entropy*, the second as *and batch normalization*:
      """)
    page.table(
      Table(
        "What each network changes",
        columns: ["network", "activation", "outputs and loss", "initial weights", "batch norm"],
        rows: [
          ["LeNet-5", "tanh", "ten sigmoids, squared error", "Xavier's (chapter 4)", "none"],
          ["LeNet-5+", "ReLU", "softmax, cross-entropy", "small (PyTorch's)", "none"],
          ["LeNet-5++", "ReLU", "softmax, cross-entropy", "small (PyTorch's)", "after every layer"],
        ]
          + (hasMore && hasNorm
            ? [
              [
                "LeNet-5 with batch norm", "tanh", "ten sigmoids, squared error", "Xavier's (chapter 4)",
                "after every layer",
              ]
            ] : [])
          + (hasMore
            ? [["LeNet-5 today", "ReLU", "softmax, cross-entropy", "He's (chapter 4)", "after every layer"]] : [])))
    page.sideNote(
      """
      Words from earlier chapters. *ReLU* replaces negative numbers by 0 (chapter 2). *Xavier's* initial weights are random, with \
      variance 2/(n + m) for n inputs and m outputs, and suit tanh; *He's* have 2/n and suit ReLU (chapter 4). PyTorch's lie \
      between −1/√n and 1/√n, which is the variance 1/(3n): they are smaller. *Batch \
      normalization* (BN) subtracts the mean of the batch, divides by its standard deviation, then multiplies by γ and adds β, at \
      first 1 and 0 (chapter 5). *Softmax* turns the ten sums into \
      probabilities, and *cross-entropy* is −log of that of the right digit (chapter 8).
      """)
    page.prose(
      """
      \(hasMore ? "*LeNet-5 today* has more ideas of the earlier chapters, which are listed further down. " : "")In PyTorch LeNet-5++ is

      ```python
      from torch import nn

      def block(layer, size, norm=nn.BatchNorm2d): return [layer, norm(size), nn.ReLU()]

      model = nn.Sequential(                                # images of 1×32×32
          *block(nn.Conv2d(1, 6, 5), 6), nn.AvgPool2d(2),   # 6×14×14
          *block(nn.Conv2d(6, 16, 5), 16), nn.AvgPool2d(2), # 16×5×5
          nn.Flatten(),
          *block(nn.Linear(400, 120), 120, nn.BatchNorm1d),
          *block(nn.Linear(120, 84), 84, nn.BatchNorm1d),
          nn.Linear(84, 10))                                # softmax is in the loss
      ```

      That is the net to build. Figure 6 has it after 3 epochs; it has no error of its own after \(counted(runs.reported.epochs, "epoch")), since the LeNet-5++ of the other tables, made after a report \
      (see the fold), normalizes its ten outputs, too: it has `nn.BatchNorm1d(10)` after the last line. \(lastNormAdvice(runs.reported))
      """)
    page.fold("How the LeNet-5 of 1998 differs, and where the names come from") {
      $0.prose(
        """
        LeCun et al. 1998, *Gradient-based learning applied to document recognition*, report 0.95 % test errors, and 0.8 % with \
        distorted digits added. Their LeNet-5 had the activation 1.7159 tanh(2x/3), connected the second convolution (C3) by a \
        table, learned a factor and a bias for each pooling, compared its outputs with drawn digits, and was trained one image at \
        a time by a method that estimates curvatures. Ours has plain tanh, full connections, plain averages, ten sigmoids, and \
        gradient descent in batches. The names LeNet-5+ and LeNet-5++ come from S0, a report in Korean; figure 1 is drawn after it. S1, lecture slides \
        in Korean, gives 99.05 % right answers for LeNet.
        """)
    }
    page.fold("The layers in Swift") {
      $0.prose("`thirdLayer` is conv2, which was the third layer, C3, in 1998. `dropout` is 0 in all networks here.")
      $0.code("layers", in: "Sources/NeuralNetworks/Models/LeNet5.swift")
    }
    page.slide(
      "The networks: what each one changes",
      """
      - **LeNet-5**: tanh, sigmoid outputs, squared error
      - **LeNet-5+**: ReLU, softmax, cross-entropy
      - **LeNet-5++**: LeNet-5+ and batch normalization
      \(hasMore ? "- **LeNet-5 today**: LeNet-5++, momentum, a falling rate, shifted digits, max pooling" : "")
      """, notes: "All have the same convolutions and dense layers.")
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

  private static let lastSlide = "Compare each at its own rate, and check gradients"

  /// What the comparison and the look inside have shown.
  static func addTakeaway(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    page.callout(.takeaway, takeaway(runs.reported))
    if shortTakeaway(runs.reported) == nil { page.project(lastSlide) }
  }

  /// The last slide, exercises, further reading.
  static func addEnding(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    if let lines = shortTakeaway(runs.reported) { page.slide(lastSlide, lines) }
    if runs.isRecorded {
      page.prose(
        "The run made just now stops after \(counted(runs.live.epochs, "epoch")) of \(grouped(runs.live.trainingCount)) images. It is too short to decide claims about the final error."
      )
    }
    page.prose(
      """
      An experiment of your own: does max pooling help LeNet-5++? Train it with both poolings at a few rates, choose a rate for \
      each, then take five new seeds at these two rates and give the 95 % interval of the difference. \
      `./workbook run ch10-lenet --model lenet5plusplus --pool max --lr 0.1 --runs 5` makes one part of it. The program shows only \
      the test error; what is wrong with choosing the rate by it?
      """)
    page.sideNote(
      """
      Without Swift: build LeNet-5+ from memory with `torch.nn`; `sum(p.numel() for p in model.parameters())` must give \
      \(runs.live.total.parameters). Then train it for three epochs at 0.02, 0.2 and 1, and compare the errors with the figure on rates.
      """)
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, doi:10.1109/5.726791",
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*",
      "Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*",
      "Ioffe and Szegedy 2015, *Batch normalization: accelerating deep network training by reducing internal covariate shift*, arXiv:1502.03167",
      "Hui and Belkin 2021, *Evaluation of neural architectures trained with square loss vs cross-entropy in classification tasks*, arXiv:2006.07322: tuned with the same care, squared error does as well",
      "Szegedy et al. 2014, *Intriguing properties of neural networks*, arXiv:1312.6199",
    ])
  }
}
