// Checks shared by the exercises that ask for a network.

import ExerciseKit

extension Sequential {
  /// Refuses a network whose layers do not fit together, or that needs more work than any exercise requires: the
  /// checker has to do that work itself.
  ///
  /// - Throws: ``ShapeError`` of the first layer that does not fit.
  func demandFit(for input: Shape) throws {
    var (shape, work) = (input, 0)
    for layer in flattenedLayers {
      // A layer that does not fit is reported below, with its place. By then every earlier output has a countable size.
      guard let next = try? layer.outputShape(for: shape) else { break }
      guard Wire.size(of: next.dimensions) != nil else { throw Self.excess(layer, next) }
      work += layer.multiplyAdds(for: shape)
      shape = next
      // Comparing and adding within a window is work as well, and so is an elementwise function.
      let window = (layer as? MaxPool)?.window ?? (layer as? AveragePool)?.window
      let (pooling, didOverflow) = shape.count.multipliedReportingOverflow(by: max(16, window?.kernel.area ?? 0))
      work += didOverflow ? 1 << 30 : pooling
      guard work < 1 << 27 else { throw Self.excess(layer, shape) }
    }
    _ = try outputShape(for: input)
  }

  private static func excess(_ layer: any Layer, _ shape: Shape) -> CheckerError {
    CheckerError("a layer (\(layer.kind)) gives \(shape), far more than is asked for")
  }

  /// The layers in order, with every nested network replaced by its layers: nesting is a matter of style.
  var flattenedLayers: [any Layer] {
    entries.flatMap { ($0.layer as? Sequential)?.flattenedLayers ?? [$0.layer] }
  }
}
