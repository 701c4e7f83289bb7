// A run on disk: everything that is needed to go on as if nothing had happened.

import Foundation
import NeuralNetworks
import Tensors

/// A checkpoint that belongs to another run, or is none.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// The run that was to go on.
  public var expected: String
  /// The run to which the file belongs.
  public var found: String
  public var description: String {
    "\(path): expected a checkpoint of \(expected), found \(found); give the options and the data of then, or train without --resume"
  }
}

extension Trainer {
  /// Tensors of a checkpoint that are not the model's stand under names that begin so.
  static let optimizerPrefix = "optimizer."
  static let bestPrefix = "best."
  /// The note that makes a file of tensors a checkpoint.
  static let historyKey = "history"

  /// What must be equal for a run to be continued, besides the shapes of all values.
  private var fingerprint: [String: String] {
    [
      "layers": model.rows.map { "\($0.name) \($0.kind) \($0.output)" }.joined(separator: "; "),
      "loss": loss.name, "optimizer": optimizer.name, "schedule": schedule.name, "batch": "\(batchSize)",
      "seed": "\(seed)", "early stopping": earlyStopping.map { "\($0.patience), \($0.minimumImprovement)" } ?? "none",
    ]
  }

  /// Writes model, optimizer and history to one safetensors file, whose place it takes only when it is whole: a process
  /// that is killed on the way leaves the one before.
  ///
  /// Randomness is a function of the seed and the epoch's number, so there is no generator to be kept. The model's
  /// values stand under their own names, so that `Model.load(contentsOf:)` takes a checkpoint as well.
  ///
  /// - Parameters:
  ///   - path: the file to write.
  ///   - notes: what else makes the run what it is, such as the data set; compared on resuming.
  /// - Throws: ``SafetensorsError``.
  public func saveCheckpoint(to path: String, notes: [String: String] = [:]) throws {
    var tensors = model.stateDict.tensors
    for (name, tensor) in optimizer.state { tensors[Self.optimizerPrefix + name] = tensor }
    for (name, tensor) in bestState.tensors { tensors[Self.bestPrefix + name] = tensor }
    var metadata = fingerprint.merging(notes) { own, _ in own }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    metadata[Self.historyKey] = String(decoding: try encoder.encode(history), as: UTF8.self)
    try Safetensors.write(tensors, metadata: metadata, to: path)
  }

  /// Takes model, optimizer and history from a checkpoint of the same run.
  ///
  /// - Throws: ``CheckpointError`` where layers, options or notes differ, ``StateDictError`` where shapes do,
  ///   ``SafetensorsError`` where the file is damaged; the trainer is then unchanged.
  public mutating func resume(from path: String, notes: [String: String] = [:]) throws {
    let file = try Safetensors(path: path)
    guard let text = file.metadata[Self.historyKey],
      let records = try? JSONDecoder().decode([EpochRecord].self, from: Data(text.utf8)),
      records.enumerated().allSatisfy({ $1.epoch == $0 + 1 })
    else { throw CheckpointError(path: path, expected: "finished epochs", found: "no readable history") }

    let wanted = fingerprint.merging(notes) { own, _ in own }
    for (key, here) in wanted.sorted(by: { $0.key < $1.key }) {
      guard let there = file.metadata[key] else {
        throw CheckpointError(path: path, expected: "this run, with its \(key)", found: "no \(key) in it")
      }
      if there == here { continue }
      let (expected, found) = Self.firstDifference(here, there)
      throw CheckpointError(path: path, expected: "\(key) \(expected)", found: found)
    }

    var (values, best, memory) = ([String: Tensor](), [String: Tensor](), [String: Tensor]())
    // As they were, NaN included: a training that has diverged without a word goes on as it would have.
    for name in file.names {
      let tensor = try file.tensor(name, nonFinite: .allowed)
      if name.hasPrefix(Self.optimizerPrefix) {
        memory[String(name.dropFirst(Self.optimizerPrefix.count))] = tensor
      } else if name.hasPrefix(Self.bestPrefix) {
        best[String(name.dropFirst(Self.bestPrefix.count))] = tensor
      } else {
        values[name] = tensor
      }
    }
    try verify(memory, path)
    var restored = model
    // The best values are tried as well, or early stopping would fail hours later.
    if !best.isEmpty { try restored.load(StateDict(best), from: path) }
    try restored.load(StateDict(values), from: path)
    model = restored
    optimizer.state = memory
    bestState = StateDict(best)
    history = records
  }

  /// Makes sure that what the optimizer remembers of a parameter, `velocity.3`, has the shape of that parameter: its
  /// kernels would run over the end of anything smaller.
  private func verify(_ memory: [String: Tensor], _ path: String) throws {
    let shapes = model.parameters.map { $0.parameter.value.shape }
    for (name, tensor) in memory.sorted(by: { $0.key < $1.key }) {
      guard let dot = name.lastIndex(of: "."), let place = Int(name[name.index(after: dot)...]) else { continue }
      if !shapes.indices.contains(place) || tensor.shape != shapes[place] {
        let expected =
          shapes.indices.contains(place)
          ? "\(Safetensors.readable(name)) \(shapes[place])" : "\(shapes.count) parameters"
        throw CheckpointError(path: path, expected: expected, found: "\(Safetensors.readable(name)) \(tensor.shape)")
      }
    }
  }

  /// Of two lists joined by semicolons, the first items that differ: a model's table is too long for a message.
  private static func firstDifference(_ here: String, _ there: String) -> (String, String) {
    let (own, others) = (here.components(separatedBy: "; "), there.components(separatedBy: "; "))
    if own.count == 1 && others.count == 1 { return (here, Safetensors.readable(there, limit: 80)) }
    for place in 0..<max(own.count, others.count) {
      let a = place < own.count ? own[place] : "none behind the \(own.count) others"
      let b = place < others.count ? others[place] : "none behind the \(others.count) others"
      if a != b { return (a, Safetensors.readable(b, limit: 80)) }
    }
    return (here, there)
  }
}
