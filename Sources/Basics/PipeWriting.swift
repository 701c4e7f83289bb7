// Writing to a process that may have ended.

import Foundation

/// Writes to a pipe like `write`; if the pipe has no reader, it returns -1, and `errno` is `EPIPE`.
///
/// `write` alone would terminate the whole program with SIGPIPE. Ignoring that signal globally would change the
/// program's behaviour in a pipeline, so the signal is blocked only in this thread and for this call.
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
    // The signal is pending; consume it, so it is not delivered later.
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
