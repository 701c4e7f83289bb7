// The page of chapter 4: the lecture's net, its signals on their way forward.

import Foundation
import Workbook

extension WeightInit {
  /// The variance of a sum, and what follows from it.
  static func addDerivation(to page: inout Page, _ findings: Findings) {
    let (width, deviations) = (findings.width, findings.signals.means(\.deviation))
    let last = deviations.map { $0[depth - 1] }
    let perLayer = 0.01 * Double(width).squareRoot()
    page.prose(
      """
      ## Four inputs, by hand

      One unit adds up four products. Toss a coin for each input, which is $+1$ or $-1$, and another for each weight, which is \
      $+w$ or $-w$. Then every product is $+w$ or $-w$. Of 16 equally likely sums one is $4w$, four are $2w$, six are 0, four are \
      $-2w$ and one is $-4w$. The mean of their squares is

      $$\\frac{1 \\cdot 16 + 4 \\cdot 4 + 6 \\cdot 0 + 4 \\cdot 4 + 1 \\cdot 16}{16}\\,w^2 = 4w^2$$

      It is not $16w^2$, because the four products seldom have the same sign. We call the root of the mean square the *size* of a \
      random number. So inputs of size 1 and weights of size $w$ give a sum of size $\\sqrt{4}\\,w = 2w$. Only the mean square of \
      the inputs entered this; the next section proves that it is always so. Hence the next layer of such units \
      multiplies the size by $2w$ again, and so does the tenth:
      """)
    page.table(
      Table(
        "What layers of four inputs make of a size of 1",
        columns: ["weights", "their variance v", "4v", "after 1 layer", "after 2", "after 10"],
        rows: [("±1", "1", "4", 1.0), ("±½", "¼", "1", 0.5), ("±¼", "1/16", "¼", 0.25)].map {
          name, variance, four, weight in
          [.text(name), .text(variance), .text(four)] + [1, 2, 10].map { .text(short((2 * weight).power($0))) }
        }))
    page.project("Four inputs: only weights of ±½ keep the size")
    page.prose(
      """
      Only one size of weights keeps the signal alive. Its variance is ¼: one over the number of inputs. With \(width) inputs, a sum \
      is $\\sqrt{\(width)} = \(short(Double(width).squareRoot()))$ times as large as its products, not twice.
      """)
    page.predict(
      """
      Layers of \(width) tanh units. The inputs have a standard deviation of 1, the random weights one of 0.01. The \
      activations in layer \(depth) have one of about
      """,
      choices: ["1", "0.3", "0.05", "0.007", "0.0001"], answer: last[0],
      """
      Each layer multiplies the standard deviation by at most $\\sqrt{\(width)} \\cdot 0.01 = \(short(perLayer))$; \
      $\(short(perLayer))^\(depth)$ is \(short(perLayer.power(depth))). tanh is flatter than a line and takes the rest.
      """
    )
    page.project("Weights of 0.01: what is left after six layers?")

    page.prose(
      """
      ## The derivation

      The same holds for any numbers. One unit adds up $D_{in}$ products $w_i x_i$ to a sum $z$. $E[a]$ is the mean of $a$ over many \
      draws, and the variance $\\mathrm{Var}(a) = E[a^2] - E[a]^2$ is the square of its standard deviation. \
      Weights and inputs are independent: whatever $x$ is, $w$ is drawn in the same way. So the mean of the products is the product of the means, \
      $E[wx] = E[w]\\,E[x]$, and the weights have mean 0.

      - **One product.** $E[wx] = 0$, because $E[w] = 0$. So $\\mathrm{Var}(wx) = E[w^2 x^2]$. Weights and inputs are independent, so this is \
      $E[w^2]\\,E[x^2]$. And $E[w^2]$ is $\\mathrm{Var}(w)$, because $E[w] = 0$. Together: $\\mathrm{Var}(wx) = \\mathrm{Var}(w)\\,E[x^2]$.
      - **Two products.** If both means are 0, $\\mathrm{Var}(a + b) = \\mathrm{Var}(a) + \\mathrm{Var}(b) + 2 E[ab]$. Here \
      $E[ab]$ is $E[w_i]\\,E[w_j]\\,E[x_i x_j]$, which is 0, even if the inputs are correlated. So the variances add.

      With $D_{in}$ products:
      """)
    page.math("\\mathrm{Var}(z) = D_{in} \\cdot E[x^2] \\cdot \\mathrm{Var}(w)")
    page.slide(
      "The variance grows with the number of inputs",
      """
      $$\\mathrm{Var}(z) = D_{in} \\cdot E[x^2] \\cdot \\mathrm{Var}(w)$$

      $z$: the sum of one unit, over $D_{in}$ inputs. $E[x^2]$: the mean square of its inputs. $w$: its weights.
      """)
    page.prose(
      """
      This holds before the first step; then the weights learn from the inputs, and the two are no longer independent.
      """)
    page.prose(
      """
      ## LeCun and Xavier: one over the fan

      The size of a signal is $\\sqrt{E[x^2]}$. By the formula, the sums are as large as the inputs if (LeCun 1998)

      $$\\mathrm{Var}(w) = \\frac{1}{D_{in}}$$

      $D_{in}$ is called the **fan-in**: the number of inputs that a unit adds up. In the backward pass the roles are exchanged. The \
      gradient of an input adds up one product for each unit that it reaches. Their number is the **fan-out** $D_{out}$, and to keep the \
      gradient we would need $\\mathrm{Var}(w) = 1/D_{out}$. Xavier Glorot's rule is the compromise

      $$\\mathrm{Var}(w) = \\frac{2}{D_{in} + D_{out}}$$

      If a layer is as wide as the one before it, this equals both $1/D_{in}$ and $1/D_{out}$. **So we call weights with \
      the variance $1/D_{in}$ Xavier's weights**, as He's paper does (PyTorch's `xavier_normal_` follows the compromise).

      A tanh makes every number smaller, so with these weights its signal still shrinks a little in each layer.
      """)
    page.sideNote(
      """
      If the weights are drawn uniformly from $-a$ to $a$, their variance is $a^2/3$. So Xavier's rule means \
      $a = \\sqrt{6/(D_{in} + D_{out})}$.
      """)
    let rectified = findings.signals.means(\.rootMeanSquare)[3]
    page.predict(
      """
      Xavier's rule was made for layers without a ReLU. Now each layer ends in a ReLU, which sets all sums below 0 to 0. What is left of \
      a signal of size 1 after \(depth) such layers?
      """,
      choices: ["1", "0.5", "0.12", "0.01"], answer: rectified[depth - 1],
      """
      Each layer leaves \(short((rectified[depth - 1] / rectified[0]).root(depth - 1))) of it. The next section explains why.
      """)
    page.prose(
      """
      ## He: the variance that a ReLU takes

      The weights are as often $-w$ as $w$. So a sum is as often $-z$ as $z$: half of the sums are negative. A ReLU sets the negative half to 0 and keeps the \
      positive half. So half of the mean square is left: if the variance of the sum is $v$, then $E[x^2] = v/2$. Kaiming He \
      therefore doubles the variance of the weights:

      $$\\mathrm{Var}(w) = \\frac{2}{D_{in}}$$

      In general we write $\\mathrm{Var}(w) = g^2/D_{in}$ and call $g$ the *gain*. Such a layer multiplies $E[x^2]$ by $g^2$, or by $g^2/2$ with a ReLU after it. So $L$ \
      layers multiply the size $\\sqrt{E[x^2]}$ of the signal by $g^L$, or by $(g/\\sqrt{2})^L$ with ReLUs: with Xavier's weights by \
      $1/\\sqrt{2} = 0.71$ in each layer (He 2015).
      """)
    page.prose(
      """
      ## The experiment

      A batch of 16 rows of standard normal numbers goes through \(depth) layers of \(width) units. Nothing is trained. We compare \
      five initializations. In NumPy it takes a few lines (for Xavier's weights write 1 instead of 2):

      ```python
      x = rng.standard_normal((16, \(width)))
      for layer in range(\(depth)):
          W = rng.standard_normal((\(width), \(width))) * np.sqrt(2 / \(width))  # He
          x = np.maximum(0, x @ W.T)                        # ReLU
          print(layer + 1, np.sqrt((x ** 2).mean()))        # size of the signal
      ```
      """)
    // With --mine, He's start has taken its size from the reader's answer to exercise 4.3.
    if let sigma = findings.mine?.deviation {
      page.callout(
        .note,
        "The initialization “\(Start.lecture[4].name)” below is yours: your answer to exercise 4.3 gives σ = \(sigma)."
      )
    } else if let reason = findings.mine?.reason {
      page.callout(.note, "Nothing here is yours yet: exercise 4.3 \(reason).")
    }
  }

  /// The activations, layer by layer.
  static func addSignals(to page: inout Page, _ findings: Findings) {
    let (signals, seeds, width) = (findings.signals, findings.seeds, findings.width)
    let sizes = signals.means(\.rootMeanSquare)
    let last = sizes.map { $0[depth - 1] }
    let xavierLasts = last[2] > 0.2 && last[2] > 5 * last[0]
    let heHolds = abs(last[4] / sizes[4][0] - 1) < 0.2
    page.figure(
      Figure(
        xavierLasts && heHolds
          ? "Weights of 0.01 shrink tanh's signal to \(short(last[0])) in \(depth) layers, Xavier's to \(short(last[2])); He's keep ReLU's at \(short(last[4]))"
          : "After \(depth) layers tanh with Xavier has \(short(last[2])) left, ReLU with He \(short(last[4]))",
        .lines(
          LineChart(
            x: Axis("layer"), y: Axis("size √E[x²] of the activations", log: true),
            Start.lecture.indices.map { index in
              Series(
                Start.lecture[index].name, y: sizes[index],
                isEmphasized: index == 2 || index == 4, color: index)
            })),
        caption:
          "\(findings.overSeeds). Layers of \(width) units, batch 16. Equal factors are a straight line on this axis.",
        name: "std-by-layer"))
    page.project("Small weights shrink the signal, layer by layer")

    let saturated = signals.means(\.saturated)[1][depth - 1]
    let drawn = [0, 2, depth - 1]
    page.fold("The activations as histograms") {
      $0.figure(
        Figure(
          "With weights of 0.01 the activations \(last[0] < 0.1 ? "shrink to a spike at 0" : "keep some spread"); with 0.05, \(percent(saturated)) of the tanh units of layer \(depth) lie beyond ±\(saturationEdge)",
          .histograms(
            HistogramGrid(
              columns: drawn.map { "layer \($0 + 1)" },
              rows: Start.lecture.indices.map { index in
                let start = Start.lecture[index]
                return HistogramGrid.Row(
                  start.name, range: start.activation == .tanh ? -1...1 : 0...3,
                  drawn.map { signals.spreads[index][0][$0] }.map { spread in
                    HistogramGrid.Panel(
                      heights: spread.histogram, title: "σ = \(short(spread.deviation))",
                      note: spread.zeros > 0.01 ? "\(percent(spread.zeros)) zeros" : "")
                  },
                  color: index)
              },
              xLabel: "activation")),
          caption: """
            The activations of three layers, seed \(seeds[0]), with their standard deviation σ. Beyond ±\(saturationEdge) tanh has less than a tenth of its largest slope. The zeros \
            of a ReLU are left out; each panel gives their share.
            """,
          name: "histograms"))
    }
    // The weights of 0.05 in the figure's width, at the panel's width: the same gain.
    let (units, gain) = (128, 0.05 * Double(width).squareRoot())
    let exponent = (20 * log10(gain / Double(units).squareRoot())).rounded() / 20
    let deviation = pow(10, exponent)
    page.live(
      "signals", "Move the weights, the width and the depth, and watch every layer at once",
      caption: """
        It opens as *tanh, 0.05*. Only the standard deviation of the weights times the root of the width matters. Here the width \
        is \(units), and \(short(deviation)) · √\(units) = \(short(deviation * Double(units).squareRoot())) = 0.05 · √\(width). *At the ends* counts from ±0.99. Blue: the \
        outputs of each layer. Orange: the gradients of these outputs, set to 1 at the last layer. The curves are their standard \
        deviations.
        """,
      figure: "histograms",
      settings: ["activation": 0, "start": 0, "deviation": exponent, "width": Double(units), "depth": 6, "seed": 1])
  }

  /// The formula compared with the sums.
  static func addTheory(to page: inout Page, _ findings: Findings) {
    let theories = findings.theories
    page.prose(
      """
      ## Theory against measurement

      The formula has $E[x^2]$. It is often written with $\\mathrm{Var}(x)$; after a ReLU that is wrong.
      """)
    page.table(
      Table(
        "Measured variance of the sums of layer \(depth), divided by the prediction of the formula",
        columns: [
          "initialization", .init("÷ predicted by E[x²]", digits: 3),
          .init("÷ predicted by Var(x)", digits: 3),
        ],
        rows: theories.enumerated().map { index, theory in
          [
            TableCell(Start.lecture[index].name),
            TableCell(theory.squareRatio.mean), TableCell(theory.varianceRatio.mean),
          ]
        }))
    let reluRatio = theories[4].varianceRatio
    page.project(
      reluRatio.mean > 1.2
        ? "The mean square of the inputs counts, not the spread" : "Does the formula say how large the sums become?")
    // Of max(0, y) with y normal: E[x²] = σ²/2 and E[x]² = σ²/2π, so that E[x²]/Var(x) is this.
    let rectifiedRatio = Double.pi / (Double.pi - 1)
    page.callout(
      .mistake,
      """
      With $\\mathrm{Var}(x)$ the formula \
      \(reluRatio.mean > 1.2 ? "is wrong by a factor of \(fixed(reluRatio.mean, 2)) after a ReLU (in theory $\\pi/(\\pi - 1) = \(fixed(rectifiedRatio, 3))$)" : "is right even after a ReLU in this run"). \
      With $\\mathrm{Var}(x)$ one would say that Xavier's weights fail because the outputs of a ReLU have a mean above 0. But \
      $E[x^2] = \\mathrm{Var}(x) + E[x]^2$ includes the mean. So the positive mean is not the reason. The signal falls because half of $E[x^2]$ is cut off.
      """)
  }
}
