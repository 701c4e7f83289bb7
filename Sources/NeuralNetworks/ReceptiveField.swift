// The receptive field: the part of the image on which a unit depends.

import Tensors

/// The part of the image on which one unit of a network depends: its size and its position.
///
/// From layer to layer, along each axis, with a window of k taps (dilation·(k − 1) + 1 pixels if dilated), stride s and
/// padding p:
///
///     size    rₗ = rₗ₋₁ + (k − 1)·jₗ₋₁
///     jump    jₗ = jₗ₋₁·s                 the distance in pixels between the fields of neighbouring units
///     corner  aₗ = aₗ₋₁ − p·jₗ₋₁           the first pixel of the first unit's field; below 0 in the border
///
/// The initial values, for a pixel of the image, are r = 1, j = 1, a = 0. Two 3×3 convolutions therefore have the same
/// receptive field as one of 5×5, and three the same as one of 7×7:
///
///     ReceptiveField.pixel.through(Window(kernel: 3)).through(Window(kernel: 3)).size     // 5×5
///
/// Near the edge a unit may depend on fewer pixels, because the padding of inner layers is not part of the image. If
/// branches are added, the field is the smallest rectangle that contains the fields of all branches.
/// - Source: Araujo, Norris and Sim 2019, "Computing receptive fields of convolutional neural networks",
///   doi:10.23915/distill.00021, eqs. 2 and 3.
public struct ReceptiveField: Hashable, Sendable, CustomStringConvertible {
  /// r: the height and width of the field, in pixels; it may be larger than the image.
  public var size: Extent
  /// j: the distance in pixels from one unit's field to its neighbour's; 0 if all units have the same field.
  public var jump: Extent
  /// a: the first row and the first column of the first unit's field; negative in the border.
  public var corner: Extent

  /// Creates a field.
  public init(size: Extent, jump: Extent, corner: Extent) {
    self.size = size
    self.jump = jump
    self.corner = corner
  }

  /// The field of a pixel of the image: the pixel itself.
  public static let pixel = ReceptiveField(size: 1, jump: 1, corner: 0)

  /// The centre of the first unit's field, in pixels: corner + (size − 1)/2, a half-integer if the size is even.
  public var start: (row: Double, column: Double) {
    (Double(corner.height) + Double(size.height - 1) / 2, Double(corner.width) + Double(size.width - 1) / 2)
  }

  /// The field of a unit that sees units with this field through `window`.
  public func through(_ window: Window) -> ReceptiveField {
    ReceptiveField(
      size: Extent(
        size.height + (window.span.height - 1) * jump.height,
        size.width + (window.span.width - 1) * jump.width),
      jump: Extent(
        jump.height * window.stride.height, jump.width * window.stride.width),
      corner: Extent(
        corner.height - window.padding.top * jump.height,
        corner.width - window.padding.left * jump.width))
  }

  /// The field of a unit that sees all of `extent` units with this field: it is the same for every unit.
  public func everywhere(_ extent: Extent) -> ReceptiveField {
    ReceptiveField(
      size: Extent(
        size.height + (extent.height - 1) * jump.height, size.width + (extent.width - 1) * jump.width),
      jump: 0, corner: corner)
  }

  /// The smallest field that contains this field and another, or nil if their jumps differ: their distance then changes
  /// from unit to unit, and no single size describes both.
  public func joined(with other: ReceptiveField) -> ReceptiveField? {
    guard jump == other.jump else { return nil }
    func axis(_ a: Int, _ n: Int, _ b: Int, _ m: Int) -> (corner: Int, size: Int) {
      let first = min(a, b)
      return (first, max(a + n, b + m) - first)
    }
    let down = axis(corner.height, size.height, other.corner.height, other.size.height)
    let across = axis(corner.width, size.width, other.corner.width, other.size.width)
    return ReceptiveField(
      size: Extent(down.size, across.size), jump: jump, corner: Extent(down.corner, across.corner))
  }

  /// The rows of an image that the units of row `row` see, without the border; empty if they see only the border.
  public func rows(ofUnit row: Int, in height: Int) -> Range<Int> {
    Self.clip(corner.height + row * jump.height, size.height, height)
  }

  /// The columns of an image that the units of column `column` see, without the border.
  public func columns(ofUnit column: Int, in width: Int) -> Range<Int> {
    Self.clip(corner.width + column * jump.width, size.width, width)
  }

  private static func clip(_ first: Int, _ count: Int, _ limit: Int) -> Range<Int> {
    let lower = min(max(0, first), limit)
    return lower..<max(lower, min(first + count, limit))
  }

  /// `16×16, jump 4×4, start 7.5, 7.5`.
  public var description: String { "\(size), jump \(jump), start \(start.row), \(start.column)" }
}

/// The receptive field after one layer of a network.
public struct ReceptiveFieldRow: Hashable, Sendable {
  /// The layer's name, prefixed with the names of the enclosing sequences: `features.3`.
  public var name: String
  /// The layer's kind: `Conv2D`.
  public var kind: String
  /// The shape of one output sample.
  public var output: Shape
  /// The field of one unit of the output.
  public var field: ReceptiveField
}

/// The receptive field after every layer of a network, by the recursion of ``ReceptiveField``.
///
///     for row in try receptiveFields(of: LeNet5.plain.layers, input: [1, 32, 32]) { print(row.name, row.field.size) }
///
/// A nested sequence gives one row for each of its layers. A residual block gives one row, with the smallest field that
/// contains the fields of its branches. `Flatten` does not change fields; a dense layer after it sees all positions.
///
/// - Parameters:
///   - layer: a network of layers that declare their own field (``ReceptiveLayer``).
///   - input: the shape of one image, [C, H, W].
/// - Throws: ``ShapeError`` if a layer does not fit or does not declare its field, if added branches have different
///   jumps, or if adaptive pooling divides the image into pieces of different sizes.
public func receptiveFields(of layer: some ReceptiveLayer, input: Shape) throws(ShapeError) -> [ReceptiveFieldRow] {
  guard input.rank == 3 else {
    throw ShapeError(
      layer.kind, expected: "an image, [channels, height, width]", received: input,
      arithmetic: "a receptive field is a part of an image")
  }
  var walk = Walk(shape: input, extent: Extent(input[1], input[2]))
  try walk.pass(layer, named: "")
  return walk.rows
}

/// A traversal of a network: the field so far, and the shape of the current tensor.
private struct Walk {
  var shape: Shape
  /// The height and width of the tensor, or those it had before it was flattened.
  var extent: Extent
  var field = ReceptiveField.pixel
  var rows: [ReceptiveFieldRow] = []

  mutating func pass(_ layer: any Layer, named name: String) throws(ShapeError) {
    guard let layer = layer as? any ReceptiveLayer else {
      throw ShapeError(
        layer.kind, expected: "a layer that declares its receptive field (ReceptiveLayer)", received: shape,
        arithmetic: "otherwise an output may depend on any part of the image")
    }
    let output = try layer.outputShape(for: shape)
    switch layer.localReceptiveField {
    case .position: break
    case .window(let window): field = field.through(window)
    case .pieces(let count): field = try through(pieces: count, layer.kind)
    case .everything: field = field.everywhere(extent)
    case .chain(let entries):
      for (index, entry) in entries.enumerated() {
        do throws(ShapeError) {
          try pass(entry.layer, named: name.isEmpty ? entry.name : name + "." + entry.name)
        } catch {
          throw error.inside("layer \(index + 1) \(entry.name)")
        }
      }
      return
    case .branches(let branches): field = try sum(branches, layer.kind)
    }
    shape = output
    if output.rank == 3 {
      extent = Extent(output[1], output[2])
    } else if case .everything = layer.localReceptiveField {
      extent = 1
    }
    rows.append(
      ReceptiveFieldRow(name: name.isEmpty ? layer.kind : name, kind: layer.kind, output: output, field: field))
  }

  /// If all pieces are equal, adaptive pooling is pooling with a window.
  private func through(pieces: Extent, _ kind: String) throws(ShapeError) -> ReceptiveField {
    guard extent.height % pieces.height == 0, extent.width % pieces.width == 0 else {
      throw ShapeError(
        kind, expected: "an image that can be divided into \(pieces) equal pieces", received: shape,
        arithmetic: "\(extent.height)/\(pieces.height) × \(extent.width)/\(pieces.width): the pieces differ in size, "
          + "and so do their fields")
    }
    let piece = Extent(extent.height / pieces.height, extent.width / pieces.width)
    return field.through(Window(kernel: piece, stride: piece))
  }

  /// The smallest field that contains the fields of all branches.
  private func sum(_ branches: [Sequential], _ kind: String) throws(ShapeError) -> ReceptiveField {
    var joined: ReceptiveField?
    for branch in branches {
      var walk = Walk(shape: shape, extent: extent)
      walk.field = field
      try walk.pass(branch, named: "")
      guard let first = joined else {
        joined = walk.field
        continue
      }
      joined = first.joined(with: walk.field)
      if joined == nil {
        throw ShapeError(
          kind, expected: "branches with the same jump", received: shape,
          arithmetic: "one moves \(first.jump) pixels from unit to unit, another \(walk.field.jump): "
            + "the distance of their fields changes, and no single size describes the sum")
      }
    }
    return joined ?? field
  }
}
