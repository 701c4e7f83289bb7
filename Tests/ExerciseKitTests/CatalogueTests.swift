// The catalogue against the table of contents.

import ExerciseCatalogue
import ExerciseKit
import Testing

@Suite struct CatalogueTests {
  @Test("Every entry of the table of contents has its exercise, in the same order")
  func entries() { #expect(Catalogue.all.map(\.entry) == ExerciseEntry.all) }

  @Test("Every entry is listed under its own chapter, once")
  func order() { #expect(ExerciseEntry.all.map(\.id) == Set(ExerciseEntry.all.map(\.id)).sorted()) }

  @Test("Every exercise says in a sentence what is to be written")
  func tasks() {
    for exercise in ExerciseEntry.all {
      let task = exercise.task(in: Checkout.root)
      #expect(
        task.map { $0.count > 20 && $0.count < 260 && $0.hasSuffix(".") } == true, "\(exercise.id): \(task ?? "")")
    }
    let elsewhere = Checkout.root.appendingPathComponent("Tests")
    #expect(ExerciseEntry.all[0].task(in: elsewhere) == nil)
  }
}
