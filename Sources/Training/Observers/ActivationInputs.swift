// The distribution of the inputs of selected layers during training.

import NeuralNetworks
import Tensors

/// The distribution of the inputs of each activation after every epoch: figure 5 of S0.
///
/// It runs a copy of the model on the same samples every time, and so does not affect the training loop.
public final class ActivationInputs: ResumableObserver {
  /// The distribution of one layer's inputs.
  public typealias Snapshot = TensorStatistics

  /// The names of the observed layers.
  public private(set) var names: [String] = []
  /// The epochs after which the snapshots were taken; 0 means before training.
  public private(set) var epochs: [Int] = []
  /// One list of snapshots for each of `epochs`, in the order of the layers.
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
  ///   - sample: the inputs of the network, [N, …]; a few hundred samples suffice.
  ///   - layers: the names of the layers to observe; nil for all whose name begins with `act`.
  ///   - mode: whether batch normalization uses the statistics of the sample (training) or the running statistics.
  ///   - beginsBeforeTraining: whether the untrained model is observed as well, as epoch 0.
  ///   - bins: the number of bins of each histogram.
  ///   - range: the range of every histogram; nil for the range of the values.
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
    if beginsBeforeTraining && plan.history.isEmpty { observe(model, epoch: 0) }
  }

  public func epochEnded(_ record: EpochRecord, trainer: Trainer) { observe(trainer.model, epoch: record.epoch) }

  private func observe(_ model: Model, epoch: Int) {
    // In training mode the running statistics of the copy change; those of the model do not.
    var network = model.layers
    var (output, pass) = (Tensor.empty, Pass(mode))
    network.forward(sample, into: &output, in: &pass)
    let indices = network.entries.indices.filter { index in
      let name = network.entries[index].name
      return layers?.contains(name) ?? name.hasPrefix("act")
    }
    names = indices.map { network.entries[$0].name }
    epochs.append(epoch)
    snapshots.append(
      indices.map {
        TensorStatistics($0 == 0 ? sample : network.activation(at: $0 - 1), bins: bins, range: range)
      })
  }

  /// The observations so far, for storage with a checkpoint.
  public struct Record: Codable, Sendable {
    var names: [String]
    var epochs: [Int]
    var snapshots: [[Snapshot]]
  }

  /// The observations so far.
  public var record: Record { Record(names: names, epochs: epochs, snapshots: snapshots) }

  public func restore(_ record: Record, finishedEpochs finished: Int) {
    let count = record.epochs.prefix { $0 <= finished }.count
    names = record.names
    epochs = Array(record.epochs.prefix(count))
    snapshots = Array(record.snapshots.prefix(count))
  }
}
