// The number of an exercise.

/// The number of an exercise: chapter and position, `4.3`. Written as a string literal.
package struct ExerciseID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible, ExpressibleByStringLiteral
{
  package let chapter: Int
  package let number: Int

  /// Reads `4.3`, `04.3`, `04_3`, `Ex04_3` or `Ex04_3_HeInitialization`; `nil` for anything else.
  package init?(_ text: String) {
    let digits = (text.hasPrefix("Ex") || text.hasPrefix("ex") ? text.dropFirst(2) : text[...])
      .split(separator: text.contains(".") ? "." : "_", omittingEmptySubsequences: false)
    guard digits.count >= 2, !(text.contains(".") && digits.count > 2), let chapter = Int(digits[0]),
      let number = Int(digits[1]), chapter > 0, number > 0
    else { return nil }
    self.chapter = chapter
    self.number = number
  }

  /// Traps if the literal is not of the form `4.3`.
  package init(stringLiteral text: String) {
    guard let id = ExerciseID(text) else { fatalError("an exercise's number looks like 4.3, not \"\(text)\"") }
    self = id
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let id = ExerciseID(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected a number like 4.3, found \(text)"))
    }
    self = id
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package var description: String { "\(chapter).\(number)" }

  package static func < (a: Self, b: Self) -> Bool { (a.chapter, a.number) < (b.chapter, b.number) }
}
