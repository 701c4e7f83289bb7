// The module that computes panels: the core and Sources/Live, compiled for WebAssembly by the installed toolchain.

import Basics
import CZlib
import ExerciseKit
import Foundation
import Notebook

/// Compiles the module of a page's panels, once for every version of the sources.
///
/// Swift's toolchain for Linux includes a linker and a standard library for `wasm32-unknown-none-wasm`, made for
/// machines without an operating system. The modules are compiled in sequence under their usual names, so that the
/// core's files need no changes: what a browser lacks comes from `Sources/Live/Browser`, which holds a module
/// `Foundation` of seven functions and a small C library. Each step is cached under the digest of its inputs.
public struct LiveModule {
  /// The reason for a failure, as text for the page.
  struct Failure: Error { var reason: String }

  private let root: URL
  private let cache: URL
  private let home: URL
  private let toolchain: String

  /// The module for the pages of this checkout. If it is not in the cache it is compiled, which takes a minute.
  public static func forPages(say: (String) -> Void = { _ in }) -> PanelModule {
    let answer = LiveAnswer.named
    switch made(with: answer, say: say) {
    case .success(let module):
      return .compiled(module, answer: answer.map { PanelAnswer(panel: $0.panel, exercise: $0.exercise.label) })
    case .failure(let failure): return .unavailable(failure.reason)
    }
  }

  /// Builds the module before a page needs it.
  ///
  /// - Parameter answer: the file of a learner's answer to include.
  /// - Returns: why the module is not available; nil if it is.
  package static func obstacle(answer: URL? = nil, say: (String) -> Void) -> String? {
    if case .failure(let failure) = made(with: answer.flatMap { LiveAnswer(file: $0.path) }, say: say) {
      return failure.reason
    }
    return nil
  }

  /// Why this machine cannot compile for browsers, whatever the sources are; nil if it can.
  package static var absence: String? {
    do { _ = try LiveModule() } catch { return (error as? Failure)?.reason ?? "\(error)" }
    return nil
  }

  private static func made(with answer: LiveAnswer?, say: (String) -> Void) -> Result<Data, Failure> {
    do { return .success(try LiveModule().make(with: answer, say: say)) } catch {
      return .failure(error as? Failure ?? Failure(reason: "\(error)"))
    }
  }

  private init() throws {
    if ProcessInfo.processInfo.environment["WORKBOOK_LIVE"] == "no" { throw Failure(reason: "WORKBOOK_LIVE is no") }
    try self.init(root: Checkout.root, cache: Checkout.root.appendingPathComponent(".workbook/live"))
  }

  init(root: URL, cache: URL) throws {
    (self.root, self.cache) = (root, cache)
    do { home = try Toolchain.home(of: ProcessInfo.processInfo.environment["WORKBOOK_SWIFTC"] ?? "swiftc") } catch {
      throw Failure(reason: "there is no Swift compiler on this machine")
    }
    let compiler = home.appendingPathComponent("bin/swiftc").path
    for path in ["lib/swift/embedded/wasm32-unknown-none-wasm", "bin/wasm-ld", "bin/clang"]
    where !FileManager.default.fileExists(atPath: home.appendingPathComponent(path).path) {
      throw Failure(reason: "this Swift toolchain does not compile for browsers (it has no \(path))")
    }
    let facts =
      (try? FileManager.default.attributesOfItem(atPath: URL(fileURLWithPath: compiler).resolvingSymlinksInPath().path))
      ?? [:]
    toolchain = "\(compiler) \(facts[.size] ?? "") \((facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
  }

  /// A module for the browser: its name, and its files as paths below `Sources`.
  struct Part {
    var name: String
    /// The folders and files of the module.
    var places: [String]
    /// Files in those folders that are left out: they need existential types, key paths or Foundation.
    var leftOut: [String] = []
    /// The message if the module does not compile.
    var failing = "the panels do not compile"
    /// Whether machine code is generated for it and for everything it calls in the earlier parts.
    var isLinked = false
  }

  /// The parts in dependency order.
  static let parts = [
    Part(name: "Foundation", places: ["Live/Browser/Foundation.swift"]),
    Part(
      name: "Tensors", places: ["Tensors", "Live/Browser/Parallel.swift", "Live/Browser/Zeros.swift"],
      leftOut: ["Tensors/Parallel.swift", "Tensors/Zeros.swift"]),
    Part(
      name: "NeuralNetworks",
      places: [
        "NeuralNetworks/Layer.swift", "NeuralNetworks/Parameter.swift", "NeuralNetworks/ShapeError.swift",
        "NeuralNetworks/ShapeArithmetic.swift", "NeuralNetworks/Initializers", "NeuralNetworks/Layers",
        "NeuralNetworks/Losses", "NeuralNetworks/Optimizers/Optimizer.swift", "NeuralNetworks/Optimizers/SGD.swift",
      ],
      leftOut: ["NeuralNetworks/Layers/ResidualBlock.swift", "NeuralNetworks/Layers/Activations/GELU.swift"]),
    Part(
      name: "Datasets",
      places: [
        "Datasets/Dataset.swift", "Datasets/Samples.swift", "Datasets/DigitTransforms.swift", "Datasets/Synthetic",
        "Datasets/Preprocessing", "Live/Browser/Augmentation.swift",
      ], leftOut: ["Datasets/Preprocessing/PreprocessedSamples.swift"]),
    Part(
      name: "Live", places: ["Live", "Live/Panels", "Live/Browser/Exports.swift"], isLinked: true),
  ]

  /// The functions that JavaScript calls.
  private static let exports = ["open", "inbox", "ask", "proof", "part", "count"].map { "--export=live_" + $0 }

  /// The additional parts if a panel runs on a learner's answer.
  static func parts(of answer: LiveAnswer, copy: String) -> [Part] {
    let failing = """
      your answer to exercise \(answer.exercise.id) passes, but browsers use a smaller Swift (Embedded Swift), which \
      does not accept it
      """
    return [
      Part(name: "ExerciseKit", places: ["Live/Browser/ExerciseKit.swift"]),
      Part(name: "Answer", places: [answer.bridge, copy], failing: failing, isLinked: true),
    ]
  }

  /// Builds the module, with or without a learner's answer, and returns it compressed.
  ///
  /// Programs that need it at the same time take turns: the second one finds what the first has compiled.
  func make(with answer: LiveAnswer? = nil, say: (String) -> Void) throws -> Data {
    try AtomicFile.makeFolder(cache.path)
    return try FolderLock.turn(
      in: cache, waiting: { say("waiting for process \($0), which is already compiling it") },
      { try Data(contentsOf: find(with: answer, say: say)) })
  }

  /// Finds the module in the cache, or compiles the missing parts.
  private func find(with answer: LiveAnswer?, say: (String) -> Void) throws -> URL {
    let parts = try Self.parts + (answer.map { Self.parts(of: $0, copy: try $0.copy(to: cache)) } ?? [])
    let system = "Live/Browser/System/"
    // The version of this build procedure: modules built by another version are not reused.
    var key = "2" + toolchain + (try digest(["CVectors/vectors.h", system + "system.h", system + "module.modulemap"]))
    var folders: [URL] = []
    for (index, part) in parts.enumerated() {
      let files = files(of: part)
      key = SHA256.hexadecimal(Array((key + part.name + (try digest(files))).utf8))
      let folder = cache.appendingPathComponent("\(part.name)-\(key.prefix(16))", isDirectory: true)
      if !FileManager.default.fileExists(atPath: folder.path) {
        say("\(part.name), \(index + 1) of \(parts.count)")
        try compile(part, files, seeing: folders, into: folder)
      }
      Self.use(folder)
      folders.append(folder)
    }
    key = SHA256.hexadecimal(Array((key + (try digest([system + "system.c"]))).utf8))
    let module = cache.appendingPathComponent("live-\(key.prefix(16)).wasm.gz")
    if !FileManager.default.fileExists(atPath: module.path) {
      try link(parts, folders, into: module)
      Self.dropOld(in: cache)
    }
    Self.use(module)
    return module
  }

  /// How many versions of each part, and of the module, are kept: one without an answer, and one for each answer of a
  /// learner who switches between them.
  private static let keptStates = 1 + LiveAnswer.panels.count

  /// Marks an entry of the cache as just used.
  private static func use(_ entry: URL) {
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: entry.path)
  }

  /// Removes the least recently used versions of each part, beyond the number that is kept.
  static func dropOld(in cache: URL, keeping count: Int = keptStates) {
    let (manager, key) = (FileManager.default, URLResourceKey.contentModificationDateKey)
    let entries = (try? manager.contentsOfDirectory(at: cache, includingPropertiesForKeys: [key])) ?? []
    let dated = entries.map { ($0, (try? $0.resourceValues(forKeys: [key]))?.contentModificationDate ?? .distantPast) }
    // NAME-0123456789abcdef
    let states = Dictionary(grouping: dated) { entry, _ in
      entry.lastPathComponent.wholeMatch(of: #/(\w+)-[0-9a-f]{16}(\.wasm\.gz)?/#).map { String($0.1) } ?? ""
    }
    for (name, states) in states where !name.isEmpty {
      for (entry, _) in states.sorted(by: { $0.1 > $1.1 }).dropFirst(count) { try? manager.removeItem(at: entry) }
    }
  }

  /// The Swift files of a part, as paths below `Sources`, sorted.
  func files(of part: Part) -> [String] {
    let sources = root.appendingPathComponent("Sources")
    let found = part.places.flatMap { place -> [String] in
      if place.hasSuffix(".swift") { return [place] }
      let manager = FileManager.default
      // The core includes subfolders; of Live, only the files directly in the folder are used.
      let names =
        part.name == "Live"
        ? try? manager.contentsOfDirectory(atPath: sources.appendingPathComponent(place).path)
        : try? manager.subpathsOfDirectory(atPath: sources.appendingPathComponent(place).path)
      return (names ?? []).filter { $0.hasSuffix(".swift") }.map { place + "/" + $0 }
    }
    return found.filter { !part.leftOut.contains($0) }.sorted()
  }

  private func digest(_ files: [String]) throws -> String {
    try files.map { file in
      guard let bytes = FileManager.default.contents(atPath: path(file)) else {
        throw Failure(reason: "\(path(file)) is missing")
      }
      return file + SHA256.hexadecimal(Array(bytes))
    }.joined()
  }

  private func path(_ file: String) -> String {
    file.hasPrefix("/") ? file : root.appendingPathComponent("Sources/" + file).path
  }

  /// Compiles a part into its own folder, atomically.
  private func compile(_ part: Part, _ files: [String], seeing folders: [URL], into folder: URL) throws {
    let draft = try draft()
    defer { try? FileManager.default.removeItem(at: draft) }
    let isDeferring = isDeferring
    let seen = folders.map(\.path) + [path("Live/Browser/System"), path("CVectors")]
    var command = [home.appendingPathComponent("bin/swiftc").path, "-target", "wasm32-unknown-none-wasm"]
    command += ["-enable-experimental-feature", "Embedded", "-swift-version", "6", "-wmo", "-O", "-parse-as-library"]
    command += [
      "-suppress-warnings", "-Xfrontend", "-function-sections", "-module-cache-path", cache.path + "/headers",
    ]
    command += ["-Xcc", "-msimd128", "-Xcc", "-mbulk-memory"]
    for folder in seen { command += ["-I", folder] }
    let module = draft.appendingPathComponent(part.name).path
    command += ["-module-name", part.name, "-emit-module", "-emit-module-path", module + ".swiftmodule"]
    if isDeferring { command += ["-enable-experimental-feature", "DeferredCodeGen"] }
    if part.isLinked || !isDeferring { command += ["-c", "-o", module + ".o"] }
    command += files.map { path($0) }
    try run(command, failing: part.failing)
    try? FileManager.default.moveItem(at: draft, to: folder)
  }

  /// Whether this compiler can defer a module's code generation to its importers, which halves the compile time. Swift
  /// 6.2 cannot, and generates an object for every part.
  private var isDeferring: Bool {
    let process = ChildProcess([home.appendingPathComponent("bin/swiftc").path, "-print-supported-features"])
    return (try? process.run())?.output.contains("\"DeferredCodeGen\"") == true
  }

  /// Links the parts with the small C library, drops what no panel needs, and compresses the result.
  private func link(_ parts: [Part], _ folders: [URL], into module: URL) throws {
    let draft = try draft()
    defer { try? FileManager.default.removeItem(at: draft) }
    let (system, linked) = (draft.path + "/system.o", draft.path + "/live.wasm")
    var command = [home.appendingPathComponent("bin/clang").path, "--target=wasm32-unknown-none-wasm", "-O2"]
    command += ["-msimd128", "-mbulk-memory", "-ffreestanding", "-fno-builtin"]
    try run(command + ["-c", path("Live/Browser/System/system.c"), "-o", system])
    command = [home.appendingPathComponent("bin/wasm-ld").path, "--no-entry", "--gc-sections", "--strip-all"]
    command += ["-z", "stack-size=1048576", "--export-if-defined=live_install"] + Self.exports
    let objects = zip(parts, folders).map { part, folder in "\(folder.path)/\(part.name).o" }
    command += objects.filter { FileManager.default.fileExists(atPath: $0) }
    try run(command + [system, "-o", linked])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: linked)))
    let packed = draft.path + "/live.wasm.gz"
    guard let file = gzopen(packed, "wb9") else { throw Failure(reason: "cannot write to \(packed)") }
    let written = gzwrite(file, bytes, UInt32(bytes.count))
    guard gzclose(file) == Z_OK, Int(written) == bytes.count else { throw Failure(reason: "cannot write to \(packed)") }
    try AtomicFile.write(Data(contentsOf: URL(fileURLWithPath: packed)), to: module.path)
  }

  /// Creates a working folder. Folders left behind by Ctrl-C are removed when they are an hour old.
  private func draft() throws -> URL {
    let (manager, key) = (FileManager.default, URLResourceKey.contentModificationDateKey)
    for left in (try? manager.contentsOfDirectory(at: cache, includingPropertiesForKeys: [key])) ?? []
    where left.lastPathComponent.hasPrefix("draft-") {
      let date = try? left.resourceValues(forKeys: [key]).contentModificationDate
      if let date, date.timeIntervalSinceNow < -3600 { try? manager.removeItem(at: left) }
    }
    let draft = cache.appendingPathComponent("draft-\(UUID().uuidString)", isDirectory: true)
    try AtomicFile.makeFolder(draft.path)
    return draft
  }

  private func run(_ command: [String], failing: String = "the panels do not compile") throws {
    var process = ChildProcess(command)
    process.seconds = 600
    let report = try process.run()
    guard report.succeeded else {
      let errors = report.output.split(separator: "\n").filter { $0.contains("error:") }
      let first = errors.first?.replacing(cache.path + "/", with: "").replacing(root.path + "/", with: "")
      throw Failure(reason: "\(failing): \(first ?? "\(report.ending)")")
    }
  }
}
