// The page of chapter 3: digits, prepared.

import Foundation
import Workbook

extension Preprocessings {
  /// The same preparations of digits, as pictures.
  private static func addDigits(to page: inout Page, _ findings: Findings) {
    let digits = findings.digits
    let rows = Array(zip(digits.pictures, DigitFindings.shown)).filter { [.raw, .meanImage, .whitened].contains($0.1) }
    page.figure(
      Figure(
        digits.neighbours[1] < 0.5 * digits.neighbours[0]
          ? "Whitening leaves edges: the correlation of neighbouring pixels falls from \(fixed(digits.neighbours[0], 2)) to \(fixed(digits.neighbours[1], 2))"
          : "Whitening has not decorrelated neighbouring pixels: \(fixed(digits.neighbours[0], 2)) before it, \(fixed(digits.neighbours[1], 2)) after",
        .images(
          preparedGrid(rows.map(\.0), rows.map(\.1.name))),
        caption: """
          Test digits (\(findings.data)); orange is above 0, blue below 0. A *correlation* is 1 if two pixels always rise and fall \
          together. Each row has its own scale. Whitened coordinates are turned back to pixels here (this is called ZCA).
          """,
        name: "prepared-digits", isWide: true))
  }

  /// The formulas of the statistics.
  static func addStatistics(to page: inout Page, _ digits: DigitFindings) {
    let side = Int(Double(digits.size).squareRoot())
    page.fold("The statistics in formulas and in NumPy") {
      $0.prose(
        """
        For images of \(side)×\(side) pixels or any other size: let $x_{n,c,i}$ be pixel $i$ in channel $c$ of image $n$, with $N$ images of $P$ pixels:

        $$\\mu_{c,i} = \\frac{1}{N} \\sum_n x_{n,c,i}$$

        $$\\mu_c = \\frac{1}{N P} \\sum_n \\sum_i x_{n,c,i}$$

        $$\\sigma_c^2 = \\frac{1}{N P} \\sum_n \\sum_i (x_{n,c,i} - \\mu_c)^2$$

        In NumPy, for `x` of shape [N, C, P]: `x.mean(axis=0)`, `x.mean(axis=(0, 2))` and `x.std(axis=(0, 2))`.

        The mean image $\\mu_{c,i}$ has as many numbers as an image. The channel statistics are one $\\mu_c$ and one $\\sigma_c$ for each \
        channel: three pairs for a colour photograph, one pair for a digit. *Channel std* computes $x' = (x - \\mu_c)/\\sigma_c$. *Pixel \
        std* divides by a $\\sigma_{c,i}$ for each pixel, but not if the pixel is always the same.
        """)
    }
  }

  /// How PCA and whitening are computed, and what they make of digits.
  static func addComponents(to page: inout Page, _ findings: Findings) {
    let (digits, shares, needed) = (findings.digits, findings.digits.shares, findings.digits.needed)
    page.prose(
      """
      An image of a digit is a vector $x$ of $D = \(digits.size)$ numbers. \
      $\\Sigma = \\frac{1}{N}\\sum_n (x_n - \\mu)(x_n - \\mu)^T$ has $D$ eigenvectors, $\\Sigma u_k = \\lambda_k u_k$, and the \
      images have the variance $\\lambda_k$ along $u_k$. Let the eigenvectors be the rows of $U$. Then

      $$z = U (x - \\mu) \\qquad \\text{(PCA)}, \\qquad z_k' = \\frac{z_k}{\\sqrt{\\lambda_k + \\varepsilon}} \\qquad \\text{(whitening)}$$

      Here $\\mu$ is the mean image. If we keep only the first $K$ rows of $U$, we get $K$ numbers for each image. The small \
      $\\varepsilon$ prevents a division by nearly 0 in directions in which the images hardly differ. In NumPy, with an image in each \
      row of `X`:

      ```python
      X = X - X.mean(axis=0)                     # the mean image
      lam, V = np.linalg.eigh(X.T @ X / len(X))  # the columns of V are the u_k,
      lam, V = lam[::-1], V[:, ::-1]             # now the longest axis first
      Z = X @ V                                  # PCA
      W = Z / np.sqrt(lam + eps)                 # whitened
      zca = W @ V.T                              # whitened, turned back to pixels
      ```
      """)
    page.prose(
      """
      The pixels of digits depend strongly on each other: \(needed) of \(shares.count) directions hold nine tenths of the variance. \
      Then the curvatures of the loss differ, too (*The derivation*); subtracting a mean does not change that, whitening does.
      """)
    addDigits(to: &page, findings)
  }

  static func addErrata(to page: inout Page, _ digits: DigitFindings) {
    let deviation = digits.pixelDeviation
    page.fold("An erratum, for readers of S2") { page in
      page.callout(
        .erratum("S2"),
        """
        The lecture notes S2 say that ResNet subtracts the channel mean and divides \"by the variance\". It is the standard deviation. \
        Divided by the variance, these digits get a standard deviation of \(short(1 / deviation)) if pixels run from 0 to 1, and of \
        \(short(1 / (255 * deviation))) if they run from 0 to 255. A result that depends on the unit of the pixels is a sign of a mistake.
        """)
    }
  }
}
