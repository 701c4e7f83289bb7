// The learning rate schedules of the workbook.

import Foundation
import Tensors

/// A constant learning rate.
public struct ConstantRate: Schedule {
  /// η: the rate of every epoch.
  public var rate: Float
  /// Creates a schedule.
  public init(_ rate: Float) { self.rate = rate }
  public var name: String { "constant \(rate)" }
  public func callAsFunction(epoch: Int) -> Float { rate }
}

/// A table of rates, each valid up to and including an epoch; after the last row, `finalRate` applies.
///
///     StepTable([(through: 2, 5e-4), (through: 5, 2e-4), (through: 9, 5e-5)], then: 1e-5)   // LeNet's, in the sources
public struct StepTable: Schedule {
  /// The rows, in order of increasing epochs.
  public let rows: [(through: Int, rate: Float)]
  /// The rate after the last row.
  public var finalRate: Float

  /// Creates a schedule.
  ///
  /// - Precondition: the epochs increase.
  public init(_ rows: [(through: Int, Float)], then finalRate: Float) {
    demand(
      zip(rows, rows.dropFirst()).allSatisfy { $0.through < $1.through },
      "StepTable: the epochs must increase, got \(rows.map(\.through))")
    self.rows = rows.map { (through: $0.through, rate: $0.1) }
    self.finalRate = finalRate
  }

  /// The table of the sources: 5e-4 for two epochs, 2e-4 for three, 5e-5 for four, then 1e-5.
  public static let lenet = StepTable([(through: 2, 5e-4), (through: 5, 2e-4), (through: 9, 5e-5)], then: 1e-5)

  public var name: String { "table of \(rows.count + 1) rates" }
  public func callAsFunction(epoch: Int) -> Float { rows.first { epoch <= $0.through }?.rate ?? finalRate }
}

/// η·γ^⌊(epoch − 1)/period⌋: a drop by the same factor every few epochs.
public struct StepDecay: Schedule {
  /// η: the rate of the first epochs.
  public var rate: Float
  /// γ: the factor of each drop.
  public var factor: Float
  /// The number of epochs between two drops; positive.
  public var period: Int
  /// Creates a schedule.
  public init(_ rate: Float, factor: Float = 0.1, every period: Int) {
    demand(period > 0, "StepDecay: the period must be positive, got \(period)")
    self.rate = rate
    self.factor = factor
    self.period = period
  }
  public var name: String { "\(rate), ×\(factor) every \(period) epochs" }
  public func callAsFunction(epoch: Int) -> Float {
    Float(Double(rate) * pow(Double(factor), Double((epoch - 1) / period)))
  }
}

/// η·γ^(epoch − 1): the same factor after every epoch.
public struct ExponentialDecay: Schedule {
  /// η: the rate of the first epoch.
  public var rate: Float
  /// γ: the factor after each epoch.
  public var factor: Float
  /// Creates a schedule.
  public init(_ rate: Float, factor: Float) {
    self.rate = rate
    self.factor = factor
  }
  public var name: String { "\(rate), ×\(factor) each epoch" }
  public func callAsFunction(epoch: Int) -> Float { Float(Double(rate) * pow(Double(factor), Double(epoch - 1))) }
}

/// Half a cosine from the first rate down to the last: η_min + (η − η_min)·(1 + cos(π·(epoch − 1)/epochs))/2.
///
/// - Source: Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5.
public struct CosineDecay: Schedule {
  /// η: the rate of the first epoch.
  public var rate: Float
  /// η_min: the final rate.
  public var minimum: Float
  /// The number of epochs in half a period; positive.
  public var epochs: Int
  /// Creates a schedule.
  public init(_ rate: Float, minimum: Float = 0, over epochs: Int) {
    demand(epochs > 0, "CosineDecay: the number of epochs must be positive, got \(epochs)")
    self.rate = rate
    self.minimum = minimum
    self.epochs = epochs
  }
  public var name: String { "cosine from \(rate) over \(epochs) epochs" }
  public func callAsFunction(epoch: Int) -> Float {
    let swing = (1 + cos(Double.pi * Double(epoch - 1) / Double(epochs))) / 2
    return Float(Double(minimum) + Double(rate - minimum) * swing)
  }
}
