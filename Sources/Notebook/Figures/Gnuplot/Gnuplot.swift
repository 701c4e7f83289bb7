// Finds gnuplot, checks its version and runs scripts. Every error says what happened and what to type.

import Basics
import Foundation
import GnuplotStream
import Synchronization

/// The reason why a figure could not be drawn.
public enum GnuplotError: Error, Equatable, CustomStringConvertible {
  /// The program was not found.
  case missing(program: String)
  /// The program is older than 5.4.
  case tooOld(version: String)
  /// It did not finish in time and was stopped.
  case timedOut(seconds: Double, figure: String)
  /// It was ended by a signal from itself or another process.
  case killed(signal: Int, figure: String)
  /// It rejected a script, or wrote no picture.
  case failed(message: String, figure: String)
  /// The folder for its output could not be created or read.
  case files(path: String, reason: String)

  public var description: String {
    switch self {
    case .missing(let program):
      return "gnuplot was not found (looked for “\(program)”). \(Gnuplot.howToInstall)"
    case .tooOld(let version):
      return "gnuplot \(version) is too old: figures need 5.4 or later. \(Gnuplot.howToInstall)"
    case .timedOut(let seconds, let figure):
      return "gnuplot took longer than \(Numbers.text(seconds)) s\(Self.name(figure)) and was stopped. "
        + "If it happens again, try the figure's script by hand: gnuplot \(figure.isEmpty ? "script" : figure).gp"
    case .killed(let signal, let figure):
      return "gnuplot was ended by signal \(signal)\(Self.name(figure)). "
        + "It may have crashed or run out of memory; run the chapter again, and if it happens again report its script."
    case .failed(let message, let figure):
      return "gnuplot could not draw\(Self.name(figure)): \(message)"
    case .files(let path, let reason):
      return "cannot create a temporary folder for figures at \(path): \(reason)"
    }
  }

  private static func name(_ figure: String) -> String { figure.isEmpty ? "" : " the figure “\(figure)”" }
}

/// The gnuplot program on this machine.
public enum Gnuplot {
  /// The environment variable that selects another gnuplot program.
  public static let variable = "CONVNET_GNUPLOT"

  /// The program to run: `gnuplot`, or the value of the environment variable.
  public static var program: String {
    let named = ProcessInfo.processInfo.environment[variable] ?? ""
    return named.isEmpty ? "gnuplot" : named
  }

  /// The command that installs gnuplot.
  static var howToInstall: String {
    #if os(macOS)
    return "Type: brew install gnuplot"
    #else
    return "Type: sudo apt-get install gnuplot-nox (Debian, Ubuntu) or sudo dnf install gnuplot (Fedora)"
    #endif
  }

  /// Returns the version, `(5, 4)`.
  ///
  /// Throws `GnuplotError.missing` if there is no gnuplot, and `.tooOld` before 5.4.
  @discardableResult
  public static func version(program: String = Gnuplot.program) throws -> (major: Int, minor: Int) {
    let messages = try invoke(program, arguments: ["--version"], script: "", seconds: 10).output
    // "gnuplot 5.4 patchlevel 4"
    let words = messages.split { $0 == " " || $0 == "\n" }
    guard words.count > 1, words[0] == "gnuplot", let version = parse(words[1]) else {
      throw GnuplotError.failed(
        message:
          "“\(program) --version” says “\(messages.onOneLine.prefix(80))”, which is not a version of gnuplot. \(howToInstall)",
        figure: "")
    }
    guard version.major > 5 || (version.major == 5 && version.minor >= 4) else {
      throw GnuplotError.tooOld(version: String(words[1]))
    }
    return version
  }

  private static func parse(_ text: Substring) -> (major: Int, minor: Int)? {
    let parts = text.split(separator: ".").map { Int($0) }
    guard let major = parts.first ?? nil else { return nil }
    return (major, parts.count > 1 ? parts[1] ?? 0 : 0)
  }

  /// Whether gnuplot 5.4 or later can be run.
  public static var isAvailable: Bool { (try? version()) != nil }

  /// The problem with this machine's gnuplot and the command that fixes it; nil if there is none.
  public static var problem: String? {
    do {
      try version()
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Programs that did not finish in time.
  private static let hanging = Mutex<Set<String>>([])

  /// Runs a program with a script as its input, sent through gnuplot-iostream, and waits until it exits.
  ///
  /// - Throws: an error if the program does not start or does not exit by itself; `figure` returns the name of the
  ///   figure for the message.
  static func invoke(
    _ program: String, arguments: [String], script: String, seconds: Double,
    figure: (String) -> String = { _ in "" }
  ) throws(GnuplotError) -> ChildProcess.Report {
    // A program that hung once will hang again, so it is not run a second time.
    if hanging.withLock({ $0.contains(program) }) { throw .timedOut(seconds: seconds, figure: "") }
    var process = ChildProcess([program] + arguments)
    process.seconds = seconds
    process.leavesOutWaiting = true
    process.leadsGroup = true
    process.feed = { descriptor in
      let stream = gnuplot_stream_open(descriptor)
      send(script, to: stream)
      gnuplot_stream_close(stream)
    }
    let report: ChildProcess.Report
    do {
      report = try process.run()
    } catch {
      if error.code == ENOENT { throw .missing(program: program) }
      throw .failed(
        message: "“\(program)” could not be started: \(String(cString: strerror(error.code)))", figure: "")
    }
    switch report.ending {
    // Some systems report a program that could not be started in this way.
    case .exited(127): throw .missing(program: program)
    case .ranOutOfTime, .ranOutOfMemory:
      hanging.withLock { _ = $0.insert(program) }
      throw .timedOut(seconds: seconds, figure: figure(report.output))
    case .signalled(let signal): throw .killed(signal: Int(signal), figure: figure(report.output))
    case .exited: return report
    }
  }

  /// Sends a script; returns false if gnuplot has exited.
  @discardableResult
  static func send(_ script: String, to stream: OpaquePointer?) -> Bool {
    var script = script
    return script.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { gnuplot_stream_send(stream, $0.baseAddress, $0.count) == 0 }
    }
  }

  /// A line that gnuplot prints before each script.
  private static let marker = "# picture "

  /// Runs scripts in one gnuplot process, each with its own output file, and returns the files in order.
  ///
  /// - Parameter scripts: The scripts without `set output`, with names for error messages.
  static func draw(
    _ scripts: [(name: String, text: String)], program: String = Gnuplot.program, seconds: Double,
    inside temporary: URL = FileManager.default.temporaryDirectory
  ) throws(GnuplotError) -> [[UInt8]] {
    guard !scripts.isEmpty else { return [] }
    let folder = temporary.appendingPathComponent("convnet-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .files(path: folder.path, reason: "\(error.localizedDescription)")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = scripts.indices.map { folder.appendingPathComponent("\($0).out") }
    var all = ""
    for (i, (file, script)) in zip(files, scripts).enumerated() {
      // The printed lines show how far gnuplot came, even if it crashes.
      all += "reset session\nprint '\(marker)\(i)'\n" + insertOutput(script.text, file.path) + "unset output\n"
    }
    all += "quit\n"
    // After an error, gnuplot continues with the next line, so the figure of the first error message is at fault.
    func place(_ messages: String) -> (figure: String, complaint: String?) {
      var reached = read(files).count, complaint: String?
      for line in lines(messages) {
        if line.hasPrefix(marker) {
          if complaint == nil { reached = Int(line.dropFirst(marker.count)) ?? reached }
        } else if complaint == nil, !line.isEmpty, line != "^", !line.contains("warning"), line.contains("line ") {
          complaint = line
        }
      }
      return (scripts[min(reached, scripts.count - 1)].name, complaint)
    }
    let report = try invoke(program, arguments: ["-d"], script: all, seconds: seconds) { place($0).figure }
    let pictures = read(files)
    if !report.succeeded || pictures.count < scripts.count {
      let (figure, complaint) = place(report.output)
      let other = lines(report.output).filter {
        !$0.isEmpty && $0 != "^" && !$0.hasPrefix("gnuplot>") && !$0.hasPrefix(marker) && !$0.contains("warning")
      }
      let status = if case .exited(let code) = report.ending { "status \(code)" } else { "no status" }
      let message = complaint ?? other.suffix(2).joined(separator: " ")
      throw .failed(
        message: message.isEmpty ? "it exited with \(status) and without a message" : String(message.prefix(400)),
        figure: figure)
    }
    return pictures
  }

  /// The pictures before the first one that is missing.
  private static func read(_ files: [URL]) -> [[UInt8]] {
    var pictures: [[UInt8]] = []
    for file in files {
      guard let data = FileManager.default.contents(atPath: file.path), !data.isEmpty else { break }
      pictures.append([UInt8](data))
    }
    return pictures
  }

  private static func lines(_ messages: String) -> [String] {
    messages.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The script with `set output` after `set terminal`.
  private static func insertOutput(_ script: String, _ path: String) -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    guard let terminal = lines.firstIndex(where: { $0.hasPrefix("set terminal ") }) else { return script }
    return (lines[...terminal] + ["set output \(GnuplotScript.quote(path))"] + lines[(terminal + 1)...]).joined(
      separator: "\n") + "\n"
  }
}
