// The printed output of an answer, within bounds, including the last messages of its process.

import Basics
import Foundation

/// The beginning and the end of an answer's output.
struct PrintedOutput {
  /// A call that prints more than this counts as printing endlessly.
  static let mostBytes = 4 << 20, mostLines = 100_000

  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  /// The bytes and lines of the current call.
  private var bytes = 0
  private var lines = 0

  /// Begins a call, which starts with a full allowance of output.
  mutating func beginCall() { (bytes, lines) = (0, 0) }

  mutating func add(_ chunk: Data) {
    bytes += chunk.count
    lines += chunk.count { $0 == 10 }
    head += chunk.prefix(max(0, 65_536 - head.count))
    tail = Array((tail + chunk.suffix(8192)).suffix(8192))
  }

  var isEndless: Bool { bytes > Self.mostBytes || lines > Self.mostLines }

  /// The marks of lines that the host process itself prints: `!forbidden …`, `!trace …`.
  private static let marks = ["!forbidden ", "!trace "]

  /// The last of these lines, without its mark.
  private func last(_ mark: String) -> String? {
    String(decoding: tail, as: UTF8.self).split(separator: "\n").last { $0.hasPrefix(mark) }
      .map { String($0.dropFirst(mark.count)) }
  }

  /// The forbidden action that was attempted: `open /etc/passwd`.
  var violation: String? { last(Self.marks[0]) }

  /// The addresses in the answer's library at which it crashed, innermost first.
  var trace: [UInt64] { last(Self.marks[1])?.split(separator: " ").compactMap { UInt64($0, radix: 16) } ?? [] }

  /// The beginnings of the runtime's crash messages.
  private static let endings = ["atal error:", "Precondition failed:", "Assertion failed:"]

  /// The runtime's message on a crash, if there is one: `Index out of range`.
  var crashMessage: String? {
    for line in String(decoding: tail, as: UTF8.self).split(separator: "\n").reversed() {
      for ending in Self.endings {
        guard let range = line.range(of: ending) else { continue }
        return line[range.upperBound...].trimmingCharacters(in: .whitespaces).onOneLine
      }
    }
    return nil
  }

  /// Whether a memory allocation failed.
  var isStarved: Bool { String(decoding: tail, as: UTF8.self).contains("failed to allocate") }

  /// The output of the answer itself.
  var text: String {
    var kept: [Substring] = []
    for line in String(decoding: head, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
      // The runtime's stack trace of its own functions does not belong to the answer.
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
