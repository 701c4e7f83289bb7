// Ctrl-C: the first ends the measuring and keeps what was measured, the second ends the program.

import Foundation
import Synchronization

/// Thrown between two measurements after Ctrl-C.
struct Interrupted: Error {}

/// What the reader's Ctrl-C has asked for.
enum Interruption {
  private static let isRequested = Atomic(false)

  /// Starts to listen for Ctrl-C, and makes a peer that has ended an error of the question instead of a silent end.
  static func listen() {
    signal(SIGPIPE, SIG_IGN)
    // Made before a signal can ask for it.
    isRequested.store(false, ordering: .relaxed)
    signal(SIGINT) { _ in
      if Interruption.isRequested.exchange(true, ordering: .relaxed) { _exit(130) }
      let text: StaticString = "\nStopping after this measurement. Ctrl-C once more stops at once.\n"
      _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }
  }

  /// Leaves Ctrl-C to the program that started this one.
  static func ignore() { signal(SIGINT, SIG_IGN) }

  /// - Throws: ``Interrupted`` after Ctrl-C.
  static func check() throws {
    if isRequested.load(ordering: .relaxed) { throw Interrupted() }
  }
}
