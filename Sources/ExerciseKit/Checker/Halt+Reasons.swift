// The texts that explain why an answer was stopped.

import Basics
import Foundation

extension Halt {
  /// The answer sent bytes that are not a result.
  static let forged = Halt(
    kind: .forged, reason: "wrote into the channel for results, which belongs to the checker")

  /// The answer sent or announced more bytes than a message may hold.
  static let tooLarge = Halt(
    kind: .output, reason: "returned more than \(Wire.limit >> 20) MB of numbers; no exercise needs a tenth of that")

  static let endlessOutput = Halt(
    kind: .output,
    reason: "printed more than \(PrintedOutput.mostBytes >> 20) MB or \(PrintedOutput.mostLines) lines in one call: "
      + "a loop that never stops printing, or print in a loop that does not need it")

  /// Why an answer was not loaded. The loader's text is replaced where possible: it contains the checker's paths.
  static func notLoaded(_ message: String) -> Halt {
    var reason = "could not be checked: \(message.clipped(to: 500).onOneLine)"
    if let found = message.range(of: "undefined symbol: ") {
      let symbol = message[found.upperBound...].prefix { !$0.isWhitespace && $0 != "," }.description.clipped(to: 200)
        .onOneLine
      // Swift's symbols begin with their module: $s20FoundationNetworking…
      let digits = symbol.hasPrefix("$s") ? symbol.dropFirst(2).prefix { $0.isNumber } : ""
      let module = Int(digits).map { String(symbol.dropFirst(2 + digits.count).prefix($0)) }
      reason =
        "uses \(module.map { "the module \($0)" } ?? symbol), which is not available while an answer is checked; "
        + "Swift's standard library, ExerciseKit and Foundation are"
    } else if message.contains("answers no exercise") {
      reason =
        "its type answers no exercise: does the file declare a protocol with the same name as ExerciseKit's?"
    }
    return Halt(kind: .refused, reason: reason)
  }

  static let busy = Halt(kind: .busy, reason: "the machine was too busy to check this. Try again later")

  static let notRun = Halt(kind: .notRun, reason: "not run")

  static let endlessCalls = Halt(
    kind: .time,
    reason: "called the function argument 100,000 times, or with 8 MB of numbers in total: an endless loop")

  static let threads = Halt(
    kind: .memory, reason: "more than \(AnswerLimits.threads) threads at the same time; an answer needs none")

  static func endless(_ seconds: Double) -> Halt {
    Halt(
      kind: .time,
      reason: "no result after \(programNotation(seconds)) s of computing: an endless loop, or far more work than "
        + "necessary")
  }

  static func asleep(_ seconds: Double) -> Halt {
    Halt(
      kind: .time,
      reason: "waited for \(programNotation(seconds.rounded())) s without computing anything: for a timer, another "
        + "thread, or the main queue, which does not run here. Compute in the function itself")
  }

  static func slow(_ wall: Double, _ computing: Double) -> Halt {
    Halt(
      kind: .time,
      reason:
        "took \(programNotation(wall.rounded())) s, but computed for only \(programNotation(computing)) s, on a "
        + "machine that was not busy: it waits. Compute in the function itself")
  }

  static func memory(_ bytes: Int) -> Halt {
    Halt(kind: .memory, reason: "more than \(bytes >> 20) MB of memory in use")
  }

  /// Explains why a process ended by itself.
  init(_ ending: ChildProcess.Ending, output: PrintedOutput, memory: Int, hasWorked: Bool) {
    var ending = ending
    // A program that starts another one reports a signal as exit status 128 + signal.
    if case .exited(let status) = ending, (129...159).contains(status) { ending = .signalled(status - 128) }
    switch ending {
    case .exited(97):
      self.init(kind: .forbidden, reason: Self.describe(violation: output.violation ?? ""))
    case .exited(96):
      self.init(kind: .exit, reason: "closed the descriptor that the checker calls it through")
    case .exited(let status):
      self.init(kind: .exit, reason: "ended the program itself, with exit status \(status)")
    case .signalled(SIGSYS): self.init(kind: .forbidden, reason: Self.describe(violation: ""))
    case .signalled(SIGKILL):
      self.init(kind: .exit, reason: "was ended by signal 9, sent by itself or for lack of memory")
    case .signalled(SIGXCPU) where !hasWorked:
      self.init(kind: .exit, reason: "ended itself by signal \(SIGXCPU)")
    case .signalled(SIGXCPU):
      self.init(
        kind: .time, reason: "used up its processor time: an endless loop, or far more work than necessary")
    case .signalled(let signal) where output.isStarved:
      self.init(kind: .memory, reason: "requested more than \(memory >> 20) MB of memory (signal \(signal))")
    case .signalled(let signal):
      self.init(
        kind: .crash,
        reason: output.crashMessage.map { "crashed: " + $0.clipped(to: 400) } ?? Self.describe(signal: signal))
    case .ranOutOfTime: self = .busy
    case .ranOutOfMemory: self = .memory(memory)
    }
  }

  /// Describes a forbidden action such as `open /etc/passwd`.
  private static func describe(violation: String) -> String {
    let parts = violation.split(separator: " ", maxSplits: 1).map(String.init)
    let path = parts.count > 1 ? parts[1].onOneLine.clipped(to: 400) : "a file"
    switch parts.first {
    case "open": return "tried to open \(path); an answer receives its arguments and needs no files"
    case "remove": return "tried to remove \(path); an answer needs no files"
    case "change": return "tried to make or change \(path); an answer returns its result and needs no files"
    case "process": return "tried to start another program; an answer consists of its own Swift code only"
    case "network":
      return "tried to use the network, or to look up the user's name or home folder, which needs a connection; an "
        + "answer receives only its arguments"
    case "handler": return "tried to install a signal handler; an answer needs no signals"
    case "signal": return "tried to send a signal to a process"
    case "memory": return "tried to access the memory of a process"
    case "limits":
      return "tried to change the limits, rights or priority of a process; an answer does not need that"
    case "share": return "tried to share something with other processes"
    case "call": return "tried something that an answer does not need (system call \(path))"
    default: return "tried something that an answer does not need"
    }
  }

  private static func describe(signal: Int32) -> String {
    switch signal {
    case SIGSEGV, SIGBUS: "crashed with a memory fault: most often infinite recursion"
    case SIGILL, SIGTRAP: "crashed: an arithmetic overflow, a nil unwrapped with !, or an index out of range"
    case SIGABRT: "crashed: aborted, or out of memory"
    case SIGFPE: "crashed: division by zero"
    default: "crashed with signal \(signal)"
    }
  }
}
