// Runs git.

import Basics
import Foundation

/// The program `git`.
enum Git {
  /// Returns the output of git; `nil` if it fails or is not installed.
  static func run(_ arguments: [String], in folder: URL) -> String? {
    var git = ChildProcess(["git", "-C", folder.path] + arguments)
    git.errors = .nowhere
    git.outputLimit = 1 << 26
    guard let report = try? git.run(), report.succeeded else { return nil }
    return report.output
  }
}
