// The tests of exercise 5.4, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex05_4 Layer norm") struct Ex05_4_LayerNormTests {
  @Test("Each sample is normalized by itself", arguments: Catalogue.ex05_4.cases)
  func forward(_ example: Case<any Ex05_4.Type>) throws {
    expect(example, of: Catalogue.ex05_4, from: Ex05_4_LayerNorm.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex05_4.mutants)
  func mistakes(_ mutant: Mutant<any Ex05_4.Type>) { expectCaught(mutant, in: Catalogue.ex05_4) }
}
