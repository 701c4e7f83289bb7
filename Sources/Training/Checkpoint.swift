// A run on disk: everything that is needed to go on as if nothing had happened.

import Foundation
import NeuralNetworks
import Tensors

/// A checkpoint that belongs to another run, or is none.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var expected: String
  public var found: String
  public var description: String {
    "\(path): expected a checkpoint of \(expected), found \(found); train without --resume, or name the right file"
  }
}

extension Trainer {
  /// What must be equal for a run to be continued: model, loss, optimizer, schedule, batch size, seed.
  private var fingerprint: [String: String] {
    [
      "model": model.rows.map { "\($0.name) \($0.kind) \($0.output)" }.joined(separator: ", "),
      "loss": loss.name, "optimizer": optimizer.name, "schedule": schedule.name, "batch": "\(batchSize)",
      "seed": "\(seed)",
    ]
  }

  /// Writes model, optimizer and history to one safetensors file, whose place it takes only when it is whole.
  ///
  /// The model's values stand under their own names, so that the file is also a state dict.
  ///
  /// - Parameter notes: what else makes the run what it is, such as the data set; compared on resuming.
  /// - Throws: ``SafetensorsError``.
  public func saveCheckpoint(to path: String, notes: [String: String] = [:]) throws {
    var tensors = model.stateDict.tensors
    for (name, tensor) in optimizer.state { tensors["optimizer." + name] = tensor }
    var metadata = fingerprint.merging(notes) { own, _ in own }
    metadata["history"] = String(decoding: try JSONEncoder().encode(history), as: UTF8.self)
    try Safetensors.write(tensors, metadata: metadata, to: path)
  }

  /// Takes model, optimizer and history from a checkpoint of the same run.
  ///
  /// - Throws: ``CheckpointError`` where model, options or notes differ, ``SafetensorsError`` where the file is
  ///   damaged; the trainer is then unchanged.
  public mutating func resume(from path: String, notes: [String: String] = [:]) throws {
    let file = try Safetensors(path: path)
    for (key, wanted) in fingerprint.merging(notes, uniquingKeysWith: { own, _ in own }).sorted(by: { $0.key < $1.key })
    {
      guard let found = file.metadata[key] else {
        throw CheckpointError(path: path, expected: "this run, with its \(key)", found: "no \(key) in it")
      }
      if found == wanted { continue }
      let isLong = wanted.count > 60
      throw CheckpointError(
        path: path, expected: isLong ? "the same \(key)" : "\(key) \(wanted)", found: isLong ? "another" : found)
    }
    guard let text = file.metadata["history"],
      let records = try? JSONDecoder().decode([EpochRecord].self, from: Data(text.utf8)),
      records.map(\.epoch) == Array(1..<records.count + 1)
    else { throw CheckpointError(path: path, expected: "finished epochs", found: "no readable history") }
    var (values, memory) = ([String: Tensor](), [String: Tensor]())
    for name in file.names {
      if name.hasPrefix("optimizer.") {
        memory[String(name.dropFirst("optimizer.".count))] = try file.tensor(name)
      } else {
        values[name] = try file.tensor(name)
      }
    }
    try model.load(StateDict(values), from: path)
    optimizer.state = memory
    history = records
  }
}
