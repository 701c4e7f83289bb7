// A file that appears complete or not at all.

import Tensors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A new file that takes its name only when it is complete and on the disk.
///
/// It grows under another name in the same folder, since only within one file system is renaming atomic.
/// Dropped without ``commit()``, it vanishes; a process killed on the way leaves `.NAME.partial-PID` behind, which
/// the next writer of the same name removes.
final class AtomicFile {
  private let path: String
  private let temporary: String
  private var number: Int32

  /// Starts a file.
  init(path: String) throws(SafetensorsError) {
    let (folder, name) = Self.split(path)
    self.path = path
    temporary = folder + "/." + name + ".partial-\(getpid())"
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw SafetensorsError(
        path, expected: "the name of a file to write",
        found: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something that is not a file")
    }
    Self.removeLeftovers(of: name, in: folder)
    number = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if number < 0 {
      let reason = Self.reason()
      throw SafetensorsError(path, expected: "a folder that can be written, \(folder)", found: reason)
    }
  }

  deinit {
    if number >= 0 {
      close(number)
      unlink(temporary)
    }
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SafetensorsError) {
    var done = 0
    while done < bytes.count {
      guard let start = bytes.baseAddress else { return }
      #if canImport(Glibc)
      let count = Glibc.write(number, start + done, bytes.count - done)
      #else
      let count = Darwin.write(number, start + done, bytes.count - done)
      #endif
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw failure()
      }
    }
  }

  /// Waits until the disk has everything, then gives the file its name.
  func commit() throws(SafetensorsError) {
    guard fsync(number) == 0 else { throw failure() }
    let closing = number
    number = -1
    guard close(closing) == 0, rename(temporary, path) == 0 else {
      let error = failure()
      unlink(temporary)
      throw error
    }
    // The new name is on the disk only when the folder is. Some file systems refuse to sync one: no harm done.
    let folder = open(Self.split(path).folder, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private func failure() -> SafetensorsError {
    SafetensorsError(path, expected: "room and permission to write it (nothing was overwritten)", found: Self.reason())
  }

  private static func reason() -> String { String(cString: strerror(errno)).lowercased() }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
  }

  /// Removes what killed writers of this file have left, and nothing of a writer that lives.
  private static func removeLeftovers(of name: String, in folder: String) {
    guard let listing = opendir(folder) else { return }
    defer { closedir(listing) }
    let prefix = "." + name + ".partial-"
    while let item = readdir(listing) {
      let found = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard found.hasPrefix(prefix), let process = Int32(found.dropFirst(prefix.count)) else { continue }
      if kill(process, 0) != 0, errno == ESRCH { unlink(folder + "/" + found) }
    }
  }
}
