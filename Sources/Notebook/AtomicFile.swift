// Files that are there whole or not at all.

import Foundation

/// What went wrong while a page was written.
public enum PageError: Error, Equatable, CustomStringConvertible {
  /// A folder cannot be made.
  case cannotMakeFolder(path: String, reason: String)
  /// A file cannot be written; the file that was there before is untouched.
  case cannotWrite(path: String, reason: String)
  /// A book needs pages.
  case noPages(folder: String)
  /// A recorded page cannot be read.
  case unreadablePage(path: String, reason: String)

  public var description: String {
    switch self {
    case .cannotMakeFolder(let path, let reason):
      "cannot make the folder \(path): \(reason). Choose another with --out DIR"
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason). Nothing was changed there"
    case .noPages(let folder): "no pages in \(folder): run a chapter first, for example `swift run ch04-weight-init`"
    case .unreadablePage(let path, let reason): "cannot read \(path): \(reason). Run its chapter again"
    }
  }
}

/// Writes files by way of a temporary one beside them.
enum AtomicFile {
  /// Writes a file: to a temporary name, forced to disk, then renamed.
  ///
  /// - Throws: `PageError` with the path and the system's reason (no room, not permitted, …); the temporary file is gone.
  static func write(_ data: Data, to path: String) throws(PageError) {
    try makeFolder((path as NSString).deletingLastPathComponent)
    let temporary = "\(path).\(getpid()).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard file >= 0 else { throw .cannotWrite(path: path, reason: reason()) }
    var failure: String?
    data.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = systemWrite(file, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
        if count < 0 {
          if errno == EINTR { continue }
          failure = reason()
          return
        }
        offset += count
      }
      // A full disk may be noticed only here.
      if fsync(file) != 0, errno != EINVAL, errno != EROFS { failure = reason() }
    }
    if close(file) != 0, failure == nil { failure = reason() }
    if failure == nil, rename(temporary, path) != 0 { failure = reason() }
    if let failure {
      unlink(temporary)
      throw .cannotWrite(path: path, reason: failure)
    }
  }

  /// Writes a text.
  static func write(_ text: String, to path: String) throws(PageError) { try write(Data(text.utf8), to: path) }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String) throws(PageError) {
    guard !path.isEmpty else { return }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { return }
      throw .cannotMakeFolder(path: path, reason: "a file of that name is in the way")
    }
    try makeFolder((path as NSString).deletingLastPathComponent)
    if mkdir(path, 0o755) != 0, errno != EEXIST { throw .cannotMakeFolder(path: path, reason: reason()) }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}

/// The system's `write`, which has the same name as the functions above.
func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
