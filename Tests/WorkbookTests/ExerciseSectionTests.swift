// The headings that exercises send their readers to.

import ExerciseCatalogue
import Testing

@testable import workbook_cli

@Suite("Sections of exercises")
struct ExerciseSectionTests {
  @Test("every exercise names a heading that its chapter has, and a heading that is none is noticed")
  func headings() {
    for exercise in Catalogue.all {
      let chapter = exercise.id.chapter
      #expect(
        VerifyCommand.pageHas(exercise.section, chapter: chapter),
        "\(exercise.id): no page of chapter \(chapter) has the section “\(exercise.section)”")
    }
    #expect(!VerifyCommand.pageHas("A heading of no page", chapter: 1))
  }
}
