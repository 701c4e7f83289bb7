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
          In 1998 a network of 60,000 weights learned to read digits. What have ReLU, cross-entropy, batch normalization\
          \(runs.reported.taught?[.all] == nil ? "" : " and what else chapters 4 to 9 taught") added to it since?
          """)
      addQuestion(to: &page, runs)
      addExperiment(to: &page, runs)
      addParts(to: &page, runs)
      addRates(to: &page, runs)
      addTaught(to: &page, runs.reported)
      addWrongDerivative(to: &page, runs)
      addGradients(to: &page, runs)
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
      notes: "Each network is trained twice: at one rate for all, and at the rate that suits it.")
    page.prose(
      """
      ## The question

      ReLU beats tanh, cross-entropy beats squared error, batch normalization allows larger rates: everybody has heard these, \
      and the chapters before this one gave reasons for them. Keep LeNet's layers, and put one thing after another in: what is each of them worth? A \
      comparison has to be fair for that, and that is half of this chapter: a rate that suits one network may be far too small for another.

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
      "LeCun et al. 1998, *Gradient-based learning applied to document recognition*, report 0.95 % test errors, and 0.8 % with distorted digits added. There the activation was 1.7159 tanh(2x/3), the second convolution (C3) was connected by a table, each pooling had a factor and a bias to learn, the outputs were distances to drawn digits, and a method that estimates curvatures trained it one image at a time. Here: plain tanh, full connections, plain averages, ten sigmoids, gradient descent in batches. The names with + are those of S0, whose figure 1 this is; S1 gives LeNet 99.05 % right."
    )
    let hasMore = runs.reported.normRow != nil && runs.reported.allRow != nil
    page.prose(
      """
      \(hasMore ? "Five" : "Three") networks have these convolutions and dense layers, and differ in what lies between them:

      - **LeNet-5**: tanh, a sigmoid at each of the ten outputs, squared error, Xavier's initial weights;
      - **LeNet-5+**: ReLU, softmax with cross-entropy, initial weights within ±1/√fan-in (the number of inputs);
      - **LeNet-5++**: LeNet-5+ with batch normalization after every convolution and dense layer, the last included (Ioffe and \
      Szegedy leave the outputs alone)\(hasMore ? ";" : ".")\(hasMore ? """

      - **LeNet-5 with batch norm**: LeNet-5 with that normalization, and nothing else changed;
      - **everything**: LeNet-5++ with what else the chapters before this one taught, listed below.
      """ : "")
      """)
    page.fold("The layers in code") {
      $0.prose("`thirdLayer` is conv2, the third layer C3 of 1998; `dropout` is 0 in all of them.")
      $0.code("layers", in: "Sources/NeuralNetworks/Models/LeNet5.swift")
    }
    page.slide(
      "The networks: what each one changes",
      """
      - **LeNet-5**: tanh, sigmoid outputs, squared error
      - **LeNet-5+**: ReLU, softmax, cross-entropy
      - **LeNet-5++**: LeNet-5+ and batch normalization
      \(hasMore ? "- **everything**: LeNet-5++, momentum, a falling rate, shifted digits …" : "")
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
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*",
      "Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*",
      "Ioffe and Szegedy 2015, *Batch normalization: accelerating deep network training by reducing internal covariate shift*, arXiv:1502.03167",
      "Hui and Belkin 2021, *Evaluation of neural architectures trained with square loss vs cross-entropy in classification tasks*, arXiv:2006.07322: with rates of its own, squared error does as well",
      "S0: *Understanding and Improving Convolutional Neural Networks*, and its program, github.com/stnamjef/SimpleNN",
      "Szegedy et al. 2014, *Intriguing properties of neural networks*, arXiv:1312.6199",
    ])
  }
}
