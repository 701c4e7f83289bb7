// What can go wrong with the files of a page.

import Basics

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

extension PageError {
  /// Does what writes files; its errors become those of a page.
  static func writing(_ work: () throws(FileError) -> Void) throws(PageError) {
    do {
      try work()
    } catch {
      throw error.obstacle == .folder
        ? .cannotMakeFolder(path: error.path, reason: error.reason)
        : .cannotWrite(path: error.path, reason: error.reason)
    }
  }
}
