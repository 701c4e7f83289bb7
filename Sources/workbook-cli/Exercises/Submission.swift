// A student's folder.

import ExerciseCatalogue
import Foundation
import Workbook

/// What one student handed in.
struct Submission: Sendable {
  var student: String
  var folder: URL

  /// The submissions in the given folders: each folder itself if it has answers, else the folders inside it.
  ///
  /// - Throws: `CheckerError` for a folder that is not there or has no answers.
  static func find(_ paths: [String]) throws -> [Submission] {
    var found: [Submission] = []
    let files = FileManager.default
    for path in paths {
      let folder = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
      guard let names = try? files.contentsOfDirectory(atPath: folder.path) else {
        throw CheckerError("\(path): expected a folder with submissions, found none")
      }
      let itself = Submission(student: folder.lastPathComponent.onOneLine, folder: folder)
      if itself.looksLikeOne(names) {
        found.append(itself)
        continue
      }
      let candidates = names.sorted().filter { !$0.hasPrefix(".") }.map {
        Submission(student: $0.onOneLine, folder: folder.appendingPathComponent($0, isDirectory: true))
      }
      // Nobody is to be left out without a word.
      if let unreadable = candidates.first(where: { kind(of: $0.folder) == nil }) {
        throw CheckerError("\(path): '\(unreadable.student)' cannot be found under this name: is it UTF-8? Rename it")
      }
      let inside = candidates.filter { $0.isPlainFolder }
      guard !inside.isEmpty else {
        throw CheckerError(
          "\(path): expected answers (Exercises/ch04/Ex04_3_….swift) or folders of students, found neither")
      }
      found += inside
    }
    let names = found.map(\.student)
    for index in found.indices where names.count(where: { $0 == found[index].student }) > 1 {
      found[index].student = found[index].folder.path.onOneLine
    }
    // Names that read the same without what cannot be read are numbered: nobody gets another one's grade.
    var taken: Set<String> = []
    for index in found.indices {
      let name = found[index].student
      var number = 2
      while !taken.insert(found[index].student).inserted {
        found[index].student = "\(name) (\(number))"
        number += 1
      }
    }
    return found
  }

  private func looksLikeOne(_ names: [String]) -> Bool {
    names.contains { $0 == "Exercises" || ($0.hasPrefix("Ex") && $0.hasSuffix(".swift")) || isChapter($0) }
  }

  private func isChapter(_ name: String) -> Bool {
    name.count == 4 && name.hasPrefix("ch") && Int(name.dropFirst(2)) != nil
  }

  private var isPlainFolder: Bool { Self.kind(of: folder) == .typeDirectory }

  /// The kind of a file itself, not of what a link points to.
  private static func kind(of url: URL) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: url.path))?[.type] as? FileAttributeType
  }

  /// Examines the answer to one exercise.
  func record(of exercise: any AnyExercise, checker: Checker) throws -> CheckRecord {
    let places = [exercise.file, "\(exercise.folder)/\(exercise.name).swift", "\(exercise.name).swift"]
    for place in places {
      let url = folder.appendingPathComponent(place)
      guard let kind = Self.kind(of: url) else { continue }
      // A link could lead to the solutions; a pipe would never end.
      guard kind == .typeRegular else {
        return CheckRecord(refused: exercise, "\(place): expected a plain file, found a link or a device")
      }
      guard url.resolvingSymlinksInPath().path.hasPrefix(folder.resolvingSymlinksInPath().path + "/") else {
        return CheckRecord(refused: exercise, "\(place): lies outside of the submission")
      }
      return CheckRecord(exercise, try checker.check(exercise, file: url, shownAs: place))
    }
    return CheckRecord(missing: exercise)
  }
}

/// One student's result in one exercise.
struct Grade: Codable, Sendable {
  var student: String
  var record: CheckRecord

  private enum Key: String, CodingKey { case student }

  init(student: String, record: CheckRecord) {
    self.student = student
    self.record = record
  }

  init(from decoder: any Decoder) throws {
    student = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .student).onOneLine
    record = try CheckRecord(from: decoder)
  }

  func encode(to encoder: any Encoder) throws {
    try record.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(student, forKey: .student)
  }

  /// What several runs have written, as one run over all their submissions would have: students by name, exercises in
  /// their order.
  ///
  /// - Throws: `CheckerError` for a file that is none of them, and for an exercise graded twice with two results.
  static func merged(_ paths: [String]) throws -> [Grade] {
    var grades: [String: [String: Grade]] = [:]
    for path in paths {
      guard let data = FileManager.default.contents(atPath: path),
        let part = try? JSONDecoder().decode([Grade].self, from: data)
      else { throw CheckerError("\(path): expected what `grade --json` writes, found something else or nothing") }
      for grade in part {
        let (student, exercise) = (grade.student, grade.record.exercise)
        guard (0...grade.record.cases.count).contains(grade.record.passedCases) else {
          throw CheckerError(
            "\(path): \(student) has more cases right in \(exercise) than there are, or fewer than none")
        }
        if let other = grades[student]?[exercise], try [other].jsonText() != [grade].jsonText() {
          throw CheckerError("\(path): \(student) has another result in \(exercise) elsewhere")
        }
        grades[student, default: [:]][exercise] = grade
      }
    }
    return grades.sorted { $0.key < $1.key }.flatMap { _, own in
      Catalogue.all.compactMap { own[$0.id.description] }
    }
  }
}
