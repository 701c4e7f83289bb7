// The state of an optimizer for each parameter: velocities, second moments.

import Tensors

/// One tensor for each parameter, created at its first use.
struct ParameterState: Sendable {
  private var tensors: [Tensor] = []
  private let start: Float

  /// Creates a state whose tensors are initially filled with `start`.
  init(startingAt start: Float = 0) { self.start = start }

  /// Restores the tensors `prefix.0`, `prefix.1`, … of a saved state.
  init(_ prefix: String, from state: [String: Tensor], startingAt start: Float = 0) {
    self.start = start
    for (name, tensor) in state where name.hasPrefix(prefix + ".") {
      guard let index = Int(name.dropFirst(prefix.count + 1)), index >= 0, index < 1 << 20 else { continue }
      grow(to: index)
      tensors[index] = tensor
    }
  }

  /// Calls `body` with a mutable buffer of one parameter's tensor.
  mutating func with(_ index: Int, of shape: Shape, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    grow(to: index)
    if tensors[index].count != shape.count { tensors[index] = Tensor(shape, repeating: start) }
    tensors[index].withUnsafeMutableElements(body)
  }

  /// The tensors by name.
  func state(_ prefix: String) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: tensors.enumerated().map { (prefix + ".\($0.offset)", $0.element) })
  }

  private mutating func grow(to index: Int) {
    while tensors.count <= index { tensors.append(.empty) }
  }
}
