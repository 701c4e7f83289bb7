// The page of chapter 4: the gain of any activation, and the first weights of a whole net.

import Foundation
import Workbook

extension WeightInit {
  /// The gain of an activation that is nearly a ReLU.
  static func addOwnNet(to page: inout Page, _ findings: Findings) {
    let all = GainedActivation.all
    page.prose(
      """
      ## Your net, your activation

      What is the gain of another activation $f$ that resembles a ReLU? In a wide layer the sums are nearly normal. If they have the size 1, the activation \
      leaves $\\sqrt{E[f(z)^2]}$ of it, with $z$ standard normal. The weights of the next layer must put this back:

      $$g = \\frac{1}{\\sqrt{E[f(z)^2]}}$$

      For a ReLU that is $\\sqrt{2}$. For any other, three lines of NumPy find it:

      ```python
      z = np.random.default_rng(1).standard_normal(10**6)
      f = lambda z: z / (1 + np.exp(-z))                # SiLU; put yours here
      print(1 / np.sqrt((f(z) ** 2).mean()))            # \(gain("SiLU"))
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
      Only ReLU and leaky ReLU keep every size. With GELU and SiLU a signal that is too \
      small shrinks further, layer by layer, and one that is too large grows. In a deep net use normalization with them (chapter 5).
      """)
  }

  /// `1.53`.
  private static func gain(_ name: String) -> String {
    fixed(GainedActivation.all.first { $0.name.hasPrefix(name) }?.gain ?? .nan, 2)
  }

  /// The first weights of a whole net, and why.
  static func addRecipe(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## What to do

      These lines draw the first weights of a whole net. \
      The first layer sees no activation, so its gain is 1; each later layer puts back what the activation before it took.\(findings.own?.drawnWords ?? "")

      ```python
      gains = {nn.ReLU: \(gain("ReLU")), nn.LeakyReLU: \(gain("leaky")), nn.Tanh: \(findings.own?.tanhGain ?? "1"),
               nn.GELU: \(gain("GELU")), nn.SiLU: \(gain("SiLU"))}     # these two: computed, not trained

      def draw_weights(net, gain):
          layers = [m for m in net.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
          for m in layers:
              g = 1 if m is layers[0] else \(findings.own?.lastIsSmall == true ? "0.1 if m is layers[-1] else " : "")gain
              nn.init.normal_(m.weight, std=g / m.weight[0].numel() ** 0.5)
              if m.bias is not None: nn.init.zeros_(m.bias)

      draw_weights(net, gains[nn.ReLU])                 # the layers in the order of the net
      ```
      """)
    func percentage(_ error: Summary?) -> String { error.map { "\(fixed($0.mean, 0)) %" } ?? "–" }
    let deepest = findings.depths?.nets.last
    var rows: [[TableCell]] = []
    if let deepest, let study = findings.depths, study.deadFrom(0) != nil {
      rows.append([
        "plain ReLU net: He's weights, first layer 1",
        TableCell(
          "\(deepest.depth) layers, SGD: \(percentage(findings.own?.drawnError("SGD") ?? deepest.errors[1])) wrong; from Xavier's they guess"
        ),
        "`draw_weights(net, gains[nn.ReLU])`",
      ])
    }
    if let deepest = findings.own?.deepAdam, (deepest[0] - deepest[1]).direction() == .above {
      rows.append([
        "with Adam, too",
        TableCell(
          "\(deep) layers: \(percentage(findings.own?.drawnError("Adam") ?? deepest[1])) wrong; from Xavier's \(percentage(deepest[0])), from PyTorch's \(percentage(deepest[2]))"
        ), "the same",
      ])
    }
    if let row = findings.own?.tanhRow {
      rows.append([.text(row.what), .text(row.why), "`draw_weights(net, gains[nn.Tanh])`"])
    }
    rows.append([
      "convolutions: count the window", "forgotten, each layer of 3×3 is 3 times too large", "`m.weight[0].numel()`",
    ])
    rows.append(["with normalization: the default does", "chapter 5", "`nn.BatchNorm2d(channels)`"])
    page.table(
      Table(
        "What to do, and why: our numbers (each net at its best rate, 5 seeds)",
        columns: ["do this", "why", "in PyTorch"], rows: rows))
    let torch = findings.controls?.pyTorchWords(findings.convDepths, findings.gaps) ?? ""
    page.prose(
      """
      **PyTorch's default is too small for a deep plain net.** `nn.Linear` and `nn.Conv2d` draw weights and biases uniformly within $\\pm 1/\\sqrt{D_{in}}$: a gain of \
      $1/\\sqrt{3} = 0.58$, less than half of He's. \(torch)

      Nets whose layers add to a running sum (chapter 11) need smaller weights in the last layer before each sum.
      """)
  }
}
