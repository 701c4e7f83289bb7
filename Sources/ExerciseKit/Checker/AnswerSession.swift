// The line to an answer's process: calls go out, results come back, and a process that does not keep to that is stopped.

import Basics
import Foundation

/// One process with one answer in it. One examination has it to itself: no two threads ever hold one.
final class AnswerSession: AnswerLine, @unchecked Sendable {
  private let child: StartedProcess
  private let limits: AnswerLimits
  private var open: Set<Int32>
  private var incoming: [UInt8] = []
  private(set) var output = PrintedOutput()
  /// Why the process is no more.
  private var end: Halt?
  private var isReaped = false
  /// Why it was killed.
  private var killed: Halt?
  private var account: Account
  /// When the judge last woke.
  private var awake = ChildProcess.now()

  /// What one call has used up.
  private struct Account {
    var begin: ProcessMeter?
    var last: ProcessMeter?
    var lastTick = ChildProcess.now()
    var asleep = 0.0
    var wall = 0.0
    /// Seconds since the last look in which the judge was at work: the answer waited for nothing else.
    var judging = 0.0
    /// Seconds by which the judge itself woke too late, and in which a thread of the answer, the one that waited the
    /// longest, was ready to run and others were running: what a busy machine does.
    var late = 0.0
    var waited = 0.0
    /// Seconds in which the judge was ready to run and others were running, and its clock of those at the last look.
    var held = 0.0
    var lastHeld: Double?
    var callbacks = 0
    /// Bytes that came with them.
    var received = 0
  }

  /// Starts the process, and waits until the answer is loaded.
  ///
  /// - Throws: ``CheckerError`` if it cannot be started.
  init(command: [String], limits: AnswerLimits) throws {
    self.limits = limits
    var process = ChildProcess(command)
    process.environment = ["SWIFT_BACKTRACE": "enable=no", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    process.feed = { _ in }
    process.leadsGroup = true
    do { child = try process.start(keepsOutput: true, reports: true) } catch { throw CheckerError("\(error)") }
    open = Set([child.output, child.report].compactMap { $0 })
    account = Account()
    if let input = child.input { _ = fcntl(input, F_SETFL, O_NONBLOCK) }
    do {
      let first = try exchange([])
      if first.kind == .refused, case .text(let words) = first.wire {
        stop(.unfit(words))
      } else if first.kind != .ready {
        stop(.babble)
      }
    } catch {
      // The caller hears of its end.
    }
  }

  deinit { close() }

  /// Ends the process.
  func close() {
    if !isReaped {
      isReaped = true
      // What was printed before the last result.
      drain(for: 0.1)
      child.kill(group: true)
      _ = child.reap()
    }
    for descriptor in open { _ = Foundation.close(descriptor) }
    open = []
    if let input = child.input, !inputIsClosed { _ = Foundation.close(input) }
    inputIsClosed = true
  }
  private var inputIsClosed = false

  // MARK: Calls

  func call(
    _ function: UInt8, _ arguments: [Wire], callback: (_ index: UInt8, _ arguments: [Wire]) throws -> Wire
  ) throws -> Wire {
    if let end { throw RemoteHalt(end) }
    // Nothing has been asked yet.
    if !incoming.isEmpty { stop(.babble) }
    account = Account()
    output.beginCall()
    var request = Message(.call, index: function, .list(arguments))
    while true {
      let answer = try exchange(request.bytes)
      switch (answer.kind, answer.wire) {
      case (.result, let wire): return wire
      case (.threw, .text(let words)): throw RemoteError(words.clipped(to: 2000).onOneLine)
      case (.unsolved, _): throw Unsolved("")
      case (.callback, .list(let arguments)):
        account.callbacks += 1
        // What it hands over is the judge's to keep and to work on.
        guard account.callbacks <= 100_000, account.received <= 8 << 20 else {
          stop(.endlessCalls)
          throw RemoteHalt(.endlessCalls)
        }
        do {
          request = Message(.reply, try callback(answer.index, arguments))
        } catch {
          // The answer waits for a reply that it will not get.
          let words = (error as? RemoteHalt)?.halt ?? Halt(kind: .crash, reason: "\(error)")
          stop(words)
          throw RemoteHalt(words)
        }
      default:
        stop(.babble)
        throw RemoteHalt(.babble)
      }
    }
  }

  /// Sends bytes and waits for a message.
  private func exchange(_ request: [UInt8]) throws -> Message {
    var pending = request[...]
    while true {
      if let message = nextMessage() { return message }
      if let end { throw RemoteHalt(end) }
      let ready = wait(writing: !pending.isEmpty)
      if ready.contains(child.input ?? -1) { pending = send(pending) }
      for descriptor in ready where open.contains(descriptor) { take(from: descriptor) }
      if output.isEndless { kill(.endlessOutput) }
      if (ready.isEmpty || open.isEmpty), child.hasEnded { finish() } else { meter() }
    }
  }

  private func nextMessage() -> Message? {
    switch Message.beginning(of: incoming) {
    case .message(let message, let size):
      incoming.removeFirst(size)
      account.received += size
      return message
    case .incomplete: return nil
    case .nonsense:
      stop(.babble)
      return nil
    case .tooLarge:
      stop(.tooLarge)
      return nil
    }
  }

  /// The descriptors that have something to read, or room to write.
  private func wait(writing: Bool) -> [Int32] {
    var polled = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    if writing, let input = child.input { polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
    let before = ChildProcess.now(), most = polled.isEmpty ? 2 : 20
    account.judging += before - awake
    let count = poll(&polled, nfds_t(polled.count), Int32(most))
    awake = ChildProcess.now()
    account.late += max(0, awake - before - Double(most) / 1000)
    guard count > 0 else { return [] }
    return polled.filter { $0.revents != 0 }.map(\.fd)
  }

  private func send(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let input = child.input else { return [] }
    let count = bytes.withUnsafeBytes { writeToPipe(input, $0) }
    // A process that reads no more is about to end, or will run out of time.
    if count < 0 { return errno == EAGAIN || errno == EINTR ? bytes : [] }
    return bytes.dropFirst(count)
  }

  private func take(from descriptor: Int32) {
    guard let chunk = ChildProcess.read(descriptor) else {
      open.remove(descriptor)
      _ = Foundation.close(descriptor)
      return
    }
    if descriptor == child.output { output.add(chunk) } else { incoming += chunk }
  }

  // MARK: Limits

  /// Looks at what the call has used up: work decides, not the clock.
  private func meter() {
    let now = ChildProcess.now()
    guard now - account.lastTick >= 0.02, killed == nil else { return }
    // Longer than that between two looks, and it was this process that did not run.
    let passed = min(now - account.lastTick, 0.1)
    account.lastTick = now
    account.wall += passed
    guard let used = ProcessMeter(of: child.id) else {
      // Where the system does not tell, the clock has to do.
      if account.wall > limits.seconds { kill(.endless(limits.seconds)) }
      return
    }
    let begin = account.begin ?? used, last = account.last ?? used
    account.begin = begin
    account.last = used
    let held = Self.secondsHeld()
    let justHeld = max(0, held - (account.lastHeld ?? held))
    account.lastHeld = held
    account.held += justHeld
    account.waited += max(0, used.waits.map { $1 - (last.waits[$0] ?? 0) }.max() ?? 0)
    if !used.isWorking {
      let busy =
        max(0, used.processor - last.processor) + max(0, used.waiting - last.waiting) + account.judging
        + justHeld
      account.asleep += max(0, passed - busy)
    }
    account.judging = 0
    if used.memory > limits.memory + (64 << 20) {
      kill(.memory(limits.memory))
    } else if used.threads > AnswerLimits.threads {
      kill(.threads)
    } else if used.processor - begin.processor > limits.seconds {
      kill(.endless(limits.seconds))
    } else if account.asleep > max(5, limits.seconds) + 0.001 * Double(account.callbacks) {
      kill(.asleep(account.asleep))
    } else if account.wall > max(60, 12 * limits.seconds), hadTheMachine(computing: used.processor - begin.processor) {
      kill(.slow(account.wall, used.processor - begin.processor))
    } else if account.wall > max(120, 30 * limits.seconds) {
      kill(.busy)
    }
  }

  /// Whether the machine had time for the call, whatever the answer does to seem at work.
  ///
  /// An answer that calls back often waits for a judge that waits for a processor.
  private func hadTheMachine(computing: Double) -> Bool {
    account.late < 0.05 * account.wall && computing + account.waited + account.held < 0.5 * account.wall
  }

  /// For how many seconds this thread has been ready to run while others were running; 0 where the system does not tell.
  private static func secondsHeld() -> Double {
    guard let data = FileManager.default.contents(atPath: "/proc/thread-self/schedstat") else { return 0 }
    let times = String(decoding: data, as: UTF8.self).split(separator: " ")
    return times.count > 1 ? (Double(times[1]) ?? 0) * 1e-9 : 0
  }

  private func kill(_ reason: Halt) {
    guard killed == nil else { return }
    killed = reason
    child.kill(group: true)
  }

  /// Ends the process at once.
  private func stop(_ reason: Halt) {
    kill(reason)
    finish()
  }

  /// Gathers what the process has left.
  private func finish() {
    guard end == nil else { return }
    isReaped = true
    let ending = child.reap()
    drain(for: 0.5)
    // The system's own limit of processor time is above ours: before that, such a signal is the answer's own.
    let hasWorked = (account.last?.processor ?? account.wall) >= limits.seconds
    end = killed ?? Halt(ending, output: output, memory: limits.memory, hasWorked: hasWorked)
  }

  /// Takes what stands in the pipes, for so many seconds at most.
  private func drain(for seconds: Double) {
    let deadline = ChildProcess.now() + seconds
    while !open.isEmpty, ChildProcess.now() < deadline {
      let ready = ChildProcess.wait(for: open, milliseconds: 0)
      if ready.isEmpty { break }
      for descriptor in ready { take(from: descriptor) }
    }
  }

  /// Why the process ended, if it has.
  var halt: Halt? { end }
}
