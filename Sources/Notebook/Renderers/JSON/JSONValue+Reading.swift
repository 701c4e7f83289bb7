// Access to the content of a JSON value of unknown shape.

extension JSONValue: CustomStringConvertible {
  /// The value as JSON on one line.
  package var description: String { written([.sortedKeys, .withoutEscapingSlashes]) }

  /// The text; nil if this is not a text.
  package var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The number, with 1 for true and 0 for false; nil if this is neither.
  package var number: Double? {
    switch self {
    case .number(let number): number
    case .whole(let whole): Double(whole)
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// The number without its decimals; nil if this is not a number, or is too large for an integer.
  package var whole: Int? { number.flatMap { Int(exactly: $0.rounded(.towardZero)) } }

  /// True, false, or whether a number is not 0; nil if this is neither.
  package var flag: Bool? { number.map { $0 != 0 } }

  /// The values of a list; nil if this is not a list.
  package var items: [JSONValue]? { if case .array(let items) = self { items } else { nil } }

  /// The texts of a list; nil if this is not a list of texts.
  package var texts: [String]? { items.flatMap { items in all(items.map(\.text)) } }

  /// The numbers of a list; nil if this is not a list of numbers.
  package var numbers: [Double]? { items.flatMap { items in all(items.map(\.number)) } }

  /// The members of an object; nil if this is not an object.
  package var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

  /// The member with a name; nil if there is none or this is not an object.
  package subscript(_ name: String) -> JSONValue? { members?[name] }

  private func all<Value>(_ values: [Value?]) -> [Value]? {
    let found = values.compactMap { $0 }
    return found.count == values.count ? found : nil
  }
}
