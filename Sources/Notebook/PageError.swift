// Errors with the files of a page.

import Basics

/// An error while a page is written or read.
public enum PageError: Error, Equatable, CustomStringConvertible {
  /// A folder cannot be created.
  case cannotMakeFolder(path: String, reason: String)
  /// A file cannot be written; an existing file is not changed.
  case cannotWrite(path: String, reason: String)
  /// There are no pages for a book.
  case noPages(folder: String)
  /// A recorded page cannot be read.
  case unreadablePage(path: String, reason: String)

  public var description: String {
    switch self {
    case .cannotMakeFolder(let path, let reason):
      "cannot create the folder \(path): \(reason). Choose another with --out DIR"
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason). Nothing was changed there"
    case .noPages(let folder): "no pages in \(folder): run a chapter first, for example `swift run ch04-weight-init`"
    case .unreadablePage(let path, let reason): "cannot read \(path): \(reason). Run its chapter again"
    }
  }
}

extension PageError {
  /// Runs a closure that writes files and converts its errors to those of a page.
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
