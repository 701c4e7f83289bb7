// Recognizes a file that still is the stub, without compiling it.

import Foundation

/// Whether every function body in a Swift file is still the unsolved marker, and nothing else has been added.
func isUntouched(_ source: String) -> Bool {
  var code = ""
  for line in source.split(whereSeparator: \.isNewline) {
    let text = line.trimmingCharacters(in: .whitespaces)
    if text.hasPrefix("//") { continue }
    code += " " + text
  }
  // One type, whose functions each consist of the marker.
  let pieces = code.components(separatedBy: "{")
  guard pieces.count > 2, pieces[1].contains("func "), pieces[0].contains("enum ") else { return false }
  return pieces.dropFirst(2).allSatisfy { piece in
    let body = piece.trimmingCharacters(in: .whitespaces)
    guard body.hasPrefix("throw Unsolved(\""), let end = body.range(of: "\")") else { return false }
    let rest = body[end.upperBound...].trimmingCharacters(in: .whitespaces)
    return rest.hasPrefix("}") && !rest.dropFirst().contains("=")
  }
}
