// Escaping of untrusted text for its destination: a page, a terminal, a spreadsheet, a shell, or a one-line message.

import Foundation

extension String {
  /// The text for elements and quoted attributes in HTML and XML: markup characters are escaped, and characters that
  /// are invalid in XML or unwanted in browsers are removed. Line ends and tabs are kept.
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

  /// The text as a field of comma-separated values (RFC 4180): quoted if necessary, and protected from being read as a
  /// formula by a spreadsheet, unless it is a number.
  ///
  /// Unicode scalars are examined, not characters: a comma with a combining accent is one character, but ends a field.
  package var escapedForCSV: String {
    let first = unicodeScalars.first { !$0.properties.isWhitespace && $0.properties.generalCategory != .format }
    let isFormula = first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } == true || "\t\r".contains(self.first ?? " ")
    let safe = isFormula && Double(self) == nil ? "'" + self : self
    let needsQuotes = safe.unicodeScalars.contains { ",\"".unicodeScalars.contains($0) || (10...13).contains($0.value) }
    return needsQuotes ? safe.quoted(by: "\"", inside: "\"\"") : safe
  }

  /// The text as one word of a shell command: in single quotes, unless it consists of harmless characters only.
  package var escapedForShell: String {
    let isHarmless =
      !isEmpty
      && utf8.allSatisfy { byte in
        (byte | 32 >= 97 && byte | 32 <= 122) || (byte >= 48 && byte <= 57) || "-_./:=@%+,".utf8.contains(byte)
      }
    return isHarmless ? self : quoted(by: "'", inside: #"'\''"#)
  }

  /// The text in quotes, with each quote in the text replaced by `inside`.
  private func quoted(by quote: Unicode.Scalar, inside: String) -> String {
    var result = String.UnicodeScalarView([quote])
    for scalar in unicodeScalars {
      if scalar == quote { result.append(contentsOf: inside.unicodeScalars) } else { result.append(scalar) }
    }
    result.append(quote)
    return String(result)
  }

  /// The text cut to at most `count` Unicode scalars: a single character may have thousands of combining accents.
  package func clipped(to count: Int) -> String {
    guard let end = unicodeScalars.index(startIndex, offsetBy: count, limitedBy: endIndex), end < endIndex else {
      return self
    }
    return String(unicodeScalars[..<end]) + "…"
  }

  /// The text on one line, without control characters.
  package var onOneLine: String {
    let plain = String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? " " : $0 }))
    return plain.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
  }
}

extension StringProtocol {
  /// The text without control characters, which could control the terminal; tabs become spaces, line ends are kept.
  package var withoutControls: String {
    var result = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in unicodeScalars {
      switch scalar {
      case "\n" where last == "\r": break
      case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": result.append("\n")
      case "\t": result.append(contentsOf: "  ".unicodeScalars)
      default: if !scalar.isControl { result.append(scalar) }
      }
      last = scalar
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  /// Whether this is a control character: C0, delete, or C1, which includes a terminal's CSI; or a character that
  /// changes the writing direction or is an invisible line separator.
  fileprivate var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
