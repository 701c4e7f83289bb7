// The value a call returned, in a form that can be compared, printed and sent between processes.

import Tensors

/// A value that an exercise's function may return.
public protocol ExerciseValue: Sendable {
  /// The value as named lists of numbers.
  var outcome: Outcome { get }
}

/// One or more named lists of numbers.
public struct Outcome: ExerciseValue, Sendable, Codable, Equatable {
  /// One list of numbers with its shape.
  public struct Part: Sendable, Codable, Equatable {
    /// Its name: `input gradient`. Empty if there is only one.
    public var name: String
    /// Its shape, such as `[2, 3]`; empty for a single number.
    public var shape: [Int]
    /// The numbers in row-major order.
    public var values: [Double]
    /// How the numbers are printed and compared.
    public var kind: Kind

    /// Creates a list of numbers.
    public init(name: String = "", shape: [Int], values: [Double], kind: Kind = .real) {
      self.name = name
      self.shape = shape
      self.values = values
      self.kind = kind
    }
  }

  /// The kind of numbers.
  public enum Kind: String, Sendable, Codable {
    /// Compared within the case's tolerance.
    case real
    /// Compared exactly.
    case integer
    /// 1 for `true`, 0 for `false`.
    case bool
  }

  /// The lists of numbers, in the order in which the exercise returns them.
  public var parts: [Part]

  /// Creates an outcome from its lists.
  public init(parts: [Part]) { self.parts = parts }

  /// Creates an outcome from named results, in order: `Outcome(("input gradient", dx), ("weight gradient", dw))`.
  public init(_ named: (String, any ExerciseValue)...) {
    parts = named.flatMap { name, value in
      value.outcome.parts.map { part in
        var part = part
        part.name = part.name.isEmpty ? name : name + ", " + part.name
        return part
      }
    }
  }

  public var outcome: Outcome { self }

  /// Whether the shapes are equal and all numbers agree within `tolerance`.
  ///
  /// |a − b| ≤ tolerance · max(1, |b|); infinities and NaN equal only themselves.
  public func agrees(with expected: Outcome, tolerance: Double) -> Bool {
    guard parts.count == expected.parts.count else { return false }
    return zip(parts, expected.parts).allSatisfy { got, wanted in
      got.shape == wanted.shape && got.values.count == wanted.values.count
        && zip(got.values, wanted.values).allSatisfy {
          Self.isClose($0, $1, tolerance: wanted.kind == .real ? tolerance : 0)
        }
    }
  }

  /// Whether `a` equals `b` within `tolerance`.
  static func isClose(_ a: Double, _ b: Double, tolerance: Double) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
    if a == b { return true }
    return a.isFinite && b.isFinite && abs(a - b) <= tolerance * max(1, abs(b))
  }
}

extension Float: ExerciseValue {
  public var outcome: Outcome { Outcome(parts: [.init(shape: [], values: [Double(self)])]) }
}

extension Double: ExerciseValue {
  public var outcome: Outcome { Outcome(parts: [.init(shape: [], values: [self])]) }
}

extension Int: ExerciseValue {
  public var outcome: Outcome { Outcome(parts: [.init(shape: [], values: [Double(self)], kind: .integer)]) }
}

extension Bool: ExerciseValue {
  public var outcome: Outcome { Outcome(parts: [.init(shape: [], values: [self ? 1 : 0], kind: .bool)]) }
}

extension Tensor: ExerciseValue {
  public var outcome: Outcome {
    Outcome(parts: [.init(shape: shape.dimensions, values: elements.map(Double.init))])
  }
}

extension Array: ExerciseValue where Element: ExerciseNumber {
  public var outcome: Outcome {
    Outcome(parts: [.init(shape: [count], values: map(\.number), kind: Element.kind)])
  }
}

/// A number that may be an element of an array that an exercise returns.
public protocol ExerciseNumber: Sendable {
  /// How such numbers are printed and compared.
  static var kind: Outcome.Kind { get }
  /// The number in double precision.
  var number: Double { get }
}

extension Float: ExerciseNumber {
  public static var kind: Outcome.Kind { .real }
  public var number: Double { Double(self) }
}

extension Double: ExerciseNumber {
  public static var kind: Outcome.Kind { .real }
  public var number: Double { self }
}

extension Int: ExerciseNumber {
  public static var kind: Outcome.Kind { .integer }
  public var number: Double { Double(self) }
}
