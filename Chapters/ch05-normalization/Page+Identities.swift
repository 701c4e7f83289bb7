// The page of chapter 5: what follows from the formula, forward and backward, in training and in use.

import Foundation
import Workbook

extension Norms {
  /// Bias, restoration, scale.
  static func addIdentities(to page: inout Page, _ findings: Findings) {
    let (doubled, gradients) = (findings.doubled, findings.gradients)
    let scalingHolds = abs(doubled[1] - 1) < 0.02 && abs(doubled[0] - 1) > 0.1
    page.prose(
      """
      ## Three things that follow from the formula

      **A bias before the norm is useless.** Add a constant to every $z_i$: the mean moves by the same constant, and the difference $z_i - \\mu$ is \
      unchanged. So a layer before batch norm needs no bias; $\\beta$ takes its place.

      **For one batch nothing is lost.** With $\\gamma = \\sqrt{\\sigma^2 + \\varepsilon}$ and $\\beta = \\mu$ the layer \
      gives back what it got.

      The third property matters most:
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
      **$L(aW) = L(W)$: the size of the weights does not change the output** (with the batch's own statistics, and for weights with a norm behind them). Multiply the weights by $a$. Since $(aW)u = a\\,(Wu)$, the sums, their mean and their deviation all become $a$ times as large, and the quotient \
      stays: $\\mathrm{BN}((aW)u) = \\mathrm{BN}(Wu)$. A change of $aW$ by $a\\,\\delta$ therefore has the same effect on the loss as a change of $W$ by \
      $\\delta$, so the gradient is $1/a$ as large:
      """)
    page.math("\\frac{\\partial L}{\\partial (aW)} = \\frac{1}{a}\\,\\frac{\\partial L}{\\partial W}")
    page.predict(
      """
      The gradient does depend on the size of the weights. We make all hidden weights 10 times as long. By what angle does a step at the same \
      rate now turn them, in per cent of the angle before?
      """,
      unit: "%", within: 0.5, answer: 10 * gradients[1][2].mean,
      """
      The gradient is \(short(gradients[1][2].mean, digits: 3)) times what it was. So the step is 1/10 as long and the weights \
      that it turns are 10 times as long: the angle becomes $1/10 \\cdot 1/10 = 1/100$ of what it was.
      """)
  }

  /// The gradient.
  static func addWayBack(to page: inout Page) {
    page.prose(
      """
      ## The way back

      Now the backward pass. Write $g_i = \\partial L/\\partial y_i$ for the gradient that arrives. Since $y_i = \\gamma\\,\\hat{z}_i + \\beta$ is a straight line, $\\partial L/\\partial\\beta = \\sum_i g_i$ and \
      $\\partial L/\\partial\\gamma = \\sum_i g_i\\,\\hat{z}_i$. A sum $z_i$ acts directly, through the mean $\\mu$, and through the deviation $\\sigma$. With $s = \\sqrt{\\sigma^2 + \\varepsilon}$ the gradient is
      """)
    page.math(
      "\\frac{\\partial L}{\\partial z_i} = \\frac{\\gamma}{s}\\left(g_i - \\frac{1}{m}\\sum_j g_j - \\hat{z}_i\\,\\frac{1}{m}\\sum_j g_j\\,\\hat{z}_j\\right)"
    )
    page.prose(
      """
      In NumPy, with the names of *The idea* and `g` of shape [samples, units]:

      ```python
      dz = gamma / s * (g - g.mean(0) - z_hat * (g * z_hat).mean(0))
      ```
      """)
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
      $(\(example.gradient.map { fixed($0, 2) }.joined(separator: ",\\; ")))$. The loss asked one output to change, and all four sums have to move.

      **Read the formula as two subtractions.** The mean of the gradient is removed, because adding the same number to all $z_i$ changes nothing. The part along \
      $\\hat{z}$ is removed, because stretching all $z_i$ changes nothing either. So the gradients of a unit add up to 0 over the \
      batch, and they are at right angles to $\\hat{z}$.
      """)
  }

  /// What stands in for the batch in use.
  static func addRunningStatistics(to page: inout Page, _ pairs: BatchMoments) {
    page.prose(
      """
      ## At test time there is no batch

      **In use, the answer for one image must not depend on the other images in its batch.** So during training the layer keeps *running \
      statistics*, which replace $\\mu$ and $\\sigma^2$ in use (*inference*). After every batch they move a little:

      $$r \\leftarrow (1 - \\alpha)\\,r + \\alpha\\,b$$

      Here $r$ is the stored value and $b$ is the value of this batch: its mean, or its variance with $m - 1$ in the denominator. PyTorch calls \
      $\\alpha$ *momentum* and sets it to 0.1; Keras calls $1 - \\alpha$ *momentum* and sets it to 0.99. The whole layer, forward, in training and in use:

      ```python
      def batch_norm(z, gamma, beta, r_mean, r_var, training, alpha=0.1, eps=1e-5):
          if training:
              m = len(z)
              mean, variance = z.mean(axis=0), z.var(axis=0)     # of this batch
              r_mean += alpha * (mean - r_mean)                  # changed in place
              r_var += alpha * (variance * m / (m - 1) - r_var)
          else:
              mean, variance = r_mean, r_var                     # stored, starting at 0 and 1
          z_hat = (z - mean) / np.sqrt(variance + eps)
          return gamma * z_hat + beta
      ```

      In PyTorch this is one layer; `net.train()` and `net.eval()` choose the branch.
      """)
    addRough(to: &page, pairs)
  }

  /// Why the variance is divided by m − 1.
  private static func addRough(to page: inout Page, _ small: BatchMoments) {
    page.fold("Why m − 1") {
      $0.prose(
        """
        Let $v$ be the true variance and $E$ the mean over many batches. Then $E[(z_i - \\mu)^2] = v - v/m$, because $\\mu$ is the batch's own mean and follows each $z_i$ a little. So dividing by $m$ \
        gives a value that is too small on average, a *biased* one: in batches of \(small.batchSize) with $v = \(short(BatchMoments.truth.variance))$ it is \(short(small.biasedVariance, digits: 3)), with $m - 1$ \(short(small.runningVariance, digits: 3)).
        """)
    }
  }
}
