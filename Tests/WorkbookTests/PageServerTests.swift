// The server of `./workbook live`: whom it answers, and what it does with those who mean no good.

import ArgumentParser
import Basics
import ExerciseCatalogue
import Foundation
import Testing
import Workbook

@testable import workbook_cli

@Suite("Live: the server of a page") struct PageServerTests {
  private let token = "5ec4e7"

  /// A running server with a page of 3 MB, which no socket takes at once.
  private func withServer(_ work: (PageServer) throws -> Void) throws {
    let server = try PageServer(token: token)
    server.serve { $0 = .init(page: Data(repeating: 65, count: 3 << 20), state: Data("{}".utf8)) }
    Thread.detachNewThread { server.run() }
    defer { server.stop() }
    try work(server)
  }

  /// Sends bytes, and gives back all that comes; nil where nobody takes the call.
  private func ask(_ server: PageServer, _ request: String) throws -> String? {
    let line = try #require(Line(to: server.port))
    line.send(request)
    return line.rest(seconds: 20)
  }

  private func head(_ first: String, host: String) -> String { "\(first)\r\nHost: \(host)\r\nAccept: */*\r\n\r\n" }

  @Test("the page and its state, at the address with the token")
  func answers() throws {
    try withServer { server in
      #expect(server.address == "http://127.0.0.1:\(server.port)/\(token)/")
      for host in ["127.0.0.1", "localhost"] {
        let page = try #require(try ask(server, head("GET /\(token)/ HTTP/1.1", host: "\(host):\(server.port)")))
        #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n") && page.contains("Cache-Control: no-store\r\n"))
        #expect(page.hasSuffix(String(repeating: "A", count: 3 << 20)))
        let state = try #require(try ask(server, head("GET /\(token)/state HTTP/1.1", host: "\(host):\(server.port)")))
        #expect(state.contains("Content-Length: 2\r\n") && state.hasSuffix("\r\n\r\n{}"))
      }
    }
  }

  @Test(
    "another host, token, method or form is refused, and the page is not in the answer",
    arguments: [
      ("GET /5ec4e7/ HTTP/1.1", "evil.example", "403"), ("GET /5ec4e7/ HTTP/1.1", "127.0.0.1:1", "403"),
      ("GET /5ec4e8/ HTTP/1.1", "", "404"), ("GET / HTTP/1.1", "", "404"), ("GET /5ec4e7/../etc HTTP/1.1", "", "404"),
      ("POST /5ec4e7/ HTTP/1.1", "", "405"), ("HEAD /5ec4e7/ HTTP/1.1", "", "405"), ("nonsense", "", "400"),
      ("GET  HTTP/1.1", "", "404"), ("GET /5ec4e7/ SPDY/3", "", "400"), ("", "", "400"),
      ("GET /5ec4e7/ HTTP/1.1\r\nHost: evil.example", "", "403"), ("\0\u{7F}é\r\n : \r\n", "", "400"),
    ])
  func refuses(_ first: String, _ host: String, _ status: String) throws {
    try withServer { server in
      let answer = try #require(try ask(server, head(first, host: host.isEmpty ? "127.0.0.1:\(server.port)" : host)))
      #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && !answer.contains("AAAA"))
    }
  }

  @Test("a request without a host is refused")
  func hostless() throws {
    try withServer { server in
      let answer = try #require(try ask(server, "GET /\(token)/ HTTP/1.1\r\n\r\n"))
      #expect(answer.hasPrefix("HTTP/1.1 403 "))
    }
  }

  @Test("a line without end is cut off at 8 KB", arguments: ["GET /", "Host: ", ""])
  func oversized(_ beginning: String) throws {
    try withServer { server in
      let answer = try #require(try ask(server, beginning + String(repeating: "x", count: 100_000)))
      #expect(answer.hasPrefix("HTTP/1.1 431 "))
    }
  }

  @Test("those who say nothing, or half a line, or hang up, keep nobody waiting, and are let go")
  func slow() throws {
    try withServer { server in
      let silent = (0..<40).compactMap { _ in Line(to: server.port) }
      for (index, line) in silent.enumerated() where index % 2 == 0 { line.send("GET /\(token)/ HT") }
      for index in 0..<20 {
        let gone = Line(to: server.port)
        gone?.send(index % 2 == 0 ? "GET" : head("GET /\(token)/ HTTP/1.1", host: "127.0.0.1:\(server.port)"))
      }
      // All places are taken by the silent; the next one is answered when their time is up.
      let page = try ask(server, head("GET /\(token)/state HTTP/1.1", host: "127.0.0.1:\(server.port)"))
      #expect(page?.hasSuffix("{}") == true)
      #expect(silent[0].rest(seconds: 20) == "")
    }
  }

  @Test("a port that is taken is said to be")
  func taken() throws {
    try withServer { server in
      #expect(throws: CheckerError.self) { try PageServer(port: server.port) }
    }
  }

  @Test("every server has a secret of its own")
  func secrets() throws {
    let addresses = try (0..<3).map { _ in try PageServer().address }
    #expect(Set(addresses).count == 3 && addresses.allSatisfy { $0.split(separator: "/").last?.count == 32 })
  }
}

/// A connection to the loopback interface.
private final class Line {
  private let descriptor: Int32

  init?(to port: UInt16) {
    #if os(Linux)
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
    descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isOpen = withUnsafePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isOpen else {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }

  func send(_ text: String) { Array(text.utf8).withUnsafeBytes { _ = writeAll($0, to: descriptor) } }

  /// Everything until the other side ends; nil where it does not.
  func rest(seconds: Double) -> String? {
    let end = ChildProcess.now() + seconds
    var bytes = Data()
    while ChildProcess.now() < end {
      guard !ChildProcess.wait(for: [descriptor], milliseconds: 100).isEmpty else { continue }
      guard let more = ChildProcess.read(descriptor) else { return String(decoding: bytes, as: UTF8.self) }
      bytes += more
    }
    return nil
  }
}

@Suite("Live: what was saved, and what is served") struct LiveEditingTests {
  @Test("a saved source is seen, an editor's own file is not")
  func saved() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("live \(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let inner = folder.appendingPathComponent("Web")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    #expect(Set(SourceState.folders(in: folder)) == [folder.path, inner.path])
    let source = inner.appendingPathComponent("Page.swift")
    try Data("1".utf8).write(to: source)
    let before = SourceState(of: [folder])
    for name in [".Page.swift.swp", "Page.swift~", "#Page.swift#"] {
      try Data("2".utf8).write(to: inner.appendingPathComponent(name))
    }
    #expect(SourceState(of: [folder]) == before)
    try Data("12".utf8).write(to: source)
    let after = SourceState(of: [folder])
    #expect(after != before)
    try FileManager.default.removeItem(at: source)
    #expect(SourceState(of: [folder]) != after)
    #expect(SourceState(of: [folder.appendingPathComponent("nowhere")]) == SourceState(of: []))
  }

  @Test("a served page may ask its own server, the written one nobody")
  func policy() throws {
    let written = ServedPage.before("Words")
    #expect(written.contains("connect-src 'self'; script-src 'sha256-"))
    #expect(written.contains("<script data-version=\"0\">"))
    #expect(ServedPage.html("<p>nothing to change</p>", version: 3) == "<p>nothing to change</p>")
    let state = ServedPage.state(version: 2, doing: "", problem: "a \"quote\"\nand </script>")
    #expect(state == #"{"doing":"","problem":"a \"quote\"\nand </script>","version":2}"#)
  }

  @Test("a chapter is meant by its number, short name, word or full name", arguments: ["ch05", "5", "normalization"])
  func chapters(_ typed: String) throws {
    #expect(try LiveCommand.chapter(typed).number == 5)
    #expect(throws: (any Error).self) { try LiveCommand.chapter("norm and more") }
    #expect(try LiveCommand.exercise(typed) == nil && LiveCommand.exercise("9.2")?.id == "9.2")
    #expect(throws: ValidationError.self) { try LiveCommand.exercise("4.3") }
    #expect(throws: ValidationError.self) { try LiveCommand.exercise("9.99") }
  }

  @Test("an answer that a panel does not run on: the page says what was called, expected and found, and the mistake")
  func objections() throws {
    let exercise = try #require(Catalogue["9.2"])
    var record = CheckRecord(missing: exercise)
    record.status = .passed
    #expect(LiveSession.objection(exercise, record) == nil)
    record.status = .notAttempted
    #expect(LiveSession.objection(exercise, record) == "Exercise 9.2 is not solved yet: write it in \(exercise.file).")
    (record.status, record.passedCases) = (.failed, 1)
    record.cases = [
      .init(call: "forward(a)", passed: true, finding: ""),
      .init(call: "forward(b)", passed: false, finding: "expected 2, got 1"),
    ]
    (record.misconception, record.effect) = ("forgets the bias", "Thresholds stay at 0.")
    #expect(
      LiveSession.objection(exercise, record) == """
        Your answer to exercise 9.2 passes 1 of 2 cases. ./workbook check 9.2 shows all.
        forward(b)
          expected 2, got 1
        It looks as if your answer forgets the bias. Thresholds stay at 0.
        """)
    (record.status, record.reason) = (.doesNotCompile, "line 3: error: no x")
    #expect(LiveSession.objection(exercise, record)?.hasSuffix("check 9.2 shows why.\nline 3: error: no x") == true)
  }
}
