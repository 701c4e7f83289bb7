// A student's folder.

import ExerciseCatalogue
import Foundation
import Workbook

/// One student's submission.
struct Submission: Sendable {
  var student: String
  var folder: URL

  /// The submissions in the given folders: each folder itself if it has answers, otherwise the folders inside it.
  ///
  /// - Parameters:
  ///   - paths: the folders.
  ///   - areSubmissions: whether each folder is a submission, whatever is in it.
  /// - Throws: `CheckerError` for a folder that is missing, has no answers, or could be either.
  static func find(_ paths: [String], areSubmissions: Bool = false) throws -> [Submission] {
    var found: [Submission] = []
    let files = FileManager.default
    for path in paths {
      let folder = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
      guard let names = try? files.contentsOfDirectory(atPath: folder.path) else {
        throw CheckerError("\(path.onOneLine): expected a folder with submissions, found none")
      }
      let itself = Submission(student: folder.lastPathComponent.onOneLine, folder: folder)
      let inside = names.sorted().map {
        Submission(student: $0.onOneLine, folder: folder.appendingPathComponent($0, isDirectory: true))
      }
      let isOne = areSubmissions || itself.holdsAnswers
      // A student may be called ch04, and a submission may contain another: nobody may get somebody else's grade.
      if isOne, !areSubmissions,
        let other = inside.first(where: { !$0.isNamedLikePart && $0.isPlainFolder && $0.holdsAnswers })
      {
        throw CheckerError(
          "\(path.onOneLine): has answers of its own, and so has '\(other.student)' in it. Is it one submission "
            + "(say --student NAME), or a class with a folder named like a chapter (rename that)?")
      }
      if isOne {
        found.append(itself)
        continue
      }
      // Nobody may be left out silently; hidden files belong to the system.
      let candidates = inside.filter {
        !$0.folder.lastPathComponent.hasPrefix(".") || ($0.isPlainFolder && $0.holdsAnswers)
      }
      if let unreadable = candidates.first(where: { kind(of: $0.folder) == nil }) {
        throw CheckerError(
          "\(path.onOneLine): '\(unreadable.student)' cannot be found under this name: is it UTF-8? Rename it")
      }
      let submissions = candidates.filter { $0.isPlainFolder }
      guard !submissions.isEmpty else {
        throw CheckerError(
          "\(path.onOneLine): expected answers (Exercises/ch04/Ex04_3_….swift) or folders of students, found neither")
      }
      for other in candidates where !other.isPlainFolder {
        printError("left out: '\(other.student)' is not a folder")
      }
      found += submissions
    }
    // Folders with equal names in different places are named by their paths.
    for (_, same) in Dictionary(grouping: found.indices, by: { found[$0].student }) where same.count > 1 {
      let paths = same.map { found[$0].folder.path.onOneLine }
      guard Set(paths).count == paths.count else { continue }
      for (index, path) in zip(same, paths) { found[index].student = path }
    }
    // Number the names that are equal after unreadable characters were removed: nobody may get somebody else's grade.
    var taken: Set<String> = []
    for index in found.indices {
      if found[index].student.isEmpty { found[index].student = "(nameless)" }
      let name = found[index].student
      var number = 2
      while !taken.insert(found[index].student).inserted {
        found[index].student = "\(name) (\(number))"
        number += 1
      }
    }
    // The same order as for merged results.
    return found.sorted { $0.student < $1.student }
  }

  /// The possible paths of the answer to an exercise.
  private static func places(of exercise: any AnyExercise) -> [String] {
    [exercise.file, "\(exercise.folder)/\(exercise.name).swift", "\(exercise.name).swift"]
  }

  /// Whether there is a file at a possible path of an answer.
  private var holdsAnswers: Bool {
    Catalogue.all.contains { exercise in
      Self.places(of: exercise).contains { place in
        Self.kind(of: folder.appendingPathComponent(place)).map { $0 != .typeDirectory } ?? false
      }
    }
  }

  /// Whether the folder has the name of a folder inside a submission.
  private var isNamedLikePart: Bool {
    let name = folder.lastPathComponent
    return name == "Exercises" || Catalogue.all.contains { $0.folder == name }
  }

  private var isPlainFolder: Bool { Self.kind(of: folder) == .typeDirectory }

  /// The type of a file itself, not of the target of a link.
  private static func kind(of url: URL) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: url.path))?[.type] as? FileAttributeType
  }

  /// Checks the answer to one exercise.
  func record(of exercise: any AnyExercise, checker: Checker) throws -> CheckRecord {
    for place in Self.places(of: exercise) {
      let url = folder.appendingPathComponent(place)
      guard let kind = Self.kind(of: url) else { continue }
      // A link could lead to the solutions; a pipe would never end.
      guard kind == .typeRegular else {
        return CheckRecord(refused: exercise, "\(place): expected a plain file, found a folder, a link or a device")
      }
      guard url.resolvingSymlinksInPath().path.hasPrefix(folder.resolvingSymlinksInPath().path + "/") else {
        return CheckRecord(refused: exercise, "\(place): lies outside the submission")
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

  /// Merges the files of several runs, as if one run had graded all submissions: students by name, exercises in order.
  ///
  /// - Throws: `CheckerError` for any other file, and for an exercise with two different results.
  static func merged(_ paths: [String]) throws -> [Grade] {
    var grades: [String: [String: Grade]] = [:]
    for path in paths {
      guard let data = FileManager.default.contents(atPath: path),
        let part = try? JSONDecoder().decode([Grade].self, from: data)
      else {
        throw CheckerError(
          "\(path): expected the output of `grade --json`, found something else or nothing. If a job writes it, run "
            + "the jobs again: finished ones are not repeated")
      }
      for grade in part {
        let (student, exercise) = (grade.student, grade.record.exercise)
        guard (0...grade.record.cases.count).contains(grade.record.passedCases) else {
          throw CheckerError(
            "\(path): \(student) has an impossible number of passed cases in \(exercise)")
        }
        // An answer that a busy machine could not check may be checked elsewhere or later.
        let other = grades[student]?[exercise]
        if grade.record.status == .notExamined, other != nil { continue }
        if let other, other.record.status != .notExamined, try [other].jsonText() != [grade].jsonText() {
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
