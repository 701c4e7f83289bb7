// An end before the last page, with an exit code.

/// An error that ends a chapter with an exit code of its own; its description is the line that says why.
public protocol ChapterEnding: Error, CustomStringConvertible {
  /// The program's exit code.
  var code: Int32 { get }
}
