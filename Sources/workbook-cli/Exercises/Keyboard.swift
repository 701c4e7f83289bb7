// Single keys, and notifications that a file was saved.

import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Reads single keys from the terminal; restores its settings at the end, even after Ctrl-C.
final class Keyboard {
  /// The result of waiting.
  enum Event {
    case key(Character)
    /// A file was saved, or the time has passed.
    case nothing
    /// The input has ended.
    case end
  }

  /// Whether standard input is a terminal.
  let isTerminal: Bool
  /// The terminal's original settings, static so that the signal handler can access them.
  private nonisolated(unsafe) static var before = termios()

  init() {
    isTerminal = isatty(STDIN_FILENO) == 1
    guard isTerminal, tcgetattr(STDIN_FILENO, &Self.before) == 0 else { return }
    var single = Self.before
    single.c_lflag &= ~tcflag_t(ICANON | ECHO)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { received in
        tcsetattr(STDIN_FILENO, TCSANOW, &Keyboard.before)
        _exit(128 + received)
      }
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &single)
  }

  deinit {
    if isTerminal { tcsetattr(STDIN_FILENO, TCSANOW, &Self.before) }
  }

  /// Waits for a key, for input on `descriptor`, or for the time to pass.
  func next(or descriptor: Int32?, milliseconds: Int32) -> Event {
    var polled: [pollfd] = []
    if isTerminal { polled.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
    if let descriptor { polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
    guard poll(&polled, nfds_t(polled.count), milliseconds) > 0, isTerminal, polled[0].revents != 0 else {
      return .nothing
    }
    var byte: UInt8 = 0
    guard read(STDIN_FILENO, &byte, 1) == 1, byte != 4 else { return .end }
    return .key(Character(UnicodeScalar(byte)))
  }
}

/// Reports writes in some folders; if the system cannot, the caller has to poll.
final class FileEvents {
  /// Readable when something was saved; `nil` if the system does not report it.
  let descriptor: Int32?

  init(folders: [String]) {
    #if os(Linux)
    let queue = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    // Editors write a new file and move it over the old one, so the folders are watched, not the files.
    let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO)
    let isWatching = queue >= 0 && folders.allSatisfy { inotify_add_watch(queue, $0, events) >= 0 }
    if queue >= 0 && !isWatching { close(queue) }
    descriptor = isWatching ? queue : nil
    #else
    descriptor = nil
    #endif
  }

  deinit {
    if let descriptor { close(descriptor) }
  }

  /// Discards the events: the caller checks all files anyway.
  func drain() {
    guard let descriptor else { return }
    var buffer = [UInt8](repeating: 0, count: 4096)
    while read(descriptor, &buffer, buffer.count) > 0 {}
  }
}
