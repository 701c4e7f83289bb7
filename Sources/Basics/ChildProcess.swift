// The one way in which another program is run: started, fed, read within bounds, stopped in time.

import Foundation

/// Another program under supervision.
///
/// What it writes is read and kept up to a limit, so it never waits for us and never fills our memory. A program that
/// ends leaves no one waiting for what its own children still hold open.
package struct ChildProcess: Sendable {
  /// Where standard error goes.
  package enum Errors: Sendable { case withOutput, nowhere, inherited }

  /// How a process came to its end.
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

  /// What a finished process left.
  package struct Report: Sendable {
    package var ending: Ending
    /// The beginning of what it wrote, at most ``outputLimit`` bytes.
    package var bytes: Data
    /// The same as text.
    package var output: String { String(decoding: bytes, as: UTF8.self) }
    /// Whether it ended by itself and was content.
    package var succeeded: Bool { ending == .exited(0) }
  }

  /// The program, looked for in `$PATH`, and its arguments; no shell comes between.
  package var command: [String]
  package var environment = ProcessInfo.processInfo.environment
  /// Writes the program's input, on a thread of its own, and closes the descriptor; without it the input is empty.
  package var feed: (@Sendable (_ descriptor: Int32) -> Void)?
  package var errors = Errors.withOutput
  /// Whether it writes where this program writes; nothing of that is kept.
  package var sharesOutput = false
  /// The most bytes of output that are kept.
  package var outputLimit = 65_536
  /// The longest time that the process may take, in seconds.
  package var seconds: Double?
  /// Whether `seconds` leave out the time in which the process was ready to run and others were running: for a machine
  /// with much else to do, where the system tells. Ten times as long it never takes.
  package var leavesOutWaiting = false
  /// The longest silence on descriptor 3, in seconds: every line restarts the wait. Without it the process has no
  /// descriptor 3.
  package var secondsPerLine: Double?
  /// The most memory that the process may have in use, in bytes, where the system tells.
  package var memory: Int?
  /// Whether the process leads a group of its own, which is killed as a whole, at the latest when its leader ends: for
  /// programs that start others. Ctrl-C at the terminal does not reach such a group.
  package var leadsGroup = false

  package init(_ command: [String]) { self.command = command }

  /// Runs the process to its end.
  ///
  /// - Parameter onLine: gets each complete line from descriptor 3.
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
        // What stood in the pipes has been read; what others still hold open, or write, is not waited for.
        if ready.isEmpty || Self.now() - end > 0.5 { break }
        continue
      }
      // Nothing left to read: poll would return at once.
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
    // Its reader is gone, so the feeder fails; one that does not is left to itself.
    _ = isFed?.wait(timeout: .now() + 1)
    return Report(ending: killed ?? ending, bytes: kept)
  }

  /// Whether the process has had its time.
  func isOverdue(after elapsed: Double, waiting: () -> Double) -> Bool {
    guard let seconds, elapsed > seconds else { return false }
    return !leavesOutWaiting || elapsed > 10 * seconds || elapsed - waiting() > seconds
  }

  /// Starts the process and leaves it to itself; nothing of what it writes is kept.
  package func launch() throws(ProcessError) { _ = try start(keepsOutput: false, reports: false) }

  /// Seconds on a clock that only moves forward.
  package static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }

  /// The descriptors that have something to read, or whose other end is closed.
  package static func wait(for descriptors: Set<Int32>, milliseconds: Int32) -> [Int32] {
    guard !descriptors.isEmpty else { return [] }
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return [] }
    return polled.filter { $0.revents != 0 }.map(\.fd)
  }

  /// What stands ready on a descriptor; `nil` at its end.
  package static func read(_ descriptor: Int32) -> Data? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Foundation.read(descriptor, &buffer, buffer.count)
    if count < 0 && errno == EINTR { return Data() }
    return count > 0 ? Data(buffer.prefix(count)) : nil
  }
}

/// A program that stays and is given input from time to time.
package final class StayingProcess: Sendable {
  /// The pipe into it; the one who takes it closes it.
  package let input: Int32
  /// The pipe out of it, if its output is kept; the one who takes it closes it.
  package let output: Int32?
  private let child: StartedProcess

  /// Starts a process.
  ///
  /// - Parameter keepsOutput: whether what it writes can be read.
  package init(_ command: [String], keepsOutput: Bool = false) throws(ProcessError) {
    var process = ChildProcess(command)
    process.feed = { _ in }
    process.errors = .nowhere
    process.leadsGroup = true
    child = try process.start(keepsOutput: keepsOutput, reports: false)
    input = child.input ?? -1
    output = child.output
  }

  /// Does work with the process, which is killed with its group if that takes longer than `seconds`.
  ///
  /// - Returns: whether the work was done and the process is still there.
  package func within(_ seconds: Double, _ work: () -> Bool) -> Bool {
    let (child, begin, done) = (child, ChildProcess.now(), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      if done.wait(timeout: .now() + seconds) == .timedOut { child.kill(group: true) }
    }
    let isDone = work()
    done.signal()
    return isDone && ChildProcess.now() - begin < seconds && !child.hasEnded
  }

  /// Waits for the end of the process, whose input has been closed, and ends it if that takes longer than `seconds`.
  /// What it has started stays.
  package func finish(within seconds: Double) {
    for _ in 0..<Int(seconds / 0.05) where !child.hasEnded { usleep(50_000) }
    child.kill(group: false)
    _ = child.reap()
  }
}

/// Puts chunks together and takes them apart at line ends.
struct LineReader {
  private var rest = Data()

  /// The lines that `chunk` completes. A line of more than 16 MB is dropped: none is needed.
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
