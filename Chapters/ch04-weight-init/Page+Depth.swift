// The page of chapter 4: gains, Jacobians, thirty layers, convolutions.

import Foundation
import Workbook

extension WeightInit {
  /// One number, swept.
  static func addGains(to page: inout Page, _ findings: Findings) {
    let frames = findings.gains
    let gains = frames.map(\.gain)
    let levelReLU = mostLevel(frames, \.reluSignal)
    let levelTanh = mostLevel(frames, \.tanhGradient)
    page.prose(
      """
      ## One number decides

      Write $\\sigma = g/\\sqrt{D_{in}}$: the five starts are five values of the gain $g$ for two activations. Move it, and \
      watch \(sweepDepth) layers. A ReLU network is a product of its layers, so its signal and its gradient are straight \
      lines here, and one gain makes both level. tanh pushes back: a large gain cannot make its activations larger than 1, \
      but the gradient knows no such limit.
      """)
    page.figure(
      Figure(
        """
        Of \(gains.count) gains, ReLU's signal is most level at \(short(levelReLU?.gain ?? .nan, digits: 3)), tanh's gradient at \
        \(short(levelTanh?.gain ?? .nan, digits: 3))
        """,
        exploring: FigureParameter(
          "gain g, with σ = g/√Dᵢₙ", values: gains, initial: gains.firstIndex { $0 >= 1 } ?? 0),
        caption: """
          √E[x²] of the activations (signal) and standard deviation of the gradient sent back from the end, in a net of \
          \(sweepDepth) layers of \(findings.gainWidth) units, seed \(findings.seeds[0]).
          """,
        name: "gain-sweep"
      ) { gain in
        let frame = frames.first { $0.gain == gain } ?? frames[0]
        return .lines(
          LineChart(
            x: Axis("layer", range: 1...Double(sweepDepth)),
            y: Axis("size", log: true, range: 1e-10...1e5),
            [
              Series("tanh signal", y: frame.tanhSignal, style: .line, color: 2),
              Series("tanh gradient", y: frame.tanhGradient, style: .line, color: 0),
              Series(
                "ReLU signal", y: frame.reluSignal, style: .line, isEmphasized: true, color: 4),
              Series("ReLU gradient", y: frame.reluGradient, style: .line, color: 3),
            ]))
      })
  }

  /// Glorot and Bengio's measure.
  static func addJacobians(to page: inout Page, _ findings: Findings) {
    let (jacobians, found, seeds) = (
      findings.jacobians.experiment, findings.jacobians, findings.seeds
    )
    let (standard, normalized) = (jacobians.summary(.standard), jacobians.summary(.normalized))
    page.prose(
      """
      ## How one layer stretches

      Glorot and Bengio looked at a layer with a magnifying glass. Change its input by a little, and the output changes by \
      $J$ times that, where $J$ is the Jacobian of the layer. Its singular values say by how much it stretches in each \
      direction; if their mean is near 1, signals pass forward and gradients pass back without shrinking.

      For a square matrix of independent numbers of variance $\\sigma^2$ the mean singular value is \
      $8/(3\\pi) \\cdot \\sigma\\sqrt{n} = \(short(Double.quarterCircleMean, digits: 3))\\,\\sigma\\sqrt{n}$. The usual start of their time, \
      uniform in $\\pm 1/\\sqrt{n}$, has $\\sigma\\sqrt{n} = 1/\\sqrt{3}$, theirs has 1. The slope of tanh takes a little more.
      """)
    page.code("layerJacobians", in: "Jacobians.swift")
    page.figure(
      Figure(
        """
        A tanh layer stretches by \(normalized.formatted(decimals: 2)) from the normalized start, by \
        \(standard.formatted(decimals: 2)) from the standard one
        """,
        .lines(
          LineChart(
            x: Axis("into hidden layer", ticks: (2...5).map { (Double($0), "\($0)") }),
            y: Axis("mean singular value of the Jacobian", range: 0...1),
            GlorotStart.allCases.enumerated().map { index, start in
              let layers = jacobians.layers(start)
              return Series(
                "\(start.rawValue)", x: [2, 3, 4, 5], y: layers.map(\.mean),
                deviation: seeds.count > 1 ? layers.map(\.deviation) : [], isEmphasized: index == 1,
                color: index)
            },
            references: [
              .init(.horizontal, at: 0.8, "published, normalized"),
              .init(.horizontal, at: 0.5, "published, standard"),
            ])),
        caption: """
          Five tanh layers of \(found.width) units on \(found.imageCount) \(found.imageCount == 1 ? "image" : "images") \
          (\(findings.data), pixels from 0 to 1). \(findings.overSeeds).
          """,
        name: "jacobians"))
    let perFive = pow(standard.mean, 5)
    let perFiveNormalized = pow(normalized.mean, 5)
    page.prose(
      """
      Over five layers that is a factor of \(short(perFive)) against \(short(perFiveNormalized)): \
      \(perFiveNormalized > 3 * perFive ? "the difference between a gradient that arrives and one that does not" : "no great difference in this run").
      """)
  }

  /// What thirty layers leave of a signal.
  static func addThirtyLayers(to page: inout Page, _ thirty: ThirtyFindings) {
    let sizes = thirty.sizes.map { $0.map(\.mean) }
    page.prose(
      """
      ## Thirty layers

      In 2015 Kaiming He and his colleagues trained a ReLU network of thirty layers, which with Xavier's start \
      \"completely stalls\". The factor of $1/\\sqrt{2}$ per layer looks harmless.
      """)
    page.predict(
      "A signal of size 1 goes through \(deep) ReLU layers with Xavier's weights. What is left of it at the end, about?",
      choices: ["0.7", "0.02", "0.00003", "0.0000000001"],
      answer: sizes[0][deep - 1],
      "Theory: $(1/\\sqrt{2})^{\(deep)}$ = \(short(ThirtyFindings.theory)). With He's weights \(short(sizes[1][deep - 1])) is left."
    )
    page.figure(
      Figure(
        "After \(deep) layers Xavier has left \(short(sizes[0][deep - 1])) of the signal, He \(short(sizes[1][deep - 1]))",
        .lines(
          LineChart(
            x: Axis("layer"), y: Axis("√E[x²] of the activations", log: true),
            [
              Series(
                "(1/√2)ᴸ", y: (1...deep).map { 1 / 2.0.squareRoot().power($0) }, style: .line,
                color: 6),
              Series("Xavier", y: sizes[0], style: .points, isEmphasized: true, color: 3),
              Series("He", y: sizes[1], style: .points, isEmphasized: true, color: 4),
            ])),
        caption:
          "ReLU layers of \(thirty.width) units, batch 16. Mean over \(counted(thirty.sizes[0][0].count, "seed")).",
        name: "thirty-layers"))
  }

  /// Which start can be trained.
  static func addTraining(to page: inout Page, _ findings: Findings) {
    let (training, rates) = (findings.training, findings.training.rates)
    let (xavierLoss, heLoss) = (training.finalLosses[0], training.finalLosses[1])
    let (xavierLearns, heLearns) = (training.learns(0), training.learns(1))
    page.predict(
      """
      Now both nets of \(deep) layers are trained on digits, each with the best of \(rates.count) learning \
      \(rates.count == 1 ? "rate" : "rates"). The loss begins near ln 10 = 2.3. Which of them gets below 2?
      """,
      choices: ["both", "only Xavier", "only He", "neither"],
      answer: xavierLearns ? (heLearns ? 0 : 1) : (heLearns ? 2 : 3),
      "At the end: Xavier \(xavierLoss.formatted(decimals: 2)), He \(heLoss.formatted(decimals: 2))."
    )
    page.code("deepTraining", in: "Deep.swift")
    page.figure(
      Figure(
        heLearns && !xavierLearns
          ? "Only He's start learns: with Xavier's the loss is still \(short(xavierLoss.mean, digits: 3)) after \(training.epochs) epochs"
          : "After \(training.epochs) epochs Xavier's loss is \(short(xavierLoss.mean, digits: 3)), He's \(short(heLoss.mean, digits: 3))",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("training loss"),
            deepStarts.indices.map { start in
              let curve = training.curves[start]
              return Series(
                start == 0 ? "Xavier" : "He", x: curve.indices.map { Double($0) * 10 + 5 },
                y: curve, style: .line,
                isEmphasized: start == 1, color: 3 + start)
            },
            references: [.init(.horizontal, at: log(10), "ln 10: guessing")])),
        caption: """
          \(deep) dense layers of \(training.width) units with ReLUs on \(grouped(training.imageCount)) images (\(findings.data)), SGD with \
          momentum, batch 32; each start at the best of the rates \(rates.map { "\($0)" }.joined(separator: ", ")). Means of 10 \
          steps over \(counted(findings.trainingSeeds, "seed")).
          """,
        name: "thirty-layers-training"))
    if heLearns && xavierLearns {
      page.prose(
        """
        In 2015 the net with Xavier's start did not move at all. Here it does in the end, \
        \(training.firstBelow(2, start: 0).map { "after \(grouped($0)) steps" } ?? "late"), where He's takes \
        \(training.firstBelow(2, start: 1).map { grouped($0) } ?? "longer still"): these layers are narrower, the rate was chosen to \
        suit each start, and a signal that is small is not 0. Whoever stops looking too soon sees a net that stalls.
        """)
    }
  }

  /// Fan-in and fan-out.
  static func addConvolutions(to page: inout Page, _ findings: Findings) {
    let found = findings.convolution
    page.prose(
      """
      ## Convolutions: fan-in and fan-out

      For a convolution $D_{in}$ is what one unit sees: a window of $k \\times k$ in each of the input's channels, \
      $k^2 \\cdot C_{in}$ numbers, and one input reaches $k^2 \\cdot C_{out}$ units. The variance of its sums can count them: $\\mathrm{Var}(y)$ divided by \
      $E[x^2] \\cdot \\mathrm{Var}(w)$.
      """)
    page.code("measuredFanIn", in: "FanIn.swift")
    page.table(
      Table(
        "The fan-in of a convolution, counted by its variance",
        columns: ["kernel", "channels", "k²·Cᵢₙ", .init("measured", digits: 1)],
        rows: ConvolutionFindings.kernels.enumerated().map { index, kernel in
          [
            TableCell("\(kernel.side)×\(kernel.side)"), TableCell(kernel.channels),
            TableCell(kernel.fanIn),
            .measured(found.fanIns[index]),
          ]
        }))
    let forgotten = found.sizes[1][convolutionDepth - 1] / found.sizes[0][convolutionDepth - 1]
    page.figure(
      Figure(
        "Forget k² and \(convolutionDepth) layers of 3×3 make the signal \(forgotten > 1.5 ? "\(short(forgotten)) times too large" : "no larger")",
        .lines(
          LineChart(
            x: Axis("layer"), y: Axis("√E[x²] of the activations", log: true),
            ConvStart.allCases.enumerated().map { index, start in
              Series(
                ["Var(w) = 2/(k²·Cᵢₙ)", "2/Cᵢₙ", "2/k²"][index], y: found.sizes[index],
                isEmphasized: index == 0,
                color: [4, 1, 0][index])
            })),
        caption:
          "Convolutions of 3×3 on 16 channels of 24×24, border 1, ReLU. \(findings.overSeeds).",
        name: "conv-fan-in"))
    page.callout(
      .mistake,
      """
      Weights are stored as $[C_{out}, C_{in}, k, k]$. Taking the first axis for the fan-in gives the fan-out's channels; \
      taking only the second forgets the window. Neither is noticed in a dense layer, where the two sizes are often equal \
      and there is no window.
      """)
    page.prose(
      """
      With a border of zeros the units at the edge see fewer than $k^2 \\cdot C_{in}$ numbers, which takes a little from the \
      signal even with the right rule: \(short(found.sizes[0][convolutionDepth - 1] / found.sizes[0][0])) of layer 1 is left at layer \
      \(convolutionDepth). How much more or less it is also depends on the draw, with so few channels.
      """)
  }
}
