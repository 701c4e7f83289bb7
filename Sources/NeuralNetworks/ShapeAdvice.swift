// Advice for shapes that do not fit: corrections that were tried and found to work.

import Tensors

extension Sequential {
  /// A correction for an input that layer `index` rejects and the layers before it accept; empty if none was found.
  func advice(on index: Int, input: Shape) -> String {
    guard input.rank == 3 else { return "" }
    if let dense = entries[index].layer as? Dense { return advice(on: dense, at: index, input: input) }
    // A window that does not fit: the smallest larger image that all layers accept, or else all layers up to this one.
    let sides = (min(input[1], input[2]) + 1)..<(min(input[1], input[2]) + 1025)
    func first(through count: Int) -> Shape? {
      sides.lazy.map { [input[0], $0, $0] as Shape }.first { shape(before: count, input: $0) != nil }
    }
    if let whole = first(through: entries.count) { return "an input of \(whole) would fit all layers" }
    return first(through: index + 1).map { "an input of \($0) would be large enough for this layer" } ?? ""
  }

  /// Advice for a dense layer after `Flatten`: an image size, or a padding, that gives the expected number of features.
  private func advice(on dense: Dense, at index: Int, input: Shape) -> String {
    // The layer whose input is the image that is flattened before this layer, or should be.
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
    // The first convolution for which some padding works: one suggestion is enough.
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

  /// The input shape of layer `index`, or nil if an earlier layer rejects its input.
  private func shape(before index: Int, input: Shape) -> Shape? {
    var shape = input
    for entry in entries[..<index] {
      guard let next = try? entry.layer.outputShape(for: shape) else { return nil }
      shape = next
    }
    return shape
  }

  /// The calculation for the first convolution whose stride leaves pixels unused, with the fraction that was dropped.
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
  /// The same layer with a different padding.
  fileprivate func padded(by padding: Int) -> Conv2D {
    Conv2D(
      inputs, outputs, kernel: window.kernel, stride: window.stride, padding: Padding(padding),
      dilation: window.dilation, groups: groups, bias: bias != nil, initializer: initializer)
  }
}
