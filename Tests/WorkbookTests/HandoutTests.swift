// What a copy for students, and one for a grader, are made of.

import Foundation
import Testing

@testable import workbook_cli

@Suite("./workbook handout")
struct HandoutTests {
  @Test("a grader's copy has every folder that the package names, a student's has no solutions")
  func copies() throws {
    let package = try String(
      contentsOf: Sandbox.repository.appendingPathComponent("Package.swift"), encoding: .utf8)
    let tested =
      package.matches(of: /tests\("(\w+)"/).map { "Tests/\($0.1)Tests" } + [
        "Tests/CAllocations", "Tests/NotebookTests",
      ]
    #expect(tested.count > 10)
    for folder in tested + ["Sources/Basics", "Solutions/ch04", "Tests/SolutionTests"] {
      #expect(HandoutCommand.copies(folder + "/A.swift", solutions: true))
      #expect(HandoutCommand.copies(folder + "/A.swift", solutions: false) != folder.contains("Solution"))
    }
    #expect(!HandoutCommand.copies("Tests/SolutionTests", solutions: false), "a link")
  }
}
