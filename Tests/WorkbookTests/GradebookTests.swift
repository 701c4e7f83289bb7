// Points, the forms of learning platforms, and grades put together from several machines.

import Basics
import ExerciseCatalogue
import ExerciseKit
import Foundation
import Testing

@testable import workbook_cli

@Suite("Grades as platforms import them") struct GradebookTests {
  private static let points = "# the first week\nexercise,points,due\n4.3,4,2027-03-01\n\n4.1, 1.5\n"

  /// A record with some cases right, and a name that a spreadsheet would take for a formula.
  private func grade(_ student: String, _ exercise: any AnyExercise, right: Int) -> Grade {
    let calls = exercise.calls
    var review = Review(
      judgments: calls.indices.map { index in
        index < right ? .passed : .failed(Finding(part: "", summary: "expected 1, got 2", details: []))
      })
    review.fresh = nil
    return Grade(student: student, record: CheckRecord(exercise, .reviewed(review, [], printed: "")))
  }

  @Test("a right answer to half of the cases earns half of the points")
  func score() throws {
    let table = try PointsTable(Self.points, shownAs: "points.csv")
    let cases = Catalogue.ex04_3.calls.count
    #expect(table.score(of: grade("ada", Catalogue.ex04_3, right: cases).record) == 4)
    let half = table.score(of: grade("ada", Catalogue.ex04_3, right: cases / 2).record)
    #expect(abs(half - 4 * Double(cases / 2) / Double(cases)) < 1e-12)
    #expect(table.points(of: "4.2") == 0)
    #expect(PointsTable().points(of: "4.2") == 1)
  }

  @Test(
    "a line that is none is named with its number",
    arguments: ["4.3", "4.3,many", "4.3,-1", "nine,1", "4.3,1,soon,later", "4.3,1\n4.3,2", "4.3,inf"])
  func refusal(_ text: String) {
    #expect { try PointsTable(text, shownAs: "points.csv") } throws: { error in
      "\(error)".contains("points.csv, line \(text.contains("\n") ? 2 : 1)")
    }
  }

  @Test("lines end as a spreadsheet ends them, and a message holds nothing that steers a terminal")
  func spreadsheet() throws {
    let table = try PointsTable("\u{FEFF}exercise,points,due\r\n4.3,4,2027-03-01\r\n4.1,2\r\n", shownAs: "points.csv")
    #expect(table.points(of: "4.3") == 4 && table.points(of: "4.1") == 2)
    for text in ["4.3,\u{1B}[2J", "4.3,1e300"] {
      #expect { try PointsTable(text, shownAs: "points.csv") } throws: { !"\($0)".contains("\u{1B}") }
    }
  }

  @Test("two folders never become one student, and no name gets into another's place")
  func names() throws {
    let class_ = FileManager.default.temporaryDirectory.appendingPathComponent("class-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: class_) }
    for name in ["ada", "ada\u{200E}", "ada\u{7}", "caf\u{E9}", "cafe\u{301}"] {
      try FileManager.default.createDirectory(
        at: class_.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    let students = try Submission.find([class_.path]).map(\.student)
    #expect(students.count == 5)
    #expect(Set(students).count == 5, "\(students)")
    #expect(students.allSatisfy { $0 == $0.onOneLine })
  }

  /// A class in a temporary folder: for each student one answer, which stands where it is looked for.
  private func withClass(_ answers: [String: String], _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("class-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (student, place) in answers {
      let file = folder.appendingPathComponent(student).appendingPathComponent(place)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: file)
    }
    try body(folder)
  }

  private static let answer = "Ex04_3_HeInitialization.swift"
  /// Names that could be taken for a chapter, an exercise, an option, a formula, a command, or part of a table.
  private static let oddNames = [
    "ch42", "4.2", "04_3", "-rf", "--help", "--csv=x", "=cmd|calc", "+1", "$(id)", "a'b;rm -rf $HOME", "%s%n", "😀😀",
    "Exercises", answer, "a\"b<c>&", "a,b", String(repeating: "x", count: 200), "~root", "-", "*", "{}", "{#}",
  ]

  @Test("a student may be called whatever a folder can be: all are found, each under the own name")
  func oddClass() throws {
    let class_ = Dictionary(uniqueKeysWithValues: Self.oddNames.map { ($0, Self.answer) })
    try withClass(class_) { folder in
      let found = try Submission.find([folder.path])
      #expect(found.map(\.student) == Self.oddNames.sorted())
      #expect(found.allSatisfy { $0.folder.lastPathComponent == $0.student })
    }
    try withClass(["two\nlines": Self.answer, " ": Self.answer, "ada": Self.answer]) { folder in
      let students = try Submission.find([folder.path]).map(\.student)
      #expect(students == ["(nameless)", "ada", "two lines"])
    }
  }

  @Test("a folder that may be a submission or a class is refused, unless it is said what it is")
  func ambiguous() throws {
    try withClass(["ch04": Self.answer, "ada": Self.answer]) { folder in
      #expect { try Submission.find([folder.path]) } throws: { "\($0)".contains("'ada'") }
      let submissions = try Submission.find([folder.path], areSubmissions: true)
      #expect(submissions.count == 1)
    }
    try withClass(["ch04": Self.answer, "ch09": "Ex09_1_OutputSize.swift"]) { folder in
      let students = try Submission.find([folder.path]).map(\.student)
      #expect(students == [folder.lastPathComponent])
    }
  }

  @Test("no name of a student's is an option or a command of a job")
  func jobs() throws {
    for name in Self.oddNames {
      let line = GradeJobs.command(
        for: Submission(student: name, folder: URL(fileURLWithPath: "/class/\(name)")), seed: 1, result: "1.json")
      #expect(line.last == "1.json" && line[2].hasPrefix("/class/"))
      let parsed = try GradeCommand.parse(Array(line.dropFirst(2)))
      #expect(parsed.complete)
      #expect(parsed.student == name && parsed.folders == ["/class/\(name)"] && parsed.csv == nil)
    }
  }

  @Test("a table's columns stand below each other, whatever a student is called")
  func columns() {
    let exercises: [any AnyExercise] = [Catalogue.ex04_1, Catalogue.ex04_3]
    let grades = Self.oddNames.flatMap { name in exercises.map { grade(name, $0, right: 0) } }
    let text = GradeTable.text(grades, exercises: exercises, terminal: .plain)
    let rows = text.components(separatedBy: "\n").dropFirst().prefix(Self.oddNames.count)
    #expect(rows.allSatisfy { $0.hasSuffix("  ✗✗  0/2") && $0.columns == 20 + 9 }, "\(text)")
  }

  @Test("the template is read again, a point for each exercise")
  func template() throws {
    let table = try PointsTable(PointsTable.template(for: Catalogue.all), shownAs: "points.csv")
    #expect(Catalogue.all.allSatisfy { table.points(of: $0.id.description) == 1 })
  }

  @Test("Canvas and Moodle get a line for each student and a column for each chapter")
  func spreadsheets() throws {
    let (first, second) = (Catalogue.ex04_1, Catalogue.ex04_3)
    let grades = [
      grade("=ada", first, right: first.calls.count), grade("=ada", second, right: 0),
      grade("bob", first, right: 0), grade("bob", second, right: second.calls.count),
    ]
    let table = try PointsTable(Self.points, shownAs: "points.csv")
    #expect(
      PlatformGrades.canvas(grades, points: table)
        == "Student,ID,SIS User ID,SIS Login ID,Section,Chapter 4\r\n    Points Possible,,,,,5.5\r\n"
        + "'=ada,,,'=ada,,1.5\r\nbob,,,bob,,4.0\r\n")
    #expect(
      PlatformGrades.moodle(grades, points: table)
        == "username,Chapter 4,feedback\r\n'=ada,1.5,\r\nbob,4.0,\r\n")
  }

  @Test("Gradescope's results have a test for each exercise, with its share and what is wrong")
  func gradescope() throws {
    let exercise = Catalogue.ex04_3
    let text = try PlatformGrades.gradescope(
      [grade("ada", exercise, right: exercise.calls.count - 1)], points: PointsTable())
    let results = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let test = try #require((results["tests"] as? [[String: Any]])?.first)
    let score = try #require(test["score"] as? Double)
    #expect(score > 0 && score < 1 && test["max_score"] as? Double == 1 && test["status"] as? String == "failed")
    #expect((test["output"] as? String)?.contains("expected 1, got 2") == true)
  }

  @Test("parts graded apart give the bytes of one run, in any order; two results of one answer are refused")
  func merge() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("merge \(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let exercises: [any AnyExercise] = [Catalogue.ex04_1, Catalogue.ex04_3]
    let ada = exercises.map { grade("ada", $0, right: 1) }, bob = exercises.map { grade("bob", $0, right: 0) }
    let parts = try [bob, ada, [grade("bob", exercises[0], right: 1)]].enumerated().map { index, part in
      let path = "\(folder)/\(index).json"
      try AtomicFile.write(try part.jsonText(), to: path)
      return path
    }
    #expect(try Grade.merged([parts[0], parts[1], parts[0]]).jsonText() == (ada + bob).jsonText())
    #expect(throws: CheckerError.self) { try Grade.merged([parts[0], parts[2]]) }
    #expect(throws: CheckerError.self) { try Grade.merged(["\(folder)/none.json"]) }

    // A machine that was too busy is no second result.
    var busy = grade("bob", exercises[0], right: 0)
    busy.record.status = .notExamined
    try AtomicFile.write([busy].jsonText(), to: parts[2])
    #expect(try Grade.merged([parts[2]]).first?.record.status == .notExamined)
    for order in [[0, 1, 2], [2, 1, 0]] {
      #expect(try Grade.merged(order.map { parts[$0] }).jsonText() == (ada + bob).jsonText())
    }
    #expect(GradeCommand.note(onUnexamined: [busy] + ada)?.contains("1 of 3 answers (bob 4.1)") == true)
    #expect(GradeCommand.note(onUnexamined: ada) == nil)

    // What somebody else has written.
    var evil = grade("\u{1B}]0;eve\u{7}", exercises[0], right: 0)
    evil.record.misconception = "\u{1B}[2J"
    evil.record.reason = "\u{9B}31m"
    try AtomicFile.write([evil].jsonText(), to: parts[0])
    let grades = try Grade.merged([parts[0]])
    for text in [
      GradeTable.text(grades, exercises: exercises, terminal: .plain), GradeTable.csv(grades), GradeTable.junit(grades),
      PlatformGrades.canvas(grades, points: PointsTable()),
    ] { #expect(!text.unicodeScalars.contains { "\u{1B}\u{7}\u{9B}".unicodeScalars.contains($0) }, "\(text)") }
    for count in [-1, 99, Int.max] {
      evil.record.passedCases = count
      try AtomicFile.write([evil].jsonText(), to: parts[0])
      #expect(throws: CheckerError.self) { try Grade.merged([parts[0]]) }
    }
  }
}
