// Runs an answer in its own process, seen from the inside: it is called, and it returns. It knows no expected result,
// no case and no exercise; the checker is another process.

import AnswerKit
import CSandbox
import Foundation

/// Loads one compiled answer in a sandbox and calls its functions on request.
enum AnswerServer {
  /// The descriptor that results are written to.
  private static let results: Int32 = 3
  /// The descriptor that calls are read from: the original standard input, moved out of the answer's reach.
  private static let calls: Int32 = 4

  /// Serves until there are no more calls. Arguments: the library, seconds of processor time, bytes of memory,
  /// `caged` or `open`.
  static func run(_ arguments: [String]) -> Never {
    guard arguments.count == 5, let seconds = UInt64(arguments[2]), let memory = UInt64(arguments[3]) else {
      stop("expected a library, seconds, bytes, and caged or open; this program is not meant to be run by hand")
    }
    var empty: [Int32] = [0, 0]
    guard dup2(0, calls) == calls, pipe(&empty) == 0, dup2(empty[0], 0) == 0 else { stop("no descriptors") }
    if sandbox_limit(seconds, memory, calls) != 0 { stop("cannot set limits: \(String(cString: strerror(errno)))") }
    // Load everything that answers may use before entering the sandbox.
    #if os(Linux)
    for name in ["libswiftSynchronization", "libswift_StringProcessing", "libswiftRegexBuilder"] {
      _ = dlopen(name + ".so", RTLD_LAZY | RTLD_GLOBAL)
    }
    #endif
    _ = DateFormatter.self
    if sandbox_enter(arguments[1]) != 0, arguments[4] == "caged" {
      stop("this system cannot filter system calls: \(String(cString: strerror(errno)))")
    }
    guard let handle = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL),
      let symbol = dlsym(handle, "workbook_answer")
    else { stop(dlerror().map { String(cString: $0) } ?? "the library contains no answer") }
    sandbox_watch(symbol)
    guard let functions = AnswerFunctions.all(of: answerType(from: symbol)) else {
      stop("the type answers no exercise")
    }
    write(Message(.ready))
    while let message = read(), message.kind == .call, case .list(let arguments) = message.wire {
      guard functions.indices.contains(Int(message.index)) else { stop("there is no such function") }
      write(outcome(of: functions[Int(message.index)], arguments))
    }
    // Normally the checker ends this process. If it still waits for a result, the answer has closed descriptor 4.
    _exit(96)
  }

  private static func outcome(of function: AnswerFunction, _ arguments: [Wire]) -> Message {
    let outcome: Message
    do {
      let result = try function(arguments) { index, arguments in
        write(Message(.callback, index: index, .list(arguments)))
        guard let reply = read(), reply.kind == .reply else { _exit(96) }
        return reply.wire
      }
      outcome = Message(.result, result)
    } catch is Unsolved {
      outcome = Message(.unsolved)
    } catch {
      outcome = Message(.threw, .text(String(String(describing: error).prefix(2000))))
    }
    fflush(nil)
    return outcome
  }

  /// Gets the answer's type from the library.
  private static func answerType(from symbol: UnsafeMutableRawPointer) -> Any {
    typealias Bridge = @convention(c) (UnsafeMutableRawPointer) -> Void
    let place = UnsafeMutablePointer<Any>.allocate(capacity: 1)
    defer { place.deallocate() }
    unsafeBitCast(symbol, to: Bridge.self)(UnsafeMutableRawPointer(place))
    return place.move()
  }

  private static func write(_ message: Message) {
    message.bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Foundation.write(results, bytes.baseAddress! + sent, bytes.count - sent)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { _exit(1) }
        sent += count
      }
    }
  }

  private static func read() -> Message? {
    var bytes: [UInt8] = [], wanted = Message.headerSize
    while true {
      var chunk = [UInt8](repeating: 0, count: wanted)
      let count = Foundation.read(calls, &chunk, wanted)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      bytes += chunk.prefix(count)
      switch Message.beginning(of: bytes) {
      case .message(let message, _): return message
      case .nonsense, .tooLarge: return nil
      case .incomplete:
        guard bytes.count >= Message.headerSize else {
          wanted = Message.headerSize - bytes.count
          continue
        }
        let body = (0..<4).reduce(0) { $0 | Int(bytes[3 + $1]) << ($1 * 8) }
        wanted = Message.headerSize + body - bytes.count
      }
    }
  }

  private static func stop(_ message: String) -> Never {
    write(Message(.refused, .text(message)))
    _exit(1)
  }
}
