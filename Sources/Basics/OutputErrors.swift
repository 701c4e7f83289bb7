// The program's own streams: written to without a trap, and output that did not arrive shown by the exit status.

// `stdout` is a variable of C's library; nothing here sets it, so any thread may read it.
@preconcurrency import Foundation
import Synchronization

/// The first `errno` with which standard output refused a text of `printAtOnce`; 0 where it took everything.
private let lostOutput = Atomic<Int32>(0)

/// Writes a text to standard output past any buffer. What the stream does not take is told at the end
/// (`reportOutputErrorsAtExit`): a full disk ends no program in the middle of its work.
package func printAtOnce(_ text: String) {
  guard !put(text, to: STDOUT_FILENO) else { return }
  _ = lostOutput.compareExchange(expected: 0, desired: errno, ordering: .relaxed)
}

/// Writes a text to standard error, where messages go: standard output belongs to results. Where standard error takes
/// nothing, there is nobody to tell.
package func printErrorText(_ text: String) { _ = put(text, to: STDERR_FILENO) }

/// Writes a line to standard error.
package func printError(_ line: String) { printErrorText(line + "\n") }

/// From here on the program ends with status 74 and a line on standard error where standard output could not take all
/// that was printed: a full disk, a device that refuses.
package func reportOutputErrorsAtExit() {
  atexit {
    var reason = lostOutput.load(ordering: .relaxed)
    if fflush(nil) != 0, reason == 0 { reason = errno }
    // What an earlier flush has met: the stream keeps that it failed, and not why.
    guard reason != 0 || ferror(stdout) != 0 else { return }
    let words = reason == 0 ? "an error while writing" : String(cString: strerror(reason))
    printError("standard output: \(words); not all of it was written")
    _exit(74)
  }
}

private func put(_ text: String, to descriptor: Int32) -> Bool {
  var text = text
  return text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
}
