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
    let (one, fiveThirds) = (nearest(1, in: frames), nearest(5.0 / 3, in: frames))
    /// Whether a gain keeps the signal of tanh and its gradient to within a fifth.
    func isLevel(_ frame: ScaleFrame) -> Bool {
      let signal = (frame.tanhSignal.last ?? .nan) / frame.tanhSignal[0]
      return abs(signal - 1) < 0.2 && abs(frame.tanhGradient[0] - 1) < 0.2
    }
    let verdict =
      frames.contains(where: isLevel)
      ? ""
      : "None of the \(gains.count) gains tried, \(short(gains.min() ?? 0)) to \(short(gains.max() ?? 0)), keeps both level, to within "
        + "a fifth, in \(sweepDepth) layers of tanh (seed \(findings.seeds[0])). That is one reason for "
        + "normalization (chapter 5), which holds the signal, not the gradient (chapter 11)."
    page.prose(
      """
      ## One number decides

      Write $\\sigma = g/\\sqrt{D_{in}}$: the five initializations are five values of the gain $g$ for two activations. Move it, and \
      watch \(sweepDepth) layers. Doubling a ReLU layer's weights doubles its output, so each layer multiplies by one factor: a \
      straight line on a logarithmic axis, for the signal and for the gradient, and one gain makes both level. tanh pushes back: a large gain cannot make its activations larger than 1, \
      but the gradient knows no such limit.
      """)
    page.figure(
      Figure(
        """
        Of \(gains.count) gains, ReLU's signal is most level at \(short(levelReLU?.gain ?? .nan, digits: 3)), tanh's gradient at \
        \(short(levelTanh?.gain ?? .nan, digits: 3))
        """,
        exploring: FigureParameter(
          "gain g, with σ = g/√Dᵢₙ", values: gains,
          initial: gains.indices.min { abs(gains[$0] - 2.0.squareRoot()) < abs(gains[$1] - 2.0.squareRoot()) } ?? 0),
        caption: """
          √E[x²] of the activations (signal) and standard deviation of the gradient sent back from the end, in a net of \
          \(sweepDepth) layers of \(findings.gainWidth) units, seed \(findings.seeds[0]).
          """,
        name: "gain-sweep",
        titles: { gain in
          let frame = nearest(gain, in: frames)
          return
            "g = \(short(gain, digits: 3)): after \(sweepDepth) layers tanh's signal is \(short(frame.tanhSignal.last ?? .nan)), ReLU's \(short(frame.reluSignal.last ?? .nan)); the gradients at layer 1 are \(short(frame.tanhGradient[0])) and \(short(frame.reluGradient[0]))"
        }
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
    page.project("One number decides: the gain")
    page.prose(
      """
      For tanh the gain 1 lets the signal fall from \(short(one.tanhSignal[0])) to \(short(one.tanhSignal.last ?? .nan)) over \
      \(sweepDepth) layers; with 5/3 it goes from \(short(fiveThirds.tanhSignal[0])) to \(short(fiveThirds.tanhSignal.last ?? .nan)). \
      The gradient pays for it: of a size 1 sent back, \(short(fiveThirds.tanhGradient[0])) arrives at layer 1, with gain 1 \
      \(short(one.tanhGradient[0])). \(verdict)
      """)
  }

  /// The frame of the gain nearest to a number.
  static func nearest(_ gain: Double, in frames: [ScaleFrame]) -> ScaleFrame {
    frames.min { abs($0.gain - gain) < abs($1.gain - gain) } ?? frames[0]
  }

  /// Glorot and Bengio's measure.
  static func addJacobians(to page: inout Page, _ findings: Findings) {
    let (jacobians, found) = (findings.jacobians.experiment, findings.jacobians)
    let starts = GlorotStart.allCases
    let gradients = starts.map { jacobians.gradient($0) }
    page.prose(
      """
      ## How one layer stretches

      Glorot and Bengio measured an initialization by one number for each layer. Change the input of a layer by a little, and its output \
      changes by $J$ times that, with the Jacobian $J_{ji} = \\tanh'(y_j)\\,W_{ji}$. A matrix stretches some directions more than \
      others: it turns a ball into an ellipsoid, and the half axes of the ellipsoid, as multiples of the ball's radius, are \
      its *singular values*. Glorot and Bengio report their mean: about 0.5 for the initialization that was usual in 2010, uniform \
      in $\\pm 1/\\sqrt{n}$, and 0.8 for theirs; here \(fixed(jacobians.mean(.standard).mean, 2)) and \
      \(fixed(jacobians.mean(.normalized).mean, 2)). A gradient, however, follows their root mean square. Saxe et al. (below) draw \
      orthogonal matrices, of which all singular values are 1: these stretch no direction more than another.
      """)
    page.fold("Which mean a gradient follows") { page in
      page.prose(
        """
        The size of a gradient follows another mean. A random vector is stretched by the *root-mean-square* singular value, which is \
        simply $\\sqrt{\\sum_{ij} J_{ij}^2/n}$. For a square matrix of variance $\\sigma^2$ it is $\\sigma\\sqrt{n}$: 1 for their \
        initialization and $1/\\sqrt{3}$ for the usual one, both times the slope of tanh. The mean singular value of a large random matrix is $8/(3\\pi) = \
        \(short(Double.quarterCircleMean, digits: 2))$ of the root-mean-square one.
        """)
      page.code("layerJacobians", in: "Jacobians.swift")
      page.table(
        Table(
          """
          Five tanh layers of \(found.width) units on \(counted(found.imageCount, "image")) (\(findings.data), pixels from 0 to 1), \
          layers 2 to 5, over \(counted(findings.seeds.count, "seed"))
          """,
          columns: [
            "initialization", .init("mean singular value", digits: 2), .init("published", digits: 1),
            .init("root mean square", digits: 2), .init("its 4th power", digits: 3),
            .init("gradient through 4 layers", digits: 3),
          ],
          rows: zip(starts, [0.5, 0.8]).map { start, published in
            let square = jacobians.rootMeanSquare(start)
            return [
              TableCell(start.rawValue), .measured(jacobians.mean(start)), TableCell(published), .measured(square),
              TableCell(square.mean.power(4)), .measured(jacobians.gradient(start)),
            ]
          }))
      page.project("A gradient follows the root-mean-square stretch")
      page.prose(
        """
        The last two columns agree: four layers with the usual initialization leave \(short(gradients[0].mean)) of a gradient, from the \
        normalized one \(short(gradients[1].mean)). With the mean singular value one would expect \
        \(short(jacobians.mean(.standard).mean.power(4))) and \(short(jacobians.mean(.normalized).mean.power(4))): too little.
        """)
    }
  }

  /// What thirty layers leave of a signal.
  static func addThirtyLayers(to page: inout Page, _ thirty: ThirtyFindings) {
    let sizes = thirty.sizes.map { $0.map(\.mean) }
    page.prose(
      """
      ## Thirty layers

      In 2015 Kaiming He and his colleagues trained a ReLU network of thirty layers from Xavier's initialization and from their \
      own. The factor of $1/\\sqrt{2}$ per layer looks harmless.
      """)
    page.predict(
      "A signal of size 1 goes through \(deep) ReLU layers with Xavier's weights. What is left of it at the end, about?",
      choices: ["0.7", "0.02", "0.00003", "0.0000000001"],
      answer: sizes[0][deep - 1],
      "Theory: $(1/\\sqrt{2})^{\(deep)}$ = \(short(ThirtyFindings.theory)). With He's weights \(short(sizes[1][deep - 1])) is left."
    )
    page.project("Thirty ReLU layers from Xavier: what is left?")
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
    page.project("A factor of 0.7 per layer leaves nothing after thirty")
  }

  /// Which initialization can be trained.
  static func addTraining(to page: inout Page, _ findings: Findings) {
    let (training, rates) = (findings.training, findings.training.rates)
    let (xavierLoss, heLoss) = (training.finalLosses[0], training.finalLosses[1])
    let (xavierLearns, heLearns) = (training.learns(0), training.learns(1))
    // Where the lowest loss is at an end of the grid, a rate beyond it may be better.
    let chosen =
      training.bestRates.map { best in
        ": "
          + zip(["Xavier", "He"], best).map { name, rate in
            "\(name) \(short(Double(rate)))\(rate == rates.min() || rate == rates.max() ? " (an end of the grid)" : "")"
          }.joined(separator: ", ")
      } ?? ""
    page.predict(
      """
      Now both nets of \(deep) layers are trained on digits for \(counted(training.epochs, "epoch")), each with the best of \(counted(rates.count, "learning rate")). The loss begins near ln 10 = 2.3. Which of them gets below 2?
      """,
      choices: ["both", "only Xavier", "only He", "neither"],
      answer: xavierLearns ? (heLearns ? 0 : 1) : (heLearns ? 2 : 3),
      "At the end: Xavier \(xavierLoss.formatted(decimals: 2)), He \(heLoss.formatted(decimals: 2))."
    )
    page.project("Thirty layers: which initialization learns?")
    page.code("deepTraining", in: "Deep.swift")
    page.figure(
      Figure(
        heLearns && !xavierLearns
          ? "At rates up to \(short(Double(training.largestRate))) and in \(grouped(training.steps)) steps only He's initialization learns: with Xavier's the loss is still \(short(xavierLoss.mean, digits: 3))"
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
          momentum, batch 32; each at the best of the rates \(rates.map { short(Double($0)) }.joined(separator: ", "))\(chosen). Means of 10 \
          steps over \(counted(findings.trainingSeeds, "seed")).
          """,
        name: "thirty-layers-training"))
    page.project(
      heLearns && !xavierLearns
        ? "Only He's weights learn in so many steps" : "Thirty layers, trained from both initializations")
    if heLearns && xavierLearns {
      page.prose(
        """
        In 2015 the net with Xavier's weights did not move at all. Here it does in the end, \
        \(training.firstBelow(2, start: 0).map { "after \(grouped($0)) steps" } ?? "late"), where He's takes \
        \(training.firstBelow(2, start: 1).map { grouped($0) } ?? "longer still"): these layers are narrower, the rate was chosen to \
        suit each, and a signal that is small is not 0. Whoever stops looking too soon sees a net that stalls.
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
    page.sideNote(
      "Kernels with few weights scatter most: 1×1 on 16 channels, for 64 outputs, has 1024 of them, and the variance of 1024 random numbers is off by √(2/1024) = 4 % as a rule."
    )
    // How much of layer 1 is left at the end, and the most by which the size changes from one layer to the next.
    let right = found.sizes[0]
    let left = right[convolutionDepth - 1] / right[0]
    let jump = zip(right, right.dropFirst()).map { abs(log($1 / $0)) }.max() ?? 0
    let theory = bordered(convolutionDepth) / bordered(1)
    let loss =
      "in theory \(short(theory)) of the signal of layer 1 is left at layer \(convolutionDepth), here \(short(left))"
      + (abs(log(theory)) <= jump
        ? ". The draw is larger than the effect: with 16 channels the size changes by up to \(percent(exp(jump) - 1)) from one layer to the next"
        : "")
    let forgotten = found.sizes[1][convolutionDepth - 1] / found.sizes[0][convolutionDepth - 1]
    // Each layer multiplies by √k² = 3 too much.
    let isPower = abs(forgotten / 3.0.power(convolutionDepth) - 1) < 0.01
    let asPower = isPower ? "3\(superscript(convolutionDepth)) = " : ""
    page.figure(
      Figure(
        "Forget k² and \(convolutionDepth) layers of 3×3 make the signal \(forgotten > 1.5 ? "\(asPower)\(short(forgotten)) times the right rule's" : "no larger")",
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
          "Convolutions of 3×3 on 16 channels of 24×24, border 1, ReLU. 2/k² forgets the channels instead: √16 = 4 times too much in each layer, \(short(found.sizes[2][convolutionDepth - 1] / found.sizes[0][convolutionDepth - 1])) times after \(convolutionDepth). \(findings.overSeeds).",
        name: "conv-fan-in"))
    page.project("Forget k², and the signal explodes")
    page.callout(
      .mistake,
      """
      Weights are stored as $[C_{out}, C_{in}, k, k]$. Taking the first axis for the fan-in gives the fan-out's channels; \
      taking only the second forgets the window. Neither is noticed in a dense layer, where the two sizes are often equal \
      and there is no window.
      """)
    page.prose(
      """
      With a border of zeros the units at the edge see fewer than $k^2 \\cdot C_{in}$ numbers: \(loss).
      """)
  }
}
