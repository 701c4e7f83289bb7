// The page of chapter 3: what the preparations change in test errors: three conclusions, and a table.

import Foundation
import Workbook

extension Preprocessings {
  /// The differences, with their intervals.
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
      ("whitened", "raw", between(.whitened, .raw)),
      ("PCA", "raw", (between(.principal, .raw).0, findings.turningCost)),
    ]
    if let controls = findings.controls {
      rows += [
        (
          "whitened, the first \(controls.kept) directions alone", "all directions, whitened",
          (controls.leading.best(.whitened).error - error(.whitened, dense), nil)
        ),
        ("pixels in another order", "raw", (nil, controls.shuffled.best(.raw).error - error(.raw, filters))),
      ]
    }
    page.table(
      Table(
        "Percentage points of test error, more (+) or fewer (−), and 95 % intervals; bold: the interval excludes 0",
        columns: ["what", "compared with", "dense net", "convolutional net"],
        rows: rows.filter { $0.2.0 != nil || $0.2.1 != nil }.map {
          [TableCell($0.what), TableCell($0.than), cell($0.2.0), cell($0.2.1)]
        }))
  }

  /// What to conclude from both figures, each preparation compared with raw pixels.
  static func conclusions(_ findings: Findings) -> String {
    let (dense, filters) = (findings.learning, findings.convolution)
    let isBest = [dense, filters].contains { net in
      net.methods.contains { (net.best($0).error - net.best(.raw).error).direction() == .below }
    }
    let first =
      isBest
      ? "On black paper raw pixels do nearly as well as the best preparation."
      : "On black paper no preparation has fewer test errors than raw pixels beyond chance."
    let centred = findings.centring.worded(
      above: "The mean image even costs the convolutional net errors",
      below: "The mean image saves the convolutional net errors",
      withinChance: "The mean image changes nothing beyond chance for the convolutional net")
    let whitening = findings.overRaw(.whitened, dense).worded(
      above: "costs the dense net errors", below: "saves the dense net errors",
      withinChance: "does not change the errors of the dense net beyond chance")
    return """
      Three things to keep:

      - **\(first)** \(centred). White paper is where centring counts.
      - **Low training loss is not low test error.** Whitening \(findings.bestLoss == .whitened ? "ends with the lowest training loss and " : "")\(whitening).
      - **A convolution needs a picture.** \(neighbourWords(findings))
      """
  }

  /// What of PCA's cost in the convolutional net is the loss of neighbours, both compared with raw pixels.
  private static func neighbourWords(_ findings: Findings) -> String {
    let lead = "PCA's coordinates have no neighbours."
    guard let controls = findings.controls else { return lead }
    let order = controls.shuffled.best(.raw).error - findings.convolution.best(.raw).error
    let rest = findings.turningCost - order
    let left = rest.worded(
      above: findings.centring.worded(
        above: "the rest is more than chance, and subtracting the mean image, which belongs to PCA, is a part of it.",
        below: "the rest is more than chance.", withinChance: "the rest is more than chance."),
      below: "the lost neighbours are more than enough to explain it.",
      withinChance: "the difference between the two may be chance, so the lost neighbours are enough to explain it.")
    return """
      \(lead) To see what this costs, we put the raw pixels of all images in one random order. Compared with raw pixels, the random order \
      costs \(fixed(order.mean, 1)) points and PCA \(fixed(findings.turningCost.mean, 1)): \(left)
      """
  }
}
