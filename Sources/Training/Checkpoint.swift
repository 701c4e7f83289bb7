// A checkpoint: the complete state of a training run, from which it can be resumed.

import Foundation
import NeuralNetworks
import Tensors

/// The error for a file that is not a checkpoint, or is the checkpoint of another run.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// The run that was to be resumed.
  public var expected: String
  /// The run to which the file belongs.
  public var found: String
  public var description: String {
    "\(path): expected a checkpoint of \(expected), found \(found); "
      + "use the same options and data as before, or train without --resume"
  }
}

extension Trainer {
  /// The prefixes of the names of tensors that do not belong to the model.
  static let optimizerPrefix = "optimizer."
  static let bestPrefix = "best."
  /// The metadata key that distinguishes a checkpoint from other files of tensors.
  static let historyKey = "history"

  /// The settings that must be equal for a run to be resumed, besides the shapes of all values.
  private var fingerprint: [String: String] {
    [
      "layers": model.rows.map { "\($0.name) \($0.kind) \($0.output)" }.joined(separator: "; "),
      "loss": loss.name, "optimizer": optimizer.name, "schedule": schedule.name, "batch": "\(batchSize)",
      "seed": "\(seed)", "early stopping": earlyStopping.map { "\($0.patience), \($0.minimumImprovement)" } ?? "none",
    ]
  }

  /// Writes model, optimizer and history to one safetensors file, which replaces the previous one only when it is
  /// complete: if the process is killed while writing, the previous file remains.
  ///
  /// Randomness depends only on the seed and the number of the epoch, so no generator needs to be saved. The model's
  /// values are stored under their own names, so `Model.load(contentsOf:)` accepts a checkpoint as well.
  ///
  /// - Parameters:
  ///   - path: the file to write.
  ///   - notes: further properties of the run, such as the data set; `resume` compares them.
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

  /// Restores model, optimizer and history from a checkpoint of the same run.
  ///
  /// - Parameters:
  ///   - path: the file to read.
  ///   - notes: the notes with which the checkpoint was saved.
  /// - Throws: ``CheckpointError`` if layers, options or notes differ, ``StateDictError`` if shapes differ,
  ///   ``SafetensorsError`` if the file is damaged; the trainer is then unchanged.
  public mutating func resume(from path: String, notes: [String: String] = [:]) throws {
    let file = try Safetensors(path: path)
    guard let text = file.metadata[Self.historyKey],
      let records = try? JSONDecoder().decode([EpochRecord].self, from: Data(text.utf8)),
      records.enumerated().allSatisfy({ $1.epoch == $0 + 1 })
    else { throw CheckpointError(path: path, expected: "finished epochs", found: "no readable history") }

    let expectedSettings = fingerprint.merging(notes) { own, _ in own }
    for (key, here) in expectedSettings.sorted(by: { $0.key < $1.key }) {
      guard let there = file.metadata[key] else {
        throw CheckpointError(path: path, expected: "a run with the setting \(key)", found: "no such setting")
      }
      if there == here { continue }
      let (expected, found) = Self.firstDifference(here, there)
      throw CheckpointError(path: path, expected: "\(key) \(expected)", found: found)
    }

    var (values, best, optimizerState) = ([String: Tensor](), [String: Tensor](), [String: Tensor]())
    // NaN is allowed: a run that diverged without an error must resume exactly as it would have continued.
    for name in file.names {
      let tensor = try file.tensor(name, nonFinite: .allowed)
      if name.hasPrefix(Self.optimizerPrefix) {
        optimizerState[String(name.dropFirst(Self.optimizerPrefix.count))] = tensor
      } else if name.hasPrefix(Self.bestPrefix) {
        best[String(name.dropFirst(Self.bestPrefix.count))] = tensor
      } else {
        values[name] = tensor
      }
    }
    try verify(optimizerState, path)
    var restored = model
    // The best values are checked as well; otherwise early stopping might fail hours later.
    if !best.isEmpty { try restored.load(StateDict(best), from: path) }
    try restored.load(StateDict(values), from: path)
    model = restored
    optimizer.state = optimizerState
    bestState = StateDict(best)
    history = records
  }

  /// Verifies that the optimizer's state for a parameter, `velocity.3`, has the shape of that parameter: with a smaller
  /// tensor, the optimizer would read and write out of bounds.
  private func verify(_ optimizerState: [String: Tensor], _ path: String) throws {
    let shapes = model.parameters.map { $0.parameter.value.shape }
    for (name, tensor) in optimizerState.sorted(by: { $0.key < $1.key }) {
      guard let dot = name.lastIndex(of: "."), let place = Int(name[name.index(after: dot)...]) else { continue }
      if !shapes.indices.contains(place) || tensor.shape != shapes[place] {
        let expected =
          shapes.indices.contains(place)
          ? "\(Safetensors.readable(name)) \(shapes[place])" : "\(shapes.count) parameters"
        throw CheckpointError(path: path, expected: expected, found: "\(Safetensors.readable(name)) \(tensor.shape)")
      }
    }
  }

  /// The first items that differ between two lists joined by semicolons: a model's table is too long for a message.
  private static func firstDifference(_ here: String, _ there: String) -> (String, String) {
    let (own, others) = (here.components(separatedBy: "; "), there.components(separatedBy: "; "))
    if own.count == 1 && others.count == 1 { return (here, Safetensors.readable(there, limit: 80)) }
    for place in 0..<max(own.count, others.count) {
      let a = place < own.count ? own[place] : "none after the first \(own.count)"
      let b = place < others.count ? others[place] : "none after the first \(others.count)"
      if a != b { return (a, Safetensors.readable(b, limit: 80)) }
    }
    return (here, there)
  }
}
