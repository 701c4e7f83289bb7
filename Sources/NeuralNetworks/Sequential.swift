// Sequences of layers, from which every model is built.

import Tensors

/// Layers one after the other, each with a name.
///
///     let lenet = Sequential([
///       "conv1": Conv2D(1, 6, kernel: 5),
///       "act1": Tanh(),
///       "pool1": AveragePool(2),
///       …
///     ])
///
/// If layers depend on a condition, use the form with braces; see `SequentialBuilder`.
///
/// A sequence is itself a layer, so residual blocks and whole models can be nested. It owns the workspaces between its
/// layers: the output of each layer, and the gradient with respect to it, which are reused from batch to batch.
public struct Sequential: Layer {
  /// A layer and its name.
  public struct Entry: Sendable {
    /// The name, the first part of the names of the layer's parameters.
    public var name: String
    /// The layer.
    public var layer: any Layer

    /// Creates an entry.
    public init(name: String, layer: any Layer) {
      self.name = name
      self.layer = layer
    }
  }

  /// The layers in order.
  public var entries: [Entry]

  /// The output of each layer except the last, which writes into the caller's tensor.
  private var activations: [Tensor]
  /// The gradients of the loss with respect to the activations.
  private var gradients: [Tensor]

  /// Creates a sequence from named layers.
  public init(_ layers: KeyValuePairs<String, any Layer>) {
    self.init(layers.map { Entry(name: $0.key, layer: $0.value) })
  }

  /// Creates a sequence of layers named `0`, `1`, `2`, ….
  public init(_ layers: [any Layer]) {
    self.init(layers.enumerated().map { Entry(name: "\($0.offset)", layer: $0.element) })
  }

  /// Creates a sequence from entries.
  public init(_ entries: [Entry]) {
    let names = entries.map(\.name)
    demand(Set(names).count == names.count, "Sequential: names must differ, got \(names)")
    self.entries = entries
    activations = Array(repeating: .empty, count: max(0, entries.count - 1))
    gradients = activations
  }

  /// The layer with the given name, or nil.
  public subscript(name: String) -> (any Layer)? {
    get { entries.first { $0.name == name }?.layer }
    set {
      guard let newValue, let index = entries.firstIndex(where: { $0.name == name }) else { return }
      entries[index].layer = newValue
    }
  }

  /// The output of layer `index` in the last forward pass, [N, …]; for observers.
  ///
  /// The output of the last layer is the output of the sequence, and is not stored here.
  public func activation(at index: Int) -> Tensor { activations[index] }

  /// ∂L/∂output of layer `index` in the last backward pass. It is empty for layers before the first layer with
  /// parameters, unless the gradient of the input was requested.
  public func activationGradient(at index: Int) -> Tensor { gradients[index] }

  // MARK: Layer

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    var shape = input
    for (index, entry) in entries.enumerated() {
      do throws(ShapeError) {
        shape = try entry.layer.outputShape(for: shape)
      } catch {
        var located = error.inside("layer \(index + 1) \(entry.name)")
        if error.path.isEmpty {
          located.advice = advice(on: index, input: input)
        } else if index > 0 {
          // The advice of an inner sequence refers to its own input, not to the input of this sequence.
          located.advice = ""
        }
        throw located
      }
    }
    return shape
  }

  public func multiplyAdds(for input: Shape) -> Int {
    var (shape, total) = (input, 0)
    for entry in entries {
      total += entry.layer.multiplyAdds(for: shape)
      shape = (try? entry.layer.outputShape(for: shape)) ?? shape
    }
    return total
  }

  public mutating func initialize(using generator: inout SeededGenerator) {
    for index in entries.indices { entries[index].layer.initialize(using: &generator) }
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    guard let last = entries.indices.last else {
      output = input
      return
    }
    for index in entries.indices {
      let source = index == 0 ? input : activations[index - 1]
      if index == last {
        entries[index].layer.forward(source, into: &output, in: &pass)
      } else {
        // The tensor is swapped out of the array and back: it always has a single owner, so nothing is copied.
        var target = Tensor.empty
        swap(&target, &activations[index])
        entries[index].layer.forward(source, into: &target, in: &pass)
        swap(&target, &activations[index])
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    guard let last = entries.indices.last else {
      if !inputGradient.isEmpty { inputGradient = outputGradient }
      return
    }
    // If the gradient of the input is not requested, the gradients before the first layer with parameters are not
    // needed either. For a flattened image, they would be a third of the work.
    let first = inputGradient.isEmpty ? indexOfFirstParameter() : 0
    for index in 0..<first { gradients[index] = .empty }
    for index in entries.indices.reversed() where index >= first {
      var target = Tensor.empty
      if index == 0 {
        swap(&target, &inputGradient)
      } else if index > first {
        swap(&target, &gradients[index - 1])
        target.resize(to: activations[index - 1].shape)
      }
      entries[index].layer.backward(
        index == last ? outputGradient : gradients[index],
        input: index == 0 ? input : activations[index - 1],
        output: index == last ? output : activations[index],
        into: &target)
      if index == 0 { swap(&target, &inputGradient) } else { swap(&target, &gradients[index - 1]) }
    }
  }

  /// The index of the first layer with parameters, or the number of layers if none has any.
  private mutating func indexOfFirstParameter() -> Int {
    for index in entries.indices {
      var hasParameters = false
      entries[index].layer.visitParameters { _, _ in hasParameters = true }
      if hasParameters { return index }
    }
    return entries.count
  }

  public mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    for index in entries.indices {
      let prefix = entries[index].name + "."
      try entries[index].layer.visitParameters { try visit(prefix + $0, &$1) }
    }
  }

  public mutating func visitBuffers(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    for index in entries.indices {
      let prefix = entries[index].name + "."
      try entries[index].layer.visitBuffers { try visit(prefix + $0, &$1) }
    }
  }
}
