// The page of chapter 4: gains, what thirty layers leave, convolutions.

import Foundation
import Workbook

extension WeightInit {
  /// One number, swept.
  static func addGains(to page: inout Page, _ findings: Findings) {
    let (frames, width) = (findings.gains, findings.width)
    let gains = frames.map(\.gain)
    let levelReLU = mostLevel(frames, \.reluSignal)
    let levelTanh = mostLevel(frames, \.tanhGradient)
    let (one, fiveThirds) = (nearest(1, in: frames), nearest(5.0 / 3, in: frames))
    let most = frames.map { $0.tanhGradient[0] }.max() ?? .nan
    /// What is left at the far end of a net, of its size at the near one.
    func kept(_ frame: ScaleFrame, _ signal: (ScaleFrame) -> [Double], _ gradient: (ScaleFrame) -> [Double]) -> [Double]
    {
      [(signal(frame).last ?? .nan) / signal(frame)[0], gradient(frame)[0]]
    }
    func isLevel(_ kept: [Double]) -> Bool { kept.allSatisfy { abs($0 - 1) < 0.2 } }
    let tanhIsLevel = frames.contains { isLevel(kept($0, \.tanhSignal, \.tanhGradient)) }
    let reluIsLevel = levelReLU.map { isLevel(kept($0, \.reluSignal, \.reluGradient)) } ?? false
    let (keptByOne, keptByFiveThirds) = (
      kept(one, \.tanhSignal, \.tanhGradient), kept(fiveThirds, \.tanhSignal, \.tanhGradient)
    )
    page.prose(
      """
      ## One number, if it is a ReLU

      Write the standard deviation of the weights as $g/\\sqrt{D_{in}}$. Only the gain $g$ matters, not the width: the widths below are \
      chosen for speed, and what a small width adds is scatter from draw to draw. The five initializations are $g = \(short(0.01 * Double(width).squareRoot()))$, \
      $\(short(0.05 * Double(width).squareRoot()))$ and $1$ for tanh, $1$ and $\\sqrt{2}$ for ReLU. Doubling a ReLU layer's \
      weights doubles its output, so each layer multiplies signal and gradient by one factor, and one gain makes both level. \
      tanh pushes back: a large gain cannot make its activations larger than 1, but the gradient knows no such limit.
      """)
    page.figure(
      Figure(
        reluIsLevel && !tanhIsLevel
          ? "g = \(short(levelReLU?.gain ?? .nan, digits: 3)) keeps ReLU's signal and gradient; of \(gains.count) gains none keeps both for tanh"
          : "Of \(gains.count) gains, ReLU's signal is most level at \(short(levelReLU?.gain ?? .nan, digits: 3)), tanh's gradient at \(short(levelTanh?.gain ?? .nan, digits: 3))",
        .lines(
          LineChart(
            x: Axis("gain g: weights of deviation g/√Dᵢₙ"),
            y: Axis("what \(sweepDepth) layers leave of 1", log: true, range: 1e-6...1e3),
            [
              Series("tanh signal", x: gains, y: frames.map { kept($0, \.tanhSignal, \.tanhGradient)[0] }, color: 2),
              Series("tanh gradient", x: gains, y: frames.map { kept($0, \.tanhSignal, \.tanhGradient)[1] }, color: 0),
              Series(
                "ReLU signal", x: gains, y: frames.map { kept($0, \.reluSignal, \.reluGradient)[0] }, style: .line,
                isEmphasized: true, color: 4),
              Series(
                "ReLU gradient", x: gains, y: frames.map { kept($0, \.reluSignal, \.reluGradient)[1] }, style: .points,
                color: 3),
            ],
            references: [.init(.horizontal, at: 1, "kept")])),
        caption: """
          Signal: √E[x²] after layer \(sweepDepth) over that after layer 1. Gradient: what arrives at layer 1 of a \
          standard deviation of 1 sent back from the end. \(sweepDepth) layers of \(findings.gainWidth) units, seed \(findings.seeds[0]). \
          Diamonds: ReLU's gradient, which follows the line of its signal. What lies outside the axis is in the data.
          """,
        name: "gain-sweep"))
    let keepers = frames.filter { isLevel(kept($0, \.reluSignal, \.reluGradient)) }
    page.project(
      keepers.count == 1
        ? "ReLU: only a gain near \(short(keepers[0].gain, digits: 2)) keeps the signal"
        : "Which gain keeps the signal of a ReLU?")
    page.prose(
      """
      With tanh, $g = 1$ leaves \(percent(keptByOne[0])) of the signal of layer 1, $g = 5/3$ \(percent(keptByFiveThirds[0])). \
      \(keptByFiveThirds[1] > 1.2
        ? "The gradient pays for it: with 5/3 it grows \(short(keptByFiveThirds[1])) times on its way back, with the largest gain \(short(most)) times." : "") \
      \(tanhIsLevel
        ? ""
        : "None of the gains keeps both to within a fifth. Normalization (chapter 5) does not mend this: it holds the signal, \(keptByFiveThirds[0] > 0.8 ? "which g = 5/3 nearly does, " : "")and not the gradient (chapter 11).")
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
    page.fold("For readers who know singular values: how one layer stretches") { page in
      page.prose(
        """
        Change the input of a layer by a little, and its output changes by $J$ times that, with the Jacobian \
        $J_{ji} = \\tanh'(z_j)\\,W_{ji}$. Glorot and Bengio judged an initialization by the mean singular value of $J$. They report \
        about 0.5 for the one that was usual in 2010, uniform in $\\pm 1/\\sqrt{n}$, and 0.8 for theirs.

        A random vector, and with it the size of a gradient, is stretched by another mean, the *root mean square* (rms), \
        $\\sqrt{\\sum_{ij} J_{ij}^2/n}$. For a square matrix of \
        variance $\\sigma^2$ it is $\\sigma\\sqrt{n}$: $1/\\sqrt{3}$ for the usual initialization and 1 for theirs, both times the slope of \
        tanh. The mean singular value of a large random matrix is $8/(3\\pi) = \(short(Double.quarterCircleMean, digits: 2))$ of that.
        """)
      page.table(
        Table(
          """
          Singular values of the layers' Jacobians, and what four layers leave of a gradient: five tanh layers of \(found.width) units on \(counted(found.imageCount, "image")) (\(findings.data), pixels from 0 to 1), \
          layers 2 to 5, over \(counted(findings.seeds.count, "seed"))
          """,
          columns: [
            "initialization", .init("mean", digits: 2), .init("rms", digits: 2), .init("rms⁴", digits: 2),
            .init("gradient", digits: 2),
          ],
          rows: starts.map { start in
            let square = jacobians.rootMeanSquare(start)
            return [
              TableCell(start.name), TableCell(jacobians.mean(start).mean), TableCell(square.mean),
              TableCell(square.mean.power(4)), .measured(jacobians.gradient(start)),
            ]
          }))
      page.prose(
        """
        The last two columns agree: four layers leave \(short(gradients[0].mean)) of a gradient from the usual initialization and \
        \(short(gradients[1].mean)) from theirs. The mean singular value would make it \
        \(short(jacobians.mean(.standard).mean.power(4))) and \(short(jacobians.mean(.normalized).mean.power(4))). Saxe et al. (below) \
        draw orthogonal matrices, whose singular values are all 1 by construction: there the two means are the same.
        """)
    }
  }

  /// What thirty layers leave of a signal, and of the difference between two.
  static func addThirtyLayers(to page: inout Page, _ findings: Findings) {
    let thirty = findings.thirty
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
      "Theory: $(1/\\sqrt{2})^{\(deep)}$ = \(short(ThirtyFindings.theory)). With He's weights \(short(sizes[1][deep - 1])) is left: 1 in theory, with scatter from draw to draw."
    )
    page.project("Thirty ReLU layers from Xavier: what is left?")
    page.figure(
      Figure(
        "After \(deep) layers Xavier has left \(short(sizes[0][deep - 1])) of the signal, He \(short(sizes[1][deep - 1]))",
        .lines(
          LineChart(
            x: Axis("layer"), y: Axis("size √E[x²] of the activations", log: true),
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
    page.project("A factor of 0.7 per layer leaves little after thirty")
  }

  /// How alike two signals become.
  static func addCosines(to page: inout Page, _ findings: Findings) {
    guard let found = findings.cosines else { return }
    let ends = found.cosines.map { $0[deep] }
    let before = found.cosines[0][0].mean
    let (rectified, chaotic) = (
      (ends[0] - found.cosines[0][0]).direction(), (ends[2] - found.cosines[2][0]).direction()
    )
    let goes = "from \(fixed(before, 2)) to \(fixed(ends[0].mean, 2))"
    page.prose(
      """
      ## Size is not all

      He's weights keep the size. They do not keep what makes two images different: the cosine of the angle between their signals \
      goes \(goes) in \(deep) layers. Nor do Xavier's, whose signals are He's, divided by $\\sqrt{2}$ in each layer: the same angles.

      After a ReLU no number is below 0, so that any two signals have a positive mean in common: they lean the same way, a little \
      more after each layer. A tanh with $g = 1$ keeps the angles, if only on average over nets (the band). One with a large gain works like a switch: a small difference between two sums can flip it, and so \
      small differences grow.
      """)
    page.figure(
      Figure(
        rectified == .above
          ? "ReLU makes the signals of two digits alike"
            + (chaotic == .below ? "; tanh with g = 5/3 leaves them nothing in common" : "")
          : "The cosine of the signals of two digits after \(deep) layers: ReLU \(fixed(ends[0].mean, 2)), tanh with g = 5/3 \(fixed(ends[2].mean, 2))",
        .lines(
          LineChart(
            x: Axis("layer"), y: Axis("cosine of two signals (1: alike)", range: -0.2...1),
            Start.compared.indices.map { start in
              Series(
                Start.compared[start].name, x: (0...deep).map { Double($0) }, y: found.cosines[start].map(\.mean),
                deviation: found.cosines[start].map(\.deviation), style: .line, isEmphasized: start == 0,
                color: [4, 2, 0][start])
            })),
        caption: """
          Mean over all pairs of \(found.imageCount) digits (\(findings.data)), one of each class, in layers of \(found.width) units, \
          and over \(counted(found.cosines[0][0].count, "seed")); bands of one standard deviation. Layer 0: the images. \
          Cosine 1: they differ in size alone; 0: they stand at right angles.
          """,
        name: "cosines"))
    page.project(
      rectified == .above ? "Through ReLU layers two digits grow alike" : "Do thirty layers make two digits alike?")
    page.sideNote(
      """
      Schoenholz et al. 2017, *Deep information propagation*, derive such curves for wide layers. With $g = 5/3$ tanh drives any two \
      images apart, however alike they are.
      """)
  }

  /// Fan-in and fan-out.
  static func addConvolutions(to page: inout Page, _ findings: Findings) {
    let found = findings.convolution
    // Thirteen convolutions from 3 to 512 channels, then dense layers from 25 088 numbers to 1000 classes.
    let vggProduct = "$\\frac{3}{512} \\cdot \\frac{25\\,088}{1000} = \(short(3.0 / 512 * 25_088 / 1000))$"
    page.prose(
      """
      ## Convolutions: fan-in and fan-out

      A unit of a convolution (chapter 9) sees a window of $k \\times k$ numbers in each of the input's channels: its \
      $D_{in}$ is $k^2 \\cdot C_{in}$, and one input reaches $k^2 \\cdot C_{out}$ units. The variance of its sums can count them: \
      $\\mathrm{Var}(z)$ divided by $E[x^2] \\cdot \\mathrm{Var}(w)$.

      Which of the two for He's rule? $2/D_{in}$ keeps the signal, $2/D_{out}$ the gradient. Through a whole net the other one is then \
      off by the product of all $D_{in}/D_{out}$. What one layer puts out is what the next takes in, so nearly everything cancels: of \
      the sixteen layers of VGG-16 (chapter 11) \(vggProduct) is left (3 channels enter its convolutions and 512 leave them; \
      25 088 = 7·7·512 numbers enter its dense layers and 1000 leave them), a factor of \
      \(short((3.0 / 512 * 25_088 / 1000).squareRoot())) in size. Either will do.
      """)
    page.fold("The fan-in counted, in code") { $0.code("measuredFanIn", in: "FanIn.swift") }
    page.table(
      Table(
        "The fan-in of a convolution, counted by its variance",
        columns: ["kernel", "channels", "k²·Cᵢₙ", .init("measured", digits: 1)],
        rows: zip(ConvolutionFindings.kernels, found.fanIns).map { kernel, measured in
          [
            TableCell("\(kernel.side)×\(kernel.side)"), TableCell(kernel.channels),
            TableCell(kernel.fanIn), .measured(measured),
          ]
        }))
    let few = 64 * (ConvolutionFindings.kernels.map(\.fanIn).min() ?? 1)
    page.sideNote(
      "The kernel with the fewest weights scatters most: it has \(few) for 64 outputs, and the variance of \(few) random numbers is off by √(2/\(few)) = \(percent((2 / Double(few)).squareRoot())) as a rule."
    )
    let forgotten = found.sizes[1][convolutionDepth - 1] / found.sizes[0][convolutionDepth - 1]
    // Each layer multiplies by √k² = 3 too much.
    let isPower = abs(forgotten / 3.0.power(convolutionDepth) - 1) < 0.01
    let asPower = isPower ? "3\(superscript(convolutionDepth)) = " : ""
    page.figure(
      Figure(
        "Forget k² and \(convolutionDepth) layers of 3×3 make the signal \(forgotten > 1.5 ? "\(asPower)\(short(forgotten)) times the right rule's" : "no larger")",
        .lines(
          LineChart(
            x: Axis("layer of 3×3 windows, 16 channels"), y: Axis("size √E[x²] of the activations", log: true),
            ConvStart.allCases.enumerated().map { index, start in
              Series(
                ["right: 2/(k²·Cᵢₙ)", "window (k²) forgotten", "channels (Cᵢₙ) forgotten"][index],
                y: found.sizes[index], isEmphasized: index == 0,
                color: [4, 1, 0][index])
            })),
        caption:
          "Convolutions of 3×3 (k = 3) on 16 channels (Cᵢₙ) of 24×24 with a border of one 0 on each side, ReLU. Without the window the variance is 2/Cᵢₙ, without the channels 2/k². With the channels forgotten it is √16 = 4 times too much in each layer, \(short(found.sizes[2][convolutionDepth - 1] / found.sizes[0][convolutionDepth - 1])) times after \(convolutionDepth). \(findings.overSeeds).",
        name: "conv-fan-in"))
    page.project(
      forgotten > 1.5
        ? "Inputs counted wrong: the signal explodes" : "Inputs counted wrong: what becomes of the signal?")
    page.callout(
      .mistake,
      """
      Weights are stored as $[C_{out}, C_{in}, k, k]$. Taking the first axis for the fan-in gives the fan-out's channels; \
      taking only the second forgets the window. Neither is noticed in a dense layer, where the two sizes are often equal \
      and there is no window.
      """)
  }
}
