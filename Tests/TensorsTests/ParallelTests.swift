// Every chunk once, whatever the number of threads; and no chunk that changes what another one reads.

import Basics
import Foundation
import Tensors
import Testing

@Suite("Parallel", .serialized) struct ParallelTests {
  @Test("runs every chunk exactly once, nested calls included", arguments: [1, 2, 3, 8])
  func everyChunkOnce(threads: Int) {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = threads
    for round in 0..<200 {
      let chunks = round % 37
      var counts = [Int](repeating: 0, count: chunks * 2)
      counts.withUnsafeMutableBufferPointer { counts in
        nonisolated(unsafe) let counts = counts
        Parallel.forEach(chunks: chunks) { chunk in
          Parallel.forEach(chunks: 2) { counts[chunk * 2 + $0] += 1 }
        }
      }
      #expect(counts.allSatisfy { $0 == 1 })
    }
  }

  /// What the compiler says about the body of a function that uses `Parallel`, in Swift 6 mode.
  private func complaints(about body: String) throws -> String {
    // The modules are in the build folder, as the bundle of tests is.
    let folders = CommandLine.arguments.flatMap { argument in
      sequence(first: URL(fileURLWithPath: argument)) {
        $0.pathComponents.count > 1 ? $0.deletingLastPathComponent() : nil
      }
    }
    let modules = try #require(
      folders.map { $0.appendingPathComponent("Modules") }.first {
        FileManager.default.fileExists(atPath: $0.appendingPathComponent("Tensors.swiftmodule").path)
      })
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/CVectors")
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("parallel-\(UUID().uuidString).swift").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try AtomicFile.write("import Tensors\nfunc work() -> Int {\n\(body)\n}\n", to: file)
    #if os(Linux)
    let native = ["-Xcc", "-march=native"]
    #else
    let native: [String] = []
    #endif
    let compiler = ProcessInfo.processInfo.environment["WORKBOOK_SWIFTC"] ?? "swiftc"
    return try ChildProcess(
      ["/usr/bin/env", compiler, "-typecheck", "-swift-version", "6", "-I", modules.path, "-I", sources.path]
        + native + [file]
    ).run().output
  }

  @Test("the compiler refuses a closure that changes what other threads change too, and takes one that does not")
  func race() throws {
    let racy = try complaints(about: "var sum = 0; Parallel.forEach(chunks: 1000) { sum += $0 }; return sum")
    #expect(racy.contains("error: mutation of captured var 'sum' in concurrently-executing code"), "\(racy)")
    let fine = try complaints(about: "let sum = 0; Parallel.forEach(chunks: 1000) { _ = sum + $0 }; return sum")
    #expect(!fine.contains("error:"), "\(fine)")
  }
}
