// Types that can be arguments or results of an exercise's function.

/// A value that can be sent to another process.
package protocol Wired {
  var wire: Wire { get }
  /// Reads the value; `nil` for anything else.
  init?(wire: Wire)
}

/// A value that can be an element of an array.
package protocol WiredElement: Wired {
  static func wire(of values: [Self]) -> Wire
  static func values(of wire: Wire) -> [Self]?
}

extension WiredElement {
  package static func wire(of values: [Self]) -> Wire { .list(values.map(\.wire)) }
  package static func values(of wire: Wire) -> [Self]? {
    guard case .list(let items) = wire else { return nil }
    let values = items.compactMap { Self(wire: $0) }
    return values.count == items.count ? values : nil
  }
}

extension Bool: Wired {
  package var wire: Wire { .flag(self) }
  package init?(wire: Wire) {
    guard case .flag(let value) = wire else { return nil }
    self = value
  }
}

extension Int: WiredElement {
  package var wire: Wire { .integer(self) }
  package init?(wire: Wire) {
    guard case .integer(let value) = wire else { return nil }
    self = value
  }
  package static func wire(of values: [Int]) -> Wire { .integers(values) }
  package static func values(of wire: Wire) -> [Int]? { if case .integers(let values) = wire { values } else { nil } }
}

extension Double: WiredElement {
  package var wire: Wire { .number(self) }
  package init?(wire: Wire) {
    guard case .number(let value) = wire else { return nil }
    self = value
  }
  package static func wire(of values: [Double]) -> Wire { .numbers(values) }
  package static func values(of wire: Wire) -> [Double]? { if case .numbers(let values) = wire { values } else { nil } }
}

extension Float: WiredElement {
  package var wire: Wire { .float(self) }
  package init?(wire: Wire) {
    guard case .float(let value) = wire else { return nil }
    self = value
  }
  package static func wire(of values: [Float]) -> Wire { .floats(values) }
  package static func values(of wire: Wire) -> [Float]? { if case .floats(let values) = wire { values } else { nil } }
}

extension Array: Wired where Element: WiredElement {
  package var wire: Wire { Element.wire(of: self) }
  package init?(wire: Wire) {
    guard let values = Element.values(of: wire) else { return nil }
    self = values
  }
}

extension Array: WiredElement where Element: WiredElement {}

extension Tensor: Wired {
  package var wire: Wire { .tensor(shape: shape.dimensions, elements) }
  package init?(wire: Wire) {
    guard case .tensor(let shape, let values) = wire, Wire.size(of: shape) == values.count else { return nil }
    self.init(Shape(shape), values)
  }
}
