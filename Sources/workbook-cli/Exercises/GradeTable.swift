// A class's results as a table, as CSV and as JUnit XML.

import Foundation
import Workbook

/// Ways to write down grades.
enum GradeTable {
  // MARK: On the terminal

  /// A row of marks for each student, what was refused, and the class's misconceptions, the commonest first.
  static func text(_ grades: [Grade], exercises: [any AnyExercise], terminal: Terminal) -> String {
    var students: [String] = []
    for grade in grades where students.last != grade.student { students.append(grade.student) }
    let width = min(max(students.map(\.count).max() ?? 0, 7), 20)
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
      let name = printable(student).prefix(width).padding(toLength: width, withPad: " ", startingAt: 0)
      lines.append("\(name)  \(marks)  \(passed)/\(own.count)")
    }
    lines += ["", terminal.dim("✓ passed  ✗ wrong  ! stopped  c does not compile  · not attempted  - missing")]
    lines += stopped(grades, terminal) + misconceptions(grades, terminal)
    return lines.joined(separator: "\n")
  }

  private static func heading(_ exercises: [any AnyExercise], width: Int, terminal: Terminal) -> String {
    var text = "student".padding(toLength: width, withPad: " ", startingAt: 0) + "  "
    for chapter in Set(exercises.map(\.id.chapter)).sorted() {
      let count = exercises.count { $0.id.chapter == chapter }
      text += String(chapter).padding(toLength: max(count, 1), withPad: " ", startingAt: 0) + " "
    }
    return terminal.bold(text + " passed")
  }

  private static func mark(_ record: CheckRecord, _ terminal: Terminal) -> String {
    switch record.status {
    case .passed: terminal.green("✓")
    case .failed: terminal.red(record.halt == nil ? "✗" : "!")
    case .doesNotCompile: terminal.red("c")
    case .notAttempted: terminal.dim("·")
    case .missing: terminal.dim("-")
    }
  }

  private static func stopped(_ grades: [Grade], _ terminal: Terminal) -> [String] {
    let rows = grades.filter { $0.record.halt != nil || $0.record.status == .doesNotCompile }
    guard !rows.isEmpty else { return [] }
    return ["", terminal.bold("Stopped, refused, or not compiled")]
      + rows.flatMap { grade in
        wrapped(
          printable("\(grade.student), \(grade.record.exercise): \(grade.record.reason ?? "no reason given")"),
          indent: 2, width: terminal.width)
      }
  }

  private static func misconceptions(_ grades: [Grade], _ terminal: Terminal) -> [String] {
    var counts: [String: Int] = [:]
    for case let record in grades.map(\.record) {
      if let name = record.misconception { counts["\(record.exercise) \(name)", default: 0] += 1 }
    }
    guard !counts.isEmpty else { return [] }
    let most = counts.values.max() ?? 1
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return ["", terminal.bold("Misconceptions")]
      + sorted.flatMap { name, count -> [String] in
        let bar = String(repeating: "█", count: max(1, count * 12 / most))
          .padding(toLength: 12, withPad: " ", startingAt: 0)
        let number = String(repeating: " ", count: max(0, 4 - String(count).count)) + String(count)
        let text = wrapped(name, indent: 20, width: terminal.width)
        return ["  \(bar)\(number)  " + (text.first.map { String($0.dropFirst(20)) } ?? "")] + text.dropFirst()
      }
  }

  // MARK: For programs

  /// A line for each student and exercise, after RFC 4180.
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
    return ([head] + rows).map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A field in quotes where it needs them. What a spreadsheet would take for a formula is made text.
  private static func field(_ text: String) -> String {
    let safe = text.first.map("=+-@\t".contains) == true ? "'" + text : text
    guard safe.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return safe }
    return "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  /// A test suite for each student, a test for each exercise.
  static func junit(_ grades: [Grade]) -> String {
    var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"exercises\">"]
    var students: [String] = []
    for grade in grades where students.last != grade.student { students.append(grade.student) }
    for student in students {
      let own = grades.filter { $0.student == student }
      let failed = own.count { $0.record.status == .failed || $0.record.status == .doesNotCompile }
      let skipped = own.count { $0.record.status == .notAttempted || $0.record.status == .missing }
      lines.append(
        "  <testsuite name=\"\(xml(student))\" tests=\"\(own.count)\" failures=\"\(failed)\" skipped=\"\(skipped)\">")
      for record in own.map(\.record) {
        let open = "    <testcase classname=\"\(xml(student))\" name=\"\(xml("\(record.exercise) \(record.title)"))\""
        switch record.status {
        case .passed: lines.append(open + "/>")
        case .notAttempted, .missing:
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

  /// Text for XML: marks escaped, characters that XML does not have left out.
  private static func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\t": result += " "
      default:
        if scalar.value >= 32 && scalar.value != 0xFFFE && scalar.value != 0xFFFF {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// Text of strangers for a terminal: no control characters, so no escape codes.
  static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { !($0.properties.generalCategory == .control) }))
  }
}
