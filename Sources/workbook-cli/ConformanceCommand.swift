// `./workbook conformance DIR`: run reference cases of ONNX and PyTorch

import ArgumentParser
import Foundation
import Workbook

/// Runs the cases of a conformance manifest and reports which pass.
struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Run reference cases (ONNX, PyTorch) against the core.",
    discussion: "DIR holds manifest.json and the tensors it names. The exit code is 1 if a case fails.")

  @Argument(help: "The folder with manifest.json.") var folder: String
  @Option(help: "Run only cases whose name contains this.") var only: String?
  @Flag(help: "Also list the cases that pass.") var verbose = false

  func run() throws {
    let cases: [ConformanceCase]
    do { cases = try ConformanceCase.load(folder: folder) } catch let error as DataError {
      printError("workbook conformance: \(error)")
      throw ExitCode(66)
    }
    let chosen = cases.filter { only.map($0.name.contains) ?? true }
    guard !chosen.isEmpty else {
      printError(
        "workbook conformance: expected a case whose name contains '\(only ?? "")', found none of \(cases.count)")
      throw ExitCode(64)
    }
    var (passed, failed, skipped) = (0, 0, 0)
    for test in chosen {
      switch test.run() {
      case .passed:
        passed += 1
        if verbose { print("passed   \(test.name)") }
      case .failed(let reason):
        failed += 1
        print("FAILED   \(test.name): \(reason)")
      case .skipped(let reason):
        skipped += 1
        print("skipped  \(test.name): \(reason)")
      }
    }
    print("\(passed) passed, \(failed) failed, \(skipped) skipped")
    if failed > 0 { throw ExitCode(1) }
  }
}

/// The result of a case.
enum Verdict: Equatable {
  case passed
  case failed(String)
  case skipped(String)
}

extension ConformanceCase {
  /// Runs the case.
  func run() -> Verdict {
    do {
      switch kind {
      case "op": return try runOperator()
      case "op_sequence": return try runSequence()
      case "optimizer": return try runOptimizer()
      case "schedule": return try runSchedule()
      case "initializer": return try runInitializer()
      case "initializer_gains": return try runGains()
      case "state_dict": return try runStateDict()
      case "training": return try runTraining()
      default: return .skipped("unknown kind of case: \(kind)")
      }
    } catch let reason as Skip {
      return .skipped(reason.reason + (features.isEmpty ? "" : " [\(features.joined(separator: ", "))]"))
    } catch {
      return .failed("\(error)")
    }
  }
}

/// Thrown if a case needs something that the core does not have.
struct Skip: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Thrown if a result is wrong.
struct Mismatch: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
