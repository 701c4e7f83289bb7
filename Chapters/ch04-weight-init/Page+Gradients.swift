// The page of chapter 4: the gradients on their way back through the same net.

import Foundation
import Workbook

extension WeightInit {
  /// The way back.
  static func addGradients(to page: inout Page, _ findings: Findings) {
    let (signals, seeds, width) = (findings.signals, findings.seeds, findings.width)
    let saturated = signals.means(\.saturated)[1][depth - 1]
    let gradientMeans = signals.means(\.gradientDeviation)
    let heBackwards =
      abs(gradientMeans[4][0] - 1) < 0.2
      ? "leaves it as it is" : "changes it to \(short(gradientMeans[4][0]))"
    let gradientGrowth = gradientMeans[1][0] / gradientMeans[1][depth - 1]
    page.prose(
      """
      ## And backwards

      An input $x_i$ reaches all $D_{out}$ units of the layer. Their outputs are $f(z_j)$. So by the chain rule

      $$\\frac{\\partial L}{\\partial x_i} = \\sum_j w_{ji}\\,f'(z_j)\\,\\frac{\\partial L}{\\partial f(z_j)}$$

      Suppose the weights, the slopes and the gradients are independent. (They are not quite, because the slopes come from sums of the \
      same weights, but in wide layers this hardly matters.) Then, by the same steps as in the forward pass,
      """)
    page.math(
      "\\mathrm{Var}\\left(\\frac{\\partial L}{\\partial x}\\right) = D_{out} \\cdot \\mathrm{Var}(w) \\cdot E[f'(z)^2] \\cdot \\mathrm{Var}\\left(\\frac{\\partial L}{\\partial f(z)}\\right)"
    )
    page.prose(
      """
      For a ReLU $E[f'(z)^2] = 1/2$. So Xavier's weights leave $1/\\sqrt{2}$ of the gradient in every layer, just as of the signal, and \
      He's weights keep both. In NumPy a ReLU layer sends the gradient `g` of its outputs back as `(g * (z > 0)) @ W`. The figure shows how a gradient of standard deviation 1 travels back from the last layer:
      """)
    page.figure(
      Figure(
        gradientGrowth > 1
          ? "Small weights starve the gradient, large ones inflate it; He \(heBackwards)"
          : "The gradient suffers the same fate as the signal; He \(heBackwards)",
        plot(gradientMeans, "standard deviation of ∂L/∂x"),
        caption: "∂L/∂x of each layer's input; read from right to left. \(findings.overSeeds).",
        name: "gradients-by-layer"))
    page.project(
      gradientGrowth > 1
        ? "Small weights starve the gradient, large ones inflate it"
        : "The gradient suffers the same fate as the signal",
      notes: "The gradient of the weights is another one: the next figure.")
    page.prose(
      """
      This gradient travels through the net. But a training step moves the weights, and the gradient of a weight,

      $$\\frac{\\partial L}{\\partial w_{ji}} = x_i \\cdot \\frac{\\partial L}{\\partial z_j}$$

      is the layer's input times the gradient at its sums. With Xavier's weights and ReLUs, the input of layer $l$ has a factor \
      $1/\\sqrt{2}$ for each of the $l - 1$ layers before it, and the gradient at its sums has one for each of the $L - l$ layers after \
      it. In a net of 30 layers, layer 1 has none on the input and 29 on the gradient, layer 15 has 14 and 15, layer 30 has 29 and none. \
      So **the gradient of the weights is equally small in all layers**, $2^{-29/2}$ of He's, or \(short(1 / 2.0.squareRoot().power(29))).
      """)
    if let figure = weightGradientFigure(findings) { page.figure(figure) }
    page.fold("The same gradients as histograms") { page in
      page.figure(
        Figure(
          """
          On its way back the gradient \(gradientMeans[0][0] < 0.1 ? "shrinks with 0.01" : "survives 0.01"), \
          \(gradientGrowth > 1 ? "swells" : "fades") with 0.05, and \
          \(abs(gradientMeans[4][0] - 1) < 0.2 ? "keeps its shape with He" : "changes with He")
          """,
          .histograms(
            HistogramGrid(
              columns: (1...depth).map { "layer \($0)" },
              rows: Start.lecture.indices.map { index in
                HistogramGrid.Row(
                  Start.lecture[index].name, range: -3...3,
                  signals.spreads[index][0].map { spread in
                    HistogramGrid.Panel(
                      heights: spread.gradientHistogram,
                      title: "σ = \(short(spread.gradientDeviation))")
                  },
                  color: index)
              },
              xLabel: "∂L/∂x")),
          caption: """
            The gradients of each layer's input, seed \(seeds[0]); read from right to left. All panels go from −3 to 3, each with \
            its own height.
            """,
          name: "gradient-histograms"))
    }

    let gain = 0.05 * Double(width).squareRoot()
    let finding =
      saturated < 0.25
      ? """
      In layers of \(width) units 0.05 is not large: the gain of a layer is \(short(gain)), and only \(percent(saturated)) of \
      the units of the last layer have lost nine tenths of their slope. In the usual run of this chapter the layers are 4096 wide.
      """
      : """
      For \(percent(saturated)) of the units of the last layer this is nearly true: tanh has less than a tenth of its slope there. But \
      the weights are large, with a gain of \(short(gain)) per layer, and the units that are not saturated send back more. If a gradient \
      of size 1 is sent back, one of size \(short(gradientMeans[1][0])) arrives at layer 1. \
      \(gradientGrowth > 1 ? "The gradient does not vanish here; it grows." : "So it does shrink.")\
      \(largeWeights(findings))
      """
    page.callout(
      .mistake,
      """
      *Saturated units send back no gradient, so weights of 0.05 leave none.* We measure $\\partial L/\\partial x$ of each layer's \
      input before training. \(finding)
      """)
  }

  /// What a gradient that grows is worth: whether thirty layers of the gain of 0.05 learn.
  private static func largeWeights(_ findings: Findings) -> String {
    let six =
      findings.furtherDepths.map { further in
        " A net of \(depth) layers of 128 units with this gain \(further.saturated.maximum < DepthStudy.learned ? "does learn" : "does not learn reliably") (\(fixed(further.saturated.mean, 0)) % of the test digits wrong)."
      } ?? ""
    guard let tanh = findings.tanhTraining, tanh.finalLosses.count > 3, !tanh.learns(3) else { return six }
    return six
      + " But a growing gradient is not good either: with this gain a net of thirty layers (of \(findings.training.width) units) learns at none of the rates tried."
  }

  /// By layer, a line for each start.
  private static func plot(_ values: [[Double]], _ axis: String) -> Plot {
    .lines(
      LineChart(
        x: Axis("layer"), y: Axis(axis, log: true),
        Start.lecture.indices.map { index in
          Series(Start.lecture[index].name, y: values[index], isEmphasized: index == 1, color: index)
        }))
  }

  /// The gradients of the weights; nil in findings that do not have them.
  private static func weightGradientFigure(_ findings: Findings) -> Figure? {
    let signals = findings.signals
    guard signals.spreads.allSatisfy({ $0.allSatisfy { $0.allSatisfy { $0.weightGradient != nil } } }) else {
      return nil
    }
    let sizes = signals.means { $0.weightGradient ?? .nan }
    let (xavier, he) = (sizes[3], sizes[4])
    let isLevel = [xavier, he].allSatisfy { abs($0[0] / $0[depth - 1] - 1) < 0.2 }
    return Figure(
      isLevel
        ? "With ReLU ∂L/∂W is as large in layer 1 as in layer \(depth): Xavier's is \(short(xavier[0] / he[0])) of He's in all of them"
        : "With ReLU ∂L/∂W in layer 1 is \(short(xavier[0] / xavier[depth - 1])) times that in layer \(depth) with Xavier, \(short(he[0] / he[depth - 1])) times with He",
      plot(sizes, "size of ∂L/∂W"),
      caption: "∂L/∂W of each layer: its size √E[(∂L/∂W)²], summed over the batch of 16. \(findings.overSeeds).",
      name: "weight-gradients")
  }
}
