// A learner's file compiled on its own: a small dynamic library, kept as long as nothing has changed.

import Basics
import Foundation

/// Compiles one answer into a library that exports `workbook_answer`.
///
/// Only the learner's own file is compiled, against the modules that are built already; that takes a fraction of a
/// second, and nothing in it can break another exercise. The file sees `ExerciseKit` and the core, not the cases, the
/// solutions or the tests.
struct AnswerLibrary {
  /// The library on disk.
  var path: URL
  /// Says the same of two answers only if code, compiler and core are the same.
  var digest: String

  /// What came of compiling.
  enum Compilation {
    case library(AnswerLibrary)
    /// The compiler's errors, with the file's name as the learner knows it.
    case errors([String])
  }

  /// The symbol that hands over the answer's type, for the type `name`.
  private static func bridge(_ name: String) -> String {
    """
    import ExerciseKit
    @_cdecl("workbook_answer") public func workbookAnswer(_ place: UnsafeMutableRawPointer) {
      place.initializeMemory(as: Any.self, to: \(name).self)
    }

    """
  }

  /// Compiles `file`, or takes what is there from an earlier time.
  static func compile(
    _ file: URL, type name: String, shownAs shown: String, toolchain: Toolchain, cache: URL, optimized: Bool
  ) throws -> Compilation {
    let source: Data
    do {
      source = try Data(contentsOf: file)
    } catch {
      return .errors(["\(shown): cannot be read: \(error.localizedDescription)"])
    }
    guard source.count <= 1 << 20 else {
      return .errors(["\(shown): expected at most 1 MB of Swift, found \(source.count) bytes"])
    }
    let bridge = Self.bridge(name)
    let key = [bridge, toolchain.stamp, optimized ? "-O" : "-Onone"].joined(separator: "\n")
    let digest = SHA256.hexadecimal([UInt8](key.utf8) + [UInt8](source))
    let library = AnswerLibrary(path: cache.appendingPathComponent("\(name)-\(digest.prefix(24)).so"), digest: digest)
    if FileManager.default.fileExists(atPath: library.path.path) { return .library(library) }

    // A folder of its own, so that two checks at a time do not meet; the library is moved into place when complete.
    let files = FileManager.default
    let folder = cache.appendingPathComponent("compiling-\(UUID().uuidString)", isDirectory: true)
    do {
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CheckerError("cannot write to \(cache.path): \(error.localizedDescription)")
    }
    defer { try? files.removeItem(at: folder) }
    let copy = folder.appendingPathComponent("\(name).swift")
    let bridgeFile = folder.appendingPathComponent("bridge.swift")
    let product = folder.appendingPathComponent("answer.so")
    do {
      try source.write(to: copy)
      try Data(bridge.utf8).write(to: bridgeFile)
    } catch {
      throw CheckerError("cannot write to \(cache.path): \(error.localizedDescription)")
    }
    var compiler = ChildProcess(
      toolchain.command(compiling: [copy, bridgeFile], into: product, optimized: optimized))
    compiler.environment = toolchain.environment(temporary: folder)
    compiler.seconds = 120
    compiler.memory = 4 << 30
    compiler.leadsGroup = true
    let report = try compiler.supervised()
    guard report.succeeded, files.fileExists(atPath: product.path) else {
      return .errors(
        readable(report, copy: copy.path, bridge: bridgeFile.path, folder: folder.path, type: name, shown: shown))
    }
    try? files.removeItem(at: library.path)
    do {
      try files.moveItem(at: product, to: library.path)
    } catch {
      throw CheckerError("cannot write to \(library.path.path): \(error.localizedDescription)")
    }
    return .library(library)
  }

  /// The compiler's words with the learner's path, without notes on the bridge, which the learner never sees.
  private static func readable(
    _ report: ChildProcess.Report, copy: String, bridge: String, folder: String, type: String, shown: String
  ) -> [String] {
    switch report.ending {
    case .ranOutOfTime: return ["\(shown): the compiler did not finish within two minutes"]
    case .ranOutOfMemory: return ["\(shown): the compiler needed more than 4 GB"]
    default: break
    }
    var lines = report.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.contains(where: { $0.contains("bridge.swift") && $0.contains("cannot find '\(type)'") }) {
      return ["\(shown): expected a type named \(type) in this file, found none"]
    }
    lines.removeAll { $0.contains(bridge) }
    lines = lines.map {
      $0.replacingOccurrences(of: copy, with: shown).replacingOccurrences(of: folder + "/", with: "")
    }
    let text = lines.filter { !$0.isEmpty }
    return text.isEmpty ? ["\(shown): the compiler \(report.ending) without a word"] : text
  }
}

/// The compiler, and the modules it compiles against.
package struct Toolchain: Sendable {
  /// `swiftc`, by name or path.
  var compiler: String
  /// Where `ExerciseKit.swiftmodule` is.
  var modules: URL
  /// The checkout's `Sources`, where the maps of the system's libraries are.
  var sources: URL
  /// Where the compiler keeps what it has read of C headers. Its own choice, the home folder, may not be writable.
  var headers: URL
  /// Changes when the compiler or the core do.
  var stamp: String

  /// Finds everything beside the running program.
  ///
  /// - Parameters:
  ///   - program: the running executable, in SwiftPM's build folder.
  ///   - root: the top folder of the checkout.
  ///   - cache: a folder to write to.
  /// - Throws: ``CheckerError`` if the modules are not there.
  package init(program: URL, root: URL, cache: URL) throws {
    compiler = ProcessInfo.processInfo.environment["WORKBOOK_SWIFTC"] ?? "swiftc"
    let folder = program.resolvingSymlinksInPath().deletingLastPathComponent()
    var built = folder.appendingPathComponent("Modules", isDirectory: true)
    if !FileManager.default.fileExists(atPath: built.path) { built = folder }
    sources = root.appendingPathComponent("Sources", isDirectory: true)
    let module = built.appendingPathComponent("ExerciseKit.swiftmodule").path
    guard FileManager.default.fileExists(atPath: module) else {
      throw CheckerError(
        "expected the built core in \(built.path), found none; run it from a checkout: ./workbook check")
    }
    let headers = folder.appendingPathComponent("ModuleCache", isDirectory: true)
    // That of the build knows them all already.
    let isOurs = FileManager.default.isWritableFile(atPath: headers.path)
    self.headers = isOurs ? headers : cache.appendingPathComponent("ModuleCache", isDirectory: true)
    modules = try Self.show(built, in: cache)
    stamp = [module, program.resolvingSymlinksInPath().path].map { path in
      let facts = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
      let date = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(path) \(facts[.size] ?? 0) \(date)"
    }.joined(separator: "\n")
  }

  /// A folder with links to those modules that an answer may import: the core, not solutions or tests.
  private static func show(_ built: URL, in cache: URL) throws -> URL {
    let files = FileManager.default
    let shown = cache.appendingPathComponent("modules", isDirectory: true)
    do {
      try files.createDirectory(at: shown, withIntermediateDirectories: true)
      for name in ["Basics", "Tensors", "NeuralNetworks", "Datasets", "Training", "ExerciseKit"] {
        let link = shown.appendingPathComponent(name + ".swiftmodule").path
        let target = built.appendingPathComponent(name + ".swiftmodule").path
        if (try? files.destinationOfSymbolicLink(atPath: link)) == target { continue }
        // Made aside and moved into place, so that two checks at a time do not meet.
        let aside = link + "-\(UUID().uuidString)"
        try files.createSymbolicLink(atPath: aside, withDestinationPath: target)
        guard rename(aside, link) == 0 else {
          throw CheckerError("cannot write \(link): \(String(cString: strerror(errno)))")
        }
      }
    } catch let error as CheckerError {
      throw error
    } catch {
      throw CheckerError("cannot write to \(shown.path): \(error.localizedDescription)")
    }
    return shown
  }

  /// The command that compiles `files` into a dynamic library.
  func command(compiling files: [URL], into product: URL, optimized: Bool) -> [String] {
    let system = (try? FileManager.default.contentsOfDirectory(atPath: sources.path)) ?? []
    // The core imports these; they are no modules of Swift, but maps of C headers.
    let maps = system.filter { $0.hasPrefix("C") }.flatMap { name in
      [name, name + "/include"].map { sources.appendingPathComponent($0) }
    }.filter { FileManager.default.fileExists(atPath: $0.appendingPathComponent("module.modulemap").path) }
    #if canImport(Darwin)
    // What the running program has is left open; ELF does so by itself.
    let open = ["-Xlinker", "-undefined", "-Xlinker", "dynamic_lookup"]
    #else
    let open: [String] = []
    #endif
    return [compiler, "-swift-version", "6", "-module-name", "Answer", "-emit-library", "-suppress-warnings"]
      + [optimized ? "-O" : "-Onone", "-module-cache-path", headers.path, "-I", modules.path]
      + maps.flatMap { ["-I", $0.path] } + open
      + ["-o", product.path] + files.map(\.path)
  }

  /// The compiler's environment: its temporary files go where they are cleared away.
  func environment(temporary: URL) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["TMPDIR"] = temporary.path
    environment["NO_COLOR"] = "1"
    return environment
  }
}
