// Ctrl-C: the first ends the measurements and keeps the results so far, the second ends the program.

import Foundation
import Synchronization

/// Thrown between two measurements after Ctrl-C.
struct Interrupted: Error {}

/// Handles Ctrl-C.
enum Interruption {
  private static let isRequested = Atomic(false)

  /// Starts to handle Ctrl-C, and ignores SIGPIPE: if a peer has ended, the next question fails with an error.
  static func listen() {
    signal(SIGPIPE, SIG_IGN)
    // Initialize the variable before a signal can access it.
    isRequested.store(false, ordering: .relaxed)
    signal(SIGINT) { _ in
      if Interruption.isRequested.exchange(true, ordering: .relaxed) { _exit(130) }
      let text: StaticString = "\nStopping after this measurement. Press Ctrl-C again to stop at once.\n"
      _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }
  }

  /// Leaves Ctrl-C to the program that started this one.
  static func ignore() { signal(SIGINT, SIG_IGN) }

  /// Checks for Ctrl-C.
  ///
  /// - Throws: ``Interrupted`` after Ctrl-C.
  static func check() throws {
    if isRequested.load(ordering: .relaxed) { throw Interrupted() }
  }
}
