// The page of chapter 3: digits, prepared.

import Foundation
import Workbook

extension Preprocessings {
  /// The same preparations of digits.
  static func addDigits(to page: inout Page, _ findings: Findings) {
    let digits = findings.digits
    let side = Int(Double(digits.size).squareRoot())
    // A row has a scale of its own: divided by one number, the channel mean's is the same.
    let rows = Array(zip(digits.pictures, DigitFindings.shown)).filter { $0.1 != .channelStandard }
    page.prose(
      """
      ## Preparing a digit

      Now real images, \(grouped(digits.trainingCount)) of them (\(findings.data), \(side)×\(side)), pixels from 0 to 1. With $x_{n,c,i}$ for pixel $i$ in channel $c$ of \
      image $n$, and $N$ images of $P$ pixels:

      $$\\mu_{c,i} = \\frac{1}{N} \\sum_n x_{n,c,i}$$

      $$\\mu_c = \\frac{1}{N P} \\sum_n \\sum_i x_{n,c,i}$$

      $$\\sigma_c^2 = \\frac{1}{N P} \\sum_n \\sum_i (x_{n,c,i} - \\mu_c)^2$$

      In NumPy, for `x` of shape [N, C, P]: `x.mean(axis=0)`, `x.mean(axis=(0, 2))` and `x.std(axis=(0, 2))`.

      The mean image is $\\mu_{c,i}$: as many numbers as an image has. The channel statistics are one $\\mu_c$ and one \
      $\\sigma_c$ for each channel, three pairs for a colour photograph and one for a digit. To standardize is \
      $x' = (x - \\mu_c)/\\sigma_c$. Pixel std divides by a $\\sigma_{c,i}$ for each pixel, and leaves alone one that is always the same.
      """)
    page.figure(
      Figure(
        digits.neighbours[1] < 0.5 * digits.neighbours[0]
          ? "Whitening leaves edges: the correlation of neighbouring pixels falls from \(fixed(digits.neighbours[0], 2)) to \(fixed(digits.neighbours[1], 2))"
          : "Whitening has not decorrelated neighbouring pixels: \(fixed(digits.neighbours[0], 2)) before it, \(fixed(digits.neighbours[1], 2)) after",
        .images(
          preparedGrid(rows.map(\.0), rows.map(\.1.name))),
        caption: """
          Eight test digits (\(findings.data)); orange is above 0, blue below, each row on its own scale, so that channel \
          std would be the same picture as the channel mean. In the last row pixels that are nearly always black have become \
          the largest of all. PCA turns a digit \
          into coordinates, which are no picture; whitened ones are turned back to pixels here, which is called ZCA.
          """,
        name: "prepared-digits", isWide: true))
  }

  /// PCA.
  static func addComponents(to page: inout Page, _ findings: Findings) {
    let (digits, shares, needed) = (findings.digits, findings.digits.shares, findings.digits.needed)
    page.prose(
      """
      ## Turning the axes

      What holds for two pixels holds for many. An image of a digit (\(findings.data)) is a vector $x$ of $D = \(digits.size)$ numbers \
      from 0 to 1. Its covariance $\\Sigma = \\frac{1}{N}\\sum_n (x_n - \\mu)(x_n - \\mu)^T$ has $D$ eigenvectors, \
      $\\Sigma u_k = \\lambda_k u_k$, and the points spread along $u_k$ with the variance $\\lambda_k$. With the eigenvectors as the rows \
      of $U$,

      $$z = U (x - \\mu) \\qquad \\text{(PCA)}, \\qquad z_k' = \\frac{z_k}{\\sqrt{\\lambda_k + \\varepsilon}} \\qquad \\text{(whitening)}$$

      with $\\mu$ the mean image. Keeping the first $K$ rows of $U$ projects to $K$ numbers. The small $\\varepsilon$ keeps directions \
      in which nothing happens from being blown up to noise.
      """)
    page.figure(
      Figure(
        "Eleven directions of \(shares.count) hold \(percent(shares[10])) of what differs between digits",
        .images(
          ImageGrid(
            columns: 6,
            digits.components.enumerated().map { k, component in
              component.picture(
                caption: k == 0 ? "mean" : "\(k): \(percent(shares[k - 1] - (k > 1 ? shares[k - 2] : 0)))")
            }, isSigned: true)),
        caption:
          "The mean image, and the leading components with their share of the variance, fitted on \(grouped(digits.trainingCount)) training images (\(findings.data)).",
        name: "components"))
    page.prose(
      """
      Pixels of digits are far from independent: \(needed) of \(shares.count) directions hold nine tenths of the variance. Even \
      among these the variances differ by a factor of \(fixed(digits.curvature, 0)), and so does the curvature of the loss. No \
      subtraction changes that; whitening does.
      """)
  }

  static func addErrata(to page: inout Page, _ digits: DigitFindings) {
    let (deviation, variance) = (digits.pixelDeviation, digits.pixelDeviation * digits.pixelDeviation)
    page.callout(
      .erratum("S2"),
      """
      The source has ResNet subtract the channel mean and divide \"by the variance\". It is the standard deviation. Divided by \
      the variance, these digits get a standard deviation of \(short(1 / deviation)) if pixels run from 0 \
      to 1, and of \(short(1 / (255 * deviation))) if they run from 0 to 255 (the variance is \
      \(short(variance)), or \(fixed(variance * 255 * 255, 0))): a result that depends on the unit of the pixels is the sign that \
      something is wrong.
      """)
    page.sideNote(
      """
      The paper on ResNet subtracts the per-pixel mean, as AlexNet does; channel mean and standard deviation came with \
      its Torch version and are what most use today.
      """)
  }
}
