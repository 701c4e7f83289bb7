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
      ("channel mean", "raw", between(.channelMean, .raw)),
      ("channel mean and std", "raw", between(.channelStandard, .raw)),
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
    let centred = findings.centring.worded(
      above: "The mean image even costs the convolutional net errors",
      below: "The mean image saves the convolutional net errors",
      withinChance: "The mean image changes nothing beyond chance for the convolutional net")
    return """
      - **\(centred)** on these digits.
      - **Low training loss is not low test error.** Whitening \(lossWords(findings))\(whiteningWords(findings)).
      - **A convolution needs a picture.** \(neighbourWords(findings))
      """
  }

  /// In which nets whitening ends with the lowest training loss.
  private static func lossWords(_ findings: Findings) -> String {
    let isLowest = [findings.learning, findings.convolution].map { net in
      net.methods.allSatisfy { net.best(.whitened).loss.mean <= net.best($0).loss.mean }
    }
    switch (isLowest[0], isLowest[1]) {
    case (true, true): return "ends with the lowest training loss in both nets. It "
    case (true, false): return "ends with the lowest training loss in the dense net. It "
    default: return ""
    }
  }

  /// What whitening does to the test errors of both nets.
  static func whiteningWords(_ findings: Findings) -> String {
    let (dense, filters) = (
      findings.overRaw(.whitened, findings.learning), findings.overRaw(.whitened, findings.convolution)
    )
    if dense.direction() == .above, filters.direction() == .withinChance {
      return "costs the dense net \(fixed(dense.mean, 1)) points of error and the convolutional net none beyond chance"
    }
    func words(_ points: Summary, _ net: String) -> String {
      points.worded(
        above: "costs the \(net) \(fixed(points.mean, 1)) points of error",
        below: "saves the \(net) \(fixed(-points.mean, 1)) points of error",
        withinChance: "does not change the errors of the \(net) beyond chance")
    }
    return "\(words(dense, "dense net")) and \(words(filters, "convolutional net"))"
  }

  /// What of PCA's cost in the convolutional net is the loss of neighbours, both compared with raw pixels.
  private static func neighbourWords(_ findings: Findings) -> String {
    let cost = findings.turningCost
    guard let controls = findings.controls, cost.direction() == .above else {
      return "PCA's coordinates have no neighbours."
    }
    let order = controls.shuffled.best(.raw).error - findings.convolution.best(.raw).error
    let left = (cost - order).worded(
      above: "the lost neighbours are a part of the reason, not all of it.",
      below: "the lost neighbours are more than enough to explain it.",
      withinChance: "the lost neighbours are enough to explain it.")
    return """
      PCA's coordinates have no neighbours, and they cost the convolutional net \(fixed(cost.mean, 1)) points. Raw pixels in a random \
      order, the same for all images, cost \(fixed(order.mean, 1)): \(left)
      """
  }
}
