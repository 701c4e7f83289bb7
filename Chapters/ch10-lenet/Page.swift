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
          LeNet-5 learned to read digits in 1998. Which later ideas lower its error, and which only seem to?\(answer(runs.reported))
          """)
      addQuestion(to: &page, runs)
      addOwnRates(to: &page, runs)
      addNetwork(to: &page, runs)
      addDrawing(to: &page)
      addExperiment(to: &page, runs)
      addParts(to: &page, runs)
      addRates(to: &page, runs)
      addTogether(to: &page, runs.reported)
      addWrongDerivative(to: &page, runs)
      addLook(to: &page, runs)
      addSmallChange(to: &page, runs)
      addReading(to: &page, found)
      addLearning(to: &page)
      addAdvice(to: &page, runs.reported)
      addTakeaway(to: &page, runs)
      page.reportsRecord = runs.isRecorded
      claims(findings).forEach { page.claim($0) }
      addEnding(to: &page, runs)
      return page
    case .mine(let found): return learnersPage(found)
    }
  }

  /// The layers, and the net to build.
  static func addNetwork(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let findings = runs.live
    page.prose(
      """
      ## The network

      The input is a digit of 28×28 pixels in a border of two pixels. Two convolutions follow, each with a pooling that halves \
      the picture, and then three dense layers.
      """)
    page.figure(
      Figure(
        "The layers that all nets share, drawn as ReLU + CE + BN has them",
        .diagram(networkDiagram(findings)),
        caption: """
          Below each layer: the shape of its output, where 6×28² means six maps of 28×28, and the number of its parameters in LeNet-5; \
          BN adds two for each map or unit.
          """, name: "network", isWide: true))
    page.project("ReLU + CE + BN: 1998's layers, built as today")
    page.prose(
      """
      In PyTorch `lenet()` is *ReLU + CE + BN*; its arguments make the other nets:

      ```python
      from torch import nn

      def lenet(act=nn.ReLU, norm=True, pool=nn.AvgPool2d, start=None):
          def block(layer, size, bn=nn.BatchNorm2d):
              return [layer] + norm * [bn(size)] + [act()]
          model = nn.Sequential(                            # images of 1×32×32
              *block(nn.Conv2d(1, 6, 5), 6), pool(2),       # 6×14×14
              *block(nn.Conv2d(6, 16, 5), 16), pool(2),     # 16×5×5
              nn.Flatten(),
              *block(nn.Linear(400, 120), 120, nn.BatchNorm1d),
              *block(nn.Linear(120, 84), 84, nn.BatchNorm1d),
              nn.Linear(84, 10))                            # softmax is in the loss
          for m in model:
              if start and isinstance(m, (nn.Conv2d, nn.Linear)):
                  start(m.weight); nn.init.zeros_(m.bias)
          return model
      ```
      """)
    page.fold("The same nets in Swift") {
      $0.code("layers", in: "Sources/NeuralNetworks/Models/LeNet5.swift")
      $0.prose("Only S0's LeNet-5++ (*A mistake that nobody notices*) has `bn5`.")
    }
    page.fold("How the LeNet-5 of 1998 differs") {
      $0.prose(
        """
        LeCun et al. 1998 report 0.95 % test errors, and 0.8 % with \
        distorted digits added. Their LeNet-5 had the activation 1.7159 tanh(2x/3), connected the second convolution (C3) by a \
        table, learned a factor and a bias for each pooling, compared its outputs with drawn digits, and was trained one image at \
        a time by a method that estimates curvatures. Ours has plain tanh, full connections, plain averages, ten sigmoids, and \
        gradient descent in batches. S1 gives 99.05 % right answers for LeNet.
        """)
    }
  }

  /// LeNet-5 as boxes, from the counts of its layers; with a norm at the outputs only its last layers, which alone differ.
  static func networkDiagram(_ findings: VariantFindings, hasLastNorm: Bool = false) -> Diagram {
    func layer(_ name: String) -> VariantFindings.LayerCount? { findings.layers.first { $0.name == name } }
    let all = [
      ("image", "scaled"), ("conv1", "5×5, BN, ReLU"), ("pool1", "mean 2×2"), ("conv2", "5×5, BN, ReLU"),
      ("pool2", "mean 2×2"), ("fc1", "BN, ReLU"), ("fc2", "BN, ReLU"), ("fc3", hasLastNorm ? "BN, softmax" : "softmax"),
    ]
    let stages = Array(hasLastNorm ? all.suffix(4) : all.suffix(all.count))
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
          color: stage.0 == "image" ? 7 : isMap ? 0 : 3),
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

  /// What the comparison has shown.
  static func addTakeaway(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    page.callout(.takeaway, takeaway(runs.reported))
    if shortTakeaway(runs.reported) == nil { page.project(lastSlide) }
  }

  /// The last slide, exercises, further reading.
  static func addEnding(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    if let lines = shortTakeaway(runs.reported) { page.slide(lastSlide, lines) }
    if runs.isRecorded {
      page.prose(
        """
        The run made just now stops after \(counted(runs.live.epochs, "epoch")) of \(grouped(runs.live.trainingCount)) images. It \
        is too short to decide claims about the final error.
        """)
    }
    page.sideNote(
      """
      Without Swift: build LeNet-5 from memory with `torch.nn`; `sum(p.numel() for p in model.parameters())` must give \
      \(runs.live.total.parameters). Then compare LeNet-5 with ReLU + CE, 10 epochs: first with both at the rate 0.02, then with `at_own_rate`.
      """)
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, doi:10.1109/5.726791",
      "Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural networks*",
      "Glorot, Bordes and Bengio 2011, *Deep sparse rectifier neural networks*",
      "Ioffe and Szegedy 2015, *Batch normalization: accelerating deep network training by reducing internal covariate shift*, arXiv:1502.03167",
      "Hui and Belkin 2021, *Evaluation of neural architectures trained with square loss vs cross-entropy in classification tasks*, arXiv:2006.07322: tuned with the same care, squared error does as well",
      "Szegedy et al. 2014, *Intriguing properties of neural networks*, arXiv:1312.6199",
      "Karpathy 2022, *Deep Neural Nets: 33 years ago and 33 years from now*: the net of LeCun et al. 1989 built again, and improved with today's means",
    ])
  }
}
