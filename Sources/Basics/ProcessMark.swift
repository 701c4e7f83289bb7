// Who has made a file that is to vanish with its maker, where several machines share a folder.

import Foundation

/// The mark of a process in the names of what it is about to finish: `1234@host`.
///
/// The number of a process means nothing on another machine: there it may be another's, or nobody's.
package enum ProcessMark {
  private static let host: String = {
    var name = [UInt8](repeating: 0, count: 256)
    let isKnown = name.withUnsafeMutableBytes { gethostname($0.baseAddress!.assumingMemoryBound(to: CChar.self), 255) }
    let text = isKnown == 0 ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : ""
    return String(text.unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic || "0"..."9" ~= $0 }.prefix(32))
  }()

  /// This process.
  package static let own = "\(getpid())@\(host)"

  /// Whether what bears a mark can go: its maker was a process of this machine, and is no more.
  ///
  /// - Parameter rest: a name from the mark on.
  package static func isLeftover(_ rest: Substring) -> Bool {
    let mark = rest.prefix { $0 != "-" }.split(separator: "@", omittingEmptySubsequences: false)
    guard let process = mark.first.flatMap({ Int32($0) }), mark.count < 2 || mark[1] == host else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }
}
