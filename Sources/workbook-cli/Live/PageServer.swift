// The server of a page that is being written: for one reader, on this machine.

import Basics
import Foundation
import Synchronization
import Workbook

/// Serves a page and word of its state on the loopback interface, at an address that holds a secret.
///
/// It answers `GET /TOKEN/` and `GET /TOKEN/state` and nothing else. What others send (a page of another site, a program
/// that never ends its line) costs it one connection for five seconds, and no more than 8 KB.
final class PageServer: Sendable {
  /// What is served.
  struct Content: Sendable {
    /// The page, HTML.
    var page = Data()
    /// What the page asks for twice a second, JSON.
    var state = Data()
  }

  /// The address of the page: `http://127.0.0.1:40123/8c1f…/`.
  let address: String
  let port: UInt16
  private let token: String
  private let listener: Int32
  private let content = Mutex(Content())
  private let hasEnded = Mutex(false)

  /// Opens the door.
  ///
  /// - Parameters:
  ///   - port: 0 for one that is free.
  ///   - token: the secret in the address.
  /// - Throws: `CheckerError` where the port is not to be had.
  init(port: UInt16 = 0, token: String = PageServer.secret()) throws {
    (listener, self.port) = try PageServer.opened(port)
    self.token = token
    address = "http://127.0.0.1:\(self.port)/\(token)/"
  }

  /// A socket that listens on the loopback interface, and its port.
  private static func opened(_ wanted: UInt16) throws -> (Int32, UInt16) {
    #if os(Linux)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
    let listener = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    prepare(listener)
    var (yes, size) = (Int32(1), socklen_t(MemoryLayout<sockaddr_in>.size))
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = wanted.bigEndian
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isOpen = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard isOpen else {
      defer { close(listener) }
      let reason = String(cString: strerror(errno))
      throw CheckerError(
        "port \(wanted) is not to be had: \(reason). --port names another one; without it a free one is taken")
    }
    return (listener, UInt16(bigEndian: place.sin_port))
  }

  deinit { close(listener) }

  /// Changes what is served.
  func serve(_ change: (inout Content) -> Void) { content.withLock { change(&$0) } }

  /// Lets `run` end.
  func stop() { hasEnded.withLock { $0 = true } }

  /// Answers, one thread for all, until ``stop()``.
  func run() {
    var connections: [Connection] = []
    while !hasEnded.withLock({ $0 }) {
      var polled = connections.map { pollfd(fd: $0.descriptor, events: $0.awaits, revents: 0) }
      // Who comes when all places are taken waits until one is free.
      if connections.count < 32 { polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
      guard poll(&polled, nfds_t(polled.count), 100) >= 0 || errno == EINTR else { return }
      let now = ChildProcess.now()
      for (index, entry) in zip(connections.indices, polled) where entry.revents != 0 {
        connections[index].go { reply(to: $0) }
      }
      for connection in connections where connection.isOver || now > connection.deadline {
        close(connection.descriptor)
      }
      connections.removeAll { $0.isOver || now > $0.deadline }
      guard let door = polled.last, door.fd == listener, door.revents != 0 else { continue }
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { continue }
      PageServer.prepare(descriptor)
      connections.append(Connection(descriptor: descriptor, deadline: now + 5))
    }
    for connection in connections { close(connection.descriptor) }
  }

  /// The answer to the head of a request; nil where it is not whole yet.
  func reply(to head: [UInt8]) -> Data? {
    let content = content.withLock { $0 }
    guard let end = head.firstRange(of: Array("\r\n\r\n".utf8)) else {
      return head.count < Connection.limit ? nil : PageServer.answer("431 Request Header Fields Too Large")
    }
    let lines = String(decoding: head[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return PageServer.answer("400 Bad Request") }
    guard words[0] == "GET" else { return PageServer.answer("405 Method Not Allowed", more: ["Allow: GET"]) }
    // A page of another site can have its own name point here; its requests carry that name.
    let hosts = lines.dropFirst().filter { $0.lowercased().hasPrefix("host:") }.map {
      $0.dropFirst(5).trimmingCharacters(in: .whitespaces).lowercased()
    }
    guard hosts.count == 1, ["127.0.0.1:\(port)", "localhost:\(port)"].contains(hosts[0]) else {
      return PageServer.answer("403 Forbidden")
    }
    switch words[1] {
    case "/\(token)/": return PageServer.answer("200 OK", content.page, type: "text/html; charset=utf-8")
    case "/\(token)/state": return PageServer.answer("200 OK", content.state, type: "application/json")
    default: return PageServer.answer("404 Not Found")
    }
  }

  private static func answer(_ status: String, _ body: Data? = nil, type: String = "text/plain", more: [String] = [])
    -> Data
  {
    let body = body ?? Data((status + "\n").utf8)
    let head = [
      "HTTP/1.1 \(status)", "Content-Type: \(type)", "Content-Length: \(body.count)", "Connection: close",
      "Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff",
      "Cross-Origin-Resource-Policy: same-origin",
    ]
    return Data(((head + more).joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  /// 128 bits that nobody can guess.
  private static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in String(format: "%016lx", UInt(generator.next())) }.joined()
  }

  /// No call on the socket waits, none ends the program, and no program that is started inherits it.
  private static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #if !os(Linux)
    var yes = Int32(1)
    setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }
}

/// One request and its answer.
private struct Connection {
  /// The most bytes of a request that are read.
  static let limit = 8192

  let descriptor: Int32
  let deadline: Double
  private var received: [UInt8] = []
  private var reply: Data?
  private(set) var isOver = false

  init(descriptor: Int32, deadline: Double) { (self.descriptor, self.deadline) = (descriptor, deadline) }

  /// What it waits for.
  var awaits: Int16 { reply?.isEmpty == false ? Int16(POLLOUT) : Int16(POLLIN) }

  /// Reads or writes what can be had without waiting.
  mutating func go(_ answer: ([UInt8]) -> Data?) {
    guard let rest = reply, !rest.isEmpty else { return read(answer) }
    #if os(Linux)
    let flags = Int32(MSG_NOSIGNAL)
    #else
    let flags: Int32 = 0
    #endif
    let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
    guard count > 0 else {
      isOver = errno != EAGAIN && errno != EINTR
      return
    }
    reply = rest.dropFirst(count)
    // The end of the answer is said; closing at once, before all of the request was read, could take it back.
    if reply?.isEmpty == true { shutdown(descriptor, Int32(SHUT_WR)) }
  }

  private mutating func read(_ answer: ([UInt8]) -> Data?) {
    var buffer = [UInt8](repeating: 0, count: Self.limit)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else {
      isOver = count == 0 || (errno != EAGAIN && errno != EINTR)
      return
    }
    // What comes after the answer is read and forgotten.
    guard reply == nil else { return }
    received += buffer.prefix(min(count, Self.limit - received.count))
    reply = answer(received)
  }
}
