// The server for a page under construction: for one reader, on this machine.

import Basics
import Foundation
import Synchronization
import Workbook

/// Serves a page and its state on the loopback interface, at a secret address.
///
/// It answers only `GET /TOKEN/` and `GET /TOKEN/state`. Any other client (a page of another site, a program that never
/// ends its line) costs it at most one connection for five seconds and 8 KB.
final class PageServer: Sendable {
  /// The served content.
  struct Content: Sendable {
    /// The page as HTML.
    var page = Data()
    /// The state that the page requests twice a second, as JSON.
    var state = Data()
  }

  /// The address of the page: `http://127.0.0.1:40123/8c1f…/`.
  let address: String
  let port: UInt16
  private let token: String
  private let listener: Int32
  private let content = Mutex(Content())
  private let hasEnded = Mutex(false)

  /// Opens the port.
  ///
  /// - Parameters:
  ///   - port: the port; 0 for a free one.
  ///   - token: the secret in the address.
  /// - Throws: `CheckerError` if the port is not available.
  init(port: UInt16 = 0, token: String = PageServer.secret()) throws {
    (listener, self.port) = try PageServer.opened(port)
    self.token = token
    address = "http://127.0.0.1:\(self.port)/\(token)/"
  }

  /// Opens a socket that listens on the loopback interface; returns it with its port.
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
        "port \(wanted) is not available: \(reason). Choose another with --port, or omit it for a free one")
    }
    return (listener, UInt16(bigEndian: place.sin_port))
  }

  deinit { close(listener) }

  /// Changes the served content.
  func serve(_ change: (inout Content) -> Void) { content.withLock { change(&$0) } }

  /// Makes `run` end.
  func stop() { hasEnded.withLock { $0 = true } }

  /// Answers all requests on one thread, until ``stop()``.
  func run() {
    var connections: [Connection] = []
    while !hasEnded.withLock({ $0 }) {
      var polled = connections.map { pollfd(fd: $0.descriptor, events: $0.awaits, revents: 0) }
      // If all connections are in use, new clients wait until one is free.
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
      guard let incoming = polled.last, incoming.fd == listener, incoming.revents != 0 else { continue }
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { continue }
      PageServer.prepare(descriptor)
      connections.append(Connection(descriptor: descriptor, deadline: now + 5))
    }
    for connection in connections { close(connection.descriptor) }
  }

  /// The answer to the head of a request; nil if the head is still incomplete.
  func reply(to head: [UInt8]) -> Data? {
    let content = content.withLock { $0 }
    guard let end = head.firstRange(of: Array("\r\n\r\n".utf8)) else {
      return head.count < Connection.limit ? nil : PageServer.answer("431 Request Header Fields Too Large")
    }
    let lines = String(decoding: head[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return PageServer.answer("400 Bad Request") }
    guard words[0] == "GET" else { return PageServer.answer("405 Method Not Allowed", more: ["Allow: GET"]) }
    // DNS rebinding: another site's name may point here, but its requests carry that name.
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

  /// 128 random bits.
  private static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in String(format: "%016lx", UInt(generator.next())) }.joined()
  }

  /// Makes a socket non-blocking, prevents SIGPIPE, and keeps child processes from inheriting it.
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
  /// The maximum number of bytes of a request.
  static let limit = 8192

  let descriptor: Int32
  let deadline: Double
  private var received: [UInt8] = []
  private var reply: Data?
  private(set) var isOver = false

  init(descriptor: Int32, deadline: Double) { (self.descriptor, self.deadline) = (descriptor, deadline) }

  /// The event it waits for.
  var awaits: Int16 { reply?.isEmpty == false ? Int16(POLLOUT) : Int16(POLLIN) }

  /// Reads or writes as much as possible without waiting.
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
    // Shut down only the sending side: closing before the whole request is read could discard the answer.
    if reply?.isEmpty == true { shutdown(descriptor, Int32(SHUT_WR)) }
  }

  private mutating func read(_ answer: ([UInt8]) -> Data?) {
    var buffer = [UInt8](repeating: 0, count: Self.limit)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else {
      isOver = count == 0 || (errno != EAGAIN && errno != EINTR)
      return
    }
    // Discard everything that arrives after the answer.
    guard reply == nil else { return }
    received += buffer.prefix(min(count, Self.limit - received.count))
    reply = answer(received)
  }
}
