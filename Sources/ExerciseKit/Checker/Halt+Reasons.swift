// Why an answer was stopped, in words.

import Basics
import Foundation

extension Halt {
  /// Something came that is no result.
  static let babble = Halt(
    kind: .forged, reason: "wrote into the channel of results, which belongs to the checker")

  /// More came, or was announced, than a message holds.
  static let tooLarge = Halt(
    kind: .output, reason: "returned more than \(Wire.limit >> 20) MB of numbers; no exercise asks for a tenth of it")

  static let endlessOutput = Halt(
    kind: .output,
    reason: "printed more than \(PrintedOutput.mostBytes >> 20) MB or \(PrintedOutput.mostLines) lines in one call: "
      + "a loop that prints without end, or print in a loop that has no need of it")

  /// Why an answer was not loaded, in the loader's words or in better ones: those hold the judge's paths.
  static func unfit(_ words: String) -> Halt {
    var reason = "could not be examined: \(words.clipped(to: 500).onOneLine)"
    if let found = words.range(of: "undefined symbol: ") {
      let symbol = words[found.upperBound...].prefix { !$0.isWhitespace && $0 != "," }.description.clipped(to: 200)
        .onOneLine
      // Swift's symbols begin with their module: $s20FoundationNetworking…
      let digits = symbol.hasPrefix("$s") ? symbol.dropFirst(2).prefix { $0.isNumber } : ""
      let module = Int(digits).map { String(symbol.dropFirst(2 + digits.count).prefix($0)) }
      reason =
        "uses \(module.map { "the module \($0)" } ?? symbol), which is not there while an answer is examined; Swift's "
        + "own library, ExerciseKit and Foundation are"
    } else if words.contains("answers no exercise") {
      reason =
        "its type answers no exercise: is there another protocol of that name in the file, in place of ExerciseKit's?"
    }
    return Halt(kind: .refused, reason: reason)
  }

  static let busy = Halt(kind: .busy, reason: "the machine was too busy; not examined. Check again when it is not")

  static let notRun = Halt(kind: .notRun, reason: "not run any more")

  static let endlessCalls = Halt(
    kind: .time,
    reason: "called the function that it was given 100,000 times, or with 8 MB of numbers in all: an endless loop")

  static let threads = Halt(
    kind: .memory, reason: "more than \(AnswerLimits.threads) threads at a time; an answer needs none")

  static func endless(_ seconds: Double) -> Halt {
    Halt(
      kind: .time,
      reason: "no result after \(programNotation(seconds)) s of computing: an endless loop, or far more work than is "
        + "needed")
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
        "took \(programNotation(wall.rounded())) s and computed for \(programNotation(computing)) s of them, on a "
        + "machine that was not busy: it waits. Compute in the function itself")
  }

  static func memory(_ bytes: Int) -> Halt {
    Halt(kind: .memory, reason: "more than \(bytes >> 20) MB of memory in use")
  }

  /// Why a process ended by itself.
  init(_ ending: ChildProcess.Ending, output: PrintedOutput, memory: Int, hasWorked: Bool) {
    var ending = ending
    // What starts a process for others passes its end on as a number.
    if case .exited(let status) = ending, (129...159).contains(status) { ending = .signalled(status - 128) }
    switch ending {
    case .exited(97):
      self.init(kind: .forbidden, reason: Self.describe(trespass: output.trespass ?? ""))
    case .exited(96):
      self.init(kind: .exit, reason: "closed the descriptor through which it is called")
    case .exited(let status):
      self.init(kind: .exit, reason: "ended the program itself, with exit status \(status)")
    case .signalled(SIGSYS): self.init(kind: .forbidden, reason: Self.describe(trespass: ""))
    case .signalled(SIGKILL):
      self.init(kind: .exit, reason: "was ended by signal 9, from itself or for lack of memory")
    case .signalled(SIGXCPU) where !hasWorked:
      self.init(kind: .exit, reason: "ended itself by signal \(SIGXCPU)")
    case .signalled(SIGXCPU):
      self.init(
        kind: .time, reason: "used up its processor time: an endless loop, or far more work than is needed")
    case .signalled(let signal) where output.isStarved:
      self.init(kind: .memory, reason: "more than \(memory >> 20) MB of memory asked for (signal \(signal))")
    case .signalled(let signal):
      self.init(
        kind: .crash,
        reason: output.lastWords.map { "crashed: " + $0.clipped(to: 400) } ?? Self.describe(signal: signal))
    case .ranOutOfTime: self = .busy
    case .ranOutOfMemory: self = .memory(memory)
    }
  }

  /// `open /etc/passwd` in words.
  private static func describe(trespass: String) -> String {
    let parts = trespass.split(separator: " ", maxSplits: 1).map(String.init)
    let path = parts.count > 1 ? parts[1].onOneLine.clipped(to: 400) : "a file"
    switch parts.first {
    case "open": return "tried to open \(path); an answer gets its arguments and needs no files"
    case "remove": return "tried to remove \(path); an answer needs no files"
    case "change": return "tried to make or change \(path); an answer returns its result and needs no files"
    case "process": return "tried to start another program; an answer is its own Swift alone"
    case "network":
      return "tried to reach the network, or to ask for the user's name or home folder, which takes a connection; an "
        + "answer gets its arguments alone"
    case "handler": return "tried to decide what happens at a signal; an answer needs no signals"
    case "signal": return "tried to send a signal to a process"
    case "memory": return "tried to reach into the memory of a process"
    case "limits":
      return "tried to change the limits, rights or priority of a process; an answer needs none of them changed"
    case "share": return "tried to share something with other processes"
    case "call": return "tried something that an answer does not need (system call \(path))"
    default: return "tried something that an answer does not need"
    }
  }

  private static func describe(signal: Int32) -> String {
    switch signal {
    case SIGSEGV, SIGBUS: "crashed with a memory fault: most often a function that calls itself without end"
    case SIGILL, SIGTRAP: "crashed: an arithmetic overflow, a nil unwrapped with !, or an index out of range"
    case SIGABRT: "crashed: aborted, or out of memory"
    case SIGFPE: "crashed: division by zero"
    default: "crashed with signal \(signal)"
    }
  }
}
