// Grades in the formats that learning platforms import: Gradescope's results.json, and CSV for Canvas and Moodle.

import Basics
import Foundation
import Workbook

/// Export of grades to platforms.
enum PlatformGrades {
  // MARK: Gradescope

  /// The `results.json` of one submission, according to Gradescope's specification of autograders.
  ///
  /// Each exercise is a test with its share of points; its output lists what is wrong. Whether an answer was correct
  /// for the numbers drawn in this run counts as one of its cases.
  static func gradescope(_ grades: [Grade], points: PointsTable) throws -> String {
    let tests = grades.map(\.record).filter { points.points(of: $0.exercise) > 0 }.map { record in
      GradescopeTest(
        number: record.exercise, name: "\(record.exercise) \(record.title)", score: rounded(points.score(of: record)),
        maximum: points.points(of: record.exercise), status: record.status == .passed ? "passed" : "failed",
        output: output(record))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let results = GradescopeResults(format: "text", visibility: "visible", tests: tests)
    return String(decoding: try encoder.encode(results), as: UTF8.self) + "\n"
  }

  private struct GradescopeResults: Encodable {
    var format, visibility: String
    var tests: [GradescopeTest]
    enum CodingKeys: String, CodingKey {
      case format = "output_format"
      case visibility, tests
    }
  }

  private struct GradescopeTest: Encodable {
    var number, name: String
    var score, maximum: Double
    var status, output: String
    enum CodingKeys: String, CodingKey {
      case number, name, score, status, output
      case maximum = "max_score"
    }
  }

  /// The text for the student: the known mistake first, then each wrong case.
  private static func output(_ record: CheckRecord) -> String {
    var lines = [record.status == .passed ? "passed" : record.reason ?? record.status.rawValue]
    if let mistake = record.misconception { lines.append("It looks as if your answer \(mistake).") }
    if let effect = record.effect { lines.append(effect) }
    for wrong in record.cases where !wrong.passed { lines.append("\(wrong.call)\n  \(wrong.finding)") }
    return lines.joined(separator: "\n").withoutControls
  }

  // MARK: Canvas and Moodle

  /// One line per student with one column per chapter, in the format of Canvas gradebooks.
  ///
  /// The submission's folder is named after the student's login, which identifies the student in Canvas.
  static func canvas(_ grades: [Grade], points: PointsTable) -> String {
    let chapters = chapters(grades)
    let head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    var rows = [head + chapters.map { "Chapter \($0)" }]
    rows.append(
      ["    Points Possible", "", "", "", ""]
        + chapters.map { total(grades, in: $0) { points.points(of: $0.exercise) } })
    rows += byStudent(grades).map { student, own in
      [student, "", "", student, ""] + chapters.map { total(own, in: $0, points.score) }
    }
    return csv(rows)
  }

  /// One line per student with one column per chapter and one for remarks, in Moodle's format.
  static func moodle(_ grades: [Grade], points: PointsTable) -> String {
    let chapters = chapters(grades)
    let rows = byStudent(grades).map { student, own in
      let mistakes = own.compactMap { grade in grade.record.misconception.map { "\(grade.record.exercise) \($0)" } }
      return [student] + chapters.map { total(own, in: $0, points.score) } + [mistakes.joined(separator: "; ")]
    }
    return csv([["username"] + chapters.map { "Chapter \($0)" } + ["feedback"]] + rows)
  }

  private static func chapters(_ grades: [Grade]) -> [Int] {
    Set(grades.compactMap { ExerciseID($0.record.exercise)?.chapter }).sorted()
  }

  /// The grades of each student, in the order of the class.
  private static func byStudent(_ grades: [Grade]) -> [(String, [Grade])] {
    var students: [(String, [Grade])] = []
    for grade in grades {
      if students.last?.0 == grade.student {
        students[students.count - 1].1.append(grade)
      } else {
        students.append((grade.student, [grade]))
      }
    }
    return students
  }

  /// The sum over a chapter's exercises, each counted once.
  private static func total(_ grades: [Grade], in chapter: Int, _ value: (CheckRecord) -> Double) -> String {
    var seen = Set<String>()
    let records = grades.map(\.record).filter {
      ExerciseID($0.exercise)?.chapter == chapter && seen.insert($0.exercise).inserted
    }
    return "\(rounded(records.map(value).reduce(0, +)))"
  }

  private static func rounded(_ score: Double) -> Double { (score * 100).rounded() / 100 }

  private static func csv(_ rows: [[String]]) -> String {
    rows.map { $0.map(\.escapedForCSV).joined(separator: ",") + "\r\n" }.joined()
  }
}
