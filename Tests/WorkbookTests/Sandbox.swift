// A small checkout with pretended tools, in which the `workbook` script can be tried without building anything.

import Foundation

/// A temporary checkout that holds the real script, two chapters, and a PATH of pretended tools.
///
/// The pretended `swift` builds a product by writing a shell script that prints its arguments, its folder and
/// `$WORKBOOK_ROOT`; each tool appends its call to a log.
struct Sandbox: ~Copyable {
  let folder: URL
  var root: URL { folder.appendingPathComponent("checkout") }
  private var bin: URL { folder.appendingPathComponent("bin") }
  private var system: URL { folder.appendingPathComponent("system") }
  private var log: URL { folder.appendingPathComponent("log.txt") }

  /// What a program said and how it ended.
  struct Outcome {
    var code: Int32
    var output: String
    var error: String
  }

  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("workbook test \(UUID().uuidString)")
      .resolvingSymlinksInPath()
    try write(
      "checkout/workbook", String(contentsOf: Self.repository.appendingPathComponent("workbook"), encoding: .utf8))
    try write("checkout/Package.swift", "")
    for name in ["ch04-weight-init", "ch10-lenet", "ch11-deeper-networks"] {
      try write("checkout/Chapters/\(name)/main.swift", "import Workbook\n")
    }
    try write("checkout/Sources/workbook-cli/Check.swift", "// A command.\n")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    for tool in [
      "awk", "cat", "chmod", "dirname", "env", "find", "grep", "head", "mkdir", "mv", "readlink", "rm", "sed", "sleep",
      "tail", "tee", "touch",
    ] {
      let places = ["/usr/bin/", "/bin/"].map { $0 + tool }
      guard let place = places.first(where: FileManager.default.isExecutableFile) else { continue }
      try FileManager.default.createSymbolicLink(
        at: bin.appendingPathComponent(tool), withDestinationURL: URL(fileURLWithPath: place))
    }
    try installSwift(version: "6.3")
    for name in ["gnuplot", "git", "ld"] { try tool(name, "") }
    for header in ["gnuplot-iostream.h", "zlib.h", "png.h"] { try write("system/usr/include/" + header, "") }
    for part in ["iostreams", "filesystem"] {
      try write("system/usr/lib/x86_64-linux-gnu/libboost_\(part).so", "")
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file below the sandbox, with the folders above it.
  func write(_ path: String, _ text: String) throws {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: false, encoding: .utf8)
  }

  /// Puts a shell script called `name` on the PATH; it logs its call and then does `body`.
  func tool(_ name: String, _ body: String) throws {
    try write("bin/.\(name).sh", "echo \"\(name) $*\" >>'\(log.path)'\n\(body)\n")
    let link = bin.appendingPathComponent(name)
    try? FileManager.default.removeItem(at: link)
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: Self.repository.appendingPathComponent("Tests/stand-in"))
  }

  /// Takes a tool or a system file away.
  func remove(_ path: String) throws { try FileManager.default.removeItem(at: folder.appendingPathComponent(path)) }

  /// A pretended toolchain; `build` is what happens instead of a build, `test` instead of `swift test`.
  func installSwift(version: String, build: String? = nil, test: String = "echo 'Test run with 3 tests passed'") throws
  {
    let pretendedBuild = """
      echo '[1/2] Compiling Workbook Page.swift'
      mkdir -p "$scratch/debug"
      {
        echo '#!/bin/bash'
        echo 'printf "<%s>" "$@"; echo " in $PWD root $WORKBOOK_ROOT"'
      } >"$scratch/debug/$product"
      chmod +x "$scratch/debug/$product"
      """
    try tool(
      "swift",
      """
      if [ "$1" = --version ]; then echo 'Swift version \(version) (swift-\(version)-RELEASE)'; exit; fi
      command=$1
      while [ $# -gt 0 ]; do
        case $1 in --product) product=$2 ;; --scratch-path) scratch=$2 ;; esac
        shift
      done
      if [ $command = test ]; then
      \(test)
      exit
      fi
      \(build ?? pretendedBuild)
      """)
  }

  /// The calls of pretended tools so far, one to a line.
  var calls: [String] {
    ((try? String(contentsOf: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// Runs the script from `folder` (the checkout's unless told) with nothing but the pretended tools on the PATH.
  func workbook(
    _ arguments: String..., from current: URL? = nil, script: URL? = nil, environment more: [String: String] = [:]
  ) throws -> Outcome {
    let environment = ["PATH": bin.path, "WORKBOOK_SYSROOT": system.path, "HOME": folder.path, "LC_ALL": "C.UTF-8"]
    return try Self.run(
      "/bin/bash", [(script ?? root.appendingPathComponent("workbook")).path] + arguments,
      in: current ?? root, environment: environment.merging(more) { $1 })
  }

  /// Runs a program to its end.
  static func run(
    _ program: String, _ arguments: [String], in folder: URL, environment: [String: String]
  ) throws -> Outcome {
    // Files instead of pipes: nothing can fill up and block.
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("workbook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    let files = ["output", "error"].map { place.appendingPathComponent($0) }
    for file in files { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    return Outcome(code: process.terminationStatus, output: texts[0], error: texts[1])
  }
}
