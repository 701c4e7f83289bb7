// The page of chapter 4: the gain of any activation, and the first weights of a whole net.

import Foundation
import Workbook

extension WeightInit {
  /// The gain of any activation, and ten lines of PyTorch.
  static func addOwnNet(to page: inout Page, _ findings: Findings) {
    let all = GainedActivation.all
    func gain(_ name: String) -> String { fixed(all.first { $0.name.hasPrefix(name) }?.gain ?? .nan, 2) }
    let levelIsBest =
      findings.tanhTraining.map { ($0.finalLosses[2] - $0.finalLosses[1]).direction() == .above } == true
    page.prose(
      """
      ## Your net, your activation

      Which gain has an activation $f$ that is not in this chapter? In a wide layer the sums are nearly normal. If they have the size 1, the activation \
      leaves $\\sqrt{E[f(z)^2]}$ of it, with $z$ standard normal. The weights of the next layer must put this back:

      $$g = \\frac{1}{\\sqrt{E[f(z)^2]}}$$

      For a ReLU that is $\\sqrt{2}$. For any other, three lines of NumPy find it:

      ```python
      z = np.random.default_rng(1).standard_normal(10**6)
      f = np.tanh                                       # your activation
      print(1 / np.sqrt((f(z) ** 2).mean()))            # \(gain("tanh"))
      ```
      """)
    page.table(
      Table(
        "The gain that keeps sums of size 1; what one layer with it makes of a gradient, and of sums of size ½",
        columns: [
          "activation", .init("gain g", digits: 2), .init("gradient ×", digits: 2), .init("½ becomes", digits: 2),
        ],
        rows: all.map { activation in
          [
            .text(activation.name), TableCell(activation.gain), TableCell(activation.gradient),
            TableCell(activation.gain * activation.left(of: 0.5)),
          ]
        }))
    page.project("The gain of any activation: 1/√E[f(z)²]")
    page.prose(
      """
      Only ReLU and leaky ReLU keep every size. With tanh a size that is off returns to 1, but the gradient grows. With GELU and SiLU a signal that is too \
      small shrinks further, layer by layer. In a deep net of these use normalization (chapter 5).

      Here are the first weights of a whole net in PyTorch. The fan-in is everything that one unit sees, `m.weight[0].numel()`. Biases begin at 0. \
      The last layer has no activation behind it, so its gain is 1:

      ```python
      gains = {nn.ReLU: \(gain("ReLU")), nn.LeakyReLU: \(gain("leaky")), nn.Tanh: 1, nn.GELU: \(gain("GELU")), nn.SiLU: \(gain("SiLU"))}

      def draw_weights(net, gain):
          layers = [m for m in net.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
          for m in layers:
              g = 1 if m is layers[-1] else gain
              nn.init.normal_(m.weight, std=g / m.weight[0].numel() ** 0.5)
              if m.bias is not None: nn.init.zeros_(m.bias)

      draw_weights(net, gains[nn.ReLU])                 # the layers in the order of the net
      ```

      For tanh the list has 1: the gradient grows with the formula's \(gain("tanh"))\
      \(levelIsBest ? ", and our tanh nets of \(deep) layers learned better with 1 than with 5/3" : ""). \
      Nets of GELU and SiLU were not trained. \
      One layer alone: `nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")` is He's rule.
      """)
  }
}
