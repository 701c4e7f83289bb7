// The page of chapter 5: what follows from the formula, forward and backward, in training and in use.

import Foundation
import Workbook

extension Norms {
  /// Bias, restoration, scale.
  static func addIdentities(to page: inout Page, _ findings: Findings) {
    let (formula, losses, doubled, gradients) = (
      findings.formula, findings.losses, findings.doubled, findings.gradients
    )
    let effects = formula.effects.joined()
    func usualChange(_ factor: Int) -> Double { formula.effects.map { $0[factor].usualChange }.max() ?? 0 }
    let scalingHolds = abs(doubled[1] - 1) < 0.02 && abs(doubled[0] - 1) > 0.1
    page.prose(
      """
      ## Three things that follow from the formula

      Three properties follow from the formula alone. They are certain, whatever the data.

      **A bias before the norm is useless.** Add a constant to every $z_i$: the mean moves by the same constant, and the difference $z_i - \\mu$ is \
      unchanged. So a layer before batch norm needs no bias; $\\beta$ takes its place.

      **For one batch nothing is lost.** With $\\gamma = \\sqrt{\\sigma^2 + \\varepsilon}$ and $\\beta = \\mu$ the layer \
      gives back what it got. The next batch has a different $\\mu$ and $\\sigma$, and the same $\\gamma$ and $\\beta$ no longer undo the normalization.

      The third property matters most. Guess first:
      """)
    page.predict(
      "A trained net has batch norm after every hidden layer. We double all weights of those layers. Its loss on a batch, normalized with that batch's own statistics,",
      choices: ["stays the same", "roughly doubles", "falls to half", "explodes"],
      answer: abs(doubled[1] - 1) < 0.25 ? 0 : doubled[1] > 6 ? 3 : doubled[1] > 1 ? 1 : 2,
      """
      With batch norm the loss \(scalingHolds ? "does not change" : "becomes \(short(doubled[1], digits: 4)) times as large"); \
      without a norm it becomes \(short(doubled[0], digits: 3)) times as large. Doubling five layers makes the last sums $2^5 = 32$ \
      times as large, so every wrong answer is now given with great confidence.
      """)
    page.project("All weights are doubled. And the loss?")
    page.prose(
      """
      **The size of the weights does not change the output.** Multiply the weights by $a$. Since $(aW)u = a\\,(Wu)$, the sums, their mean and their deviation all become $a$ times as large, and the quotient \
      stays: $\\mathrm{BN}((aW)u) = \\mathrm{BN}(Wu)$. A change of $aW$ by $a\\,\\delta$ therefore has the same effect on the loss as a change of $W$ by \
      $\\delta$, so the gradient is $1/a$ as large:
      """)
    page.math("\\frac{\\partial L}{\\partial (aW)} = \\frac{1}{a}\\,\\frac{\\partial L}{\\partial W}")
    let rounding = [
      formula.biasChange.maximum, formula.restoration.maximum, effects.map(\.exactChange).max() ?? .nan,
      effects.map(\.gradientError).max() ?? .nan,
    ]
    page.prose(
      """
      In 32-bit numbers all three properties hold up to rounding, as long as $\\varepsilon$ is small compared with $\\sigma^2$.
      """)
    page.fold("The identities in 32-bit numbers") { page in
      page.table(identityTable(rounding, usual: [usualChange(6), usualChange(0)]))
      page.code("scaled", in: "Identities.swift")
    }
    page.figure(
      Figure(
        "Turn the weights up: what goes into the norm spreads out, what comes out does not move",
        exploring: FigureParameter("factor a in front of all weights", values: factors, initial: 4),
        caption:
          "One dense layer of 32 units, fed 48 samples of standard normal numbers, seed \(findings.seeds[0]). Values beyond the axis are not drawn.",
        name: "scale-invariance",
        titles: { factor in
          let place = factors.firstIndex(of: factor) ?? 0
          let (before, after) = (formula.before[place], formula.after[place])
          return
            "All weights × \(short(factor)): what goes into the norm has σ = \(short(before.deviation)), what comes out σ = \(short(after.deviation))"
        }
      ) { factor in
        let place = factors.firstIndex(of: factor) ?? 0
        let (before, after) = (formula.before[place], formula.after[place])
        return .histograms(
          HistogramGrid(
            columns: ["before the norm, aWu", "after it, BN(aWu)"],
            rows: [
              HistogramGrid.Row(
                "a = \(short(factor))", range: -6...6,
                [
                  .init(heights: before.heights, title: "σ = \(short(before.deviation))"),
                  .init(heights: after.heights, title: "σ = \(short(after.deviation))"),
                ], color: Normalization.batch.color)
            ], xLabel: "value"))
      })

    page.figure(
      Figure(
        scalingHolds
          ? "L(2w) = L(w): with batch norm the loss does not feel the size of the weights, without a norm it does"
          : "Doubling the weights changes the loss \(short(doubled[1], digits: 3)) times with batch norm and \(short(doubled[0], digits: 3)) times without",
        .lines(
          LineChart(
            x: Axis("factor in front of all hidden weights", log: true), y: Axis("loss", log: true),
            zip(pair, losses).map { kind, values in
              Series(
                kind == .none ? "no norm" : kind.name, x: factors, y: values.map(\.mean),
                isEmphasized: kind == .batch, color: kind.color)
            })),
        caption:
          "Net B after two epochs of \(grouped(findings.trainingCount)) images; loss on 500 of them with their own statistics. Guessing has the loss ln 10 = 2.3. Mean of \(findings.seedWords), \(findings.data).",
        name: "loss-by-weight-scale"))
    page.predict(
      """
      The gradient does depend on the size of the weights. We make all hidden weights 10 times as long. By what angle does a step at the same \
      rate now turn them, in per cent of the angle before?
      """,
      unit: "%", within: 0.5, answer: 10 * gradients[1][6].mean,
      """
      The gradient is \(short(gradients[1][6].mean, digits: 3)) times what it was. So the step is 1/10 as long and the weights \
      that it turns are 10 times as long: the angle becomes $1/10 \\cdot 1/10 = 1/100$ of what it was.
      """)
    page.callout(
      .note,
      """
      Some texts write $L(2w) = L(w)$ for the whole net. It is true only for weights *with batch norm after them*, and only \
      while the statistics are those of the batch. It is not true for the last layer, which has no norm, nor for $\\gamma$ and $\\beta$, nor at \
      test time, where $\\mu$ and $\\sigma$ are stored numbers that do not change with the factor.
      """)
  }

  private static func identityTable(_ rounding: [Double], usual: [Double]) -> Table {
    Table(
      "The largest difference of any output; 32-bit numbers are rounded to about 10⁻⁷ of their value",
      columns: ["what is compared", "largest difference"],
      rows: zip(
        [
          "with and without biases up to ±10", "input, and output with γ = √(σ² + ε), β = μ",
          "BN(Wu) and BN((aW)u), a from 0.1 to 10, ε = 0", "∂L/∂W and a·∂L/∂(aW), relative, ε = 0",
          "BN(Wu) and BN((aW)u), a = 10, ε = 10⁻⁵", "BN(Wu) and BN((aW)u), a = 0.1, ε = 10⁻⁵",
        ], rounding + usual
      ).map { [TableCell($0), TableCell(short($1))] })
  }

  /// The gradient.
  static func addWayBack(to page: inout Page, _ backward: CancelledGradients) {
    page.prose(
      """
      ## The way back

      Now the backward pass. Write $g_i = \\partial L/\\partial y_i$ for the gradient that arrives. Since $y_i = \\gamma\\,\\hat{z}_i + \\beta$ is a straight line, $\\partial L/\\partial\\beta = \\sum_i g_i$ and \
      $\\partial L/\\partial\\gamma = \\sum_i g_i\\,\\hat{z}_i$. A sum $z_i$ acts on the loss in three ways: directly, through the mean $\\mu$, and through the deviation $\\sigma$. With $s = \\sqrt{\\sigma^2 + \\varepsilon}$ the gradient is
      """)
    page.math(
      "\\frac{\\partial L}{\\partial z_i} = \\frac{\\gamma}{s}\\left(g_i - \\frac{1}{m}\\sum_j g_j - \\hat{z}_i\\,\\frac{1}{m}\\sum_j g_j\\,\\hat{z}_j\\right)"
    )
    page.fold("Where the three terms come from") {
      $0.prose(
        """
        First $\\partial\\mu/\\partial z_i = 1/m$. Next $\\partial\\sigma^2/\\partial z_i = 2\\,(z_i - \\mu)/m$, so \
        $\\partial s/\\partial z_i = \\hat{z}_i/m$. Then the quotient rule for $\\hat{z}_j = (z_j - \\mu)/s$ gives

        $$\\frac{\\partial \\hat{z}_j}{\\partial z_i} = \\frac{1}{s}\\left(\\delta_{ij} - \\frac{1}{m} - \\frac{\\hat{z}_i \\hat{z}_j}{m}\\right)$$

        ($\\delta_{ij}$ is 1 for $i = j$ and 0 otherwise). Multiply this by $\\gamma\\,g_j$ and sum over all $j$.
        """)
    }
    let (sums, g) = ([2.0, 4, 4, 6], [1.0, 0, 0, 0])
    let example = gradientByHand(sums, upstream: g, gamma: 2)
    page.prose(
      """
      Take the example of *The idea* again: the sums 2, 4, 4, 6 with $\\gamma = 2$. Suppose that the loss asks only the first output to \
      change, so $g = (1, 0, 0, 0)$. The mean of $g$ is \(short(example.mean)), that of $g\\,\\hat{z}$ is \
      \(short(example.product, digits: 3)), and $\\gamma/s = 2/1.41$. So the gradient is \
      $(\(example.gradient.map { fixed($0, 2) }.joined(separator: ",\\; ")))$: its four numbers add up to 0, and so do their products with \
      $\\hat{z} = (-1.41,\\; 0,\\; 0,\\; 1.41)$. The loss asked one output to change, and all four sums have to move.

      Read the formula as two subtractions. The mean of the gradient is removed, because adding the same number to all $z_i$ changes nothing. The part along \
      $\\hat{z}$ is removed, because stretching all $z_i$ changes nothing either. So the gradients of a unit add up to 0 over the \
      batch, and they are at right angles to $\\hat{z}$ (their products with $\\hat{z}$ add up to 0), apart from a small error due to $\\varepsilon$. Measured on 32 units whose gradients reach \
      \(short(backward.largest)): the largest sum is \(short(backward.sum)), and the largest sum of products with $\\hat{z}$ is \
      \(short(backward.product)).
      """)
  }

  /// What stands in for the batch in use.
  static func addRunningStatistics(to page: inout Page, _ moments: [BatchMoments]) {
    page.prose(
      """
      ## At test time there is no batch

      In use, the answer for one image must not depend on the other images in its batch. So during training the layer keeps *running \
      statistics*, and in inference (in use) these replace $\\mu$ and $\\sigma^2$. After every batch they move a little:

      $$r \\leftarrow (1 - \\alpha)\\,r + \\alpha\\,b$$

      Here $r$ is the stored value and $b$ is the value of this batch: its mean, or its variance with $m - 1$ in the denominator. PyTorch calls \
      $\\alpha$ *momentum* and sets it to 0.1; Keras calls $1 - \\alpha$ *momentum* and sets it to 0.99.
      """)
    page.fold("Why m − 1") { addBias(to: &$0, moments) }
    page.fold("How rough the estimate of a small batch is") { addGuesses(to: &$0, moments) }
  }

  /// The biased variance, and what single batches say.
  private static func addBias(to page: inout Page, _ moments: [BatchMoments]) {
    page.prose(
      """
      Let $v$ be the true variance and $E$ the mean over many batches. Then $E[(z_i - \\mu)^2] = v - v/m$, because $\\mu$ is \
      the batch's own mean and follows each $z_i$ a little. So dividing by $m$ gives a value that is too small on average, a *biased* one.
      """)
    let batchSizes = moments.map(\.batchSize)
    let biased = moments.map(\.biasedVariance), unbiased = moments.map(\.runningVariance)
    page.figure(
      Figure(
        unbiased[0] > 0.85 * BatchMoments.truth.variance && biased[0] < 0.65 * BatchMoments.truth.variance
          ? "With batches of 2 the average biased variance is \(percent(biased[0] / BatchMoments.truth.variance)) of the true one; times m/(m − 1) it is right"
          : "The average variance by batch size: biased \(short(biased[0], digits: 3)) and corrected \(short(unbiased[0], digits: 3)) at 2, truth \(short(BatchMoments.truth.variance))",
        .lines(
          LineChart(
            x: Axis("batch size", log: true, ticks: batchSizes.map { (Double($0), "\($0)") }),
            y: Axis("average variance", range: 0...5),
            [
              Series(
                "the layer's running variance", x: batchSizes.map(Double.init), y: unbiased, isEmphasized: true,
                color: 1),
              Series("mean of the biased variances", x: batchSizes.map(Double.init), y: biased, color: 2),
            ], references: [.init(.horizontal, at: BatchMoments.truth.variance, "truth")])),
        caption:
          "\(grouped(moments[0].count)) batches of numbers with mean \(short(BatchMoments.truth.mean)) and variance \(short(BatchMoments.truth.variance)), fed to a batch norm layer whose running statistics average over all of them.",
        name: "running-variance"))
  }

  /// The mean and the variance of single batches.
  private static func addGuesses(to page: inout Page, _ moments: [BatchMoments]) {
    let batchSizes = moments.map(\.batchSize)
    let spreadOfMeans = moments.map(\.means.deviation)
    page.prose(
      """
      Each batch is only a sample. With $\\sigma = 2$, the means of batches of 2 have a standard deviation of \(short(spreadOfMeans[0])), and those \
      of batches of 32 one of \(short(spreadOfMeans[4])): the noise falls like $\\sigma/\\sqrt{m}$.
      """)
    page.figure(
      Figure(
        "Small batches estimate roughly: their means scatter, and their variances are often near 0",
        exploring: FigureParameter("batch size", values: batchSizes.map(Double.init), initial: 0),
        caption: "Mean and biased variance of \(grouped(moments[0].count)) batches; the truth is 3 and 4.",
        name: "batch-noise",
        titles: { size in
          let moment = moments[batchSizes.firstIndex(of: Int(size)) ?? 0]
          return
            "Batches of \(Int(size)): their means scatter by \(short(moment.means.deviation)) around 3, their variances by \(short(moment.variances.deviation)) around \(short(moment.variances.mean))"
        }
      ) { size in
        let moment = moments[batchSizes.firstIndex(of: Int(size)) ?? 0]
        let (center, spread) = (moment.means, moment.variances)
        return .histograms(
          HistogramGrid(
            columns: ["estimates of single batches"],
            rows: [
              .init(
                "mean, m = \(Int(size))", range: 0...6,
                [
                  .init(
                    heights: center.heights,
                    title: "mean \(short(center.mean, digits: 3)), σ = \(short(center.deviation))")
                ],
                color: 1),
              .init(
                "variance, m = \(Int(size))", range: 0...12,
                [
                  .init(
                    heights: spread.heights,
                    title: "mean \(short(spread.mean, digits: 3)), σ = \(short(spread.deviation))")
                ], color: 2),
            ], xLabel: "value"))
      })
  }
}
