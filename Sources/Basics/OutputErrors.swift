// Writing to standard output and standard error without crashes; lost output is reported by the exit status.

// `stdout` is a variable of the C library; nothing here sets it, so any thread may read it.
@preconcurrency import Foundation
import Synchronization

/// The first `errno` of a failed `printAtOnce`; 0 if all text was written.
private let lostOutput = Atomic<Int32>(0)

/// Writes a text to standard output without buffering. Failures are reported when the program ends
/// (`reportOutputErrorsAtExit`), so a full disk does not stop a program in the middle of its work.
package func printAtOnce(_ text: String) {
  guard !put(text, to: STDOUT_FILENO) else { return }
  _ = lostOutput.compareExchange(expected: 0, desired: errno, ordering: .relaxed)
}

/// Writes a text to standard error, which is for messages; standard output is for results. Failures are ignored,
/// because there is no way to report them.
package func printErrorText(_ text: String) { _ = put(text, to: STDERR_FILENO) }

/// Writes a line to standard error.
package func printError(_ line: String) { printErrorText(line + "\n") }

/// After this call, the program ends with status 74 and a line on standard error if not all output could be written to
/// standard output, for example because the disk is full.
package func reportOutputErrorsAtExit() {
  atexit {
    var reason = lostOutput.load(ordering: .relaxed)
    if fflush(nil) != 0, reason == 0 { reason = errno }
    // An earlier flush may have failed: the stream remembers that, but not the reason.
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
