// How the inputs of chosen layers are distributed while a network learns.

import NeuralNetworks
import Tensors

/// The distribution of the inputs of each activation after every epoch: figure 5 of S0.
///
/// It runs a copy of the model over the same samples every time, so the training loop pays nothing for it.
public final class ActivationInputs: ResumableObserver {
  /// What one layer's inputs look like.
  public typealias Snapshot = TensorStatistics

  /// The names of the layers whose inputs these are.
  public private(set) var names: [String] = []
  /// After which epoch each list was taken; 0 before training.
  public private(set) var epochs: [Int] = []
  /// One list for each of `epochs`, in the order of the layers.
  public private(set) var snapshots: [[Snapshot]] = []

  private let sample: Tensor
  private let layers: Set<String>?
  private let mode: Mode
  private let beginsBeforeTraining: Bool
  private let bins: Int
  private let range: ClosedRange<Float>?

  /// Creates an observer that runs `sample` through the model after every epoch.
  ///
  /// - Parameters:
  ///   - sample: the inputs to look at, [N, …]; a few hundred do.
  ///   - layers: the names of the layers whose inputs are wanted; nil for all whose name begins with `act`.
  ///   - mode: whether batch normalization takes the statistics of the sample, or the running ones.
  ///   - beginsBeforeTraining: whether the untrained model is looked at as well, as epoch 0.
  ///   - bins: the bins of each histogram.
  ///   - range: the range of every histogram; nil for that of the values themselves.
  public init(
    sample: Tensor, layers: [String]? = nil, mode: Mode = .training, beginsBeforeTraining: Bool = false,
    bins: Int = 60, range: ClosedRange<Float>? = -6...6
  ) {
    self.sample = sample
    self.layers = layers.map(Set.init)
    self.mode = mode
    self.beginsBeforeTraining = beginsBeforeTraining
    self.bins = bins
    self.range = range
  }

  public func trainingBegins(_ plan: TrainingPlan, model: Model) {
    if beginsBeforeTraining && plan.history.isEmpty { look(at: model, epoch: 0) }
  }

  public func epochEnded(_ record: EpochRecord, trainer: Trainer) { look(at: trainer.model, epoch: record.epoch) }

  private func look(at model: Model, epoch: Int) {
    // The copy's running statistics move where the sample's are used; the model's do not.
    var network = model.layers
    var (output, pass) = (Tensor.empty, Pass(mode))
    network.forward(sample, into: &output, in: &pass)
    let places = network.entries.indices.filter { place in
      let name = network.entries[place].name
      return layers?.contains(name) ?? name.hasPrefix("act")
    }
    names = places.map { network.entries[$0].name }
    epochs.append(epoch)
    snapshots.append(
      places.map {
        TensorStatistics($0 == 0 ? sample : network.activation(at: $0 - 1), bins: bins, range: range)
      })
  }

  /// What has been seen so far, to be kept with a checkpoint.
  public struct Record: Codable, Sendable {
    var names: [String]
    var epochs: [Int]
    var snapshots: [[Snapshot]]
  }

  /// Everything seen so far.
  public var record: Record { Record(names: names, epochs: epochs, snapshots: snapshots) }

  public func restore(_ record: Record, finishedEpochs finished: Int) {
    let count = record.epochs.prefix { $0 <= finished }.count
    names = record.names
    epochs = Array(record.epochs.prefix(count))
    snapshots = Array(record.snapshots.prefix(count))
  }
}
