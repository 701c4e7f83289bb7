// The error for safetensors files that cannot be read or written.

import Basics
import Foundation

/// A file of tensors that cannot be read or written: the file, what was expected, and what was found.
///
///     weights.safetensors: expected a header of at most 92 bytes, found one of 18446744073709551615
public struct SafetensorsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// The expected content, or the expected permission.
  public var expected: String
  /// What was found instead.
  public var found: String

  /// Creates an error.
  public init(_ path: String, expected: String, found: String) {
    self.path = path
    self.expected = expected
    self.found = found
  }

  public var description: String { "\(path): expected \(expected), found \(found)" }
}

extension SafetensorsError {
  /// A file that could not be written.
  init(_ error: FileError) {
    let folder = (error.path as NSString).deletingLastPathComponent
    let expected =
      switch error.obstacle {
      case .name: "the name of a file to write"
      case .folder, .opening: "a folder that can be written, \(folder)"
      case .writing: "space and permission to write it (nothing was overwritten)"
      }
    self.init(error.path, expected: expected, found: error.reason.lowercased())
  }
}
