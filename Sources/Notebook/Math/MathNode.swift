// A formula as a tree, between the TeX source of a chapter and MathML or Unicode.

/// A node of a formula.
indirect enum MathNode: Equatable, Sendable {
  case row([MathNode])
  /// A variable: one letter, set in italics.
  case identifier(String)
  /// A name set upright: `log`, `Var`.
  case name(String, takesLimits: Bool = false)
  case number(String)
  case symbol(String, Class)
  case text(String)
  /// A space in em.
  case space(Double)
  case fraction(MathNode, MathNode)
  case binomial(MathNode, MathNode)
  case root(MathNode, index: MathNode?)
  case scripts(MathNode, sub: MathNode?, sup: MathNode?)
  case fenced(String, MathNode, String)
  /// An accent above or below a node: `\hat x`.
  case accent(MathNode, Accent)
  /// A brace below or above a node, with an optional label.
  case brace(MathNode, label: MathNode?, isOver: Bool)
  /// Cells in rows, with optional fences.
  case matrix([[MathNode]], left: String, right: String, Layout)

  /// The spacing class of a symbol.
  enum Class: Equatable, Sendable { case ordinary, binary, relation, open, close, punctuation, large, prefix }
  /// An accent.
  enum Accent: Equatable, Sendable { case hat, bar, tilde, dot, doubleDot, vector, overline, underline }
  /// The alignment of the cells of a matrix in their columns.
  enum Layout: Equatable, Sendable { case centered, cases, aligned }
}

/// An error in a formula.
struct MathError: Error, Equatable, CustomStringConvertible {
  var message: String
  /// The number of characters of the source before the error.
  var position: Int
  var description: String { "\(message) at character \(position)" }
}
