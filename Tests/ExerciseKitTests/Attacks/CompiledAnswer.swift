// Answers to 4.3 for tests: compiled in the cage where there is one, and called as the checker does.

import Basics
import Foundation
import Testing

@testable import ExerciseKit

/// What the tests of this module share.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A program of the build folder, in which the bundle of tests is as well.
  static let program: URL = {
    for argument in CommandLine.arguments {
      var folder = URL(fileURLWithPath: argument).deletingLastPathComponent()
      for _ in 0..<4 {
        let candidate = folder.appendingPathComponent("answer-host")
        if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        folder.deleteLastPathComponent()
      }
    }
    fatalError("expected answer-host beside the tests")
  }()

  /// One for all tests of this run, so that headers are read once.
  static let cache: URL = {
    atexit { try? FileManager.default.removeItem(at: Checkout.cache) }
    return FileManager.default.temporaryDirectory.appendingPathComponent("checker-\(getpid())")
  }()

  static let cage = try? Cage()
}

/// A library that was compiled.
struct CompiledAnswer: Sendable {
  var path: String
  static let toolchain = Swift.Result {
    try Toolchain(program: Checkout.program, root: Checkout.root, cache: Checkout.cache)
  }

  static let right = """
    import ExerciseKit
    public enum Ex04_3_HeInitialization: Ex04_3 {
      public static func standardDeviation(weightShape: [Int]) throws -> Float {
        (2 / Float(weightShape.dropFirst().reduce(1, *))).squareRoot()
      }
    }

    """

  static func compile(_ source: String) throws -> AnswerLibrary.Compilation {
    let file = Checkout.cache.appendingPathComponent("answer-\(UUID().uuidString).swift")
    try AtomicFile.write(source, to: file.path)
    return try AnswerLibrary.compile(
      file, type: "Ex04_3_HeInitialization", shownAs: "answer.swift", toolchain: toolchain.get(), cache: Checkout.cache,
      cage: Checkout.cage)
  }

  init(_ source: String) throws {
    switch try Self.compile(source) {
    case .library(let library): path = library.path.path
    case .errors(let lines): throw CheckerError(lines.joined(separator: "\n"))
    case .refused(let reason): throw CheckerError(reason)
    case .busy: throw CheckerError(Halt.busy.reason)
    }
  }

  func session(_ limits: AnswerLimits) throws -> AnswerSession {
    let toolchain = try Self.toolchain.get()
    let command = [toolchain.host.path, path, "60", "\(limits.memory + (2 << 30))", "caged"]
    let caged = Checkout.cage?.wrapped(command, reading: [toolchain.libraries, toolchain.host.path, path])
    return try AnswerSession(command: caged ?? command, limits: limits)
  }
}
