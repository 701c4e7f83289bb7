// The page of chapter 3: the derivation, in a fold.

import Foundation
import Workbook

extension Preprocessings {
  /// One entry of the Hessian, then all of them, and what each preparation does to them.
  static func addHessian(to page: inout Page, _ findings: Findings) {
    let valley = findings.valleyAt3
    let m = valley.offset
    // The eigenvalues of ((1 + m², m), (m, 1)).
    let root = (m * m * (m * m + 4)).squareRoot()
    let (largest, smallest) = ((m * m + 2 + root) / 2, (m * m + 2 - root) / 2)
    let kappa = largest / smallest
    page.prose(
      """
      Let $\\tilde{x} = (x, 1)$, so that $w$ includes the bias. The loss is \
      $L = \\frac{1}{2} E[(w^T\\tilde{x} - t)^2]$. Its slope in one weight is \
      $\\partial L/\\partial w_i = E[(w^T\\tilde{x} - t)\\,\\tilde{x}_i]$. If $w_j$ grows by 1, the bracket grows by $\\tilde{x}_j$ and \
      the slope by $E[\\tilde{x}_i \\tilde{x}_j]$. So each second derivative is the mean of a product of two inputs. The matrix of \
      all second derivatives is called the *Hessian*:

      $$H = E[\\tilde{x}\\,\\tilde{x}^T]$$

      A vector that a matrix stretches without turning it is an *eigenvector*, and the factor is its *eigenvalue*. The eigenvalues $\\lambda$ \
      of $H$ are the curvatures along the axes of the ellipses in figure 1. The largest divided by the smallest, \
      $\\kappa$, is its *condition number*. For one input of mean \(short(m)) and deviation 1:

      $$H = \\begin{pmatrix} \(short(1 + m * m)) & \(short(m)) \\\\ \(short(m)) & 1 \\end{pmatrix} \\qquad \
      \\lambda = \(short(largest, digits: 3)) \\text{ and } \(short(smallest)) \\qquad \\kappa = \\frac{\\lambda_{\\mathrm{max}}}{\\lambda_{\\mathrm{min}}} = \(fixed(kappa, 0))$$

      Along an axis of curvature $\\lambda$, a step of rate $\\eta$ leaves the share $|1 - \\eta\\lambda|$ of the distance to the bottom: \
      at the distance $d$ the slope is $\\lambda d$, so $d$ becomes $d - \\eta\\lambda d$. \
      This share is below 1 only if $\\eta < 2/\\lambda$, so descent diverges at a rate above $2/\\lambda_{\\mathrm{max}}$. The best rate makes \
      the shares of both axes equal, $1 - \\eta\\lambda_{\\mathrm{min}} = \\eta\\lambda_{\\mathrm{max}} - 1$. It is \
      $2/(\\lambda_{\\mathrm{max}} + \\lambda_{\\mathrm{min}})$ and leaves $(\\kappa - 1)/(\\kappa + 1) \\approx 1 - 2/\\kappa$ of \
      the distance after a step. The loss is proportional to the square of the distance. So it falls to a thousandth after \
      $\\ln(1000) \\cdot \\kappa/4 \\approx 1.7\\,\\kappa$ steps: \(fixed(log(1000) * kappa / 4, 0)) here, and figure 1 took \(valley.steps).

      With several inputs write $x = \\mu + d$, so that $E[d] = 0$ and $E[d d^T] = \\Sigma$, the covariance matrix. Multiply out. Two terms vanish:

      $$E[x x^T] = \\mu \\mu^T + \\mu E[d]^T + E[d] \\mu^T + E[d d^T] = \\Sigma + \\mu \\mu^T$$

      This is the part of $H$ without the bias. For the raw cloud of figure 2:

      $$E[x x^T] = \(sum(findings))$$

      Since $(\\mu \\mu^T)\\mu = (\\mu^T\\mu)\\mu$, the mean adds curvature in one direction, $\\mu$, of size $\\mu^T\\mu$: \
      here \(fixed(curvatures(findings).mean, 1)), compared with \(fixed(curvatures(findings).axis, 1)) along the longest axis of $\\Sigma$.
      \(withBias(findings))

      - **Subtracting the mean** removes $\\mu \\mu^T$ and separates the weights from the bias.
      - **Dividing by one number** $s$ divides $\\Sigma$ by $s^2$, but not the 1 of the bias.
      - **Turning the axes** (PCA) leaves the eigenvalues, and $\\kappa$, as they are; **whitening** makes $\\Sigma$ the identity: $\\kappa = 1$.

      The descent of figure 1 in NumPy, with a 1 at the end of each row of `X` for the bias:

      ```python
      import numpy as np
      x = np.random.randn(500) + 3  # mean 3, deviation 1
      X, t = np.column_stack([x, np.ones(500)]), x - 3 + 0.5
      H = X.T @ X / len(X)
      e = np.linalg.eigvalsh(H)     # the curvatures, the smallest first
      rate = 2 / (e[0] + e[-1])
      w = np.zeros(H.shape[0])
      for step in range(1000):
          w -= rate * (H @ w - X.T @ t / len(X))
      ```

      \(signWords(findings.signs))
      """)
    page.sideNote("LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.3, and section 5 for κ.")
  }

  /// The reason that CS231n gives, and when it holds.
  private static func signWords(_ signs: SignFindings) -> String {
    """
    CS231n centres for another reason: inputs of one sign give all weights of a unit gradients of one sign. A batch, it adds, somewhat mitigates this. On raw digits \
    this happened to \
    \(fixed(signs.single[0].mean, 0)) % of the units with one image at a time, and in batches of 32 to \(fixed(signs.batch[0].mean, 0)) %.
    """
  }

  /// A symmetric matrix of two rows.
  private static func matrix(_ first: Double, _ both: Double, _ second: Double, decimals: Int) -> String {
    let (a, b, c) = (fixed(first, decimals), fixed(both, decimals), fixed(second, decimals))
    return "\\begin{pmatrix} \(a) & \(b) \\\\ \(b) & \(c) \\end{pmatrix}"
  }

  /// The covariance of the raw cloud.
  private static func covariance(_ findings: Findings, decimals: Int = 2) -> String {
    let raw = findings.clouds[Method.raw.rawValue][0]
    let (first, second) = (raw.deviations[0], raw.deviations[1])
    return matrix(first * first, raw.correlation * first * second, second * second, decimals: decimals)
  }

  /// Of the raw cloud: μᵀμ, and the larger eigenvalue of Σ.
  private static func curvatures(_ findings: Findings) -> (mean: Double, axis: Double) {
    let raw = findings.clouds[Method.raw.rawValue][0]
    let (first, second) = (raw.deviations[0], raw.deviations[1])
    let (half, both) = ((first * first - second * second) / 2, raw.correlation * first * second)
    return (
      raw.means.reduce(0) { $0 + $1 * $1 },
      (first * first + second * second) / 2 + (half * half + both * both).squareRoot()
    )
  }

  /// What the mean does to the whole of H, with the row of the bias: it raises the largest eigenvalue and lowers the smallest.
  private static func withBias(_ findings: Findings) -> String {
    let raw = findings.clouds[Method.raw.rawValue][0]
    let (a, b) = (raw.deviations[0] * raw.deviations[0], raw.deviations[1] * raw.deviations[1])
    let c = raw.correlation * raw.deviations[0] * raw.deviations[1]
    let (x, y) = (raw.means[0], raw.means[1])
    let axis = curvatures(findings).axis
    // Of Σ, whose trace is a + b; with the bias, whose curvature is 1 once the mean is subtracted.
    let (largest, smallest) = (max(1, axis), min(1, a + b - axis))
    let whole = [a + x * x, c + x * y, x, c + x * y, b + y * y, y, x, y, 1]
    let values = singularValues(of: Tensor([3, 3], whole.map { Float($0) }))
    let (most, least) = (Double(values[0]), Double(values[2]))
    guard least > 0, smallest > 0 else { return "" }
    return """
      With the row of the bias $H$ is a matrix of 3×3, and the mean works at both ends: it raises $\\lambda_{\\mathrm{max}}$, and it \
      lowers $\\lambda_{\\mathrm{min}}$, because the long move along the valley is now possible. So $\\kappa$ grows \
      \(fixed(most / least / (largest / smallest), 0)) times, and the number of steps nearly as much.
      """
  }

  /// Its covariance, and what its mean adds.
  private static func sum(_ findings: Findings) -> String {
    let mean = findings.clouds[Method.raw.rawValue][0].means
    return covariance(findings, decimals: 1) + " + "
      + matrix(mean[0] * mean[0], mean[0] * mean[1], mean[1] * mean[1], decimals: 1)
  }
}
