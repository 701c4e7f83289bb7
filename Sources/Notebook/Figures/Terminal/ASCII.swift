// Text for terminals that know no more than ASCII.

extension String {
  /// The text in lines of at most `count` characters.
  func wrapped(_ count: Int) -> String { CellCanvas.wrap(self, count).joined(separator: "\n") }

  /// The text with spaces to a length.
  func padded(_ count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }

  /// The text in ASCII: powers as `10^-3`, signs by their nearest, the rest as `?`; which may make it longer.
  var asASCII: String {
    let raised: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
    ]
    let plain: [Character: String] = [
      "−": "-", "–": "-", "—": "-", "·": "*", "×": "x", "→": ">", "▶": ">", "─": "-", "╌": "-", "│": "|", "┤": "+",
      "┴": "+", "└": "+",
      "…": "~", "±": "+", "“": "\"", "”": "\"", "’": "'", "½": "half", "σ": "s", "μ": "u", "∞": "inf", "∂": "d",
      "█": "#", "▓": "%", "▒": "+", "░": ".",
      "▉": "#", "▊": "#", "▋": "#", "▌": "#", "▍": "|", "▎": "|", "▏": "|", "■": "#", "●": "o", "₁": "1", "₂": "2",
      "÷": "/",
    ]
    var out = "", wasRaised = false
    for character in self {
      if let digit = raised[character] {
        if !wasRaised { out.append("^") }
        out.append(digit)
        wasRaised = true
        continue
      }
      wasRaised = false
      if character.isASCII { out.append(character) } else { out += plain[character] ?? "?" }
    }
    return out
  }
}
