// When to stop: the validation error has not fallen for a while.

/// Stops a run when the validation error has not improved for `patience` epochs, and restores the best weights.
///
/// Where values are learned there are no errors to count, and the validation loss takes their place.
/// - Source: Prechelt 1998, "Early stopping — but when?", doi:10.1007/3-540-49430-8_3.
public struct EarlyStopping: Hashable, Sendable {
  /// The number of epochs without improvement after which the run ends; at least 1.
  public var patience: Int
  /// By how much the validation error must fall to count as an improvement, on the scale 0 … 1.
  public var minimumImprovement: Double

  /// Creates a rule.
  public init(patience: Int, minimumImprovement: Double = 0) {
    self.patience = max(1, patience)
    self.minimumImprovement = minimumImprovement
  }

  /// The epoch with the best validation error, and whether patience is at an end after the last one.
  ///
  /// A function of the history alone, so that a resumed run decides as the uninterrupted one.
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
