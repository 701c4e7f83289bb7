// What would fix a shape that does not fit: found by trying, not by guessing.

import Tensors

extension Sequential {
  /// What would fix the refusal of layer `index`, for an input that got through the layers before it; or nothing.
  func advice(on index: Int, input: Shape) -> String {
    guard input.rank == 3 else { return "" }
    if let dense = entries[index].layer as? Dense { return advice(on: dense, at: index, input: input) }
    // A window that does not fit: the smallest larger image that gets through all layers, or else through this one.
    let sides = (min(input[1], input[2]) + 1)..<(min(input[1], input[2]) + 1025)
    func first(through count: Int) -> Shape? {
      sides.lazy.map { [input[0], $0, $0] as Shape }.first { shape(before: count, input: $0) != nil }
    }
    if let whole = first(through: entries.count) { return "an input of \(whole) would get through all layers" }
    return first(through: index + 1).map { "an input of \($0) would be large enough for this layer" } ?? ""
  }

  /// A dense layer after `Flatten`: which image, or which padding, gives the number of features it expects.
  private func advice(on dense: Dense, at index: Int, input: Shape) -> String {
    // The image that is flattened in front of this layer, or should be.
    var last = index
    if let flatten = entries[..<index].lastIndex(where: { $0.layer is Flatten }) {
      guard !entries[flatten..<index].contains(where: { $0.layer is Dense }) else { return "" }
      last = flatten
    }
    guard let reached = shape(before: last, input: input), reached.rank == 3 else { return "" }
    var sentences: [String] = []
    if last < index { sentences.append("\(reached.count) = \(product(reached))") }
    if reached.count == dense.inputs { return "" }
    func fits(_ shape: Shape?) -> Shape? { shape?.rank == 3 && shape?.count == dense.inputs ? shape : nil }

    for side in 1...512 {
      guard let found = fits(shape(before: last, input: [input[0], side, side])) else { continue }
      sentences.append(
        "an input of \([input[0], side, side] as Shape) would give \(product(found)) = \(found.count)")
      break
    }
    // The first convolution whose padding would do: one remedy is enough.
    search: for (place, entry) in entries[..<last].enumerated() {
      guard let convolution = entry.layer as? Conv2D, convolution.window.padding.isZero else { continue }
      let span = convolution.window.span
      guard span.height == span.width, span.height > 1 else { continue }
      for padding in 1...max(1, (span.height - 1) / 2) {
        var changed = self
        changed.entries[place].layer = convolution.padded(by: padding)
        guard let found = fits(changed.shape(before: last, input: input)) else { continue }
        sentences.append(
          sentences.count > 1
            ? "so would padding \(padding) in \(entry.name)"
            : "padding \(padding) in \(entry.name) would give \(product(found)) = \(found.count)")
        break search
      }
    }
    if sentences.count > 1, let remainder = remainder(input: input, before: last) { sentences.append(remainder) }
    return sentences.joined(separator: "; ")
  }

  /// The shape that arrives at layer `index`, or nil where an earlier one refuses.
  private func shape(before index: Int, input: Shape) -> Shape? {
    var shape = input
    for entry in entries[..<index] {
      guard let next = try? entry.layer.outputShape(for: shape) else { return nil }
      shape = next
    }
    return shape
  }

  /// The first convolution whose stride leaves pixels over, with the fraction that was dropped.
  private func remainder(input: Shape, before index: Int) -> String? {
    var shape = input
    for entry in entries[..<index] {
      if let convolution = entry.layer as? Conv2D, shape.rank == 3, shape[1] == shape[2] {
        let w = convolution.window
        let (stride, border) = (w.stride.height, w.padding.top + w.padding.bottom)
        let room = shape[1] + border - w.span.height
        if w.stride.height == w.stride.width, room % stride != 0 {
          let sum = "(\(shape[1])\(border > 0 ? " + \(border)" : "") − \(w.span.height))/\(stride) + 1"
          return "in \(entry.name) \(sum) = \(Double(room) / Double(stride) + 1) was rounded down"
        }
      }
      guard let next = try? entry.layer.outputShape(for: shape) else { return nil }
      shape = next
    }
    return nil
  }
}

extension Conv2D {
  /// The same layer with another padding.
  fileprivate func padded(by padding: Int) -> Conv2D {
    Conv2D(
      inputs, outputs, kernel: window.kernel, stride: window.stride, padding: Padding(padding),
      dilation: window.dilation, groups: groups, bias: bias != nil, initializer: initializer)
  }
}
