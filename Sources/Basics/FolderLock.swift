// Locks that allow only one writer to a folder at a time.

import Foundation
import Synchronization

/// Locks on folders; the system releases them when the program ends, however it ends.
package enum FolderLock {
  /// Locks an existing folder until the program ends.
  ///
  /// - Returns: the ID of the process that already holds the lock; 0 if it is not known; `nil` if this program holds
  ///   the lock now, or if the file system does not support locks.
  package static func holder(of folder: URL) -> Int32? {
    let path = folder.appendingPathComponent(".running").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    // A folder that cannot be written is reported elsewhere.
    guard descriptor >= 0 else { return nil }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      defer { close(descriptor) }
      return number(in: descriptor)
    }
    note(in: descriptor)
    // The file stays open until the program ends, and is then deleted.
    held.withLock { $0.append(path) }
    atexit { FolderLock.release() }
    return nil
  }

  /// Waits until no other program holds the lock on an existing folder, calls `body` with the lock held, and releases
  /// it.
  ///
  /// If the file system does not support locks, it does not wait.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - waiting: called once before waiting, with the ID of the process that holds the lock; 0 if it is not known.
  ///   - body: the work that requires the lock.
  package static func turn<Result>(
    in folder: URL, waiting: (Int32) -> Void = { _ in }, _ body: () throws -> Result
  ) rethrows -> Result {
    // This file is not deleted: waiting processes already have it open.
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

  /// The process ID stored in a file; 0 if there is none.
  private static func number(in descriptor: Int32) -> Int32 {
    var text = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &text, text.count, 0)
    return Int32(String(decoding: text.prefix(max(0, count)), as: UTF8.self)) ?? 0
  }

  /// Writes the ID of this process to a file.
  private static func note(in descriptor: Int32) {
    let number = Array("\(getpid())".utf8)
    number.withUnsafeBytes { _ = writeAll($0, to: descriptor) }
    ftruncate(descriptor, off_t(number.count))
  }

  private static let held = Mutex<[String]>([])
  private static func release() { for path in held.withLock({ $0 }) { unlink(path) } }
}
