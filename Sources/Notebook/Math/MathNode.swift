// A formula as a tree, between the TeX a chapter writes and the MathML or Unicode a reader sees.

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
  /// A mark over (or under) a node: `\hat x`.
  case accent(MathNode, Accent)
  /// A label under or over a brace.
  case brace(MathNode, label: MathNode?, isOver: Bool)
  /// Cells in rows, with fences or none; `isAligned` alternates right and left (`aligned`), `isCases` is all left.
  case matrix([[MathNode]], left: String, right: String, Layout)

  /// How a symbol behaves between its neighbours.
  enum Class: Equatable, Sendable { case ordinary, binary, relation, open, close, punctuation, large, prefix }
  /// Marks.
  enum Accent: Equatable, Sendable { case hat, bar, tilde, dot, doubleDot, vector, overline, underline }
  /// How the cells of a matrix stand in their columns.
  enum Layout: Equatable, Sendable { case centered, cases, aligned }
}

/// What is wrong with a formula.
struct MathError: Error, Equatable, CustomStringConvertible {
  var message: String
  /// How many characters of the source were read before it.
  var position: Int
  var description: String { "\(message) at character \(position)" }
}
