// Commands that the `workbook` script runs itself: here for the list of commands, and for unknown names.

import ArgumentParser
import Foundation
import Workbook

/// Runs a chapter. The script does that for an unambiguous name, and calls this command otherwise.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a chapter: ch10-lenet, ch10, 10, lenet, or the beginning of its name.",
    discussion: "./workbook run CHAPTER --help lists the options of one.\n\n\(list(Checkout.chapters.map(\.name)))")

  @Argument(parsing: .captureForPassthrough, help: "The chapter, then its options.") var arguments: [String] = []

  func run() throws {
    if arguments.first == "--help" || arguments.first == "-h" { throw CleanExit.helpRequest(self) }
    let names = Checkout.chapters.map(\.name)
    if let name = arguments.first, names.contains(name) { try Script.become(["run"] + arguments) }
    try Script.stop(Self.refusal(of: arguments, chapters: names))
  }

  /// The message for an unknown or ambiguous chapter.
  static func refusal(of arguments: [String], chapters: [String]) -> String {
    guard let typed = arguments.first else {
      return """
        run: expected a chapter, found nothing.
          For example:  ./workbook run ch10-lenet
          ./workbook lists the chapters.
        """
    }
    if typed.hasPrefix("-") {
      return """
        run: expected a chapter before the options, found '\(typed)'.
          For example:  ./workbook run ch10-lenet \(typed)
        """
    }
    let short = chapters.map { String($0.drop { $0 != "-" }.dropFirst()) }
    let found = zip(chapters, short).filter { name, short in
      [name, short].contains { !typed.isEmpty && $0.lowercased().hasPrefix(typed.lowercased()) }
    }
    if found.count > 1 {
      return "'\(typed)' could be \(found.map(\.0).joined(separator: ", ")).\n  Type more of the name."
    }
    return "there is no chapter '\(typed)'." + Script.suggestion(for: typed, among: chapters + short) + "\n"
      + list(chapters)
  }

  private static func list(_ chapters: [String]) -> String {
    (["  The chapters:"] + chapters.map { "    " + $0 }).joined(separator: "\n")
  }
}

/// Runs the tests, which the script does itself.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the whole test suite; the options are those of swift test.")
  @Argument(parsing: .captureForPassthrough, help: "Options of swift test: --filter Conv2D.") var options: [String] = []
  func run() throws { try Script.become(["test"] + options) }
}

/// Checks for missing requirements, which the script does itself.
struct SetupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup", abstract: "Only check for missing requirements.",
    discussion: """
      Every command does this first: gnuplot, gnuplot-iostream with its Boost parts, zlib and libpng. apt installs \
      what is missing; on other systems the command to type is shown.
      """)
  func run() throws { try Script.become(["setup"]) }
}

/// Runs the benchmarks, which are a separate program.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure speed against the machine's limit and PyTorch.")
  @Argument(parsing: .captureForPassthrough, help: "Options of the benchmarks.") var options: [String] = []
  func run() throws { try Script.become(["bench"] + options) }
}

/// The `workbook` script, and the error messages that both share.
enum Script {
  /// Replaces this process with the script.
  static func become(_ arguments: [String]) throws -> Never {
    let path = Checkout.root.appendingPathComponent("workbook").path
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    execv(path, &words)
    try stop("expected the script at \(path), found none")
  }

  /// Ends the program with a mistake in the command line.
  static func stop(_ text: String) throws -> Never {
    printError("workbook: \(text)")
    throw ExitCode(64)
  }

  /// The message for a command that does not exist; nil if the command line does not start with one.
  static func refusal(of arguments: [String], commands: [String], chapters: [String]) -> String? {
    guard let typed = arguments.first, !typed.hasPrefix("-"), !commands.contains(typed) else { return nil }
    if chapters.contains(where: { $0 == typed || $0.hasPrefix(typed + "-") }) {
      return "'\(typed)' is a chapter. To run it, type:  ./workbook run \(arguments.joined(separator: " "))"
    }
    return "there is no command '\(typed)'.\(suggestion(for: typed, among: commands))\n  ./workbook --help lists them."
  }

  /// ` Did you mean check?`, if a name is close enough.
  static func suggestion(for typed: String, among names: [String]) -> String {
    let near = names.map { (name: $0, distance: distance(typed, $0)) }.min { $0.distance < $1.distance }
    guard let near, near.distance <= typed.count / 3 + 1 else { return "" }
    return " Did you mean \(near.name)?"
  }

  /// The Levenshtein distance: how many letters must be changed, added or dropped to turn `a` into `b`.
  static func distance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let cost = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(cost, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
