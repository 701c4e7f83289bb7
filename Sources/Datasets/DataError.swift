// The error for missing or damaged data files.

/// A data file that is missing, damaged, or not the expected one; described in one line.
///
///     data/mnist/train-images-idx3-ubyte: expected 47040016 bytes, found 1000; download it again
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder.
  public var path: String
  /// What was expected.
  public var expected: String
  /// What was found instead.
  public var found: String
  /// What the user can do.
  public var advice: String

  /// Creates an error.
  public init(_ path: String, expected: String, found: String, advice: String = "") {
    self.path = path
    self.expected = expected
    self.found = found
    self.advice = advice
  }

  public var description: String {
    "\(path): expected \(expected), found \(found)" + (advice.isEmpty ? "" : "; \(advice)")
  }
}
