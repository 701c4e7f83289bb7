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
  /// - Parameter areSubmissions: whether each folder is a submission, whatever is in it.
  /// - Throws: `CheckerError` for a folder that is not there, has no answers, or may be either of the two.
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
      // A student may be called ch04, and a submission may hold another: nobody gets anybody else's grade by that.
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
      // Nobody is to be left out without a word; hidden files are the system's.
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
        printError("left out: '\(other.student)' is no folder")
      }
      found += submissions
    }
    // Folders of one name in different places have those as names.
    for (_, same) in Dictionary(grouping: found.indices, by: { found[$0].student }) where same.count > 1 {
      let paths = same.map { found[$0].folder.path.onOneLine }
      guard Set(paths).count == paths.count else { continue }
      for (index, path) in zip(same, paths) { found[index].student = path }
    }
    // Names that read the same without what cannot be read are numbered: nobody gets another one's grade.
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
    // The order in which parts are put together, too.
    return found.sorted { $0.student < $1.student }
  }

  /// Where the answer to an exercise is looked for.
  private static func places(of exercise: any AnyExercise) -> [String] {
    [exercise.file, "\(exercise.folder)/\(exercise.name).swift", "\(exercise.name).swift"]
  }

  /// Whether something stands where answers are looked for.
  private var holdsAnswers: Bool {
    Catalogue.all.contains { exercise in
      Self.places(of: exercise).contains { place in
        Self.kind(of: folder.appendingPathComponent(place)).map { $0 != .typeDirectory } ?? false
      }
    }
  }

  /// Whether the folder has a name that folders of a submission have.
  private var isNamedLikePart: Bool {
    let name = folder.lastPathComponent
    return name == "Exercises" || Catalogue.all.contains { $0.folder == name }
  }

  private var isPlainFolder: Bool { Self.kind(of: folder) == .typeDirectory }

  /// The kind of a file itself, not of what a link points to.
  private static func kind(of url: URL) -> FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: url.path))?[.type] as? FileAttributeType
  }

  /// Examines the answer to one exercise.
  func record(of exercise: any AnyExercise, checker: Checker) throws -> CheckRecord {
    for place in Self.places(of: exercise) {
      let url = folder.appendingPathComponent(place)
      guard let kind = Self.kind(of: url) else { continue }
      // A link could lead to the solutions; a pipe would never end.
      guard kind == .typeRegular else {
        return CheckRecord(refused: exercise, "\(place): expected a plain file, found a folder, a link or a device")
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
      else {
        throw CheckerError(
          "\(path): expected what `grade --json` writes, found something else or nothing. If it is a job's, run the jobs "
            + "again: those that are done are not done twice")
      }
      for grade in part {
        let (student, exercise) = (grade.student, grade.record.exercise)
        guard (0...grade.record.cases.count).contains(grade.record.passedCases) else {
          throw CheckerError(
            "\(path): \(student) has more cases right in \(exercise) than there are, or fewer than none")
        }
        // An answer that no one had time for is examined elsewhere or later.
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
