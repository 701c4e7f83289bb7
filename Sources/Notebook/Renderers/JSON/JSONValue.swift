// JSON of any shape, for content without a type of its own: the blocks of a page, the numbers of a figure.

import Foundation

/// A JSON value for Foundation's coders.
package enum JSONValue: Codable, Equatable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
  case null
  case bool(Bool)
  case number(Double)
  case whole(Int)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .whole(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(Dictionary(members) { first, _ in first })
  }
  package init(arrayLiteral values: JSONValue...) { self = .array(values) }
  /// Creates a list of numbers.
  init(_ numbers: [Double]) { self = .array(numbers.map { .number($0) }) }
  /// Creates a list of texts.
  package init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }
  /// Creates an object with texts as members.
  init(_ texts: [String: String]) { self = .object(texts.mapValues { .string($0) }) }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let members = try? value.decode([String: JSONValue].self) {
      self = .object(members)
    } else if let values = try? value.decode([JSONValue].self) {
      self = .array(values)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let whole = try? value.decode(Int.self) {
      self = .whole(whole)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let flag = try? value.decode(Bool.self) {
      self = .bool(flag)
    } else {
      self = .null
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    // JSON has no NaN and no infinity.
    case .number(let number): try number.isFinite ? value.encode(number) : value.encodeNil()
    case .null: try value.encodeNil()
    case .bool(let flag): try value.encode(flag)
    case .whole(let whole): try value.encode(whole)
    case .string(let text): try value.encode(text)
    case .array(let values): try value.encode(values)
    case .object(let members): try value.encode(members)
    }
  }

  /// The value as a file for people: indented, with sorted members, so that it can be compared line by line.
  package var file: String { written([.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]) + "\n" }

  /// The value for a `<script>` element. It contains no `<`, because `</script>` would end the element.
  var script: String { written([.sortedKeys, .withoutEscapingSlashes]).replacing("<", with: "\\u003c") }

  func written(_ format: JSONEncoder.OutputFormatting) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = format
    // Non-finite numbers become null, so encoding cannot fail.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }
}
