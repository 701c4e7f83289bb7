// The page of chapter 4: the gradients on their way back through the same net.

import Foundation
import Workbook

extension WeightInit {
  /// The way back.
  static func addGradients(to page: inout Page, _ findings: Findings) {
    let (signals, width) = (findings.signals, findings.width)
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
      He's weights keep both.

      This gradient travels through the net. But a training step moves the weights, and the gradient of a weight,

      $$\\frac{\\partial L}{\\partial w_{ji}} = x_i \\cdot \\frac{\\partial L}{\\partial z_j}$$

      is the layer's input times the gradient at its sums. With Xavier's weights and ReLUs, the input of layer $l$ has a factor \
      $1/\\sqrt{2}$ for each of the $l - 1$ layers before it, and the gradient at its sums has one for each of the $L - l$ layers after \
      it. Together that is $L - 1$ factors, whatever the layer. So **the gradient of the weights is equally small in all layers**: in a net of 30 layers $2^{-29/2}$ of He's, or \(short(1 / 2.0.squareRoot().power(29))).
      """)
    page.figure(gradientFigure(findings, gradientGrowth > 1, heBackwards))
    page.project(
      gradientGrowth > 1
        ? "Small weights starve the gradient, large ones inflate it"
        : "The gradient suffers the same fate as the signal",
      notes: "The gradient of the weights is another one: the second picture of the figure.")

    let gain = 0.05 * Double(width).squareRoot()
    let finding =
      saturated < 0.25
      ? """
      In layers of \(width) units 0.05 is not large: the gain of a layer is \(short(gain)), and only \(percent(saturated)) of \
      the units of the last layer have lost nine tenths of their slope. In the usual run of this chapter the layers are 4096 wide.
      """
      : """
      For \(percent(saturated)) of the units of the last layer this is nearly true. But \
      the weights are large, with a gain of \(short(gain)), and the units that are not saturated send back more. Of a gradient \
      of size 1, \(short(gradientMeans[1][0])) arrives at layer 1. \
      \(gradientGrowth > 1 ? "The gradient does not vanish here; it grows." : "So it does shrink.")\
      \(largeWeights(findings))
      """
    page.callout(
      .mistake,
      """
      *Saturated units send back no gradient, so weights of 0.05 leave none.* \(finding)
      """)
  }

  /// What a gradient that grows is worth: whether six layers of the gain of 0.05 learn, and thirty.
  private static func largeWeights(_ findings: Findings) -> String {
    guard let further = findings.furtherDepths else { return "" }
    let learns = further.saturated.maximum < DepthStudy.learned
    let six =
      " Trained, six such layers \(learns ? "learn" : "do not learn reliably") (\(fixed(further.saturated.mean, 0)) % of the test digits wrong)"
    guard let tanh = findings.tanhTraining, tanh.finalLosses.count > 3, !tanh.learns(3) else { return six + "." }
    return six + "; thirty learn at none of the rates tried."
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

  /// Both gradients by layer: that of the inputs, and that of the weights where it was measured.
  private static func gradientFigure(_ findings: Findings, _ grows: Bool, _ heBackwards: String) -> Figure {
    let signals = findings.signals
    let hasWeights = signals.spreads.allSatisfy { $0.allSatisfy { $0.allSatisfy { $0.weightGradient != nil } } }
    let kinds = ["∂L/∂x of a layer's input"] + (hasWeights ? ["∂L/∂W of its weights"] : [])
    let sizes = [signals.means(\.gradientDeviation), signals.means { $0.weightGradient ?? .nan }]
    let (xavier, he) = (sizes[1][3], sizes[1][4])
    let isLevel = [xavier, he].allSatisfy { abs($0[0] / $0[depth - 1] - 1) < 0.2 }
    return Figure(
      grows
        ? "Small weights starve the gradient, large ones inflate it; He \(heBackwards)"
        : "The gradient suffers the same fate as the signal; He \(heBackwards)",
      exploring: FigureParameter("gradient", names: kinds),
      caption: """
        \(isLevel ? "∂L/∂W of a ReLU net is as large in layer 1 as in layer \(depth), with Xavier's weights \(short(xavier[0] / he[0])) of He's. " : "")A gradient of standard deviation 1 enters behind the last layer; read from right to left. \
        \(findings.overSeeds); ∂L/∂W summed over the batch of 16.
        """,
      name: "gradients-by-layer"
    ) { kind in
      plot(sizes[Int(kind)], kind == 0 ? "standard deviation of ∂L/∂x" : "size of ∂L/∂W")
    }
  }
}
