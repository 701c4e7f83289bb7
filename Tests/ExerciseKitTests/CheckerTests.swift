// Tests of the checker as a learner and an instructor meet it: real files, a real compiler, real child processes.

import ExerciseCatalogue
import Foundation
import Testing

@testable import ExerciseKit

@Suite(.serialized) final class CheckerTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("checker-\(UUID().uuidString)")
  /// Patient, since the machine may be busy with everything else; only who waits for a loop's end says less.
  var checker: Checker

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    checker = try Checker(
      program: Checkout.program, root: Checkout.root, cache: Checkout.cache,
      limits: AnswerLimits(seconds: 60, memory: 256 << 20, requiresCage: Checkout.cage != nil))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Checks an answer to 4.3 whose function has this body.
  func check(_ body: String, imports: String = "Foundation", type: String = "Ex04_3_HeInitialization") throws
    -> Checker.Result
  {
    let file = folder.appendingPathComponent("Ex04_3_HeInitialization.swift")
    let source = """
      import ExerciseKit
      import \(imports)
      public enum \(type): Ex04_3 {
        public static func standardDeviation(weightShape: [Int]) throws -> Float { \(body) }
      }

      """
    try Data(source.utf8).write(to: file)
    return try checker.check(Catalogue.ex04_3, file: file, shownAs: "answer.swift")
  }

  func review(_ body: String) throws -> Review {
    guard case .reviewed(let review, _, _) = try check(body) else {
      Issue.record("it does not compile")
      return Review(judgments: [])
    }
    return review
  }

  static let right = "(2 / Float(weightShape.dropFirst().reduce(1, *))).squareRoot()"

  @Test(
    "in a folder whose name is not ASCII an answer is compiled and judged: the compiler's temporary files are elsewhere"
  )
  func unicode() throws {
    let cache = folder.appendingPathComponent("ü student")
    try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
    checker = try Checker(
      program: Checkout.program, root: Checkout.root, cache: cache,
      limits: AnswerLimits(seconds: 60, memory: 256 << 20, requiresCage: Checkout.cage != nil))
    #expect(try review("(2 / Float(weightShape.dropFirst().reduce(1, *))).squareRoot()").passed)
  }

  @Test("A right answer passes, a stub is not attempted, a known mistake has a name")
  func verdicts() throws {
    #expect(try review(Self.right).passed)
    #expect(try review(#"throw Unsolved("4.3 He initialization")"#).unsolved)
    let wrong = try review("(2 / Float(weightShape[1])).squareRoot()")
    #expect(!wrong.passed)
    #expect(wrong.misconception?.name == "forgets the kernel window of a convolution")
  }

  @Test(
    "NaN and infinity are results, not a crash",
    arguments: [("Float.nan", "got NaN"), ("Float.infinity", "got ∞"), ("-Float.infinity", "got -∞")])
  func noNumbers(value: String, words: String) throws {
    let review = try review("return \(value)")
    #expect(review.halt == nil)
    guard case .failed(let finding) = review.judgments[0] else {
      Issue.record("expected a failure")
      return
    }
    #expect(finding.summary.hasSuffix(words), "\(finding.summary)")
  }

  @Test("The compiler's errors bear the learner's file name and line")
  func compileErrors() throws {
    guard case .doesNotCompile(let lines) = try check("weightShape") else {
      Issue.record("expected a compiler's error")
      return
    }
    #expect(lines.first?.hasPrefix("answer.swift:4:") == true, "\(lines)")
    guard case .doesNotCompile(let missing) = try check("1", type: "Other") else {
      Issue.record("expected a complaint")
      return
    }
    #expect(missing == ["answer.swift: expected a type named Ex04_3_HeInitialization in this file, found none"])
    let file = folder.appendingPathComponent("private.swift")
    try Data("import ExerciseKit\nprivate enum Ex04_3_HeInitialization {}\n".utf8).write(to: file)
    guard case .doesNotCompile(let hidden) = try checker.check(Catalogue.ex04_3, file: file, shownAs: "answer.swift")
    else {
      Issue.record("expected a complaint")
      return
    }
    #expect(hidden.count == 1 && hidden[0].contains("to be public"), "\(hidden)")
  }

  @Test("Neither solutions nor cases can be imported")
  func hiddenModules() throws {
    guard case .doesNotCompile(let lines) = try check("1", imports: "Solutions") else {
      Issue.record("expected a compiler's error")
      return
    }
    #expect(lines.first?.contains("no such module 'Solutions'") == true, "\(lines)")
    guard case .doesNotCompile = try check("try! Catalogue.ex04_3.cases[0].expected().parts[0].values.count") else {
      Issue.record("expected a compiler's error")
      return
    }
  }

  #if os(Linux)
  @Test(
    "Hostile answers are stopped for the right reason, and nothing comes of them",
    arguments: [
      ("while true {}", Halt.Kind.time),
      ("[Float]()[weightShape[0]]", .crash),
      ("try standardDeviation(weightShape: weightShape) + 1", .crash),
      ("var a: [[Float]] = []; while true { a.append([Float](repeating: 1, count: 1 << 18)) }", .memory),
      ("exit(0)", .exit),
      ("var line: [UInt8] = [10]; while true { _ = write(3, &line, 1); usleep(20_000) }", .forged),
      (#"try? "x".write(toFile: "EVIL", atomically: false, encoding: .utf8); return \#(right)"#, .forbidden),
      (#"Float(try String(contentsOfFile: "/etc/hostname", encoding: .utf8).count)"#, .forbidden),
      (
        #"var id: pid_t = 0; var none: [UnsafeMutablePointer<CChar>?] = [nil]; "#
          + #"_ = posix_spawn(&id, "/bin/true", nil, nil, &none, nil); return 1"#, .forbidden
      ),
      ("kill(getppid(), SIGKILL); return \(right)", .forbidden),
      ("unlink(\"EVIL\"); return \(right)", .forbidden),
      ("_ = socket(AF_INET, 1, 0); return \(right)", .forbidden),
    ])
  func hostile(body: String, reason: Halt.Kind) throws {
    if reason == .time { checker.limits.seconds = 1 }
    let evil = folder.appendingPathComponent("evil").path
    let review = try review(body.replacingOccurrences(of: "EVIL", with: evil))
    #expect(!review.passed)
    #expect(review.halt == reason, "\(review.haltReason ?? "not stopped")")
    #expect(!FileManager.default.fileExists(atPath: evil))
  }
  #endif

  @Test(
    "What an honest answer may do beside its work does it no harm",
    arguments: [
      "let s = DispatchSemaphore(value: 0); Task { s.signal() }; s.wait()",
      "let s = DispatchSemaphore(value: 0); Task { try await Task.sleep(for: .milliseconds(5)); s.signal() }; s.wait()",
      // For more than a second, after which the queue looks at its threads.
      "enum Once { nonisolated(unsafe) static var isDone = false }; let g = DispatchGroup(); "
        + "for _ in 0..<(Once.isDone ? 1 : 12) { DispatchQueue.global().async(group: g) { usleep(300_000) } }; "
        + "g.wait(); Once.isDone = true",
      "let s = DispatchSemaphore(value: 0); DispatchQueue.global().asyncAfter(deadline: .now() + 0.01) { s.signal() }; "
        + "s.wait()",
      "let q = OperationQueue(); q.addOperation {}; q.waitUntilAllOperationsAreFinished()",
      "RunLoop.current.add(Timer(timeInterval: 0.01, repeats: false) { _ in }, forMode: .default); "
        + "RunLoop.current.run(until: Date().addingTimeInterval(0.03))",
      #"let f = DateFormatter(); f.dateStyle = .medium; print(Date(), f.string(from: Date()), Date().formatted())"#,
      "print(ProcessInfo.processInfo.activeProcessorCount, UUID(), Calendar.current.component(.year, from: Date()))",
      "for i in 0..<30_000 { print(i) }",
    ])
  func honest(work: String) throws {
    checker = try Checker(
      program: Checkout.program, root: Checkout.root, cache: Checkout.cache, limits: checker.limits, draw: 7)
    let review = try review("\(work); return \(Self.right)")
    #expect(review.passed, "\(review.haltReason ?? review.firstFinding?.text ?? "")")
  }

  #if os(Linux)
  @Test(
    "Who is stopped hears what for, and what to do instead",
    arguments: [
      ("let s = DispatchSemaphore(value: 0); DispatchQueue.main.async { s.signal() }; s.wait()", "the main queue"),
      ("signal(SIGINT, SIG_IGN)", "an answer needs no signals"),
      ("print(NSHomeDirectory())", "the user's name or home folder"),
      (#"try Data([1]).write(to: URL(fileURLWithPath: "/tmp/mine"))"#, "receives its arguments and needs no files"),
      (#"precondition(weightShape.isEmpty, "must be empty")"#, "crashed: must be empty"),
      ("for i in 0..<200_000 { print(i) }", "lines in one call"),
    ])
  func reasons(work: String, words: String) throws {
    checker.limits.seconds = 5
    let review = try review("\(work); return \(Self.right)")
    #expect(review.haltReason?.contains(words) == true, "\(review.haltReason ?? "not stopped")")
  }
  #endif

  @Test("An answer that knows the published numbers by heart is right for them alone")
  func byHeart() throws {
    let table = try Catalogue.ex04_3.cases.map { example in
      let shape = try #require(example.call.split(separator: ":").last).dropLast()
      return "if weightShape ==\(shape) { return \(example.expected().parts[0].values[0]) }"
    }.joined(separator: "; ")
    #expect(try review(table + "; return 1").passed)
    checker = try Checker(
      program: Checkout.program, root: Checkout.root, cache: Checkout.cache, limits: checker.limits, draw: 7)
    let graded = try review(table + "; return 1 /* graded */")
    #expect(graded.judgments.allSatisfy { $0 == .passed })
    #expect(!graded.passed)
    #expect(graded.firstFinding?.summary.hasPrefix("correct for the published numbers, but not for others") == true)
    #expect(try review(Self.right + " /* graded */").passed)
    let silent = try review(table + #"; throw Unsolved("")"#)
    #expect(silent.judgments.allSatisfy { $0 == .passed })
    #expect(!silent.passed)
  }

  @Test(
    "What is no text is refused, not compiled",
    arguments: [[UInt8](CheckerTests.right.utf8) + [0], [0xFF, 0xFE, 65, 0]])
  func noText(_ bytes: [UInt8]) throws {
    let file = folder.appendingPathComponent("Ex04_3_HeInitialization.swift")
    try Data(bytes).write(to: file)
    guard case .doesNotCompile(let lines) = try checker.check(Catalogue.ex04_3, file: file, shownAs: "answer.swift")
    else {
      Issue.record("expected a refusal")
      return
    }
    #expect(lines == ["answer.swift: expected Swift as UTF-8 text, found a binary file or UTF-16"])
  }

  @Test("A file of terabytes is refused by its size, not read")
  func sparse() throws {
    let file = folder.appendingPathComponent("Ex04_3_HeInitialization.swift")
    try Data("import ExerciseKit\n".utf8).write(to: file)
    truncate(file.path, 1 << 40)
    guard case .doesNotCompile(let lines) = try checker.check(Catalogue.ex04_3, file: file, shownAs: "answer.swift")
    else {
      Issue.record("expected a refusal")
      return
    }
    #expect(lines == ["answer.swift: expected at most 1 MB of Swift, found \(1 << 40) bytes"])
  }

  @Test("What an answer says of itself cannot steer a terminal")
  func escapes() throws {
    let wrong = try review(
      #"struct E: Error, CustomStringConvertible { var description: String { "\u{1B}[2J\u{202E}=cmd" } }; throw E()"#)
    let text = try #require(wrong.firstFinding?.text)
    #expect(text.contains("=cmd"))
    #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0.value == 0x202E })
  }

  @Test("A crash names the learner's own line, and shows nobody else's functions")
  func crashLine() throws {
    guard
      case .reviewed(let review, _, let printed) = try check(
        "print(\"before\")\n    let numbers = [1, 2]\n    return Float(numbers[weightShape[0]])")
    else {
      Issue.record("it does not compile")
      return
    }
    let finding = try #require(review.firstFinding)
    #expect(finding.halt == .crash)
    #expect(finding.details.first?.hasPrefix("line 6: return Float(numbers") == true, "\(finding.details)")
    #expect(printed.contains("before"))
    #expect(!printed.contains("stack trace"))
  }

  @Test("A file that nobody has worked on is answered at once; one line more, and it is examined")
  func untouched() throws {
    let stub = Checkout.root.appendingPathComponent(Catalogue.ex11_5.file)
    checker.toolchain.compiler = "/nowhere/swiftc"
    guard case .reviewed(let review, _, _) = try checker.check(Catalogue.ex11_5, file: stub, shownAs: "stub") else {
      Issue.record("expected a review")
      return
    }
    #expect(review.unsolved)
    let source = try String(contentsOf: stub, encoding: .utf8)
    #expect(isUntouched(source))
    #expect(
      !isUntouched(source.replacingOccurrences(of: "    throw Unsolved", with: "    let a = 1\n    throw Unsolved")))
    #expect(
      !isUntouched(source.replacingOccurrences(of: "enum ", with: "let x = 1\nenum Helper { static let a = 2 }\nenum "))
    )
  }

  @Test("Unchanged code is not run again, changed code is")
  func cache() throws {
    guard case .reviewed(_, let first, let printed) = try check("print(UInt64.random(in: 0 ... .max)); return 1"),
      case .reviewed(_, let second, let again) = try check("print(UInt64.random(in: 0 ... .max)); return 1"),
      case .reviewed(_, _, let changed) = try check("print(UInt64.random(in: 0 ... .max));  return 1")
    else {
      Issue.record("it does not compile")
      return
    }
    #expect(first == second)
    #expect(printed == again, "another number would come")
    #expect(printed != changed)
  }
}
