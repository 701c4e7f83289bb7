// `./workbook docs`: the reference of every module as a website (DocC)

import ArgumentParser
import Foundation
import Workbook

/// Builds the documentation from the modules as they were built last; a symbol without a comment and a warning are errors.
struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "The reference of every module as a website, with DocC.",
    discussion: "Public symbols without a comment, and every warning of DocC, are listed; the exit code is then 1.")

  @Option(help: "The folder to write; by default out/docs.") var out: String?
  @Flag(help: "Only check: write nothing.") var check = false

  func run() throws {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("docs-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let documentation = try Documentation(scratch: scratch)
    var problems: [String] = []
    for module in documentation.modules {
      let found = try documentation.extract(module) + documentation.convert(module)
      print("\(module): \(found.isEmpty ? "documented" : "\(found.count) to fix")")
      problems += found
    }
    guard problems.isEmpty else {
      for problem in problems { print("  " + problem) }
      print("0 passed, \(problems.count) failed")
      throw ExitCode(1)
    }
    if !check {
      let out = out ?? Checkout.root.appendingPathComponent("out/docs").path
      try documentation.merge(into: URL(fileURLWithPath: out))
      print(
        "\(out): to read it, type  python3 -m http.server -d \(out.escapedForShell)  and open http://localhost:8000/documentation"
      )
    }
    print("\(documentation.modules.count) passed, 0 failed")
  }
}

/// The tools of the toolchain, and the folders they work on.
private struct Documentation {
  /// The modules that have a catalogue, each after those it builds on.
  let modules = ["Basics", "Tensors", "NeuralNetworks", "Datasets", "Training", "Notebook", "ExerciseKit", "Workbook"]

  private let scratch: URL
  private let build: URL
  private let extractor: URL
  private let docc: URL
  private let triple: String

  init(scratch: URL) throws {
    self.scratch = scratch
    build = (Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    extractor = try Self.tool("swift-symbolgraph-extract")
    docc = try Self.tool("docc")
    let info = try Self.run(["swift", "-print-target-info"]).output
    guard let triple = try? JSONDecoder().decode(TargetInfo.self, from: Data(info.utf8)).target.triple else {
      throw ValidationError("swift -print-target-info: expected the name of this platform, found '\(info.prefix(80))'")
    }
    self.triple = triple
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  }

  /// Writes the symbol graph of a module; returns public symbols without a comment.
  func extract(_ module: String) throws -> [String] {
    let folder = graphs(module)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // The C modules that ours import have module maps: some are ours, some are made by the build.
    let maps =
      (Self.files(named: "module.modulemap", below: Checkout.root.appendingPathComponent("Sources"))
      + Self.files(named: "module.modulemap", below: build)
      .filter { !$0.deletingLastPathComponent().path.hasSuffix("/include") })
      .flatMap { ["-Xcc", "-fmodule-map-file=" + $0.path] }
    let result = try Self.run(
      [
        extractor.path, "-module-name", module, "-I", build.appendingPathComponent("Modules").path, "-target", triple,
        "-minimum-access-level", "public", "-output-dir", folder.path,
      ] + maps)
    guard result.succeeded else {
      throw ValidationError("\(module): no symbol graph: \(result.output)")
    }
    let graph = try Data(contentsOf: folder.appendingPathComponent(module + ".symbols.json"))
    return try Self.undocumented(JSONDecoder().decode(SymbolGraph.self, from: graph))
  }

  /// Builds a module's archive; returns DocC's warnings.
  func convert(_ module: String) throws -> [String] {
    let catalogue = Checkout.root.appendingPathComponent("Sources/\(module)/\(module).docc")
    let built = modules.prefix { $0 != module }.flatMap { ["--dependency", archive($0).path] }
    let result = try Self.run(
      [
        docc.path, "convert", catalogue.path, "--additional-symbol-graph-dir", graphs(module).path, "--output-path",
        archive(module).path, "--fallback-display-name", module, "--fallback-bundle-identifier", module,
        "--enable-experimental-external-link-support",
      ] + built)
    let lines = result.output.split(separator: "\n").map(String.init)
    let places = lines.indices.filter { lines[$0].hasPrefix("warning:") || lines[$0].hasPrefix("error:") }
    // DocC writes the place of a warning on the next line.
    let warnings = places.map { place in
      let next = place + 1 < lines.count ? lines[place + 1] : ""
      let where_ = next.split(separator: ">", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
      return "\(module): \(lines[place]) \(next.contains("-->") ? where_ : "")"
    }
    return !result.succeeded && warnings.isEmpty ? ["\(module): \(result.output)"] : warnings
  }

  /// Joins all archives into one website.
  func merge(into folder: URL) throws {
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(
      at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
    let result = try Self.run(
      [docc.path, "merge"] + modules.map { archive($0).path } + [
        "--output-path", folder.path, "--synthesized-landing-page-name", "The ConvNet Workbook",
      ])
    guard result.succeeded else { throw ValidationError("docc merge: \(result.output)") }
  }

  private func graphs(_ module: String) -> URL { scratch.appendingPathComponent("graphs/" + module) }
  private func archive(_ module: String) -> URL { scratch.appendingPathComponent(module + ".doccarchive") }

  /// What of the compiler's description of this platform is asked for.
  private struct TargetInfo: Decodable {
    struct Target: Decodable { var triple: String }
    var target: Target
  }

  /// What of a symbol graph is asked for.
  private struct SymbolGraph: Decodable {
    struct Symbol: Decodable {
      struct Identifier: Decodable { var precise: String }
      struct Comment: Decodable {}
      struct Location: Decodable {
        struct Position: Decodable { var line: Int }
        var uri: String
        var position: Position
      }
      var identifier: Identifier
      var pathComponents: [String]
      var docComment: Comment?
      var location: Location?
    }
    struct Relationship: Decodable {
      struct Origin: Decodable {}
      var source: String
      var sourceOrigin: Origin?
    }
    var symbols: [Symbol]
    var relationships: [Relationship]
  }

  /// Symbols of our own sources that have no comment and inherit none from a protocol.
  private static func undocumented(_ graph: SymbolGraph) -> [String] {
    let inherited = Set(graph.relationships.filter { $0.sourceOrigin != nil }.map(\.source))
    return graph.symbols.compactMap { symbol in
      guard symbol.docComment == nil, let location = symbol.location, !inherited.contains(symbol.identifier.precise)
      else { return nil }
      let file = location.uri.components(separatedBy: "/Sources/").last ?? location.uri
      return "\(file):\(location.position.line + 1): \(symbol.pathComponents.joined(separator: ".")) has no comment"
    }.sorted()
  }

  /// A tool of the toolchain: in the path, or beside the compiler that the path leads to.
  private static func tool(_ name: String) throws -> URL {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.split(separator: ":").map { URL(fileURLWithPath: String($0)) }
    let compilers = folders.map { $0.appendingPathComponent("swift").resolvingSymlinksInPath() }
    let places = (folders + compilers.map { $0.deletingLastPathComponent() }).map { $0.appendingPathComponent(name) }
    if let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) { return found }
    printError("workbook docs: this toolchain has no \(name)")
    throw ExitCode(69)
  }

  private static func files(named name: String, below folder: URL) -> [URL] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (all?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent == name }.sorted { $0.path < $1.path }
  }

  /// Runs a program; it may say much.
  private static func run(_ command: [String]) throws -> ChildProcess.Report {
    var process = ChildProcess(command)
    process.outputLimit = 1 << 26
    return try process.run()
  }
}
