// The start of a chapter: reads options, sets threads, handles signals, and checks the output folder.

import ArgumentParser
import Basics
import Foundation
import Notebook
import Tensors

/// One run of a chapter: the command line's options in the form that experiments use.
///
/// ```swift
/// let depth = run.pick(quick: 5, normal: 20, full: 50)
/// for seed in run.seeds(quick: 1, normal: 3, full: 10) { … }
/// ```
public struct ChapterRun: Sendable {
  /// The entry of the table of contents.
  public let chapter: Chapter
  /// The shared options as typed.
  public let options: ChapterOptions
  /// The output folder; it exists and can be written to.
  public let output: URL
  /// When the run began.
  public let started: Date
  /// The journal of its training runs; nil if they are not saved.
  var journal: TrainingJournal?

  /// Quick, normal or full.
  public var size: RunSize { options.size }
  /// Whether `--quick` was given.
  public var isQuick: Bool { size == .quick }
  /// Whether `--full` was given.
  public var isFull: Bool { size == .full }
  /// The seed from which all randomness of the run is drawn.
  public var seed: UInt64 { options.seed }

  /// Returns the value for the size of this run.
  public func pick<Value>(quick: Value, normal: Value, full: Value) -> Value {
    switch size {
    case .quick: quick
    case .normal: normal
    case .full: full
    }
  }

  /// Returns the seeds for the size of this run: `seed`, `seed + 1`, ….
  ///
  /// A run with `--seed 7` and three seeds repeats two of the runs of `--seed 8`, which makes outliers easy to find.
  public func seeds(quick: Int = 1, normal: Int, full: Int) -> [UInt64] {
    (0..<pick(quick: quick, normal: normal, full: full)).map { seed &+ UInt64($0) }
  }

  /// Starts a chapter; see ``ChapterProgram`` and, for a chapter's own options, ``ChapterArguments``.
  ///
  /// Ends the program on `--help` (exit code 0) and, with one line on standard error, on invalid options (64) and on an
  /// output folder that cannot be written to (73).
  static func start<Options: ChapterArguments>(
    _ chapter: Chapter, _: Options.Type
  ) -> (run: ChapterRun, options: Options) {
    do {
      let options = try parse(Options.self, chapter: chapter, Array(CommandLine.arguments.dropFirst()))
      let run = try ChapterRun(chapter: chapter, options: options.shared)
      if let threads = options.shared.threads { Parallel.threadCount = threads }
      Interruption.listen()
      return (run, options)
    } catch let stop as CommandLineStop {
      stop.leave()
    } catch {
      CommandLineStop(text: "\(chapter.name): \(error)", code: 70).leave()
    }
  }

  /// Opens the journal of a `--full` run, and of shorter ones if the chapter keeps those too.
  func openJournal(keepsShortRuns: Bool) throws -> TrainingJournal? {
    guard options.from == nil else { return nil }
    guard isFull || keepsShortRuns else {
      if options.resume {
        printError("\(chapter.name): --resume: only --full runs save their training runs; this one starts over")
      }
      return nil
    }
    let record = Checkout.record(of: chapter).path
    let trainings = output.appendingPathComponent("trainings").path
    if options.resume, let program = Bundle.main.executablePath, TrainingJournal.isOlder(in: trainings, than: program) {
      printError("\(chapter.name): --resume: the program has been rebuilt since; \(TrainingJournal.whatIsKept)")
    }
    let journal = try TrainingJournal(
      in: trainings, of: ["seed": "\(seed)", "size": size.rawValue],
      resumes: options.resume, isLong: isFull, pace: RecordedPace(recordedAt: record, size: size.rawValue))
    let recorded = journal.pace.map { "the recorded full run took \(readableDuration(seconds: $0.seconds))" }
    let notices = [journal.inheritance, recorded].compactMap { $0 }
    if !notices.isEmpty { printError("\(chapter.name): \(notices.joined(separator: "; "))") }
    return journal
  }

  /// Creates a run with the given options, and its output folder.
  ///
  /// - Throws: `CommandLineStop` with the folder and the reason if it cannot be made or written to.
  init(chapter: Chapter, options: ChapterOptions) throws {
    guard !options.mine || [4, 10].contains(chapter.number) else {
      throw CommandLineStop(
        text: "\(chapter.name): --mine: only chapters 4 and 10 run with your own code", code: 64)
    }
    self.chapter = chapter
    self.options = options
    started = Date()
    output = options.out.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? Checkout.output(of: chapter)
    if let obstacle = Self.obstacle(toWritingIn: output) {
      throw CommandLineStop(
        text: "\(chapter.name): --out: expected a folder to write to, found \(obstacle). Choose another with --out DIR",
        code: 73)
    }
  }

  /// Creates `folder` with all folders above it, and returns the obstacle, or `nil`.
  private static func obstacle(toWritingIn folder: URL) -> String? {
    // Component by component: the system's message for the first failure is clearer than Foundation's.
    var path = ""
    for component in folder.standardizedFileURL.pathComponents {
      path = path.isEmpty || path == "/" ? path + component : path + "/" + component
      if mkdir(path, 0o777) != 0 {
        let code = errno
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
          if isFolder.boolValue { continue }
          return "a file at '\(path)'"
        }
        return "that '\(path)' cannot be created: \(String(cString: strerror(code)).lowercased())"
      }
    }
    return access(folder.path, W_OK) == 0 ? nil : "that '\(folder.path)' is read-only"
  }

  /// Reads `arguments` as `Options`.
  ///
  /// - Throws: `CommandLineStop`, for `--help` as well.
  static func parse<Options: ChapterArguments>(
    _: Options.Type, chapter: Chapter, _ arguments: [String]
  ) throws -> Options {
    do {
      return try ChapterCommand<Options>.parse(arguments).options
    } catch {
      let code = ChapterCommand<Options>.exitCode(for: error)
      if code == .success {
        let help = ChapterCommand<Options>.fullMessage(for: error)
          .replacingOccurrences(of: ChapterCommand<Options>.placeholder, with: chapter.name)
        let title = "Chapter \(chapter.number): \(chapter.title)\n" + chapter.question
        throw CommandLineStop(text: (chapter.question.isEmpty ? title : title + "\n") + "\n" + help, code: 0)
      }
      var message = ChapterCommand<Options>.message(for: error).replacingOccurrences(of: "\n", with: " ")
      if message.hasSuffix(".") { message.removeLast() }
      throw CommandLineStop(
        text: "\(chapter.name): \(message)\("?.!".contains(message.last ?? " ") ? "" : ".") --help lists the options.",
        code: code.rawValue)
    }
  }
}

/// The options as a command, so that `--help` shows its name.
private struct ChapterCommand<Options: ChapterArguments>: ParsableCommand {
  static var placeholder: String { "chapter-name" }
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: placeholder, usage: placeholder + " [options…]")
  }
  @OptionGroup var options: Options
}

/// The end of a program before its work starts, with a message and an exit code.
struct CommandLineStop: Error, Equatable {
  let text: String
  let code: Int32

  /// Prints the message, on standard output if nothing is wrong, and ends the program.
  func leave() -> Never {
    if code == 0 { print(text) } else { printError(text) }
    exit(code)
  }
}
