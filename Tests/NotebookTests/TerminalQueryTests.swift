// Asking a terminal what it can show: a pseudo-terminal plays terminals that answer, stay silent, or answer nonsense.

import Basics
import Foundation
import Synchronization
import Testing

@testable import Notebook

#if canImport(Glibc)
import Glibc
#endif

@Suite(.serialized) struct TerminalQueryTests {
  /// What is detected in a terminal that sends `reply` once it has been asked; nil stays silent.
  ///
  /// - Parameter patience: seconds to wait for an answer; a machine under load may be slow to give one that is due.
  func detect(_ reply: String?, environment: [String: String] = [:], patience: Double = 30) throws -> (
    found: TerminalGraphics, asked: Bool
  ) {
    var leader: Int32 = -1, follower: Int32 = -1
    try #require(openpty(&leader, &follower, nil, nil, nil) == 0)
    defer { close(leader); close(follower) }
    let base = ["TERM": "xterm-256color", "LANG": "C.UTF-8"].merging(environment) { $1 }
    let (terminal, done, asked, isOver) = (leader, DispatchSemaphore(value: 0), Flag(), Flag())
    let thread = Thread {
      var descriptor = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
      var heard: [UInt8] = []
      while !asked.isSet {
        // Read before the look, so that what was written before the end is seen after it.
        let isLastLook = isOver.isSet
        guard poll(&descriptor, 1, isLastLook ? 0 : 20) > 0 else {
          if isLastLook { break }
          continue
        }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(terminal, &buffer, buffer.count)
        guard count > 0 else { break }
        heard += buffer[..<count]
        guard heard.suffix(3).elementsEqual("\u{1b}[c".utf8) else { continue }
        asked.set()
        if let reply { _ = Array(reply.utf8).withUnsafeBytes { writeAll($0, to: terminal) } }
      }
      done.signal()
    }
    thread.start()
    let found = TerminalGraphics.detect(environment: base, input: follower, output: follower, seconds: patience)
    isOver.set()
    // Before the descriptors are closed and their numbers given to somebody else.
    done.wait()
    return (found, asked.isSet)
  }

  /// Something that has happened, told from one thread to another.
  final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
  }

  @Test(
    "believes what the terminal answers",
    arguments: [
      ("\u{1b}[?62;4;22c", TerminalGraphics.sixel), ("\u{1b}[?65;1;9c", .braille(color: true)),
      ("\u{1b}_Gi=31;OK\u{1b}\\\u{1b}[?62c", .kitty),
      ("\u{1b}_Gi=31;ENOTSUPPORTED:no\u{1b}\\\u{1b}[?64;4c", .sixel),
      // A keyboard mashed at the wrong moment is no answer.
      ("4;4;4c?c", .braille(color: true)), ("\u{1b}[?64;24;42c", .braille(color: true)),
    ])
  func answers(reply: String, expected: TerminalGraphics) throws {
    let result = try detect(reply)
    #expect(result.asked)
    #expect(result.found == expected)
  }

  @Test("does not wait for ever where nobody answers")
  func silent() throws {
    #expect(try detect(nil, patience: 0.2).found == .braille(color: true))
  }

  @Test("asks nothing where no image would be shown", arguments: [["TERM": "dumb"], ["TMUX": "/tmp/tmux,1,0"]])
  func unasked(environment: [String: String]) throws {
    let result = try detect("\u{1b}[?62;4c", environment: environment)
    #expect(!result.asked)
    #expect(result.found == (environment["TERM"] == "dumb" ? .dumb : .braille(color: true)))
  }
}

@Suite struct DisplayTests {
  @Test("a display that nobody serves does not answer", arguments: [":7654", "", "nonsense", ":x", "localhost:9999.0"])
  func gone(name: String) { #expect(!Display.answers(name)) }

  @Test("a socket that somebody listens to answers")
  func listening() throws {
    // The folder of the sockets may not exist or be ours to write to; a port serves as well.
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var bound: Int?
    for number in 700..<760 where bound == nil {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = UInt16(6000 + number).bigEndian
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      if result == 0 { bound = number }
    }
    let number = try #require(bound)
    try #require(listen(descriptor, 4) == 0)
    #expect(Display.answers("localhost:\(number).0"))
  }
}
