// An answer at work in a process of its own, seen from the inside: the child's side.

import CSandbox
import Foundation
import Tensors

/// Loads one compiled answer, gives up all rights that it does not need, makes the calls and reports on descriptor 3.
package enum AnswerExaminer {
  /// Why the child stopped before the first call; its exit status.
  enum Refusal: Int32 {
    case noExercise = 90
    case noLibrary = 91
    case noSandbox = 92
  }

  /// Runs the cases from `first` on, then ends the process.
  ///
  /// - Parameters:
  ///   - exercise: which one.
  ///   - library: the compiled answer.
  ///   - first: the index of the first case.
  ///   - limits: the parent's limits; those of the system are set a little above them, as a second net.
  package static func run(
    _ exercise: any AnyExercise, library: String, from first: Int, limits: AnswerLimits
  ) -> Never {
    let secret = ProcessInfo.processInfo.environment["WORKBOOK_SECRET"] ?? ""
    unsetenv("WORKBOOK_SECRET")
    // The core starts its threads and looks up the processors before the doors close.
    _ = Parallel.threadCount
    Parallel.forEach(chunks: 2) { _ in }
    let seconds = UInt64(limits.seconds * Double(exercise.calls.count)) + 10
    let isCaged: Bool
    if sandbox_limit(seconds, UInt64(limits.memory) + 8 << 30, 3) != 0 {
      stop(.noSandbox, "cannot set limits: \(String(cString: strerror(errno)))")
    }
    isCaged = sandbox_enter(3) == 0
    if limits.requiresCage && !isCaged {
      stop(.noSandbox, "this system cannot cage a process: \(String(cString: strerror(errno)))")
    }

    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, symbolName) else {
      stop(.noLibrary, dlerror().map { String(cString: $0) } ?? "the library has no answer")
    }
    if isCaged && sandbox_close_files() != 0 { stop(.noSandbox, "the sandbox does not close") }

    let answer = handedOver(by: symbol)
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    for index in first..<exercise.calls.count {
      guard let response = exercise.response(of: answer, inCase: index) else {
        stop(.noExercise, "the type does not conform to the protocol of exercise \(exercise.id)")
      }
      fflush(nil)
      let line = AnswerProcess.Line(secret: secret, index: index, response: response)
      guard let data = try? encoder.encode(line) else { stop(.noExercise, "the result cannot be reported") }
      write(data + [10])
    }
    _exit(0)
  }

  /// Loads an answer into this program, without any cage: only after it has passed its checks.
  ///
  /// - Returns: the answer's type; `nil` if the library cannot be loaded.
  package static func load(_ library: String) -> Any? {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, symbolName) else {
      return nil
    }
    return handedOver(by: symbol)
  }

  /// What a library exports; see `AnswerLibrary`.
  private static let symbolName = "workbook_answer"

  /// Asks the library for its type.
  private static func handedOver(by symbol: UnsafeMutableRawPointer) -> Any {
    typealias Bridge = @convention(c) (UnsafeMutableRawPointer) -> Void
    let place = UnsafeMutablePointer<Any>.allocate(capacity: 1)
    defer { place.deallocate() }
    unsafeBitCast(symbol, to: Bridge.self)(UnsafeMutableRawPointer(place))
    return place.move()
  }

  /// Writes everything to descriptor 3.
  private static func write(_ data: Data) {
    data.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Foundation.write(3, bytes.baseAddress! + sent, bytes.count - sent)
        if count <= 0 { _exit(1) }
        sent += count
      }
    }
  }

  private static func stop(_ status: Refusal, _ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    _exit(status.rawValue)
  }
}
