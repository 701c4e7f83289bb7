// Files that are there whole or not at all.

import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Why a file was not written; what was there before is untouched.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// What was in the way.
  package enum Obstacle: Sendable {
    /// Something of that name that is not a file.
    case name
    /// The folder, which cannot be made.
    case folder
    /// The folder, in which no file can be made.
    case opening
    /// The disk, or a permission.
    case writing
  }
  package var obstacle: Obstacle
  /// The file, or the folder that could not be made.
  package var path: String
  /// The system's reason: `No space left on device`.
  package var reason: String

  package var description: String {
    switch obstacle {
    case .name: "cannot write \(path): there is \(reason) of that name"
    case .folder: "cannot make the folder \(path): \(reason)"
    case .opening, .writing: "cannot write \(path): \(reason). Nothing was changed there"
    }
  }

  /// With the reason that the system gave last.
  fileprivate init(_ obstacle: Obstacle, _ path: String, _ reason: String = String(cString: strerror(errno))) {
    self.obstacle = obstacle
    self.path = path
    self.reason = reason
  }
}

/// A new file that takes its name only when it is complete and on the disk.
///
/// It grows under another name in the same folder, since only within one file system is renaming atomic.
/// Dropped without ``commit(andFolder:)``, it vanishes; a process killed on the way leaves `.NAME.partial-PID-N` behind,
/// which the next writer of the same name removes.
package final class AtomicFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  /// Several threads may write the same file; the last one's stays.
  private static let count = Atomic(0)

  /// Starts a file; its folder must be there.
  package convenience init(path: String) throws(FileError) {
    let (folder, name) = Self.split(path)
    Self.removeLeftovers(of: name, in: folder)
    let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
    try self.init(path: path, growingAt: folder + "/." + name + ".partial-\(ProcessMark.own)-\(number)")
  }

  /// Starts a file that grows at `temporary`.
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
    // What others may do with the file stays as it was. Not with a device that it leads to, which is everyone's.
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

  /// Waits until the disk has everything, then gives the file its name.
  ///
  /// - Parameter andFolder: whether to wait until the disk has the new name too: for what a power cut must not undo.
  package func commit(andFolder: Bool = true) throws(FileError) {
    // A full disk may be noticed only here. Some file systems cannot be asked: no harm done.
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

  /// Removes what killed writers of this file have left, and nothing of a writer that lives.
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

// MARK: In one go

extension AtomicFile {
  /// Writes a whole file.
  ///
  /// - Parameter makingFolder: whether a folder that is not there is made.
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

  /// Makes a folder and those above it.
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

/// Writes all bytes to a descriptor, however many calls that takes.
///
/// - Returns: false where that is not possible; `errno` says why.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
  var done = 0
  while done < bytes.count, let start = bytes.baseAddress {
    let count = write(descriptor, start + done, bytes.count - done)
    if count < 0, errno != EINTR { return false }
    done += max(count, 0)
  }
  return true
}
