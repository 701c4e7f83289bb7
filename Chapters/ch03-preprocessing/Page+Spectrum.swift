// The page of chapter 3: why white paper is hard, from the curvatures of digits.

import Foundation
import Workbook

extension Preprocessings {
  /// What the mean adds to the curvature of digits, and how well that predicts losses and rates.
  static func addSpectrum(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    let spectrum = findings.spectrum ?? full?.spectrum
    page.prose(
      """
      ## Why white paper is hard

      In the first layer of a net, too, a mean makes one direction steep. We calculate how steep for linear units with the same \
      inputs. Call the largest curvature $\\lambda_{\\mathrm{max}}$. **If it is ten times as large, the rate must be about ten times \
      as small**, and then all other directions are learned ten times as slowly. \(added(findings))
      """)
    defer { addExchange(to: &page, findings) }
    guard let spectrum, spectrum.row(.raw, onWhite: true) != nil, spectrum.row(.raw) != nil,
      spectrum.row(.meanImage) != nil
    else {
      let words = order(findings)
      if !words.isEmpty { page.prose(words) }
      return
    }
    page.table(meanTable(spectrum, findings))
    page.project("The steeper one direction, the smaller the best rate")
    page.prose("\(order(findings)) \(parting(findings))")
    page.fold("All curvatures, and where the prediction fails") { addCurvatures(to: &$0, findings, spectrum) }
  }

  /// The chain rule, all eigenvalues, and what linear units do not learn.
  private static func addCurvatures(to page: inout Page, _ findings: Findings, _ spectrum: SpectrumFindings) {
    guard let white = spectrum.row(.raw, onWhite: true), let raw = spectrum.row(.raw),
      let centred = spectrum.row(.meanImage)
    else { return }
    let steps = spectrum.steps
    page.prose(
      """
      The chain rule carries the derivation over to a net. Let $z = w^T\\tilde{x}$ be the sum of one unit of the first layer, and $L(z)$ the \
      loss of one image as this unit changes it. Then

      $$\\frac{\\partial^2 E[L]}{\\partial w_i\\, \\partial w_j} = E[L''(z)\\, \\tilde{x}_i \\tilde{x}_j]$$

      For the linear unit $L'' = 1$. In a net $L''$ is another number for each image, but the products are the same, so a large mean \
      stretches this valley, too. Here $L''$ is far below 1: softmax (chapter 8) gives at most ¼, and this is multiplied by the squares of \
      the weights behind the unit. So the rate may be far above $2/\\lambda_{\\mathrm{max}}$.

      In a linear unit, after $n$ steps at the rate $1/\\lambda_{\\mathrm{max}}$, the share of the distance that is left along a \
      direction of curvature $\\lambda$ is

      $$\\left(1 - \\frac{\\lambda}{\\lambda_{\\mathrm{max}}}\\right)^n \\approx e^{-n\\lambda/\\lambda_{\\mathrm{max}}}$$

      We call a direction *learned* if less than $1/e$ of the distance is left, that is, if $\\lambda$ is above \
      $\\lambda_{\\mathrm{max}}/n$. These nets take $n = \(steps)$ steps.
      """)
    let drawn = [("mean image", centred, 0), ("raw", raw, 6), ("white paper", white, 1)]
    page.figure(
      Figure(
        "The mean raises one eigenvalue, from \(short(centred.values[0])) to \(short(white.values[0], digits: 3)) on white paper, and so fewer directions are learned: \(white.learned) instead of \(centred.learned)",
        .lines(
          LineChart(
            x: Axis("eigenvalues of H, sorted: the first, the second, …", log: true),
            y: Axis("eigenvalue λ (curvature)", log: true, range: 0.002...2_000),
            drawn.map { name, row, color in
              let ranks = SpectrumFindings.ranks(of: findings.digits.size + 1)
              let places = row.values.indices.filter { row.values[$0] >= 0.002 }
              return Series(
                "\(name): λmax = \(short(row.values[0]))", x: places.map { Double(ranks[$0]) },
                y: places.map { row.values[$0] }, style: .line,
                isEmphasized: row.isWhite, color: color)
            }
              + drawn.map { _, row, color in
                Series(
                  "", x: [1], y: [row.values[0]], style: .points, color: color)
              },
            references: drawn.map { name, row, _ in
              .init(.horizontal, at: row.values[0] / Double(steps), "λmax/\(steps), \(name)")
            })),
        caption: """
          All eigenvalues of $H$ for \(grouped(findings.digits.trainingCount)) digits (\(findings.data)), the bias included, down to 0.002. \
          The directions below a dashed line, $\\lambda_{\\mathrm{max}}/n$, are not learned.
          """,
        name: "spectrum"))
    page.prose(
      """
      How much of the loss is left? Ten linear units, one for each digit, start at 0, at the distance $c_k$ from the bottom along direction \
      $k$. The loss to be gained there is $\\frac{1}{2}\\lambda_k c_k^2$. After $n$ steps the square of the share above is left of it:

      $$\\text{not learned} = \\frac{\\sum_k \\lambda_k c_k^2\\, e^{-2n\\lambda_k/\\lambda_{\\mathrm{max}}}}{\\sum_k \\lambda_k c_k^2}$$
      """)
    page.table(table(spectrum, findings))
    page.prose(
      [limits(findings, spectrum), rates(findings, spectrum)].filter { !$0.isEmpty }.joined(separator: "\n\n"))
  }

  /// λmax and the losses of the dense net, for those that differ only in their mean, at each rate that is best for one.
  private static func meanTable(_ spectrum: SpectrumFindings, _ findings: Findings) -> Table {
    let rates = bestRates(spectrum, findings)
    return Table(
      """
      The same digits with four means: $\\lambda_{\\mathrm{max}}$ of linear units, and the training loss of the dense net at the rates \
      that are best for one of them (bold: the best of a row)
      """,
      columns: ["preparation", .init("λmax", digits: 0)]
        + rates.map { .init("rate \(short(Double($0)))", digits: 2) },
      rows: meansAlone(spectrum).map { row in
        let net = row.isWhite ? findings.ink : findings.learning
        return [TableCell(row.isWhite ? "raw, white paper" : row.method.name), TableCell(row.values[0])]
          + rates.map { rate in
            guard let place = net.rates.firstIndex(of: rate) else { return "–" }
            let loss = fixed(net.finalLoss(row.method, rate: place).mean, 2)
            return TableCell(place == net.bestRate(row.method) ? "**\(loss)**" : loss)
          }
      })
  }

  /// The rates that are best for one of them, the smallest first; three at most.
  private static func bestRates(_ spectrum: SpectrumFindings, _ findings: Findings) -> [Float] {
    let all = meansAlone(spectrum).map { row in
      let net = row.isWhite ? findings.ink : findings.learning
      return net.rates[net.bestRate(row.method)]
    }
    return Array(Set(all).sorted().prefix(3))
  }

  /// That the three means on black paper end alike at the rate that is best for raw pixels, and part at a larger one.
  private static func parting(_ findings: Findings) -> String {
    let (net, methods) = (findings.learning, [Method.meanImage, .channelMean, .raw])
    guard methods.allSatisfy({ net.methods.contains($0) }) else { return "" }
    let (small, large) = (net.bestRate(.raw), net.bestRate(.meanImage))
    func losses(_ rate: Int) -> [Double] { methods.map { net.finalLoss($0, rate: rate).mean } }
    func spread(_ rate: Int) -> Double { (losses(rate).max() ?? 1) / max(1e-9, losses(rate).min() ?? 1) }
    guard large > small, spread(small) < 1.2, spread(large) > 1.5, losses(large) == losses(large).sorted() else {
      return ""
    }
    return """
      On black paper the three end nearly alike at the rate \(short(Double(net.rates[small]))), and at \
      \(short(Double(net.rates[large]))) they part, in the order of $\\lambda_{\\mathrm{max}}$: the smaller it is, the more a larger rate still gains.
      """
  }

  /// The preparations that differ only in their mean, the smallest mean first.
  private static func meansAlone(_ spectrum: SpectrumFindings) -> [Spectrum] {
    [spectrum.row(.meanImage), spectrum.row(.channelMean), spectrum.row(.raw), spectrum.row(.raw, onWhite: true)]
      .compactMap { $0 }
  }

  /// λmax, what a linear unit has not learned, and the loss of the dense net, for every preparation.
  private static func table(_ spectrum: SpectrumFindings, _ findings: Findings) -> Table {
    Table(
      "Not learned: predicted for linear units at the rate $1/\\lambda_{\\mathrm{max}}$. Training loss: the dense net at its best rate",
      columns: [
        "preparation", .init("λmax", digits: 0), .init("not learned (%)", digits: 1),
        .init("training loss", digits: 2),
      ],
      rows: spectrum.rows.sorted { $0.left < $1.left }.map { row in
        let net = row.isWhite ? findings.ink : findings.learning
        return [
          TableCell(row.isWhite ? "raw, white paper" : row.method.name), TableCell(row.values[0]),
          TableCell(100 * row.left), TableCell(net.best(row.method).loss.mean),
        ]
      })
  }

  /// The best rate of the dense net, times λmax.
  private static func product(_ row: Spectrum, _ findings: Findings) -> Double {
    let net = row.isWhite ? findings.ink : findings.learning
    return Double("\(net.rates[net.bestRate(row.method)])").map { $0 * row.values[0] } ?? 0
  }

  /// That the best rates fall as 1/λmax where it is large.
  private static func rates(_ findings: Findings, _ spectrum: SpectrumFindings) -> String {
    let large = meansAlone(spectrum).filter { $0.values[0] > 20 }
    let (products, curvatures) = (large.map { product($0, findings) }, large.map(\.values[0]))
    guard large.count > 2, let low = products.min(), let high = products.max(), high < 3.5 * low,
      let flattest = curvatures.min(), let steepest = curvatures.max()
    else { return "" }
    return """
      **So do the best rates**, roughly: where $\\lambda_{\\mathrm{max}}$ is above 20, it differs \(fixed(steepest / flattest, 0))-fold, and the best rate \
      × $\\lambda_{\\mathrm{max}}$ only \(fixed(high / low, 1))-fold. The rates tried are a factor of 3 apart. \
      With the mean image, $\\lambda_{\\mathrm{max}}$ would allow a larger rate than the best one: something else limits it, perhaps the other layer.
      """
  }

  /// The curvature that the mean adds to the digits'; empty where it is not known.
  private static func added(_ findings: Findings) -> String {
    guard let found = findings.digits.curvatures else { return "" }
    return """
      Without a mean it is about \(fixed(found.largest, 0)) for digits. The mean adds at most the sum of the squares of all pixels' means: \
      about \(fixed(found.channel, 0)) with the channel mean subtracted (one number cannot make every pixel's mean 0), \
      \(fixed(found.raw, 0)) for raw digits, and \(fixed(found.white, 0)) on white paper.
      """
  }

  /// Whether the losses follow the curvature that the mean adds.
  private static func order(_ findings: Findings) -> String {
    guard findings.digits.curvatures != nil else { return "" }
    let losses =
      [Method.meanImage, .channelMean, .raw].map { findings.learning.best($0).loss } + [findings.ink.best(.raw).loss]
    let follows = zip(losses, losses.dropFirst()).allSatisfy { ($1 - $0).direction() == .above }
    return follows
      ? "**The losses of the dense net follow the prediction.**"
      : "The losses of the dense net do not follow the predicted order beyond chance."
  }

  /// How far the prediction for linear units holds: the order, the sizes, the best rates.
  private static func limits(_ findings: Findings, _ spectrum: SpectrumFindings) -> String {
    let net = findings.learning
    let rows = spectrum.rows.sorted { $0.left < $1.left }
    let losses = rows.map { ($0.isWhite ? findings.ink : net).best($0.method).loss }
    // Those that end above one that should end above them.
    let misfits = rows.indices.filter { i in losses[i...].contains { (losses[i] - $0).direction() == .above } }
      .map { rows[$0].isWhite ? "white paper" : rows[$0].method.name }
    let found = misfits.isEmpty ? "" : ", except for \(misfits.joined(separator: ", "))"
    var words = "All losses in the table have the predicted order within chance\(found). "
    if let centred = spectrum.row(.meanImage), let white = spectrum.row(.raw, onWhite: true),
      let whitened = spectrum.row(.whitened)
    {
      let loss = net.best(.meanImage).loss.mean
      words += """
        The sizes do not all follow. Compared with the mean image, white paper leaves \(short(white.left / centred.left)) times as \
        much, and its loss is \(short(findings.ink.best(.raw).loss.mean / loss)) times as high. But whitening leaves \
        \(short(centred.left / whitened.left)) times less, and its loss is only \
        \(short(loss / net.best(.whitened).loss.mean)) times lower.
        """
    }
    return words
  }
}
