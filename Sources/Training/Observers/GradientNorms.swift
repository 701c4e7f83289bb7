// The gradient norms of the layers during training, and the relative sizes of the updates.

import NeuralNetworks
import Tensors

/// The norm of the gradient at each layer with weights: figure 3 of S0.
///
/// The share of a layer is its norm divided by the sum of the norms of all layers. If the shares vanish towards the
/// input, the first layers do not learn.
public final class GradientNorms: ResumableObserver {
  /// Which gradient is measured.
  public enum Quantity: Hashable, Sendable {
    /// ‖∂L/∂z‖₂, where z is the output of a convolution or dense layer before its activation. The network does not
    /// store the last layer's output, so a dense layer at the end is not observed.
    case outputs
    /// ‖∂L/∂θ‖₂, where θ are all parameters of a layer together, before penalties and clipping.
    case parameters
  }

  /// The layers' names, starting at the input.
  public private(set) var names: [String] = []
  /// The times at which the norms were measured, in epochs.
  public private(set) var times: [Double] = []
  /// The norms: one list for each time, in the order of the layers.
  public private(set) var norms: [[Double]] = []
  private let interval: Int
  private let quantity: Quantity

  /// Creates an observer that measures every `interval` steps.
  public init(every interval: Int = 25, of quantity: Quantity = .outputs) {
    self.interval = max(1, interval)
    self.quantity = quantity
  }

  public func gradientsReady(_ step: StepRecord, model: inout Model) {
    if (step.step - 1) % interval != 0 { return }
    times.append(step.time)
    switch quantity {
    case .outputs:
      let entries = model.layers.entries
      let indices = entries.indices.dropLast().filter { entries[$0].layer is Conv2D || entries[$0].layer is Dense }
      names = indices.map { entries[$0].name }
      norms.append(indices.map { squaredNorm(model.layers.activationGradient(at: $0)).squareRoot() })
    case .parameters:
      var (layers, squares) = ([String](), [Double]())
      for (name, parameter) in model.parameters {
        let layer = layerName(ofParameter: name)
        if layers.last != layer {
          layers.append(layer)
          squares.append(0)
        }
        squares[squares.count - 1] += squaredNorm(parameter.gradient)
      }
      names = layers
      norms.append(squares.map { $0.squareRoot() })
    }
  }

  /// The observations so far, for storage with a checkpoint.
  public struct Record: Codable, Sendable {
    var names: [String]
    var times: [Double]
    var norms: [[Double]]
  }

  /// The observations so far.
  public var record: Record { Record(names: names, times: times, norms: norms) }

  public func restore(_ record: Record, finishedEpochs finished: Int) {
    let count = record.times.prefix { $0 < Double(finished) }.count
    names = record.names
    times = Array(record.times.prefix(count))
    norms = Array(record.norms.prefix(count))
  }

  /// The share of each layer in the sum of all norms, one list for each time.
  public var shares: [[Double]] {
    norms.map { norms in
      let sum = norms.reduce(0, +)
      return norms.map { sum > 0 ? $0 / sum : 0 }
    }
  }
}

/// Records ‖Δw‖/‖w‖ of each parameter: the size of an update relative to the size of the parameter.
///
/// As a rule of thumb it should be about 1e-3: with much smaller updates the network learns too slowly, with much
/// larger updates training becomes unstable.
public final class UpdateRatios: TrainingObserver {
  /// The parameters' names, in the model's order.
  public private(set) var names: [String] = []
  /// The times at which the ratios were measured, in epochs.
  public private(set) var times: [Double] = []
  /// The ratios: one list for each time, in the order of the parameters; 0 for a parameter that was 0.
  public private(set) var ratios: [[Double]] = []
  private let interval: Int
  private var before: [Tensor] = []

  /// Creates an observer that measures every `interval` steps.
  public init(every interval: Int = 25) { self.interval = max(1, interval) }

  public func gradientsReady(_ step: StepRecord, model: inout Model) {
    guard (step.step - 1) % interval == 0 else { return }
    before = model.parameters.map { $0.parameter.value }
  }

  public func stepEnded(_ step: StepRecord, model: inout Model) {
    guard !before.isEmpty else { return }
    var (parameters, values) = ([String](), [Double]())
    for ((name, parameter), old) in zip(model.parameters, before) {
      parameters.append(name)
      var change = 0.0
      for (a, b) in zip(parameter.value.elements, old.elements) { change += Double(a - b) * Double(a - b) }
      let norm = squaredNorm(old)
      values.append(norm > 0 ? (change / norm).squareRoot() : 0)
    }
    before = []
    names = parameters
    times.append(step.time)
    ratios.append(values)
  }
}

/// The name of the layer to which a parameter belongs: `conv1` for `conv1.weight`.
func layerName(ofParameter name: String) -> String {
  name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
}

/// Σ x², in double precision.
func squaredNorm(_ tensor: Tensor) -> Double {
  tensor.withUnsafeElements { elements in
    var sum = 0.0
    for x in elements { sum += Double(x) * Double(x) }
    return sum
  }
}
