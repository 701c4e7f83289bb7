// JSON whose members keep their order, so that records can be compared line by line.

import Foundation

/// A JSON value.
enum JSONValue: Equatable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
  case null
  case bool(Bool)
  case number(Double)
  case whole(Int)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .whole(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(dictionaryLiteral members: (String, JSONValue)...) { self = .object(members) }
  init(arrayLiteral values: JSONValue...) { self = .array(values) }
  /// Numbers; a list of them stays on one line.
  init(_ numbers: [Double]) { self = .array(numbers.map { .number($0) }) }
  init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }

  static func == (a: JSONValue, b: JSONValue) -> Bool { a.text == b.text }

  /// The value as text, indented by two spaces. JSON has no NaN or infinity: they are null.
  var text: String {
    var result = ""
    write(to: &result, indent: 0)
    return result
  }

  private var isFlat: Bool {
    guard case .array(let values) = self else { return false }
    return values.allSatisfy { value in
      switch value {
      case .number, .whole, .null, .bool: true
      case .string(let text): text.count < 24
      default: false
      }
    }
  }

  private func write(to result: inout String, indent: Int) {
    let inner = String(repeating: "  ", count: indent + 1)
    let outer = String(repeating: "  ", count: indent)
    switch self {
    case .null: result += "null"
    case .bool(let value): result += value ? "true" : "false"
    case .whole(let value): result += String(value)
    case .number(let value):
      if !value.isFinite {
        result += "null"
      } else if value == value.rounded(), abs(value) < 1e15 {
        result += String(Int(value))
      } else {
        result += String(value)
      }
    case .string(let text): JSONValue.quote(text, to: &result)
    case .array(let values):
      if values.isEmpty {
        result += "[]"
      } else if isFlat {
        result += "["
        for (index, value) in values.enumerated() {
          if index > 0 { result += ", " }
          value.write(to: &result, indent: indent)
        }
        result += "]"
      } else {
        result += "[\n"
        for (index, value) in values.enumerated() {
          result += inner
          value.write(to: &result, indent: indent + 1)
          result += index + 1 < values.count ? ",\n" : "\n"
        }
        result += outer + "]"
      }
    case .object(let members):
      if members.isEmpty {
        result += "{}"
        return
      }
      result += "{\n"
      for (index, (name, value)) in members.enumerated() {
        result += inner
        JSONValue.quote(name, to: &result)
        result += ": "
        value.write(to: &result, indent: indent + 1)
        result += index + 1 < members.count ? ",\n" : "\n"
      }
      result += outer + "}"
    }
  }

  private static func quote(_ text: String, to result: inout String) {
    result += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      // `</script>` inside a data block would end it.
      case "<": result += "\\u003c"
      case "\u{2028}", "\u{2029}": result += String(format: "\\u%04x", scalar.value)
      case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    result += "\""
  }
}
