// Writing to a process that is gone.

import Foundation
import Testing

@testable import Basics

@Suite("Writing to a pipe")
struct PipeWritingTests {
  /// A pipe, reading end first.
  private func pipe() throws -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(Foundation.pipe(&ends) == 0)
    return (ends[0], ends[1])
  }

  @Test("where nobody reads any more it fails, and this program goes on")
  func broken() throws {
    let pipe = try pipe()
    close(pipe.reading)
    defer { close(pipe.writing) }
    for _ in 0..<3 {
      let count = Array("words".utf8).withUnsafeBytes { writeToPipe(pipe.writing, $0) }
      #expect(count == -1 && errno == EPIPE)
    }
    // Nothing is left for later.
    var pending = sigset_t()
    sigpending(&pending)
    #expect(sigismember(&pending, SIGPIPE) == 0)
  }

  @Test("where somebody reads it writes")
  func whole() throws {
    let pipe = try pipe()
    defer {
      close(pipe.reading)
      close(pipe.writing)
    }
    #expect(Array("words".utf8).withUnsafeBytes { writeToPipe(pipe.writing, $0) } == 5)
    var bytes = [UInt8](repeating: 0, count: 9)
    #expect(read(pipe.reading, &bytes, 9) == 5 && String(decoding: bytes.prefix(5), as: UTF8.self) == "words")
  }
}
