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

      One unit adds up four products. Let each input be $+1$ or $-1$ by the toss of a coin, and each weight $+w$ or $-w$ by \
      another. Then every product is $+w$ or $-w$, and of 16 equally likely sums one is $4w$, four are $2w$, six are 0, four are \
      $-2w$ and one is $-4w$. The mean of their squares is

      $$\\frac{1 \\cdot 16 + 4 \\cdot 4 + 6 \\cdot 0 + 4 \\cdot 4 + 1 \\cdot 16}{16}\\,w^2 = 4w^2$$

      Not $16w^2$, because the four seldom have the same sign. Call the root of its mean square the *size* of a random number: \
      inputs of size 1 and weights of size $w$ give a sum of size $\\sqrt{4}\\,w = 2w$. Of the inputs only the mean \
      square has entered (it is 1; the next section shows it for inputs of any kind). So the next layer of such units multiplies the \
      size by $2w$ again, and so does the tenth:
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
      One size of weights alone lasts, and its variance is ¼: one over the number of inputs. With \(width) inputs a sum is not 2 but \
      $\\sqrt{\(width)} = \(short(Double(width).squareRoot()))$ times as large as its products.
      """)
    page.predict(
      """
      Layers of \(width) tanh units. The inputs have a standard deviation of 1, the random weights one of 0.01. The \
      activations in layer \(depth) have one of about
      """,
      choices: ["1", "0.3", "0.05", "0.007", "0.0001"], answer: last[0],
      """
      Each layer multiplies the spread by at most $\\sqrt{\(width)} \\cdot 0.01 = \(short(perLayer))$; \
      $\(short(perLayer))^\(depth)$ is \(short(perLayer.power(depth))). tanh, flatter than a line, takes the rest.
      """
    )
    page.project("Weights of 0.01: what is left after six layers?")

    page.prose(
      """
      ## The derivation

      The same for any numbers. One unit adds up $D_{in}$ products $w_i x_i$ to a sum $z$. $E[a]$ is the mean of $a$ over many draws, and \
      $\\mathrm{Var}(a) = E[a^2] - E[a]^2$ its squared standard deviation. (In a wide layer every unit has drawn weights of its own, so the \
      spread over its units, which the figures show, is close to that over many draws.) Weights and inputs are drawn independently, so that \
      $E[wx] = E[w]\\,E[x]$; and the weights have mean 0.

      - **One product.** $E[wx] = 0$, because $E[w] = 0$. So $\\mathrm{Var}(wx) = E[w^2 x^2]$, which is $E[w^2]\\,E[x^2]$ and \
      with that $\\mathrm{Var}(w)\\,E[x^2]$.
      - **Two products.** Where both means are 0, $\\mathrm{Var}(a + b) = \\mathrm{Var}(a) + \\mathrm{Var}(b) + 2 E[ab]$. Here \
      $E[ab]$ is $E[w_i]\\,E[w_j]\\,E[x_i x_j]$, which is 0, even where the inputs are correlated. So the variances add.

      With $D_{in}$ of them:
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
      All this holds before the first step: once the weights have learned from the inputs, the two are no longer independent.
      """)
    page.prose(
      """
      ## LeCun and Xavier: one over the fan

      The size of a signal is $\\sqrt{E[x^2]}$. The sums are as large as the inputs if (LeCun 1998)

      $$\\mathrm{Var}(w) = \\frac{1}{D_{in}}$$

      $D_{in}$ is called the **fan-in**: how many inputs a unit adds up. On the way back the roles are exchanged: the gradient \
      of an input adds up one product for each unit that it reaches, the **fan-out** $D_{out}$, and would like \
      $\\mathrm{Var}(w) = 1/D_{out}$. Xavier Glorot's rule is the compromise

      $$\\mathrm{Var}(w) = \\frac{2}{D_{in} + D_{out}}$$

      If a layer is as wide as the one before it, this equals both $1/D_{in}$ and $1/D_{out}$.

      A tanh makes every number smaller, so with these weights each layer shrinks the signal a little, and in the long run \
      to nothing. A *gain* $g$ makes up for it: $\\mathrm{Var}(w) = g^2/D_{in}$. With $g > 1$ a small signal grows, and a large one is \
      cut off by tanh. Between them lies one size that comes out as it went in: for the usual $g = 5/3$ (PyTorch's \
      `calculate_gain("tanh")`) it is \(short(settledSize(gain: 5.0 / 3))): \
      tanh of a normal number of that size times 5/3 has that size again (solved numerically).
      """)
    page.sideNote(
      """
      All figures here call $1/D_{in}$ Xavier's, the trained nets too: for equal widths the two are the same. Drawn uniformly \
      from $-a$ to $a$ the variance is $a^2/3$: so $a = \\sqrt{6/(D_{in} + D_{out})}$.
      """)
    page.prose(
      """
      ## He: the variance that a ReLU takes

      A sum is as often $-z$ as $z$, because its weights are as often $-w$ as $w$. A ReLU makes 0 of the negative half, and the positive half keeps its squares: of the \
      variance $v$ of a sum, $E[x^2] = v/2$ is left. Kaiming He therefore doubles the variance of the weights:

      $$\\mathrm{Var}(w) = \\frac{2}{D_{in}}$$

      In general a layer with $\\mathrm{Var}(w) = g^2/D_{in}$ multiplies $E[x^2]$ by $g^2$, and by half of that with a ReLU \
      after it. After $L$ layers the size $\\sqrt{E[x^2]}$ of the signal has been multiplied by $g^L$, or by $(g/\\sqrt{2})^L$.
      """)
    page.prose(
      """
      ## The experiment

      A batch of 16 rows of standard normal numbers goes through \(depth) layers of \(width). Nothing is trained; five \
      initializations are compared.
      """)
    page.code("signals", in: "Experiments.swift")
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
    let (start, loss) = (sizes[3], (last[3] / sizes[3][0]).root(depth - 1))
    page.predict(
      """
      Xavier's weights are meant for layers that let a signal through. How does the signal's size change from layer 1 to layer \
      \(depth) when each layer ends in a ReLU?
      """,
      drawing: Start.lecture[3].name,
      """
      From \(short(start[0])) to \(short(last[3])): each layer leaves \(short(loss)) of it, and equal factors are a straight \
      line on this axis. A ReLU takes half of $E[x^2]$, so He 2015 expects $1/\\sqrt{2} = 0.71$.
      """)
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
        caption: "\(findings.overSeeds). Layers of \(width) units, batch 16.",
        name: "std-by-layer"))
    page.project("Small weights shrink the signal, layer by layer")

    let saturated = signals.means(\.saturated)[1][depth - 1]
    page.figure(
      Figure(
        "With weights of 0.01 the activations \(last[0] < 0.1 ? "shrink to a spike at 0" : "keep some spread"); with 0.05, \(percent(saturated)) of the tanh units of layer \(depth) lie beyond ±\(saturationEdge)",
        .histograms(
          HistogramGrid(
            columns: (1...depth).map { "layer \($0)" },
            rows: Start.lecture.indices.map { index in
              let start = Start.lecture[index]
              return HistogramGrid.Row(
                start.name, range: start.activation == .tanh ? -1...1 : 0...3,
                signals.spreads[index][0].map { spread in
                  HistogramGrid.Panel(
                    heights: spread.histogram, title: "σ = \(short(spread.deviation))",
                    note: spread.zeros > 0.01 ? "\(percent(spread.zeros)) zeros" : "")
                },
                color: index)
            },
            xLabel: "activation")),
        caption: """
          The activations of each layer, seed \(seeds[0]), with their standard deviation σ; a ReLU's is √(1 − 1/π) = 0.83 of √E[x²], \
          as its mean is not 0. Beyond ±\(saturationEdge) tanh has less than a tenth of its largest slope. Exact \
          zeros of a ReLU are left out; their share stands in the panel.
          """,
        name: "histograms"))
    // The weights of 0.05 in the figure's width, at the panel's width: the same gain.
    let (units, gain) = (128, 0.05 * Double(width).squareRoot())
    let exponent = (20 * log10(gain / Double(units).squareRoot())).rounded() / 20
    let deviation = pow(10, exponent)
    page.live(
      "signals", "Move the weights, the width and the depth, and watch every layer at once",
      caption: """
        It opens as *tanh, 0.05* above. What counts is the deviation of the weights times the root of the width, and here the width is \
        \(units): \(short(deviation)) · √\(units) = \(short(deviation * Double(units).squareRoot())) = 0.05 · √\(width). (A deviation of 0.05 would be \
        \(short(0.05 * Double(units).squareRoot())) here, which is small.) Blue: the outputs of each layer. Orange: the gradients of these outputs, 1 at \
        the last layer. The curves are their standard deviations (of a ReLU's outputs 0.83 of the size). Set ReLU: which weights keep \
        both curves level, LeCun's or He's? And with tanh? What does a width of 8 do to the curves? Down to which deviation do more than \
        a tenth of tanh's outputs stay at the ends?
        """,
      figure: "histograms",
      settings: ["activation": 0, "start": 0, "deviation": exponent, "width": Double(units), "depth": 6, "seed": 1])
    page.fold("What the panel answers") {
      $0.prose(
        """
        With ReLU He's weights keep both curves level; LeCun's lose $1/\\sqrt{2}$ a layer in both. With tanh LeCun's let both fall \
        slowly; He's, a gain of $\\sqrt{2}$, come nearer: in six layers the signal ends at four fifths of its first size, the gradient about \
        level. In layers of 8 units the curves jump, and each seed gives others: the law holds on average over many weights, and 64 \
        are few. Outputs beyond ±0.99 count as at the ends; a tenth of them are there at a deviation between 0.18 and 0.20, a gain of \
        about 2.1.
        """)
    }
  }

  /// The formula compared with the sums.
  static func addTheory(to page: inout Page, _ findings: Findings) {
    let theories = findings.theories
    page.prose(
      """
      ## Theory against measurement

      The formula says what the variance of the sums $z$ must be, given the weights and the inputs of that layer. The table \
      compares it with the sums of layer \(depth), once with $E[x^2]$ and once with $\\mathrm{Var}(x)$, as it is often written.
      """)
    page.table(
      Table(
        "Variance of the sums of layer \(depth), and that variance over what the formula says",
        columns: [
          "initialization", .init("Var(z) measured"), .init("÷ predicted by E[x²]", digits: 3),
          .init("÷ predicted by Var(x)", digits: 3),
        ],
        rows: theories.enumerated().map { index, theory in
          [
            TableCell(Start.lecture[index].name), TableCell(short(theory.measured, digits: 3)),
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
      \(reluRatio.mean > 1.2 ? "is off by a factor of \(reluRatio.formatted(decimals: 2)) after a ReLU (in theory $\\pi/(\\pi - 1) = \(fixed(rectifiedRatio, 3))$)" : "is right even after a ReLU in this run"), \
      and it is then said that ReLU falls under Xavier because its outputs have a mean above 0. But \
      what a sum sees of its inputs is $E[x^2] = \\mathrm{Var}(x) + E[x]^2$, the mean included. So the positive mean is not \
      the culprit, it is part of what survives. The signal falls because half of $E[x^2]$ is cut off.
      """)
  }
}
