// The compiler, and the modules that answers are compiled against.

import Basics
import Foundation

/// The compiler and the linker, the modules that answers can import, and the program that calls answers.
package struct Toolchain: Sendable {
  /// `swiftc`, by name or path.
  var compiler: String
  /// The folder that holds the compiler's `bin` and `lib`.
  var home: URL
  /// The folder of the running program, where modules and programs are.
  private var built: URL
  /// The folder with the only module that an answer may import, `AnswerKit`.
  var modules: URL
  /// The program in which answers are called.
  var host: URL
  /// The checkout's `Sources`, with the module maps of the system's libraries.
  private var sources: URL
  /// The compiler's module cache for C headers. Its default, in the home folder, may not be writable.
  var headers: URL
  /// Changes whenever the compiler or the core changes.
  var stamp: String

  /// Finds everything beside the running program.
  ///
  /// - Parameters:
  ///   - program: the running executable, in SwiftPM's build folder.
  ///   - root: the top folder of the checkout.
  ///   - cache: a folder to write to.
  /// - Throws: ``CheckerError`` if the modules or the compiler are missing.
  package init(program: URL, root: URL, cache: URL) throws {
    compiler = ProcessInfo.processInfo.environment["WORKBOOK_SWIFTC"] ?? "swiftc"
    home = try Self.home(of: compiler)
    let folder = program.resolvingSymlinksInPath().deletingLastPathComponent()
    built = folder.appendingPathComponent("Modules", isDirectory: true)
    if !FileManager.default.fileExists(atPath: built.path) { built = folder }
    host = folder.appendingPathComponent("answer-host")
    sources = root.appendingPathComponent("Sources", isDirectory: true)
    let module = built.appendingPathComponent("AnswerKit.swiftmodule")
    for path in [module.path, host.path] where !FileManager.default.fileExists(atPath: path) {
      throw CheckerError("expected \(path), found none; run from a checkout: ./workbook check")
    }
    stamp = [module.path, host.path].map { path in
      let facts = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
      let date = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(path) \(facts[.size] ?? 0) \(date)"
    }.joined(separator: "\n")
    headers = cache.appendingPathComponent("headers", isDirectory: true)
    modules = cache.appendingPathComponent("core", isDirectory: true)
    try Self.show(module, in: modules)
  }

  /// The folder above the compiler's `bin`: `/opt/swift/usr`.
  package static func home(of compiler: String) throws -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let paths = compiler.contains("/") ? [compiler] : folders.map { $0 + "/" + compiler }
    guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw CheckerError("expected the compiler \(compiler), found none")
    }
    let home = URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent()
    if FileManager.default.fileExists(atPath: home.appendingPathComponent("lib/swift").path) { return home }
    // The command is a launcher that selects one of several compilers.
    struct Information: Decodable {
      struct Paths: Decodable { var runtimeResourcePath: String }
      var paths: Paths
    }
    let report = try ChildProcess([compiler, "-print-target-info"]).supervised()
    guard let paths = try? JSONDecoder().decode(Information.self, from: report.bytes).paths else {
      throw CheckerError("\(compiler) does not report where its libraries are")
    }
    return URL(fileURLWithPath: paths.runtimeResourcePath).deletingLastPathComponent().deletingLastPathComponent()
  }

  /// Fills a folder with a copy of the only module: in a cage a symbolic link would lead nowhere.
  private static func show(_ module: URL, in folder: URL) throws {
    let files = FileManager.default
    let copy = folder.appendingPathComponent(module.lastPathComponent)
    func facts(_ url: URL) -> (Int?, Date?) {
      let facts = (try? files.attributesOfItem(atPath: url.path)) ?? [:]
      return (facts[.size] as? Int, facts[.modificationDate] as? Date)
    }
    let (size, date) = facts(module), (copied, copiedAt) = facts(copy)
    if let date, let copiedAt, size == copied, copiedAt >= date { return }
    do { try AtomicFile.write(Data(contentsOf: module), to: copy.path) } catch {
      throw CheckerError("cannot write to \(folder.path): \(error)")
    }
  }

  // MARK: Answers that are checked

  /// System limits for a tool and all that it starts: seconds, kilobytes of address space, blocks of files.
  private static let limited = [
    "/bin/sh", "-c", "ulimit -t 60 && ulimit -v 4000000 && ulimit -f 400000 && exec \"$@\"", "sh",
  ]

  /// Returns the command that compiles `files` into an object.
  func command(compiling files: [URL], into object: URL) -> [String] {
    Self.limited + [compilerPath, "-c", "-wmo", "-parse-as-library", "-module-name", "Answer"]
      + ["-swift-version", "6"]
      + ["-suppress-warnings", "-Onone", "-gline-tables-only", "-module-cache-path", headers.path]
      // An answer's import of ExerciseKit gives it AnswerKit, the part without anything that it should write itself.
      + ["-I", modules.path, "-module-alias", "ExerciseKit=AnswerKit"]
      // Nothing in a source file may control the linker.
      + ["-Xfrontend", "-disable-all-autolinking", "-o", object.path] + files.map(\.path)
  }

  private var compilerPath: String {
    compiler.contains("/") ? compiler : home.appendingPathComponent("bin/swiftc").path
  }

  /// Returns the command that links an object into a library. The program that loads it provides all it needs.
  func command(linking object: URL, into product: URL) -> [String] {
    #if os(Linux)
    return [
      home.appendingPathComponent("bin/ld.lld").path, "-shared", "--no-dependent-libraries", "--build-id=none", "-o",
      product.path, object.path, runtime.path,
    ]
    #else
    return [compilerPath, "-emit-library", "-Xlinker", "-undefined", "-Xlinker", "dynamic_lookup", "-o", product.path]
      + [object.path]
    #endif
  }

  /// The object that registers a library's types.
  private var runtime: URL {
    #if arch(arm64)
    let machine = "aarch64"
    #else
    let machine = "x86_64"
    #endif
    return home.appendingPathComponent("lib/swift/linux/\(machine)/swiftrt.o")
  }

  /// The libraries that a running answer needs.
  var libraries: String { home.appendingPathComponent("lib/swift/linux").path }

  /// Returns the command that finds the source lines of addresses in a library.
  func command(naming places: [UInt64], in library: URL) -> [String] {
    Self.limited + [home.appendingPathComponent("bin/llvm-symbolizer").path, "--output-style=GNU", "--no-inlines"]
      + ["--obj=\(library.path)"] + places.map { "0x" + String($0, radix: 16) }
  }

  /// Compiles the C headers of all modules that answers may import, once: in a cage the cache is read-only.
  func warmUp() throws {
    let done = headers.appendingPathComponent("warm-\(SHA256.hexadecimal([UInt8](stamp.utf8)).prefix(16))")
    if FileManager.default.fileExists(atPath: done.path) { return }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("headers-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = ["ExerciseKit", "Foundation", "Dispatch", "Synchronization", "RegexBuilder", "Glibc"]
    let file = folder.appendingPathComponent("warm.swift")
    try AtomicFile.write(names.map { "import " + $0 }.joined(separator: "\n") + "\n", to: file.path)
    try AtomicFile.makeFolder(headers.path)
    let report = try ChildProcess(command(compiling: [file], into: folder.appendingPathComponent("warm.o")))
      .supervised()
    guard report.succeeded else { throw CheckerError("the compiler does not work: \(report.output)") }
    try AtomicFile.write("", to: done.path)
  }

  // MARK: Answers that chapters use

  /// Returns the command that compiles a file, optimized, into a library for a chapter, which has all of the core.
  func command(compilingForChapter files: [URL], into product: URL) -> [String] {
    let system = (try? FileManager.default.contentsOfDirectory(atPath: sources.path)) ?? []
    // The core imports these. They are not Swift modules but module maps of C headers.
    let maps = system.filter { $0.hasPrefix("C") }.flatMap { name in
      [name, name + "/include"].map { sources.appendingPathComponent($0) }
    }.filter { FileManager.default.fileExists(atPath: $0.appendingPathComponent("module.modulemap").path) }
    #if canImport(Darwin)
    // The running program provides the undefined symbols; ELF allows that by default.
    let open = ["-Xlinker", "-undefined", "-Xlinker", "dynamic_lookup"]
    #else
    let open: [String] = []
    #endif
    return [compiler, "-swift-version", "6", "-module-name", "Answer", "-emit-library", "-suppress-warnings", "-O"]
      + ["-module-cache-path", headers.path, "-I", built.path] + maps.flatMap { ["-I", $0.path] } + open
      + ["-o", product.path] + files.map(\.path)
  }

  /// `path`, or the system's temporary folder if it contains non-ASCII bytes: they make Swift's driver crash.
  static func temporaryFolder(_ path: String) -> String { path.utf8.allSatisfy { $0 < 0x80 } ? path : "/tmp" }

  /// The compiler's environment: its temporary files go into a folder that is removed afterwards.
  func environment(temporary: URL) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["TMPDIR"] = Self.temporaryFolder(temporary.path)
    environment["NO_COLOR"] = "1"
    return environment
  }
}
