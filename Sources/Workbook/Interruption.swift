// Ctrl-C: asked once, the work in hand is finished and saved; asked twice, the program ends.

import Foundation
import Synchronization

/// What the reader's Ctrl-C has asked for.
///
/// A loop that can stop at a good place looks at ``isRequested`` in each round (tens of nanoseconds) and stops by
/// itself. Where no loop has looked for five seconds there is nothing to finish, and Ctrl-C ends the program at once.
public enum Interruption {
  /// Whether Ctrl-C was pressed. Looking at it promises to stop soon when it is true.
  public static var isRequested: Bool {
    lastLook.store(now(), ordering: .relaxed)
    return requested.load(ordering: .relaxed)
  }

  /// Tells that nothing is under way, a question to the reader perhaps: Ctrl-C ends the program at once.
  static func rest() { lastLook.store(0, ordering: .relaxed) }

  /// Starts to listen for Ctrl-C, and makes a closed pipe (`… | head`) an error of the write instead of a silent end.
  package static func listen() {
    signal(SIGPIPE, SIG_IGN)
    // The handler must find both made: making them inside a signal could meet itself half-way.
    requested.store(false, ordering: .relaxed)
    lastLook.store(0, ordering: .relaxed)
    let before = signal(SIGINT) { _ in Interruption.answer() }
    // A shell without job control starts background programs with Ctrl-C ignored; it must stay that way.
    if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGINT, SIG_IGN) }
  }

  /// Runs inside the signal: atomics, `clock_gettime`, `write` and `_exit` alone are allowed here.
  private static func answer() {
    let last = lastLook.load(ordering: .relaxed)
    let someoneLooks = last > 0 && now() &- last < 5_000_000_000
    if someoneLooks && !requested.exchange(true, ordering: .relaxed) {
      say("\nStopping after this step, to leave everything in order. Ctrl-C once more stops at once.\n")
    } else {
      // Leave the cursor visible and the colours as they were.
      if isatty(STDERR_FILENO) == 1 { say("\u{1B}[0m\u{1B}[?25h\n") }
      _exit(130)
    }
  }

  private static func say(_ text: StaticString) { _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }

  /// Nanoseconds on a clock that only moves forward.
  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  private static let requested = Atomic<Bool>(false)
  private static let lastLook = Atomic<UInt64>(0)
}

extension ChapterRun {
  /// Ends the program with exit code 130 if Ctrl-C was pressed; for loops that keep nothing worth saving.
  public func stopIfInterrupted() {
    guard Interruption.isRequested else { return }
    CommandLineStop(
      text: "\(chapter.name): \(RunInterrupted(isKept: journal?.isEmpty == false))", code: 130
    )
    .leave()
  }
}
