// The page of chapter 3: what the preparations change in test errors, in one table, and what to conclude.

import Foundation
import Workbook

extension Preprocessings {
  /// One table of differences, three conclusions, and a fold with a control.
  static func addDifferences(to page: inout Page, _ findings: Findings) {
    let (dense, filters) = (findings.learning, findings.convolution)
    func error(_ method: Method, _ net: LearningExperiment) -> Summary { net.best(method).error }
    func between(_ one: Method, _ other: Method) -> (Summary?, Summary?) {
      let both = [dense, filters].map { net in
        net.methods.contains(one) && net.methods.contains(other) ? error(one, net) - error(other, net) : nil
      }
      return (both[0], both[1])
    }
    var rows: [(what: String, than: String, (Summary?, Summary?))] = [
      ("mean image", "raw", between(.meanImage, .raw)),
      ("channel std", "channel mean", between(.channelStandard, .channelMean)),
      ("pixel std", "mean image", between(.pixelStandard, .meanImage)),
      ("whitened", "mean image", between(.whitened, .meanImage)),
      ("whitened", "raw", between(.whitened, .raw)),
    ]
    if let controls = findings.controls {
      rows += [
        (
          "whitened, the first \(controls.kept) directions alone", "all directions, whitened",
          (controls.leading.best(.whitened).error - error(.whitened, dense), nil)
        ),
        ("pixels in another order", "raw", (nil, controls.shuffled.best(.raw).error - error(.raw, filters))),
        ("PCA", "mean image", (between(.principal, .meanImage).0, findings.turningCost)),
      ]
    } else {
      rows.append(("PCA", "mean image", between(.principal, .meanImage)))
    }
    page.table(
      Table(
        "Percentage points of test error, more (+) or fewer (−), and 95 % intervals; bold: the interval excludes 0",
        columns: ["what", "compared with", "dense net", "convolutional net"],
        rows: rows.filter { $0.2.0 != nil || $0.2.1 != nil }.map {
          [TableCell($0.what), TableCell($0.than), cell($0.2.0), cell($0.2.1)]
        }))
    page.prose(conclusions(findings))
    guard let controls = findings.controls else { return }
    page.fold("What costs the dense net so much with whitening?") { $0.prose(leadingWords(controls, findings)) }
  }

  /// What the table says.
  private static func conclusions(_ findings: Findings) -> String {
    let (dense, filters) = (findings.learning, findings.convolution)
    let whitening = findings.worse(.whitened, dense).worded(
      above: "Whitening costs the dense net errors", below: "Whitening saves the dense net errors",
      withinChance: "Whitening does not change the errors of the dense net beyond chance")
    let weak = findings.controls.map { controls in
      (controls.leading.best(.whitened).error - dense.best(.whitened).error).worded(
        above: "", below: ". A part of that cost is noise in weak directions: without these the net makes fewer errors",
        withinChance: "")
    }
    let centred = findings.centring.worded(
      above: "even costs the convolutional net errors", below: "saves the convolutional net errors",
      withinChance: "changes nothing beyond chance for the convolutional net")
    let divided =
      findings.divisionLowers
      ? "dividing by the channel's deviation saves errors in one of the nets"
      : "dividing by the channel's deviation saves none in either net"
    let isBest = [dense, filters].contains { net in
      net.methods.contains { (net.best($0).error - net.best(.raw).error).direction() == .below }
    }
    let first =
      isBest
      ? "On black paper raw pixels do nearly as well as the best preparation."
      : "On black paper no preparation is better than raw pixels beyond chance, each at its best rate."
    let overMean = findings.worse(.whitened, filters)
    let overRaw = filters.best(.whitened).error - filters.best(.raw).error
    let picture =
      overMean.direction() == .below && overRaw.direction() == .withinChance
      ? " Whitened pixels, which are still a picture, are better for it than the mean image, but not than raw pixels."
      : ""
    return """
      What to conclude?

      - **\(first)** The mean image \(centred) here, and \
      \(divided). White paper is where centring counts (*Black on white*).
      - **Low training loss is not low test error.** \(whitening)\(weak ?? "").
      - **A convolution needs a picture.** \(neighbourWords(findings))\(picture)
      """
  }

  /// What of PCA's cost in the convolutional net is the loss of neighbours.
  private static func neighbourWords(_ findings: Findings) -> String {
    let lead = "PCA's coordinates have no neighbours."
    guard let controls = findings.controls else { return lead }
    let order = controls.shuffled.best(.raw).error - findings.convolution.best(.raw).error
    let rest = findings.turningCost - order
    let left = rest.worded(
      above: "So PCA costs more than the lost neighbours explain.",
      below: "So the lost neighbours are more than enough to explain it.",
      withinChance:
        "So the lost neighbours are enough to explain it, although another part of up to \(fixed(rest.mean + rest.uncertainty(among: 1), 1)) points cannot be excluded."
    )
    return """
      \(lead) Pixels in another order have none either, and they cost the net \(fixed(order.mean, 1)) points; PCA's coordinates, \
      scattered over the picture at random, cost \(fixed(findings.turningCost.mean, 1)). \(left)
      """
  }

  /// Whether noise in weak directions is what whitening costs: with the leading directions alone.
  private static func leadingWords(_ controls: ControlFindings, _ findings: Findings) -> String {
    let (all, some, centred) = (
      findings.learning.best(.whitened), controls.leading.best(.whitened), findings.learning.best(.meanImage)
    )
    let saved = some.error - all.error
    let first = [findings.learning, controls.leading].map { $0.firstEpoch(.whitened, of: findings.epochs) }
    let above = some.error - centred.error
    let held = saved.worded(
      above: "So the weak directions are not the reason.",
      below: above.worded(
        above:
          "So the weak directions cost \(fixed(saved.magnitude.mean, 1)) of the \(fixed(findings.worse(.whitened, findings.learning).mean, 1)) points; the reason for the others is not known.",
        below: "So the weak directions are the reason; without them whitening even gains.",
        withinChance: "So the weak directions are the reason: the mean image does no better beyond chance."),
      withinChance: "That is no difference beyond chance, so the reason is another one.")
    return """
      Is the noise in weak directions the reason for the errors? Keep only the first \(controls.kept) whitened directions, which hold \
      nine tenths of the variance. The loss of the first epoch is then \(fixed(first[1], 2)) instead of \(fixed(first[0], 2)), and \
      the dense net makes \(errorsMore(saved)) on test images. \(held)
      """
  }
}
