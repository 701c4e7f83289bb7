// The tests of exercise 5.5, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex05_5 Group norm, with layer and instance norm as its ends") struct Ex05_5_GroupNormTests {
  @Test("Each group of each sample is normalized by itself", arguments: Catalogue.ex05_5.cases)
  func groups(_ example: Case<any Ex05_5.Type>) throws {
    expect(example, of: Catalogue.ex05_5, from: Ex05_5_GroupNorm.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex05_5.mutants)
  func mistakes(_ mutant: Mutant<any Ex05_5.Type>) { expectCaught(mutant, in: Catalogue.ex05_5) }
}
