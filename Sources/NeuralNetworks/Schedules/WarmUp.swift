// A gentle beginning for any schedule, and drops at chosen epochs.

import Foundation
import Tensors

/// A linear warm-up in front of another schedule: epoch e of the first w gets e/w of the schedule's rate.
///
/// The schedule underneath counts its epochs from the beginning of the warm-up, so that its drops stay where they are.
/// - Source: Goyal et al. 2017, arXiv:1706.02677, section 2.2.
public struct WarmUp<Base: Schedule>: Schedule {
  /// The schedule that is warmed up.
  public var base: Base
  /// w: the epoch in which the full rate is reached.
  public let epochs: Int

  /// Creates a schedule.
  public init(_ base: Base, over epochs: Int) {
    demand(epochs > 0, "WarmUp: the number of epochs must be positive, got \(epochs)")
    self.base = base
    self.epochs = epochs
  }

  public var name: String { "\(base.name), warm-up over \(epochs) epochs" }

  public func callAsFunction(epoch: Int) -> Float {
    base(epoch: epoch) * min(1, Float(epoch) / Float(epochs))
  }
}

/// η·γ^k, where k is the number of milestones already passed: a drop after each of the chosen epochs.
public struct MultiStepDecay: Schedule {
  /// η: the rate before the first milestone.
  public var rate: Float
  /// γ: what each milestone multiplies by.
  public var factor: Float
  /// The last epochs before each drop, rising.
  public let milestones: [Int]

  /// Creates a schedule.
  ///
  /// - Precondition: the milestones rise.
  public init(_ rate: Float, factor: Float = 0.1, after milestones: [Int]) {
    demand(
      zip(milestones, milestones.dropFirst()).allSatisfy { $0 < $1 },
      "MultiStepDecay: the milestones must rise, got \(milestones)")
    self.rate = rate
    self.factor = factor
    self.milestones = milestones
  }

  public var name: String { "\(rate), ×\(factor) after epochs \(milestones)" }

  public func callAsFunction(epoch: Int) -> Float {
    let drops = milestones.count { $0 < epoch }
    return Float(Double(rate) * pow(Double(factor), Double(drops)))
  }
}
