// Files that are written atomically: completely or not at all.

import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The reason why a file was not written; a previous file is unchanged.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// The cause of the failure.
  package enum Obstacle: Sendable {
    /// The name belongs to something that is not a file.
    case name
    /// The folder cannot be created.
    case folder
    /// No file can be created in the folder.
    case opening
    /// Writing failed: a full disk, or a missing permission.
    case writing
  }
  package var obstacle: Obstacle
  /// The file, or the folder that could not be created.
  package var path: String
  /// The system's reason: `No space left on device`.
  package var reason: String

  package var description: String {
    switch obstacle {
    case .name: "cannot write \(path): there is \(reason) with that name"
    case .folder: "cannot create the folder \(path): \(reason)"
    case .opening, .writing: "cannot write \(path): \(reason). Nothing was changed there"
    }
  }

  /// Creates an error; the default reason is that of the last system call.
  fileprivate init(_ obstacle: Obstacle, _ path: String, _ reason: String = String(cString: strerror(errno))) {
    self.obstacle = obstacle
    self.path = path
    self.reason = reason
  }
}

/// A new file that gets its final name only when it is complete and written to disk.
///
/// It is written under a temporary name in the same folder, because renaming is atomic only within one file system.
/// Without ``commit(andFolder:)`` it is deleted. If the process is killed while writing, it leaves the file
/// `.NAME.partial-PID-N`, which the next writer of the same name removes.
package final class AtomicFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  /// Distinguishes threads that write the same file at the same time; the last one to finish wins.
  private static let count = Atomic(0)

  /// Starts a file; its folder must exist.
  package convenience init(path: String) throws(FileError) {
    let (folder, name) = Self.split(path)
    Self.removeLeftovers(of: name, in: folder)
    let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
    try self.init(path: path, growingAt: folder + "/." + name + ".partial-\(ProcessMark.own)-\(number)")
  }

  /// Starts a file that is written to `temporary` at first.
  init(path: String, growingAt temporary: String) throws(FileError) {
    self.path = path
    self.temporary = temporary
    descriptor = -1
    var status = stat()
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG {
      throw FileError(
        .name, path, status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something that is not a file")
    }
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw FileError(.opening, path) }
    // Keep the permissions of the previous file, but do not change those of a device to which the path leads.
    var grown = stat()
    if isThere, fstat(descriptor, &grown) == 0, grown.st_mode & S_IFMT == S_IFREG {
      fchmod(descriptor, status.st_mode & 0o777)
    }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(temporary)
    }
  }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    guard writeAll(bytes, to: descriptor) else { throw FileError(.writing, path) }
  }

  /// Waits until all data are on the disk, then renames the file.
  ///
  /// - Parameter andFolder: whether to wait until the new name is on the disk as well, so a power failure cannot undo
  ///   it.
  package func commit(andFolder: Bool = true) throws(FileError) {
    // A full disk may be detected only here. Some file systems do not support fsync; that is harmless.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw FileError(.writing, path) }
    let closing = descriptor
    descriptor = -1
    guard close(closing) == 0, rename(temporary, path) == 0 else {
      let error = FileError(.writing, path)
      unlink(temporary)
      throw error
    }
    guard andFolder else { return }
    let folder = open(Self.split(path).folder, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
  }

  /// Removes the temporary files of killed writers of this file, but not those of running writers.
  private static func removeLeftovers(of name: String, in folder: String) {
    guard let listing = opendir(folder) else { return }
    defer { closedir(listing) }
    let prefix = "." + name + ".partial-"
    while let item = readdir(listing) {
      let found = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if found.hasPrefix(prefix), ProcessMark.isLeftover(found.dropFirst(prefix.count)) { unlink(folder + "/" + found) }
    }
  }
}

// MARK: Whole files

extension AtomicFile {
  /// Writes a whole file.
  ///
  /// - Parameters:
  ///   - data: the contents.
  ///   - path: the file.
  ///   - makingFolder: whether a missing folder is created.
  package static func write(_ data: Data, to path: String, makingFolder: Bool = true) throws(FileError) {
    if makingFolder { try makeFolder((path as NSString).deletingLastPathComponent) }
    let file = try AtomicFile(path: path)
    var failure: FileError?
    data.withUnsafeBytes { bytes in
      do throws(FileError) { try file.write(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    try file.commit(andFolder: false)
  }

  /// Writes a text.
  package static func write(_ text: String, to path: String) throws(FileError) { try write(Data(text.utf8), to: path) }

  /// Creates a folder, including its parent folders.
  package static func makeFolder(_ path: String) throws(FileError) {
    guard !path.isEmpty else { return }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { return }
      throw FileError(.folder, path, "a file of that name is in the way")
    }
    try makeFolder((path as NSString).deletingLastPathComponent)
    if mkdir(path, 0o755) != 0, errno != EEXIST { throw FileError(.folder, path) }
  }
}

/// Writes all bytes to a descriptor, in as many calls as necessary.
///
/// - Returns: false on failure; `errno` has the reason.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
  var done = 0
  while done < bytes.count, let start = bytes.baseAddress {
    let count = write(descriptor, start + done, bytes.count - done)
    if count < 0, errno != EINTR { return false }
    done += max(count, 0)
  }
  return true
}
