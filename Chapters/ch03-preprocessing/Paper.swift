// Black on white in other nets: a convolutional one, and a dense one with Adam or with batch norm.

import Foundation
import Workbook

/// Raw and centred pixels on white paper, in one net.
struct PaperNet: Codable, Sendable {
  /// How a preparation ends, at the rates that suit it.
  struct End: Codable, Sendable {
    /// The rate with the lowest training loss, and whether it is an end of those tried.
    var rate: Double
    var isAtEnd: Bool
    /// The training loss of the last epoch, and the test error in per cent at the rate that validation images chose.
    var loss: Summary
    var error: Summary
  }

  var raw: End
  var centred: End

  /// What the mean costs: of loss, and of errors in points.
  var cost: (loss: Summary, error: Summary) { (raw.loss - centred.loss, raw.error - centred.error) }
}

extension PaperNet {
  init(_ experiment: LearningExperiment) {
    self.init(raw: End(experiment, .raw), centred: End(experiment, .meanImage))
  }
}

extension PaperNet.End {
  /// To four decimals: a record is to stay small.
  init(_ experiment: LearningExperiment, _ method: Method) {
    let (rate, best) = (experiment.bestRate(method), experiment.best(method))
    self.init(
      rate: Double(experiment.rates[rate]),
      isAtEnd: experiment.rates.count > 1 && [0, experiment.rates.count - 1].contains(rate),
      loss: best.loss.rounded(decimals: 4), error: best.error.rounded(decimals: 4))
  }
}

/// The channel mean on white paper, in the dense and in the convolutional net.
struct ChannelPaper: Codable, Sendable {
  var dense: PaperNet.End
  var filters: PaperNet.End
}

/// What full runs alone measure on white paper, and of pixels from 0 to 255.
struct PaperFindings: Codable, Sendable {
  /// The dense net with Adam, and with batch norm behind its first layer.
  var adam: PaperNet
  var normalized: PaperNet
  /// White on black, pixels from 0 to 255, raw, in the dense net.
  var bytes: PaperNet.End
}

/// Pixels from 0 to 255.
struct Bytes: Preprocessing {
  var name: String { "0 to 255" }
  static func fit(_ train: Tensor) -> Bytes { Bytes() }
  func apply(to inputs: inout Tensor) {
    inputs.withUnsafeMutableElements { x in for i in x.indices { x[i] *= 255 } }
  }
}
