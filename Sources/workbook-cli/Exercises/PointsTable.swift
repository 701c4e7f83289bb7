// How many points an exercise is worth, and when it is due: a small file that the instructor edits.

import Foundation
import Workbook

/// Points and due dates of exercises, from lines of `exercise,points,due`.
///
/// Lines that begin with `#` and empty lines are for readers. Exercises that are not in the file are worth nothing, and
/// without a file each is worth one point. The due date is for people and platforms; nothing here is late.
struct PointsTable {
  /// One line.
  struct Row: Equatable {
    var points: Double
    /// As written, `2027-03-01`; empty where there is none.
    var due: String
  }

  /// The lines by the exercise's number; `nil` where there is no file.
  private var rows: [String: Row]?

  /// A point for every exercise.
  init() {}

  /// Reads a file.
  ///
  /// - Throws: `CheckerError` that names the line which is not `exercise,points,due`.
  init(readingFrom path: String) throws {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw CheckerError("\(path): expected a file of lines exercise,points,due, found none")
    }
    self = try PointsTable(text, shownAs: path)
  }

  init(_ text: String, shownAs path: String) throws {
    var rows: [String: Row] = [:]
    // A spreadsheet ends lines in its own way, and may begin with a mark of the order of bytes.
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: "\u{FEFF}")))
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("exercise,") { continue }
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard (2...3).contains(fields.count), let id = ExerciseID(fields[0]), let points = Double(fields[1]),
        points >= 0, points <= 1_000_000
      else {
        let found = line.onOneLine.clipped(to: 80)
        throw CheckerError("\(path), line \(index + 1): expected 4.3,2,2027-03-01, found '\(found)'")
      }
      guard rows.updateValue(Row(points: points, due: fields.count > 2 ? fields[2] : ""), forKey: id.description) == nil
      else { throw CheckerError("\(path), line \(index + 1): \(id) has a line already") }
    }
    self.rows = rows
  }

  /// What an exercise is worth.
  func points(of exercise: String) -> Double { rows.map { $0[exercise]?.points ?? 0 } ?? 1 }

  /// What an answer has earned: the share of its cases that pass.
  func score(of record: CheckRecord) -> Double {
    if record.status == .passed { return points(of: record.exercise) }
    guard !record.cases.isEmpty else { return 0 }
    return points(of: record.exercise) * Double(record.passedCases) / Double(record.cases.count)
  }

  /// A file with a point for each exercise.
  static func template(for exercises: [any AnyExercise]) -> String {
    """
    # Points of each exercise and the day it is due, to be edited. An exercise without a line is worth nothing; a right
    # answer to some of the cases earns its share.
    exercise,points,due

    """ + exercises.map { "\($0.id),1,\n" }.joined()
  }
}
