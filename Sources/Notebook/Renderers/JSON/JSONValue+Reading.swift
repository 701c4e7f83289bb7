// What a JSON value of unknown shape holds.

extension JSONValue: CustomStringConvertible {
  /// The value as JSON on one line.
  package var description: String { written([.sortedKeys, .withoutEscapingSlashes]) }

  /// A text.
  package var text: String? { if case .string(let text) = self { text } else { nil } }

  /// A number; true and false are 1 and 0.
  package var number: Double? {
    switch self {
    case .number(let number): number
    case .whole(let whole): Double(whole)
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// A number without its decimals; nil where it is none, or too large for a whole one.
  package var whole: Int? { number.flatMap { Int(exactly: $0.rounded(.towardZero)) } }

  /// True, false, or a number that is not 0.
  package var flag: Bool? { number.map { $0 != 0 } }

  /// The values of a list.
  package var items: [JSONValue]? { if case .array(let items) = self { items } else { nil } }

  /// A list of texts alone.
  package var texts: [String]? { items.flatMap { items in all(items.map(\.text)) } }

  /// A list of numbers alone.
  package var numbers: [Double]? { items.flatMap { items in all(items.map(\.number)) } }

  /// The members of an object.
  package var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

  /// The member of that name; nil also where this is no object.
  package subscript(_ name: String) -> JSONValue? { members?[name] }

  private func all<Value>(_ values: [Value?]) -> [Value]? {
    let found = values.compactMap { $0 }
    return found.count == values.count ? found : nil
  }
}
