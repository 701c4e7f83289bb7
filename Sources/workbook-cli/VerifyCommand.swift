// `./workbook verify`: verify exercises, solutions and known mistakes

import ArgumentParser
import ExerciseCatalogue
import Foundation
import Workbook

/// Verifies the catalogue, for authors of exercises.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Verify every exercise, solution and known mistake.",
    discussion: """
      Every committed stub must be unsolved, every solution must pass, every known mistake must be recognized by its
      own name, and every exercise must have its four files, three hints and a section on a page. Stubs and solutions
      are compiled one by one and run in child processes, like a learner's answers.
      """)

  @Argument(help: "4.3, ch04 (default: all).") var names: [String] = []

  func run() throws {
    let exercises = try ExerciseScope.exercises(names)
    let checker = try Checker.ofThisCheckout()
    var problems: [String] = []
    var mutants = 0
    if names.isEmpty { problems += Self.filesWithoutExercise() }
    for exercise in exercises {
      var found = try Self.problems(of: exercise, checker: checker)
      mutants += exercise.misconceptions.count
      if Set(found).count != found.count { found = Array(Set(found)).sorted() }
      print(
        "\(found.isEmpty ? "✓" : "✗") \(exercise.label): \(exercise.calls.count) cases, "
          + "\(exercise.misconceptions.count) known mistakes")
      for problem in found { print("    \(problem)") }
      problems += found
    }
    let faulty = problems.isEmpty ? 0 : problems.count
    print("\(exercises.count) exercises, \(mutants) known mistakes: \(exercises.count) checked, \(faulty) problems")
    if faulty > 0 {
      for problem in problems.prefix(3) { printError(problem) }
      throw ExitCode(1)
    }
  }

  /// The problems of one exercise.
  static func problems(of exercise: any AnyExercise, checker: Checker) throws -> [String] {
    var problems: [String] = []
    let prefix = "\(exercise.id): "
    func demand(_ condition: Bool, _ problem: @autoclosure () -> String) {
      if !condition { problems.append(prefix + problem()) }
    }
    let number = exercise.id
    let stem = String(format: "Ex%02d_%d_", number.chapter, number.number)
    demand(exercise.name.hasPrefix(stem), "expected a name that begins with \(stem), found \(exercise.name)")
    demand(exercise.hints.count == 3, "expected 3 hints, found \(exercise.hints.count)")
    demand(exercise.hints.allSatisfy { $0.count > 15 }, "a hint is too short to help")
    demand(exercise.calls.count >= 3, "expected at least 3 cases, found \(exercise.calls.count)")
    demand(Set(exercise.calls).count == exercise.calls.count, "two cases have the same name")
    demand(
      exercise.misconceptions.count >= 3, "expected at least 3 known mistakes, found \(exercise.misconceptions.count)")
    demand(!exercise.section.isEmpty, "expected the heading of a section")
    for file in [exercise.file, exercise.solutionFile, exercise.testFile] {
      demand(Checkout.exists(file), "expected \(file), found none")
    }
    demand(
      pageHas(exercise.section, chapter: number.chapter),
      "no page of chapter \(number.chapter) has the section “\(exercise.section)”")

    for index in exercise.misconceptions.indices {
      let (name, review) = (exercise.misconceptions[index].name, exercise.reviewMutant(index))
      demand(!review.passed, "no case catches the mistake “\(name)”")
      demand(
        review.passed || review.misconception?.name == name,
        "the mistake “\(name)” is recognized as “\(review.misconception?.name ?? "none")”")
    }

    if Checkout.exists(exercise.file) {
      switch try checker.check(exercise, file: exercise.url, shownAs: exercise.file) {
      case .doesNotCompile(let lines): problems.append(prefix + "the stub does not compile: \(lines.first ?? "")")
      case .reviewed(let review, _, _): demand(review.unsolved, "the stub in \(exercise.file) is not unsolved")
      }
    }
    if Checkout.exists(exercise.solutionFile) {
      switch try checker.check(exercise, file: exercise.solutionURL, shownAs: exercise.solutionFile) {
      case .doesNotCompile(let lines): problems.append(prefix + "the solution does not compile: \(lines.first ?? "")")
      case .reviewed(let review, _, _):
        demand(review.passed, "the solution fails: \(review.firstFinding?.summary ?? "not attempted")")
      }
    }
    return problems
  }

  /// Files in Exercises or Solutions that belong to no exercise of the catalogue.
  static func filesWithoutExercise() -> [String] {
    let known = Set(Catalogue.all.flatMap { [$0.file, $0.solutionFile] })
    return ["Exercises", "Solutions"].flatMap { top -> [String] in
      let found =
        FileManager.default.enumerator(atPath: Checkout.root.appendingPathComponent(top).path)?
        .compactMap { $0 as? String } ?? []
      return found.filter { $0.hasSuffix(".swift") && !known.contains("\(top)/\($0)") }
        .map { "\(top)/\($0): belongs to no exercise of the catalogue" }
    }
  }

  /// Whether the chapter's program has the heading; true if the chapter does not exist yet.
  static func pageHas(_ heading: String, chapter: Int) -> Bool {
    guard let name = Chapter.all.first(where: { $0.number == chapter })?.name else { return false }
    let folder = Checkout.root.appendingPathComponent("Chapters/\(name)")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    if files.isEmpty { return true }
    return files.contains { file in
      let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      return ["\n", "\""].contains { text?.contains("## \(heading)" + $0) == true }
    }
  }
}
