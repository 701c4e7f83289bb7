// The tests of exercise 7.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex07_3 Crop and shift") struct Ex07_3_CropAndShiftTests {
  @Test("Pixels come from where they were", arguments: Catalogue.ex07_3.cases)
  func cases(_ example: Case<any Ex07_3.Type>) throws {
    expect(example, of: Catalogue.ex07_3, from: Ex07_3_CropAndShift.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex07_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex07_3.Type>) { expectCaught(mutant, in: Catalogue.ex07_3) }
}
