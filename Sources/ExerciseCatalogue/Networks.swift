// What the exercises that ask for a network share.

import ExerciseKit

extension Sequential {
  /// Refuses a network whose layers do not fit on each other, or that asks for more work than any exercise does: it is
  /// the judge who does it.
  ///
  /// - Throws: ``ShapeError`` of the first layer that does not fit.
  func demandFit(for input: Shape) throws {
    var (shape, work) = (input, 0)
    for layer in flattenedLayers {
      // What does not fit is told below, with its place: by then no layer before it gives more numbers than can be counted.
      guard let next = try? layer.outputShape(for: shape) else { break }
      guard Wire.size(of: next.dimensions) != nil else { throw Self.excess(layer, next) }
      work += layer.multiplyAdds(for: shape)
      shape = next
      // Comparing and adding under a window is work as well, and so is a function of each number.
      let window = (layer as? MaxPool)?.window ?? (layer as? AveragePool)?.window
      let (pooling, isFar) = shape.count.multipliedReportingOverflow(by: max(16, window?.kernel.area ?? 0))
      work += isFar ? 1 << 30 : pooling
      guard work < 1 << 27 else { throw Self.excess(layer, shape) }
    }
    _ = try outputShape(for: input)
  }

  private static func excess(_ layer: any Layer, _ shape: Shape) -> CheckerError {
    CheckerError("a layer (\(layer.kind)) gives \(shape), far more than is asked for")
  }

  /// The layers in order, those of networks within this network in the place of each: nesting is a matter of style.
  var flattenedLayers: [any Layer] {
    entries.flatMap { ($0.layer as? Sequential)?.flattenedLayers ?? [$0.layer] }
  }
}
