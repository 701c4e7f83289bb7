// Early stopping: ends a run whose validation error has stopped improving.

/// Stops a run when the validation error has not improved for `patience` epochs, and restores the best weights.
///
/// In regression there are no classification errors, and the validation loss is used instead.
/// - Source: Prechelt 1998, "Early stopping — but when?", doi:10.1007/3-540-49430-8_3.
public struct EarlyStopping: Hashable, Sendable {
  /// The number of epochs without improvement after which the run ends; at least 1.
  public var patience: Int
  /// The decrease of the validation error that counts as an improvement, on the scale 0 … 1.
  public var minimumImprovement: Double

  /// Creates a rule.
  public init(patience: Int, minimumImprovement: Double = 0) {
    self.patience = max(1, patience)
    self.minimumImprovement = minimumImprovement
  }

  /// The epoch with the best validation error, and whether patience is exhausted after the last epoch.
  ///
  /// The result depends only on the history, so a resumed run decides exactly as an uninterrupted one.
  public func judge(_ history: [EpochRecord]) -> (best: Int?, stops: Bool) {
    var best: (epoch: Int, error: Double)?
    for record in history {
      guard let error = record.validationError ?? record.validationLoss else { continue }
      if best.map({ error < $0.error - minimumImprovement }) ?? true { best = (record.epoch, error) }
    }
    guard let best, let last = history.last else { return (nil, false) }
    return (best.epoch, last.epoch - best.epoch >= patience)
  }
}
