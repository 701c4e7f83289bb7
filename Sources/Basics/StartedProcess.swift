// Starting a process, and observing and killing it without confusing it with another that has the same ID.

import Foundation
import Synchronization

/// The reason why a process did not start.
package struct ProcessError: Error, Equatable, CustomStringConvertible {
  /// The program that was to be run.
  package var program: String
  /// The system's error number: `ENOENT` if there is no such program.
  package var code: Int32

  package var description: String { "cannot start \(program): \(String(cString: strerror(code)))" }
}

/// A process that has been started and not yet reaped, with this program's ends of its pipes. Until it is reaped, its
/// ID cannot be reused.
package struct StartedProcess: Sendable {
  package var id: pid_t
  package var input: Int32?
  package var output: Int32?
  package var report: Int32?

  /// Whether the process has ended.
  package var hasEnded: Bool {
    var info = siginfo_t()
    if waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) != 0 { return errno != EINTR }
    return info.si_signo == SIGCHLD
  }

  package func kill(group: Bool) { _ = Foundation.kill(group ? -id : id, SIGKILL) }

  /// Waits for the end of the process and releases its ID.
  package func reap() -> ChildProcess.Ending {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }

  /// The memory in use, in bytes; `nil` if the system does not report it.
  package var memoryInUse: Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/statm", encoding: .ascii) else { return nil }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }
}

extension ChildProcess {
  /// Only one process is started at a time: otherwise, a process started between the creation of a pipe and the setting
  /// of its close-on-exec flag would hold the pipe open.
  private static let starting = Mutex(())

  /// Starts the process with only the requested pipes.
  package func start(keepsOutput: Bool, reports: Bool) throws(ProcessError) -> StartedProcess {
    try Self.starting.withLock { _ throws(ProcessError) in
      var pipes: [Pipe] = []
      func pipe() throws(ProcessError) -> Pipe {
        guard let pipe = Pipe() else { throw ProcessError(program: command[0], code: errno) }
        pipes.append(pipe)
        return pipe
      }
      do throws(ProcessError) {
        let input = feed == nil ? nil : try pipe()
        let output = keepsOutput ? try pipe() : nil
        let report = reports ? try pipe() : nil
        let id = try spawn(input: input?.reading, output: output?.writing, report: report?.writing)
        for end in [input?.reading, output?.writing, report?.writing] { end.map { _ = close($0) } }
        return StartedProcess(id: id, input: input?.writing, output: output?.reading, report: report?.reading)
      } catch {
        for pipe in pipes {
          close(pipe.reading)
          close(pipe.writing)
        }
        throw error
      }
    }
  }

  private func spawn(input: Int32?, output: Int32?, report: Int32?) throws(ProcessError) -> pid_t {
    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
    #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    func connect(_ number: Int32, to end: Int32?) {
      if let end {
        posix_spawn_file_actions_adddup2(&actions, end, number)
      } else {
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0)
      }
    }
    connect(0, to: input)
    if !sharesOutput { connect(1, to: output) }
    switch errors {
    case .withOutput: connect(2, to: 1)
    case .nowhere: connect(2, to: nil)
    case .inherited: break
    }
    if let report { connect(3, to: report) }
    // The child must not inherit this thread's signal mask, nor an ignored SIGPIPE.
    var none = sigset_t(), usual = sigset_t()
    sigemptyset(&none)
    sigemptyset(&usual)
    sigaddset(&usual, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    posix_spawnattr_setflags(&attributes, Int16(leadsGroup ? flags | Int32(POSIX_SPAWN_SETPGROUP) : flags))

    var id: pid_t = 0
    let arguments = command.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    // A program that another thread has just written may be held open for a moment by a child of that thread.
    for _ in 0..<50 {
      let code = posix_spawnp(&id, command[0], &actions, &attributes, arguments, variables)
      if code == 0 { return id }
      guard code == ETXTBSY else { throw ProcessError(program: command[0], code: code) }
      usleep(10_000)
    }
    throw ProcessError(program: command[0], code: ETXTBSY)
  }
}

/// The two ends of a pipe; neither is inherited by other processes.
private struct Pipe {
  let reading: Int32
  let writing: Int32

  /// Creates a pipe; returns nil on failure, with the reason in `errno`.
  init?() {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    // Use numbers above the descriptors that the child rearranges, with the close-on-exec flag set.
    reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 10)
    writing = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)
    let code = errno
    for end in ends { close(end) }
    guard reading >= 0, writing >= 0 else {
      for end in [reading, writing] where end >= 0 { close(end) }
      errno = code
      return nil
    }
  }
}
