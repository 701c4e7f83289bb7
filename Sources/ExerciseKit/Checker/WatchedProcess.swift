// A child process that is watched: its output, its time and its memory.

import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A program run under supervision, with an extra descriptor (3) on which it reports line by line.
struct WatchedProcess {
  /// The program and its arguments.
  var command: [String]
  var environment: [String: String] = ProcessInfo.processInfo.environment
  /// The longest silence on descriptor 3, in seconds. Every line begins the wait anew.
  var secondsPerLine: Double
  /// The most memory the process may have in use, in bytes; `nil` for any.
  var memory: Int?
  /// Whether the process leads a group of its own, killed as a whole: for programs that start others.
  var leadsGroup = false

  /// How a process came to its end.
  enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)
    case ranOutOfTime
    case ranOutOfMemory
  }

  /// What a finished process left.
  struct Report {
    var ending: Ending
    /// The beginning of what it wrote to standard output and standard error, at most 64 kB.
    var output: String
  }

  /// Runs the process to its end.
  ///
  /// - Parameter onLine: gets each complete line from descriptor 3.
  /// - Throws: ``CheckerError`` if the process cannot be started.
  func run(onLine: (String) -> Void = { _ in }) throws -> Report {
    // One at a time, or a process started between the making and the marking of a pipe would hold it open.
    let (pid, output, report) = try Self.starting.withLock { _ in
      let output = try Pipe(), report = try Pipe()
      defer {
        close(output.writing)
        close(report.writing)
      }
      do {
        return (try spawn(output: output.writing, report: report.writing), output.reading, report.reading)
      } catch {
        close(output.reading)
        close(report.reading)
        throw error
      }
    }
    defer {
      close(output)
      close(report)
    }

    var printed = Data(), lines = LineReader()
    var open: Set<Int32> = [output, report]
    var deadline = Date().addingTimeInterval(secondsPerLine)
    var killed: Ending?
    var status: Int32 = 0
    while true {
      if open.isEmpty {
        if waitpid(pid, &status, WNOHANG) == pid { break }
        usleep(2000)
      }
      for descriptor in wait(for: open, milliseconds: 20) {
        guard let chunk = read(descriptor) else {
          open.remove(descriptor)
          continue
        }
        if descriptor == output {
          printed.append(chunk.prefix(max(0, 65_536 - printed.count)))
        } else {
          for line in lines.add(chunk) {
            onLine(line)
            deadline = Date().addingTimeInterval(secondsPerLine)
          }
        }
      }
      guard killed == nil else { continue }
      if Date() > deadline {
        killed = .ranOutOfTime
      } else if let memory, let used = Self.memoryInUse(by: pid), used > memory {
        killed = .ranOutOfMemory
      }
      if killed != nil { kill(leadsGroup ? -pid : pid, SIGKILL) }
    }
    return Report(ending: killed ?? Self.ending(status), output: String(decoding: printed, as: UTF8.self))
  }

  private static func ending(_ status: Int32) -> Ending {
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }

  private static let starting = Mutex(())

  /// Starts the process with its output on the two descriptors.
  private func spawn(output: Int32, report: Int32) throws -> pid_t {
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
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    posix_spawn_file_actions_adddup2(&actions, report, 3)
    if leadsGroup {
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
      posix_spawnattr_setpgroup(&attributes, 0)
    }
    var pid: pid_t = 0
    let arguments = command.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    let error = posix_spawnp(&pid, command[0], &actions, &attributes, arguments, variables)
    guard error == 0 else {
      throw CheckerError("cannot start \(command[0]): \(String(cString: strerror(error)))")
    }
    return pid
  }

  /// The descriptors that have something to read, or whose other end is closed.
  private func wait(for descriptors: Set<Int32>, milliseconds: Int32) -> [Int32] {
    guard !descriptors.isEmpty else { return [] }
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return [] }
    return polled.filter { $0.revents != 0 }.map(\.fd)
  }

  /// What stands ready on a descriptor; `nil` at its end.
  private func read(_ descriptor: Int32) -> Data? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = buffer.withUnsafeMutableBytes { bytes in
      #if canImport(Glibc)
      Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      #else
      Darwin.read(descriptor, bytes.baseAddress, bytes.count)
      #endif
    }
    if count < 0 && errno == EINTR { return Data() }
    return count > 0 ? Data(buffer.prefix(count)) : nil
  }

  /// Bytes of memory that a process has in use; `nil` where the system does not tell.
  private static func memoryInUse(by pid: pid_t) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .ascii) else { return nil }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
  }
}

/// The two ends of a pipe; neither is inherited by processes that are started meanwhile.
private struct Pipe {
  let reading: Int32
  let writing: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw CheckerError("cannot make a pipe: \(String(cString: strerror(errno)))")
    }
    // Above those that the child rearranges, and closed in every child that is started meanwhile.
    reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 10)
    writing = fcntl(ends[1], F_DUPFD_CLOEXEC, 10)
    ends.forEach(closeDescriptor)
    guard reading >= 0, writing >= 0 else { throw CheckerError("too many files are open") }
  }
}

private func closeDescriptor(_ descriptor: Int32) { close(descriptor) }

/// Puts chunks together and takes them apart at line ends.
private struct LineReader {
  private var rest = Data()

  /// The lines that `chunk` completes. A line of more than 16 MB is dropped: nobody needs one.
  mutating func add(_ chunk: Data) -> [String] {
    rest.append(chunk)
    var lines: [String] = []
    while let end = rest.firstIndex(of: 10) {
      lines.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
      rest = Data(rest[rest.index(after: end)...])
    }
    if rest.count > 1 << 24 { rest = Data() }
    return lines
  }
}

/// Why an exercise could not be examined at all: nothing that is the answer's fault.
package struct CheckerError: Error, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}
