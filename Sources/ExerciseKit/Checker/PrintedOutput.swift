// What an answer printed, kept within bounds, with the last words of the process that it ran in.

import Basics
import Foundation

/// The output of an answer: its beginning, and its end.
struct PrintedOutput {
  /// Beyond these a call prints without end.
  static let mostBytes = 4 << 20, mostLines = 100_000

  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  /// Those of the call that is going on.
  private var bytes = 0
  private var lines = 0

  /// Begins a call, which may print as much as the one before.
  mutating func beginCall() { (bytes, lines) = (0, 0) }

  mutating func add(_ chunk: Data) {
    bytes += chunk.count
    lines += chunk.count { $0 == 10 }
    head += chunk.prefix(max(0, 65_536 - head.count))
    tail = Array((tail + chunk.suffix(8192)).suffix(8192))
  }

  var isEndless: Bool { bytes > Self.mostBytes || lines > Self.mostLines }

  /// Lines by which the process says something itself: `!forbidden …`, `!trace …`.
  private static let marks = ["!forbidden ", "!trace "]

  /// The last of these lines, without its mark.
  private func last(_ mark: String) -> String? {
    String(decoding: tail, as: UTF8.self).split(separator: "\n").last { $0.hasPrefix(mark) }
      .map { String($0.dropFirst(mark.count)) }
  }

  /// What was tried that is forbidden: `open /etc/passwd`.
  var trespass: String? { last(Self.marks[0]) }

  /// The places in the answer's library, innermost first, at which it crashed.
  var trace: [UInt64] { last(Self.marks[1])?.split(separator: " ").compactMap { UInt64($0, radix: 16) } ?? [] }

  /// How the runtime begins its words on a crash.
  private static let endings = ["atal error:", "Precondition failed:", "Assertion failed:"]

  /// The runtime's own words on a crash where it left some: `Index out of range`.
  var lastWords: String? {
    for line in String(decoding: tail, as: UTF8.self).split(separator: "\n").reversed() {
      for ending in Self.endings {
        guard let range = line.range(of: ending) else { continue }
        return line[range.upperBound...].trimmingCharacters(in: .whitespaces).onOneLine
      }
    }
    return nil
  }

  /// Whether memory was refused.
  var isStarved: Bool { String(decoding: tail, as: UTF8.self).contains("failed to allocate") }

  /// What the answer itself printed.
  var text: String {
    var kept: [Substring] = []
    for line in String(decoding: head, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
      // The runtime's own trace of its own functions: nobody's answer is in it.
      if line.hasPrefix("Current stack trace:") { break }
      if Self.marks.contains(where: line.hasPrefix) || Self.endings.contains(where: line.contains)
        || line.hasPrefix("*** ")
      {
        continue
      }
      kept.append(line)
    }
    while kept.last?.isEmpty == true { kept.removeLast() }
    return kept.isEmpty ? "" : kept.joined(separator: "\n").withoutControls + "\n"
  }
}
