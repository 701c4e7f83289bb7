// The connection to an answer's process: it sends calls, receives results, and stops a process that misbehaves.

import Basics
import Foundation

/// One process with one answer in it. Only one check uses it: no two threads ever share one.
final class AnswerSession: AnswerLine, @unchecked Sendable {
  private let child: StartedProcess
  private let limits: AnswerLimits
  private var open: Set<Int32>
  private var incoming: [UInt8] = []
  private(set) var output = PrintedOutput()
  /// Why the process has ended.
  private var end: Halt?
  private var isReaped = false
  /// Why it was killed.
  private var killed: Halt?
  private var account: Account
  /// When the checker last woke up.
  private var awake = ChildProcess.now()

  /// The resources that one call has used.
  private struct Account {
    var begin: ProcessMeter?
    var last: ProcessMeter?
    var lastTick = ChildProcess.now()
    var asleep = 0.0
    var wall = 0.0
    /// Seconds since the last measurement in which the checker was working and the answer had to wait for it.
    var judging = 0.0
    /// Signs of a busy machine, in seconds: how much too late the checker woke up, and how long the longest-waiting
    /// thread of the answer was ready to run while others were running.
    var late = 0.0
    var waited = 0.0
    /// Seconds in which the checker was ready to run while others were running, and the total at the last measurement.
    var held = 0.0
    var lastHeld: Double?
    var callbacks = 0
    /// The number of bytes received with them.
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
        stop(.notLoaded(words))
      } else if first.kind != .ready {
        stop(.forged)
      }
    } catch {
      // The next call reports why the process ended.
    }
  }

  deinit { close() }

  /// Ends the process.
  func close() {
    if !isReaped {
      isReaped = true
      // Read what was printed before the last result.
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
    // No bytes may arrive before the call.
    if !incoming.isEmpty { stop(.forged) }
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
        // The arguments of callbacks cost the checker memory and work.
        guard account.callbacks <= 100_000, account.received <= 8 << 20 else {
          stop(.endlessCalls)
          throw RemoteHalt(.endlessCalls)
        }
        do {
          request = Message(.reply, try callback(answer.index, arguments))
        } catch {
          // The answer would wait for a reply that never comes.
          let words = (error as? RemoteHalt)?.halt ?? Halt(kind: .crash, reason: "\(error)")
          stop(words)
          throw RemoteHalt(words)
        }
      default:
        stop(.forged)
        throw RemoteHalt(.forged)
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
      stop(.forged)
      return nil
    case .tooLarge:
      stop(.tooLarge)
      return nil
    }
  }

  /// The descriptors that are ready for reading or writing.
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
    // A process that has stopped reading is about to end, or will run out of time.
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

  /// Measures the resources that the call has used: the limit is on work, not on wall-clock time.
  private func meter() {
    let now = ChildProcess.now()
    guard now - account.lastTick >= 0.02, killed == nil else { return }
    // If more time passed between two measurements, this process itself was not running.
    let passed = min(now - account.lastTick, 0.1)
    account.lastTick = now
    account.wall += passed
    guard let used = ProcessMeter(of: child.id) else {
      // If the system does not report processor time, use the wall clock.
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

  /// Whether the machine had time for the call, even if the answer pretends to be working.
  ///
  /// An answer that calls back often waits for the checker, which waits for a processor.
  private func hadTheMachine(computing: Double) -> Bool {
    account.late < 0.05 * account.wall && computing + account.waited + account.held < 0.5 * account.wall
  }

  /// The seconds for which this thread was ready to run while others were running; 0 if the system does not report it.
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

  /// Collects the exit status and the remaining output.
  private func finish() {
    guard end == nil else { return }
    isReaped = true
    let ending = child.reap()
    drain(for: 0.5)
    // The system's limit of processor time is above ours: an earlier SIGXCPU comes from the answer itself.
    let hasWorked = (account.last?.processor ?? account.wall) >= limits.seconds
    end = killed ?? Halt(ending, output: output, memory: limits.memory, hasWorked: hasWorked)
  }

  /// Reads what is left in the pipes, for at most `seconds`.
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
