// Ctrl-C: once finishes and saves the current step; twice ends the program.

import Foundation
import Synchronization

/// The state of the reader's Ctrl-C.
///
/// A loop that can stop safely checks ``isRequested`` in each iteration (tens of nanoseconds) and stops by itself. If
/// no loop has checked for five seconds, there is nothing to finish, and Ctrl-C ends the program at once.
public enum Interruption {
  /// Whether Ctrl-C was pressed. Code that reads it must stop soon when it is true.
  public static var isRequested: Bool {
    lastCheck.store(now(), ordering: .relaxed)
    return requested.load(ordering: .relaxed)
  }

  /// Declares that no work is in progress, for example during a question to the reader: Ctrl-C then ends the program.
  static func rest() { lastCheck.store(0, ordering: .relaxed) }

  /// Starts to listen for Ctrl-C, and makes a closed pipe (`… | head`) a write error instead of a silent end.
  package static func listen() {
    signal(SIGPIPE, SIG_IGN)
    // Initialize both before the handler can run: lazy initialization inside a signal handler could deadlock.
    requested.store(false, ordering: .relaxed)
    lastCheck.store(0, ordering: .relaxed)
    let before = signal(SIGINT) { _ in Interruption.answer() }
    // A shell without job control starts background programs with Ctrl-C ignored; keep it ignored.
    if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGINT, SIG_IGN) }
  }

  /// Runs inside the signal handler: only atomics, `clock_gettime`, `write` and `_exit` are allowed here.
  private static func answer() {
    let last = lastCheck.load(ordering: .relaxed)
    let isLoopChecking = last > 0 && now() &- last < 5_000_000_000
    if isLoopChecking && !requested.exchange(true, ordering: .relaxed) {
      report("\nStopping after this step. Press Ctrl-C again to stop at once.\n")
    } else {
      // Restore the cursor and the colours.
      if isatty(STDERR_FILENO) == 1 { report("\u{1B}[0m\u{1B}[?25h\n") }
      _exit(130)
    }
  }

  private static func report(_ text: StaticString) { _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }

  /// The time of a monotonic clock in nanoseconds.
  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  private static let requested = Atomic<Bool>(false)
  private static let lastCheck = Atomic<UInt64>(0)
}

extension ChapterRun {
  /// Ends the program with exit code 130 if Ctrl-C was pressed; for loops with nothing to save.
  public func stopIfInterrupted() {
    guard Interruption.isRequested else { return }
    CommandLineStop(
      text: "\(chapter.name): \(RunInterrupted(isKept: journal?.isEmpty == false))", code: 130
    )
    .leave()
  }
}
