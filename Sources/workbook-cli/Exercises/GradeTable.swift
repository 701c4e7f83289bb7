// A class's results as a table, as CSV and as JUnit XML.

import Foundation
import Workbook

/// Output formats for grades.
enum GradeTable {
  // MARK: On the terminal

  /// A row of marks for each student, refused answers, and the class's misconceptions, most common first.
  static func text(_ grades: [Grade], exercises: [any AnyExercise], terminal: TerminalStyle) -> String {
    var students: [String] = []
    for grade in grades where students.last != grade.student { students.append(grade.student) }
    let width = min(max(students.map(\.columns).max() ?? 0, 7), 20)
    var lines = [heading(exercises, width: width, terminal: terminal)]
    for student in students {
      let own = grades.filter { $0.student == student }
      var marks = ""
      var chapter = exercises.first?.id.chapter
      for grade in own {
        let number = ExerciseID(grade.record.exercise)?.chapter
        if number != chapter { marks += " " }
        chapter = number
        marks += mark(grade.record, terminal)
      }
      let passed = own.count { $0.record.status == .passed }
      lines.append("\(fitted(student.onOneLine, width))  \(marks)  \(passed)/\(own.count)")
    }
    lines += [
      "", terminal.dim("✓ passed  ✗ wrong  ! stopped  c does not compile  · not attempted  - missing  ? not examined"),
    ]
    lines += stopped(grades, terminal) + misconceptions(grades, terminal)
    return lines.joined(separator: "\n")
  }

  /// A name fitted into a number of terminal columns; some characters take two.
  private static func fitted(_ name: String, _ width: Int) -> String {
    guard name.columns > width else { return name + String(repeating: " ", count: width - name.columns) }
    var short = name
    while short.columns > width - 1 { short.removeLast() }
    return fitted(short + "…", width)
  }

  private static func heading(_ exercises: [any AnyExercise], width: Int, terminal: TerminalStyle) -> String {
    var text = "student".padding(toLength: width, withPad: " ", startingAt: 0) + "  "
    for chapter in Set(exercises.map(\.id.chapter)).sorted() {
      let count = exercises.count { $0.id.chapter == chapter }
      text += String(chapter).padding(toLength: max(count, 1), withPad: " ", startingAt: 0) + " "
    }
    return terminal.bold(text + " passed")
  }

  private static func mark(_ record: CheckRecord, _ terminal: TerminalStyle) -> String {
    switch record.status {
    case .passed: terminal.green("✓")
    case .failed: terminal.red(record.halt == nil ? "✗" : "!")
    case .doesNotCompile: terminal.red("c")
    case .notAttempted: terminal.dim("·")
    case .missing: terminal.dim("-")
    case .notExamined: terminal.red("?")
    }
  }

  private static func stopped(_ grades: [Grade], _ terminal: TerminalStyle) -> [String] {
    let rows = grades.filter { $0.record.halt != nil || $0.record.status == .doesNotCompile }
    guard !rows.isEmpty else { return [] }
    return ["", terminal.bold("Stopped, refused, or not compiled")]
      + rows.flatMap { grade in
        terminal.wrapped(
          "\(grade.student), \(grade.record.exercise): \(grade.record.reason ?? "no reason given")".onOneLine
            .clipped(to: 500),
          indent: 2)
      }
  }

  private static func misconceptions(_ grades: [Grade], _ terminal: TerminalStyle) -> [String] {
    var counts: [String: Int] = [:]
    for case let record in grades.map(\.record) {
      if let name = record.misconception { counts["\(record.exercise) \(name)".onOneLine, default: 0] += 1 }
    }
    guard !counts.isEmpty else { return [] }
    let most = counts.values.max() ?? 1
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return ["", terminal.bold("Misconceptions")]
      + sorted.flatMap { name, count -> [String] in
        let bar = String(repeating: "█", count: max(1, count * 12 / most))
          .padding(toLength: 12, withPad: " ", startingAt: 0)
        let number = String(repeating: " ", count: max(0, 4 - String(count).count)) + String(count)
        let text = terminal.wrapped(name, indent: 20)
        return ["  \(bar)\(number)  " + (text.first.map { String($0.dropFirst(20)) } ?? "")] + text.dropFirst()
      }
  }

  // MARK: For programs

  /// One line per student and exercise, according to RFC 4180.
  static func csv(_ grades: [Grade]) -> String {
    let rows = grades.map { grade in
      let record = grade.record
      return [
        grade.student, record.exercise, record.title, record.status.rawValue, String(record.passedCases),
        String(record.cases.count), record.halt?.rawValue ?? "", record.misconception ?? "", record.reason ?? "",
      ]
    }
    let head = [
      "student", "exercise", "title", "status", "passed_cases", "cases", "stopped_by", "misconception", "reason",
    ]
    return ([head] + rows).map { $0.map(\.withoutControls.escapedForCSV).joined(separator: ",") + "\r\n" }.joined()
  }

  /// One test suite per student, one test per exercise.
  static func junit(_ grades: [Grade]) -> String {
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"exercises\">"]
    var students: [String] = []
    for grade in grades where students.last != grade.student { students.append(grade.student) }
    for student in students {
      let own = grades.filter { $0.student == student }
      let failed = own.count { $0.record.status == .failed || $0.record.status == .doesNotCompile }
      let skipped = own.count { [.notAttempted, .missing, .notExamined].contains($0.record.status) }
      lines.append(
        "  <testsuite name=\"\(xml(student))\" tests=\"\(own.count)\" failures=\"\(failed)\" skipped=\"\(skipped)\">")
      for record in own.map(\.record) {
        let open = "    <testcase classname=\"\(xml(student))\" name=\"\(xml("\(record.exercise) \(record.title)"))\""
        switch record.status {
        case .passed: lines.append(open + "/>")
        case .notAttempted, .missing, .notExamined:
          lines += [open + ">", "      <skipped message=\"\(record.status.rawValue)\"/>", "    </testcase>"]
        case .failed, .doesNotCompile:
          let kind = record.halt?.rawValue ?? record.status.rawValue
          let message = record.misconception.map { "your answer \($0)" } ?? record.reason ?? ""
          let details = record.cases.filter { !$0.passed }.map { "\($0.call)\n\($0.finding)" }.joined(separator: "\n")
          lines += [
            open + ">", "      <failure type=\"\(xml(kind))\" message=\"\(xml(message))\">\(xml(details))</failure>",
            "    </testcase>",
          ]
        }
      }
      lines.append("  </testsuite>")
    }
    return (lines + ["</testsuites>", ""]).joined(separator: "\n")
  }

  /// Escapes text for attributes and elements; a parser would turn plain line ends in attributes into spaces.
  private static func xml(_ text: String) -> String {
    text.escapedForMarkup.replacingOccurrences(of: "\n", with: "&#10;")
  }
}
