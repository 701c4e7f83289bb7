// Those who look on while a model learns.

import Foundation
import NeuralNetworks
import Tensors

/// Somebody who looks on. A class, because it collects; training costs nothing more where there is none.
public protocol TrainingObserver: AnyObject {
  /// Called after each update; gradients and activations are those of the step.
  func stepEnded(epoch: Int, step: Int, steps: Int, loss: Double, model: inout Model)
  /// Called after each epoch.
  func epochEnded(epoch: Int, model: inout Model)
}

extension TrainingObserver {
  public func stepEnded(epoch: Int, step: Int, steps: Int, loss: Double, model: inout Model) {}
  public func epochEnded(epoch: Int, model: inout Model) {}
}

/// The loss of every step.
public final class LossHistory: TrainingObserver {
  /// One value for each step, from the first epoch on.
  public private(set) var losses: [Double] = []
  /// Creates an observer.
  public init() {}
  public func stepEnded(epoch: Int, step: Int, steps: Int, loss: Double, model: inout Model) { losses.append(loss) }
}

/// The norm of the gradient that arrives at each layer with weights: figure 3 of S0.
///
/// ‖∂L/∂z‖₂, z being the output of a convolution or dense layer before its activation.
public final class GradientNorms: TrainingObserver {
  /// The layers' names.
  public private(set) var names: [String] = []
  /// When the norms were taken, in epochs.
  public private(set) var times: [Double] = []
  /// Norms, one list for each time, in the order of the layers.
  public private(set) var norms: [[Double]] = []
  private let interval: Int

  /// Creates an observer that looks every `interval` steps.
  public init(every interval: Int = 25) { self.interval = max(1, interval) }

  public func stepEnded(epoch: Int, step: Int, steps: Int, loss: Double, model: inout Model) {
    if step % interval != 0 { return }
    let entries = model.layers.entries
    // The last layer's output belongs to the caller of the network, so a dense layer at the very end is not seen.
    let places = entries.indices.dropLast().filter { entries[$0].layer is Conv2D || entries[$0].layer is Dense }
    names = places.map { entries[$0].name }
    times.append(Double(epoch - 1) + Double(step) / Double(steps))
    norms.append(
      places.map { place in
        model.layers.activationGradient(at: place).elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      })
  }

  /// The share of each layer in the sum of all norms, one list for each time.
  public var shares: [[Double]] {
    norms.map { norms in
      let sum = norms.reduce(0, +)
      return norms.map { sum > 0 ? $0 / sum : 0 }
    }
  }
}

/// The distribution of the inputs of each activation after every epoch: figure 5 of S0.
public final class ActivationInputs: TrainingObserver {
  /// What one layer's activation inputs look like.
  public struct Snapshot: Sendable {
    public var mean: Double
    public var deviation: Double
    /// Shares in 60 equal bins over ±6.
    public var histogram: [Double]
  }
  /// The names of the activation layers.
  public private(set) var names: [String] = []
  /// One list for each epoch, in the order of the layers.
  public private(set) var snapshots: [[Snapshot]] = []
  private let sample: Tensor

  /// Creates an observer that runs `sample` through the model, with batch statistics, after every epoch.
  public init(sample: Tensor) { self.sample = sample }

  public func epochEnded(epoch: Int, model: inout Model) {
    var (copy, output) = (model, Tensor.empty)
    var pass = Pass(.training)
    copy.forward(sample, into: &output, in: &pass)
    let entries = copy.layers.entries
    let places = entries.indices.filter { $0 > 0 && entries[$0].name.hasPrefix("act") }
    names = places.map { entries[$0].name }
    snapshots.append(places.map { Self.snapshot(copy.layers.activation(at: $0 - 1)) })
  }

  private static func snapshot(_ values: Tensor) -> Snapshot {
    let count = Double(values.count)
    let mean = values.elements.reduce(0.0) { $0 + Double($1) } / count
    let variance = values.elements.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    var bins = [Double](repeating: 0, count: 60)
    for value in values.elements where abs(value) < 6 { bins[min(59, Int((value + 6) * 5))] += 1 / count }
    return Snapshot(mean: mean, deviation: variance.squareRoot(), histogram: bins)
  }
}
