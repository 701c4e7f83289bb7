// What `./workbook bench` leaves as JSON: every section with its figures, never how large they are.

import Foundation
import Testing

@Suite("./workbook bench")
struct BenchTests {
  /// The program stands beside the bundle of tests.
  private func program() throws -> URL {
    let places = CommandLine.arguments.map(URL.init(fileURLWithPath:)).flatMap { path in
      sequence(first: path.deletingLastPathComponent()) { $0.deletingLastPathComponent() }.prefix(4)
        .map { $0.appendingPathComponent("bench") }
    }
    return try #require(
      places.first {
        FileManager.default.isExecutableFile(atPath: $0.path)
          && FileManager.default.fileExists(
            atPath: $0.deletingLastPathComponent().appendingPathComponent("Modules/bench.swiftmodule").path)
      })
  }

  private func bench(_ arguments: String...) throws -> Sandbox.Outcome {
    try Sandbox.run(
      program().path, arguments, in: FileManager.default.temporaryDirectory,
      environment: ProcessInfo.processInfo.environment)
  }

  @Test("the JSON has every section, and tables leave standard output to it")
  func json() throws {
    let outcome = try bench(
      "--limit", "--kernels", "--layers", "--epochs", "--inference", "--models", "--runs", "1", "--threads", "1",
      "--images", "64", "--networks", "lenet5", "--no-pytorch", "--json", "-")
    #expect(outcome.code == 0, "\(outcome.error)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome.output)")
    for (section, count) in [("kernels", 10), ("layers", 84), ("epochs", 3), ("inference", 9), ("models", 2)] {
      #expect((report[section] as? [Any])?.count == count, "\(section)")
    }
    let limit = try #require(report["limit"] as? [String: Double])
    #expect(limit.count == 4 && limit.values.allSatisfy { $0 > 0 })
    #expect((report["vectors"] as? String)?.isEmpty == false)
    #expect(outcome.error.contains("LeNet-5++: one step of 32 images"))
    #expect(outcome.error.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("impossible options are refused with what they are")
  func refusals() throws {
    for (option, value) in [("--runs", "0"), ("--threads", "-1"), ("--images", "0"), ("--networks", "vgg17")] {
      let outcome = try bench("\(option)=\(value)")
      #expect(outcome.code == 64 && outcome.error.contains(option) && outcome.error.contains(value))
    }
  }
}
