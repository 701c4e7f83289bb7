// Text of any origin made harmless for where it is going: a page, a terminal, a spreadsheet, one line of a message.

import Foundation

extension String {
  /// The text for HTML and XML, in elements and quoted attributes: marks escaped, and without the characters that
  /// XML does not have and browsers do not want. Line ends and tabs stay.
  package var escapedForMarkup: String {
    var result = ""
    result.reserveCapacity(utf8.count + 16)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.isControl || scalar.value & 0xFFFE == 0xFFFE: continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text as a field of comma-separated values (RFC 4180): quoted where it must be, and never a formula to a
  /// spreadsheet, unless it is a number.
  package var escapedForCSV: String {
    let isFormula = first.map("=+-@\t\r".contains) == true && Double(self) == nil
    let safe = isFormula ? "'" + self : self
    guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
    return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// The text as one word of a shell command: in single quotes, unless it is of harmless characters alone.
  package var escapedForShell: String {
    let isHarmless =
      !isEmpty
      && utf8.allSatisfy { byte in
        (byte | 32 >= 97 && byte | 32 <= 122) || (byte >= 48 && byte <= 57) || "-_./:=@%+,".utf8.contains(byte)
      }
    return isHarmless
      ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }

  /// The text on one line, without control characters.
  package var onOneLine: String {
    let plain = String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? " " : $0 }))
    return plain.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }
}

extension StringProtocol {
  /// The text without control characters, so that data cannot steer the terminal; tabs become spaces, line ends stay.
  package var withoutControls: String {
    var result = ""
    for character in self {
      if character == "\t" {
        result += "  "
      } else if character.isNewline {
        result += "\n"
      } else {
        result.unicodeScalars.append(contentsOf: character.unicodeScalars.filter { !$0.isControl })
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether this is a control character: C0, delete, or C1, among which is a terminal's CSI in one character; or one of
  /// those that turn the direction of what follows, or end a line unseen.
  fileprivate var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
