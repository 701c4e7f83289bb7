// The values of a model by name, and their files.

import NeuralNetworks
import Tensors

/// All values of a model by name: its parameters, then its buffers (running statistics).
///
/// The names are those of torchvision, `layer1.0.conv1.weight`, so files can be exchanged in both directions.
/// A state is a value; it needs no memory of its own until the model changes.
public struct StateDict: Hashable, Sendable {
  /// The names in the model's order.
  public private(set) var names: [String] = []
  /// The values by name.
  public private(set) var tensors: [String: Tensor] = [:]

  /// Creates an empty state.
  public init() {}

  /// Creates a state from named tensors, in the order of their names.
  public init(_ tensors: [String: Tensor]) {
    self.names = tensors.keys.sorted()
    self.tensors = tensors
  }

  /// The value with the given name, or nil.
  public subscript(name: String) -> Tensor? { tensors[name] }

  /// The number of values.
  public var count: Int { names.count }

  mutating func append(_ name: String, _ tensor: Tensor) {
    demand(tensors.updateValue(tensor, forKey: name) == nil, "StateDict: two values of the model are named \(name)")
    names.append(name)
  }
}

/// A state that does not fit a model: the values that are missing, unexpected, or of a different shape.
public struct StateDictError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The source of the state: a path, or `the state`.
  public var source: String
  /// Names in the model that are missing in the state.
  public var missing: [String]
  /// Names in the state that are missing in the model.
  public var unexpected: [String]
  /// `conv1.weight: file has [6, 1, 5, 5], the model needs [6, 3, 5, 5]`.
  public var differences: [String]

  public var description: String {
    func list(_ items: [String], _ separator: String) -> String {
      // The names may come from untrusted files.
      items.prefix(6).map { Safetensors.readable($0, limit: 120) }.joined(separator: separator)
        + (items.count > 6 ? " and \(items.count - 6) more" : "")
    }
    var parts: [String] = []
    if !differences.isEmpty { parts.append(list(differences, "; ")) }
    if !missing.isEmpty { parts.append("missing: " + list(missing, ", ")) }
    if !unexpected.isEmpty { parts.append("unexpected: " + list(unexpected, ", ")) }
    return "\(source) does not fit the model: " + parts.joined(separator: "; ")
  }
}

extension Layer {
  /// The values of all parameters and buffers by name.
  public var stateDict: StateDict {
    var state = StateDict()
    for (name, parameter) in parameters { state.append(name, parameter.value) }
    for (name, buffer) in buffers { state.append(name, buffer) }
    return state
  }

  /// Loads all values from `state`, which must have exactly the model's names and shapes.
  ///
  /// PyTorch's counters `….num_batches_tracked` are ignored.
  ///
  /// - Parameters:
  ///   - state: the values.
  ///   - source: the source of the state, for messages.
  /// - Throws: ``StateDictError`` with all differences; the model is then unchanged.
  public mutating func load(_ state: StateDict, from source: String = "the state") throws(StateDictError) {
    try verify(state.tensors.mapValues(\.shape), from: source)
    visitParameters { name, parameter in if let value = state[name] { parameter.value = value } }
    visitBuffers { name, buffer in if let value = state[name] { buffer = value } }
  }

  /// Loads all values from a safetensors file, which must have exactly the model's names and shapes.
  ///
  /// The file may be a checkpoint; its other tensors are ignored.
  /// Names and shapes are compared before the first value is read; tensors are read one at a time.
  ///
  /// - Throws: ``SafetensorsError`` or ``StateDictError``; the model is then unchanged.
  public mutating func load(
    contentsOf path: String, nonFinite: Safetensors.NonFinite = .refused
  ) throws {
    let file = try Safetensors(path: path)
    // A checkpoint contains other tensors besides the model's values.
    let isCheckpoint = file.metadata[Trainer.historyKey] != nil
    let others = isCheckpoint ? [Trainer.optimizerPrefix, Trainer.bestPrefix] : []
    let shapes = file.entries.filter { entry in !others.contains { entry.name.hasPrefix($0) } }
      .map { ($0.name, $0.shape) }
    try verify(Dictionary(uniqueKeysWithValues: shapes), from: path)
    // Read into a copy: an invalid last tensor must not leave the model partly loaded.
    var loaded = self
    try loaded.visitParameters { parameterName, parameter in
      parameter.value = try file.tensor(parameterName, nonFinite: nonFinite)
    }
    try loaded.visitBuffers { name, buffer in buffer = try file.tensor(name, nonFinite: nonFinite) }
    self = loaded
  }

  /// Writes all values to a safetensors file that PyTorch can read.
  ///
  /// - Throws: ``SafetensorsError``; a previous file is then unchanged.
  public func save(to path: String, metadata: [String: String] = ["format": "pt"]) throws {
    try Safetensors.write(stateDict.tensors, metadata: metadata, to: path)
  }

  private func verify(_ shapes: [String: Shape], from source: String) throws(StateDictError) {
    let own = stateDict
    var error = StateDictError(source: source, missing: [], unexpected: [], differences: [])
    for name in own.names {
      guard let needed = own[name]?.shape else { continue }
      if let shape = shapes[name] {
        if shape != needed { error.differences.append("\(name): file has \(shape), the model needs \(needed)") }
      } else {
        error.missing.append(name)
      }
    }
    error.unexpected = shapes.keys.filter { own[$0] == nil && !isBatchCounter($0) }.sorted()
    if !(error.missing.isEmpty && error.unexpected.isEmpty && error.differences.isEmpty) { throw error }
  }
}

/// Whether a name is that of PyTorch's batch counter, which is not used here.
private func isBatchCounter(_ name: String) -> Bool {
  name == "num_batches_tracked" || name.hasSuffix(".num_batches_tracked")
}
