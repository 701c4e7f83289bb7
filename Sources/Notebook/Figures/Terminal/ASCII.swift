// Text for terminals without Unicode.

import Foundation

extension String {
  /// The text in lines of at most `count` characters.
  package func wrapped(_ count: Int) -> String { CellCanvas.wrap(self, count).joined(separator: "\n") }

  /// The text padded with spaces to a length.
  func padded(_ count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }

  /// The text in ASCII: powers as `10^-3`, signs and Greek letters by their names, other characters as `?`. The result
  /// may be longer.
  var asASCII: String {
    let raised: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
      "ⁿ": "n",
    ]
    let plain: [Character: String] = [
      "−": "-", "–": "-", "—": "-", "‑": "-", "·": "*", "×": "x", "→": "->", "←": "<-", "↔": "<->", "▶": ">", "─": "-",
      "━": "=", "╌": "-", "│": "|", "┤": "+", "┴": "+", "└": "+", "↳": "->", "▾": "v", "•": "*", "○": "o", "✓": "v",
      "✗": "x", "…": "~", "±": "+/-", "“": "\"", "”": "\"", "’": "'", "‘": "'", "′": "'", "″": "''", "½": "1/2",
      "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "∞": "inf", "∂": "d", "√": "sqrt", "≤": "<=", "≥": ">=",
      "≈": "~", "≠": "!=", "≪": "<<", "≫": ">>", "‖": "||", "∑": "sum", "∏": "product", "∈": "in", "⊙": "*", "∗": "*",
      "█": "#", "▓": "%", "▒": "+", "░": ".", "▉": "#", "▊": "#", "▋": "#", "▌": "|", "▍": "|", "▎": "|", "▏": "|",
      "■": "#", "●": "o", "÷": "/", "\u{A0}": " ", "\u{202F}": " ", "°": " deg",
    ]
    let greek: [Character: String] = [
      "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "eps", "ζ": "zeta", "η": "eta", "θ": "theta",
      "κ": "kappa", "λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi",
      "ψ": "psi", "ω": "omega", "Δ": "Delta", "Σ": "Sigma", "Π": "Pi", "Ω": "Omega", "∇": "grad",
    ]
    // Accents are removed from letters; the hat of an estimate is written after its letter.
    func bare(_ character: Character) -> String {
      let parts = String(character).decomposedStringWithCompatibilityMapping.unicodeScalars
      let letters = String(String.UnicodeScalarView(parts.filter(\.isASCII)))
      return letters.isEmpty ? "?" : letters + (parts.contains("\u{302}") ? "^" : "")
    }
    var out = "", wasRaised = false
    for character in self {
      if let digit = raised[character] {
        if !wasRaised { out.append("^") }
        out.append(digit)
        wasRaised = true
        continue
      }
      wasRaised = false
      if character.isASCII {
        out.append(character)
      } else {
        out += plain[character] ?? greek[character] ?? bare(character)
      }
    }
    return out
  }
}
