// The page of chapter 3: PCA and whitening of digits.

import Workbook

extension Preprocessings {
  /// What whitening does for training and test, how much of it is good, and how it is computed.
  static func addWhitening(to page: inout Page, _ findings: Findings) {
    let (dense, sweep) = (findings.learning, findings.whitening)
    let (raw, whitened) = (dense.best(.raw).error, dense.best(.whitened).error)
    page.prose(
      """
      ## Do PCA and whitening help?

      Whitened digits vary equally in all directions, so the loss curves equally in all of them, and descent can be fast. The nets of \
      *Black on white* learn them, on black paper.
      """)
    let change = whitened - raw
    page.predict(
      "The dense net learns whitened digits (ε = \(short(Double(epsilon)))). Compared with raw pixels, its **test** error is",
      choices: ["more than 1 point lower", "within 1 point", "more than 1 point higher"],
      answer: change.mean < -1 ? 0 : change.mean > 1 ? 2 : 1,
      """
      It is \(fixed(whitened.mean, 1)) %, on raw pixels \(fixed(raw.mean, 1)) %, although the training loss is \
      \(findings.bestLoss == .whitened ? "the lowest of all preparations" : "another matter").
      """)
    page.project("Whitened digits: more or fewer test errors?")
    page.prose(
      """
      **Low training loss is not low test error.** Most of the directions of an image are weak and hold mostly noise. Whitening makes them \
      as large as the strong ones. We think that the net then learns the noise of the training images. The small number $\\varepsilon$, which is added to \
      each variance before dividing, limits this: directions with a variance far below $\\varepsilon$ stay small.
      """)
    let centred = dense.best(.meanImage).error
    page.figure(
      Figure(
        sweepTitle(sweep, centred),
        .lines(
          LineChart(
            x: Axis("ε", log: true), y: Axis("test error (%)"),
            [
              Series(
                "whitened", x: sweep.epsilons, y: sweep.errors.map(\.mean), deviation: sweep.errors.map(\.deviation),
                isEmphasized: true, color: 1)
            ], references: [.init(.horizontal, at: centred.mean, "mean image")])),
        caption: """
          The dense net on digits (\(findings.data)) after \(counted(findings.epochs, "epoch")), each ε at the best of four rates. Mean and standard \
          deviation of \(counted(findings.seeds.count, "seed")). At the best ε, over the mean image: \(signed(tuned(sweep, centred).mean)) \
          points\(tuned(sweep, centred).intervalNote()).
          """,
        name: "whitening"))
    page.project("How much to whiten?")
    page.prose(
      """
      \(sweepWords(sweep, centred)) \(filterWords(findings)) PCA alone only turns the axes, which changes nothing for a dense net with plain descent. A convolution needs \
      neighbours, and PCA's coordinates have none.
      """)
    page.fold("How PCA and whitening are computed") { addComponents(to: &$0, findings) }
  }

  /// How the best ε compares with the mean image alone.
  static func tuned(_ sweep: WhiteningFindings, _ centred: Summary) -> Summary { sweep.errors[sweep.best] - centred }

  private static func sweepTitle(_ sweep: WhiteningFindings, _ centred: Summary) -> String {
    guard isClear(sweep.errors[0] - sweep.errors[sweep.best], beyond: 0) else {
      return "How much is whitened makes no clear difference to the test error"
    }
    let found = tuned(sweep, centred).worded(
      above: "does no better than the mean image", below: "saves errors over the mean image",
      withinChance: "is level with the mean image")
    return sweep.best > sweep.epsilons.count / 2
      ? "The less we whiten, the fewer errors: whitening at the best ε \(found)"
      : "Whitening at the best ε \(found)"
  }

  /// What whitening is good for, at its own ε.
  private static func sweepWords(_ sweep: WhiteningFindings, _ centred: Summary) -> String {
    let ε = short(sweep.epsilons[sweep.best])
    let found = tuned(sweep, centred).worded(
      above: "it is still behind the mean image alone",
      below: "it saves errors over the mean image alone",
      withinChance: "we see no difference from the mean image alone")
    let helps = tuned(sweep, centred).direction() == .below
    return """
      **Tuned, whitening \(helps ? "helps" : "gains nothing") here**: at the best ε tried\(sweep.best == sweep.epsilons.count - 1 ? " (the largest)" : ""), \(ε), \(found)\(sweep.epsilons[sweep.best] >= 1
        ? ". At such an ε hardly anything is whitened" : "").
      """
  }

  /// What whitening does to the convolutional net.
  private static func filterWords(_ findings: Findings) -> String {
    let points = findings.overRaw(.whitened, findings.convolution)
    let found = points.worded(
      above: "costs \(fixed(points.mean, 1)) points", below: "saves \(fixed(-points.mean, 1)) points",
      withinChance: "makes no difference that we could see")
    return "In the convolutional net whitening (ε = \(short(Double(epsilon)))) \(found)."
  }

  /// How PCA and whitening are computed, and what they make of digits.
  private static func addComponents(to page: inout Page, _ findings: Findings) {
    let (digits, needed) = (findings.digits, findings.digits.needed)
    page.prose(
      """
      An image of a digit is a vector $x$ of $D = \(digits.size)$ numbers. \
      $\\Sigma = \\frac{1}{N}\\sum_n (x_n - \\mu)(x_n - \\mu)^T$ has $D$ eigenvectors, $\\Sigma u_k = \\lambda_k u_k$, and the \
      images have the variance $\\lambda_k$ along $u_k$. Let the eigenvectors be the rows of $U$. Then

      $$z = U (x - \\mu) \\qquad \\text{(PCA)}, \\qquad z_k' = \\frac{z_k}{\\sqrt{\\lambda_k + \\varepsilon}} \\qquad \\text{(whitening)}$$

      Here $\\mu$ is the mean image. In NumPy, with an image in each row of `X`:

      ```python
      import numpy as np
      eps = 0.01
      X = X - X.mean(axis=0)                     # the mean image
      lam, V = np.linalg.eigh(X.T @ X / len(X))  # the columns of V are the u_k,
      lam, V = lam[::-1], V[:, ::-1]             # now the longest axis first
      Z = X @ V                                  # PCA
      W = Z / np.sqrt(lam + eps)                 # whitened
      zca = W @ V.T                              # whitened, turned back to pixels
      ```

      The pixels of digits depend strongly on each other: \(needed) of \(digits.shares.count) directions hold nine tenths of the variance. For the \
      convolutional net whitened digits are turned back to pixels.
      """)
  }

  /// The numbers of a run that is smaller than the recorded one.
  static func addToday(to page: inout Page, _ today: Findings) {
    page.fold("The numbers of this run, which is shorter than the recorded one") { page in
      page.prose(
        """
        All figures and sentences above are about the recorded run. This run had \(grouped(today.digits.trainingCount)) images and \
        \(counted(today.epochs, "epoch")).
        """)
      for (net, name) in [(today.learning, "The dense net"), (today.convolution, "The convolutional net")] {
        page.table(
          Table(
            "\(name) in this run, each number at its best rate",
            columns: ["preparation", .init("training loss", digits: 3), .init("test error (%)", digits: 1)],
            rows: net.methods.map {
              [TableCell($0.name), .measured(net.best($0).loss), .measured(net.best($0).error)]
            }))
      }
    }
  }
}
