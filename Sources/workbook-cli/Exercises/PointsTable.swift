// The points and due dates of exercises: a small file that the instructor edits.

import Foundation
import Workbook

/// Points and due dates of exercises, from lines of `exercise,points,due`.
///
/// Lines that begin with `#` and empty lines are ignored. Exercises that are not in the file are worth nothing; without
/// a file each is worth one point. The due date is for people and platforms; nothing here enforces it.
struct PointsTable {
  /// One line.
  struct Row: Equatable {
    var points: Double
    /// The due date as written, `2027-03-01`; empty if there is none.
    var due: String
  }

  /// The lines by the exercise's number; `nil` if there is no file.
  private var rows: [String: Row]?

  /// Creates a table with one point for every exercise.
  init() {}

  /// Reads a file.
  ///
  /// - Throws: `CheckerError` that names the first line that is not `exercise,points,due`.
  init(readingFrom path: String) throws {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw CheckerError("\(path): expected a file of lines exercise,points,due, found none")
    }
    self = try PointsTable(text, shownAs: path)
  }

  init(_ text: String, shownAs path: String) throws {
    var rows: [String: Row] = [:]
    // A spreadsheet may use other line ends, and may begin the file with a byte order mark.
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
      else { throw CheckerError("\(path), line \(index + 1): \(id) already has a line") }
    }
    self.rows = rows
  }

  /// The points that an exercise is worth.
  func points(of exercise: String) -> Double { rows.map { $0[exercise]?.points ?? 0 } ?? 1 }

  /// The points that an answer has earned, in proportion to the cases that pass.
  func score(of record: CheckRecord) -> Double {
    if record.status == .passed { return points(of: record.exercise) }
    guard !record.cases.isEmpty else { return 0 }
    return points(of: record.exercise) * Double(record.passedCases) / Double(record.cases.count)
  }

  /// A file with one point for each exercise.
  static func template(for exercises: [any AnyExercise]) -> String {
    """
    # The points and the due date of each exercise: edit them. An exercise without a line is worth nothing; an answer
    # that passes some of the cases earns a proportional share.
    exercise,points,due

    """ + exercises.map { "\($0.id),1,\n" }.joined()
  }
}
