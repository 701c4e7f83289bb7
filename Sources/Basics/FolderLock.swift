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
      var text = [UInt8](repeating: 0, count: 20)
      let count = read(descriptor, &text, text.count)
      close(descriptor)
      return Int32(String(decoding: text.prefix(max(0, count)), as: UTF8.self)) ?? 0
    }
    let number = Array("\(getpid())".utf8)
    ftruncate(descriptor, 0)
    number.withUnsafeBytes { _ = writeAll($0, to: descriptor) }
    // Open until the program ends, and gone with it.
    held.withLock { $0.append(path) }
    atexit { FolderLock.release() }
    return nil
  }

  private static let held = Mutex<[String]>([])
  private static func release() { for path in held.withLock({ $0 }) { unlink(path) } }
}
