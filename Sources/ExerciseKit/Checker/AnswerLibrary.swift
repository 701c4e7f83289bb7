// A learner's file compiled on its own: a small dynamic library, reused as long as nothing has changed.

import Basics
import Foundation

/// Compiles one answer into a library that exports `workbook_answer`.
///
/// Only the learner's own file is compiled, against what answers may import; that takes a fraction of a second, and
/// nothing in it can break another exercise. The file can use the protocols, shapes, tensors and descriptions of
/// layers, but not the cases, the solutions, the tests or anything that it should write itself.
struct AnswerLibrary {
  /// The library on disk.
  var path: URL
  /// Equal for two answers only if code, compiler and core are equal.
  var digest: String
  /// The name of the learner's file in the compilation.
  var file: String
  /// The learner's source code.
  var source: String

  /// The result of compiling.
  enum Compilation {
    case library(AnswerLibrary)
    /// The compiler's errors, with the name of the file that the learner knows.
    case errors([String])
    /// It was compiled but must not be linked.
    case refused(String)
    /// The machine was too busy for the compiler.
    case busy
  }

  /// The purpose that an answer is compiled for.
  enum Purpose { case examination, chapter }

  /// Source code for the symbol that passes on the answer's type, `name`.
  private static func bridge(_ name: String) -> String {
    """
    import ExerciseKit
    @_cdecl("workbook_answer") public func workbookAnswer(_ place: UnsafeMutableRawPointer) {
      place.initializeMemory(as: Any.self, to: \(name).self)
    }

    """
  }

  /// Compiles `file`, or reuses an earlier result.
  static func compile(
    _ file: URL, type name: String, shownAs shown: String, toolchain: Toolchain, cache: URL, cage: Cage?,
    for purpose: Purpose = .examination
  ) throws -> Compilation {
    let source: Data
    do {
      source = try Self.source(in: file)
    } catch let error as CheckerError {
      return .errors(["\(shown): \(error)"])
    }
    let bridge = Self.bridge(name)
    let key = [bridge, toolchain.stamp, "\(purpose)"].joined(separator: "\n")
    let digest = SHA256.hexadecimal([UInt8](key.utf8) + [UInt8](source))
    let library = AnswerLibrary(
      path: cache.appendingPathComponent("\(name)-\(digest.prefix(24)).so"), digest: digest, file: "\(name).swift",
      source: String(decoding: source, as: UTF8.self))
    if FileManager.default.fileExists(atPath: library.path.path) { return .library(library) }

    let folder = try WorkingFolder(in: cache)
    let place = folder.url
    let copy = place.appendingPathComponent(library.file), bridgeFile = place.appendingPathComponent("bridge.swift")
    let object = place.appendingPathComponent("answer.o"), product = place.appendingPathComponent("answer.so")
    do {
      try source.write(to: copy)
      try Data(bridge.utf8).write(to: bridgeFile)
    } catch {
      throw CheckerError("cannot write to \(cache.path): \(error.localizedDescription)")
    }
    func run(_ command: [String]) throws -> ChildProcess.Report {
      // Compiler and linker can access only what they need and one folder.
      let inside = cage?.wrapped(
        command, reading: [toolchain.home.path, toolchain.modules.path, toolchain.headers.path], writing: [place.path],
        hasTools: true)
      var process = ChildProcess(inside ?? command)
      process.environment = toolchain.environment(temporary: place)
      // The system limits the processor time; this limit is for a machine that is too busy to do the work.
      process.seconds = 600
      process.leadsGroup = true
      return try process.supervised()
    }
    func complaint(_ report: ChildProcess.Report) -> Compilation {
      if report.ending == .ranOutOfTime { return .busy }
      return .errors(
        readable(
          report, copy: copy.path, bridge: bridgeFile.path, headers: toolchain.headers.path, folder: place.path,
          type: name, shown: shown))
    }
    if purpose == .examination {
      if cage != nil { try toolchain.warmUp() }
      let report = try run(toolchain.command(compiling: [copy, bridgeFile], into: object))
      guard report.succeeded, let made = try? Data(contentsOf: object) else { return complaint(report) }
      if let objection = ObjectFile.objection(to: made) { return .refused("the answer \(objection)") }
      let linked = try run(toolchain.command(linking: object, into: product))
      guard linked.succeeded, FileManager.default.fileExists(atPath: product.path) else { return complaint(linked) }
    } else {
      let report = try run(toolchain.command(compilingForChapter: [copy, bridgeFile], into: product))
      guard report.succeeded, FileManager.default.fileExists(atPath: product.path) else { return complaint(report) }
    }
    guard rename(product.path, library.path.path) == 0 else {
      throw CheckerError("cannot write to \(library.path.path): \(String(cString: strerror(errno)))")
    }
    return .library(library)
  }

  /// The contents of a learner's file, if its size is reasonable: a sparse file of terabytes is easy to make.
  ///
  /// - Throws: ``CheckerError`` that explains the obstacle.
  static func source(in file: URL) throws -> Data {
    let most = 1 << 20, data: Data
    do {
      let reading = try FileHandle(forReadingFrom: file)
      defer { try? reading.close() }
      data = try reading.read(upToCount: most + 1) ?? Data()
    } catch {
      throw CheckerError("cannot be read: \(error.localizedDescription)")
    }
    guard data.count <= most else {
      let size = (try? FileManager.default.attributesOfItem(atPath: file.path))?[.size] as? Int ?? most + 1
      throw CheckerError("expected at most 1 MB of Swift, found \(size) bytes")
    }
    // The compiler would need a minute for a binary file such as a picture.
    guard !data.contains(0) else { throw CheckerError("expected Swift as UTF-8 text, found a binary file or UTF-16") }
    return data
  }

  /// The compiler's messages with the learner's path and without notes on the bridge, which the learner never sees.
  private static func readable(
    _ report: ChildProcess.Report, copy: String, bridge: String, headers: String, folder: String, type: String,
    shown: String
  ) -> [String] {
    // Look for the driver's own line only if it did not end with status 1: errors in the answer may contain any text.
    let isKilled = report.ending != .exited(1)
    let isOver =
      isKilled
      && report.output.split(whereSeparator: \.isNewline).contains {
        $0.hasPrefix("<unknown>:0: error: unable to execute command: CPU time limit")
      }
    if report.ending.isOutOfProcessorTime || isOver {
      return ["\(shown): the compiler did not finish within 60 s of computing"]
    }
    var lines = report.output.withoutControls.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.contains(where: { $0.contains(bridge + ":") && $0.contains("cannot find '\(type)'") }) {
      return ["\(shown): expected a type named \(type) in this file, found none"]
    }
    if lines.contains(where: { $0.contains("'\(type)' is inaccessible") }) {
      return ["\(shown): expected the type \(type) to be public, as in the stub, found it private"]
    }
    if isKilled, lines.contains(where: { $0.hasPrefix("LLVM ERROR: out of memory") }) {
      return ["\(shown): the compiler needed more than 4 GB of memory for this file"]
    }
    // In the cage the compiler cannot add new modules to its cache.
    if let line = lines.first(where: { $0.contains("'\(headers)/") }) {
      let module = line.components(separatedBy: headers)[1].split(separator: "/").last?.prefix { $0 != "-" } ?? ""
      return ["\(shown): imports \(module), or a module that needs it; answers can import Foundation, but not this"]
    }
    lines.removeAll { $0.contains(bridge) }
    lines = lines.map {
      $0.replacingOccurrences(of: copy, with: shown).replacingOccurrences(of: folder + "/", with: "")
        .replacingOccurrences(of: "AnswerKit", with: "ExerciseKit")
    }
    let text = lines.filter { !$0.isEmpty }
    return text.isEmpty ? ["\(shown): the compiler \(report.ending) without a message"] : text
  }

  /// The line of the learner's file for addresses in the library, innermost first: `line 7: let x = numbers[9]`.
  func line(at places: [UInt64], toolchain: Toolchain, cage: Cage?) -> String? {
    guard !places.isEmpty else { return nil }
    let command = toolchain.command(naming: places, in: path)
    var process = ChildProcess(
      cage?.wrapped(command, reading: [toolchain.home.path, path.path], hasTools: true) ?? command)
    process.errors = .nowhere
    process.seconds = 30
    guard let report = try? process.run(), report.succeeded else { return nil }
    let lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for answer in report.output.split(separator: "\n") {
      guard let range = answer.range(of: file + ":"),
        let number = Int(answer[range.upperBound...].prefix { $0.isNumber }),
        lines.indices.contains(number - 1)
      else { continue }
      return "line \(number): " + String(lines[number - 1]).onOneLine.prefix(200)
    }
    return nil
  }
}

extension ChildProcess.Ending {
  /// Whether the system ended it for using up its processor time, directly or inside a shell or a cage.
  fileprivate var isOutOfProcessorTime: Bool {
    [.signalled(SIGXCPU), .exited(128 + SIGXCPU), .exited(128 + SIGKILL), .signalled(SIGKILL)].contains(self)
  }
}

/// A folder in which one answer is compiled. It is removed with the value; the next compilation removes folders that a
/// killed process has left behind.
private final class WorkingFolder {
  let url: URL

  init(in cache: URL) throws {
    Self.sweep(cache)
    url = cache.appendingPathComponent("compiling-\(ProcessMark.own)-\(UUID().uuidString)", isDirectory: true)
    do { try AtomicFile.makeFolder(url.path) } catch { throw CheckerError("\(error)") }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  private static func sweep(_ cache: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: cache.path)) ?? []
    for name in names where name.hasPrefix("compiling-") && ProcessMark.isLeftover(name.dropFirst(10)) {
      try? FileManager.default.removeItem(at: cache.appendingPathComponent(name))
    }
  }
}
