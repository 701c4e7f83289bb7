// Identification of the process that created a temporary file, in folders shared by several machines.

import Foundation

/// The mark of a process in the names of its temporary files: `1234@host`.
///
/// A process ID alone is not enough, because on another machine it may belong to a different process, or to none.
package enum ProcessMark {
  private static let host: String = {
    var name = [UInt8](repeating: 0, count: 256)
    let isKnown = name.withUnsafeMutableBytes { gethostname($0.baseAddress!.assumingMemoryBound(to: CChar.self), 255) }
    let text = isKnown == 0 ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : ""
    return String(text.unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic || "0"..."9" ~= $0 }.prefix(32))
  }()

  /// The mark of this process.
  package static let own = "\(getpid())@\(host)"

  /// Whether a marked file can be deleted: it was created by a process of this machine that has ended.
  ///
  /// - Parameter rest: the part of the name that starts with the mark.
  package static func isLeftover(_ rest: Substring) -> Bool {
    let mark = rest.prefix { $0 != "-" }.split(separator: "@", omittingEmptySubsequences: false)
    guard let process = mark.first.flatMap({ Int32($0) }), mark.count < 2 || mark[1] == host else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }
}
