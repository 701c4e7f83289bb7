// Cases of operations that are not layers: products, sums, and flattening.

import Foundation
import Workbook

extension ConformanceCase {
  /// Checks y = α·A·B + β·C, where C is broadcast if it is smaller.
  func checkProduct(_ file: Safetensors) throws {
    func matrix(_ name: String) throws -> Tensor {
      let m = try file.tensor(name)
      guard m.shape.rank == 2, m.count > 0 else { throw Skip("\(name): a matrix expected, got \(m.shape)") }
      return m
    }
    let (turnsA, turnsB) = (flag("transA"), flag("transB"))
    let a = turnsA ? try matrix("a").transposed : try matrix("a")  // [m, k]
    let b = turnsB ? try matrix("b").transposed : try matrix("b")  // [k, n]
    guard a.shape[1] == b.shape[0] else { throw Mismatch("a \(a.shape) and b \(b.shape) do not fit") }
    let (alpha, beta) = (try float("alpha", default: 1), try float("beta", default: 1))
    let c = names("inputs").contains("c") ? try file.tensor("c") : Tensor(zeros: [1, 1])
    let (rows, columns) = (a.shape[0], b.shape[1])
    let extents = Array(repeating: 1, count: max(0, 2 - c.shape.rank)) + c.shape.dimensions
    guard extents.count == 2, [1, rows].contains(extents[0]), [1, columns].contains(extents[1]) else {
      throw Skip("c: \(c.shape) cannot be repeated to [\(rows), \(columns)]")
    }
    /// The index in C for an element of y.
    func place(_ element: Int) -> Int {
      (extents[0] == 1 ? 0 : element / columns) * extents[1] + (extents[1] == 1 ? 0 : element % columns)
    }
    let product = Kernels.matrixMultiply(a, b)
    let y = product.elements.enumerated().map { alpha * $1 + beta * c.elements[place($0)] }
    try expect(Tensor([rows, columns], y), try file.tensor("y"), called: "y")

    guard let up = map("upstream")["y"] else { return }
    let upward = try file.tensor(up)  // [m, n]
    guard upward.shape == [rows, columns] else {
      throw Mismatch("\(up): expected [\(rows), \(columns)], got \(upward.shape)")
    }
    func scaled(_ tensor: Tensor) -> Tensor { tensor.map { alpha * $0 } }
    let da = scaled(Kernels.matrixMultiply(upward, b.transposed))
    let db = scaled(Kernels.matrixMultiply(a.transposed, upward))
    var dc = [Double](repeating: 0, count: c.count)
    for (element, value) in upward.elements.enumerated() { dc[place(element)] += Double(beta * value) }
    let found = [
      "a": turnsA ? da.transposed : da, "b": turnsB ? db.transposed : db, "c": Tensor(c.shape, dc.map(Float.init)),
    ]
    try compareGradients(found, file)
  }

  /// Checks y = a + b, where two branches meet. Both receive the whole gradient.
  func checkSum(_ file: Safetensors) throws {
    let (a, b) = (try file.tensor("a"), try file.tensor("b"))
    guard a.shape == b.shape else {
      throw Skip("numpy_broadcast: \(a.shape) and \(b.shape) are added here only where equal")
    }
    try expect(Tensor(a.shape, zip(a.elements, b.elements).map(+)), try file.tensor("y"), called: "y")
    guard let up = map("upstream")["y"] else { return }
    let upward = try file.tensor(up)
    try compareGradients(["a": upward, "b": upward], file)
  }

  /// Checks flattening: the axes before `axis` become one, and so do the others; for `axis` 1 that is ``Flatten``.
  func checkFlatten(_ file: Safetensors) throws {
    let x = try file.tensor("x")
    let axis = try whole("axis", default: 1, in: -x.shape.rank...x.shape.rank)
    let split = axis < 0 ? axis + x.shape.rank : axis
    let outer = x.shape.dimensions.prefix(split).reduce(1, *)
    var y = x.reshaped(to: [outer, x.shape.dimensions.dropFirst(split).reduce(1, *)])
    if split == 1 && x.count > 0 {
      var flatten = Flatten()
      y = flatten.forward(x)
    }
    try expect(y, try file.tensor("y"), called: "y")
    guard let up = map("upstream")["y"] else { return }
    let upward = try file.tensor(up)
    guard upward.count == x.count else { throw Mismatch("\(up): expected \(x.count) numbers, got \(upward.count)") }
    try compareGradients(["x": upward.reshaped(to: x.shape)], file)
  }

  private func compareGradients(_ found: [String: Tensor], _ file: Safetensors) throws {
    for (name, target) in map("gradients").sorted(by: { $0.key < $1.key }) {
      guard let gradient = found[name] else { throw Skip("the gradient of \(name) is not kept") }
      try expect(gradient, try file.tensor(target), called: target)
    }
  }
}
