// The catalogue against the table of contents.

import ExerciseCatalogue
import ExerciseKit
import Testing

@Suite struct CatalogueTests {
  @Test("Every entry of the table of contents has its exercise, in the same order")
  func entries() { #expect(Catalogue.all.map(\.entry) == ExerciseEntry.all) }

  @Test("Every entry is listed under its own chapter, once")
  func order() { #expect(ExerciseEntry.all.map(\.id) == Set(ExerciseEntry.all.map(\.id)).sorted()) }
}
