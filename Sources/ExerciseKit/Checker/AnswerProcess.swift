// An answer at work in a process of its own, seen from the outside.

import Basics
import Foundation

/// What may be used up by an answer.
package struct AnswerLimits: Sendable {
  /// Seconds that one case may take.
  package var seconds: Double
  /// Bytes of memory in use.
  package var memory: Int
  /// Whether an answer is refused where the system cannot cage it: for code of strangers.
  package var requiresCage: Bool

  /// Ten seconds for a case and a gigabyte of memory, unless said otherwise.
  package init(seconds: Double = 10, memory: Int = 1 << 30, requiresCage: Bool = false) {
    self.seconds = seconds
    self.memory = memory
    self.requiresCage = requiresCage
  }
}

/// Runs a compiled answer through an exercise's cases in a child process.
struct AnswerProcess {
  var exercise: any AnyExercise
  var library: URL
  /// The program that does the calling, with the arguments that come before the exercise's own.
  var examiner: [String]
  var limits: AnswerLimits

  /// One line of the child's report.
  struct Line: Codable {
    var secret: String
    var index: Int
    var response: Response
  }

  /// Calls every case.
  ///
  /// A case that crashes costs only itself, up to three times; one that takes too long, too much memory or forbidden
  /// ways ends the examination.
  ///
  /// - Parameter onResponse: gets each response as it comes.
  /// - Returns: a response for every case, and what the answer printed.
  func run(onResponse: (Int, Response) -> Void) throws -> (responses: [Response], printed: String) {
    let count = exercise.calls.count
    var responses: [Response] = []
    var printed = ""
    var crashes = 0
    // NaN and infinity are what beginners' answers often give: they are results like others.
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    while responses.count < count {
      let begin = responses.count
      let secret = UUID().uuidString
      var trespass: String?
      var process = ChildProcess(
        examiner + [
          exercise.id.description, library.path, "--from", "\(begin)", "--seconds", "\(limits.seconds)",
          "--memory", "\(limits.memory)",
        ] + (limits.requiresCage ? ["--requires-cage"] : []))
      process.environment["WORKBOOK_SECRET"] = secret
      process.environment["SWIFT_BACKTRACE"] = "enable=no"
      process.secondsPerLine = limits.seconds
      // However many lines it writes, it gets no more than every case its time.
      process.seconds = limits.seconds * Double(count - begin + 1)
      process.memory = limits.memory
      process.leadsGroup = true
      let report = try process.supervised { line in
        if line.hasPrefix("!") {
          trespass = String(line.dropFirst())
        } else if trespass == nil, let read = try? decoder.decode(Line.self, from: Data(line.utf8)),
          read.secret == secret, read.index == responses.count, responses.count < count
        {
          responses.append(read.response)
          onResponse(read.index, read.response)
        }
      }
      printed += report.output
      guard responses.count < count || trespass != nil else { break }

      let halt = halt(report, trespass: trespass)
      if responses.count < count {
        responses.append(.halted(halt))
        onResponse(responses.count - 1, .halted(halt))
      } else {
        // Forbidden, and yet done with everything: no case of such an answer counts.
        responses[count - 1] = .halted(halt)
      }
      crashes += 1
      if halt.kind != .crash || crashes == 3 {
        let rest = Halt(kind: .notRun, reason: "not run any more")
        while responses.count < count {
          responses.append(.halted(rest))
          onResponse(responses.count - 1, .halted(rest))
        }
      }
    }
    return (responses, printed)
  }

  /// Why the process ended before it was done.
  private func halt(_ report: ChildProcess.Report, trespass: String?) -> Halt {
    if let trespass { return Halt(kind: .forbidden, reason: Self.describe(trespass: trespass)) }
    let megabytes = limits.memory >> 20
    switch report.ending {
    case .ranOutOfTime:
      return Halt(
        kind: .time,
        reason: "no result after \(programNotation(limits.seconds)) s: an endless loop, or far more work than is needed"
      )
    case .ranOutOfMemory:
      return Halt(kind: .memory, reason: "more than \(megabytes) MB of memory in use")
    case .exited(let status) where AnswerExaminer.Refusal(rawValue: status) != nil:
      let words = report.output.split(separator: "\n").last.map(String.init) ?? "no reason given"
      return Halt(kind: .refused, reason: "could not be examined: \(words)")
    case .exited(let status):
      return Halt(kind: .exit, reason: "ended the program itself, with exit status \(status)")
    case .signalled(SIGXCPU), .signalled(SIGKILL):
      return Halt(kind: .time, reason: "used up its processor time: an endless loop, or far more work than is needed")
    case .signalled(let signal):
      let isStarved = report.output.contains("failed to allocate")
      return Halt(
        kind: isStarved ? .memory : .crash, reason: Self.describe(signal: signal, output: report.output))
    }
  }

  /// `open /etc/passwd` in words.
  private static func describe(trespass: String) -> String {
    let parts = trespass.split(separator: " ", maxSplits: 1).map(String.init)
    let path = parts.count > 1 ? parts[1] : ""
    switch parts.first {
    case "open": return "tried to open the file \(path); an answer needs no files"
    case "remove": return "tried to remove \(path); an answer needs no files"
    case "process": return "tried to start another program"
    case "network": return "tried to reach the network"
    case "signal": return "tried to send a signal to another process"
    default: return "tried something that an answer does not need (system call \(path))"
    }
  }

  /// The runtime's own words on a crash where it left some.
  private static func describe(signal: Int32, output: String) -> String {
    let line = output.split(separator: "\n").last { $0.contains("Fatal error") || $0.contains("atal error:") }
    if let line, let range = line.range(of: "atal error:") {
      return "crashed: " + line[range.upperBound...].trimmingCharacters(in: .whitespaces)
    }
    switch signal {
    case SIGSEGV, SIGBUS: return "crashed with a memory fault: most often a function that calls itself without end"
    case SIGILL, SIGTRAP: return "crashed: an arithmetic overflow, a nil unwrapped with !, or an index out of range"
    case SIGABRT: return "crashed: aborted, or out of memory"
    case SIGFPE: return "crashed: division by zero"
    default: return "crashed with signal \(signal)"
    }
  }
}
