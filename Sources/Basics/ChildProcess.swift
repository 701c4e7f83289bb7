// Running other programs, with limits on their output, time and memory.

import Foundation

/// A supervised child process.
///
/// All its output is read, and stored up to a limit: the process never has to wait for this program, and cannot fill
/// its memory. When the process ends, this program does not wait for pipes that the children of the process still hold
/// open.
package struct ChildProcess: Sendable {
  /// The destination of standard error.
  package enum Errors: Sendable { case withOutput, nowhere, inherited }

  /// How a process ended.
  package enum Ending: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)
    case ranOutOfTime
    case ranOutOfMemory

    /// `ended with exit status 1`.
    package var description: String {
      switch self {
      case .exited(let status): "ended with exit status \(status)"
      case .signalled(let signal): "was ended by signal \(signal)"
      case .ranOutOfTime: "took too long"
      case .ranOutOfMemory: "needed too much memory"
      }
    }
  }

  /// The result of a finished process.
  package struct Report: Sendable {
    package var ending: Ending
    /// The first bytes of its output, at most ``outputLimit``.
    package var bytes: Data
    /// The same bytes as text.
    package var output: String { String(decoding: bytes, as: UTF8.self) }
    /// Whether it ended by itself with exit status 0.
    package var succeeded: Bool { ending == .exited(0) }
  }

  /// The program, which is searched in `$PATH`, and its arguments; no shell is involved.
  package var command: [String]
  package var environment = ProcessInfo.processInfo.environment
  /// Writes the program's input on a separate thread, and closes the descriptor; nil for empty input.
  package var feed: (@Sendable (_ descriptor: Int32) -> Void)?
  package var errors = Errors.withOutput
  /// Whether the process shares this program's standard output; its output is then not stored.
  package var sharesOutput = false
  /// The maximum number of output bytes that are stored.
  package var outputLimit = 65_536
  /// The time limit in seconds.
  package var seconds: Double?
  /// Whether `seconds` excludes the time in which the process was ready to run but other processes were running, if the
  /// system reports it. This is useful on busy machines. The process is stopped in any case after ten times `seconds`.
  package var leavesOutWaiting = false
  /// The longest time without a line on descriptor 3, in seconds. If it is nil, the process has no descriptor 3.
  package var secondsPerLine: Double?
  /// The memory limit in bytes, if the system reports the memory in use.
  package var memory: Int?
  /// Whether the process leads its own process group, which is killed as a whole, at the latest when its leader ends:
  /// for programs that start others. Ctrl-C in the terminal does not reach such a group.
  package var leadsGroup = false

  package init(_ command: [String]) { self.command = command }

  /// Runs the process to its end.
  ///
  /// - Parameter onLine: called with each complete line from descriptor 3.
  /// - Throws: ``ProcessError`` if the process cannot be started.
  package func run(onLine: (String) -> Void = { _ in }) throws(ProcessError) -> Report {
    let child = try start(keepsOutput: !sharesOutput, reports: secondsPerLine != nil)
    var isFed: DispatchSemaphore?
    if let feed, let input = child.input {
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        feed(input)
        done.signal()
      }
      isFed = done
    }
    var kept = Data(), lines = LineReader(), killed: Ending?
    var open = Set([child.output, child.report].compactMap { $0 })
    defer { open.forEach { _ = close($0) } }
    let begin = Self.now()
    var lastLine = begin, end: Double?
    while true {
      let isOver = child.hasEnded
      if isOver, end == nil {
        end = Self.now()
        if leadsGroup { child.kill(group: true) }
      }
      let ready = Self.wait(for: open, milliseconds: isOver ? 0 : 20)
      for descriptor in ready {
        guard let chunk = Self.read(descriptor) else {
          open.remove(descriptor)
          _ = close(descriptor)
          continue
        }
        if descriptor == child.output {
          kept.append(chunk.prefix(max(0, outputLimit - kept.count)))
        } else {
          for line in lines.add(chunk) {
            onLine(line)
            lastLine = Self.now()
          }
        }
      }
      if let end {
        // The contents of the pipes have been read; do not wait for other processes that hold them open or write.
        if ready.isEmpty || Self.now() - end > 0.5 { break }
        continue
      }
      // Nothing is left to read: poll would return immediately.
      if open.isEmpty { usleep(2000) }
      guard killed == nil else { continue }
      let time = Self.now()
      if isOverdue(after: time - begin, waiting: { ProcessMeter(of: child.id)?.waiting ?? 0 })
        || time - lastLine > secondsPerLine ?? .infinity
      {
        killed = .ranOutOfTime
      } else if let memory, let used = child.memoryInUse, used > memory {
        killed = .ranOutOfMemory
      }
      if killed != nil { child.kill(group: leadsGroup) }
    }
    let ending = child.reap()
    // The reader has ended, so the feeding thread should fail soon; otherwise it is abandoned.
    _ = isFed?.wait(timeout: .now() + 1)
    return Report(ending: killed ?? ending, bytes: kept)
  }

  /// Whether the process has exceeded its time limit.
  func isOverdue(after elapsed: Double, waiting: () -> Double) -> Bool {
    guard let seconds, elapsed > seconds else { return false }
    return !leavesOutWaiting || elapsed > 10 * seconds || elapsed - waiting() > seconds
  }

  /// Starts the process without supervising it; its output is not stored.
  package func launch() throws(ProcessError) { _ = try start(keepsOutput: false, reports: false) }

  /// Seconds on a clock that only moves forward.
  package static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }

  /// The descriptors that have data to read, or whose other end is closed.
  package static func wait(for descriptors: Set<Int32>, milliseconds: Int32) -> [Int32] {
    guard !descriptors.isEmpty else { return [] }
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return [] }
    return polled.filter { $0.revents != 0 }.map(\.fd)
  }

  /// The available data of a descriptor; `nil` at its end.
  package static func read(_ descriptor: Int32) -> Data? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Foundation.read(descriptor, &buffer, buffer.count)
    if count < 0 && errno == EINTR { return Data() }
    return count > 0 ? Data(buffer.prefix(count)) : nil
  }
}

/// A program that keeps running and receives input from time to time.
package final class StayingProcess: Sendable {
  /// The pipe to its standard input; the user of the pipe must close it.
  package let input: Int32
  /// The pipe from its standard output, if `keepsOutput` is set; the user of the pipe must close it.
  package let output: Int32?
  private let child: StartedProcess

  /// Starts a process.
  ///
  /// - Parameters:
  ///   - command: the program and its arguments.
  ///   - keepsOutput: whether its output can be read.
  /// - Throws: ``ProcessError`` if the process cannot be started.
  package init(_ command: [String], keepsOutput: Bool = false) throws(ProcessError) {
    var process = ChildProcess(command)
    process.feed = { _ in }
    process.errors = .nowhere
    process.leadsGroup = true
    child = try process.start(keepsOutput: keepsOutput, reports: false)
    input = child.input ?? -1
    output = child.output
  }

  /// Performs work that uses the process; if it takes longer than `seconds`, the process is killed with its group.
  ///
  /// - Returns: whether the work succeeded and the process is still running.
  package func within(_ seconds: Double, _ work: () -> Bool) -> Bool {
    let (child, begin, done) = (child, ChildProcess.now(), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      if done.wait(timeout: .now() + seconds) == .timedOut { child.kill(group: true) }
    }
    let isDone = work()
    done.signal()
    return isDone && ChildProcess.now() - begin < seconds && !child.hasEnded
  }

  /// Waits for the end of the process, whose input has been closed, and kills it if that takes longer than `seconds`.
  /// Its own child processes keep running.
  package func finish(within seconds: Double) {
    for _ in 0..<Int(seconds / 0.05) where !child.hasEnded { usleep(50_000) }
    child.kill(group: false)
    _ = child.reap()
  }
}

/// Splits a stream of chunks into lines.
struct LineReader {
  private var rest = Data()

  /// The lines that `chunk` completes. A line of more than 16 MB is dropped; such lines do not occur normally.
  mutating func add(_ chunk: Data) -> [String] {
    var lines: [String] = []
    var chunk = chunk[...]
    while let end = chunk.firstIndex(of: 10) {
      rest.append(chunk[..<end])
      lines.append(String(decoding: rest, as: UTF8.self))
      rest.removeAll()
      chunk = chunk[chunk.index(after: end)...]
    }
    rest.append(chunk)
    if rest.count > 1 << 24 { rest.removeAll() }
    return lines
  }
}
