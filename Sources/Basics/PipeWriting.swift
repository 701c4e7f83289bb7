// Writing to a process that may be gone.

import Foundation

/// Writes what a pipe takes at once, as `write` does; where nobody reads any more it returns -1, and `errno` is `EPIPE`.
///
/// `write` alone would end this whole program with SIGPIPE. To ignore that signal everywhere would change how the program
/// behaves in a pipe of its own, so it is kept from this thread, for this call.
package func writeToPipe(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  var broken = sigset_t(), before = sigset_t(), pending = sigset_t()
  sigemptyset(&broken)
  sigaddset(&broken, SIGPIPE)
  sigpending(&pending)
  let wasPending = sigismember(&pending, SIGPIPE) == 1
  pthread_sigmask(SIG_BLOCK, &broken, &before)
  let count = write(descriptor, bytes.baseAddress, bytes.count)
  let reason = errno
  if count < 0, reason == EPIPE, !wasPending {
    // It is there, and must not arrive later.
    #if canImport(Darwin)
    var taken: Int32 = 0
    sigwait(&broken, &taken)
    #else
    var now = timespec()
    sigtimedwait(&broken, nil, &now)
    #endif
  }
  pthread_sigmask(SIG_SETMASK, &before, nil)
  errno = reason
  return count
}
