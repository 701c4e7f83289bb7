// Answers that were written to harm: each is contained, and the reason that is given is the true one.

#if os(Linux) && arch(x86_64)
import Basics
import ExerciseCatalogue
import Foundation
import Testing

@testable import ExerciseKit

@Suite struct AttackTests {
  /// The library with all attacks of the table, compiled once.
  static let attacks = Swift.Result { try CompiledAnswer(Attack.source(of: Attack.table)) }

  @Test("Whatever an answer tries, it is stopped for the true reason", arguments: Attack.table.indices)
  func contained(_ number: Int) throws {
    let attack = Attack.table[number]
    let session = try Self.attacks.get().session(AnswerLimits(seconds: 1, memory: 256 << 20))
    defer { session.close() }
    let outcome = Swift.Result { try session.call(0, [.integers([number])]) { _, _ in throw RemoteHalt(.forged) } }
    switch (attack.end, outcome) {
    case (.nothing, .success(let value)): #expect(value == .float(1), "\(attack.testDescription)")
    case (.stopped(let kind, let words), .failure(let error as RemoteHalt)):
      #expect(error.halt.kind == kind, "\(attack.testDescription): \(error.halt.reason)")
      #expect(words.isEmpty || error.halt.reason.contains(words), "\(attack.testDescription): \(error.halt.reason)")
    // The harm is done after the result: the next call meets it.
    case (.stopped(let kind, _), .success):
      #expect(throws: RemoteHalt.self) { try session.call(0, [.integers([-1])]) { _, _ in .list([]) } }
      #expect(session.halt?.kind == kind, "\(attack.testDescription): \(session.halt?.reason ?? "nothing")")
    default: Issue.record("\(attack.testDescription): expected \(attack.end), got \(outcome)")
    }
    #expect(!FileManager.default.fileExists(atPath: "/tmp/evil"))
  }

  @Test("A forged result is a result like others, and the true one behind it gives it away")
  func forged() throws {
    // The message that says 5.
    let bytes = Message(.result, .float(5)).bytes
    let session = try CompiledAnswer(
      """
      import ExerciseKit
      import Foundation
      public enum Ex04_3_HeInitialization: Ex04_3 {
        public static func standardDeviation(weightShape: [Int]) throws -> Float {
          _ = write(3, \(bytes) as [UInt8], \(bytes.count))
          return 1
        }
      }
      """
    ).session(AnswerLimits(seconds: 5, memory: 256 << 20))
    defer { session.close() }
    // On a busy machine the true result may come only after the next call.
    for _ in 0..<100 where session.halt == nil {
      _ = try? session.call(0, [.integers([1, 2])]) { _, _ in .list([]) }
      usleep(100_000)
    }
    #expect(session.halt?.kind == .forged)
  }

  @Test("Who hands a function ever more numbers is stopped before the judge has no more room for them")
  func burden() throws {
    let session = try CompiledAnswer(
      """
      import ExerciseKit
      import Foundation
      public enum Ex04_3_HeInitialization: Ex04_3 {
        public static func standardDeviation(weightShape: [Int]) throws -> Float {
          let count = 1 << 19, call: [UInt8] = [0xB7, 20, 0, 10, 0, 8, 0, 9, 1, 0, 0, 0, 4, 0, 0, 8, 0]
          let message = call + [UInt8](repeating: 65, count: count)
          var reply = [UInt8](repeating: 0, count: 9)
          while true {
            var sent = 0
            while sent < message.count { sent += write(3, Array(message[sent...]), message.count - sent) }
            _ = read(4, &reply, 9)
          }
        }
      }
      """
    ).session(AnswerLimits(seconds: 20, memory: 256 << 20))
    defer { session.close() }
    var received = 0
    #expect(throws: RemoteHalt.self) {
      try session.call(0, [.integers([1, 2])]) { _, arguments in
        if case .text(let text)? = arguments.first { received += text.utf8.count }
        return .flag(true)
      }
    }
    #expect(session.halt?.reason.contains("8 MB") == true, "\(session.halt?.reason ?? "it goes on")")
    #expect((4 << 20...9 << 20).contains(received))
  }

  @Test(
    "Code that runs before the answer is called, and options for the linker, are refused before linking",
    arguments: [
      (
        #"""
        @section(".init_array") @used let early: @convention(c) () -> Void = { _ = mkdir("/tmp/evil", 0o700) }
        """#, "run code when it is loaded"
      ),
      (
        #"""
        @section(".swift1_autolink_entries") @used
        let options: (UInt8, UInt8, UInt8, UInt8) = (0x2d, 0x6c, 0x6d, 0)
        """#, "options for the linker"
      ),
      (
        #"""
        @section(".fini_array") @used let late: @convention(c) () -> Void = { _ = mkdir("/tmp/evil", 0o700) }
        """#, "run code when it is unloaded"
      ),
    ])
  func early(_ code: String, _ reason: String) throws {
    let source = "import Foundation\n" + code + "\n" + CompiledAnswer.right
    guard case .refused(let words) = try CompiledAnswer.compile(source) else {
      Issue.record("expected a refusal")
      return
    }
    #expect(words.contains(reason))
  }

  @Test("Code that runs while the answer is loaded is behind closed doors already")
  func initializer() throws {
    let session = try CompiledAnswer(
      "import Foundation\n@_cdecl(\"_init\") public func early() { mkdir(\"/tmp/evil\", 0o700) }\n"
        + CompiledAnswer.right
    ).session(AnswerLimits(seconds: 5, memory: 256 << 20))
    defer { session.close() }
    #expect(session.halt?.kind == .forbidden, "\(session.halt?.reason ?? "it runs")")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/evil"))
  }

  @Test(
    "An answer that cannot be loaded is told why in words, without the judge's paths",
    arguments: [
      ("import FoundationNetworking\nlet session = URLSession.shared", "uses the module FoundationNetworking"),
      ("func late() { atexit {} }", "uses atexit"),
      ("public protocol Ex04_3 {}", "a protocol with the same name"),
    ])
  func unfit(_ code: String, _ words: String) throws {
    let source = "import Foundation\n" + code + "\n" + CompiledAnswer.right
    let session = try CompiledAnswer(source).session(AnswerLimits(seconds: 5, memory: 256 << 20))
    defer { session.close() }
    let reason = session.halt?.reason ?? "it runs"
    #expect(session.halt?.kind == .refused && reason.contains(words) && !reason.contains("/"), "\(reason)")
  }

  @Test("Numbers drawn in this run say nothing of an answer that a busy machine has not called")
  func busy() throws {
    guard case .library(let library) = try CompiledAnswer.compile(CompiledAnswer.right) else {
      Issue.record("expected a library")
      return
    }
    let solution = AnswerProcess(
      exercise: Catalogue.ex04_3, library: library, toolchain: try CompiledAnswer.toolchain.get(), cage: Checkout.cage,
      limits: AnswerLimits(seconds: 60, memory: 256 << 20, requiresCage: Checkout.cage != nil))
    let fresh = try FreshCases(solution, seed: 1)
    var review = Review(judgments: [.passed])
    review.fresh = try fresh.finding { _, _ in .halted(.busy) }
    #expect(review.halt == .busy && review.haltReason == Halt.busy.reason)
    review.fresh = try fresh.finding { _, _ in .value(Outcome(parts: [])) }
    #expect(review.halt == nil && !review.passed)
  }

  @Test("What an answer should write itself is not there to be called")
  func offered() throws {
    let source = """
      import ExerciseKit
      func borrowed() {
        _ = Kernels.matrixMultiply(Tensor([1, 1]), Tensor([1, 1]))
        _ = Window(kernel: 3)
        _ = LeNet5.plain
        var layer = Conv2D(1, 1, kernel: 1)
        _ = layer.forward(Tensor([1, 1, 1, 1]))
        _ = Catalogue.ex04_3
      }

      """
    guard case .errors(let lines) = try CompiledAnswer.compile(source + CompiledAnswer.right) else {
      Issue.record("expected errors")
      return
    }
    let text = lines.joined(separator: "\n")
    for name in ["Kernels", "Window", "LeNet5", "forward", "Catalogue"] {
      #expect(text.contains("'\(name)'"), "\(name) is there")
    }
  }

  @Test(
    "Modules that hold results are not there",
    arguments: ["Solutions", "ExerciseCatalogue", "NeuralNetworks", "Training", "Workbook"])
  func hidden(_ module: String) throws {
    guard case .errors(let lines) = try CompiledAnswer.compile("import \(module)\n" + CompiledAnswer.right) else {
      Issue.record("expected an error")
      return
    }
    #expect(lines.first?.contains("no such module '\(module)'") == true, "\(lines)")
  }
}
#endif
