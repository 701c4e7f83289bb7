// An error that ends a chapter early, with an exit code.

/// An error that ends a chapter with its own exit code; its description is the line that explains why.
public protocol ChapterEnding: Error, CustomStringConvertible {
  /// The program's exit code.
  var code: Int32 { get }
}
