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
  }
}
