// One writer to a folder at a time.

import Foundation
import Synchronization

/// A folder that belongs to one program until it ends; however it ends, the system gives the folder back.
package enum FolderLock {
  /// Takes a folder that exists.
  ///
  /// - Returns: the number of the process that has it already; 0 where that is not known; `nil` where it is ours now, or
  ///   where the file system has no such locks.
  package static func holder(of folder: URL) -> Int32? {
    let path = folder.appendingPathComponent(".running").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    // Whether the folder can be written to is for others to say.
    guard descriptor >= 0 else { return nil }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      defer { close(descriptor) }
      return number(in: descriptor)
    }
    note(in: descriptor)
    // Open until the program ends, and gone with it.
    held.withLock { $0.append(path) }
    atexit { FolderLock.release() }
    return nil
  }

  /// Waits until no other program has its turn in a folder that exists, does something there, and lets the next one in.
  ///
  /// Where the file system has no such locks nobody waits.
  ///
  /// - Parameter waiting: is told once, before a wait, the number of the process that has its turn; 0 where that is not
  ///   known.
  package static func turn<Result>(
    in folder: URL, waiting: (Int32) -> Void = { _ in }, _ body: () throws -> Result
  ) rethrows -> Result {
    // This file stays: who waits for it has it open already.
    let descriptor = open(folder.appendingPathComponent(".turn").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return try body() }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      waiting(number(in: descriptor))
      while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    }
    note(in: descriptor)
    return try body()
  }

  /// The number of a process that stands in a file; 0 where there is none.
  private static func number(in descriptor: Int32) -> Int32 {
    var text = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &text, text.count, 0)
    return Int32(String(decoding: text.prefix(max(0, count)), as: UTF8.self)) ?? 0
  }

  /// Writes this process's number into a file.
  private static func note(in descriptor: Int32) {
    let number = Array("\(getpid())".utf8)
    number.withUnsafeBytes { _ = writeAll($0, to: descriptor) }
    ftruncate(descriptor, off_t(number.count))
  }

  private static let held = Mutex<[String]>([])
  private static func release() { for path in held.withLock({ $0 }) { unlink(path) } }
}
