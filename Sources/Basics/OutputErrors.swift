// Output that did not arrive, shown by the exit status.

import Foundation

/// From here on the program ends with status 74 and a line on standard error where standard output could not take all
/// that was printed: a full disk, a device that refuses.
package func reportOutputErrorsAtExit() {
  atexit {
    // Flushing everything also tells what earlier calls have met.
    guard fflush(nil) != 0 else { return }
    let reason = String(cString: strerror(errno))
    printError("standard output: \(reason); not all of it was written")
    _exit(74)
  }
}
